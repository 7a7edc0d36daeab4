package deployments_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const week = 7 * 24 * time.Hour

// deploy enrolls n devices and deploys a feature update to them.
func deploy(t *testing.T, client *updates.Client, n int, settings deployments.Settings) *deployments.Deployment {
	t.Helper()
	ids := stub.DeviceIDs(n)
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, nil))
	d := create(t, client, settings)
	require.NoError(t, client.Audiences().AddDevices(t.Context(), audience.OfDeployment(d.ID), ids, nil))
	return d
}

func create(t *testing.T, client *updates.Client, settings deployments.Settings) *deployments.Deployment {
	t.Helper()
	entry, err := client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
	require.NoError(t, err)
	d, err := client.Deployments().Create(t.Context(), deployments.ForFeature(entry.ID).With(settings))
	require.NoError(t, err)
	return d
}

// requireState reads a deployment and checks its state and, if one is given, the reason for it.
func requireState(t *testing.T, client *updates.Client, id string, want deployments.EffectiveState, reason deployments.ReasonValue) {
	t.Helper()
	d, err := client.Deployments().Get(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, want, d.State.Effective)
	if want == deployments.StateOffering {
		require.Empty(t, d.State.Reasons)
	}
	require.True(t, reason == "" || d.State.HasReason(reason), "%v", d.State.Reasons)
}

func TestAReasonToOfferIsReadFromServicesThatSendIt(t *testing.T) {
	t.Parallel()
	client := stub.Answering(stub.Answer(200,
		`{"id":"d","state":{"effectiveValue":"offering","requestedValue":"none","reasons":[{"value":"offeringByRequest"}]}}`)).Client(t)
	d, err := client.Deployments().Get(t.Context(), "d")
	require.NoError(t, err)
	require.True(t, d.State.HasReason(deployments.ReasonOfferingByRequest))
}

func TestTheScenarioOfThePage(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	ctx := t.Context()
	d := deploy(t, client, 250, deployments.Settings{}.RollingOut(deployments.ByRate(100, 7)).PausingOnRollbacks(5).OfferedAsRequired())
	requireState(t, client, d.ID, deployments.StateOffering, "")
	require.Len(t, service.Offers(d.ID), 100)

	require.NoError(t, client.Deployments().Pause(ctx, d.ID))
	requireState(t, client, d.ID, deployments.StatePaused, deployments.ReasonPausedByRequest)
	service.Advance(week)
	require.Len(t, service.Offers(d.ID), 100, "a pause holds the offers back")
	require.NoError(t, client.Deployments().Resume(ctx, d.ID))
	requireState(t, client, d.ID, deployments.StateOffering, "")
	require.Len(t, service.Offers(d.ID), 200)

	for _, offer := range service.Offers(d.ID)[:9] {
		require.NoError(t, service.ReportRollback(d.ID, offer.DeviceID))
	}
	requireState(t, client, d.ID, deployments.StateOffering, "")
	require.NoError(t, service.ReportRollback(d.ID, service.Offers(d.ID)[9].DeviceID))
	requireState(t, client, d.ID, deployments.StatePaused, deployments.ReasonPausedByMonitoring)
	service.Advance(week)
	require.Len(t, service.Offers(d.ID), 200)

	require.ErrorIs(t, client.Deployments().Resume(ctx, d.ID), deployments.ErrPausedByMonitoring)
	requireState(t, client, d.ID, deployments.StatePaused, deployments.ReasonPausedByMonitoring)
	require.NoError(t, client.Deployments().SetMonitoringRules(ctx, d.ID, deployments.PauseOnRollbacks(10)))
	requireState(t, client, d.ID, deployments.StateOffering, "")
	require.Len(t, service.Offers(d.ID), 250)
}

func TestClearingTheRulesLiftsAPauseByMonitoring(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	d := deploy(t, client, 10, deployments.Settings{}.PausingOnRollbacks(100).AlertingOnRollbacks(50))
	require.NoError(t, service.ReportRollback(d.ID, stub.DeviceIDs(10)...))
	require.Len(t, service.Alerts(), 1)
	requireState(t, client, d.ID, deployments.StatePaused, deployments.ReasonPausedByMonitoring)

	require.NoError(t, client.Deployments().ClearMonitoringRules(t.Context(), d.ID))

	requireState(t, client, d.ID, deployments.StateOffering, "")
	read, err := client.Deployments().Get(t.Context(), d.ID)
	require.NoError(t, err)
	require.Empty(t, read.Settings.Monitoring.Rules)
}

func TestResumeWithdrawsItsRequestAndLeavesMonitoring(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	d := deploy(t, client, 10, deployments.Settings{}.PausingOnRollbacks(10))
	require.NoError(t, client.Deployments().Pause(t.Context(), d.ID))
	require.NoError(t, service.ReportRollback(d.ID, stub.DeviceIDs(1)...))

	require.ErrorIs(t, client.Deployments().Resume(t.Context(), d.ID), deployments.ErrPausedByMonitoring)

	read, err := client.Deployments().Get(t.Context(), d.ID)
	require.NoError(t, err)
	require.Equal(t, deployments.RequestNone, read.State.Requested)
	require.True(t, read.State.HasReason(deployments.ReasonPausedByMonitoring))
	require.False(t, read.State.HasReason(deployments.ReasonPausedByRequest))
}

func TestADeploymentStartsWithItsSchedule(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		d := deploy(t, client, 30, deployments.Settings{}.StartingAt(time.Now().Add(48*time.Hour)).RollingOut(deployments.ByRate(10, 1)))
		require.Equal(t, deployments.StateScheduled, d.State.Effective)
		<-time.After(48*time.Hour - time.Second)
		requireState(t, client, d.ID, deployments.StateScheduled, deployments.ReasonScheduledByOfferWindow)
		require.Empty(t, service.Offers(d.ID))
		<-time.After(time.Second)
		requireState(t, client, d.ID, deployments.StateOffering, "")
		require.Len(t, service.Offers(d.ID), 10)
		<-time.After(24 * time.Hour)
		require.Len(t, service.Offers(d.ID), 20)
	})
}

func TestRescheduleMovesTheStartAndKeepsTheRollout(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	ctx := t.Context()
	d := deploy(t, client, 30, deployments.Settings{}.StartingAt(service.Now().Add(week)).RollingOut(deployments.ByRate(10, 1)))

	later := service.Now().Add(2 * week).Truncate(time.Second)
	require.NoError(t, client.Deployments().Reschedule(ctx, d.ID, later))
	service.Advance(week)
	requireState(t, client, d.ID, deployments.StateScheduled, "")
	read, err := client.Deployments().Get(ctx, d.ID)
	require.NoError(t, err)
	require.Equal(t, deployments.Schedule{Start: later, Rollout: deployments.ByRate(10, 1)}, read.Settings.Schedule)

	require.NoError(t, client.Deployments().Reschedule(ctx, d.ID, time.Time{}))
	requireState(t, client, d.ID, deployments.StateOffering, "")
	require.Len(t, service.Offers(d.ID), 10)
}

func TestWhatIsCreatedIsReadBack(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	at := service.Now().Add(week).Truncate(time.Second)
	for name, settings := range map[string]deployments.Settings{
		"nothing":     {},
		"by rate":     deployments.Settings{}.StartingAt(at).RollingOut(deployments.ByRate(100, 7)),
		"by date":     rolling(deployments.ByDate(at, 30)),
		"by duration": rolling(deployments.ByDuration(14, 1)),
		"three rules": deployments.Settings{}.PausingOnRollbacks(5).AlertingOnRollbacks(1).FallingBackWhenIneligible(),
		"optional":    deployments.Settings{}.OfferedAsOptional(),
		"required":    deployments.Settings{}.OfferedAsRequired(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			made := create(t, client, settings)
			read, err := client.Deployments().Get(t.Context(), made.ID)
			require.NoError(t, err)
			for _, d := range []*deployments.Deployment{made, read} {
				require.NotEmpty(t, d.Audience.ID)
				require.Equal(t, settings.Schedule, d.Settings.Schedule)
				require.Equal(t, settings.Monitoring.Rules, d.Settings.Monitoring.Rules)
				require.Equal(t, settings.UserExperience, d.Settings.UserExperience)
			}
		})
	}
}

func TestAnUpdateReplacesOnlyWhatItNames(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	ctx := t.Context()
	d := create(t, client, rolling(deployments.ByRate(100, 7)).PausingOnRollbacks(5).OfferedAsOptional())
	settingsOf := func() deployments.Settings {
		read, err := client.Deployments().Get(ctx, d.ID)
		require.NoError(t, err)
		return read.Settings
	}

	require.NoError(t, client.Deployments().Update(ctx, d.ID, deployments.Update{UserExperience: odata.Null[deployments.UserExperience]()}))
	require.Nil(t, settingsOf().UserExperience.OfferAsOptional)
	require.Equal(t, deployments.ByRate(100, 7), settingsOf().Schedule.Rollout)

	require.NoError(t, client.Deployments().Update(ctx, d.ID, deployments.Update{
		State: deployments.RequestPaused, Schedule: odata.Null[deployments.Schedule](),
	}))
	require.Nil(t, settingsOf().Schedule.Rollout)
	require.Equal(t, []deployments.MonitoringRule{deployments.PauseOnRollbacks(5)}, settingsOf().Monitoring.Rules)
	requireState(t, client, d.ID, deployments.StatePaused, deployments.ReasonPausedByRequest)
}

func TestAnArchivedDeploymentCannotBeResumed(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	d := deploy(t, client, 30, rolling(deployments.ByRate(10, 1)))
	require.NoError(t, client.Deployments().Archive(t.Context(), d.ID))
	service.Advance(week)
	requireState(t, client, d.ID, deployments.StateArchived, "")
	require.Len(t, service.Offers(d.ID), 10)
	require.ErrorIs(t, client.Deployments().Resume(t.Context(), d.ID), deployments.ErrStateUnreachable)
}

func TestADeletedDeploymentNoLongerExists(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	d := create(t, client, deployments.Settings{})
	require.NoError(t, client.Deployments().Delete(t.Context(), d.ID))
	_, err := client.Deployments().Get(t.Context(), d.ID)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.ErrorIs(t, client.Deployments().Delete(t.Context(), d.ID), apierr.ErrNotFound)
}

func TestOutdatedContentFaultsItsDeployment(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	d := create(t, client, deployments.Settings{})
	require.NoError(t, service.OutdateContent(d.Content.EntryID))
	requireState(t, client, d.ID, deployments.StateFaulted, deployments.ReasonFaultedByContentOutdated)
}

func TestIneligibleDevicesAreOfferedTheFallback(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	d := deploy(t, client, 3, deployments.Settings{}.StartingAt(service.Now().Add(week)).FallingBackWhenIneligible())
	require.NoError(t, service.ReportIneligible(d.ID, stub.DeviceIDs(1)...))
	service.Advance(week)
	offers := service.Offers(d.ID)
	require.Len(t, offers, 3)
	for _, offer := range offers {
		require.Equal(t, offer.DeviceID == stub.DeviceIDs(1)[0], offer.Fallback)
	}
}

func TestAChangeShowsAfterTheServiceHasAppliedIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, &simulator.Options{Lag: time.Minute})
		d := deploy(t, client, 5, deployments.Settings{})
		requireMembers(t, client, d.ID, 0)
		require.NoError(t, client.Deployments().Pause(t.Context(), d.ID))
		requireState(t, client, d.ID, deployments.StateOffering, "")
		<-time.After(time.Minute)
		requireMembers(t, client, d.ID, 5)
		requireState(t, client, d.ID, deployments.StatePaused, deployments.ReasonPausedByRequest)
		require.NoError(t, client.Deployments().Delete(t.Context(), d.ID))
		requireState(t, client, d.ID, deployments.StatePaused, "")
		<-time.After(time.Minute)
		_, err := client.Deployments().Get(t.Context(), d.ID)
		require.ErrorIs(t, err, apierr.ErrNotFound)
		require.Nil(t, service.Offers(d.ID))
	})
}

func requireMembers(t *testing.T, client *updates.Client, deploymentID string, want int) {
	t.Helper()
	members, err := client.Audiences().ListMembers(audience.OfDeployment(deploymentID), nil).Collect(t.Context(), 1000)
	require.NoError(t, err)
	require.Len(t, members, want)
}

func TestDeploymentsOfOneAudienceAreFound(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	ctx := t.Context()
	shared, err := client.Audiences().Create(ctx)
	require.NoError(t, err)
	other := create(t, client, deployments.Settings{})
	mine, err := client.Deployments().Create(ctx, deployments.ForFeature(other.Content.EntryID).ToAudience(shared.ID))
	require.NoError(t, err)
	require.Equal(t, shared.ID, mine.Audience.ID)

	found, err := client.Deployments().List(&odata.Query{Filter: "audience/id eq '" + shared.ID + "'"}).Collect(ctx, 10)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, mine.ID, found[0].ID)
	require.ErrorIs(t, client.Audiences().Delete(ctx, shared.ID), apierr.ErrConflict)
}
