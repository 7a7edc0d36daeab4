package simulator_test

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

func FuzzRequest(f *testing.F) {
	for _, seed := range [][4]string{
		{"GET", "/catalog/entries", "$top=1&$count=true", ""},
		{"POST", "/deployments", "", deploymentOf("feature", "x", `{}`)},
		{
			"POST", "/deployments", "", `{"content":{"@odata.type":"` + namespace +
				`catalogContent","catalogEntry":{}},"settings":{"schedule":{"gradualRollout":[]}}}`,
		},
		{"PATCH", "/deployments/known", "", `{"settings":` + gradual("dateDriven", `"endDateTime":"0001-01-01T00:00:00Z"`) + `}`},
		{"PATCH", "/deployments('known')", "", `{"settings":` + gradual("durationDriven", `"durationUntilDeploymentEnd":"P36500D"`) + `}`},
		{"PATCH", "/deployments/known", "", `{"settings":` + monitored(pauseAt5) + `,"state":{"requestedValue":"none"}}`},
		{
			"POST", "/deployments/known/audience/updateAudience", "", `{"addMembers":[{"@odata.type":"#` + namespace +
				`azureADDevice","id":"` + deviceA + `"}]}`,
		},
		{"POST", "/updatableAssets/enrollAssetsById", "", byID([]string{deviceA}, `"updateCategory":"feature","ids"`)},
		{"DELETE", "/updatableAssets/" + deviceA, "", ""},
		{"GET", "/updatableAssets/%zz('", "$skiptoken=%00;", "\x00"},
		{"POST", "/updatePolicies", "", `{"audience":{"@odata.id":"deploymentAudiences/("},"autoEnrollmentUpdateCategories":["driver"]}`},
		{
			"PATCH", "/updatePolicies('{policy}')", "", `{"deploymentSettings":null,"complianceChangeRules":[` +
				rule("driver", `,"durationBeforeDeploymentStart":"P30D"`) + `]}`,
		},
		{
			"POST", "/updatePolicies/{policy}/complianceChanges", "", approvalOf("driver", "{driver}",
				gradual("durationDriven", `"durationUntilDeploymentEnd":"P9D"`)),
		},
		{"PATCH", "/updatePolicies/{policy}/complianceChanges/{approval}", "", `{"@odata.type":"x","isRevoked":true}`},
		{"GET", "/updatePolicies/{policy}/complianceChanges/{approval}/$/" + approvalCast, "$expand=deployments($expand=audience)", ""},
		{"GET", "/updatePolicies/{policy}/audience/applicableContent", "$expand=catalogEntry,matchedDevices($select=deviceId)&$top=1", ""},
		{"GET", "/updatePolicies/{policy}/audience/applicableContent('{driver}')/matchedDevices", "$skiptoken=b2Zmc2V0OjA", ""},
		{"DELETE", "/updatePolicies/{policy}", "", ""},
		{"HEAD", "/products/findByKbNumber(kbNumber=1)", "", "null"},
		{"GET", "/products/1104/getKnownIssuesByTimeRange(daysInPast=@d,includeAllActive=true)", "@d=100000", ""},
		{"GET", "/products", "$expand=revisions($expand=catalogEntry($expand=" + qualityCast + "/productRevisions);$top=1)", ""},
		{"POST", "/policies", "", qualityPolicyOf(monthlySecurity)},
		{"PATCH", "/{ring}", "", `{"deferralInDays":30,"excludedGroupAssignment":{"assignments":[]}}`},
		{"PATCH", "/{ring}", "", `{"@odata.type":5,"isPaused":true,"deferralInDays":"7"}`},
		{"POST", "/policies/x/approvals", "", `{"catalogEntryId":"x","status":"approved"}`},
		{"POST", "/policies", "", strings.Replace(qualityPolicyOf(recommendedDrivers), "quality", "driver", 1)},
		{"POST", "/policies/x/rings", "", ringOfKind("feature", `"offerIntervalInDays":7,"offerDurationInDays":2147483647`)},
		{"PATCH", "/{ring}", "", `{"offerIntervalInDays":1,"offerDurationInDays":"2147483647","deferralInDays":null}`},
		{"GET", "/data/policyAssignments", "$expand=deviceProfile($select=osBuild)&$orderby=policyName", ""},
		{"GET", "/data/deviceProfiles", "$filter=startswith(osBuild,'10.0.26100') and hotpatchReadiness eq 'ready'", ""},
		{"GET", "/data/drivers('{driver}')/deviceStatuses", "$filter=clientState in ('offering','installed')", ""},
		{"GET", "/data/applicableCatalogSummaries/{driver}/aggregatedDevices", "$top=1&$skiptoken=b2Zmc2V0OjA", ""},
		{"POST", "/resourceConnections", "", connectionBody},
		{"POST", "/tenantSettings/mdmAppSettings", "", `{"mdmAppId":"` + intune + `"}`},
	} {
		for _, quirks := range []uint32{0, math.MaxUint32 - 0b1000, math.MaxUint32} { // none, all but empty pages, all
			f.Add(seed[0], seed[1], seed[2], seed[3], quirks)
		}
	}
	f.Fuzz(func(t *testing.T, method, path, query, body string, quirks uint32) {
		n := newTenant(t, nil)
		n.enroll("feature", devices(3)...)
		known := n.deploy(gradual("rateDriven", `"devicesPerOffer":1`))
		n.add(known, devices(3)...)
		names := n.withPolicy(known)
		ring := n.withRing()
		n.SetQuirks(someQuirks(quirks))
		r := n.request(http.MethodGet, "", names.Replace(body))
		r.Method = method
		r.URL = &url.URL{Scheme: "https", Host: "x", RawQuery: query,
			Path: "/beta/admin/windows/updates" + names.Replace(strings.Replace(path, "{ring}", ring, 1))}
		n.wellFormed(r, simulator.Failure{})
		n.wellFormed(r, simulator.Throttle().RetryAfterDate(day))
		n.wellFormed(r, simulator.HTML(http.StatusBadGateway).AfterEffect())
		n.wellFormed(r, simulator.BreakBody())
		n.Advance(40 * day)
		n.Offers(known)
	})
}

// withRing adds a ring with a device and returns its path.
func (n *tenant) withRing() string {
	require.NoError(n.t, n.PutGroup("in", devices(1)...))
	policy := n.qualityPolicy(monthlySecurity)
	return "policies/" + policy + "/rings/" + n.ring(policy, "")
}

// withPolicy adds a policy that approves a driver for two devices. The result puts the IDs of
// all of it, and that of a deployment, into a path or a body.
func (n *tenant) withPolicy(deployment string) *strings.Replacer {
	driver := n.driverFor(devices(2)...)
	policy := n.automatic(n.audienceOf(devices(2)...), rule("driver", ``))
	return strings.NewReplacer("known", deployment, "{driver}", driver, "{policy}", policy, "{approval}", n.approvals(policy)[0])
}

// wellFormed sends a request. Either the connection breaks, where it should, or
// the answer is one that the service could give.
func (n *tenant) wellFormed(r *http.Request, f simulator.Failure) {
	n.FailNext(1, f)
	var err error
	r.Body, err = r.GetBody()
	require.NoError(n.t, err)
	answer, err := n.Transport().RoundTrip(r)
	if f == simulator.BreakBody() && errors.Is(err, io.ErrUnexpectedEOF) {
		return
	}
	require.NoError(n.t, err)
	require.True(n.t, answer.StatusCode >= 200 && answer.StatusCode < 600, answer.Status)
	require.NotEqual(n.t, http.StatusInternalServerError, answer.StatusCode)
	body, err := io.ReadAll(answer.Body)
	require.NoError(n.t, answer.Body.Close())
	if f == simulator.BreakBody() {
		require.ErrorIs(n.t, err, io.ErrUnexpectedEOF)
		return
	}
	require.NoError(n.t, err)
	if r.Method != http.MethodHead && f != simulator.HTML(http.StatusBadGateway).AfterEffect() {
		require.EqualValues(n.t, len(body), answer.ContentLength)
		require.True(n.t, len(body) == 0 || json.Valid(body), string(body))
	}
}
