package audience

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// check refuses what could not be sent.
func (p *SyncPlan) check(opts *SyncOptions) error {
	if p == nil {
		return &apierr.FieldError{Field: "plan", Rule: "must not be nil"}
	}
	if err := firstOf(call.CheckID("plan.Of", p.Of.id), opts.Validate()); err != nil {
		return err
	}
	return check(Edit{AddMembers: p.Add, RemoveMembers: p.Remove}.steps())
}

// applying is a plan under way.
type applying struct {
	client Client
	op     string
	wish   *wish
	narrow func(*difference) // leaves out of what a look has seen what is not asked for
	opts   *SyncOptions      // without defaults
	report *SyncReport
	left   *difference // at the last look; before the first one what was planned
	total  int         // assets to send
}

func (c Client) apply(ctx context.Context, op string, plan *SyncPlan, w *wish, narrow func(*difference), opts *SyncOptions) (*SyncReport, error) {
	a := applying{client: c, op: op, wish: w, narrow: narrow, opts: opts.filled(), report: &SyncReport{Plan: plan}}
	a.left = &difference{missing: sorted(slices.Clone(plan.Add)), surplus: sorted(slices.Clone(plan.Remove))}
	if err := plan.guard(a.opts, removals(plan.Remove)); err != nil {
		return nil, call.Invalid(op, err)
	}
	if plan.IsEmpty() {
		a.report.Verified = true
		return a.report, nil
	}
	if err := a.send(ctx, a.left); err != nil || a.opts.Unverified {
		return a.report, err
	}
	if err := a.settle(ctx); err != nil {
		return a.report, a.failure(ctx, err)
	}
	return a.report, nil
}

// settle looks until all holds.
func (a *applying) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, a.opts.Timeout)
	defer cancel()
	pauses, err := a.opts.Wait.pauses()
	if err != nil {
		return err
	}
	for poll := call.NewPoll(pauses); ; {
		changed, err := a.look(ctx)
		if a.report.Verified || isFinal(err) {
			return err
		}
		if changed {
			poll.Changed()
		}
		if err := poll.Next(ctx, err); err != nil {
			return err
		}
	}
}

// isFinal reports whether it is of no use to look again.
func isFinal(err error) bool {
	_, failedToSend := errors.AsType[*EditError](err)
	return failedToSend || errors.Is(err, ErrGuard)
}

// look compares the audience with the wish once. What differs now and did not before
// was changed by somebody else, or is a change from before the plan that shows only
// now: it is sent too.
func (a *applying) look(ctx context.Context) (changed bool, err error) {
	now, err := a.client.look(ctx, a.op, a.report.Plan.Of, membersOf, a.wish)
	if err != nil {
		return false, err
	}
	a.narrow(now)
	news := &difference{missing: without(now.missing, a.left.missing), surplus: without(now.surplus, a.left.surplus)}
	changed = news.len() > 0 || now.len() != a.left.len()
	a.see(now)
	if news.len() > 0 {
		err = a.sendNews(ctx, news)
	} else if a.report.Looks == reasonsAfter {
		a.client.findReasons(ctx, a.op, a.report)
	}
	a.progress()
	return changed, err
}

// reasonsAfter is the look after which it is asked why devices are missing: about
// half a minute after they were sent, with the default pauses.
const reasonsAfter = 3

// see notes what a look has seen.
func (a *applying) see(now *difference) {
	r := a.report
	r.Looks++
	r.Verified = now.len() == 0
	r.Unmoved = (r.Looks == 1 || r.Unmoved) && !a.moved(now)
	r.Missing, r.Surplus, r.Hidden = keepReasons(now.missing, r.Missing), now.surplus, now.hidden
	a.left = now
}

// moved reports whether a look shows anything of what was sent.
func (a *applying) moved(now *difference) bool {
	shown := func(sent, left []Member) bool {
		return slices.ContainsFunc(sent, func(m Member) bool { return m.Kind == KindDevice && !hasMember(left, m) })
	}
	return now.len() == 0 || shown(a.report.Plan.Add, now.missing) || shown(a.report.Plan.Remove, now.surplus)
}

func (a *applying) sendNews(ctx context.Context, news *difference) error {
	removed := removals(a.report.Sent.RemoveMembers) + removals(news.surplus)
	if err := a.report.Plan.guard(a.opts, removed); err != nil {
		return err
	}
	return a.send(ctx, news)
}

func (a *applying) progress() {
	a.opts.Progress(SyncProgress{Sent: a.report.Sent.Len(), Total: a.total, Looks: a.report.Looks, Left: a.left.len()})
}

// failure says what is missing and why it was not waited for any longer.
func (a *applying) failure(ctx context.Context, err error) error {
	if isFinal(err) {
		return failure(a.op, err)
	}
	if ctx.Err() == nil && a.report.Looks < reasonsAfter { // only the timeout is over
		a.client.findReasons(ctx, a.op, a.report)
	}
	if a.report.Looks == 0 {
		return call.Invalid(a.op, fmt.Errorf("all was accepted, and the audience was not read back: %w", err))
	}
	return call.Invalid(a.op, fmt.Errorf("%s: %w", a.report.shortfall(), err))
}

// failure names the operation in an error that is not one of a call.
func failure(op string, err error) error {
	if _, ok := errors.AsType[*apierr.Error](err); ok {
		return err
	}
	return call.Invalid(op, err)
}
