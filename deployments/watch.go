package deployments

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// PollOptions say how often a deployment is looked at. The zero options and nil
// are the defaults. Pauses vary at random by a quarter, so that many programs do
// not ask at the same moment; where the service asks for a longer one, it gets it.
type PollOptions struct {
	// InitialInterval is the pause after the first look and after each change; 0 is 5 seconds,
	// because the service was seen to take 2 to 10 seconds to apply what it accepts.
	// It must not be negative.
	InitialInterval time.Duration
	// MaxInterval is what pauses grow to, doubling, while nothing changes; 0 is 5 minutes,
	// because schedules are in days: a change is seen soon enough, for 12 requests an
	// hour. Below First it has no effect. It must not be negative.
	MaxInterval time.Duration
}

// Watch yields the deployment as it is, and again each time its state has changed:
// the effective state, what was requested, or the reasons. Looking is all it does,
// so a state that comes and goes between two looks is missed, and just after a
// change the service may show the old state, even after the new one. A state that
// this version does not know is one like the others.
//
// It goes on until the caller stops, or until an error, which is yielded once beside
// a nil deployment: the context's when that ends, and apierr.ErrNotFound when the
// deployment was not there for two minutes. When a deployment was yielded before
// ErrNotFound it was there and is gone. Failures that may pass are waited out, eight
// calls in a row at most. Each range looks anew.
//
//   - Graph: GET /deployments/{id}
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-deployment-get?view=graph-rest-beta
func (c Client) Watch(ctx context.Context, id string, opts *PollOptions) iter.Seq2[*Deployment, error] {
	const op = "deployments.Watch"
	return func(yield func(*Deployment, error) bool) {
		ctx := ctx // each range has a span of its own
		var failed error
		defer c.call.Span(&ctx, op)(&failed)
		for seen, err := range c.observe(ctx, op, id, opts) {
			failed = err
			if (err != nil || seen.changed) && !yield(seen.deployment, err) {
				return
			}
		}
	}
}

// observation is what was seen of a deployment.
type observation struct {
	deployment *Deployment
	since      time.Time // when its state was seen first
	changed    bool      // the state was not that of the poll before
}

// observe yields each poll of a deployment, until an error.
func (c Client) observe(ctx context.Context, op, id string, opts *PollOptions) iter.Seq2[observation, error] {
	return func(yield func(observation, error) bool) {
		intervals, err := opts.intervals()
		if err != nil {
			yield(observation{}, call.Invalid(op, err))
			return
		}
		w := watcher{poll: call.NewPoll(intervals)}
		for {
			d, err := c.read(ctx, op, id)
			if err == nil && !yield(w.update(d), nil) {
				return
			}
			if err := w.next(ctx, err); err != nil {
				yield(observation{}, call.Named(op, err))
				return
			}
		}
	}
}

// watcher remembers from one poll to the next.
type watcher struct {
	poll            *call.Poll
	last            observation
	unreadableSince time.Time // since when a deployment that was there cannot be read; zero when it can
}

func (w *watcher) update(d *Deployment) observation {
	w.unreadableSince = time.Time{}
	changed := w.last.deployment == nil || !sameState(w.last.deployment.State, d.State)
	if changed {
		w.poll.Changed()
		w.last.since = time.Now()
	}
	w.last = observation{d, w.last.since, changed}
	return w.last
}

// next waits for the next look. That a deployment is gone is believed when it stays
// gone, and so are the other refusals that a change by somebody can bring: the service
// may answer from a copy that lags behind.
func (w *watcher) next(ctx context.Context, err error) error {
	if w.last.deployment == nil || !errors.Is(err, apierr.ErrNotFound) && !errors.Is(err, apierr.ErrConflict) {
		return w.poll.Next(ctx, err)
	}
	if w.unreadableSince.IsZero() {
		w.unreadableSince = time.Now()
		w.poll.Changed()
	}
	if time.Since(w.unreadableSince) >= call.Patience {
		return err
	}
	return w.poll.Wait(ctx, err)
}

// sameState compares what a watcher is told of. Reasons have no order.
func sameState(a, b State) bool {
	return a.Effective == b.Effective && a.Requested == b.Requested &&
		slices.Equal(slices.Sorted(a.reasons()), slices.Sorted(b.reasons()))
}

func (s State) reasons() iter.Seq[ReasonValue] {
	return func(yield func(ReasonValue) bool) {
		for _, reason := range s.Reasons {
			if !yield(reason.Value) {
				return
			}
		}
	}
}

func (o *PollOptions) intervals() (call.Intervals, error) {
	if o == nil {
		o = &PollOptions{}
	}
	return call.IntervalsOf("PollOptions", call.Intervals(*o), call.Intervals{InitialInterval: 5 * time.Second, MaxInterval: 5 * time.Minute})
}
