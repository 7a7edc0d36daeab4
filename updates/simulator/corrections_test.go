package simulator_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// The tests of this file hold what live responses showed, where it differs from older pages.

func TestListsHaveTheIDOfTheAudienceInline(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	deployment := n.deploy(`{}`)
	policy := n.post("/updatePolicies", `{"autoEnrollmentUpdateCategories":["quality"]}`).body["id"].(string)
	for list, id := range map[string]string{"/deployments": deployment, "/updatePolicies": policy} {
		audience := n.get(list + "/" + id + "?$expand=audience").body["audience"].(object)
		item := n.list(list)[0]
		require.Equal(t, object{"id": audience["id"]}, item["audience"], list)
		require.NotContains(t, item, "audience@odata.context", list)
		require.NotContains(t, n.list(list + "?$select=id")[0], "audience", list)

		expanded := n.list(list + "?$expand=audience")[0]
		require.Contains(t, expanded["audience"], "applicableContent", list)
		require.Contains(t, expanded, "audience@odata.context", list)
	}
	require.Contains(t, n.get("/deployments/" + deployment).body["audience"], "applicableContent")
}

func TestAStateThatOffersHasNoReasons(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(`{}`)
	require.Equal(t, object{"effectiveValue": "offering", "requestedValue": "none", "reasons": []any{}},
		n.get("/deployments/" + id).body["state"])
	n.mustAccept(n.patch("/deployments/"+id, `{"state":{"requestedValue":"paused"}}`))
	require.Equal(t, "paused pausedByRequest", n.state(id))
}

// embedded is the catalog entry in a new deployment of a kind of update.
func (n *tenant) embedded(kind, entryID string) object {
	r := n.post("/deployments", deploymentOf(kind, entryID, `{}`))
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	return n.get("/deployments/" + r.body["id"].(string)).body["content"].(object)["catalogEntry"].(object)
}

func TestAnEmbeddedEntryHasADateIfItIsAQualityUpdate(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	require.Equal(t, "2026-07-14T00:00:00Z", n.embedded("quality", n.quality("2026.07 B"))["releaseDateTime"])
	require.Equal(t, "0001-01-01T00:00:00Z", n.embedded("feature", n.entry(version24))["releaseDateTime"])
	require.Equal(t, n.quality("2026.07 B"), n.embedded("quality", n.quality("2026.07 B"))["id"])

	n.SetQuirks(simulator.Quirks{EmptyEntryIDs: true})
	require.Empty(t, n.embedded("quality", n.quality("2026.07 B"))["id"])
	require.Equal(t, n.entry(version24), n.embedded("feature", n.entry(version24))["id"])
}

func TestAnEmbeddedDriverIsDescribed(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	driver := n.AddDriver("Contoso", "Display", "31.0.101.5590")
	entry := n.embedded("driver", driver)
	for name, want := range map[string]any{
		"description": "Contoso Display driver update", "driverClass": "Display", "provider": "Contoso", "manufacturer": "Contoso",
		"version": "31.0.101.5590", "setupInformationFile": nil,
	} {
		require.Contains(t, entry, name)
		require.Equal(t, want, entry[name], name)
	}
	require.Contains(t, entry, "versionDateTime")
}

func TestARuleWasNeverEvaluatedUntilItApproves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		id := n.updatePolicy(n.audience(), `"complianceChangeRules":[`+rule("quality", "")+`]`)
		evaluated := func() any {
			return n.get("/updatePolicies/" + id).body["complianceChangeRules"].([]any)[0].(object)["lastEvaluatedDateTime"]
		}
		require.Equal(t, "0001-01-01T00:00:00Z", evaluated())
		n.Advance(day)
		n.month("may", 0, nil)
		require.Equal(t, "2000-01-02T00:00:00Z", evaluated())
	})
}

func TestCompressedBodiesAreAccepted(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	body := deploymentOf("feature", n.entry(version24), `{}`)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	_, err := w.Write([]byte(body))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	post := func(text, encoding string) response {
		r := n.request(http.MethodPost, "/deployments", text)
		r.Header.Set("Content-Encoding", encoding)
		return n.do(r)
	}
	require.Equal(t, http.StatusCreated, post(packed.String(), "gzip").status)
	log := n.Requests()
	require.JSONEq(t, body, string(log[len(log)-1].Body))
	require.Equal(t, http.StatusCreated, post(body, "identity").status)
	require.Equal(t, http.StatusBadRequest, post(body, "gzip").status)
	require.Equal(t, http.StatusBadRequest, post(packed.String()[:20], "gzip").status)
	require.Equal(t, http.StatusUnsupportedMediaType, post(body, "br").status)

	packed.Reset()
	w.Reset(&packed)
	_, err = w.Write([]byte(`{"x":"` + strings.Repeat("x", 5<<20) + `"}`))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.Equal(t, http.StatusRequestEntityTooLarge, post(packed.String(), "gzip").status)
}

func TestRulesAndSettingsAreChangedInOneRequest(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.updatePolicy(n.audience(), "")
	r := n.patch("/updatePolicies/"+id, `{"complianceChangeRules":[`+rule("quality", `,"durationBeforeDeploymentStart":"PT0S",
		"createdDateTime":"2026-07-21T21:16:03.9736656Z","lastEvaluatedDateTime":"0001-01-01T00:00:00Z"`)+`],
		"deploymentSettings":{"userExperience":{"isHotpatchEnabled":true}}}`)
	require.Equal(t, http.StatusOK, r.status, r.text)
	require.Equal(t, "PT0S", r.body["complianceChangeRules"].([]any)[0].(object)["durationBeforeDeploymentStart"])
	require.Equal(t, true, r.body["deploymentSettings"].(object)["userExperience"].(object)["isHotpatchEnabled"])
}

func TestARuleCanStartADeploymentImmediately(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.updatePolicy(n.audience(), `"complianceChangeRules":[`+rule("quality", `,"durationBeforeDeploymentStart":"PT0S"`)+`]`)
	n.month("may", 0, nil)
	require.Equal(t, "offering", n.state(n.list("/deployments")[0]["id"].(string)))
}

func TestStrictUpdatePoliciesNeedChangesAndWholeDays(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Quirks: simulator.Quirks{StrictUpdatePolicies: true}})
	rules := func(duration string) string {
		return `"complianceChangeRules":[` + rule("quality", `,"durationBeforeDeploymentStart":"`+duration+`"`) + `]`
	}
	for body, want := range map[string]int{
		`{` + rules("P1D") + `}`:                                  http.StatusBadRequest,
		`{` + rules("P1D") + `,"complianceChanges":[]}`:           http.StatusCreated,
		`{` + rules("PT0S") + `,"complianceChanges":[]}`:          http.StatusBadRequest,
		`{"complianceChanges":[],"complianceChangeRules":[]}`:     http.StatusCreated,
		`{"complianceChanges":null,"complianceChangeRules":null}`: http.StatusBadRequest,
	} {
		require.Equal(t, want, n.post("/updatePolicies", body).status, body)
	}
}

func TestAnUnknownDeviceIsNotFound(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.get("/updatableAssets/" + stranger)
	require.Equal(t, http.StatusNotFound, r.status)
	require.Equal(t, "NotFound", r.code())
	n.enroll("driver", deviceA)
	require.Equal(t, http.StatusOK, n.get("/updatableAssets/"+deviceA).status)
}

func TestOnlyDevicesOfAPolicyAreOfferedFeatureUpdatesIfThatIsAsked(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Quirks: simulator.Quirks{FeatureUpdatesNeedPolicy: true}})
	n.enroll("feature", deviceA, deviceB)
	deployment := n.deploy(`{}`)
	n.add(deployment, deviceA, deviceB)
	require.Empty(t, n.offered(deployment))
	require.NoError(t, n.PutGroup("in", deviceB))
	n.ringFor("feature", n.policyFor("feature"), "")
	require.Equal(t, "enrolledWithPolicy", n.enrollment(deviceB, "feature"))
	require.Equal(t, "enrolled", n.enrollment(deviceA, "feature"))
	n.add(deployment, deviceC)
	require.Equal(t, []string{deviceB}, n.offered(deployment))
	n.SetQuirks(simulator.Quirks{})
	n.add(deployment, deviceD)
	require.Equal(t, []string{deviceB, deviceA}, n.offered(deployment))
}

func TestFiltersOfPublicScriptsWork(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for filter, want := range map[string][]string{
		qualityCast + "/productRevisions/any(r:r/id eq '10.0.26100.7623')":                                                                             {"2026.01 B"},
		qualityCast + "/productRevisions/any(r:r/version eq '26H2' and r/product eq 'Windows 11')":                                                     {"2026.09 OOB"},
		qualityCast + "/cveSeverityInformation/exploitedCves/any(c:c/number eq 'CVE-2026-20805')":                                                      {"2026.01 B"},
		qualityCast + "/cveSeverityInformation/maxBaseScore gt 9.0 and releaseDateTime gt 2026-08-01T00:00:00Z":                                        {"2026.09 B", "2026.08 B"},
		qualityCast + "/qualityUpdateClassification eq 'Security' and releaseDateTime gt 2026-09-01T00:00:00Z":                                         {"2026.09 OOB", "2026.09 B"},
		"isof('" + qualityCast + "') and " + qualityCast + "/qualityUpdateClassification ne 'NONSECURITY' and releaseDateTime gt 2026-09-01T00:00:00Z": {"2026.09 OOB", "2026.09 B"},
		qualityCast + "/qualityUpdateClassification in ('SECURITY') and releaseDateTime gt 2026-09-01T00:00:00Z":                                       {"2026.09 OOB", "2026.09 B"},
		qualityCast + "/shortName eq '2026.01 b'":                                                                                                      {},
	} {
		r := n.filtered("/catalog/entries", filter)
		require.Equal(t, http.StatusOK, r.status, r.text)
		names := []string{}
		for _, item := range r.body["value"].([]any) {
			names = append(names, item.(object)["shortName"].(string))
		}
		require.Equal(t, want, names, filter)
	}
}

func TestApplicableContentCanHaveItsEntryInline(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	require.NoError(t, n.PutGroup("in", deviceA))
	policy := n.qualityPolicy()
	n.ring(policy, "")
	require.NoError(t, n.MakeApplicable(n.quality("2026.07 B"), nil, deviceA))
	path := "/policies/" + policy + "/applicableContent"
	require.NotContains(t, n.list(path)[0], "catalogEntry")
	n.SetQuirks(simulator.Quirks{InlineEntries: true})
	require.Equal(t, "2026.07 B", n.list(path)[0]["catalogEntry"].(object)["shortName"])
}
