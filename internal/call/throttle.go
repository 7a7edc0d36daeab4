package call

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// hold makes all calls wait. A throttle that begins is a warning, because it slows down
// the whole client.
func (t *retrier) hold(rec *record, delay time.Duration) {
	if t.throttle.hold(delay, rec.wave) {
		t.log.LogAttrs(rec.ctx, slog.LevelWarn, "throttled", slog.String("op", rec.op.Name), slog.Duration("wait", delay),
			slog.String("client_request_id", rec.clientRequestID), slog.String("request_id", rec.requestID()))
	}
}

// pass waits until no throttle is left and it is the call's turn. If the caller's deadline is
// earlier, it fails immediately. What a dry run keeps is not sent, and does not wait.
func (t *retrier) pass(req *http.Request, rec *record) error {
	if t.isDryRun && req.Method != http.MethodGet {
		return rec.ctx.Err()
	}
	for {
		turn, err := t.throttle.take(rec.ctx)
		if err != nil {
			rec.heldFor = turn.left
			return err
		}
		rec.wave = turn.wave
		if turn.left == 0 {
			break
		}
		if err := t.waitFor(turn, rec); err != nil {
			return err
		}
		if t.throttle.isTurn(turn.wave) {
			break
		}
	}
	if lasted := t.throttle.lift(); lasted > 0 {
		t.log.LogAttrs(rec.ctx, slog.LevelInfo, "throttling ended", slog.String("op", rec.op.Name), slog.Duration("took", lasted))
	}
	return rec.ctx.Err()
}

func (t *retrier) waitFor(turn turn, rec *record) error {
	began := time.Now()
	err := t.wait(rec, turn.left)
	t.telemetry.waitedFor(rec.ctx, time.Since(began))
	if err != nil {
		t.throttle.giveBack(turn)
	}
	return err
}

const (
	// firstPace is the time between two requests after a throttle, and slowestPace the longest that it
	// grows to by doubling.
	firstPace, slowestPace = 100 * time.Millisecond, 3200 * time.Millisecond
	// paceEnds is how long after a throttle the pace ends.
	paceEnds = time.Minute
)

// throttle holds back all calls of a client while the service throttles one, and lets them go
// one by one afterwards: all together would be throttled again. The pace is a token bucket for one
// request.
type throttle struct {
	mu    sync.Mutex
	since time.Time     // when it began; zero for no throttle
	until time.Time     // when it ends
	pace  time.Duration // between two requests; 0 for none
	next  time.Time     // when the next request may be sent
	free  []time.Time   // turns that were given back, in order
	wave  int           // counts how often the pace changed
}

// turn is the place of a request in the row.
type turn struct {
	at   time.Time
	left time.Duration // until then
	wave int           // in which it was given out
}

// hold reports whether a throttle begins. A request of an earlier wave was under way when the pace
// changed, and does not change it again.
func (t *throttle) hold(d time.Duration, wave int) (begins bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	t.endPace(now)
	if wave == t.wave {
		t.wave++
		t.pace = min(max(2*t.pace, firstPace), slowestPace)
		t.next, t.free = now, nil
	}
	if until := now.Add(d); until.After(t.until) {
		t.until = until
	}
	if begins = t.since.IsZero(); begins {
		t.since = now
	}
	return begins
}

// take gives out the next turn. If that is after the deadline, it returns only how long it is until then.
func (t *throttle) take(ctx context.Context) (turn, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	t.endPace(now)
	at := t.earliest(now)
	left := at.Sub(now)
	if left > 0 && ctx.Err() == nil && endsWithin(ctx, left) {
		return turn{left: left}, errThrottleDeadline
	}
	if len(t.free) > 0 && t.free[0].Equal(at) {
		t.free = t.free[1:]
	} else if t.pace > 0 {
		t.next = at.Add(t.pace)
	}
	return turn{at, left, t.wave}, nil
}

// earliest is the first turn that is left. Those that were given back come before all others.
func (t *throttle) earliest(now time.Time) time.Time {
	at := now
	if t.until.After(at) {
		at = t.until
	}
	for len(t.free) > 0 && t.free[0].Before(at) {
		t.free = t.free[1:]
	}
	switch {
	case t.pace == 0:
		t.free = nil
	case len(t.free) > 0:
		return t.free[0]
	case t.next.After(at):
		return t.next
	}
	return at
}

// giveBack leaves the turn of a call that has ended to another one.
func (t *throttle) giveBack(given turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if given.wave == t.wave && t.pace > 0 {
		i, _ := slices.BinarySearchFunc(t.free, given.at, time.Time.Compare)
		t.free = slices.Insert(t.free, i, given.at)
	}
}

// isTurn reports whether a request may be sent now whose turn has come: not if the service has
// throttled another call in the meantime.
func (t *throttle) isTurn(wave int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return wave == t.wave && !time.Now().Before(t.until)
}

func (t *throttle) endPace(now time.Time) {
	if t.pace > 0 && now.Sub(t.until) >= paceEnds {
		t.pace = 0
	}
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
