package deployments_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
)

func TestValuesPrintAsJSONWithTheServicesNames(t *testing.T) {
	t.Parallel()
	for file, value := range map[string]any{
		"printed.json":        get(t, stub.Testdata(t, "created.response.json")),
		"printed-spec.json":   deployments.ForExpedited(entryID).ToAudience(audienceID).With(everything),
		"printed-update.json": everyChange,
	} {
		text, err := json.MarshalIndent(value, "", "  ")
		require.NoError(t, err)
		require.Equal(t, stub.Testdata(t, file), string(text)+"\n", file)
	}
}

// everyChange has each of the three changes.
var everyChange = deployments.Update{
	State:          deployments.RequestPaused,
	Schedule:       odata.Set(rolling(deployments.ByDuration(14, 2)).Schedule),
	Monitoring:     odata.Set(monitored().Monitoring),
	UserExperience: odata.Null[deployments.UserExperience](),
	Extra:          stub.Extra("new", "null"),
}

func TestEachRolloutNamesItsKind(t *testing.T) {
	t.Parallel()
	for text, rollout := range map[string]deployments.Rollout{
		`{"type":"rateDrivenRolloutSettings","durationBetweenOffers":"P7D","devicesPerOffer":100}`:                   deployments.ByRate(100, 7),
		`{"type":"dateDrivenRolloutSettings","endDateTime":"2026-12-01T08:00:00Z"}`:                                  deployments.ByDate(start.UTC(), 0),
		`{"type":"durationDrivenRolloutSettings","durationBetweenOffers":"P1D","durationUntilDeploymentEnd":"P14D"}`: deployments.ByDuration(14, 1),
		`{"extra":{"a":1},"type":"lunarRolloutSettings"}`: &deployments.UnknownRollout{
			Kind: "lunarRolloutSettings", RolloutBase: deployments.RolloutBase{Extra: stub.Extra("a", "1")},
		},
		`{"extra":{"a":1},"type":"rateDrivenRolloutSettings","devicesPerOffer":0}`: &deployments.RateDriven{
			RolloutBase: deployments.RolloutBase{Extra: stub.Extra("a", "1")},
		},
	} {
		written, err := json.Marshal(rollout)
		require.NoError(t, err)
		require.JSONEq(t, text, string(written))
		stub.RequireStored(t, rolling(rollout))
	}
}

func TestARolloutByValueNamesItsKindToo(t *testing.T) {
	t.Parallel()
	for want, value := range map[string]any{
		"rateDrivenRolloutSettings":     deployments.RateDriven{},
		"dateDrivenRolloutSettings":     deployments.DateDriven{},
		"durationDrivenRolloutSettings": deployments.DurationDriven{},
	} {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		require.Contains(t, string(text), `{"type":"`+want+`"`)
	}
}

func TestNothingIsLostOnTheWayThroughJSON(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		r := seeded(seed)
		stub.RequireStored(t, r.settings(), seed)
		stub.RequireStored(t, r.spec(), seed)
		stub.RequireStored(t, r.update(), seed)
		stub.RequireStored(t, r.deployment(), seed)
	}
}

func TestAWrongPartIsAnError(t *testing.T) {
	t.Parallel()
	var d deployments.Deployment
	for text, want := range map[string]string{
		`{"settings":{"schedule":{"gradualRollout":7}}}`:                                                                           "gradualRollout",
		`{"settings":{"schedule":{"gradualRollout":{"type":"dateDrivenRolloutSettings","endDateTime":"soon"}}}}`:                   "gradualRollout",
		`{"settings":{"schedule":{"gradualRollout":{"type":"durationDrivenRolloutSettings","durationUntilDeploymentEnd":"P1M"}}}}`: "P1M",
		`{"settings":{"schedule":{"startDateTime":7}}}`:                                                                            "Time",
		`{"content":{"entry":[]}}`: "entry",
		`{"content":{"entry":{"kind":"featureUpdateCatalogEntry","version":7}}}`: "entry",
		`{"content":{"kind":7}}`: "kind",
	} {
		require.ErrorContains(t, json.Unmarshal([]byte(text), &d), want, text)
	}
	require.Nil(t, d.Settings.Schedule.Rollout)
	require.Nil(t, d.Content.Entry)
}

func TestNullTakesAPartAway(t *testing.T) {
	t.Parallel()
	s := rolling(deployments.ByRate(1, 1)).Schedule
	require.NoError(t, json.Unmarshal([]byte(`{}`), &s))
	require.Equal(t, deployments.ByRate(1, 1), s.Rollout, "what is absent stays, as ever in encoding/json")
	require.NoError(t, json.Unmarshal([]byte(`{"gradualRollout":null}`), &s))
	require.Equal(t, deployments.Schedule{}, s)

	c := deployments.Content{Entry: &catalog.UnknownEntry{}}
	require.NoError(t, json.Unmarshal([]byte(`{"entry":null}`), &c))
	require.Equal(t, deployments.Content{}, c)
}
