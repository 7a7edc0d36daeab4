package deployments_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
)

func TestValuesPrintOneLine(t *testing.T) {
	t.Parallel()
	monday := time.Date(2026, 11, 30, 6, 0, 0, 0, time.UTC)
	extra := map[string]json.RawMessage{"moon": []byte(`{}`), "sun": []byte(`1`)}
	weekly := deployments.Settings{}.StartingAt(monday).RollingOut(deployments.ByRate(100, 7)).PausingOnRollbacks(5)
	paused := deployments.State{
		Effective: deployments.StatePaused, Requested: deployments.RequestPaused,
		Reasons: []deployments.Reason{{Value: deployments.ReasonPausedByRequest}},
	}
	for want, value := range map[string]any{
		"paused, requested paused (pausedByRequest)": paused,
		"offering":      deployments.State{Effective: deployments.StateOffering, Requested: deployments.RequestNone},
		"unknown state": deployments.State{},
		"deployment d1 of featureUpdate e1 to audience a1; paused, requested paused (pausedByRequest); " +
			"100 devices every 7 days from 2026-11-30T06:00:00Z, rollback at 5%: pauseDeployment": &deployments.Deployment{
			ID: "d1", State: paused, Settings: weekly, Audience: audience.Audience{ID: "a1"},
			Content: deployments.Content{Kind: catalog.KindFeature, EntryID: "e1"},
		},
		"deployment d2 of unknown content; unknown state; all devices simultaneously": deployments.Deployment{ID: "d2"},
		"deployment of featureUpdate e1; all devices simultaneously":                  deployments.ForFeature("e1"),
		"1 device every day":                               deployments.ByRate(1, 0),
		"every 2 days until 2026-11-30T06:00:00Z":          deployments.ByDate(monday, 2),
		"every 7 days for 28 days":                         *deployments.ByDuration(28, 7),
		"unknown rollout lunar every day, extra moon, sun": &deployments.UnknownRollout{Kind: "lunar", RolloutBase: deployments.RolloutBase{Extra: extra}},
		"all devices simultaneously":                       deployments.Settings{},
		"all devices simultaneously, expedited":            deployments.Settings{Expedite: deployments.Expedite{Expedited: true}},
		"all devices simultaneously, restart within 1 day, readiness test": deployments.Settings{
			Expedite: deployments.Expedite{Expedited: true, ReadinessTest: true},
		}.RestartingWithin(1),
		"all devices simultaneously, ineligible: offerFallback, recommended by A or B, disregarding likelyIssues, required, " +
			"without hotpatches, extra moon, sun": deployments.Settings{Extra: extra}.FallingBackWhenIneligible().
			OfferedWhileRecommendedBy("A", "B").DisregardingLikelyIssues().OfferedAsRequired().WithholdingHotpatches(),
	} {
		require.Equal(t, want, fmt.Sprint(value))
	}
}

func TestNoValuePrintsAPointerOrAMap(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		r := seeded(seed)
		settings := r.settings()
		for _, value := range []any{
			settings, settings.Schedule, settings.Monitoring, settings.Applicability, settings.UserExperience, settings.Expedite,
			&deployments.Deployment{Settings: settings, Extra: r.Extra()}, deployments.Spec{Settings: settings, Extra: r.Extra()},
		} {
			text := fmt.Sprint(value)
			require.NotRegexp(t, `0x[0-9a-f]+|map\[|%!|[{}\n]`, text)
		}
	}
}
