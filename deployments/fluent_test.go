package deployments_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// literals has, for each method that returns changed settings, what it makes of
// the zero settings.
var literals = map[string]struct{ chain, literal deployments.Settings }{
	"StartingAt": {
		deployments.Settings{}.StartingAt(start),
		deployments.Settings{Schedule: deployments.Schedule{Start: start}},
	},
	"RollingOut": {
		deployments.Settings{}.RollingOut(deployments.ByRate(100, 7)),
		deployments.Settings{Schedule: deployments.Schedule{Rollout: &deployments.RateDriven{
			RolloutBase: deployments.RolloutBase{BetweenOffers: 7}, DevicesPerOffer: 100,
		}}},
	},
	"PausingOnRollbacks": {
		deployments.Settings{}.PausingOnRollbacks(5),
		monitored(deployments.MonitoringRule{Signal: "rollback", Threshold: 5, Action: "pauseDeployment"}),
	},
	"AlertingOnRollbacks": {
		deployments.Settings{}.AlertingOnRollbacks(3),
		monitored(deployments.MonitoringRule{Signal: "rollback", Threshold: 3, Action: "alertError"}),
	},
	"FallingBackWhenIneligible": {
		deployments.Settings{}.FallingBackWhenIneligible(),
		monitored(deployments.MonitoringRule{Signal: "ineligible", Action: "offerFallback"}),
	},
	"OfferedAsOptional": {
		deployments.Settings{}.OfferedAsOptional(),
		deployments.Settings{UserExperience: deployments.UserExperience{OfferAsOptional: new(true)}},
	},
	"OfferedAsRequired": {
		deployments.Settings{}.OfferedAsRequired(),
		deployments.Settings{UserExperience: deployments.UserExperience{OfferAsOptional: new(false)}},
	},
	"RestartingWithin": {
		deployments.Settings{}.RestartingWithin(2),
		deployments.Settings{UserExperience: deployments.UserExperience{DaysUntilForcedReboot: new(2)}},
	},
	"DisregardingLikelyIssues": {
		deployments.Settings{}.DisregardingLikelyIssues(),
		disregarding(deployments.SafeguardProfile{Category: "likelyIssues"}),
	},
	"OfferedWhileRecommendedBy": {
		deployments.Settings{}.OfferedWhileRecommendedBy("Microsoft", "Contoso"),
		deployments.Settings{Applicability: deployments.Applicability{OfferWhileRecommendedBy: []string{"Microsoft", "Contoso"}}},
	},
	"OfferingHotpatches": {
		deployments.Settings{}.OfferingHotpatches(),
		deployments.Settings{UserExperience: deployments.UserExperience{Hotpatch: new(true)}},
	},
	"WithholdingHotpatches": {
		deployments.Settings{}.WithholdingHotpatches(),
		deployments.Settings{UserExperience: deployments.UserExperience{Hotpatch: new(false)}},
	},
}

func disregarding(profiles ...deployments.SafeguardProfile) deployments.Settings {
	return deployments.Settings{Applicability: deployments.Applicability{Safeguard: deployments.Safeguard{DisabledProfiles: profiles}}}
}

func TestLikelyIssuesAreDisregardedOnce(t *testing.T) {
	t.Parallel()
	other := deployments.SafeguardProfile{Category: "other"}
	want := disregarding(other, deployments.SafeguardProfile{Category: deployments.SafeguardLikelyIssues})
	require.Equal(t, want, disregarding(other).DisregardingLikelyIssues().DisregardingLikelyIssues())
}

func TestVendorsAreCopiedIntoSettings(t *testing.T) {
	t.Parallel()
	vendors := []string{"Microsoft"}
	made := deployments.Settings{}.OfferedWhileRecommendedBy(vendors...)
	vendors[0] = "Contoso"
	require.Equal(t, []string{"Microsoft"}, made.Applicability.OfferWhileRecommendedBy)
}

func TestEachMethodOfSettingsEqualsItsLiteral(t *testing.T) {
	t.Parallel()
	var methods []string
	for method := range reflect.TypeFor[deployments.Settings]().Methods() {
		if method.Name != "Clone" && method.Type.NumOut() == 1 && method.Type.Out(0) == reflect.TypeFor[deployments.Settings]() {
			methods = append(methods, method.Name)
		}
	}
	for name, c := range literals {
		require.Contains(t, methods, name)
		require.Equal(t, c.literal, c.chain, name)
	}
	require.Len(t, literals, len(methods), "each method has a literal: %v", methods)
}

func TestAChainEqualsItsLiteral(t *testing.T) {
	t.Parallel()
	chain := deployments.ForFeature(entryID).ToAudience(audienceID).With(deployments.Settings{}.
		StartingAt(start).
		RollingOut(deployments.ByDuration(14, 2)).
		PausingOnRollbacks(10).
		AlertingOnRollbacks(5).
		FallingBackWhenIneligible().
		OfferedAsOptional())
	require.Equal(t, deployments.Spec{
		Kind:       catalog.KindFeature,
		EntryID:    entryID,
		AudienceID: audienceID,
		Settings: deployments.Settings{
			Schedule: deployments.Schedule{
				Start:   start,
				Rollout: &deployments.DurationDriven{RolloutBase: deployments.RolloutBase{BetweenOffers: 2}, Length: 14},
			},
			Monitoring: deployments.Monitoring{Rules: []deployments.MonitoringRule{
				{Signal: deployments.SignalRollback, Threshold: 10, Action: deployments.ActionPauseDeployment},
				{Signal: deployments.SignalRollback, Threshold: 5, Action: deployments.ActionAlertError},
				{Signal: deployments.SignalIneligible, Action: deployments.ActionOfferFallback},
			}},
			UserExperience: deployments.UserExperience{OfferAsOptional: new(true)},
		},
	}, chain)
}

func TestTheWayToWriteARolloutDoesNotMatter(t *testing.T) {
	t.Parallel()
	require.Equal(t,
		&deployments.RateDriven{RolloutBase: deployments.RolloutBase{BetweenOffers: 7}, DevicesPerOffer: 100},
		deployments.ByRate(100, 7))
	require.Equal(t, &deployments.DateDriven{RolloutBase: deployments.RolloutBase{BetweenOffers: 7}, End: start},
		deployments.ByDate(start, 7))
	require.Equal(t, &deployments.DurationDriven{RolloutBase: deployments.RolloutBase{BetweenOffers: 7}, Length: 21},
		deployments.ByDuration(21, 7))
}

func TestAMethodKeepsTheOtherSettings(t *testing.T) {
	t.Parallel()
	changed := everything.PausingOnRollbacks(9).OfferedAsRequired().StartingAt(start).RollingOut(everything.Schedule.Rollout)
	want := everything
	want.Monitoring.Rules = append(monitored(want.Monitoring.Rules...).Monitoring.Rules, deployments.PauseOnRollbacks(9))
	want.UserExperience.OfferAsOptional = new(false)
	require.Equal(t, want, changed)
}

func TestAMethodDoesNotChangeWhatItIsCalledOn(t *testing.T) {
	t.Parallel()
	spare := make([]deployments.MonitoringRule, 1, 8)
	spare[0] = deployments.AlertOnRollbacks(1)
	first := deployments.Settings{Monitoring: deployments.Monitoring{Rules: spare}}
	second, third := first.PausingOnRollbacks(2), first.PausingOnRollbacks(3)
	require.Equal(t, monitored(deployments.AlertOnRollbacks(1)), first)
	require.Equal(t, monitored(deployments.AlertOnRollbacks(1), deployments.PauseOnRollbacks(2)), second)
	require.Equal(t, monitored(deployments.AlertOnRollbacks(1), deployments.PauseOnRollbacks(3)), third)
}

func TestAMethodSharesNothingWithItsResult(t *testing.T) {
	t.Parallel()
	methods := map[string]func(deployments.Settings) deployments.Settings{
		"StartingAt":                func(s deployments.Settings) deployments.Settings { return s.StartingAt(start) },
		"PausingOnRollbacks":        func(s deployments.Settings) deployments.Settings { return s.PausingOnRollbacks(1) },
		"OfferedAsOptional":         func(s deployments.Settings) deployments.Settings { return s.OfferedAsOptional() },
		"RestartingWithin":          func(s deployments.Settings) deployments.Settings { return s.RestartingWithin(1) },
		"OfferingHotpatches":        func(s deployments.Settings) deployments.Settings { return s.OfferingHotpatches() },
		"WithholdingHotpatches":     func(s deployments.Settings) deployments.Settings { return s.WithholdingHotpatches() },
		"DisregardingLikelyIssues":  func(s deployments.Settings) deployments.Settings { return s.DisregardingLikelyIssues() },
		"OfferedWhileRecommendedBy": func(s deployments.Settings) deployments.Settings { return s.OfferedWhileRecommendedBy("a") },
		"RollingOut": func(s deployments.Settings) deployments.Settings {
			return s.RollingOut(s.Schedule.Rollout)
		},
		"With": func(s deployments.Settings) deployments.Settings {
			return deployments.ForFeature(entryID).With(s).Settings
		},
		"ToAudience": func(s deployments.Settings) deployments.Settings {
			return deployments.Spec{Settings: s}.ToAudience(audienceID).Settings
		},
	}
	for name, method := range methods {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before := fresh()
			spoil(method(before))
			require.Equal(t, fresh(), before)
		})
	}
}

// fresh are settings with something behind each pointer, slice and map.
func fresh() deployments.Settings {
	rollout := deployments.ByRate(100, 7)
	rollout.Extra = stub.Extra("a", "1")
	return deployments.Settings{
		Schedule: deployments.Schedule{Rollout: rollout, Extra: stub.Extra("b", "1")},
		Monitoring: deployments.Monitoring{
			Rules: []deployments.MonitoringRule{{Signal: "rollback", Threshold: 1, Action: "alertError", Extra: stub.Extra("c", "1")}},
			Extra: stub.Extra("d", "1"),
		},
		UserExperience: deployments.UserExperience{
			OfferAsOptional: new(false), DaysUntilForcedReboot: new(1), Hotpatch: new(false), Extra: stub.Extra("e", "1"),
		},
		Applicability: deployments.Applicability{
			OfferWhileRecommendedBy: []string{"Microsoft"},
			Safeguard: deployments.Safeguard{
				DisabledProfiles: []deployments.SafeguardProfile{{Category: "other", Extra: stub.Extra("g", "1")}},
				Extra:            stub.Extra("h", "1"),
			},
			Extra: stub.Extra("i", "1"),
		},
		Expedite: deployments.Expedite{Extra: stub.Extra("j", "1")},
		Extra:    stub.Extra("f", "1"),
	}
}

// spoil changes what settings point to.
func spoil(s deployments.Settings) {
	steps := s.Schedule.Rollout.Common()
	steps.BetweenOffers = 30
	s.Monitoring.Rules[0].Threshold = 99
	*s.UserExperience.OfferAsOptional, *s.UserExperience.DaysUntilForcedReboot, *s.UserExperience.Hotpatch = true, 99, true
	s.Applicability.OfferWhileRecommendedBy[0] = "Contoso"
	s.Applicability.Safeguard.DisabledProfiles[0].Category = "spoilt"
	clear(s.Applicability.Safeguard.DisabledProfiles[0].Extra)
	clear(s.Applicability.Safeguard.Extra)
	clear(s.Applicability.Extra)
	clear(s.Expedite.Extra)
	clear(steps.Extra)
	clear(s.Schedule.Extra)
	clear(s.Monitoring.Rules[0].Extra)
	clear(s.Monitoring.Extra)
	clear(s.UserExperience.Extra)
	clear(s.Extra)
}

func TestARolloutIsCopiedIntoSettings(t *testing.T) {
	t.Parallel()
	rate, date, duration := deployments.ByRate(1, 1), deployments.ByDate(start, 1), deployments.ByDuration(1, 1)
	unknown := &deployments.UnknownRollout{Kind: "x"}
	made := []deployments.Settings{rolling(rate), rolling(date), rolling(duration), rolling(unknown)}

	rate.DevicesPerOffer, date.End, duration.Length, unknown.Kind = 2, time.Time{}, 2, "y"

	require.Equal(t, []deployments.Settings{
		rolling(deployments.ByRate(1, 1)),
		rolling(deployments.ByDate(start, 1)),
		rolling(deployments.ByDuration(1, 1)),
		rolling(&deployments.UnknownRollout{Kind: "x"}),
	}, made)
}

func TestNoRolloutTakesARolloutAway(t *testing.T) {
	t.Parallel()
	require.Equal(t, deployments.Settings{}, rolling(deployments.ByRate(1, 1)).RollingOut(nil))
}

func TestFieldsAndMethodsAreNeverTheSameWord(t *testing.T) {
	t.Parallel()
	for _, typ := range []reflect.Type{
		reflect.TypeFor[deployments.Settings](), reflect.TypeFor[deployments.Spec](),
		reflect.TypeFor[deployments.Update](),
	} {
		stub.RequireDistinctNames(t, typ)
	}
}
