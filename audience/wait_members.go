package audience

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Membership is the content that an audience should have.
type Membership struct {
	// Members are the devices and groups that should be members.
	Members []Member `json:"members,omitempty"`
	// Exclusions are the devices and groups that should be exclusions.
	Exclusions []Member `json:"exclusions,omitempty"`
}

// Validate returns the first member or exclusion without ID or kind, or nil.
func (t Membership) Validate() error {
	return cmp.Or(checkEach("Membership.Members", t.Members, Member.checkNew), checkEach("Membership.Exclusions", t.Exclusions, Member.checkNew))
}

// checkEach returns the first problem of a list.
func checkEach(field string, list []Member, check func(Member, string) error) error {
	for i, m := range list {
		if check(m, "") != nil {
			return check(m, fmt.Sprintf("%s[%d]", field, i))
		}
	}
	return nil
}

// WaitForMembers waits until an audience has at least the desired members and exclusions. Use it after
// [Client.Edit] or [Client.AddDevices], which return before the change takes effect. Set a deadline on ctx.
//
// A device that is in a desired group counts as listed. A group counts as listed if all its enrolled devices
// are, because the service may list a group as its devices. A group without enrolled devices cannot be
// verified, and WaitForMembers does not wait for it.
//
// Every error is a [*MembershipError] with what is missing and the known reasons: excluded,
// not registered, the ID of a group, or registration errors. The service lists an audience
// that Intune owns as empty. Members are read only if desired lists members, and exclusions
// only if it lists exclusions, or once to find reasons.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /deploymentAudiences/{id}/members
//graph:op GET /deployments/{id}/audience/members
//graph:op GET /updatePolicies/{id}/audience/members
//graph:op GET /deploymentAudiences/{id}/exclusions
//graph:op GET /deployments/{id}/audience/exclusions
//graph:op GET /updatePolicies/{id}/audience/exclusions
//graph:op GET /updatableAssets/{id}/microsoft.graph.windowsUpdates.updatableAssetGroup/members
//graph:op GET /updatableAssets/{id}
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-members?view=graph-rest-beta
func (c Client) WaitForMembers(ctx context.Context, of Ref, desired Membership, opts *PollOptions) error {
	const op = "audiences.WaitForMembers"
	if err := cmp.Or(call.CheckID("of", of.id), desired.Validate()); err != nil {
		return &MembershipError{Audience: of, Err: call.Invalid(op, err)}
	}
	sets := slices.DeleteFunc(desired.waitTargets(never), func(s waitTarget) bool { return s.target.len() == 0 })
	return c.waitFor(ctx, op, of, sets, opts)
}

// WaitForExactMembers waits until an audience has exactly the desired members and exclusions; a nil list
// must become empty. Groups are invalid, because the service may list them as their devices. Members of
// unknown kinds are not counted. Everything else is as in [Client.WaitForMembers].
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /deploymentAudiences/{id}/members
//graph:op GET /deployments/{id}/audience/members
//graph:op GET /updatePolicies/{id}/audience/members
//graph:op GET /deploymentAudiences/{id}/exclusions
//graph:op GET /deployments/{id}/audience/exclusions
//graph:op GET /updatePolicies/{id}/audience/exclusions
//graph:op GET /updatableAssets/{id}
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-members?view=graph-rest-beta
func (c Client) WaitForExactMembers(ctx context.Context, of Ref, desired Membership, opts *PollOptions) error {
	const op = "audiences.WaitForExactMembers"
	groups := cmp.Or(refuseGroups("Membership.Members", desired.Members), refuseGroups("Membership.Exclusions", desired.Exclusions))
	if err := cmp.Or(call.CheckID("of", of.id), desired.Validate(), groups); err != nil {
		return &MembershipError{Audience: of, Err: call.Invalid(op, err)}
	}
	return c.waitFor(ctx, op, of, desired.waitTargets(always), opts)
}

func refuseGroups(field string, list []Member) error {
	for i, m := range list {
		if m.Kind == KindGroup {
			const rule = "must be a device, because the service may list a group as its devices"
			return &apierr.FieldError{Field: fmt.Sprintf("%s[%d]", field, i), Value: strconv.Quote(m.ID), Rule: rule}
		}
	}
	return nil
}

// MembershipError is the error of a wait that ended before an audience had the desired content.
type MembershipError struct {
	// Audience is the audience.
	Audience Ref `json:"audience"`
	// Remaining is the edit that would make the audience match, as last observed; the zero
	// Edit if the audience was never read.
	Remaining Edit `json:"remaining,omitzero"`
	// Missing are the members of Remaining.AddMembers, with the known reasons. They are read
	// once, about half a minute after the wait began.
	Missing []MissingMember `json:"missing,omitempty"`
	// Unverifiable are the IDs of desired groups that cannot be verified, as in [SyncReport].Unverifiable.
	Unverifiable []string `json:"unverifiable,omitempty"`
	// NoEffect is whether no poll has found any desired member or exclusion for two minutes or longer.
	NoEffect bool `json:"noEffect,omitempty"`
	// Unlisted is whether the service returned 404 for a list at the last poll, as in
	// [SyncReport].Unlisted.
	Unlisted bool `json:"unlisted,omitempty"`
	// Err is the cause, with an [*apierr.Error] in it; nil after the error was read from
	// JSON.
	Err error `json:"-"`
}

// Error returns the cause, and what is missing and surplus.
func (e *MembershipError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v; %v", cmp.Or(e.Err, errCauseUnknown), e.Audience)
	for s := addExclusions; s <= removeExclusions; s++ {
		list := *e.Remaining.list(s)
		switch {
		case len(list) == 0:
		case s == addMembers && len(e.Missing) == len(list):
			fmt.Fprintf(&b, "; %s%s", s.problem(len(list)), firstMissing(e.Missing))
		default:
			fmt.Fprintf(&b, "; %s%s", s.problem(len(list)), firstIDs(list))
		}
	}
	if n := len(e.Unverifiable); n > 0 {
		fmt.Fprintf(&b, "; %s cannot be verified%s", wire.Counted(n, "group"), firstIDs(Groups(e.Unverifiable...)))
	}
	if e.NoEffect && e.Unlisted {
		fmt.Fprintf(&b, "; %s", ownedByIntune)
	}
	return wire.Line("", b.String())
}

// Unwrap returns Err.
func (e *MembershipError) Unwrap() error { return e.Err }

// problem says what is wrong while n such changes remain.
func (s changeKind) problem(n int) string {
	switch s {
	case addExclusions:
		return wire.Counted(n, "exclusion") + " missing"
	case removeMembers:
		return wire.Counted(n, "surplus member")
	case addMembers:
		return wire.Counted(n, "member") + " missing"
	default:
		return wire.Counted(n, "surplus exclusion")
	}
}

// waitTarget is the target of one of the two sets of an audience.
type waitTarget struct {
	set     func(routes) fetchAssets
	target  *target
	missing changeKind // of the edit that would add what is missing
	surplus changeKind
}

// watching are both sets, members first.
func (t Membership) waitTargets(isUnwanted func(Member) bool) []waitTarget {
	return []waitTarget{
		{membersOf, newTarget(t.Members, isUnwanted), addMembers, removeMembers},
		{exclusionsOf, newTarget(t.Exclusions, isUnwanted), addExclusions, removeExclusions},
	}
}

// waitFor polls until nothing remains.
func (c Client) waitFor(ctx context.Context, op string, of Ref, sets []waitTarget, opts *PollOptions) (err error) {
	defer c.call.Span(&ctx, op)(&err)
	pauses, err := opts.pauses()
	if err != nil {
		return &MembershipError{Audience: of, Err: call.Invalid(op, err)}
	}
	w := memberWait{client: c, op: op, of: of, sets: sets, began: time.Now(), failed: &MembershipError{Audience: of}, lowest: math.MaxInt}
	ctx = call.Polling(ctx)
	for poll := call.NewPoll(pauses); ; {
		isDone, changed, err := w.poll(ctx)
		if isDone {
			return nil
		}
		if changed {
			poll.Changed()
		}
		if err := poll.Next(ctx, err); err != nil {
			return w.failure(err)
		}
	}
}

// memberWait is a wait for the members of an audience.
type memberWait struct {
	client Client
	op     string
	of     Ref
	sets   []waitTarget
	began  time.Time
	failed *MembershipError

	polls     int
	lowest    int  // number of remaining changes
	wasEmpty  bool // whether the last poll has to be confirmed
	hasEffect bool // whether a poll found anything desired
}

// poll reads the sets once.
func (w *memberWait) poll(ctx context.Context) (isDone, changed bool, err error) {
	remaining, isEmpty, err := w.remaining(ctx)
	if err != nil {
		return false, false, err
	}
	if remaining.Len() == 0 && (w.wasEmpty || !isEmpty) {
		return true, false, nil
	}
	changed = remaining.Len() < w.lowest
	w.wasEmpty, w.lowest, w.failed.Remaining = isEmpty, min(w.lowest, remaining.Len()), remaining
	w.failed.Missing = keepReasons(remaining.AddMembers, w.failed.Missing)
	if w.polls++; w.polls == reasonsAfter {
		w.client.findReasons(ctx, w.op, w.of, w.failed.Missing)
	}
	return false, changed, nil
}

// remaining polls the sets. isEmpty is whether a second poll has to find the same.
func (w *memberWait) remaining(ctx context.Context) (remaining Edit, isEmpty bool, err error) {
	isEmpty = len(w.sets) > 0
	var unverifiable []string
	isUnlisted := false
	for _, s := range w.sets {
		seen, err := w.client.poll(ctx, w.op, w.of, s.set, s.target)
		if err != nil {
			return Edit{}, false, err
		}
		*remaining.list(s.missing), *remaining.list(s.surplus) = seen.missing, seen.surplus
		isEmpty = isEmpty && seen.isEmpty(s.target)
		unverifiable = append(unverifiable, seen.unverifiable...)
		isUnlisted = isUnlisted || seen.notFound
		w.hasEffect = w.hasEffect || len(seen.missing)+len(seen.unverifiable) < s.target.len()
	}
	w.failed.Unverifiable, w.failed.Unlisted = unverifiable, isUnlisted
	return remaining, isEmpty, nil
}

func (w *memberWait) failure(err error) error {
	w.failed.NoEffect = w.polls > 0 && !w.hasEffect && time.Since(w.began) >= call.SettleTime
	w.failed.Err = call.Named(w.op, err)
	return w.failed
}
