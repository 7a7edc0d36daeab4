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
type applying struct {
	client Client
	op     string
	wish   *wish
	opts   *SyncOptions // with the defaults filled in
	report *SyncReport

	sent   difference // each asset once, however often it was sent
	total  int        // assets to send, each counted once
	began  time.Time  // when the plan had been sent
	again  time.Time  // when to send again what is left
	left   int        // at the last look; before the first one what was planned
	fewest int        // that were left at a look since others last changed something
	moved  bool       // whether a look has shown anything of what was sent
	blank  bool       // whether the last look was
}

func (c Client) apply(ctx context.Context, op string, plan *SyncPlan, w *wish, opts *SyncOptions) (*SyncReport, error) {
	a := applying{client: c, op: op, wish: w, opts: opts.filled(), report: &SyncReport{Plan: plan}}
	if err := plan.guard(a.opts, plan.remove.devices.Len()); err != nil {
		return nil, call.Invalid(op, err)
	}
	if plan.IsEmpty() {
		a.report.Verified = true
		return a.report, nil
	}
	planned := difference{plan.add.list(), plan.remove.list()}
	a.left, a.fewest = planned.len(), planned.len()
	if err := a.send(ctx, planned); err != nil || a.opts.SkipVerification {
		return a.report, err
	}
	if err := a.settle(ctx); err != nil {
		return a.report, a.failure(ctx, err)
	}
	return a.report, nil
}

// settle looks until all holds.
func (a *applying) settle(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, a.opts.VerifyTimeout)
	defer cancel()
	pauses, err := a.opts.Poll.pauses()
	if err != nil {
		return err
	}
	a.began = time.Now()
	a.again = a.began.Add(firstAgain)
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
	return failedToSend || errors.Is(err, ErrTooManyRemovals)
}

// look compares the audience with the wish once, and sends what has to be.
func (a *applying) look(ctx context.Context) (changed bool, err error) {
	now, err := a.client.look(ctx, a.op, a.report.Plan.Audience, membersOf, a.wish)
	if err != nil {
		return false, err
	}
	a.see(now)
	sent := a.sent.len()
	if news := a.news(now.difference); news.len() > 0 {
		err = a.sendNews(ctx, news)
	} else if a.report.Polls == reasonsAfter {
		a.client.findReasons(ctx, a.op, a.report)
	}
	a.progress()
	changed = a.left < a.fewest || a.sent.len() > sent
	if changed {
		a.fewest = a.left
	}
	return changed, err
}

// reasonsAfter is the look after which it is asked why devices are missing: about
// half a minute after they were sent, with the default pauses.
const reasonsAfter = 3

// see notes what a look has seen.
func (a *applying) see(now *sight) {
	r := a.report
	r.Polls++
	wasBlank := a.blank
	a.blank = now.isBlank(a.wish)
	r.Verified = now.len() == 0 && (wasBlank || !a.blank)
	r.Missing, r.Surplus, r.Unverifiable = keepReasons(now.missing, r.Missing), now.surplus, now.hidden
	a.moved = a.moved || a.shownBy(now)
	a.left = now.len()
}

// shownBy reports whether a look shows anything of what was sent. Groups that cannot
// show are no sign, and those that were removed are none where nothing is listed.
func (a *applying) shownBy(now *sight) bool {
	shown := a.sent.without(now.difference)
	isSign := func(m Member) bool { return m.Kind == KindDevice || !wire.HasID(now.hidden, m.ID) }
	return slices.ContainsFunc(shown.missing, isSign) || removals(shown.surplus) > 0 || now.present > 0 && len(shown.surplus) > 0
}

// firstAgain is how long after the plan what is left is sent again for the first time;
// each further time is twice as long after the plan. A service that needs an hour is no
// faster for being told twice.
const firstAgain = 10 * time.Minute

// news is what has to be sent now. What was never sent was changed by others, or is a
// change from before the plan that shows only now. What was sent may have been undone by
// others, but more often it does not show yet, or no longer: where the service answers
// from two copies one of them can lag behind.
func (a *applying) news(now difference) difference {
	if time.Now().Before(a.again) {
		return now.without(a.sent)
	}
	a.again = a.began.Add(2 * a.again.Sub(a.began))
	return now
}

func (a *applying) sendNews(ctx context.Context, news difference) error {
	if err := a.report.Plan.guard(a.opts, removals(a.sent.and(news).surplus)); err != nil {
		return err
	}
	return a.send(ctx, news)
}

func (a *applying) progress() {
	a.opts.OnProgress(SyncProgress{Sent: a.report.Sent.Len(), Total: a.total, Polls: a.report.Polls, Remaining: a.left})
}

// failure says what is missing and why it was not waited for any longer.
func (a *applying) failure(ctx context.Context, err error) error {
	if isFinal(err) {
		return call.Named(a.op, err)
	}
	if a.report.Polls == 0 {
		return call.Invalid(a.op, fmt.Errorf("all was accepted, and the audience was not read back: %w", err))
	}
	isOver := errors.Is(err, context.DeadlineExceeded)
	a.report.NoEffect = !a.moved && (isOver || errors.Is(err, context.Canceled)) && time.Since(a.began) >= call.SettleTime
	if isOver && ctx.Err() == nil { // only the timeout is over
		brief, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		a.client.findReasons(brief, a.op, a.report)
	}
	return call.Invalid(a.op, fmt.Errorf("%s: %w", a.report.shortfall(), err))
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
