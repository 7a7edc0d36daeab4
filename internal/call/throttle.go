package call

import (
	"log/slog"
	"sync"
	"time"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// hold makes all calls wait. A throttle that begins is a warning, because it slows down
// the whole client.
func (t *retrier) hold(rec *record, delay time.Duration) {
	if t.throttle.hold(delay) {
		t.log.LogAttrs(rec.ctx, slog.LevelWarn, "throttled", slog.String("op", rec.op.Name), slog.Duration("wait", delay),
			slog.String("client_request_id", rec.clientRequestID), slog.String("request_id", rec.requestID()))
	}
}

// pass waits until no throttle is left. If the caller's deadline is earlier, it fails
// immediately.
func (t *retrier) pass(rec *record) error {
	for left := t.throttle.left(); left > 0; left = t.throttle.left() {
		if rec.ctx.Err() == nil && endsWithin(rec.ctx, left) {
			return errThrottleDeadline
		}
		began := time.Now()
		err := t.wait(rec, left)
		t.telemetry.waitedFor(rec.ctx, time.Since(began))
		if err != nil {
			return err
		}
	}
	if lasted := t.throttle.lift(); lasted > 0 {
		t.log.LogAttrs(rec.ctx, slog.LevelInfo, "throttling ended", slog.String("op", rec.op.Name), slog.Duration("took", lasted))
	}
	return rec.ctx.Err()
}

// throttle holds back all calls of a client while the service throttles one.
type throttle struct {
	mu    sync.Mutex
	since time.Time // zero for no throttle
	until time.Time
}

// hold reports whether a throttle begins.
func (t *throttle) hold(d time.Duration) (begins bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	if until := now.Add(d); until.After(t.until) {
		t.until = until
	}
	if begins = t.since.IsZero(); begins {
		t.since = now
	}
	return begins
}

// lift ends a throttle whose time is over and returns how long it lasted; 0 if there is
// none, or if it is too early.
func (t *throttle) lift() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.since.IsZero() || time.Now().Before(t.until) {
		return 0
	}
	lasted := time.Since(t.since)
	t.since = time.Time{}
	return lasted
}

var errThrottleDeadline = &namedError{apierr.ErrThrottled, "held back until after the deadline, because the service throttles this client"}

func (t *throttle) left() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Until(t.until)
}
