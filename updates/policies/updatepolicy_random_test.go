package policies_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
)

// rounds is how many random values a property is checked with.
const rounds = 200

// random makes values that pass Validate. The same seed makes the same values.
type random struct{ *rand.Rand }

func seeded(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 6))} }

func (r random) yes() bool { return r.IntN(2) == 0 }

// maybe is the zero value as often as not.
func maybe[T any](r random, make func() T) T {
	if r.yes() {
		var zero T
		return zero
	}
	return make()
}

// some are up to three values, an empty list, or nil.
func some[T any](r random, make func() T) []T {
	return maybe(r, func() []T {
		list := []T{}
		for range r.IntN(4) {
			list = append(list, make())
		}
		return list
	})
}

// word is an enumeration's value, known or not, or a name.
func (r random) word() string {
	return []string{"security", "monthly", "strange", "ü \"\\\n", "<&>", "\u2028", " "}[r.IntN(7)]
}

func (r random) time() time.Time { return time.Unix(r.Int64N(4e9), r.Int64N(1e9)).UTC() }

func (r random) extra() map[string]json.RawMessage {
	return maybe(r, func() map[string]json.RawMessage {
		values := []string{`null`, `0.10`, `12345678901234567890`, `"a"`, `[]`, `{}`, `[null,{"b":1e400}]`, `true`}
		extra := map[string]json.RawMessage{}
		for i := range 1 + r.IntN(3) {
			extra[fmt.Sprint("new", i)] = json.RawMessage(values[r.IntN(len(values))])
		}
		return extra
	})
}

// settings are a few of those that package deployments tests all of.
func (r random) settings() deployments.Settings {
	s := deployments.Settings{Extra: r.extra()}
	s.Schedule.Start = maybe(r, r.time)
	s.UserExperience.Hotpatch = maybe(r, func() *bool { return new(r.yes()) })
	if r.yes() {
		s.Schedule.Rollout = deployments.ByRate(1+r.IntN(1000), deployments.Days(r.IntN(31)))
	}
	return s
}

// rule has times when it comes from the service.
func (r random) rule(times bool) policies.Rule {
	base := policies.RuleBase{Extra: r.extra()}
	if times {
		base.Created, base.Evaluated, base.Modified = maybe(r, r.time), maybe(r, r.time), maybe(r, r.time)
	}
	if r.IntN(4) == 0 {
		return &policies.UnknownRule{RuleBase: base, Type: "lunarRule"}
	}
	return &policies.ApprovalRule{RuleBase: base, Filter: r.filter(), DaysBeforeStart: deployments.Days(r.IntN(31))}
}

func (r random) filter() policies.Filter {
	base := policies.FilterBase{Extra: r.extra()}
	return []policies.Filter{
		&policies.DriverFilter{FilterBase: base},
		&policies.QualityFilter{
			FilterBase: base, Classification: catalog.Classification(maybe(r, r.word)), Cadence: catalog.Cadence(maybe(r, r.word)),
		},
		&policies.RemediationFilter{FilterBase: base, Type: policies.RemediationType(r.word())},
		&policies.UnknownFilter{FilterBase: base, Type: "lunarFilter"},
	}[r.IntN(4)]
}

func (r random) rules(times bool) policies.Rules {
	return some(r, func() policies.Rule { return r.rule(times) })
}

func (r random) categories() []audience.Category {
	return some(r, func() audience.Category { return audience.Category(r.word()) })
}

func (r random) spec() policies.UpdatePolicySpec {
	return policies.UpdatePolicySpec{
		AudienceID: audienceID, Settings: r.settings(), Rules: r.rules(false), AutoEnroll: r.categories(), Extra: r.extra(),
	}
}

func (r random) approvalSpec() policies.ApprovalSpec {
	return policies.ApprovalSpec{Kind: catalog.Kind(r.word()), EntryID: driverID, Settings: r.settings(), Extra: r.extra()}
}

func (r random) update() policies.UpdatePolicyUpdate {
	rules := odata.Set(policies.Rules{r.rule(true)})
	return policies.UpdatePolicyUpdate{
		Settings: []odata.Change[deployments.Settings]{{}, odata.Null[deployments.Settings](), odata.Set(r.settings())}[r.IntN(3)],
		Rules:    []odata.Change[policies.Rules]{{}, odata.Null[policies.Rules](), odata.Set(policies.Rules{}), rules}[r.IntN(4)],
		Extra:    r.extra(),
	}
}

func (r random) policy() policies.UpdatePolicy {
	return policies.UpdatePolicy{
		ID: policyID, Audience: audience.Audience{ID: maybe(r, r.word), Extra: r.extra()},
		Settings: r.settings(), Rules: r.rules(true), AutoEnroll: r.categories(),
		Approvals: some(r, r.approval), Created: maybe(r, r.time), Extra: r.extra(),
	}
}

func (r random) approval() *policies.ContentApproval {
	entry := &catalog.DriverUpdate{Base: catalog.Base{ID: driverID, Kind: catalog.Driver, Extra: r.extra()}, Manufacturer: r.word()}
	return &policies.ContentApproval{
		ID: approvalID, Content: deployments.Content{EntryID: driverID, Kind: catalog.Driver, Entry: entry, Extra: r.extra()},
		Settings: r.settings(), Revoked: r.yes(), RevokedAt: maybe(r, r.time), Created: maybe(r, r.time),
		Deployments: some(r, func() *deployments.Deployment { return &deployments.Deployment{ID: r.word(), Settings: r.settings()} }),
		Extra:       r.extra(),
	}
}

func (r random) state() policies.EntryState {
	a := r.approval()
	return policies.EntryState{
		EntryID: driverID, Kind: catalog.Driver, State: policies.StateStarted, Start: maybe(r, r.time),
		Approval: a, History: []*policies.ContentApproval{a, r.approval()},
		Duplicates: maybe(r, func() []*policies.ContentApproval { return []*policies.ContentApproval{r.approval()} }),
	}
}
