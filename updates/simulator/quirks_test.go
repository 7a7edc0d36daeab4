package simulator_test

import (
	"math"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestAnAudienceThatNeverHadMembersAnswers404(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Quirks: simulator.Quirks{EmptyAudienceIs404: true}})
	id := n.audience()
	require.Equal(t, http.StatusOK, n.get("/deploymentAudiences/"+id).status)
	for _, list := range []string{"/members", "/exclusions"} {
		r := n.get("/deploymentAudiences/" + id + list)
		require.Equal(t, http.StatusNotFound, r.status)
		require.Equal(t, "NotFound", r.code())
		require.Equal(t, "Requested resource 'deployment audience' not found.", r.message())
	}
	n.mustAccept(n.update(id, `{"removeMembers":`+typed(deviceA)+`}`))
	require.Equal(t, http.StatusNotFound, n.get("/deploymentAudiences/"+id+"/members").status)

	n.mustAccept(n.update(id, `{"addExclusions":`+typed(deviceA)+`}`))
	require.Empty(t, n.list("/deploymentAudiences/"+id+"/members"))
	n.mustAccept(n.update(id, `{"removeExclusions":`+typed(deviceA)+`}`))
	require.Empty(t, n.list("/deploymentAudiences/"+id+"/exclusions"))
	n.mustAccept(n.update(id, `{}`))
	require.Empty(t, n.list("/deploymentAudiences/"+id+"/members"), "it has a history")
}

func TestAnAudienceOfIntuneCannotBeListedAndTakesNoChanges(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(`{}`)
	audience := n.get("/deployments/" + id + "/audience").body["id"].(string)
	n.enroll("feature", deviceA, deviceB)
	n.add(id, deviceA)
	require.NoError(t, n.SetOwnedByIntune(audience))

	n.add(id, deviceB)
	n.mustAccept(n.update(audience, `{"removeMembers":`+typed(deviceA)+`}`))
	require.Equal(t, []string{deviceA}, n.offered(id))
	for _, path := range []string{"/deployments/" + id + "/audience", "/deploymentAudiences/" + audience} {
		require.Equal(t, http.StatusOK, n.get(path).status)
		require.Equal(t, http.StatusNotFound, n.get(path+"/members").status)
		require.Equal(t, http.StatusNotFound, n.get(path+"/exclusions").status)
	}
	require.Equal(t, http.StatusBadRequest, n.update(audience, `{"addMembers":1}`).status)
	require.ErrorContains(t, n.SetOwnedByIntune("nothing"), "does not exist")
}

func TestGroupsAreListedAsTheirEnrolledDevices(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("quality", deviceA, deviceB)
	groups := []object{}
	for _, id := range []string{n.group(deviceA, deviceB, stranger), n.group()} {
		groups = append(groups, object{"@odata.type": "#" + namespace + "updatableAssetGroup", "id": id})
	}
	body := `{"addMembers":[` + text(groups[0]) + `,` + text(groups[1]) + `,` + typed(deviceB, deviceC)[1:] + `,"addExclusions":[` +
		text(groups[0]) + `]}`
	id := n.audience()
	n.mustAccept(n.update(id, body))
	require.Equal(t, []string{groups[0]["id"].(string), groups[1]["id"].(string), deviceB, deviceC},
		ids(n.list("/deploymentAudiences/"+id+"/members")))

	n.SetQuirks(simulator.Quirks{ExpandGroups: true})
	require.Equal(t, []string{deviceA, deviceB, deviceC}, ids(n.list("/deploymentAudiences/"+id+"/members")))
	require.Equal(t, []string{deviceA, deviceB}, ids(n.list("/deploymentAudiences/"+id+"/exclusions")))
	require.Len(t, n.list("/updatableAssets/"+groups[0]["id"].(string)+"/"+namespace+"updatableAssetGroup/members"), 3)
}

func TestTopIsIgnored(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	require.Len(t, n.list("/catalog/entries?$top=3"), 3)
	n.SetQuirks(simulator.Quirks{IgnoreTop: true})
	require.Len(t, n.list("/catalog/entries?$top=3"), 32)
	require.Equal(t, http.StatusBadRequest, n.get("/catalog/entries?$top=x").status)
}

func TestAnEmptyPageComesBeforeEachPage(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{PageSize: 5, Quirks: simulator.Quirks{EmptyPages: true}})
	for path, want := range map[string][]int{
		"/catalog/entries":                                     {0, 5, 0, 5, 0, 5, 0, 5, 0, 5, 0, 5, 0, 2},
		"/catalog/entries?$top=6":                              {0, 5, 0, 1},
		"/deployments":                                         {0, 0},
		"/catalog/entries?$orderby=id&$skip=31":                {0, 1},
		"/catalog/entries?$filter=isof('" + featureCast + "')": {0, 5, 0, 3},
	} {
		sizes, _ := n.walk(path)
		require.Equal(t, want, sizes, path)
	}
	r := n.get("/catalog/entries?$count=true")
	require.EqualValues(t, 32, r.body["@odata.count"])
}

func TestALinkToAFilledPageOutlivesItsQuirk(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{PageSize: 5, Quirks: simulator.Quirks{EmptyPages: true}})
	link := n.get("/catalog/entries").body["@odata.nextLink"].(string)
	n.SetQuirks(simulator.Quirks{})
	sizes, _ := n.walk(strings.TrimPrefix(link, root))
	require.Equal(t, []int{5, 5, 5, 5, 5, 5, 2}, sizes)
}

func TestAChangeIsAcceptedWithoutABody(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Quirks: simulator.Quirks{NoBodyOn202: true}})
	id := n.deploy(`{}`)
	r := n.patch("/deployments/"+id, `{"state":{"requestedValue":"paused"}}`)
	require.Equal(t, http.StatusAccepted, r.status)
	require.Empty(t, r.text)
	require.Equal(t, "0", r.header.Get("Content-Length"))
	require.Equal(t, "paused pausedByRequest", n.state(id))
}

func TestSingleObjectsAreWrapped(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", deviceA)
	entry := n.entry(version24)
	body := deploymentOf("feature", entry, `{}`)
	n.SetQuirks(simulator.Quirks{WrapSingle: true})
	wrapped := func(r response) object {
		require.Len(t, r.body, 1, r.text)
		return r.body["value"].(object)
	}
	id := wrapped(n.post("/deployments", body))["id"].(string)
	require.Equal(t, id, wrapped(n.get("/deployments/" + id))["id"])
	require.Equal(t, id, wrapped(n.patch("/deployments/"+id, `{}`))["id"])
	require.Equal(t, deviceA, wrapped(n.get("/updatableAssets/" + deviceA))["id"])
	require.Equal(t, entry, wrapped(n.get("/catalog/entries/" + entry))["id"])
	require.Contains(t, wrapped(n.get("/deployments/"+id+"/audience")), "id")
	require.Contains(t, wrapped(n.post("/deploymentAudiences", ``)), "id")

	require.Equal(t, []string{deviceA}, ids(n.list("/updatableAssets")))
	require.Equal(t, "NotFound", n.get("/deployments/nothing").code())
}

func TestAStateHasNoReasons(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(monitored(pauseAt5))
	n.mustAccept(n.patch("/deployments/"+id, `{"state":{"requestedValue":"paused"}}`))
	require.Equal(t, "paused pausedByRequest", n.state(id))
	n.SetQuirks(simulator.Quirks{OmitReasons: true})
	require.Equal(t, "paused", n.state(id))
	require.Contains(t, n.get("/deployments/"+id).text, "pauseDeployment")
}

func TestNullsAreAmongItemsAndTexts(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(`{"contentApplicability":{"offerWhileRecommendedBy":["Microsoft"],"safeguard":{"disabledSafeguardProfiles":[]}},` +
		`"monitoring":{"monitoringRules":[` + pauseAt5 + `]}}`)
	n.SetQuirks(simulator.Quirks{NullItems: true})
	items := n.get("/deployments").body["value"].([]any)
	require.Len(t, items, 2)
	require.Nil(t, items[0])
	require.Equal(t, id, items[1].(object)["id"])

	settings := items[1].(object)["settings"].(object)
	applicability := settings["contentApplicability"].(object)
	require.Equal(t, []any{nil, "Microsoft"}, applicability["offerWhileRecommendedBy"])
	require.Equal(t, []any{}, applicability["safeguard"].(object)["disabledSafeguardProfiles"])
	require.Nil(t, settings["monitoring"].(object)["monitoringRules"].([]any)[0])
	require.Empty(t, n.list("/updatableAssets"))
}

func TestAnObjectOfAnUnknownTypeIsAmongTheOthers(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Quirks: simulator.Quirks{UnknownTypes: true}})
	id := n.audience()
	for _, path := range []string{"/updatableAssets", "/deploymentAudiences/" + id + "/members"} {
		require.Empty(t, n.list(path), path)
		n.mustAccept(n.update(id, `{"addMembers":`+typed(deviceA)+`}`))
		items := n.list(path)
		require.Len(t, items, 2, path)
		require.Equal(t, "#"+namespace+"updatableAssetV2", items[0]["@odata.type"])
		require.NotEmpty(t, items[0]["id"])
		require.Equal(t, deviceA, items[1]["id"])
		n.mustAccept(n.delete("/updatableAssets/" + deviceA))
	}
	require.Equal(t, "#"+namespace+"catalogEntryV2", n.list("/catalog/entries")[0]["@odata.type"])
	require.Len(t, n.list("/catalog/entries"), 33)
	require.Len(t, n.list("/catalog/entries?$filter=isof('"+featureCast+"')"), 8)
	require.Len(t, n.list("/deploymentAudiences"), 1)
	require.Empty(t, n.list("/updatableAssets/"+namespace+"azureADDevice"))

	n.connect()
	policy := n.qualityPolicy(monthlySecurity)
	n.ring(policy, "")
	for path, kind := range map[string]string{
		"/resourceConnections": "resourceConnection", "/policies": "policy", "/policies/" + policy + "/rings": "ring",
	} {
		items := n.list(path)
		require.Len(t, items, 2, path)
		require.Equal(t, "#"+namespace+kind+"V2", items[0]["@odata.type"])
	}
}

func TestARolloutOfAnUnknownTypeCanBeSentBack(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(gradual("rateDriven", `"devicesPerOffer":7`))
	n.SetQuirks(simulator.Quirks{UnknownTypes: true, TypesWithoutHash: true})
	schedule := n.get("/deployments/" + id).body["settings"].(object)["schedule"].(object)
	require.Equal(t, namespace+"rateDrivenRolloutSettingsV2", schedule["gradualRollout"].(object)["@odata.type"])
	n.mustAccept(n.patch("/deployments/"+id, `{"settings":{"schedule":`+text(schedule)+`}}`))
	n.SetQuirks(simulator.Quirks{})
	rollout := n.get("/deployments/" + id).body["settings"].(object)["schedule"].(object)["gradualRollout"].(object)
	require.Equal(t, object{
		"@odata.type": "#" + namespace + "rateDrivenRolloutSettings", "durationBetweenOffers": "P1D", "devicesPerOffer": 7.0,
	}, rollout)
}

func TestComputedEnumerationsHaveUnknownValues(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	require.NoError(t, n.FailRegistration(deviceA, "missingTrustType"))
	n.enroll("feature", deviceA)
	id := n.deploy(monitored(pauseAt5))
	n.mustAccept(n.patch("/deployments/"+id, `{"state":{"requestedValue":"paused"}}`))
	n.SetQuirks(simulator.Quirks{UnknownValues: true})
	for want, ask := range map[string]func(path string) response{
		"unknownFutureValue": n.get,
		"strangeValue": func(path string) response {
			return n.do(n.preferring(n.request(http.MethodGet, path, "")))
		},
	} {
		deployment := ask("/deployments/" + id).body
		require.Equal(t, object{"effectiveValue": want, "requestedValue": "paused", "reasons": []any{object{"value": want}}},
			deployment["state"])
		rule := deployment["settings"].(object)["monitoring"].(object)["monitoringRules"].([]any)[0].(object)
		require.Equal(t, "rollback pauseDeployment", rule["signal"].(string)+" "+rule["action"].(string))
		device := ask("/updatableAssets/" + deviceA).body
		require.Equal(t, want, device["enrollment"].(object)["feature"].(object)["enrollmentState"])
		require.Equal(t, want, device["errors"].([]any)[0].(object)["reason"])
		entries := ask("/catalog/entries?$filter=" + url.QueryEscape(qualityCast+"/shortName eq '2025.11 B' and "+qualityCast+
			"/qualityUpdateCadence eq 'monthly'")).body["value"].([]any)
		entry := entries[0].(object)
		require.Equal(t, []any{want, want, want}, []any{
			entry["qualityUpdateCadence"], entry["qualityUpdateClassification"], entry["cveSeverityInformation"].(object)["maxSeverity"]})
	}
}

func TestLegacyFormatsHaveOtherNamesAndForms(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", deviceA)
	n.enroll("driver", deviceA)
	id := n.deploy(gradual("rateDriven", `"devicesPerOffer":7`))
	n.SetQuirks(simulator.Quirks{LegacyFormats: true})

	deployment := n.get("/deployments/" + id).body
	require.Equal(t, object{
		"value": "offering", "effectiveSinceDate": "String (timestamp)", "requestedValue": "none",
		"reasons": []any{},
	}, deployment["state"])
	require.Equal(t, "String (timestamp)", deployment["createdDateTime"])
	require.Equal(t, "String (timestamp)", deployment["lastModifiedDateTime"])
	rollout := deployment["settings"].(object)["schedule"].(object)["gradualRollout"].(object)
	require.EqualValues(t, 7, rollout["devicePerOffer"])
	require.NotContains(t, rollout, "devicesPerOffer")

	device := n.do(n.preferring(n.request(http.MethodGet, "/updatableAssets/"+deviceA, ""))).body
	require.NotContains(t, device, "enrollment")
	kind := "#" + namespace + "updateManagementEnrollment"
	require.Equal(t, []any{
		object{"@odata.type": kind, "updateCategory": "driver"}, object{"@odata.type": kind, "updateCategory": "feature"},
	}, device["enrollments"])

	path := "/catalog/entries/" + n.quality("2025.11 B") + "?$expand=" + qualityCast + "/productRevisions"
	hotpatches := []string{}
	for _, revision := range n.get(path).body["productRevisions"].([]any) {
		hotpatches = append(hotpatches, revision.(object)["isHotpatchUpdate"].(string))
	}
	require.Equal(t, []string{"false", "false", "true", "false"}, hotpatches)
}

func TestTypesComeWithoutTheirSign(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(monitored(pauseAt5))
	require.Contains(t, n.get("/deployments/"+id).text, `"#`+namespace)
	n.SetQuirks(simulator.Quirks{TypesWithoutHash: true})
	r := n.get("/deployments/" + id)
	require.NotContains(t, r.text, `"#`+namespace)
	require.Contains(t, r.text, `"@odata.type":"`+namespace+`monitoringRule"`)
	require.Equal(t, namespace+"catalogContent", r.body["content"].(object)["@odata.type"])
}

func TestQuirksDoNotChangeWhatTheSimulatorHolds(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", deviceA)
	id := n.deploy(monitored(pauseAt5))
	n.add(id, deviceA)
	policy := n.qualityPolicy(monthlySecurity)
	n.ring(policy, "")
	n.decide(policy, n.quality("2025.11 B"), "approved")
	n.connect()
	paths := []string{
		"/deployments", "/deployments/" + id + "/audience/members", "/updatableAssets/" + deviceA,
		"/catalog/entries?$expand=" + qualityCast + "/productRevisions",
		"/policies", "/policies/" + policy + "/rings", "/policies/" + policy + "/approvals", "/resourceConnections", "/tenantSettings",
		"/products?$expand=editions,knownIssues,revisions($expand=catalogEntry)", "/knownIssues",
	}
	before := map[string]string{}
	for _, path := range paths {
		before[path] = n.get(path).text
	}
	quirks := everyQuirk()
	quirks.EmptyPages = false
	n.SetQuirks(quirks)
	for _, path := range paths {
		require.NotEqual(t, before[path], n.get(path).text, path)
	}
	n.SetQuirks(simulator.Quirks{})
	for _, path := range paths {
		require.Equal(t, before[path], n.get(path).text, path)
	}
}

func everyQuirk() simulator.Quirks { return someQuirks(math.MaxUint16) }

// someQuirks sets the fields whose bits are set.
func someQuirks(bits uint32) simulator.Quirks {
	v := simulator.Quirks{}
	for _, field := range reflect.ValueOf(&v).Elem().Fields() {
		field.SetBool(bits&1 == 1)
		bits >>= 1
	}
	return v
}
