package call_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// throttling is a service that answers with 429 while it is told to, and notes when it accepted a request.
type throttling struct {
	takes      time.Duration
	mu         sync.Mutex
	reject     int // that many requests
	retryAfter string
	accepted   []time.Time
}

func (s *throttling) RoundTrip(req *http.Request) (*http.Response, error) {
	wait(s.takes)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.reject > 0 {
		s.reject--
		return stub.Answer(429, "{}", "Retry-After", s.retryAfter)(req)
	}
	s.accepted = append(s.accepted, time.Now())
	return stub.Read().Success(req)
}

// begin makes the service reject requests from now on.
func (s *throttling) begin(reject int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reject, s.accepted = reject, nil
}

// spread is the time from the first accepted request to the last.
func (s *throttling) spread() time.Duration {
	return s.accepted[len(s.accepted)-1].Sub(s.accepted[0])
}

// wave sends that many reads while the service rejects the first, and returns over which time they were
// accepted.
func (s *throttling) wave(t *testing.T, client *updates.Client, calls int) time.Duration {
	t.Helper()
	s.begin(1)
	var group sync.WaitGroup
	for i := range calls {
		group.Go(func() {
			if err := stub.Read().Run(t.Context(), client); err != nil {
				t.Error(err)
			}
		})
		if i == 0 {
			synctest.Wait() // until the 429 is there
		}
	}
	group.Wait()
	require.Len(t, s.accepted, calls)
	return s.spread()
}

func TestCallsThatAThrottleHeldBackGoOverPaced(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "21 calls, five times", func(t *testing.T) {
		s := &throttling{retryAfter: "10"}
		client := stub.NewClient(t, stub.Token{}, s)
		first := s.wave(t, client, 21)
		require.GreaterOrEqual(t, first, 2*time.Second)
		require.Less(t, first, 3*time.Second, "and not without need")
		for gap := range s.gaps() {
			require.GreaterOrEqual(t, gap, 90*time.Millisecond, "one by one")
		}
		second := s.wave(t, client, 21)
		require.GreaterOrEqual(t, second, 2*first, "half the rate")
		third := s.wave(t, client, 21)
		require.GreaterOrEqual(t, third, 2*second)
		for range 10 {
			s.wave(t, client, 2)
		}
		require.LessOrEqual(t, s.wave(t, client, 2), 10*time.Second, "a pace and no standstill")
	})
}

// Calls that were canceled while they were held back leave no gap: the next one need not wait for their turns.
func TestACanceledCallGivesItsTurnBack(t *testing.T) {
	t.Parallel()
	for name, canceled := range map[string]int{"a few": 5, "many": 300} {
		stub.InBubble(t, name, func(t *testing.T) {
			s := &throttling{retryAfter: "10"}
			client := stub.NewClient(t, stub.Token{}, s)
			s.begin(1)
			var group sync.WaitGroup
			begin := func(ctx context.Context, calls int) {
				for range calls {
					group.Go(func() { _ = stub.Read().Run(ctx, client) })
					synctest.Wait()
				}
			}
			ctx, cancel := context.WithCancel(t.Context())
			begin(t.Context(), 3)
			begin(ctx, canceled)
			begin(t.Context(), 2)
			cancel()
			synctest.Wait()
			start := time.Now()
			err := stub.Read().Run(stub.Within(t, 11*time.Second), client)
			require.NoError(t, err)
			require.LessOrEqual(t, time.Since(start), 10500*time.Millisecond)
			group.Wait()
			require.Len(t, s.accepted, 6)
			for gap := range s.gaps() {
				require.GreaterOrEqual(t, gap, 90*time.Millisecond, "one by one")
			}
		})
	}
}

func (s *throttling) gaps() map[time.Duration]bool {
	gaps := map[time.Duration]bool{}
	for i := 1; i < len(s.accepted); i++ {
		gaps[s.accepted[i].Sub(s.accepted[i-1])] = true
	}
	return gaps
}

func TestRejectionsOfRequestsThatWereUnderWayCountOnce(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "21 of 21", func(t *testing.T) {
		s := &throttling{retryAfter: "10", takes: time.Second}
		client := stub.NewClient(t, stub.Token{}, s)
		s.begin(21)
		_, failed := durations(t, client, 21)
		require.Empty(t, failed)
		require.GreaterOrEqual(t, s.spread(), 2*time.Second)
		require.Less(t, s.spread(), 3*time.Second)
	})
}

func TestThePaceEndsAMinuteAfterTheThrottle(t *testing.T) {
	t.Parallel()
	for name, after := range map[string]string{"10 seconds": "10", "longer than the pace": "90", "none": ""} {
		stub.InBubble(t, name, func(t *testing.T) {
			s := &throttling{retryAfter: after}
			client := stub.NewClient(t, stub.Token{}, s)
			s.wave(t, client, 1)
			wait(58 * time.Second)
			s.begin(0)
			_, failed := durations(t, client, 5)
			require.Empty(t, failed)
			require.GreaterOrEqual(t, s.spread(), 300*time.Millisecond)
			wait(3 * time.Second)
			s.begin(0)
			_, failed = durations(t, client, 100)
			require.Empty(t, failed)
			require.Zero(t, s.spread(), "back to normal")
			first := s.wave(t, client, 21)
			require.Less(t, first, 3*time.Second, "a new throttle begins with the first pace")
		})
	}
}

func TestACallWhoseTurnIsAfterItsDeadlineEndsAtOnce(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "21 calls with 11 seconds", func(t *testing.T) {
		s := &throttling{retryAfter: "10", reject: 1}
		client := stub.NewClient(t, stub.Token{}, s)
		ctx, cancel := context.WithTimeout(t.Context(), 11*time.Second)
		defer cancel()
		began := time.Now()
		var mu sync.Mutex
		held := 0
		var group sync.WaitGroup
		for range 21 {
			group.Go(func() {
				err := stub.Read().Run(ctx, client)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					return
				}
				held++
				if time.Since(began) > 0 || apierr.StatusOf(err) != 0 || !errors.Is(err, apierr.ErrThrottled) {
					t.Error(time.Since(began), err)
				}
				failed, ok := errors.AsType[*apierr.Error](err)
				if !ok || failed.RetryAfter < 11*time.Second || failed.RetryAfter > 12*time.Second {
					t.Error("no delay until the turn", err)
				}
			})
			synctest.Wait()
		}
		group.Wait()
		require.Equal(t, 21, held+len(s.accepted))
		require.InDelta(t, 10, len(s.accepted), 1, "a second at ten a second")
	})
}

func TestADryRunIsHeldBackWithItsClient(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "10 seconds", func(t *testing.T) {
		s := &throttling{retryAfter: "10", reject: 1}
		client := stub.NewClient(t, stub.Token{}, s, stub.Attempts(1))
		require.ErrorIs(t, stub.Read().Run(t.Context(), client), apierr.ErrThrottled)
		began := time.Now()
		_, err := client.DryRun(t.Context(), stub.Remove().Run)
		require.NoError(t, err)
		require.Zero(t, time.Since(began), "a change is not sent")
		_, err = client.DryRun(t.Context(), stub.Read().Run)
		require.NoError(t, err)
		require.Equal(t, 10*time.Second, time.Since(began))
	})
}

func TestARetryAfterThatIsTooLongStartsThePaceAlone(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "a day", func(t *testing.T) {
		s := &throttling{retryAfter: "86400", reject: 1}
		client := stub.NewClient(t, stub.Token{}, s)
		require.ErrorIs(t, stub.Read().Run(t.Context(), client), apierr.ErrThrottled)
		took, failed := durations(t, client, 21)
		require.Empty(t, failed)
		require.Len(t, took, 21)
		require.GreaterOrEqual(t, s.spread(), 2*time.Second)
	})
}

func TestRetryAfterMayHaveAFraction(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{
		"3.5": 3500 * time.Millisecond, " 0.25 ": 250 * time.Millisecond, "7.": 7 * time.Second, ".5": 500 * time.Millisecond,
		"2.000000001": 2*time.Second + 1, "9": 9 * time.Second,
	} {
		for _, status := range []int{429, 503} {
			stub.InBubble(t, fmt.Sprint(header, " ", status), func(t *testing.T) {
				s := stub.Answering(stub.Answer(status, "{}", "Retry-After", header), stub.Read().Success)
				require.NoError(t, stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
				require.Equal(t, []time.Duration{want}, s.Waits())
			})
		}
		t.Run("in an error, "+header, func(t *testing.T) {
			t.Parallel()
			err := stub.Read().Run(t.Context(), stub.Answering(stub.Answer(429, "{}", "Retry-After", header)).Client(t))
			var e *apierr.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, want, e.RetryAfter)
		})
	}
}
