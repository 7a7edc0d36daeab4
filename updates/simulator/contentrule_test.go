package simulator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// rule is a rule with a kind of filter, and members of the rule in JSON.
func rule(kind, members string) string { return ruleWith(kind, ``, members) }

// ruleWith is a rule with members of its filter and of its own.
func ruleWith(kind, filter, members string) string {
	return `{"@odata.type":"#` + namespace + `contentApprovalRule","contentFilter":{"@odata.type":"#` + namespace + kind + `UpdateFilter"` +
		filter + `}` + members + `}`
}

// automatic makes a policy with rules for an audience.
func (n *tenant) automatic(audience, rules string) string {
	return n.updatePolicy(audience, `"complianceChangeRules":[`+rules+`]`)
}

// approved are the entries that a policy approves.
func (n *tenant) approved(policy string) []string {
	found := []string{}
	for _, approval := range n.list("/updatePolicies/" + policy + "/complianceChanges") {
		found = append(found, approval["content"].(object)["catalogEntry"].(object)["id"].(string))
	}
	return found
}

func TestARuleApprovesDriversThatMicrosoftRecommends(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	there := n.driverFor(deviceA)
	policy := n.automatic(n.audienceOf(deviceA, deviceB), rule("driver", ``))
	require.Equal(t, []string{there}, n.approved(policy))

	contoso := n.AddDriver("Contoso", "Net", "1")
	require.NoError(t, n.MakeApplicable(contoso, []string{"Contoso"}, deviceA))
	require.NoError(t, n.MakeApplicable(contoso, []string{"Microsoft"}, stranger))
	require.Equal(t, []string{there}, n.approved(policy))
	require.NoError(t, n.MakeApplicable(contoso, []string{"Contoso", "microsoft"}, deviceB))
	require.Equal(t, []string{there, contoso}, n.approved(policy))

	awaited := n.driverFor(late)
	audience := n.audienceOfPolicy(policy)
	n.mustAccept(n.update(audience, `{"addMembers":`+typed(late)+`}`))
	require.NotContains(t, n.approved(policy), awaited)
	n.enroll("driver", late)
	require.Equal(t, []string{there, contoso, awaited}, n.approved(policy))
}

func TestContentThatARuleApprovesIsOfferedImmediately(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.driverFor(deviceA)
	policy := n.automatic(n.audienceOf(deviceA), rule("driver", ``))
	approval := n.list("/updatePolicies/" + policy + "/complianceChanges")[0]["id"].(string)
	require.Equal(t, []string{deviceA}, n.offered(n.deploymentsOf(policy, approval)[0]))
}

func TestContentThatARuleApprovedStartsAfterItsDuration(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		policy := n.updatePolicy(n.audienceOf(devices(3)...), `"complianceChangeRules":[`+
			rule("driver", `,"durationBeforeDeploymentStart":"P7D"`)+`],
			"deploymentSettings":`+gradual("rateDriven", `"devicesPerOffer":2`))
		<-time.After(day)
		n.driverFor(devices(3)...)
		approval := n.get(n.approvalAt(policy)).body
		require.Equal(t, "2000-01-02T00:00:00Z", approval["createdDateTime"])
		require.Equal(t, "2000-01-09T00:00:00Z", approval["deploymentSettings"].(object)["schedule"].(object)["startDateTime"])
		deployment := n.deploymentsOf(policy, approval["id"].(string))[0]
		require.Equal(t, "scheduled scheduledByOfferWindow", n.state(deployment))
		<-time.After(7*day - time.Second)
		require.Empty(t, n.Offers(deployment))
		<-time.After(time.Second)
		require.Len(t, n.Offers(deployment), 2)
		<-time.After(day)
		require.Len(t, n.Offers(deployment), 3)
	})
}

func TestARuleApprovesNewContentOfItsKind(t *testing.T) {
	t.Parallel()
	update := func(members object) object {
		members["@odata.type"] = "#" + qualityCast
		return members
	}
	security := update(object{"id": "security", "qualityUpdateCadence": "monthly", "qualityUpdateClassification": "security"})
	preview := update(object{"id": "preview", "qualityUpdateCadence": "monthly", "qualityUpdateClassification": "nonSecurity"})
	urgent := update(object{"id": "urgent", "qualityUpdateCadence": "outOfBand", "qualityUpdateClassification": "security"})
	repair := object{"@odata.type": "#" + namespace + "recoveryUpdateCatalogEntry", "id": "repair"}
	feature := object{"@odata.type": "#" + featureCast, "id": "feature"}
	driver := object{"@odata.type": "#" + driverCast, "id": "driver"}
	for name, test := range map[string]struct {
		rule string
		want []string
	}{
		"monthly security": {ruleWith("quality", `,"cadence":"monthly","classification":"security"`, ``), []string{"security"}},
		"out of band":      {ruleWith("quality", `,"cadence":"outOfBand","classification":"all"`, ``), []string{"urgent"}},
		"non-security":     {ruleWith("quality", `,"classification":"nonSecurity"`, ``), []string{"preview"}},
		"every one":        {rule("quality", ``), []string{"security", "preview", "urgent"}},
		"remediation":      {ruleWith("remediation", `,"remediationType":"inPlaceUpgrade"`, ``), []string{"repair"}},
		"drivers":          {rule("driver", ``), []string{}},
		"no hash": {
			`{"@odata.type":"` + namespace + `contentApprovalRule","contentFilter":{"@odata.type":"` + namespace +
				`qualityUpdateFilter","cadence":"outOfBand"}}`, []string{"urgent"},
		},
		"two that overlap": {rule("quality", ``) + `,` + rule("quality", ``), []string{"security", "preview", "urgent"}},
	} {
		n := newTenant(t, nil)
		_, err := n.AddEntry(object{"@odata.type": "#" + namespace + "recoveryUpdateCatalogEntry", "id": "old repair"})
		require.NoError(t, err)
		policy := n.automatic(n.audience(), test.rule)
		require.Empty(t, n.approved(policy), name)
		for _, members := range []object{security, preview, urgent, repair, feature, driver} {
			_, err := n.AddEntry(members)
			require.NoError(t, err)
		}
		require.Equal(t, test.want, n.approved(policy), name)
	}
}

func TestARuleDoesNotChangeDecisions(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	first, second := n.driverFor(stranger), n.driverFor(stranger)
	policy := n.automatic(n.audienceOf(deviceA), rule("driver", ``))
	n.approve(policy, first, ``)
	require.NoError(t, n.MakeApplicable(first, []string{"Microsoft"}, deviceA))
	require.NoError(t, n.MakeApplicable(second, []string{"Microsoft"}, deviceA))
	require.Equal(t, []string{first, second}, n.approved(policy))
	changes := "/updatePolicies/" + policy + "/complianceChanges/"
	require.Equal(t, http.StatusNoContent, n.delete(changes+n.approvals(policy)[0]).status)
	require.Equal(t, http.StatusOK, n.patch(changes+n.approvals(policy)[0], `{"isRevoked":true}`).status)
	require.NoError(t, n.MakeApplicable(first, []string{"Microsoft"}, deviceA))
	require.Equal(t, []string{second}, n.approved(policy))
}

func TestAChangedRuleApprovesWhatAppearsFromThenOn(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	add := func(id string) {
		_, err := n.AddEntry(object{"@odata.type": "#" + qualityCast, "id": id})
		require.NoError(t, err)
	}
	policy := n.automatic(n.audience(), rule("driver", ``))
	add("before")
	require.Equal(t, http.StatusOK, n.patch("/updatePolicies/"+policy, `{"complianceChangeRules":[`+rule("quality", ``)+`]}`).status)
	add("after")
	require.Equal(t, http.StatusOK, n.patch("/updatePolicies/"+policy, `{"complianceChangeRules":[]}`).status)
	add("later")
	require.Equal(t, []string{"after"}, n.approved(policy))
}

func TestContentThatCannotBeDeployedIsNotApproved(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy := n.automatic(n.audience(), rule("quality", ``))
	_, err := n.AddEntry(object{"@odata.type": "#" + qualityCast, "deployableUntilDateTime": "1999-01-01T00:00:00Z"})
	require.NoError(t, err)
	require.Empty(t, n.approved(policy))

	policy = n.automatic(n.audienceOf(deviceA), rule("driver", ``))
	driver := n.AddDriver("Contoso", "Net", "1")
	require.NoError(t, n.OutdateContent(driver))
	require.NoError(t, n.MakeApplicable(driver, []string{"Microsoft"}, deviceA))
	require.Empty(t, n.approved(policy))
}

func TestRulesThatAreRejected(t *testing.T) {
	t.Parallel()
	const schema = "Schema validation failed for resource 'updatePolicy'"
	mismatch := func(name string) string {
		return "Parameter '" + name + "' in payload has a value that does not match schema"
	}
	duration := mismatch("durationBeforeDeploymentStart")
	n := newTenant(t, nil)
	for rule, message := range map[string]string{
		rule("windows", ``):  schema,
		rule("software", ``): schema,
		`{"@odata.type":"#` + namespace + `contentApprovalRule"}`:                    schema,
		`{"@odata.type":"#` + namespace + `contentApprovalRule","contentFilter":{}}`: schema,
		`{"contentFilter":{"@odata.type":"#` + namespace + `driverUpdateFilter"}}`:   schema,
		rule("driver", `,"durationBeforeDeploymentStart":"P0D"`):                     duration,
		rule("driver", `,"durationBeforeDeploymentStart":"P31D"`):                    duration,
		rule("driver", `,"durationBeforeDeploymentStart":"P1W"`):                     duration,
		rule("driver", `,"durationBeforeDeploymentStart":7`):                         duration,
		ruleWith("quality", `,"cadence":"daily"`, ``):                                mismatch("cadence"),
		ruleWith("quality", `,"classification":"Security"`, ``):                      mismatch("classification"),
		rule("remediation", ``): mismatch("remediationType"),
	} {
		r := n.post("/updatePolicies", `{"complianceChangeRules":[`+rule+`]}`)
		require.Equal(t, http.StatusBadRequest, r.status, rule)
		require.Equal(t, message, r.message(), rule)
	}
	for _, days := range []string{"P1D", "P30D"} {
		require.Equal(t, http.StatusCreated,
			n.post("/updatePolicies", `{"complianceChangeRules":[`+rule("driver", `,"durationBeforeDeploymentStart":"`+days+`"`)+
				`]}`).status)
	}
}

func TestFiltersAreEchoed(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy := n.automatic(n.audience(), ruleWith("quality", `,"cadence":"monthly"`, ``)+`,`+
		ruleWith("remediation", `,"remediationType":"inPlaceUpgrade"`, ``))
	rules := n.get("/updatePolicies/" + policy).body["complianceChangeRules"].([]any)
	require.Equal(t, object{"@odata.type": "#" + namespace + "qualityUpdateFilter", "cadence": "monthly", "classification": nil},
		rules[0].(object)["contentFilter"])
	require.Equal(t, object{"@odata.type": "#" + namespace + "remediationUpdateFilter", "remediationType": "inPlaceUpgrade"},
		rules[1].(object)["contentFilter"])
	require.Nil(t, rules[0].(object)["durationBeforeDeploymentStart"])
}

func TestARuleHasTheTimeItApproved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Empty: true})
		policy := n.automatic(n.audience(), rule("driver", ``))
		<-time.After(time.Hour)
		n.driverFor(deviceA)
		n.mustAccept(n.update(n.audienceOfPolicy(policy), `{"addMembers":`+typed(deviceA)+`}`))
		n.enroll("driver", deviceA)
		rule := n.get("/updatePolicies/" + policy).body["complianceChangeRules"].([]any)[0].(object)
		require.Equal(t, "2000-01-01T01:00:00Z", rule["lastEvaluatedDateTime"])
		require.Equal(t, "2000-01-01T00:00:00Z", rule["createdDateTime"])
	})
}
