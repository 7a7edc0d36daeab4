package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	monthlySecurity = `{"@odata.type":"#` + namespace +
		`qualityUpdateApprovalRule","deferralInDays":3,"cadence":"monthly","classification":"security"}`
	anyRecovery = `{"@odata.type":"` + namespace + `recoveryApprovalRule","deferralInDays":1}`
)

// qualityPolicy creates a quality update policy with rules in JSON.
func (n *tenant) qualityPolicy(rules ...string) string {
	r := n.post("/policies", qualityPolicyOf(strings.Join(rules, ",")))
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	return r.body["id"].(string)
}

func qualityPolicyOf(rules string) string {
	return `{"@odata.type":"#` + namespace + `qualityUpdatePolicy","displayName":"Monthly","description":"Security","approvalRules":[` +
		rules + `]}`
}

func TestAQualityPolicyIsSentBackAsItWasMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		r := n.post("/policies", qualityPolicyOf(monthlySecurity+","+anyRecovery))
		require.Equal(t, http.StatusCreated, r.status)
		id := r.body["id"].(string)
		want := `{"@odata.context":"https://graph.example/beta/$metadata#admin/windows/updates/policies/$entity",
			"@odata.type":"#` + namespace + `qualityUpdatePolicy","id":"` + id + `","displayName":"Monthly","description":"Security",
			"createdDateTime":"2000-01-01T00:00:00Z","lastModifiedDateTime":"2000-01-01T00:00:00Z",
			"approvalRules":[` + monthlySecurity + `,` + strings.Replace(anyRecovery, `"micro`, `"#micro`, 1) + `]}`
		require.JSONEq(t, want, r.text)
		require.JSONEq(t, want, n.get("/policies/"+id).text)
		require.JSONEq(t, want, n.get("/policies('"+id+"')").text)
		require.Equal(t, []string{id}, ids(n.list("/policies")))
	})
}

func TestAQualityPolicyIsChangedInParts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		id := n.qualityPolicy(monthlySecurity)
		n.Advance(time.Hour)
		r := n.patch("/policies/"+id, `{"displayName":"Weekly"}`)
		require.Equal(t, http.StatusOK, r.status)
		require.Equal(t, "Weekly", r.body["displayName"])
		require.Equal(t, "Security", r.body["description"])
		require.Len(t, r.body["approvalRules"], 1)
		require.Equal(t, "2000-01-01T00:00:00Z", r.body["createdDateTime"])
		require.Equal(t, "2000-01-01T01:00:00Z", r.body["lastModifiedDateTime"])

		require.Empty(t, n.patch("/policies/"+id, `{"approvalRules":[],"description":""}`).body["approvalRules"])
		require.Empty(t, n.get("/policies/" + id).body["description"])
	})
}

func TestQualityPoliciesThatAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	rule := func(old, new string) string { return qualityPolicyOf(strings.Replace(monthlySecurity, old, new, 1)) }
	for name, body := range map[string]string{
		"no type":           strings.Replace(qualityPolicyOf(""), "@odata.type", "type", 1),
		"another type":      strings.Replace(qualityPolicyOf(""), "qualityUpdatePolicy", "moonPolicy", 1),
		"no name":           strings.Replace(qualityPolicyOf(""), "displayName", "name", 1),
		"name is null":      strings.Replace(qualityPolicyOf(""), `"Monthly"`, `null`, 1),
		"long name":         strings.Replace(qualityPolicyOf(""), "Monthly", strings.Repeat("ü", 201), 1),
		"long description":  strings.Replace(qualityPolicyOf(""), `"Security"`, `"`+strings.Repeat("x", 1501)+`"`, 1),
		"no rules":          strings.Replace(qualityPolicyOf(""), "approvalRules", "rules", 1),
		"rule of no type":   rule("@odata.type", "type"),
		"abstract rule":     rule("qualityUpdateApprovalRule", "approvalRule"),
		"no deferral":       rule("deferralInDays", "deferral"),
		"too long deferral": rule("3", "31"),
		"negative deferral": rule("3", "-1"),
		"unknown cadence":   rule("monthly", "weekly"),
		"no classification": rule("classification", "class"),
		"no JSON":           "[",
	} {
		r := n.post("/policies", body)
		require.Equal(t, http.StatusBadRequest, r.status, name)
	}
	require.Empty(t, n.list("/policies"))
	require.Equal(t, http.StatusCreated,
		n.post("/policies", strings.Replace(qualityPolicyOf(monthlySecurity), "Monthly", strings.Repeat("ü", 200), 1)).status)

	id := n.qualityPolicy(monthlySecurity)
	for _, body := range []string{`{"displayName":null}`, `{"approvalRules":null}`, `{"approvalRules":[{}]}`, `{"description":5}`, `x`} {
		require.Equal(t, http.StatusBadRequest, n.patch("/policies/"+id, body).status, body)
	}
	require.Equal(t, "Monthly", n.get("/policies/" + id).body["displayName"])
}

func TestADeletedQualityPolicyIsDeletedWithItsRings(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.qualityPolicy()
	ring := n.ring(id, "")
	r := n.delete("/policies/" + id)
	require.Equal(t, http.StatusNoContent, r.status)
	require.Empty(t, r.text)
	require.Nil(t, n.RingOffers(ring))
	for _, path := range []string{
		"", "/rings", "/rings/" + ring, "/approvals", "/approvals/x", "/applicableContent", "/applicableContent/x/matchedDevices",
	} {
		require.Equal(t, http.StatusNotFound, n.get("/policies/"+id+path).status, path)
	}
	require.Equal(t, http.StatusNotFound, n.delete("/policies/"+id).status)
	require.Equal(t, http.StatusNotFound, n.patch("/policies/"+id, `{}`).status)
	require.Equal(t, http.StatusNotFound, n.post("/policies/"+id+"/rings", ringOf("")).status)
	require.Equal(t, http.StatusNotFound, n.post("/policies/"+id+"/approvals", `{}`).status)
}

func TestPoliciesAndRingsAreFiltered(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.qualityPolicy(monthlySecurity)
	ring := n.ring(id, `"deferralInDays":5,"isHotpatchEnabled":true`)
	n.ring(id, `"isHotpatchEnabled":false`)
	for filter, want := range map[string][]string{
		"isof('" + namespace + "qualityUpdatePolicy')":     {id},
		"displayName eq 'Weekly'":                          {},
		"approvalRules/any(r:r/deferralInDays eq 3)":       {id},
		"approvalRules/any(r:r/deferralInDays gt 3)":       {},
		"createdDateTime lt 2000-01-01T00:00:00Z":          {},
		"startswith(description,'Sec') and id ne 'x'":      {id},
		"approvalRules/any(r:r/deferralInDays in (3,4,5))": {id},
	} {
		r := n.filtered("/policies", filter)
		require.Equal(t, http.StatusOK, r.status, r.text)
		require.Len(t, r.body["value"], len(want), filter)
	}
	rings := "/policies/" + id + "/rings"
	for _, filter := range []string{
		"deferralInDays ge 5", namespace + "qualityUpdateRing/isHotpatchEnabled eq true", "deferralInDays ne null and not isPaused",
	} {
		r := n.filtered(rings, filter)
		require.Equal(t, http.StatusOK, r.status, r.text)
		require.Equal(t, ring, r.body["value"].([]any)[0].(object)["id"], filter)
		require.Len(t, r.body["value"], 1, filter)
	}
	require.Len(t, n.filtered(rings, "includedGroupAssignment/assignments/any(a:a/groupId eq 'in')").body["value"], 2)
	require.Equal(t, http.StatusBadRequest, n.filtered(rings, "isHotpatchEnabled eq true").status)
	require.EqualValues(t, 2, n.get(rings + "?$count=true&$top=1").body["@odata.count"])
}

func TestThePolicysContentIsWhatItsDevicesNeed(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.qualityPolicy(monthlySecurity)
	n.ring(id, "")
	n.ring(id, "")
	require.NoError(t, n.PutGroup("in", deviceA, deviceB))
	require.NoError(t, n.PutGroup("out", deviceB))
	content := "/policies/" + id + "/applicableContent"
	require.Empty(t, n.list(content))

	update := n.quality("2025.11 B")
	require.NoError(t, n.MakeApplicable(update, []string{"Microsoft"}, deviceA, deviceB, deviceC))
	require.NoError(t, n.MakeApplicable(n.entry(version24), nil, deviceA))
	require.Equal(t, []object{{"catalogEntryId": update}}, n.list(content))
	require.Equal(t, update, n.list(content + "?$expand=catalogEntry")[0]["catalogEntry"].(object)["id"])
	require.Equal(t, []object{{"deviceId": deviceA, "recommendedBy": []any{"Microsoft"}}}, n.list(content+"/"+update+"/matchedDevices"))
	require.Equal(t, http.StatusNotFound, n.get(content+"/none/matchedDevices").status)
}

func TestGroupsNeedIDs(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	require.ErrorContains(t, n.PutGroup(""), "must not be empty")
	require.ErrorContains(t, n.PutGroup("g", deviceA, ""), "must be GUIDs")
}

func TestPoliciesAndRingsAreNamedAsTheirAbstractTypes(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.qualityPolicy(monthlySecurity)
	ring := n.ring(id, "")
	connection := n.connect()
	n.SetQuirks(simulator.Quirks{AbstractTypes: true})
	for path, want := range map[string]string{
		"/policies/" + id:                                         "policy",
		"/policies/" + id + "/rings/" + ring:                      "ring",
		"/resourceConnections/" + connection:                      "resourceConnection",
		"/catalog/entries/" + n.entry("Windows 11, version 24H2"): "featureUpdateCatalogEntry",
	} {
		require.Equal(t, "#"+namespace+want, n.get(path).body["@odata.type"], path)
	}
	require.Len(t, n.list("/policies?$filter=isof('"+namespace+"qualityUpdatePolicy')"), 1)
	require.Contains(t, n.get("/policies/"+id).text, "qualityUpdateApprovalRule")
	require.Equal(t, http.StatusCreated, n.post("/policies/"+id+"/rings",
		strings.Replace(ringOf(""), "qualityUpdateRing", "ring", 1)).status)

	n.SetQuirks(simulator.Quirks{AbstractTypes: true, TypesWithoutHash: true})
	require.Equal(t, namespace+"policy", n.get("/policies/" + id).body["@odata.type"])
}

func TestARuleOfAnUnknownTypeCanBeSentBack(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.qualityPolicy(monthlySecurity, anyRecovery)
	n.SetQuirks(simulator.Quirks{UnknownTypes: true, TypesWithoutHash: true})
	policies := n.list("/policies")
	require.Len(t, policies, 2)
	require.Equal(t, namespace+"policyV2", policies[0]["@odata.type"])
	rules := text(policies[1]["approvalRules"])
	require.Contains(t, rules, namespace+"qualityUpdateApprovalRuleV2")
	require.Equal(t, http.StatusOK, n.patch("/policies/"+id, `{"approvalRules":`+rules+`}`).status)
	n.SetQuirks(simulator.Quirks{})
	require.Contains(t, n.get("/policies/"+id).text, `"#`+namespace+`recoveryApprovalRule"`)
}
