package deployments_test

import (
	"math"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// rounds is how many random values a property is checked with.
const rounds = 200

// random makes values that pass Validate. The same seed makes the same values.
type random struct{ stub.Random }

func seeded(seed uint64) random { return random{stub.Seeded(seed, 4)} }

func pointer[T any](r random, make func() T) *T {
	return stub.Maybe(r, func() *T { return new(make()) })
}

// word is an enumeration's value, known or not, or a name.
func (r random) word() string {
	return r.Word("likelyIssues", "Microsoft")
}

func (r random) days() deployments.Days { return deployments.Days(1 + r.IntN(30)) }

func (r random) settings() deployments.Settings {
	return deployments.Settings{
		Schedule:       stub.Maybe(r, r.schedule),
		Monitoring:     stub.Maybe(r, r.monitoring),
		Applicability:  stub.Maybe(r, r.applicability),
		UserExperience: stub.Maybe(r, r.experience),
		Expedite:       stub.Maybe(r, r.expedite),
		Extra:          r.Extra(),
	}
}

func (r random) schedule() deployments.Schedule {
	s := deployments.Schedule{Start: stub.Maybe(r, r.Time), Rollout: stub.Maybe(r, r.rollout), Extra: r.Extra()}
	if d, ok := s.Rollout.(*deployments.DateDriven); ok && d.End.Before(s.Start) {
		s.Start = d.End
	}
	return s
}

func (r random) rollout() deployments.Rollout {
	steps := deployments.RolloutBase{BetweenOffers: stub.Maybe(r, r.days), Extra: r.Extra()}
	switch r.IntN(4) {
	case 0:
		return &deployments.RateDriven{RolloutBase: steps, DevicesPerOffer: 1 + r.IntN(math.MaxInt32)}
	case 1:
		return &deployments.DateDriven{RolloutBase: steps, End: r.Time()}
	case 2:
		return &deployments.DurationDriven{RolloutBase: steps, Length: r.days()}
	}
	return &deployments.UnknownRollout{RolloutBase: steps, Kind: "lunarRolloutSettings"}
}

func (r random) monitoring() deployments.Monitoring {
	return deployments.Monitoring{Rules: stub.Some(r, r.rule), Extra: r.Extra()}
}

func (r random) rule() deployments.MonitoringRule {
	rule := []deployments.MonitoringRule{
		deployments.PauseOnRollbacks(1 + r.IntN(100)), deployments.AlertOnRollbacks(1 + r.IntN(100)),
		deployments.FallBackWhenIneligible(), {Signal: "strange", Threshold: r.IntN(1000), Action: "strange"},
	}[r.IntN(4)]
	rule.Extra = r.Extra()
	return rule
}

func (r random) applicability() deployments.Applicability {
	return deployments.Applicability{
		OfferWhileRecommendedBy: stub.Some(r, r.word),
		Safeguard:               deployments.Safeguard{DisabledProfiles: stub.Some(r, r.profile), Extra: r.Extra()},
		Extra:                   r.Extra(),
	}
}

func (r random) profile() deployments.SafeguardProfile {
	return deployments.SafeguardProfile{Category: deployments.SafeguardCategory(r.word()), Extra: r.Extra()}
}

func (r random) experience() deployments.UserExperience {
	return deployments.UserExperience{
		OfferAsOptional: pointer(r, r.Yes), Hotpatch: pointer(r, r.Yes), Extra: r.Extra(),
		DaysUntilForcedReboot: pointer(r, func() int { return r.IntN(math.MaxInt32) }),
	}
}

func (r random) expedite() deployments.Expedite {
	expedited := r.Yes()
	return deployments.Expedite{Expedited: expedited, ReadinessTest: expedited && r.Yes(), Extra: r.Extra()}
}

func (r random) spec() deployments.Spec {
	return deployments.Spec{
		Kind: catalog.KindQuality, EntryID: entryID, Settings: r.settings(), Extra: r.Extra(),
		AudienceID: stub.Maybe(r, func() string { return audienceID }),
	}
}

func (r random) update() deployments.Update {
	return deployments.Update{
		State:          deployments.RequestedState(stub.Maybe(r, r.word)),
		Schedule:       changing(r, r.schedule),
		Monitoring:     changing(r, r.monitoring),
		Applicability:  changing(r, r.applicability),
		UserExperience: changing(r, r.experience),
		Expedite:       changing(r, r.expedite),
		Extra:          r.Extra(),
	}
}

// changing is one of the three that there are.
func changing[T any](r random, make func() T) odata.Change[T] {
	return []odata.Change[T]{{}, odata.Null[T](), odata.Set(make())}[r.IntN(3)]
}

func (r random) deployment() deployments.Deployment {
	return deployments.Deployment{
		ID:       deploymentID,
		State:    stub.Maybe(r, r.state),
		Content:  stub.Maybe(r, r.content),
		Settings: r.settings(),
		Audience: audience.Audience{ID: stub.Maybe(r, r.word), Extra: r.Extra()},
		Created:  stub.Maybe(r, r.Time),
		Modified: stub.Maybe(r, r.Time),
		Extra:    r.Extra(),
	}
}

func (r random) state() deployments.State {
	return deployments.State{
		Effective: deployments.EffectiveState(r.word()), Requested: deployments.RequestedState(r.word()), Extra: r.Extra(),
		Reasons: stub.Some(r, func() deployments.Reason {
			return deployments.Reason{Value: deployments.ReasonValue(r.word()), Extra: r.Extra()}
		}),
	}
}

func (r random) content() deployments.Content {
	base := catalog.Base{ID: r.word(), DisplayName: r.word(), Released: stub.Maybe(r, r.Time), Extra: r.Extra()}
	entry := []catalog.Entry{
		&catalog.FeatureUpdate{Base: base, Version: r.word()}, &catalog.QualityUpdate{Base: base, Expeditable: r.Yes()},
		&catalog.DriverUpdate{Base: base, VersionDate: stub.Maybe(r, r.Time)}, &catalog.RecoveryUpdate{Base: base},
		&catalog.UnknownEntry{Base: base}, nil,
	}
	kinds := []catalog.Kind{catalog.KindFeature, catalog.KindQuality, catalog.KindDriver, catalog.KindRecovery, "lunarCatalogEntry", ""}
	i := r.IntN(len(entry))
	if entry[i] != nil {
		entry[i].Common().Kind = kinds[i]
	}
	return deployments.Content{EntryID: base.ID, Kind: kinds[i], Entry: entry[i], Extra: r.Extra()}
}
