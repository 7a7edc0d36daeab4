package deployments_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// rounds is how many random values a property is checked with.
const rounds = 200

// random makes values that pass Validate. The same seed makes the same values.
type random struct{ *rand.Rand }

func seeded(seed uint64) random { return random{rand.New(rand.NewPCG(seed, 4))} }

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

func pointer[T any](r random, make func() T) *T {
	return maybe(r, func() *T { return new(make()) })
}

// word is an enumeration's value, known or not, or a name.
func (r random) word() string {
	return []string{"likelyIssues", "Microsoft", "strange", "ü \"\\\n", "<&>", "\u2028", " "}[r.IntN(7)]
}

func (r random) time() time.Time {
	return time.Unix(r.Int64N(4e9), r.Int64N(1e9)).UTC()
}

func (r random) days() deployments.Days { return deployments.Days(1 + r.IntN(30)) }

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

func (r random) settings() deployments.Settings {
	return deployments.Settings{
		Schedule:       maybe(r, r.schedule),
		Monitoring:     maybe(r, r.monitoring),
		Applicability:  maybe(r, r.applicability),
		UserExperience: maybe(r, r.experience),
		Expedite:       maybe(r, r.expedite),
		Extra:          r.extra(),
	}
}

func (r random) schedule() deployments.Schedule {
	return deployments.Schedule{Start: maybe(r, r.time), Rollout: maybe(r, r.rollout), Extra: r.extra()}
}

func (r random) rollout() deployments.Rollout {
	steps := deployments.RolloutBase{BetweenOffers: maybe(r, r.days), Extra: r.extra()}
	switch r.IntN(4) {
	case 0:
		return &deployments.RateDriven{RolloutBase: steps, DevicesPerOffer: 1 + r.IntN(math.MaxInt32)}
	case 1:
		return &deployments.DateDriven{RolloutBase: steps, End: r.time()}
	case 2:
		return &deployments.DurationDriven{RolloutBase: steps, Length: r.days()}
	}
	return &deployments.UnknownRollout{RolloutBase: steps, Type: maybe(r, func() string { return "lunarRolloutSettings" })}
}

func (r random) monitoring() deployments.Monitoring {
	return deployments.Monitoring{Rules: some(r, r.rule), Extra: r.extra()}
}

func (r random) rule() deployments.MonitoringRule {
	rule := []deployments.MonitoringRule{
		deployments.PauseOnRollbacks(1 + r.IntN(100)), deployments.AlertOnRollbacks(1 + r.IntN(100)),
		deployments.FallBackWhenIneligible(), {Signal: "strange", Threshold: r.IntN(1000), Action: "strange"},
	}[r.IntN(4)]
	rule.Extra = r.extra()
	return rule
}

func (r random) applicability() deployments.Applicability {
	return deployments.Applicability{
		OfferWhileRecommendedBy: some(r, r.word),
		Safeguard:               deployments.Safeguard{DisabledProfiles: some(r, r.profile), Extra: r.extra()},
		Extra:                   r.extra(),
	}
}

func (r random) profile() deployments.SafeguardProfile {
	return deployments.SafeguardProfile{Category: deployments.SafeguardCategory(r.word()), Extra: r.extra()}
}

func (r random) experience() deployments.UserExperience {
	return deployments.UserExperience{
		OfferAsOptional: pointer(r, r.yes), Hotpatch: pointer(r, r.yes), Extra: r.extra(),
		DaysUntilForcedReboot: pointer(r, func() int { return r.IntN(math.MaxInt32) }),
	}
}

func (r random) expedite() deployments.Expedite {
	expedited := r.yes()
	return deployments.Expedite{Expedited: expedited, ReadinessTest: expedited && r.yes(), Extra: r.extra()}
}

func (r random) spec() deployments.Spec {
	return deployments.Spec{
		Kind: catalog.Quality, EntryID: entryID, Settings: r.settings(), Extra: r.extra(),
		AudienceID: maybe(r, func() string { return audienceID }),
	}
}

func (r random) update() deployments.Update {
	return deployments.Update{
		State:          deployments.RequestedState(maybe(r, r.word)),
		Schedule:       changing(r, r.schedule),
		Monitoring:     changing(r, r.monitoring),
		Applicability:  changing(r, r.applicability),
		UserExperience: changing(r, r.experience),
		Expedite:       changing(r, r.expedite),
		Extra:          r.extra(),
	}
}

// changing is one of the three that there are.
func changing[T any](r random, make func() T) odata.Change[T] {
	return []odata.Change[T]{{}, odata.Null[T](), odata.Set(make())}[r.IntN(3)]
}

func (r random) deployment() deployments.Deployment {
	return deployments.Deployment{
		ID:       deploymentID,
		State:    maybe(r, r.state),
		Content:  maybe(r, r.content),
		Settings: r.settings(),
		Audience: audience.Audience{ID: maybe(r, r.word), Extra: r.extra()},
		Created:  maybe(r, r.time),
		Modified: maybe(r, r.time),
		Extra:    r.extra(),
	}
}

func (r random) state() deployments.State {
	return deployments.State{
		Effective: deployments.EffectiveState(r.word()), Requested: deployments.RequestedState(r.word()), Extra: r.extra(),
		Reasons: some(r, func() deployments.Reason {
			return deployments.Reason{Value: deployments.ReasonValue(r.word()), Extra: r.extra()}
		}),
	}
}

func (r random) content() deployments.Content {
	base := catalog.Base{ID: r.word(), DisplayName: r.word(), Released: maybe(r, r.time), Extra: r.extra()}
	entry := []catalog.Entry{
		&catalog.FeatureUpdate{Base: base, Version: r.word()}, &catalog.QualityUpdate{Base: base, Expeditable: r.yes()},
		&catalog.DriverUpdate{Base: base, VersionDate: maybe(r, r.time)}, &catalog.RecoveryUpdate{Base: base},
		&catalog.UnknownEntry{Base: base}, nil,
	}
	kinds := []catalog.Kind{catalog.Feature, catalog.Quality, catalog.Driver, catalog.Recovery, "lunarCatalogEntry", ""}
	i := r.IntN(len(entry))
	if entry[i] != nil {
		entry[i].Common().Kind = kinds[i]
	}
	return deployments.Content{EntryID: base.ID, Kind: kinds[i], Entry: entry[i], Extra: r.extra()}
}
