package call

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/winupdates/winupdates-go/internal/httptime"
)

// MaxRetryAfter is the default of the field of that name.
const MaxRetryAfter = 2 * time.Minute

// Retry says how often and how long a call is tried. All values are set.
type Retry struct {
	MaxAttempts   int
	BaseDelay     time.Duration
	MaxDelay      time.Duration
	MaxRetryAfter time.Duration
}

// retrier resends attempts that failed, if another attempt may succeed.
type retrier struct {
	next      *attempt
	policy    Retry
	throttle  *throttle
	isDryRun  bool
	log       *slog.Logger
	telemetry *telemetry
}

// send returns when there is no further attempt. The result of the last one is in the
// record.
func (t *retrier) send(req *http.Request, rec *record) {
	for {
		if rec.err = t.pass(req, rec); rec.err != nil {
			return
		}
		t.next.send(req, rec)
		delay, bounded := t.policy.delay(rec)
		if rec.throttled() {
			t.hold(rec, t.policy.holding(delay))
		}
		if !bounded || !t.policy.again(rec, delay) {
			return
		}
		if rec.throttled() {
			continue // pass waits
		}
		if err := t.wait(rec, delay); err != nil {
			rec.err = err
			return
		}
	}
}

// wait logs the attempt that it waits for.
func (t *retrier) wait(rec *record, d time.Duration) error {
	if t.log.Enabled(rec.ctx, slog.LevelDebug) {
		t.log.LogAttrs(rec.ctx, slog.LevelDebug, "wait", slog.String("op", rec.op.Name), slog.Duration("wait", d),
			slog.Int("attempt", rec.attempts+1), slog.String("client_request_id", rec.clientRequestID))
	}
	return sleep(rec.ctx, d)
}

// delay is how long to wait before another attempt: what the service asks for, or
// else a random time. It also says whether what the service asks for is within
// the bound.
func (p Retry) delay(rec *record) (time.Duration, bool) {
	if after, _ := httptime.RetryAfter(rec.header); after > 0 && rec.err == nil {
		return after, after <= p.MaxRetryAfter
	}
	if rec.err == nil && rec.status == http.StatusNotFound {
		bound := p.bound(rec.attempts)
		return bound - random(rec.ctx, bound/4+1), true // a short delay would waste the attempt
	}
	return p.backoff(rec.ctx, rec.attempts), true
}

// holding is how long a throttle with this delay holds back the other calls: not at all if it is
// too long to wait for, since each of them can learn that from the service.
func (p Retry) holding(delay time.Duration) time.Duration {
	if delay > p.MaxRetryAfter {
		return 0
	}
	return delay
}

// again decides whether there is another attempt after a delay. There is none when the caller's
// deadline comes first: the call then ends immediately.
func (p Retry) again(rec *record, delay time.Duration) bool {
	return rec.ctx.Err() == nil && rec.attempts < p.MaxAttempts && isRetryable(rec) && !endsWithin(rec.ctx, delay)
}

func endsWithin(ctx context.Context, d time.Duration) bool {
	deadline, ok := ctx.Deadline()
	return ok && time.Until(deadline) <= d
}

// isRetryable holds the rules: a create is retried only if it is certain that nothing was
// created.
func isRetryable(rec *record) bool {
	if rec.op.Kind == Create && rec.ambiguous {
		return false
	}
	if rec.err != nil {
		return rec.proxy == "" && !isCertificateError(rec.err) && !isFinal(rec.err)
	}
	switch rec.status {
	case http.StatusTooManyRequests:
		return true
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case http.StatusNotFound:
		return rec.maybeDeleted() && !rec.alreadyDeleted() || rec.isForNewObject()
	case http.StatusConflict, http.StatusLocked:
		_, asked := httptime.RetryAfter(rec.header)
		return asked && rec.op.Kind != Create
	}
	return false
}

// backoff is a random part of the bound.
func (p Retry) backoff(ctx context.Context, attempts int) time.Duration {
	return random(ctx, p.bound(attempts)) + 1
}

// bound doubles with each attempt.
func (p Retry) bound(attempts int) time.Duration {
	bound := p.BaseDelay
	for i := 1; i < attempts && bound < p.MaxDelay; i++ {
		bound += min(bound, p.MaxDelay-bound)
	}
	return bound
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
