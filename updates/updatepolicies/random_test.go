package updatepolicies_test

import (
	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// rounds is how many random values a property is checked with.
const rounds = 200

// random makes values that pass Validate. The same seed makes the same values.
type random struct{ stub.Random }

func seeded(seed uint64) random { return random{stub.Seeded(seed, 6)} }

// word is an enumeration's value, known or not, or a name.
// storable has a value of each type that is stored as JSON.
func (r random) storable() []any {
	return []any{r.spec(), r.update(), r.policy(), r.approvalSpec(), *r.approval(), r.state()}
}

func (r random) word() string {
	return r.Word("security", "monthly")
}

// settings are a few of those that package deployments tests all of.
func (r random) settings() deployments.Settings {
	s := deployments.Settings{Extra: r.Extra()}
	s.Schedule.Start = stub.Maybe(r, r.Time)
	s.UserExperience.Hotpatch = stub.Maybe(r, func() *bool { return new(r.Yes()) })
	if r.Yes() {
		s.Schedule.Rollout = deployments.ByRate(1+r.IntN(1000), r.IntN(31))
	}
	return s
}

// rule has times when it comes from the service.
func (r random) rule(times bool) updatepolicies.Rule {
	base := updatepolicies.RuleBase{Extra: r.Extra()}
	if times {
		base.Created, base.Evaluated, base.Modified = stub.Maybe(r, r.Time), stub.Maybe(r, r.Time), stub.Maybe(r, r.Time)
	}
	if r.IntN(4) == 0 {
		return &updatepolicies.UnknownRule{RuleBase: base, Kind: "lunarRule"}
	}
	return &updatepolicies.ApprovalRule{RuleBase: base, Filter: r.filter(), DaysBeforeStart: deployments.Days(r.IntN(31))}
}

func (r random) filter() updatepolicies.Filter {
	base := updatepolicies.FilterBase{Extra: r.Extra()}
	return []updatepolicies.Filter{
		&updatepolicies.DriverFilter{FilterBase: base},
		&updatepolicies.QualityFilter{
			FilterBase: base, Classification: catalog.Classification(stub.Maybe(r, r.word)), Cadence: catalog.Cadence(stub.Maybe(r, r.word)),
		},
		&updatepolicies.RemediationFilter{FilterBase: base, Type: updatepolicies.RemediationType(r.word())},
		&updatepolicies.UnknownFilter{FilterBase: base, Kind: "lunarFilter"},
	}[r.IntN(4)]
}

func (r random) rules(times bool) updatepolicies.Rules {
	return stub.Some(r, func() updatepolicies.Rule { return r.rule(times) })
}

func (r random) categories() []audience.Category {
	return stub.Some(r, func() audience.Category { return audience.Category(r.word()) })
}

func (r random) spec() updatepolicies.Spec {
	return updatepolicies.Spec{
		AudienceID: audienceID, Settings: r.settings(), Rules: r.rules(false), AutoEnroll: r.categories(), Extra: r.Extra(),
	}
}

func (r random) approvalSpec() updatepolicies.ApprovalSpec {
	return updatepolicies.ApprovalSpec{Kind: catalog.Kind(r.word()), EntryID: driverID, Settings: r.settings(), Extra: r.Extra()}
}

func (r random) update() updatepolicies.Update {
	rules := odata.Set(updatepolicies.Rules{r.rule(true)})
	return updatepolicies.Update{
		Settings: []odata.Change[deployments.Settings]{{}, odata.Null[deployments.Settings](), odata.Set(r.settings())}[r.IntN(3)],
		Rules:    []odata.Change[updatepolicies.Rules]{{}, odata.Null[updatepolicies.Rules](), odata.Set(updatepolicies.Rules{}), rules}[r.IntN(4)],
		Extra:    r.Extra(),
	}
}

func (r random) policy() updatepolicies.Policy {
	return updatepolicies.Policy{
		ID: policyID, Audience: audience.Audience{ID: stub.Maybe(r, r.word), Extra: r.Extra()},
		Settings: r.settings(), Rules: r.rules(true), AutoEnroll: r.categories(),
		Approvals: stub.Some(r, r.approval), Created: stub.Maybe(r, r.Time), Extra: r.Extra(),
	}
}

func (r random) approval() *updatepolicies.Approval {
	entry := &catalog.DriverUpdate{Base: catalog.Base{ID: driverID, Kind: catalog.KindDriver, Extra: r.Extra()}, Manufacturer: r.word()}
	return &updatepolicies.Approval{
		ID: approvalID, Content: deployments.Content{EntryID: driverID, Kind: catalog.KindDriver, Entry: entry, Extra: r.Extra()},
		Settings: r.settings(), Revoked: r.Yes(), RevokedAt: stub.Maybe(r, r.Time), Created: stub.Maybe(r, r.Time),
		Deployments: stub.Some(r, func() *deployments.Deployment { return &deployments.Deployment{ID: r.word(), Settings: r.settings()} }),
		Extra:       r.Extra(),
	}
}

func (r random) state() updatepolicies.EntryState {
	a := r.approval()
	return updatepolicies.EntryState{
		EntryID: driverID, Kind: catalog.KindDriver, State: updatepolicies.StateStarted, Start: stub.Maybe(r, r.Time),
		Approval: a, History: []*updatepolicies.Approval{a, r.approval()},
		Duplicates: stub.Maybe(r, func() []*updatepolicies.Approval { return []*updatepolicies.Approval{r.approval()} }),
	}
}
