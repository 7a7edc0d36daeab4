package call

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// SettleTime is how long a response that an earlier change can explain must hold before it counts.
// Examples are 404, 409, 410, and 423, an object that still exists, and a pause by a rule. Accepted
// changes were observed to take seconds, so minutes are safe.
const SettleTime = 2 * time.Minute

// longestSettleTime bounds what a service that asks for more time gets.
const longestSettleTime = 15 * time.Minute

// SettleTimeAfter is how long a rejection must hold before it counts: the usual time, or the delay
// that the service requests, up to a quarter of an hour.
func SettleTimeAfter(refusal error, usual time.Duration) time.Duration {
	e, ok := errors.AsType[*apierr.Error](refusal)
	if !ok {
		return usual
	}
	return max(usual, min(e.RetryAfter, longestSettleTime))
}

// maxFailures is how many consecutive polls may fail before a poll gives up. Each of them has been
// retried like any other call.
const maxFailures = 8

// Intervals bound the delays between two polls.
type Intervals struct {
	InitialInterval time.Duration // after the first poll, and after each change
	MaxInterval     time.Duration // delays grow up to it
}

// IntervalsOf returns the intervals that options ask for. Where
// these are 0 the defaults are taken. Its error names each field that is negative.
func IntervalsOf(options string, asked, defaults Intervals) (Intervals, error) {
	err := errors.Join(CheckDuration(options+".InitialInterval", asked.InitialInterval), CheckDuration(options+".MaxInterval", asked.MaxInterval))
	return Intervals{InitialInterval: cmp.Or(asked.InitialInterval, defaults.InitialInterval), MaxInterval: cmp.Or(asked.MaxInterval, defaults.MaxInterval)}, err
}

// CheckDuration rejects a negative duration in options where 0 is the default.
func CheckDuration(field string, d time.Duration) error {
	if d < 0 {
		return &apierr.FieldError{Field: field, Value: d.String(), Rule: "must not be negative"}
	}
	return nil
}

// Poll waits between two polls of an object that changes later.
type Poll struct {
	pauses   Intervals
	pause    time.Duration
	failures int       // looks in a row
	refused  time.Time // since when looks fail
	last     error     // of the last look
}

// NewPoll begins to poll, right before the first request.
func NewPoll(p Intervals) *Poll {
	return &Poll{pauses: p, pause: p.InitialInterval}
}

// Changed makes the next pause the first one again.
func (p *Poll) Changed() { p.pause = p.pauses.InitialInterval }

// Next waits as Wait does, if another poll can help after one that ended with err. When it is of
// none, as in a dry run, it returns err.
func (p *Poll) Next(ctx context.Context, err error) error {
	if err == nil {
		p.failures = 0
		return p.Wait(ctx, nil)
	}
	if p.failures++; p.failures == 1 {
		p.refused = time.Now()
	}
	if !p.isTransient(err) || dryRunOf(ctx) != nil {
		return p.withLastError(ctx, err)
	}
	return p.Wait(ctx, err)
}

// Wait waits until the next poll, whatever err the last poll ended with. A longer delay that the
// service requested in err is used, up to the limit of a call, so that a wait does not sleep for a
// day. Wait returns nil then, and the context's error if that ends first. A dry run ends instead,
// since it would never change.
func (p *Poll) Wait(ctx context.Context, err error) error {
	if dry := dryRunOf(ctx); dry != nil {
		return dry.end("at a wait, because nothing changes in it")
	}
	pause := p.pause - random(ctx, p.pause/4+1)
	p.pause = min(2*p.pause, max(p.pauses.MaxInterval, p.pauses.InitialInterval))
	if e, ok := errors.AsType[*apierr.Error](err); ok {
		pause = max(pause, min(e.RetryAfter, maxRetryAfter(ctx)))
	}
	p.last = err
	if o := operationOf(ctx); o != nil {
		o.client.config.Logger.LogAttrs(ctx, slog.LevelDebug, "wait", slog.String("op", o.name), slog.Duration("wait", pause))
	}
	return p.withLastError(ctx, sleep(ctx, pause))
}

// maxRetryAfter is the longest delay that the service may request of a call.
func maxRetryAfter(ctx context.Context) time.Duration {
	if o := operationOf(ctx); o != nil {
		return o.client.retry.MaxRetryAfter
	}
	return MaxRetryAfter
}

// withLastError adds the last poll's error to a context error, because it is the likely cause. It
// adds the text alone: a 404 that was waited out does not make it ErrNotFound.
func (p *Poll) withLastError(ctx context.Context, err error) error {
	if err == nil || p.last == nil || ctx.Err() == nil {
		return err
	}
	return fmt.Errorf("%w; the last poll had failed: %s", err, Unnamed(p.last))
}

// isTransient reports whether the next poll may succeed after a failure.
func (p *Poll) isTransient(err error) bool {
	if p.failures >= maxFailures || isOfSurroundings(err) {
		return false
	}
	if errors.Is(err, apierr.ErrUnavailable) || errors.Is(err, apierr.ErrThrottled) {
		return true
	}
	switch apierr.StatusOf(err) {
	case http.StatusNotFound, http.StatusGone, http.StatusConflict, http.StatusLocked:
		return time.Since(p.refused) < SettleTimeAfter(err, SettleTime)
	}
	return false
}

// ReadTwice reads again after a 404: one response can come from a copy that lags behind, and is no evidence
// that something does not exist.
func ReadTwice[T any](ctx context.Context, read func() (T, error)) (T, error) {
	result, err := read()
	if !errors.Is(err, apierr.ErrNotFound) || apierr.StatusOf(err) == 0 {
		return result, err
	}
	if err := WaitForCopies(ctx, err); err != nil {
		return result, err
	}
	return read()
}

// WaitForCopies waits a few seconds before what ended with err is read again.
func WaitForCopies(ctx context.Context, err error) error {
	return NewPoll(Intervals{InitialInterval: 5 * time.Second}).Wait(ctx, err)
}
