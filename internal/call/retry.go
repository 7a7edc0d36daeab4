package call

import (
	"context"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Retry says how often and how long a call is tried. All values are set.
type Retry struct {
	MaxAttempts   int
	BaseDelay     time.Duration
	MaxDelay      time.Duration
	MaxRetryAfter time.Duration
}

// retrier repeats attempts that failed in a way that another may not.
type retrier struct {
	next   http.RoundTripper
	policy Retry
	gate   gate
}

func (t *retrier) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, rec := req.Context(), recordOf(req.Context())
	for {
		if err := t.gate.wait(ctx); err != nil {
			rec.err = err
			return nil, err
		}
		resp, err := t.next.RoundTrip(withFreshBody(req))
		delay, again := t.policy.next(ctx, rec)
		if !again {
			return resp, err
		}
		if rec.err == nil && rec.status == http.StatusTooManyRequests {
			t.gate.hold(delay)
		}
		if err := sleep(ctx, delay); err != nil {
			rec.err = err
			return nil, err
		}
	}
}

func withFreshBody(req *http.Request) *http.Request {
	out := req.Clone(req.Context())
	if req.GetBody != nil {
		out.Body, _ = req.GetBody() // over bytes in memory: cannot fail
	}
	return out
}

// next decides after an attempt whether there is another, and how long to wait
// for it. A wait that the service asks for and that is beyond the bound or the
// caller's deadline ends the call at once.
func (p Retry) next(ctx context.Context, rec *record) (time.Duration, bool) {
	if !p.mayRepeat(ctx, rec) || rec.attempts >= p.MaxAttempts {
		return 0, false
	}
	delay := p.backoff(rec.attempts)
	if after, ok := retryAfter(rec.header); ok && rec.err == nil {
		if after > p.MaxRetryAfter {
			return 0, false
		}
		delay = after
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) <= delay {
		return 0, false
	}
	return delay, true
}

// mayRepeat holds the rules: a create is repeated only when it is certain that
// nothing was made.
func (p Retry) mayRepeat(ctx context.Context, rec *record) bool {
	if ctx.Err() != nil {
		return false
	}
	if rec.op.Kind == Create && rec.ambiguous {
		return false
	}
	if rec.err != nil {
		return !isCertificateError(rec.err) && !isTooLarge(rec.err)
	}
	switch rec.status {
	case http.StatusTooManyRequests:
		return true
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	case http.StatusConflict, http.StatusLocked:
		_, asked := retryAfter(rec.header)
		return asked && rec.op.Kind != Create
	}
	return false
}

// backoff is a random part of a bound that doubles with each attempt.
func (p Retry) backoff(attempts int) time.Duration {
	bound := p.BaseDelay
	for i := 1; i < attempts && bound < p.MaxDelay; i++ {
		bound *= 2
	}
	return rand.N(min(bound, p.MaxDelay)) + 1
}

// retryAfter reads both forms of Retry-After. A date is taken relative to the
// service's own clock where it sent one.
func retryAfter(header http.Header) (time.Duration, bool) {
	text := strings.TrimSpace(header.Get("Retry-After"))
	if seconds, err := strconv.ParseUint(text, 10, 64); err == nil {
		const most = 1 << 31
		return time.Duration(min(seconds, most)) * time.Second, true
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	now := date(header)
	if now.IsZero() {
		now = time.Now()
	}
	return max(0, at.Sub(now)), true
}

// date is the service's clock, or the zero time.
func date(header http.Header) time.Time {
	t, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// gate holds back all calls of a client while the service throttles one.
type gate struct {
	mu    sync.Mutex
	until time.Time
}

func (g *gate) hold(d time.Duration) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(d); until.After(g.until) {
		g.until = until
	}
}

func (g *gate) wait(ctx context.Context) error {
	g.mu.Lock()
	until := g.until
	g.mu.Unlock()
	if left := time.Until(until); left > 0 {
		return sleep(ctx, left)
	}
	return ctx.Err()
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
