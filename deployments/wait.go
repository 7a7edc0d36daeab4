package deployments

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// WaitForState waits until the effective state of a deployment is want, and returns the
// deployment then. The context bounds the wait; without a deadline it can last as
// long as the schedule. Just after a change the service may still show the state
// from before, and a wait for that one ends at once.
//
// Every error is a [*WaitError] with the deployment as it was seen last. One that is
// [ErrStateUnreachable] ends the wait early, since want needs somebody to act first:
//   - the deployment is archived, or faulted and want is not [StateArchived];
//   - want is [StateOffering] or [StateScheduled], and the deployment was paused by monitoring at
//     every look for two minutes, so that a change of its rules had time to show. It
//     is [ErrPausedByMonitoring] too. A pause without reasons that nobody asked for is
//     taken for one of these;
//   - want is [StateScheduled], and the deployment was offering, with no start ahead, at
//     every look for two minutes.
//
// A pause that was asked for is no such end: [Client.Resume] may be on its way. A
// deployment that was not there for two minutes ends the wait with
// apierr.ErrNotFound.
//
//   - Graph: GET /deployments/{id}
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-deployment-get?view=graph-rest-beta
func (c Client) WaitForState(ctx context.Context, id string, want EffectiveState, opts *PollOptions) (deployment *Deployment, err error) {
	const op = "deployments.WaitForState"
	defer c.call.Span(&ctx, op)(&err)
	failed := &WaitError{Want: want}
	if want == "" {
		failed.Err = call.Invalid(op, &apierr.FieldError{Field: "want", Rule: "must not be empty"})
		return nil, failed
	}
	for seen, err := range c.observe(ctx, op, id, opts) {
		if err != nil {
			failed.Err = err
			break
		}
		if seen.deployment.State.Effective == want {
			return seen.deployment, nil
		}
		failed.Last = seen.deployment
		if failed.Err = call.Invalid(op, seen.unreachable(want)); failed.Err != nil {
			break
		}
	}
	return nil, failed
}

// WaitForDeletion waits until a deployment is not there any more, which is some time after
// [Client.Delete]. It is gone when two looks in a row do not find it, so a
// deployment that never was is gone too. The context bounds the wait. Every error is
// a [*WaitError], with an empty Want.
//
//   - Graph: GET /deployments/{id}
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-deployment-get?view=graph-rest-beta
func (c Client) WaitForDeletion(ctx context.Context, id string, opts *PollOptions) (err error) {
	const op = "deployments.WaitForDeletion"
	defer c.call.Span(&ctx, op)(&err)
	intervals, err := opts.intervals()
	if err != nil {
		return &WaitError{Err: call.Invalid(op, err)}
	}
	w, failed := watcher{poll: call.NewPoll(intervals)}, &WaitError{}
	for misses := 0; ; {
		d, err := c.read(ctx, op, id)
		switch {
		case errors.Is(err, apierr.ErrNotFound):
			if misses++; misses == 2 {
				return nil
			}
			w.poll.Changed()
			err = nil
		case err == nil:
			misses, failed.Last = 0, w.update(d).deployment
		}
		if err := w.next(ctx, err); err != nil {
			failed.Err = call.Named(op, err)
			return failed
		}
	}
}

// ErrStateUnreachable is in the error of a wait that ended early, because the state that
// was waited for cannot come by itself any more.
var ErrStateUnreachable = errors.New("the state that is waited for can no longer come")

// WaitError is a wait that ended without what was waited for. errors.Is tells why:
// [ErrStateUnreachable], an error of the context, or one of package apierr.
type WaitError struct {
	// Want is the state that was waited for; empty when it was the end of the
	// deployment.
	Want EffectiveState
	// Last is the deployment as it was seen last; nil when it was never seen.
	Last *Deployment
	// Err is why the wait ended. It is an [*apierr.Error], and what errors.Unwrap
	// returns.
	Err error
}

// Error returns the reason, what was waited for, and the state that was seen last.
func (e *WaitError) Error() string {
	want := "the end of the deployment"
	if e.Want != "" {
		want = fmt.Sprintf("%q", e.Want)
	}
	return fmt.Sprintf("%v; waited for %s, %s", e.Err, want, e.last())
}

// Unwrap returns Err.
func (e *WaitError) Unwrap() error { return e.Err }

func (e *WaitError) last() string {
	if e.Last == nil {
		return "the deployment was never seen"
	}
	text := fmt.Sprintf("last seen %q", e.Last.State.Effective)
	var reasons []string
	for reason := range e.Last.State.reasons() {
		reasons = append(reasons, string(reason))
	}
	if len(reasons) > 0 {
		text += " (" + strings.Join(reasons, ", ") + ")"
	}
	return text
}

// unreachable is why want cannot come by itself any more, or nil. What is for good is
// believed at once. What somebody may just have changed has to hold first, as the
// service may still show the old state.
func (o observation) unreachable(want EffectiveState) error {
	state := o.deployment.State
	switch {
	case state.Effective == StateArchived:
		return fmt.Errorf("%w: the deployment is archived, which is for good", ErrStateUnreachable)
	case state.Effective == StateFaulted && want != StateArchived:
		return fmt.Errorf("%w: the deployment is faulted and cannot go on; make a new one", ErrStateUnreachable)
	case time.Since(o.since) < call.Patience:
		return nil
	case state.pausedByRule() && slices.Contains([]EffectiveState{StateOffering, StateScheduled}, want):
		return fmt.Errorf("%w: %w", ErrStateUnreachable, ErrPausedByMonitoring)
	case state.Effective == StateOffering && want == StateScheduled && !o.deployment.Settings.Schedule.Start.After(time.Now()):
		return fmt.Errorf("%w: the deployment has started; move its start with Reschedule", ErrStateUnreachable)
	}
	return nil
}

// pausedByRule reports whether a monitoring rule holds a deployment. The service
// mostly leaves reasons out; what nobody asked for can only be a rule's doing.
func (s State) pausedByRule() bool {
	nobody := len(s.Reasons) == 0 && s.Requested == RequestNone
	return s.Effective == StatePaused && (s.HasReason(ReasonPausedByMonitoring) || nobody)
}
