package deployments_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Input that means something else than it says is refused.

func TestAnExpeditedUpdateHasNoScheduleAndNoRules(t *testing.T) {
	t.Parallel()
	none := deployments.Settings{}
	for want, settings := range map[string]deployments.Settings{
		"Settings.Schedule.Start must be zero for an expedited update (got 2026-12-01T08:00:00Z)": none.StartingAt(start),
		"Settings.Schedule.Rollout must be nil for an expedited update (got 1 device every day)":  none.RollingOut(deployments.ByRate(1, 1)),
		"Settings.Monitoring.Rules must be empty except for feature updates":                      none.PausingOnRollbacks(5),
	} {
		for _, spec := range []deployments.Spec{deployments.ForExpedited("e"), deployments.ForReadinessTest("e")} {
			err := spec.With(settings).Validate()
			require.ErrorIs(t, err, apierr.ErrInvalid)
			require.EqualError(t, err, want)
			require.NoError(t, spec.With(none.RestartingWithin(2)).Validate())
		}
	}
	both := deployments.Update{Schedule: odata.Set(deployments.Schedule{Start: start}), Expedite: odata.Set(expedited.Expedite)}
	require.EqualError(t, both.Validate(), "Schedule.Start must be zero for an expedited update (got 2026-12-01T08:00:00Z)")
}

func TestARolloutDoesNotEndBeforeItStarts(t *testing.T) {
	t.Parallel()
	settings := deployments.Settings{}.StartingAt(start).RollingOut(deployments.ByDate(start.Add(-time.Second), 1))
	require.EqualError(t, settings.Validate(),
		"Settings.Schedule.Rollout.End must not be before Settings.Schedule.Start (got 2026-12-01T07:59:59Z)")
	require.NoError(t, settings.RollingOut(deployments.ByDate(start, 1)).Validate())
	require.NoError(t, settings.StartingAt(time.Time{}).Validate(), "without a start only a clock can tell")
}

func TestRescheduleDoesNotMoveTheStartBehindTheEnd(t *testing.T) {
	t.Parallel()
	body := scheduled(`{"@odata.type":"#` + namespace + `dateDrivenRolloutSettings","endDateTime":"2026-12-24T00:00:00Z"}`)
	service := stub.Answering(answer(200, body))
	err := service.Client(t).Deployments().Reschedule(t.Context(), deploymentID, time.Date(2026, 12, 25, 0, 0, 0, 0, time.UTC))
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.EqualError(t, err, "deployments.Reschedule: start must not be after Rollout.End 2026-12-24T00:00:00Z (got 2026-12-25T00:00:00Z)")
	require.Len(t, service.Requests(), 1, "nothing was changed")
}

func TestRescheduleRejectsAYearThatCreateRejects(t *testing.T) {
	t.Parallel()
	service := stub.Answering()
	late := time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	err := service.Client(t).Deployments().Reschedule(t.Context(), deploymentID, late)
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.ErrorContains(t, err, "deployments.Reschedule: start must be in the years 1 to 9999 (got 10000-")
	require.Empty(t, service.Requests())
}

func TestAStateThatTheServiceDoesNotHaveIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	for _, want := range []deployments.EffectiveState{"pausd", "Paused", "none"} {
		service := stub.Answering()
		_, err := service.Client(t).Deployments().WaitForState(t.Context(), deploymentID, want, nil)
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.ErrorContains(t, err, "want must be scheduled, offering, paused, faulted, or archived (got "+strconv.Quote(string(want))+")")
		require.Empty(t, service.Requests())
	}
}

func TestSettingsThatAreGivenTwiceAreNotLost(t *testing.T) {
	t.Parallel()
	first := deployments.Settings{}.RollingOut(deployments.ByRate(100, 7)).PausingOnRollbacks(5)
	spec := deployments.ForFeature("e").With(first).With(deployments.Settings{}.OfferedAsOptional().PausingOnRollbacks(10))
	require.Equal(t, first.OfferedAsOptional().PausingOnRollbacks(10), spec.Settings, "a part that is given again is replaced")
}

func TestOneThresholdForEachSignalAndAction(t *testing.T) {
	t.Parallel()
	settings := deployments.Settings{}.PausingOnRollbacks(5).AlertingOnRollbacks(2).FallingBackWhenIneligible().
		PausingOnRollbacks(10).FallingBackWhenIneligible()
	require.Equal(t, []deployments.MonitoringRule{
		deployments.PauseOnRollbacks(10), deployments.AlertOnRollbacks(2), deployments.FallBackWhenIneligible(),
	}, settings.Monitoring.Rules)
}
