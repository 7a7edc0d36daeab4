package deployments_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
)

func TestSettingsShowWhenAllThatIsSetIsThere(t *testing.T) {
	t.Parallel()
	read := settingsWithoutExtra()
	holds := deployments.Settings{}.DisregardingLikelyIssues()
	meteors := disregarding(deployments.SafeguardProfile{Category: "meteors"})
	for name, c := range map[string]struct {
		sent  deployments.Settings
		shown bool
	}{
		"nothing":              {deployments.Settings{}, true},
		"all":                  {read, true},
		"in another zone":      {rolling(deployments.ByRate(100, 0)).StartingAt(start), true},
		"part":                 {deployments.Settings{}.OfferingHotpatches(), true},
		"vendor in other case": {holds.OfferedWhileRecommendedBy("Microsoft"), true},
		"other rollout":        {rolling(deployments.ByRate(99, 1)).StartingAt(start), false},
		"other start":          {rolling(deployments.ByRate(100, 1)), false},
		"other rules":          {deployments.Settings{}.PausingOnRollbacks(6), false},
		"other vendor":         {holds.OfferedWhileRecommendedBy("Contoso"), false},
		"other experience":     {deployments.Settings{}.WithholdingHotpatches(), false},
		"other hold":           {meteors.OfferedWhileRecommendedBy("Microsoft"), false},
		"other expedite":       {readinessTest, false},
		"unknown":              {deployments.Settings{Extra: stub.Extra("a", "1")}, false},
	} {
		require.Equal(t, c.shown, c.sent.ContainedIn(read), name)
	}
	later := deployments.Settings{}.StartingAt(start)
	require.True(t, later.ContainedIn(later), "all at once")
}

// Nothing is known of members that the SDK does not recognize, wherever they are.
func TestSettingsWithUnknownMembersNeverShow(t *testing.T) {
	t.Parallel()
	for i := range extras(new(settingsWithoutExtra())) {
		sent := settingsWithoutExtra()
		require.True(t, sent.ContainedIn(settingsRead()), i)
		*extras(&sent)[i] = stub.Extra("a", "1")
		require.False(t, sent.ContainedIn(settingsRead()), i)
		require.True(t, sent.EquivalentTo(settingsRead()), i)
	}
}

// extras are the members of settings, and of all in them, that the SDK does not
// know.
func extras(s *deployments.Settings) []*map[string]json.RawMessage {
	return []*map[string]json.RawMessage{
		&s.Extra, &s.Schedule.Extra, &s.Schedule.Rollout.Common().Extra, &s.Monitoring.Extra, &s.Monitoring.Rules[0].Extra,
		&s.Applicability.Extra, &s.Applicability.Safeguard.Extra, &s.Applicability.Safeguard.DisabledProfiles[0].Extra,
		&s.UserExperience.Extra, &s.Expedite.Extra,
	}
}

func settingsWithoutExtra() deployments.Settings {
	return expedited.RollingOut(deployments.ByRate(100, 1)).StartingAt(start.UTC()).PausingOnRollbacks(5).
		OfferedWhileRecommendedBy("microsoft").DisregardingLikelyIssues().OfferingHotpatches()
}

// settingsRead are settings as the service may have them.
func settingsRead() deployments.Settings {
	read := settingsWithoutExtra()
	read.Expedite.Extra, read.Monitoring.Rules[0].Extra = stub.Extra("new", "1"), stub.Extra("new", "1")
	return read
}

func TestSettingsMayBeWhatTheServiceMakesOfThem(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(*deployments.Settings){
		"all":                        func(*deployments.Settings) {},
		"no step":                    func(s *deployments.Settings) { s.Schedule.Rollout = deployments.ByRate(100, 0) },
		"a part of a second":         func(s *deployments.Settings) { s.Schedule.Start = start.Add(time.Millisecond) },
		"a vendor in capitals":       func(s *deployments.Settings) { s.Applicability.OfferWhileRecommendedBy = []string{"MICROSOFT"} },
		"no experience":              func(s *deployments.Settings) { s.UserExperience = deployments.UserExperience{} },
		"an unknown rollout":         func(s *deployments.Settings) { s.Schedule.Rollout = &deployments.UnknownRollout{Kind: "lunar"} },
		"more members":               func(s *deployments.Settings) { s.Extra = stub.Extra("a", "1") },
		"more members of schedule":   func(s *deployments.Settings) { s.Schedule.Extra = stub.Extra("a", "1") },
		"more members of monitoring": func(s *deployments.Settings) { s.Monitoring.Extra = stub.Extra("a", "1") },
		"more members of vendors":    func(s *deployments.Settings) { s.Applicability.Extra = stub.Extra("a", "1") },
		"more members of safeguards": func(s *deployments.Settings) { s.Applicability.Safeguard.Extra = stub.Extra("a", "1") },
		"more members of a hold": func(s *deployments.Settings) {
			s.Applicability.Safeguard.DisabledProfiles[0].Extra = stub.Extra("a", "1")
		},
		"more members of experience": func(s *deployments.Settings) { s.UserExperience.Extra = stub.Extra("a", "1") },
	} {
		sent := settingsRead()
		leave(&sent)
		require.True(t, sent.EquivalentTo(settingsRead()), name)
	}
	lunar := rolling(&deployments.UnknownRollout{Kind: "lunar"})
	require.True(t, rolling(deployments.ByRate(100, 1)).EquivalentTo(lunar))
}

func TestSettingsAreNotWhatDiffersFromThem(t *testing.T) {
	t.Parallel()
	for name, differ := range map[string]func(*deployments.Settings){
		"another rollout":    func(s *deployments.Settings) { s.Schedule.Rollout = deployments.ByRate(99, 1) },
		"another start":      func(s *deployments.Settings) { s.Schedule.Start = start.Add(time.Second) },
		"another rule":       func(s *deployments.Settings) { s.Monitoring.Rules[0] = deployments.AlertOnRollbacks(5) },
		"another vendor":     func(s *deployments.Settings) { s.Applicability.OfferWhileRecommendedBy = []string{"Contoso"} },
		"another hold":       func(s *deployments.Settings) { s.Applicability.Safeguard.DisabledProfiles[0].Category = "meteors" },
		"another experience": func(s *deployments.Settings) { s.UserExperience.Hotpatch = new(false) },
		"another urgency":    func(s *deployments.Settings) { s.Expedite.ReadinessTest = true },
		"one more setting":   func(s *deployments.Settings) { s.UserExperience.OfferAsOptional = new(false) },
		"no start":           func(s *deployments.Settings) { s.Schedule.Start = time.Time{} },
		"no rollout":         func(s *deployments.Settings) { s.Schedule.Rollout = nil },
		"no schedule":        func(s *deployments.Settings) { s.Schedule = deployments.Schedule{} },
		"no monitoring":      func(s *deployments.Settings) { s.Monitoring = deployments.Monitoring{} },
		"no applicability":   func(s *deployments.Settings) { s.Applicability = deployments.Applicability{} },
		"no safeguard":       func(s *deployments.Settings) { s.Applicability.Safeguard = deployments.Safeguard{} },
		"no expedite":        func(s *deployments.Settings) { s.Expedite = deployments.Expedite{} },
		"nothing":            func(s *deployments.Settings) { *s = deployments.Settings{} },
	} {
		sent := settingsRead()
		differ(&sent)
		require.False(t, sent.EquivalentTo(settingsRead()), name)
	}
}

func TestANilRolloutIsComparedAsNone(t *testing.T) {
	t.Parallel()
	none := rolling((*deployments.RateDriven)(nil))
	require.True(t, none.EquivalentTo(deployments.Settings{}))
	require.False(t, none.EquivalentTo(rolling(deployments.ByRate(1, 1))))
	require.False(t, none.ContainedIn(rolling(deployments.ByRate(1, 1))))
}

// What another program set is seen from both sides, save where the service fills
// in what was left to it.
func TestSettingsThatMayBeTheSameAreSoBothWays(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		r := seeded(seed)
		one := r.settings()
		other := []deployments.Settings{one.Clone(), r.settings(), {}}[r.IntN(3)]
		one.UserExperience, other.UserExperience = deployments.UserExperience{}, deployments.UserExperience{}
		require.True(t, one.EquivalentTo(one), "seed %d", seed)
		require.Equal(t, one.EquivalentTo(other), other.EquivalentTo(one), "seed %d", seed)
	}
}

func TestACloneSharesNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		original := seeded(seed).settings()
		want, err := json.Marshal(original)
		require.NoError(t, err)
		clone := original.Clone()
		require.Equal(t, original, clone, "seed %d", seed)

		for i := range clone.Monitoring.Rules {
			clone.Monitoring.Rules[i] = deployments.MonitoringRule{}
		}
		for _, members := range []map[string]json.RawMessage{clone.Extra, clone.Schedule.Extra, clone.UserExperience.Extra} {
			for name := range members {
				members[name] = json.RawMessage(`"other"`)
			}
		}
		if clone.UserExperience.Hotpatch != nil {
			*clone.UserExperience.Hotpatch = !*clone.UserExperience.Hotpatch
		}
		got, err := json.Marshal(original)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "seed %d", seed)
	}
}
