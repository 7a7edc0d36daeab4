package deployments

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// PollOptions are how often a deployment is polled. Each interval is shortened at random by
// up to a quarter, so that programs do not poll simultaneously. If the service asks for a
// longer interval, that one is used.
type PollOptions struct {
	// InitialInterval is the interval after the first poll and after each change; 0 is 5 seconds. The
	// service was observed to apply changes within 2 to 10 seconds. It must not be negative.
	InitialInterval time.Duration
	// MaxInterval is the limit up to which intervals double while nothing changes; 0 is 5
	// minutes, which is 12 requests per hour. Below InitialInterval it has no effect. It
	// must not be negative.
	MaxInterval time.Duration
	// SettleTime is the time for which every poll has to return the same before it counts; 0 is 2 minutes.
	// It applies to a deployment that is not found, and to a state from which the desired one cannot be
	// reached. A longer time is safer after changes, because the service was observed to apply some after
	// minutes, and until then it reports the old state. It must not be negative.
	SettleTime time.Duration
}

// Watch yields a deployment, and yields it again each time its effective state, requested
// state, or reasons change. To wait for one state, use [Client.WaitForState].
//
// A state that could not be read is yielded as well; see [State.Unread].
//
// Watch polls, so it can miss a state that lasts less than one interval. Shortly after a
// change the service may report the old state, even after the new one.
//
// Watch ends when you stop the loop, or with an error, which is yielded once with a nil deployment. The
// error is that of ctx, or apierr.ErrNotFound if the deployment is not found for PollOptions.SettleTime.
// Temporary failures are retried, up to eight consecutive calls. Each loop polls from the beginning.
//
// Graph: GET /deployments/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-get?view=graph-rest-beta
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

// observation is the result of one poll of a deployment.
type observation struct {
	deployment *Deployment
	since      time.Time // of the first poll with this state, and with what explains it
	changed    bool      // the state is not that of the poll before
	settled    bool      // neither state nor explanation have changed for PollOptions.SettleTime
}

// observe yields each poll of a deployment, until an error.
func (c Client) observe(ctx context.Context, op, id string, opts *PollOptions) iter.Seq2[observation, error] {
	return func(yield func(observation, error) bool) {
		w, err := opts.watcher()
		if err != nil {
			yield(observation{}, call.Invalid(op, err))
			return
		}
		ctx := call.Polling(ctx)
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
	settleTime      time.Duration
	last            observation
	unreadableSince time.Time // since when a deployment that existed cannot be read; zero if it can
}

func (w *watcher) update(d *Deployment) observation {
	w.unreadableSince = time.Time{}
	changed := w.last.deployment == nil || !sameState(w.last.deployment.State, d.State)
	if changed {
		w.poll.Changed()
	}
	if changed || !sameExplanation(w.last.deployment, d) {
		w.last.since = time.Now()
	}
	w.last = observation{d, w.last.since, changed, time.Since(w.last.since) >= w.settleTime}
	return w.last
}

// next waits for the next poll. A 404 or 409 for a deployment that existed counts only if it
// lasts, because the service may respond from an old copy.
func (w *watcher) next(ctx context.Context, err error) error {
	if w.last.deployment == nil || !errors.Is(err, apierr.ErrNotFound) && !errors.Is(err, apierr.ErrConflict) {
		return w.poll.Next(ctx, err)
	}
	if w.unreadableSince.IsZero() {
		w.unreadableSince = time.Now()
		w.poll.Changed()
	}
	if time.Since(w.unreadableSince) >= call.SettleTimeAfter(err, w.settleTime) {
		return err
	}
	return w.poll.Wait(ctx, err)
}

// sameExplanation compares what a wait concludes from, in addition to the state.
func sameExplanation(a, b *Deployment) bool {
	_, pausedA := a.PausedByMonitoring()
	_, pausedB := b.PausedByMonitoring()
	return pausedA == pausedB && a.hasStarted() == b.hasStarted()
}

// sameState compares the states that Watch reports. Reasons have no order.
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

func (o *PollOptions) watcher() (*watcher, error) {
	if o == nil {
		o = &PollOptions{}
	}
	asked := call.Intervals{InitialInterval: o.InitialInterval, MaxInterval: o.MaxInterval}
	defaults := call.Intervals{InitialInterval: 5 * time.Second, MaxInterval: 5 * time.Minute}
	intervals, err := call.IntervalsOf("PollOptions", asked, defaults)
	err = errors.Join(err, call.CheckDuration("PollOptions.SettleTime", o.SettleTime))
	return &watcher{poll: call.NewPoll(intervals), settleTime: cmp.Or(o.SettleTime, call.SettleTime)}, err
}
