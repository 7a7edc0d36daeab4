package audience

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Membership is what an audience is waited to have. The zero Wanted is nothing.
type Membership struct {
	// Members are devices and groups that are to be members.
	Members []Member `json:"members,omitempty"`
	// Exclusions are devices and groups that are to be exclusions.
	Exclusions []Member `json:"exclusions,omitempty"`
}

// Validate returns the first thing that names no device and no group, or nil.
func (t Membership) Validate() error {
	return cmp.Or(checkMembers("Wanted.Members", t.Members), checkMembers("Wanted.Exclusions", t.Exclusions))
}

func checkMembers(field string, list []Member) error {
	for i, m := range list {
		if m.check("") != nil {
			return m.check(fmt.Sprintf("%s[%d]", field, i))
		}
	}
	return nil
}

// WaitForMembers waits until an audience has at least the wanted members and
// exclusions, whatever else it has. Ids are compared without case. A device that is in
// a wanted group counts as there. A group is there when it is listed, or when all its
// enrolled devices are, since the service may list groups as these; one without
// enrolled devices cannot be told from one that is not there, and is not waited for.
//
// The context bounds the wait. Every error is a [*MembershipError] with what is
// missing. An audience of Intune reads as empty. Without wanted exclusions the
// exclusions are not read, and without wanted members the members are not.
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
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-members?view=graph-rest-beta
func (c Client) WaitForMembers(ctx context.Context, of Ref, wanted Membership, opts *PollOptions) error {
	const op = "audiences.WaitForMembers"
	if err := cmp.Or(call.CheckID("of", of.id), wanted.Validate()); err != nil {
		return &MembershipError{Audience: of, Err: call.Invalid(op, err)}
	}
	sets := slices.DeleteFunc(wanted.waitTargets(never), func(s waitTarget) bool { return s.target.len() == 0 })
	return c.waitFor(ctx, op, of, sets, opts)
}

// WaitForExactMembers waits until an audience has the wanted members and exclusions and no
// others; a nil list is waited for to be empty. Groups are refused, with an
// [*apierr.FieldError], because the service may list them as their devices. Members of
// kinds that this version does not know are not counted. Everything else is as with
// [Client.WaitForMembers].
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
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-members?view=graph-rest-beta
func (c Client) WaitForExactMembers(ctx context.Context, of Ref, wanted Membership, opts *PollOptions) error {
	const op = "audiences.WaitForExactMembers"
	groups := cmp.Or(refuseGroups("Wanted.Members", wanted.Members), refuseGroups("Wanted.Exclusions", wanted.Exclusions))
	if err := cmp.Or(call.CheckID("of", of.id), wanted.Validate(), groups); err != nil {
		return &MembershipError{Audience: of, Err: call.Invalid(op, err)}
	}
	return c.waitFor(ctx, op, of, wanted.waitTargets(always), opts)
}

func refuseGroups(field string, list []Member) error {
	for i, m := range list {
		if m.Kind == KindGroup {
			const rule = "must be a device: the service may list a group as its devices"
			return &apierr.FieldError{Field: fmt.Sprintf("%s[%d]", field, i), Value: m.ID, Rule: rule}
		}
	}
	return nil
}

// MembershipError is a wait that ended before an audience had what was wanted.
type MembershipError struct {
	// Audience is the audience.
	Audience Ref `json:"audience"`
	// Remaining is the edit that would bring about what was wanted, as the audience was seen
	// last: what is missing is to be added, what is too many to be removed. It is the
	// zero Edit when the audience was never seen.
	Remaining Edit `json:"remaining,omitzero"`
	// Err is why the wait ended, with an [*apierr.Error] in it, and what errors.Unwrap
	// returns; nil after the error was read from JSON.
	Err error `json:"-"`
}

// Error returns the reason, and how much was missing and too many.
func (e *MembershipError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v; waited for the %v", cmp.Or(e.Err, errCauseUnknown), e.Audience)
	for s := addExclusions; s <= removeExclusions; s++ {
		if list := *e.Remaining.list(s); len(list) > 0 {
			fmt.Fprintf(&b, "; %d %s%s", len(list), s.problem(), firstIDs(list))
		}
	}
	return b.String()
}

// Unwrap returns Err.
func (e *MembershipError) Unwrap() error { return e.Err }

func (s changeKind) problem() string {
	return [...]string{"exclusions missing", "members too many", "members missing", "exclusions too many"}[s]
}

// watched is one of the two sets of an audience that is waited for.
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

// waitFor looks until nothing is left.
func (c Client) waitFor(ctx context.Context, op string, of Ref, sets []waitTarget, opts *PollOptions) (err error) {
	defer c.call.Span(&ctx, op)(&err)
	pauses, err := opts.pauses()
	if err != nil {
		return &MembershipError{Audience: of, Err: call.Invalid(op, err)}
	}
	failed, lowest, wasEmpty := &MembershipError{Audience: of}, math.MaxInt, false
	for poll := call.NewPoll(pauses); ; {
		remaining, isEmpty, err := c.remaining(ctx, op, of, sets)
		if err == nil {
			if remaining.Len() == 0 && (wasEmpty || !isEmpty) {
				return nil
			}
			wasEmpty = isEmpty
			if remaining.Len() < lowest {
				lowest = remaining.Len()
				poll.Changed()
			}
			failed.Remaining = remaining
		}
		if err := poll.Next(ctx, err); err != nil {
			failed.Err = call.Named(op, err)
			return failed
		}
	}
}

// left looks at the sets once. blank is whether they have to be seen once more.
func (c Client) remaining(ctx context.Context, op string, of Ref, sets []waitTarget) (remaining Edit, isEmpty bool, err error) {
	isEmpty = len(sets) > 0
	for _, s := range sets {
		seen, err := c.poll(ctx, op, of, s.set, s.target)
		if err != nil {
			return Edit{}, false, err
		}
		*remaining.list(s.missing), *remaining.list(s.surplus) = seen.missing, seen.surplus
		isEmpty = isEmpty && seen.isEmpty(s.target)
	}
	return remaining, isEmpty, nil
}
