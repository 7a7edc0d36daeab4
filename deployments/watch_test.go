package deployments_test

import (
	"context"
	"fmt"
	"reflect"
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

// told is a state in short.
func told(d *deployments.Deployment) string {
	text := string(d.State.Effective) + "/" + string(d.State.Requested)
	for _, reason := range d.State.Reasons {
		text += " " + string(reason.Value)
	}
	return text
}

func TestAWatchYieldsTheFirstStateAndEachChange(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "with lag", func(t *testing.T) {
		client, service := stub.OnSimulator(t, &simulator.Options{Lag: 20 * time.Second})
		ctx := stub.Within(t, 10*week)
		d := deploy(t, client, 10, deployments.Settings{}.StartingAt(time.Now().Add(10*time.Hour)).PausingOnRollbacks(10))
		steps := []func() error{
			func() error { return nil }, // it starts with its schedule
			func() error { return service.ReportRollback(d.ID, stub.DeviceIDs(1)...) },
			func() error { return client.Deployments().Pause(ctx, d.ID) },
			func() error { return client.Deployments().ClearMonitoringRules(ctx, d.ID) },
			func() error { return client.Deployments().Resume(ctx, d.ID) },
			func() error { return client.Deployments().Archive(ctx, d.ID) },
			func() error { return client.Deployments().Delete(ctx, d.ID) },
		}
		var seen []string
		var end error
		for d, err := range client.Deployments().Watch(ctx, d.ID, nil) {
			if err != nil {
				require.Nil(t, d)
				end = err
				continue
			}
			require.NoError(t, steps[len(seen)]())
			seen = append(seen, told(d))
		}
		require.Equal(t, []string{
			"scheduled/none scheduledByOfferWindow", "offering/none", "paused/none pausedByMonitoring",
			"paused/paused pausedByRequest pausedByMonitoring", "paused/paused pausedByRequest",
			"offering/none", "archived/archived",
		}, seen)
		require.ErrorIs(t, end, apierr.ErrNotFound)
		require.ErrorContains(t, end, "deployments.Watch")
	})
}

func TestTheOrderOfReasonsIsNoChange(t *testing.T) {
	t.Parallel()
	state := func(reasons string) stub.Reply {
		return answer(200, `{"state":{"effectiveValue":"paused","requestedValue":"paused","reasons":[`+reasons+`]}}`)
	}
	synctest.Test(t, func(t *testing.T) {
		s := stub.Answering(state(`{"value":"a"},{"value":"b"}`), state(`{"value":"b"},null,{"value":"a"}`), state(`{"value":"a"}`))
		n := 0
		for _, err := range s.Client(t).Deployments().Watch(t.Context(), deploymentID, nil) {
			require.NoError(t, err)
			if n++; n == 2 {
				break
			}
		}
		require.Len(t, s.Requests(), 3)
	})
}

func TestAWatchYieldsTheContextsErrorOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		d := create(t, client, deployments.Settings{})
		began := time.Now()
		var errs []error
		for _, err := range client.Deployments().Watch(stub.Within(t, 10*time.Hour), d.ID, nil) {
			errs = append(errs, err)
		}
		require.Len(t, errs, 2)
		require.NoError(t, errs[0])
		require.ErrorIs(t, errs[1], context.DeadlineExceeded)
		require.Equal(t, 10*time.Hour, time.Since(began))
		require.Less(t, len(service.Requests()), 10*12*4/3+20, "pauses grow")
	})
}

func TestAWatchThatIsLeftAsksNoMore(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	d := create(t, client, deployments.Settings{})
	watch := client.Deployments().Watch(t.Context(), d.ID, nil)
	service.ClearRequests()
	for range 2 {
		for seen, err := range watch {
			require.NoError(t, err)
			require.Equal(t, d.ID, seen.ID)
			break
		}
	}
	require.Len(t, service.Requests(), 2, "one for each range")
}

func TestCancellingAWatchStopsTheAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		d := create(t, client, deployments.Settings{})
		service.FailNext(1, simulator.Hang())
		service.ClearRequests()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		began := time.Now()
		for _, err := range client.Deployments().Watch(ctx, d.ID, nil) {
			require.ErrorIs(t, err, context.Canceled)
		}
		require.Equal(t, time.Second, time.Since(began))
		require.Len(t, service.Requests(), 1)
	})
}

func TestADeploymentThatIsMissingForAWhileIsNotDeleted(t *testing.T) {
	t.Parallel()
	missing := simulator.Match{Method: "GET", Path: "/deployments/{}"}
	for name, after := range map[string]time.Duration{"at first": 0, "in between": 9 * time.Hour} {
		stub.InBubble(t, name, func(t *testing.T) {
			client, service := stub.OnSimulator(t, nil)
			d := create(t, client, deployments.Settings{}.StartingAt(time.Now().Add(10*time.Hour)))
			time.AfterFunc(after, func() { service.FailNext(4, simulator.Status(404), missing) })
			seen, err := client.Deployments().WaitForState(t.Context(), d.ID, deployments.StateOffering, nil)
			require.NoError(t, err)
			require.Equal(t, deployments.StateOffering, seen.State.Effective)
		})
	}
}

func TestARejectionIsWaitedOutAsLongAsTheServiceAsks(t *testing.T) {
	t.Parallel()
	for status, after := range map[int]time.Duration{404: 9 * time.Minute, 409: 10 * time.Minute, 423: 11 * time.Minute} {
		stub.InBubble(t, fmt.Sprint(status), func(t *testing.T) {
			client, service := stub.OnSimulator(t, nil)
			d := create(t, client, deployments.Settings{}.StartingAt(time.Now().Add(time.Hour)))
			service.ClearRequests()
			for seen, err := range client.Deployments().Watch(t.Context(), d.ID, nil) {
				require.NoError(t, err)
				if seen.State.Effective == deployments.StateOffering {
					break
				}
				service.FailNext(4, simulator.Status(status).RetryAfter(after), simulator.Match{Method: "GET"})
			}
			requests := service.Requests()
			for i := range 4 {
				require.Equal(t, status, requests[1+i].Status)
				require.Equal(t, 2*time.Minute, requests[2+i].Time.Sub(requests[1+i].Time), "the longest Retry-After of a call")
			}
			require.Equal(t, 200, requests[5].Status)
		})
	}
}

func TestADeploymentThatNeverWasIsNotFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		began := time.Now()
		n := 0
		for d, err := range client.Deployments().Watch(t.Context(), deploymentID, nil) {
			n++
			require.Nil(t, d)
			require.ErrorIs(t, err, apierr.ErrNotFound)
		}
		require.Equal(t, 1, n)
		require.GreaterOrEqual(t, time.Since(began), 2*time.Minute, "it may not show yet")
	})
}

func TestRejectionsEndAWatchAtOnce(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	service.FailRandomly(1, simulator.Status(403), 1)
	for _, err := range client.Deployments().Watch(t.Context(), deploymentID, nil) {
		require.ErrorIs(t, err, apierr.ErrForbidden)
	}
	for _, err := range client.Deployments().Watch(t.Context(), "", nil) {
		require.ErrorIs(t, err, apierr.ErrInvalid)
	}
	for _, err := range (deployments.Client{}).Watch(t.Context(), deploymentID, nil) {
		require.Error(t, err)
	}
}

func TestPausesMustNotBeNegative(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	wrong := &deployments.PollOptions{InitialInterval: -1, MaxInterval: -time.Second, SettleTime: -2}
	for _, err := range client.Deployments().Watch(t.Context(), deploymentID, wrong) {
		require.EqualError(t, err, "deployments.Watch: PollOptions.InitialInterval must not be negative (got -1ns); "+
			"PollOptions.MaxInterval must not be negative (got -1s); "+
			"PollOptions.SettleTime must not be negative (got -2ns)")
	}
	require.ErrorIs(t, client.Deployments().WaitForDeletion(t.Context(), deploymentID, wrong), apierr.ErrInvalid)
	require.Empty(t, service.Requests())
}

func TestThePausesAreThoseOfTheOptions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		d := create(t, client, deployments.Settings{})
		service.ClearRequests()
		opts := &deployments.PollOptions{InitialInterval: time.Minute, MaxInterval: time.Hour}
		var ended error
		for _, err := range client.Deployments().Watch(stub.Within(t, 100*time.Hour), d.ID, opts) {
			ended = err
		}
		require.ErrorIs(t, ended, context.DeadlineExceeded)
		requests := service.Requests()
		require.InDelta(t, 53, requests[1].Time.Sub(requests[0].Time).Seconds(), 8)
		last := len(requests) - 1
		require.InDelta(t, 53, requests[last].Time.Sub(requests[last-1].Time).Minutes(), 8)
	})
}

// eachQuirk is every quirk by itself, and all of them at once.
func eachQuirk() map[string]simulator.Quirks {
	var all simulator.Quirks
	quirks := map[string]simulator.Quirks{"none": {}}
	for i := range reflect.TypeFor[simulator.Quirks]().NumField() {
		var one simulator.Quirks
		reflect.ValueOf(&one).Elem().Field(i).SetBool(true)
		reflect.ValueOf(&all).Elem().Field(i).SetBool(true)
		quirks[reflect.TypeFor[simulator.Quirks]().Field(i).Name] = one
	}
	quirks["all"] = all
	return quirks
}

// eachFailure is what can happen to a share of the requests.
func eachFailure() map[string]simulator.Failure {
	return map[string]simulator.Failure{
		"throttled":            simulator.Throttle(),
		"throttled for a time": simulator.Throttle().RetryAfter(20 * time.Second),
		"throttled by date":    simulator.Throttle().RetryAfterDate(20 * time.Second),
		"unavailable":          simulator.Status(503),
		"broken":               simulator.Break(),
		"broken body":          simulator.BreakBody(),
		"gateway":              simulator.HTML(502),
		"silent":               simulator.Hang(),
		"not found":            simulator.Status(404),
		"locked":               simulator.Status(423),
	}
}

func TestAWaitEndsRightUnderEveryQuirk(t *testing.T) {
	t.Parallel()
	for name, quirks := range eachQuirk() {
		stub.InBubble(t, name, func(t *testing.T) {
			client, service := stub.OnSimulator(t, &simulator.Options{Lag: 30 * time.Second})
			d := create(t, client, deployments.Settings{}.StartingAt(time.Now().Add(3*time.Hour)))
			service.SetQuirks(quirks)
			waitToTheEnd(t, client, d.ID, quirks.UnknownValues)
		})
	}
}

func TestAWaitEndsRightThroughFailures(t *testing.T) {
	t.Parallel()
	for name, failure := range eachFailure() {
		for seed := range uint64(3) {
			stub.InBubble(t, fmt.Sprint(name, seed), func(t *testing.T) {
				client, service := stub.OnSimulator(t, &simulator.Options{Lag: 30 * time.Second})
				d := create(t, client, deployments.Settings{}.StartingAt(time.Now().Add(3*time.Hour)))
				service.FailRandomly(0.3, failure, seed, simulator.Match{Method: "GET"})
				waitToTheEnd(t, client, d.ID, false)
			})
		}
	}
}

// waitToTheEnd waits for the start of a deployment and for its end. States that are
// unknown values end no wait but the deadline.
func waitToTheEnd(t *testing.T, client *updates.Client, id string, isUnknown bool) {
	t.Helper()
	d, err := client.Deployments().WaitForState(stub.Within(t, 24*time.Hour), id, deployments.StateOffering, nil)
	if isUnknown {
		require.ErrorIs(t, err, context.DeadlineExceeded)
	} else {
		require.NoError(t, err)
		require.Equal(t, deployments.StateOffering, d.State.Effective)
	}
	require.NoError(t, client.Deployments().Delete(t.Context(), id))
	require.NoError(t, client.Deployments().WaitForDeletion(stub.Within(t, time.Hour), id, nil))
}
