package call

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

var pauses = Intervals{InitialInterval: 2 * time.Second, MaxInterval: time.Minute}

// waited is how long Next took.
func waited(t *testing.T, p *Poll, err error) time.Duration {
	t.Helper()
	start := time.Now()
	require.NoError(t, p.Next(t.Context(), err))
	return time.Since(start)
}

func TestPausesGrowUpToTheLongest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := NewPoll(pauses)
		for _, most := range []time.Duration{2, 4, 8, 16, 32, 60, 60, 60} {
			got := waited(t, p, nil)
			require.LessOrEqual(t, got, most*time.Second)
			require.GreaterOrEqual(t, got, most*time.Second*3/4)
		}
		p.Changed()
		require.LessOrEqual(t, waited(t, p, nil), 2*time.Second, "a change begins again")
	})
}

func TestALongestPauseBelowTheFirstIsNotTaken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := NewPoll(Intervals{InitialInterval: time.Minute, MaxInterval: time.Second})
		for range 3 {
			require.GreaterOrEqual(t, waited(t, p, nil), 45*time.Second)
		}
	})
}

func TestRetryAfterIsThePauseUpToItsBound(t *testing.T) {
	t.Parallel()
	for asked, want := range map[time.Duration]time.Duration{
		90 * time.Second: 90 * time.Second, 2 * time.Minute: 2 * time.Minute, 24 * time.Hour: 2 * time.Minute,
	} {
		synctest.Test(t, func(t *testing.T) {
			throttled := &apierr.Error{Status: 429, RetryAfter: asked}
			require.Equal(t, want, waited(t, NewPoll(pauses), throttled))
		})
	}
	synctest.Test(t, func(t *testing.T) {
		cfg := config(answer(200, "", nil))
		cfg.Retry.MaxRetryAfter = 10 * time.Minute
		client, err := New(cfg)
		require.NoError(t, err)
		ctx := t.Context()
		end := client.Span(&ctx, "x.WaitForState")
		defer end(&err)
		began := time.Now()
		require.NoError(t, NewPoll(pauses).Next(ctx, &apierr.Error{Status: 503, RetryAfter: time.Hour}))
		require.Equal(t, 10*time.Minute, time.Since(began), "the bound of the client")
	})
}

func TestAWaitIsWithoutJudgement(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, refusal := NewPoll(pauses), &apierr.Error{Status: 423, RetryAfter: 100 * time.Second}
		for range maxFailures + 1 {
			start := time.Now()
			require.NoError(t, p.Wait(t.Context(), refusal))
			require.Equal(t, 100*time.Second, time.Since(start), "as long as the service asks")
		}
		require.LessOrEqual(t, waited(t, p, &apierr.Error{Status: 503}), time.Minute, "and counts no failure")
	})
}

func TestPausesAreWhatIsAskedForOrTheDefault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ asked, want Intervals }{
		"nothing": {Intervals{}, pauses},
		"first":   {Intervals{InitialInterval: time.Hour}, Intervals{InitialInterval: time.Hour, MaxInterval: pauses.MaxInterval}},
		"longest": {Intervals{MaxInterval: time.Hour}, Intervals{InitialInterval: pauses.InitialInterval, MaxInterval: time.Hour}},
		"both":    {Intervals{1, 2}, Intervals{1, 2}},
	} {
		got, err := IntervalsOf("Options", c.asked, pauses)
		require.NoError(t, err, name)
		require.Equal(t, c.want, got, name)
	}
}

func TestNegativePausesAreNamedEach(t *testing.T) {
	t.Parallel()
	const (
		first   = "Options.InitialInterval must not be negative (got -1ns)"
		longest = "Options.MaxInterval must not be negative (got -1m0s)"
	)
	for want, asked := range map[string]Intervals{
		first:                  {InitialInterval: -1},
		longest:                {MaxInterval: -time.Minute},
		first + "\n" + longest: {InitialInterval: -1, MaxInterval: -time.Minute},
	} {
		_, err := IntervalsOf("Options", asked, pauses)
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, apierr.ErrInvalid)
	}
}

func TestWhatAWriteMayNotShowYetIsWaitedFor(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 409, 410, 423} {
		synctest.Test(t, func(t *testing.T) {
			p, refusal := NewPoll(pauses), &apierr.Error{Status: status}
			waited(t, p, refusal)
			<-time.After(SettleTime)
			require.ErrorIs(t, p.Next(t.Context(), refusal), refusal, "and not for ever")
		})
	}
}

func TestARejectionIsBelievedWhenTheTimeThatItAsksForIsOver(t *testing.T) {
	t.Parallel()
	for _, status := range []int{404, 409, 423} {
		synctest.Test(t, func(t *testing.T) {
			p, refusal, began := NewPoll(pauses), &apierr.Error{Status: status, RetryAfter: 7 * time.Minute}, time.Now()
			for range 4 {
				require.NoError(t, p.Next(t.Context(), refusal))
			}
			require.ErrorIs(t, p.Next(t.Context(), refusal), refusal)
			require.Equal(t, 8*time.Minute, time.Since(began))
		})
	}
	require.Equal(t, SettleTime, SettleTimeAfter(errors.New("other"), SettleTime))
	require.Equal(t, 15*time.Minute, SettleTimeAfter(&apierr.Error{RetryAfter: 24 * time.Hour}, SettleTime))
}

func TestOtherRejectionsEndAPoll(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 405} {
		refusal := &apierr.Error{Status: status}
		require.ErrorIs(t, NewPoll(pauses).Next(t.Context(), refusal), refusal)
	}
}

func TestAPollOutlivesAnOutage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p, down := NewPoll(pauses), &apierr.Error{Status: 503}
		for range maxFailures - 1 {
			waited(t, p, down)
		}
		waited(t, p, nil)
		for range maxFailures - 1 {
			waited(t, p, down)
		}
		require.ErrorIs(t, p.Next(t.Context(), down), down, "but not one without end")
	})
}

func TestTheOutermostOperationIsNamedAlone(t *testing.T) {
	t.Parallel()
	require.NoError(t, Named("things.Watch", nil))
	failed := fmt.Errorf("at night: %w", &apierr.Error{Op: "things.Get", Status: 404})
	err := Named("things.Watch", failed)
	require.EqualError(t, err, "things.Watch: at night: 404")
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.ErrorIs(t, err, failed)
	require.Equal(t, 404, apierr.StatusOf(err))
	require.Equal(t, err, Named("things.Watch", err))
	require.EqualError(t, Named("things.List", err), "things.List: at night: 404")
	both := errors.Join(&apierr.Error{Op: "things.Get", Status: 403}, &apierr.Error{Op: "things.Get", Status: 500})
	require.EqualError(t, Named("things.List", both), "things.List: 403; 500")
	require.EqualError(t, Named("things.List", &apierr.Error{Op: "things.Get", Status: 403}), "things.List: 403")
	err = Named("things.Watch", context.Canceled)
	require.EqualError(t, err, "things.Watch: context canceled")
	require.ErrorIs(t, err, context.Canceled)
}

func TestTheContextEndsAPause(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		cause := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(cause) })
		start := time.Now()
		require.ErrorIs(t, NewPoll(Intervals{time.Hour, time.Hour}).Next(ctx, nil), context.Canceled)
		require.Equal(t, time.Second, time.Since(start))
	})
}

func TestAWaitThatRunsOutSaysWhatTheLastLookFailedWith(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		poll := NewPoll(Intervals{InitialInterval: time.Second, MaxInterval: time.Second})
		throttled := &apierr.Error{Op: "x.Get", Status: http.StatusTooManyRequests, RetryAfter: time.Hour}
		err := Named("x.WaitForState", poll.Next(ctx, throttled))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.NotErrorIs(t, err, apierr.ErrThrottled, "that was waited out")
		require.ErrorContains(t, err, "x.WaitForState: context deadline exceeded; the last poll had failed: 429")
		require.Equal(t, ctx.Err(), poll.Next(ctx, nil), "a look that did not fail is no reason")
	})
}

func TestSettleTimeBeginsWithTheFirstFailureInARow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		poll := NewPoll(Intervals{InitialInterval: time.Minute, MaxInterval: time.Minute})
		locked := &apierr.Error{Op: "x.Get", Status: http.StatusLocked}
		for range 5 {
			require.NoError(t, poll.Next(t.Context(), nil))
		}
		require.NoError(t, poll.Next(t.Context(), locked))
		require.NoError(t, poll.Next(t.Context(), nil))
		require.NoError(t, poll.Next(t.Context(), locked))
		require.NoError(t, poll.Next(t.Context(), locked))
		require.NoError(t, poll.Next(t.Context(), locked))
		require.Equal(t, locked, poll.Next(t.Context(), locked))
	})
}
