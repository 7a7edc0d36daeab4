package deployments

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// WaitForState polls a deployment until its effective state is want, and returns it. Use it after
// [Client.Pause], [Client.Resume], or [Client.Update], which return before the change takes effect. Set a
// deadline on ctx, because a schedule can last for weeks. The state want must be one of the constants; for
// other states, use [Client.Watch].
//
// Shortly after a change the service may still report the old state, and a wait for that state ends
// immediately. Every error is a [*WaitError] with the last observed deployment. The error is
// [ErrStateUnreachable] if waiting cannot help. "Settled" means that every poll for PollOptions.SettleTime,
// two minutes by default, returns the same:
//   - The deployment is archived, or it is faulted and want is not [StateArchived].
//   - want is [StateOffering] or [StateScheduled], and a pause by monitoring is settled. The
//     error is also [ErrPausedByMonitoring].
//   - want is [StateScheduled], and it is settled that the deployment is offering with no
//     start in the future.
//
// If it is settled that the state could not be read, the error names the property; see
// [State.Unread].
//
// A pause that a caller requested does not end the wait. If it is settled that the deployment
// is not found, the error is apierr.ErrNotFound.
//
// Graph: GET /deployments/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-get?view=graph-rest-beta
func (c Client) WaitForState(ctx context.Context, id string, want EffectiveState, opts *PollOptions) (deployment *Deployment, err error) {
	const op = "deployments.WaitForState"
	defer c.call.Span(&ctx, op)(&err)
	failed := &WaitError{Want: want}
	if err := checkState(want); err != nil {
		failed.Err = call.Invalid(op, err)
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

// checkState rejects states that would be waited for forever.
func checkState(want EffectiveState) error {
	switch want {
	case StateScheduled, StateOffering, StatePaused, StateFaulted, StateArchived:
		return nil
	case "":
		return wire.CheckNamed("want", "")
	}
	return wire.OutOfRange("want", strconv.Quote(string(want)), "must be scheduled, offering, paused, faulted, or archived")
}

// WaitForDeletion polls a deployment until it is deleted. Use it after [Client.Delete],
// which returns before the deployment is deleted. Set a deadline on ctx.
//
// Two consecutive 404 responses count as deleted, so an unknown ID does too. Every error is
// a [*WaitError] with an empty Want.
//
// Graph: GET /deployments/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-get?view=graph-rest-beta
func (c Client) WaitForDeletion(ctx context.Context, id string, opts *PollOptions) (err error) {
	const op = "deployments.WaitForDeletion"
	defer c.call.Span(&ctx, op)(&err)
	w, err := opts.watcher()
	if err != nil {
		return &WaitError{Err: call.Invalid(op, err)}
	}
	ctx = call.Polling(ctx)
	failed := &WaitError{}
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

// ErrStateUnreachable is the sentinel error of a wait that ended early, because the
// deployment cannot reach the state without another change.
var ErrStateUnreachable = errors.New("state can no longer be reached")

// WaitError is the error of a wait that ended before the state was reached. Use errors.Is
// for the cause: [ErrStateUnreachable], an error of the context, or one of package apierr.
type WaitError struct {
	// Want is the desired state; empty for [Client.WaitForDeletion].
	Want EffectiveState
	// Last is the last observed deployment; nil if it was never observed.
	Last *Deployment
	// Err is the cause. It is an [*apierr.Error].
	Err error
}

// Error returns the cause, the desired state, and the last observed state.
func (e *WaitError) Error() string {
	if e.Last == nil && errors.Is(e.Err, apierr.ErrInvalid) {
		return wire.Line("", e.Err.Error()) // nothing was waited for
	}
	want := "deletion"
	if e.Want != "" {
		want = fmt.Sprintf("%q", e.Want)
	}
	return wire.Line("", fmt.Sprintf("%v; waited for %s, %s", e.Err, want, e.last()))
}

// Unwrap returns Err.
func (e *WaitError) Unwrap() error { return e.Err }

func (e *WaitError) last() string {
	if e.Last == nil {
		return "the deployment was never observed"
	}
	text := fmt.Sprintf("last observed %q", e.Last.State.Effective)
	if unread := append(e.Last.stateUnread(), e.Last.pauseUnread()...); len(unread) > 0 {
		return text + "; " + strings.Join(slices.Compact(unread), ", ") + " could not be read"
	}
	var reasons []string
	for reason := range e.Last.State.reasons() {
		reasons = append(reasons, string(reason))
	}
	if len(wire.Unread(e.Last.State.Extra, "reasons")) > 0 {
		text += ", with reasons that could not be read"
	}
	if len(reasons) > 0 {
		text += " (" + strings.Join(reasons, ", ") + ")"
	}
	return text
}

// unreachable is why the deployment cannot reach want without another change, or nil. Final
// states count immediately. Reversible states must settle, because the service can still
// report the old state.
func (o observation) unreachable(want EffectiveState) error {
	state := o.deployment.State
	if state.Effective != StateFaulted || want != StateArchived {
		if err := state.ended(); err != nil {
			return err
		}
	}
	rule, paused := o.deployment.PausedByMonitoring()
	switch {
	case !o.settled:
		return nil
	case len(o.deployment.stateUnread()) > 0:
		return unreadError(o.deployment.stateUnread(), "in which state the deployment is")
	case paused && slices.Contains([]EffectiveState{StateOffering, StateScheduled}, want):
		return fmt.Errorf("%w: %w", ErrStateUnreachable, rule.pauseError())
	case state.Effective == StateOffering && want == StateScheduled && o.deployment.hasStarted():
		return fmt.Errorf("%w: the deployment has started; to move its start, use Reschedule", ErrStateUnreachable)
	}
	return nil
}

// hasStarted is false for a start that could not be read.
func (d *Deployment) hasStarted() bool {
	return len(d.startUnread()) == 0 && !d.Settings.Schedule.Start.After(time.Now())
}

func (s State) hasEnded() bool { return s.ended() != nil }

// ended is the error of a final state, or nil.
func (s State) ended() error {
	switch s.Effective {
	case StateArchived:
		return fmt.Errorf("%w: the deployment is archived", ErrStateUnreachable)
	case StateFaulted:
		return fmt.Errorf("%w: the deployment is faulted; create another one", ErrStateUnreachable)
	}
	return nil
}

// pauseError names the rule that paused.
func (r MonitoringRule) pauseError() error {
	return fmt.Errorf("%w (%s)", ErrPausedByMonitoring, r.trigger())
}
