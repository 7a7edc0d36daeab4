package deployments_test

import (
	"cmp"
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// failedWait is a wait that must fail, and how long it took.
func failedWait(t *testing.T, client *updates.Client, id string, want deployments.EffectiveState) (*deployments.WaitError, time.Duration) {
	t.Helper()
	began := time.Now()
	d, err := client.Deployments().WaitForState(stub.Within(t, time.Hour), id, want, nil)
	require.Nil(t, d)
	failed, ok := errors.AsType[*deployments.WaitError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, want, failed.Want)
	return failed, time.Since(began)
}

// pausedByRule is a deployment that a monitoring rule paused.
func pausedByRule(t *testing.T, client *updates.Client, service *simulator.Server) *deployments.Deployment {
	t.Helper()
	d := deploy(t, client, 10, deployments.Settings{}.PausingOnRollbacks(10))
	<-time.After(time.Minute) // until the devices are there
	require.NoError(t, service.ReportRollback(d.ID, stub.DeviceIDs(1)...))
	return d
}

func TestAWaitOutlivesTheOldState(t *testing.T) {
	t.Parallel()
	lag := &simulator.Options{Lag: 50 * time.Second}
	stub.InBubble(t, "after Resume", func(t *testing.T) {
		client, _ := stub.OnSimulator(t, lag)
		d := create(t, client, deployments.Settings{})
		require.NoError(t, client.Deployments().Pause(t.Context(), d.ID))
		d, err := client.Deployments().WaitForState(t.Context(), d.ID, deployments.StatePaused, nil)
		require.NoError(t, err)
		<-time.After(time.Hour)
		require.NoError(t, client.Deployments().Resume(t.Context(), d.ID))
		_, err = client.Deployments().WaitForState(t.Context(), d.ID, deployments.StateOffering, nil)
		require.NoError(t, err)
	})
	stub.InBubble(t, "after ClearMonitoringRules", func(t *testing.T) {
		client, service := stub.OnSimulator(t, lag)
		d := pausedByRule(t, client, service)
		require.NoError(t, client.Deployments().ClearMonitoringRules(t.Context(), d.ID))
		_, err := client.Deployments().WaitForState(t.Context(), d.ID, deployments.StateOffering, nil)
		require.NoError(t, err)
	})
	stub.InBubble(t, "after Reschedule", func(t *testing.T) {
		client, _ := stub.OnSimulator(t, lag)
		d := create(t, client, deployments.Settings{})
		require.NoError(t, client.Deployments().Reschedule(t.Context(), d.ID, time.Now().Add(week)))
		_, err := client.Deployments().WaitForState(t.Context(), d.ID, deployments.StateScheduled, nil)
		require.NoError(t, err)
	})
}

func TestAPauseByMonitoringThatStaysEndsAWait(t *testing.T) {
	t.Parallel()
	for name, vices := range map[string]simulator.Quirks{"with reasons": {}, "without": {OmitReasons: true}} {
		for _, want := range []deployments.EffectiveState{deployments.StateOffering, deployments.StateScheduled} {
			stub.InBubble(t, name+", "+string(want), func(t *testing.T) {
				client, service := stub.OnSimulator(t, &simulator.Options{Quirks: vices})
				d := pausedByRule(t, client, service)
				failed, took := failedWait(t, client, d.ID, want)
				require.ErrorIs(t, failed, deployments.ErrStateUnreachable)
				require.ErrorIs(t, failed, deployments.ErrPausedByMonitoring)
				require.Equal(t, deployments.StatePaused, failed.Last.State.Effective)
				require.GreaterOrEqual(t, took, 2*time.Minute)
				require.Less(t, took, 6*time.Minute)
			})
		}
	}
}

func TestOtherWaitsGoOnThroughAPauseByMonitoring(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		d := pausedByRule(t, client, service)
		failed, took := failedWait(t, client, d.ID, deployments.StateArchived)
		require.ErrorIs(t, failed, context.DeadlineExceeded)
		require.Equal(t, time.Hour, took)
	})
}

func TestAWaitForWhatIsOverEndsAtOnce(t *testing.T) {
	t.Parallel()
	for _, want := range []deployments.EffectiveState{
		deployments.StateOffering, deployments.StateScheduled, deployments.StatePaused, deployments.StateFaulted,
	} {
		stub.InBubble(t, "archived, "+string(want), func(t *testing.T) {
			client, _ := stub.OnSimulator(t, nil)
			d := create(t, client, deployments.Settings{})
			require.NoError(t, client.Deployments().Archive(t.Context(), d.ID))
			failed, took := failedWait(t, client, d.ID, want)
			require.ErrorIs(t, failed, deployments.ErrStateUnreachable)
			require.Zero(t, took)
		})
	}
	for _, want := range []deployments.EffectiveState{deployments.StateOffering, deployments.StateScheduled, deployments.StatePaused} {
		stub.InBubble(t, "faulted, "+string(want), func(t *testing.T) {
			client, service := stub.OnSimulator(t, nil)
			d := create(t, client, deployments.Settings{})
			require.NoError(t, service.OutdateContent(d.Content.EntryID))
			failed, took := failedWait(t, client, d.ID, want)
			require.EqualError(t, failed, "deployments.WaitForState: state can no longer be reached: "+
				"the deployment is faulted; create another one; "+
				"waited for \""+string(want)+"\", last observed \"faulted\" (faultedByContentOutdated)")
			require.Zero(t, took)
		})
	}
}

func TestAFaultedDeploymentCanBeArchived(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, &simulator.Options{Lag: time.Minute})
		d := create(t, client, deployments.Settings{})
		require.NoError(t, service.OutdateContent(d.Content.EntryID))
		require.NoError(t, client.Deployments().Archive(t.Context(), d.ID))
		_, err := client.Deployments().WaitForState(t.Context(), d.ID, deployments.StateArchived, nil)
		require.NoError(t, err)
	})
}

func TestADeploymentThatHasStartedIsNotScheduledAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		failed, took := failedWait(t, client, create(t, client, deployments.Settings{}).ID, deployments.StateScheduled)
		require.ErrorIs(t, failed, deployments.ErrStateUnreachable)
		require.NotErrorIs(t, failed, deployments.ErrPausedByMonitoring)
		require.GreaterOrEqual(t, took, 2*time.Minute)
	})
}

// What is settled is settled after the time of the options.
func TestTheTimeToSettleIsThatOfTheOptions(t *testing.T) {
	t.Parallel()
	for _, settle := range []time.Duration{0, 20 * time.Second, 30 * time.Minute} {
		stub.InBubble(t, settle.String(), func(t *testing.T) {
			opts := &deployments.PollOptions{SettleTime: settle, MaxInterval: time.Minute}
			wait := func(replies ...stub.Reply) (time.Duration, error) {
				began := time.Now()
				client := stub.Answering(replies...).Client(t).Deployments()
				_, err := client.WaitForState(stub.Within(t, time.Hour), deploymentID, deployments.StateScheduled, opts)
				return time.Since(began), err
			}
			want := cmp.Or(settle, 2*time.Minute)
			offering := answer(200, `{"state":{"effectiveValue":"offering"}}`)
			for _, replies := range [][]stub.Reply{{offering}, {answer(200, whole)}, {answer(200, `{"state":7}`)}, {offering, answer(404, "")}} {
				took, err := wait(replies...)
				require.NotErrorIs(t, err, context.DeadlineExceeded)
				require.GreaterOrEqual(t, took, want)
				require.LessOrEqual(t, took, want+2*time.Minute)
			}
			took, err := wait(answer(200, `{"state":{"effectiveValue":"archived"}}`))
			require.ErrorIs(t, err, deployments.ErrStateUnreachable)
			require.Zero(t, took, "what is final need not settle")
		})
	}
}

func TestADeadlineTellsTheLastState(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "paused on request", func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		d := create(t, client, deployments.Settings{})
		require.NoError(t, client.Deployments().Pause(t.Context(), d.ID))
		failed, took := failedWait(t, client, d.ID, deployments.StateOffering)
		require.ErrorIs(t, failed, context.DeadlineExceeded)
		require.NotErrorIs(t, failed, deployments.ErrStateUnreachable)
		require.EqualError(t, failed,
			`deployments.WaitForState: context deadline exceeded; waited for "offering", last observed "paused" (pausedByRequest)`)
		require.Equal(t, d.ID, failed.Last.ID)
		require.Equal(t, time.Hour, took)
	})
	stub.InBubble(t, "never observed", func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		service.FailRandomly(1, simulator.Throttle().RetryAfter(time.Minute), 1)
		failed, took := failedWait(t, client, deploymentID, deployments.StateOffering)
		require.Nil(t, failed.Last)
		require.ErrorContains(t, failed, "never observed")
		require.LessOrEqual(t, took, time.Hour)
	})
}

func TestAWaitNeedsAState(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	_, err := client.Deployments().WaitForState(t.Context(), deploymentID, "", nil)
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.EqualError(t, err, "deployments.WaitForState: want must not be empty")
	require.Empty(t, service.Requests())
}

func TestWaitForDeletionSeesTheEnd(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "with lag", func(t *testing.T) {
		client, _ := stub.OnSimulator(t, &simulator.Options{Lag: time.Hour})
		d := create(t, client, deployments.Settings{})
		require.NoError(t, client.Deployments().Delete(t.Context(), d.ID))
		began := time.Now()
		require.NoError(t, client.Deployments().WaitForDeletion(t.Context(), d.ID, nil))
		require.InDelta(t, 61, time.Since(began).Minutes(), 5)
	})
	stub.InBubble(t, "missing once", func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		d := create(t, client, deployments.Settings{})
		service.FailNext(1, simulator.Status(404))
		err := client.Deployments().WaitForDeletion(stub.Within(t, time.Hour), d.ID, nil)
		require.EqualError(t, err, `deployments.WaitForDeletion: context deadline exceeded; waited for deletion,`+
			` last observed "offering"`)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
	stub.InBubble(t, "refused", func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		service.FailRandomly(1, simulator.Status(403), 1)
		require.ErrorIs(t, client.Deployments().WaitForDeletion(t.Context(), deploymentID, nil), apierr.ErrForbidden)
	})
}

func TestADeploymentIsDeletedWhenTwoConsecutivePollsMissIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		there, gone := answer(200, `{"id":"d1"}`), answer(404, "")
		service := stub.Answering(gone, there, gone, there, gone, gone, there)
		require.NoError(t, service.Client(t).Deployments().WaitForDeletion(t.Context(), "d1", nil))
		require.Len(t, service.Requests(), 6)
	})
}
