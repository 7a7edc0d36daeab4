package updatepolicies_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

func TestUpdatePoliciesAreStoredAndReadBackWhole(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		for _, value := range seeded(seed).storable() {
			stub.RequireStored(t, value, seed)
		}
	}
}

func TestUpdatePoliciesComeBackAsTheyWereSent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		spec := seeded(seed).spec()
		service := stub.Answering(stub.Answer(201, `{"id":"x"}`))
		_, err := service.Client(t, stub.NoLimits).UpdatePolicies().Create(t.Context(), spec)
		require.NoError(t, err, "seed %d", seed)
		body := service.Last(t).Body

		answer := stub.Answering(stub.Answer(200, `{"id":"x",`+body[1:]))
		got, err := answer.Client(t, stub.NoLimits).UpdatePolicies().Get(t.Context(), policyID)
		require.NoError(t, err)
		want := updatepolicies.Policy{
			ID: "x", Audience: audience.Audience{ID: audienceID}, Settings: spec.Settings,
			Rules: spec.Rules, AutoEnroll: spec.AutoEnroll, Extra: spec.Extra,
		}
		require.Equal(t, &want, got, "seed %d: %s", seed, body)
	}
}

func TestApprovalsComeBackAsTheyWereSent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		spec := seeded(seed).approvalSpec()
		spec.Kind = catalog.KindDriver
		service := stub.Answering(stub.Answer(201, `{"id":"x"}`))
		_, err := service.Client(t, stub.NoLimits).UpdatePolicies().Approve(t.Context(), policyID, spec)
		require.NoError(t, err, "seed %d", seed)
		body := service.Last(t).Body

		answer := stub.Answering(stub.Answer(200, `{"id":"x",`+body[1:]))
		got, err := answer.Client(t, stub.NoLimits).UpdatePolicies().GetApproval(t.Context(), policyID, approvalID)
		require.NoError(t, err)
		want := updatepolicies.Approval{ID: "x", Settings: spec.Settings, Extra: spec.Extra, Content: deployments.Content{
			EntryID: driverID, Kind: catalog.KindDriver, Entry: &catalog.DriverUpdate{Base: catalog.Base{ID: driverID, Kind: catalog.KindDriver}},
		}}
		require.Equal(t, &want, got, "seed %d: %s", seed, body)
	}
}

// What the service sends of rules goes back whole, but for the times, which are
// the service's own.
func TestRulesGoBackAsTheyCame(t *testing.T) {
	t.Parallel()
	for name, rule := range map[string]string{
		"drivers": `{"@odata.type":"#` + types + `contentApprovalRule","new":[1.50],"contentFilter":{"@odata.type":"#` + types +
			`driverUpdateFilter","new":null},"durationBeforeDeploymentStart":"P7D"}`,
		"quality": `{"@odata.type":"#` + types + `contentApprovalRule","contentFilter":{"@odata.type":"#` + types +
			`qualityUpdateFilter","classification":"lunar","cadence":"monthly"}}`,
		"remediation": `{"@odata.type":"#` + types + `contentApprovalRule","contentFilter":{"@odata.type":"#` + types +
			`remediationUpdateFilter","remediationType":"lunar"}}`,
		"unknown filter": `{"@odata.type":"#` + types + `contentApprovalRule","contentFilter":{"@odata.type":"#` + types +
			`lunarFilter","phase":"full"}}`,
		"unreadable span": `{"@odata.type":"#` + types + `contentApprovalRule","contentFilter":{"@odata.type":"#` + types +
			`driverUpdateFilter"},"durationBeforeDeploymentStart":"PT12H"}`,
		"unknown rule":    `{"@odata.type":"#` + types + `lunarRule","phase":"full"}`,
		"other namespace": `{"@odata.type":"#other.rule","phase":"full"}`,
	} {
		timed := strings.Replace(rule, `{`, `{"createdDateTime":"2026-12-01T08:00:00Z",`, 1)
		service := stub.Answering(stub.Answer(200, `{"id":"x","complianceChangeRules":[`+timed+`]}`))
		policy, err := service.Client(t, stub.NoLimits).UpdatePolicies().Get(t.Context(), policyID)
		require.NoError(t, err)
		require.NoError(t, service.Client(t, stub.NoLimits).UpdatePolicies().SetRules(t.Context(), policyID, policy.Rules...), name)
		require.Equal(t, stub.Exact(t, `{"complianceChangeRules":[`+rule+`]}`), stub.Exact(t, service.Last(t).Body), name)
	}
}

// What a rule without a kind is cannot be said, so it is not sent.
func TestARuleThatCameWithoutItsKindIsNotSent(t *testing.T) {
	t.Parallel()
	for _, rule := range []string{
		`{"phase":"full"}`, `{"@odata.type":"#` + types + `contentApprovalRule","contentFilter":{"phase":"full"}}`,
	} {
		service := stub.Answering(stub.Answer(200, `{"id":"x","complianceChangeRules":[`+rule+`]}`))
		policy, err := service.Client(t, stub.NoLimits).UpdatePolicies().Get(t.Context(), policyID)
		require.NoError(t, err)
		err = service.Client(t, stub.NoLimits).UpdatePolicies().SetRules(t.Context(), policyID, policy.Rules...)
		require.ErrorIs(t, err, apierr.ErrInvalid, rule)
		require.ErrorContains(t, err, "Kind must not be empty", rule)
	}
}

func TestRulesAndFiltersNameTheirKinds(t *testing.T) {
	t.Parallel()
	rules := updatepolicies.Rules{
		updatepolicies.DriversStartingAfter(7), updatepolicies.QualityStartingAfter(0, catalog.ClassificationSecurity, catalog.CadenceMonthly),
		updatepolicies.RemediationsStartingAfter(30, updatepolicies.RemediationInPlaceUpgrade),
		&updatepolicies.ApprovalRule{Filter: &updatepolicies.UnknownFilter{Kind: "lunarFilter"}}, &updatepolicies.UnknownRule{Kind: "lunarRule"},
	}
	text, err := json.Marshal(rules)
	require.NoError(t, err)
	require.JSONEq(t, `[
		{"type":"contentApprovalRule","contentFilter":{"type":"driverUpdateFilter"},"durationBeforeDeploymentStart":"P7D"},
		{"type":"contentApprovalRule","contentFilter":{"type":"qualityUpdateFilter","classification":"security","cadence":"monthly"}},
		{"type":"contentApprovalRule","contentFilter":{"type":"remediationUpdateFilter","remediationType":"inPlaceUpgrade"},
			"durationBeforeDeploymentStart":"P30D"},
		{"type":"contentApprovalRule","contentFilter":{"type":"lunarFilter"}},
		{"type":"lunarRule"}]`, string(text))
	var read updatepolicies.Rules
	require.NoError(t, json.Unmarshal(text, &read))
	require.Equal(t, rules, read)
}

func TestWhatIsNoRuleIsAnError(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{}`:             "object",
		`[7]`:            "0: ",
		`[{},null]`:      "1: JSON value is null",
		`[{"type":7}]`:   "0.type: ",
		`[{},{"x":[`:     "JSON",
		`[{"extra":[]}]`: "0.extra: ",
		`[{"type":"contentApprovalRule","durationBeforeDeploymentStart":"P1M"}]`:                             "P1M",
		`[{"type":"contentApprovalRule","contentFilter":7}]`:                                                 "contentFilter",
		`[{"type":"contentApprovalRule","contentFilter":{"type":"qualityUpdateFilter","classification":7}}]`: "contentFilter",
	} {
		rules := updatepolicies.Rules{updatepolicies.DriversStartingAfter(1)}
		require.ErrorContains(t, json.Unmarshal([]byte(text), &rules), want, text)
	}
}

func TestNullIsNoListOfRules(t *testing.T) {
	t.Parallel()
	rules := updatepolicies.Rules{updatepolicies.DriversStartingAfter(1)}
	require.NoError(t, json.Unmarshal([]byte(`null`), &rules))
	require.Nil(t, rules)
}

func TestNullTakesAFilterAway(t *testing.T) {
	t.Parallel()
	rule := updatepolicies.DriversStartingAfter(1)
	require.NoError(t, json.Unmarshal([]byte(`{"durationBeforeDeploymentStart":"P2D"}`), rule))
	require.Equal(t, updatepolicies.DriversStartingAfter(2), rule, "what is absent stays, as ever in encoding/json")
	require.NoError(t, json.Unmarshal([]byte(`{"contentFilter":null}`), rule))
	require.Nil(t, rule.Filter)
}

func TestAChainEqualsItsLiteral(t *testing.T) {
	t.Parallel()
	hotpatch := true
	require.Equal(t, updatepolicies.Spec{
		AudienceID: audienceID,
		Settings:   deployments.Settings{UserExperience: deployments.UserExperience{Hotpatch: &hotpatch}},
		Rules: updatepolicies.Rules{&updatepolicies.ApprovalRule{
			Filter:          &updatepolicies.QualityFilter{Classification: catalog.ClassificationSecurity, Cadence: catalog.CadenceMonthly},
			DaysBeforeStart: 7,
		}},
		AutoEnroll: []audience.Category{audience.CategoryQuality},
	}, hotpatchPolicy)
	require.Equal(t, updatepolicies.ApprovalSpec{Kind: catalog.KindDriver, EntryID: "e", Settings: expedited},
		updatepolicies.ForDriver("e").With(expedited))
	require.Equal(t, catalog.KindQuality, updatepolicies.ForQuality("e").Kind)
	require.Equal(t, catalog.KindFeature, updatepolicies.ForFeature("e").Kind)
}

func TestASpecSharesNothingWithWhatItWasMadeFrom(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		base := seeded(seed).spec()
		rule, categories := seeded(seed+1).rule(false), seeded(seed+2).categories()
		made := base.With(base.Settings).EnrollingIn(categories...).Approving(rule)
		want, err := json.Marshal(made)
		require.NoError(t, err)

		spoil(rule)
		for _, r := range base.Rules {
			spoil(r)
		}
		for i := range categories {
			categories[i] = "spoiled"
		}
		for name := range base.Extra {
			base.Extra[name] = json.RawMessage(`"spoiled"`)
		}
		for name := range base.Settings.Extra {
			base.Settings.Extra[name] = json.RawMessage(`"spoiled"`)
		}

		got, err := json.Marshal(made)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "seed %d", seed)
	}
}

func spoil(r updatepolicies.Rule) {
	for name := range r.Common().Extra {
		r.Common().Extra[name] = json.RawMessage(`"spoiled"`)
	}
	switch r := r.(type) {
	case *updatepolicies.UnknownRule:
		r.Kind = "spoiled"
	case *updatepolicies.ApprovalRule:
		r.DaysBeforeStart = 29
		for name := range r.Filter.Common().Extra {
			r.Filter.Common().Extra[name] = json.RawMessage(`"spoiled"`)
		}
		if quality, ok := r.Filter.(*updatepolicies.QualityFilter); ok {
			quality.Cadence = "spoiled"
		}
	}
}
