package call_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func TestAThrottledCallWaitsAsLongAsTheServiceAsks(t *testing.T) {
	t.Parallel()
	const skew = time.Hour // between the service's clock and ours
	tests := map[string]func() []string{
		"in seconds": func() []string { return []string{"Retry-After", "9"} },
		"as a date":  func() []string { return []string{"Retry-After", httpDate(9 * time.Second)} },
		"as a date of another clock": func() []string {
			return []string{"Retry-After", httpDate(skew + 9*time.Second), "Date", httpDate(skew)}
		},
	}
	for name, headers := range tests {
		for _, op := range append(stub.Repeatable(), stub.Creates()...) {
			stub.InBubble(t, name+", "+op.Name, func(t *testing.T) {
				s := stub.Answering(stub.Answer(429, "{}", headers()...), op.Success)
				require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
				require.Equal(t, []time.Duration{9 * time.Second}, s.Waits())
			})
		}
	}
}

func TestAThrottledCallWithoutAUsableRetryAfterWaitsShortly(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"", "soon", "-3", "0", "0.0", ".", "1.2.3", "1e3", "NaN", "Inf", "0x10", "1,5", "Mon, 01 Jan 1990 00:00:00 GMT"} {
		stub.InBubble(t, fmt.Sprintf("%q", value), func(t *testing.T) {
			op := stub.Create()
			s := stub.Answering(stub.Answer(429, "{}", "Retry-After", value), op.Success)
			require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
			require.Len(t, s.Waits(), 1)
			require.Positive(t, s.Waits()[0])
			require.LessOrEqual(t, s.Waits()[0], 500*time.Millisecond)
		})
	}
}

func TestARetryAfterThatIsTooLongEndsTheCallAtOnce(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		retryAfter string
		deadline   time.Duration
	}{
		"beyond the bound":        {"121", time.Hour},
		"beyond the deadline":     {"60", 30 * time.Second},
		"beyond any number":       {"99999999999999999999999", time.Hour},
		"beyond any fraction":     {"99999999999999999999999.5", time.Hour},
		"a date beyond the bound": {"Fri, 01 Jan 2100 00:00:00 GMT", time.Hour},
	}
	for name, tt := range tests {
		for _, status := range []int{429, 503} {
			stub.InBubble(t, fmt.Sprint(name, ", ", status), func(t *testing.T) {
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), tt.deadline)
				defer cancel()
				s := stub.Answering(stub.Answer(status, "{}", "Retry-After", tt.retryAfter))
				err := stub.Read().Run(ctx, stub.NewClient(t, stub.Token{}, s))
				require.Zero(t, time.Since(start))
				require.Len(t, s.Requests(), 1)
				require.Equal(t, status, apierr.StatusOf(err))
				require.NotErrorIs(t, err, context.DeadlineExceeded)
				var e *apierr.Error
				require.ErrorAs(t, err, &e)
				require.Greater(t, e.RetryAfter, tt.deadline/61)
			})
		}
	}
}

func TestAFailureThatMayPassIsRepeated(t *testing.T) {
	t.Parallel()
	for _, status := range []int{408, 500, 502, 503, 504} {
		for _, op := range stub.Repeatable() {
			stub.InBubble(t, fmt.Sprint(op.Name, " ", status), func(t *testing.T) {
				s := stub.Answering(stub.Answer(status, stub.HTML, "Content-Type", "text/html"), op.Success)
				require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
				require.Len(t, s.Requests(), 2)
				require.Equal(t, s.Requests()[0].Body, s.Requests()[1].Body)
				require.Zero(t, s.BodiesLeftOpen())
			})
		}
	}
}

func TestACreateThatMayHaveTakenEffectIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, status := range []int{408, 500, 501, 502, 503, 504} {
		for _, op := range stub.Creates() {
			stub.InBubble(t, fmt.Sprint(op.Name, " ", status), func(t *testing.T) {
				s := stub.Answering(stub.Answer(status, stub.HTML, "Content-Type", "text/html", "Retry-After", "1"), op.Success)
				err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
				require.Len(t, s.Requests(), 1)
				require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
				require.ErrorIs(t, err, apierr.ErrUnavailable)
				require.Equal(t, status, apierr.StatusOf(err))
			})
		}
	}
}

func TestARejectionIsNotRepeated(t *testing.T) {
	t.Parallel()
	classes := map[int]error{
		400: apierr.ErrInvalid, 401: apierr.ErrUnauthorized, 402: apierr.ErrForbidden, 403: apierr.ErrForbidden,
		404: apierr.ErrNotFound, 405: apierr.ErrInvalid, 409: apierr.ErrConflict, 410: apierr.ErrNotFound,
		411: apierr.ErrInvalid, 412: apierr.ErrConflict, 415: apierr.ErrInvalid, 422: apierr.ErrInvalid, 423: apierr.ErrConflict,
	}
	for status, class := range classes {
		for _, op := range append(stub.Repeatable(), stub.Creates()...) {
			stub.InBubble(t, fmt.Sprint(op.Name, " ", status), func(t *testing.T) {
				s := stub.Answering(stub.Answer(status, "{}"))
				err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
				require.Len(t, s.Requests(), 1)
				require.ErrorIs(t, err, class)
				require.Equal(t, status, apierr.StatusOf(err))
				require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
			})
		}
	}
}

func TestAConflictIsRepeatedWhereTheServiceAsksForIt(t *testing.T) {
	t.Parallel()
	for _, status := range []int{409, 423} {
		for _, op := range stub.Repeatable() {
			stub.InBubble(t, fmt.Sprint(op.Name, " ", status), func(t *testing.T) {
				s := stub.Answering(stub.Answer(status, "{}", "Retry-After", "3"), op.Success)
				require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
				require.Equal(t, []time.Duration{3 * time.Second}, s.Waits())
			})
		}
		for _, op := range stub.Creates() {
			stub.InBubble(t, fmt.Sprint("not for a ", op.Name, " ", status), func(t *testing.T) {
				s := stub.Answering(stub.Answer(status, "{}", "Retry-After", "3"), op.Success)
				require.ErrorIs(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)), apierr.ErrConflict)
				require.Len(t, s.Requests(), 1)
			})
		}
	}
}

func TestARequestThatWasNeverSentIsRepeated(t *testing.T) {
	t.Parallel()
	failures := map[string]error{
		"no address":    &net.DNSError{Err: "no such host", Name: "graph.microsoft.com"},
		"no connection": stub.ErrRefused,
		"no TLS":        tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"},
	}
	for name, failure := range failures {
		for _, op := range append(stub.Repeatable(), stub.Creates()...) {
			stub.InBubble(t, name+", "+op.Name, func(t *testing.T) {
				s := stub.Answering(stub.Fail(failure), stub.Fail(failure), op.Success)
				require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
				require.Len(t, s.Requests(), 3)

				err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Fail(failure))))
				require.ErrorIs(t, err, apierr.ErrUnavailable)
				require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
				require.Zero(t, apierr.StatusOf(err))
			})
		}
	}
}

func TestAConnectionThatBreaksAfterSendingIsRepeatedExceptForCreates(t *testing.T) {
	t.Parallel()
	for _, op := range stub.Repeatable() {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			s := stub.Answering(stub.Fail(stub.ErrReset), op.Success)
			require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
			require.Len(t, s.Requests(), 2)
		})
	}
	for _, op := range stub.Creates() {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			s := stub.Answering(stub.Fail(stub.ErrReset), op.Success)
			err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
			require.Len(t, s.Requests(), 1)
			require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
			require.ErrorIs(t, err, apierr.ErrUnavailable)
			require.ErrorIs(t, err, stub.ErrReset)
		})
	}
}

func TestARealTransportTellsWhetherARequestWasSent(t *testing.T) {
	t.Parallel()
	atHome := func(o *updates.Options) { o.Endpoint = "http://127.0.0.1" }
	stub.InBubble(t, "no connection", func(t *testing.T) {
		dials := 0
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			dials++
			return nil, errors.New("the proxy is closed")
		}}
		err := stub.Create().Run(t.Context(), stub.NewClient(t, stub.Token{}, transport, atHome))
		require.Equal(t, 5, dials)
		require.ErrorIs(t, err, apierr.ErrUnavailable)
		require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
	})
	stub.InBubble(t, "a connection that breaks", func(t *testing.T) {
		n := &network{conns: make(chan net.Conn), done: make(chan struct{})}
		requests := int64(0)
		defer n.serve(func(i int64, _ http.ResponseWriter) {
			requests = i
			panic(http.ErrAbortHandler)
		})()
		err := stub.Create().Run(t.Context(), stub.NewClient(t, stub.Token{}, n.transport(), atHome))
		require.EqualValues(t, 1, requests)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	})
}

func TestABodyThatBreaksOffIsAFailedAttempt(t *testing.T) {
	t.Parallel()
	for _, op := range []stub.Operation{stub.Read(), stub.List()} {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			s := stub.Answering(stub.BreakOff(200, `{"value":[{"id":`), op.Success)
			require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
			require.Len(t, s.Requests(), 2)
			require.Zero(t, s.BodiesLeftOpen())
		})
	}
	for _, op := range stub.Creates() {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			s := stub.Answering(stub.BreakOff(201, `{"id":"d`), op.Success)
			err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
			require.Len(t, s.Requests(), 1)
			require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
			require.Equal(t, 201, apierr.StatusOf(err))
			require.ErrorContains(t, err, "broke off after 8 bytes")
		})
	}
}

func TestAnErrorWhoseBodyBreaksOffKeepsItsStatus(t *testing.T) {
	t.Parallel()
	s := stub.Answering(stub.BreakOff(404, `{"error":{"co`))
	err := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.Len(t, s.Requests(), 1)
}

func TestARejectedCertificateIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for _, op := range []stub.Operation{stub.Read(), stub.Create()} {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			s := stub.Answering(stub.Fail(&tls.CertificateVerificationError{Err: errors.New("unknown authority")}))
			err := op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s))
			require.Len(t, s.Requests(), 1)
			require.ErrorIs(t, err, apierr.ErrUnavailable)
			require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
		})
	}
}

func TestRetriesEndAfterTheAllowedAttempts(t *testing.T) {
	t.Parallel()
	for _, attempts := range []int{1, 2, 7} {
		stub.InBubble(t, fmt.Sprint(attempts), func(t *testing.T) {
			s := stub.Answering(stub.Answer(503, "{}"))
			err := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, s, func(o *updates.Options) { o.Retry.MaxAttempts = attempts }))
			require.Len(t, s.Requests(), attempts)
			var e *apierr.Error
			require.ErrorAs(t, err, &e)
			require.Equal(t, attempts, e.Attempts)
			require.ErrorIs(t, err, apierr.ErrUnavailable)
			require.Zero(t, s.BodiesLeftOpen())
		})
	}
}

func TestRandomWaitsStayWithinBoundsThatDouble(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "40 attempts", func(t *testing.T) {
		s := stub.Answering(stub.Answer(500, "{}"))
		err := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, s, func(o *updates.Options) {
			o.Retry = updates.RetryOptions{MaxAttempts: 40, BaseDelay: time.Second, MaxDelay: 10 * time.Second}
		}))
		require.ErrorIs(t, err, apierr.ErrUnavailable)
		waits := s.Waits()
		require.Len(t, waits, 39)
		for i, bound := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 10 * time.Second} {
			require.Positive(t, waits[i])
			require.LessOrEqual(t, waits[i], bound)
		}
		require.LessOrEqual(t, slices.Max(waits), 10*time.Second)
		require.Less(t, slices.Min(waits[4:]), 5*time.Second, "the waits are random over the whole bound")
		require.Greater(t, slices.Max(waits[4:]), 5*time.Second, "the waits are random over the whole bound")
	})
	stub.InBubble(t, "bounds at the end of the range", func(t *testing.T) {
		s := stub.Answering(stub.Answer(500, "{}"))
		err := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, s, func(o *updates.Options) {
			o.Retry = updates.RetryOptions{MaxAttempts: 9, BaseDelay: 1, MaxDelay: 1}
		}))
		require.ErrorIs(t, err, apierr.ErrUnavailable)
		require.Len(t, s.Requests(), 9)
	})
}

func TestAContextThatIsDoneBeforeTheCallSendsNothing(t *testing.T) {
	t.Parallel()
	for _, op := range append(stub.Repeatable(), stub.Creates()...) {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			s := stub.Answering(op.Success)
			err := op.Run(ctx, stub.NewClient(t, stub.Token{}, s))
			require.ErrorIs(t, err, context.Canceled)
			require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
			require.Empty(t, s.Requests())
		})
	}
}

func TestAContextThatEndsDuringAnAttemptEndsTheCall(t *testing.T) {
	t.Parallel()
	for _, op := range append(stub.Repeatable(), stub.Creates()...) {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			start := time.Now()
			s := stub.Answering(stub.Hang)
			err := op.Run(ctx, stub.NewClient(t, stub.Token{}, s))
			require.Equal(t, 5*time.Second, time.Since(start))
			require.Len(t, s.Requests(), 1)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.NotErrorIs(t, err, apierr.ErrUnavailable)
			require.Equal(t, changes(op), errors.Is(err, apierr.ErrUnknownOutcome))
		})
	}
}

func TestAContextThatEndsBetweenAttemptsEndsTheCall(t *testing.T) {
	t.Parallel()
	for _, op := range stub.Repeatable() {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer time.AfterFunc(5*time.Second, cancel).Stop()
			start := time.Now()
			s := stub.Answering(stub.Answer(503, "{}", "Retry-After", "60"))
			err := op.Run(ctx, stub.NewClient(t, stub.Token{}, s))
			require.Equal(t, 5*time.Second, time.Since(start))
			require.Len(t, s.Requests(), 1)
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, 503, apierr.StatusOf(err))
			require.Equal(t, changes(op), errors.Is(err, apierr.ErrUnknownOutcome))
		})
	}
}

func changes(op stub.Operation) bool { return op.Name != "read" && op.Name != "list" }

func TestAnAttemptThatTakesTooLongIsAFailedAttempt(t *testing.T) {
	t.Parallel()
	for _, op := range stub.Repeatable() {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			start := time.Now()
			s := stub.Answering(stub.Hang, op.Success)
			require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
			require.GreaterOrEqual(t, time.Since(start), time.Minute)
			require.Less(t, time.Since(start), 61*time.Second)
		})
	}
	stub.InBubble(t, "create", func(t *testing.T) {
		s := stub.Answering(stub.Hang)
		err := stub.Create().Run(t.Context(), stub.NewClient(t, stub.Token{}, s, func(o *updates.Options) { o.AttemptTimeout = time.Second }))
		require.Len(t, s.Requests(), 1)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.ErrorIs(t, err, apierr.ErrUnavailable)
		require.NotErrorIs(t, err, context.DeadlineExceeded, "the caller's context has no deadline")
		require.ErrorContains(t, err, "no complete response within 1s")
	})
}

func TestTheAttemptsTogetherHaveNoLimitButTheContext(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "five minutes", func(t *testing.T) {
		start := time.Now()
		slow := stub.After(50*time.Second, stub.Answer(503, "{}"))
		s := stub.Answering(slow, slow, slow, slow, stub.After(50*time.Second, stub.Read().Success))
		require.NoError(t, stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
		require.GreaterOrEqual(t, time.Since(start), 250*time.Second)
	})
}

func TestATimeoutOfTheTransportIsNotTakenForTheCallers(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "dial timeout", func(t *testing.T) {
		// Timeouts of package net say that they are context.DeadlineExceeded.
		timeout := &net.OpError{Op: "dial", Net: "tcp", Err: fmt.Errorf("i/o timeout: %w", context.DeadlineExceeded)}
		err := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Fail(timeout))))
		require.ErrorIs(t, err, apierr.ErrUnavailable)
	})
}

func TestAThrottleSeenByOneCallHoldsBackTheOthers(t *testing.T) {
	t.Parallel()
	tests := map[string]func(*updates.Options){
		"that is repeated":     func(*updates.Options) {},
		"that is not repeated": func(o *updates.Options) { o.Retry.MaxAttempts = 1 },
	}
	for name, options := range tests {
		stub.InBubble(t, name, func(t *testing.T) {
			s := stub.Answering(stub.Answer(429, "{}", "Retry-After", "10"), stub.Read().Success)
			client := stub.NewClient(t, stub.Token{}, s, options)
			go func() { _ = stub.Read().Run(t.Context(), client) }()
			wait(5 * time.Second)
			require.NoError(t, stub.Read().Run(t.Context(), client))
			require.GreaterOrEqual(t, s.Waits()[0], 10*time.Second)
		})
	}
}

func TestAThrottleThatGrowsHoldsBackThoseWhoWaitAlready(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "10 and then 20 seconds", func(t *testing.T) {
		throttle := func(seconds string) stub.Reply { return stub.Answer(429, "{}", "Retry-After", seconds) }
		s := stub.Answering(stub.After(5*time.Second, throttle("20")), throttle("10"), stub.Read().Success)
		client := stub.NewClient(t, stub.Token{}, s, func(o *updates.Options) { o.Retry.MaxAttempts = 1 })
		slow := make(chan error, 1)
		go func() { slow <- stub.Read().Run(t.Context(), client) }()
		wait(time.Second)
		require.ErrorIs(t, stub.Read().Run(t.Context(), client), apierr.ErrThrottled)
		require.NoError(t, stub.Read().Run(t.Context(), client))
		require.Equal(t, 24*time.Second, s.Waits()[1])
		require.ErrorIs(t, <-slow, apierr.ErrThrottled)
	})
}

func TestACallThatWouldBeHeldBackBeyondItsDeadlineEndsAtOnce(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "60 and 30 seconds", func(t *testing.T) {
		s := stub.Answering(stub.Answer(429, "{}", "Retry-After", "60"))
		client := stub.NewClient(t, stub.Token{}, s, func(o *updates.Options) { o.Retry.MaxAttempts = 1 })
		require.ErrorIs(t, stub.Create().Run(t.Context(), client), apierr.ErrThrottled)
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		err := stub.Create().Run(ctx, client)
		require.Zero(t, time.Since(start))
		require.ErrorIs(t, err, apierr.ErrThrottled)
		require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.Len(t, s.Requests(), 1)
	})
}

func httpDate(fromNow time.Duration) string {
	return time.Now().Add(fromNow).UTC().Format(http.TimeFormat)
}

// wait lets time pass in a bubble.
func wait(d time.Duration) { <-time.After(d) }
