package call

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Pauses are the bounds of the pauses between two looks at the service.
type Pauses struct {
	First   time.Duration // after the first look, and after each change
	Longest time.Duration // pauses grow up to it
}

const (
	// grace is how long after its beginning a poll takes 404, 409 and 423 for a
	// write that does not show yet.
	grace = 2 * time.Minute
	// maxFailures is how many looks in a row may fail before a poll gives up. Each
	// of them has been repeated as often as a call is.
	maxFailures = 8
)

// Poll waits between two looks at something that changes later.
type Poll struct {
	pauses   Pauses
	began    time.Time
	pause    time.Duration
	failures int
}

// NewPoll begins a poll, right before its first look.
func NewPoll(p Pauses) *Poll {
	return &Poll{pauses: p, began: time.Now(), pause: p.First}
}

// Changed makes the next pause the first one again.
func (p *Poll) Changed() { p.pause = p.pauses.First }

// Next waits until it is time to look again, after a look that ended with err, and
// returns nil then. It returns err when looking again is of no use, and the
// context's error when that ends first. In a preview nothing is waited for.
func (p *Poll) Next(ctx context.Context, err error) error {
	if preview := previewOf(ctx); preview != nil {
		return preview.wait(err)
	}
	if err == nil {
		p.failures = 0
	} else if p.failures++; !p.passes(err) {
		return err
	}
	pause := p.pause - rand.N(p.pause/4+1)
	p.pause = min(2*p.pause, max(p.pauses.Longest, p.pauses.First))
	if e, ok := errors.AsType[*apierr.Error](err); ok {
		pause = max(pause, e.RetryAfter)
	}
	return sleep(ctx, pause)
}

// passes reports whether a failure may be over at the next look.
func (p *Poll) passes(err error) bool {
	if p.failures >= maxFailures {
		return false
	}
	if errors.Is(err, apierr.ErrUnavailable) || errors.Is(err, apierr.ErrThrottled) {
		return true
	}
	switch apierr.StatusOf(err) {
	case http.StatusNotFound, http.StatusConflict, http.StatusLocked:
		return time.Since(p.began) < grace
	}
	return false
}
