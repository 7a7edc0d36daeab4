package audience

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// applying is a plan under way.
type syncRun struct {
	client Client
	op     string
	target *target
	opts   *SyncOptions // with the defaults filled in
	report *SyncReport

	sent            difference // each asset once, however often it was sent
	total           int        // assets to send, each counted once
	sentAt          time.Time  // when the plan had been sent
	resendAt        time.Time  // when to send again what is left
	remaining       int        // at the last look; before the first one what was planned
	lowestRemaining int        // that were left at a look since others last changed something
	hasEffect       bool       // whether a look has shown anything of what was sent
	wasEmpty        bool       // whether the last look was
}

func (c Client) apply(ctx context.Context, op string, plan *SyncPlan, w *target, opts *SyncOptions) (*SyncReport, error) {
	run := syncRun{client: c, op: op, target: w, opts: opts.filled(), report: &SyncReport{Plan: plan}}
	if err := plan.checkRemovals(run.opts, plan.remove.devices.Len()); err != nil {
		return nil, call.Invalid(op, err)
	}
	if plan.IsEmpty() {
		run.report.Verified = true
		return run.report, nil
	}
	planned := difference{plan.add.list(), plan.remove.list()}
	run.remaining, run.lowestRemaining = planned.len(), planned.len()
	if err := run.send(ctx, planned); err != nil || run.opts.SkipVerification {
		return run.report, err
	}
	if err := run.waitUntilInSync(ctx); err != nil {
		return run.report, run.failure(ctx, err)
	}
	return run.report, nil
}

// settle looks until all holds.
func (run *syncRun) waitUntilInSync(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, run.opts.VerifyTimeout)
	defer cancel()
	pauses, err := run.opts.Poll.pauses()
	if err != nil {
		return err
	}
	run.sentAt = time.Now()
	run.resendAt = run.sentAt.Add(resendDelay)
	for poll := call.NewPoll(pauses); ; {
		changed, err := run.poll(ctx)
		if run.report.Verified || isFinal(err) {
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
	return failedToSend || errors.Is(err, ErrTooManyRemovals)
}

// look compares the audience with the wish once, and sends what has to be.
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
		run.client.findReasons(ctx, run.op, run.report)
	}
	run.progress()
	changed = run.remaining < run.lowestRemaining || run.sent.len() > sent
	if changed {
		run.lowestRemaining = run.remaining
	}
	return changed, err
}

// reasonsAfter is the look after which it is asked why devices are missing: about
// half a minute after they were sent, with the default pauses.
const reasonsAfter = 3

// see notes what a look has seen.
func (run *syncRun) record(now *snapshot) {
	r := run.report
	r.Polls++
	wasBlank := run.wasEmpty
	run.wasEmpty = now.isEmpty(run.target)
	r.Verified = now.len() == 0 && (wasBlank || !run.wasEmpty)
	r.Missing, r.Surplus, r.Unverifiable = keepReasons(now.missing, r.Missing), now.surplus, now.unverifiable
	run.hasEffect = run.hasEffect || run.hasEffectIn(now)
	run.remaining = now.len()
}

// shownBy reports whether a look shows anything of what was sent. Groups that cannot
// show are no sign, and those that were removed are none where nothing is listed.
func (run *syncRun) hasEffectIn(now *snapshot) bool {
	shown := run.sent.without(now.difference)
	isSign := func(m Member) bool { return m.Kind == KindDevice || !wire.HasID(now.unverifiable, m.ID) }
	return slices.ContainsFunc(shown.missing, isSign) || removals(shown.surplus) > 0 || now.present > 0 && len(shown.surplus) > 0
}

// firstAgain is how long after the plan what is left is sent again for the first time;
// each further time is twice as long after the plan. A service that needs an hour is no
// faster for being told twice.
const resendDelay = 10 * time.Minute

// news is what has to be sent now. What was never sent was changed by others, or is a
// change from before the plan that shows only now. What was sent may have been undone by
// others, but more often it does not show yet, or no longer: where the service answers
// from two copies one of them can lag behind.
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
	return run.send(ctx, pending)
}

func (run *syncRun) progress() {
	run.opts.OnProgress(SyncProgress{Sent: run.report.Sent.Len(), Total: run.total, Polls: run.report.Polls, Remaining: run.remaining})
}

// failure says what is missing and why it was not waited for any longer.
func (run *syncRun) failure(ctx context.Context, err error) error {
	if isFinal(err) {
		return call.Named(run.op, err)
	}
	if run.report.Polls == 0 {
		return call.Invalid(run.op, fmt.Errorf("all was accepted, and the audience was not read back: %w", err))
	}
	isOver := errors.Is(err, context.DeadlineExceeded)
	run.report.NoEffect = !run.hasEffect && (isOver || errors.Is(err, context.Canceled)) && time.Since(run.sentAt) >= call.SettleTime
	if isOver && ctx.Err() == nil { // only the timeout is over
		brief, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		run.client.findReasons(brief, run.op, run.report)
	}
	return call.Invalid(run.op, fmt.Errorf("%s: %w", run.report.shortfall(), err))
}

// removals counts devices: groups are removed only when they are named.
func removals(list []Member) int {
	n := 0
	for _, m := range list {
		if m.Kind == KindDevice {
			n++
		}
	}
	return n
}
