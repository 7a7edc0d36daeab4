package policies_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
)

func TestQualityPoliciesPrintAsJSONWithTheServicesNames(t *testing.T) {
	t.Parallel()
	unknown := &policies.UnknownRule{Kind: "lunarApprovalRule"}
	unknown.Extra = stub.Extra("phase", `"full"`)
	text, err := json.MarshalIndent([]any{
		policies.Policy{
			ID: "p", Kind: policies.KindQualityPolicy, DisplayName: "Monthly", Extra: stub.Extra("new", "null"),
			Rules:   policies.Rules{policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly), unknown},
			Created: time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC),
		},
		monthlyPolicy.Approving(policies.RecoveryDeferredBy(0)),
		policies.Update{Description: odata.Set(""), Rules: odata.Set(policies.Rules{})},
		policies.Ring{
			ID: "r", Kind: "ring", Included: policies.RingGroups{Assigned: []policies.AssignedGroup{{GroupID: pilots}}}, Hotpatch: new(true),
		},
		pilotRing,
		policies.RingUpdate{DeferralDays: odata.Null[int](), Paused: odata.Set(false), Excluded: odata.Set([]string{})},
		policies.Approval{ID: "a", EntryID: "e", Status: policies.StatusSuspended},
	}, "", "\t")
	require.NoError(t, err)
	want, err := os.ReadFile("testdata/printed.json")
	require.NoError(t, err)
	require.Equal(t, string(want), string(text)+"\n")
}

func TestWhatIsNoRuleIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`null`, `3`, `[]`, `{"type":3}`, `{"type":"recoveryApprovalRule","deferralInDays":"x","extra":3}`} {
		var rules policies.Rules
		err := json.Unmarshal([]byte(`[{"type":"lunarRule"},`+text+`]`), &rules)
		require.Regexp(t, `^1[.:]`, err.Error(), text)
		require.Empty(t, rules)
	}
}

func TestNullIsNoListOfRules(t *testing.T) {
	t.Parallel()
	rules := policies.Rules{policies.RecoveryDeferredBy(1)}
	require.NoError(t, json.Unmarshal([]byte(`null`), &rules))
	require.Nil(t, rules)
}

func TestAnApprovalForgetsTheEntryItHad(t *testing.T) {
	t.Parallel()
	for text, wrong := range map[string]bool{`{"catalogEntry":null}`: false, `{"catalogEntry":3}`: true} {
		approval := policies.Approval{Entry: &catalog.UnknownEntry{}}
		require.Equal(t, wrong, json.Unmarshal([]byte(text), &approval) != nil, text)
		require.Nil(t, approval.Entry)
	}
}

func TestAPolicyLosesNothingOnTheWayThroughJSON(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := thrown(seed, 7)
		policy, spec, update := r.policy(), r.policySpec(), r.policyUpdate()
		ring, ringSpec, ringUpdate, approval := r.ring(), r.ringSpec(), r.ringUpdate(), r.approval()
		require.Equal(t, policy, printedAndRead(t, *policy), "seed %d", seed)
		require.Equal(t, &spec, printedAndRead(t, spec), "seed %d", seed)
		require.Equal(t, &update, printedAndRead(t, update), "seed %d", seed)
		require.Equal(t, ring, printedAndRead(t, *ring), "seed %d", seed)
		require.Equal(t, &ringSpec, printedAndRead(t, ringSpec), "seed %d", seed)
		require.Equal(t, &ringUpdate, printedAndRead(t, ringUpdate), "seed %d", seed)
		require.Equal(t, approval, printedAndRead(t, *approval), "seed %d", seed)
	}
}

func TestAQualityPolicyComesBackAsItWasSent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := thrown(seed, 8)
		spec := r.policySpec()
		service := stub.Answering(stub.Answer(201, `{"id":"x"}`))
		_, err := service.Client(t).Policies().Create(t.Context(), spec)
		require.NoError(t, err, "seed %d", seed)

		got := getQuality(t, identified(service.Last(t).Body))

		read := policies.Spec{DisplayName: got.DisplayName, Description: got.Description, Rules: got.Rules, Extra: got.Extra}
		require.Equal(t, spec, read, "seed %d", seed)
	}
}

func TestARingComesBackAsItWasSent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := thrown(seed, 9)
		spec := r.ringSpec()
		service := stub.Answering(stub.Answer(201, `{"id":"x"}`))
		_, err := service.Client(t).Policies().CreateRing(t.Context(), "x", spec)
		require.NoError(t, err, "seed %d", seed)

		got := getRing(t, identified(service.Last(t).Body))

		read := policies.RingSpec{
			DisplayName: got.DisplayName, Description: got.Description, Included: got.Included.IDs(), Excluded: got.Excluded.IDs(),
			DeferralDays: got.DeferralDays, Paused: got.Paused, Hotpatch: got.Hotpatch, Extra: got.Extra,
		}
		require.Equal(t, spec, read, "seed %d", seed)
	}
}

// identified gives a body the id that every answer has.
func identified(body string) string { return `{"id":"x",` + strings.TrimPrefix(body, "{") }

// What the service writes goes into a policy whole, the rules of unknown kinds and
// including unknown properties, and out again.
func TestADocumentWithRulesIsKeptWhole(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := thrown(seed, 10)
		text := r.rulesDocument()
		read := getQuality(t, `{"id":"x","approvalRules":`+text+`}`)
		service := stub.Answering(stub.Answer(200, `{"id":"x"}`))
		require.NoError(t, service.Client(t).Policies().Update(t.Context(), "x", policies.Update{Rules: odata.Set(read.Rules)}),
			"seed %d", seed)

		sent := stub.Exact(t, service.Last(t).Body).(map[string]any)["approvalRules"]

		require.Equal(t, hashed(stub.Exact(t, text)), hashed(sent), "seed %d: %s", seed, text)
	}
}

// hashed has the names of all types with a hash.
func hashed(document any) any {
	for _, item := range document.([]any) {
		members := item.(map[string]any)
		members["@odata.type"] = "#" + strings.TrimPrefix(members["@odata.type"].(string), "#")
	}
	return document
}

// dice make random values of quality update policies that pass Validate.
type dice struct{ stub.Random }

func thrown(seed, stream uint64) dice { return dice{stub.Seeded(seed, stream)} }

func (r dice) word() string { return r.Word("security", "monthly") }

func (r dice) days() int { return r.IntN(31) }

func (r dice) moment() time.Time { return stub.Maybe(r, r.Time) }

func (r dice) groups() []string {
	groups := []string{}
	for range r.IntN(3) {
		groups = append(groups, fmt.Sprint("g", r.IntN(9)))
	}
	return groups
}

func (r dice) rules() policies.Rules {
	rules := policies.Rules{}
	for range r.IntN(4) {
		rules = append(rules, r.rule())
	}
	return rules
}

func (r dice) rule() policies.Rule {
	base := policies.RuleBase{DeferralDays: r.days(), Extra: r.Extra()}
	switch r.IntN(3) {
	case 0:
		return &policies.QualityUpdateRule{
			RuleBase: base, Classification: catalog.Classification(r.word()), Cadence: catalog.CadenceMonthly,
		}
	case 1:
		return &policies.RecoveryUpdateRule{RuleBase: base}
	}
	return &policies.UnknownRule{
		RuleBase: base, Kind: []string{"lunarApprovalRule", "other.lunarApprovalRule"}[r.IntN(2)],
	}
}

func (r dice) policySpec() policies.Spec {
	return policies.Spec{DisplayName: r.word(), Description: r.word(), Rules: r.rules(), Extra: r.Extra()}
}

func (r dice) policy() *policies.Policy {
	return &policies.Policy{
		ID: "p", Kind: policies.PolicyKind(r.word()), DisplayName: r.word(), Description: r.word(), Rules: r.rules(),
		Rings: []*policies.Ring{r.ring()}, Approvals: []*policies.Approval{r.approval()},
		ApplicableContent: []*audience.ApplicableContent{{EntryID: r.word()}},
		Created:           r.moment(), Modified: r.moment(), Extra: r.Extra(),
	}
}

func (r dice) policyUpdate() policies.Update {
	return policies.Update{
		DisplayName: toss(r, r.word), Description: toss(r, r.word), Rules: toss(r, r.rules), Extra: r.Extra(),
	}
}

func (r dice) ringSpec() policies.RingSpec {
	return policies.RingSpec{
		DisplayName: r.word(), Description: r.word(), Included: r.groups(), Excluded: r.groups(),
		DeferralDays: r.days(), Paused: r.Yes(), Hotpatch: r.hotpatch(), Extra: r.Extra(),
	}
}

func (r dice) ring() *policies.Ring {
	return &policies.Ring{
		ID: "r", Kind: policies.RingKind(r.word()),
		DisplayName: r.word(), Description: r.word(), Included: r.assigned(), Excluded: r.assigned(),
		DeferralDays: r.days(), Paused: r.Yes(), Hotpatch: r.hotpatch(), Created: r.moment(), Modified: r.moment(), Extra: r.Extra(),
	}
}

func (r dice) hotpatch() *bool { return []*bool{nil, new(true), new(false)}[r.IntN(3)] }

func (r dice) assigned() policies.RingGroups {
	groups := policies.RingGroups{Incomplete: r.Yes(), Extra: r.Extra()}
	if r.Yes() {
		groups.Assigned = []policies.AssignedGroup{}
	}
	for range r.IntN(3) {
		groups.Assigned = append(groups.Assigned, policies.AssignedGroup{GroupID: r.word(), Extra: r.Extra()})
	}
	return groups
}

func (r dice) ringUpdate() policies.RingUpdate {
	return policies.RingUpdate{
		DisplayName: toss(r, r.word), Description: toss(r, r.word), Included: toss(r, r.groups), Excluded: toss(r, r.groups),
		DeferralDays: toss(r, r.days), Paused: toss(r, r.Yes), Hotpatch: toss(r, r.Yes), Extra: r.Extra(),
	}
}

func (r dice) approval() *policies.Approval {
	a := &policies.Approval{
		ID: "a", EntryID: r.word(), Status: policies.ApprovalStatus(r.word()), Created: r.moment(), Modified: r.moment(),
		Extra: r.Extra(),
	}
	if r.Yes() {
		a.Entry = &catalog.RecoveryUpdate{Base: catalog.Base{ID: "e", Kind: catalog.KindRecovery}, CatalogName: r.word()}
	}
	return a
}

// toss is one of the three changes that there are.
func toss[T any](r dice, value func() T) odata.Change[T] {
	return []odata.Change[T]{{}, odata.Null[T](), odata.Set(value())}[r.IntN(3)]
}

// rulesDocument are rules as the service writes them.
func (r dice) rulesDocument() string {
	rules := []string{}
	for range r.IntN(4) {
		kind := []string{"qualityUpdateApprovalRule", "recoveryApprovalRule", "lunarApprovalRule"}[r.IntN(3)]
		members := []string{
			fmt.Sprintf(`"@odata.type":"%s%s"`, []string{"", "#"}[r.IntN(2)]+types, kind), fmt.Sprintf(`"deferralInDays":%d`, r.days()),
		}
		if kind != "recoveryApprovalRule" {
			members = append(members, `"classification":"strange","cadence":"monthly"`)
		}
		for name, value := range r.Extra() {
			members = append(members, `"`+name+`":`+string(value))
		}
		rules = append(rules, "{"+strings.Join(members, ",")+"}")
	}
	return "[" + strings.Join(rules, ",") + "]"
}
