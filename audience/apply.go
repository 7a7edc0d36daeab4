package audience

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// syncRun is a plan that is being applied.
type syncRun struct {
	client Client
	op     string
	target *target
	opts   *SyncOptions // with the defaults filled in
	report *SyncReport

	sent            difference // each asset once, however often it was sent
	total           int        // assets to send, each counted once
	sentAt          time.Time  // when all of the plan was sent
	resendAt        time.Time  // when to send the remaining changes again
	remaining       int        // changes that the last poll did not find; at first those of the plan
	lowestRemaining int        // since another program changed something
	additions       int        // devices that are newly added, or more
	hasEffect       bool       // whether a poll has found any change that was sent
	wasEmpty        bool       // whether the last snapshot was
}

func (c Client) apply(ctx context.Context, op string, plan *SyncPlan, w *target, opts *SyncOptions, additions int) (*SyncReport, error) {
	run := syncRun{client: c, op: op, target: w, opts: opts.filled(), report: &SyncReport{Plan: plan}, additions: additions}
	if err := plan.checkRemovals(run.opts, plan.remove.devices.Len()); err != nil {
		return nil, call.Invalid(op, err)
	}
	planned := difference{plan.add.list(), plan.remove.list()}
	if err := run.checkReach(ctx, planned.missing); err != nil {
		return nil, call.Named(op, err)
	}
	if plan.IsEmpty() && plan.Desired+plan.Current > 0 { // an empty list has to be found twice
		run.report.Verified = true
		return run.report, nil
	}
	run.remaining, run.lowestRemaining = planned.len(), planned.len()
	if err := run.send(ctx, planned); err != nil || run.opts.SkipVerification {
		return run.report, err
	}
	if err := run.waitUntilInSync(ctx); err != nil {
		return run.report, run.failure(ctx, err)
	}
	return run.report, nil
}

// waitUntilInSync polls until the audience matches.
func (run *syncRun) waitUntilInSync(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, run.opts.VerifyTimeout)
	defer cancel()
	pauses, err := run.opts.Poll.pauses()
	if err != nil {
		return err
	}
	run.sentAt = time.Now()
	run.resendAt = run.sentAt.Add(resendDelay)
	ctx = call.Polling(ctx)
	for poll := call.NewPoll(pauses); ; {
		changed, err := run.poll(ctx)
		if run.report.Verified || run.isUnverifiable() || isFinal(err) {
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

// isUnverifiable reports whether nothing was to be sent and two polls got 404 for the members: more
// polls would not show more.
func (run *syncRun) isUnverifiable() bool {
	return run.report.Unlisted && run.report.Polls > 1 && run.remaining == 0 && run.sent.len() == 0
}

// isFinal reports whether polling again is of no use.
func isFinal(err error) bool {
	_, failedToSend := errors.AsType[*EditError](err)
	return failedToSend || errors.Is(err, ErrTooManyRemovals) ||
		errors.Is(err, apierr.ErrTooManyDevices) || errors.Is(err, apierr.ErrProtected)
}

// poll compares the audience with the target once, and sends the pending changes.
func (run *syncRun) poll(ctx context.Context) (changed bool, err error) {
	now, err := run.client.poll(ctx, run.op, run.report.Plan.Audience, membersOf, run.target)
	if err != nil {
		return false, err
	}
	run.record(now)
	sent := run.sent.len()
	if pending := run.pendingChanges(now.difference); pending.len() > 0 {
		err = run.sendPending(ctx, pending)
	} else if run.report.Polls == reasonsAfter {
		run.client.findReasons(ctx, run.op, run.report.Plan.Audience, run.report.Missing)
	}
	run.progress()
	changed = run.remaining < run.lowestRemaining || run.sent.len() > sent
	if changed {
		run.lowestRemaining = run.remaining
	}
	return changed, err
}

// reasonsAfter is the poll after which the reasons of missing devices are read: about
// half a minute after they were sent, with the default intervals.
const reasonsAfter = 3

// record keeps the result of a poll.
func (run *syncRun) record(now *snapshot) {
	r := run.report
	r.Polls++
	wasBlank := run.wasEmpty
	run.wasEmpty = now.isEmpty(run.target)
	r.Verified = now.len() == 0 && (wasBlank || !run.wasEmpty) && !now.notFound
	r.Missing, r.Surplus, r.Unverifiable = keepReasons(now.missing, r.Missing), now.surplus, now.unverifiable
	r.Unlisted = now.notFound
	run.hasEffect = run.hasEffect || run.hasEffectIn(now)
	run.remaining = now.len()
}

// hasEffectIn reports whether a poll finds any of the changes that were sent.
// Unverifiable groups do not count, and neither do removed groups if nothing is listed.
func (run *syncRun) hasEffectIn(now *snapshot) bool {
	shown := run.sent.without(now.difference)
	isSign := func(m Member) bool { return m.Kind == KindDevice || !wire.HasID(now.unverifiable, m.ID) }
	return slices.ContainsFunc(shown.missing, isSign) || removals(shown.surplus) > 0 || now.present > 0 && len(shown.surplus) > 0
}

// resendDelay is how long after the plan the remaining changes are sent again for the
// first time. Resending does not speed up a slow service, so the delay doubles.
const resendDelay = 10 * time.Minute

// pendingChanges are the changes to send now. Changes that were never sent come from other programs,
// or from requests before the plan that take effect only now. Other programs may have reverted changes
// that were sent. More often the changes are late, or one of two copies of the audience is behind.
func (run *syncRun) pendingChanges(now difference) difference {
	if time.Now().Before(run.resendAt) {
		return now.without(run.sent)
	}
	run.resendAt = run.sentAt.Add(2 * run.resendAt.Sub(run.sentAt))
	return now
}

func (run *syncRun) sendPending(ctx context.Context, pending difference) error {
	if err := run.report.Plan.checkRemovals(run.opts, removals(run.sent.union(pending).surplus)); err != nil {
		return err
	}
	fresh := pending.without(run.sent).missing
	run.additions += removals(fresh)
	if err := run.checkReach(ctx, fresh); err != nil {
		return err
	}
	return run.send(ctx, pending)
}

// checkReach returns an error if more devices would be added than the limits of the client allow, or a
// protected one. added are the members that are added now.
func (run *syncRun) checkReach(ctx context.Context, added []Member) error {
	edit := Edit{AddMembers: added}
	fieldOf := func(changeKind, int) string { return "a member to add" }
	if err := edit.checkProtected(run.client.call.Limits(), fieldOf); err != nil {
		return err
	}
	r := reach{
		client: run.client, op: run.op, of: run.report.Plan.Audience, edit: edit,
		expecting: expecting{run.opts.Expecting, "SyncOptions.Expecting"}, additions: run.additions,
	}
	err := r.check(ctx)
	run.additions = cmp.Or(max(r.additions, 0), removals(added))
	return err
}

func (run *syncRun) progress() {
	run.opts.OnProgress(SyncProgress{Sent: run.report.Sent.Len(), Total: run.total, Polls: run.report.Polls, Remaining: run.remaining})
}

// failure adds what is missing to the error that ended the waiting.
func (run *syncRun) failure(ctx context.Context, err error) error {
	if isFinal(err) {
		return call.Named(run.op, err)
	}
	if run.report.Polls == 0 {
		return call.Named(run.op, fmt.Errorf("all changes were accepted, but not verified: %w", err))
	}
	isOver := errors.Is(err, context.DeadlineExceeded)
	run.report.NoEffect = !run.hasEffect && (isOver || errors.Is(err, context.Canceled)) && time.Since(run.sentAt) >= call.SettleTime
	if isOver && ctx.Err() == nil { // only the timeout is over
		brief, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		run.client.findReasons(brief, run.op, run.report.Plan.Audience, run.report.Missing)
	}
	return call.Named(run.op, fmt.Errorf("%s: %w", run.report.shortfall(), err))
}

// removals counts devices: groups are removed only if they are named.
func removals(list []Member) int {
	n := 0
	for _, m := range list {
		if m.Kind == KindDevice {
			n++
		}
	}
	return n
}
