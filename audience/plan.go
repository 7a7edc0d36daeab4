package audience

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// SyncPlan is the change that [Client.Apply] makes to an audience. It prints as a few
// lines and can be stored as JSON. Apply a stored plan while the audience has not changed
// much since.
type SyncPlan struct {
	// Audience is the audience.
	Audience Ref
	// Desired is the number of devices and groups in the list.
	Desired int
	// Current is the number of members that the audience had, including members of unknown
	// kinds.
	Current int
	// Groups are the IDs of all groups in the list. Their devices are not changed.
	Groups []string
	// UnmanagedGroups are the IDs of groups that are members and not in the list. They stay
	// members, because [SyncOptions].RemoveGroups does not name them.
	UnmanagedGroups []string
	// Deployments are the IDs of the deployments that use the audience. Only [Client.Plan] and
	// [Client.PlanSeq] read them.
	Deployments []string
	// UpdatePolicies are the IDs of the update policies that use the audience, as Deployments.
	UpdatePolicies []string
	// UnknownMembers is the number of members of kinds that the SDK does not recognize. They
	// stay members.
	UnknownMembers int

	add, remove memberSet
}

// Additions yields the members to add. The devices come first, in the order of their IDs: those of the list
// that are not members and not in a group of the list. Then come the groups of the list that the service
// does not list as groups: it may list them as their devices.
func (p *SyncPlan) Additions() iter.Seq[Member] { return p.add.all() }

// Removals yields the members to remove. The devices come first, in the order of their IDs: the members that
// are not in the list and not in a group of the list. Then come the groups of [SyncOptions].RemoveGroups.
func (p *SyncPlan) Removals() iter.Seq[Member] { return p.remove.all() }

// AdditionCount returns the number of members to add.
func (p *SyncPlan) AdditionCount() int { return p.add.len() }

// RemovalCount returns the number of members to remove.
func (p *SyncPlan) RemovalCount() int { return p.remove.len() }

// IsEmpty reports whether the plan changes nothing.
func (p *SyncPlan) IsEmpty() bool { return p.add.len()+p.remove.len() == 0 }

// String returns a few lines with the numbers and the first IDs of each list, and what
// becomes of removed devices.
func (p *SyncPlan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v: %d desired, %d current\n", p.Audience, p.Desired, p.Current)
	fmt.Fprintf(&b, "  add %d%s\n", p.add.len(), firstOf(p.add.len(), p.Additions()))
	fmt.Fprintf(&b, "  remove %d%s\n", p.remove.len(), firstOf(p.remove.len(), p.Removals()))
	if n := p.remove.devices.Len(); n > 0 {
		fmt.Fprintf(&b, "  %s\n", stay(n))
	}
	if n := len(p.UnmanagedGroups); n > 0 {
		fmt.Fprintf(&b, "  leave %s%s\n", wire.Counted(n, "unmanaged group"), firstIDs(Groups(p.UnmanagedGroups...)))
	}
	if n := p.UnknownMembers; n > 0 {
		fmt.Fprintf(&b, "  leave %s of unknown kind\n", wire.Counted(n, "member"))
	}
	b.WriteString(users("deployment", "deployments", p.Deployments))
	b.WriteString(users("update policy", "update policies", p.UpdatePolicies))
	return b.String()
}

// users is a line about what uses an audience; empty if nothing does.
func users(one, several string, ids []string) string {
	if len(ids) == 0 {
		return ""
	}
	noun := several
	if len(ids) == 1 {
		noun = one
	}
	first := ids[:min(fewWords, len(ids))]
	if len(ids) > fewWords {
		first = append(slices.Clone(first), "…")
	}
	return fmt.Sprintf("  the audience is used by %d %s: %s\n", len(ids), noun, wire.Line(", ", first...))
}

// stay says what becomes of n devices that are removed.
func stay(n int) string {
	if n == 1 {
		return "1 removed device stays enrolled and gets no feature update until something is deployed to it"
	}
	return fmt.Sprintf("%d removed devices %s", n, stayEnrolled)
}

const stayEnrolled = "stay enrolled and get no feature update until something is deployed to them"

// Plan reads an audience and returns the change that makes its members match desired. Use it with
// [Client.Apply] to review a change before it is made; [Client.Sync] does both. Plan changes nothing. It
// also lists the deployments and update policies that use the audience: a change of a shared audience is a
// change for all of them. Plan uses only the options RemoveGroups and [RemoveNone]: Apply checks the removal
// limit.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /deploymentAudiences/{id}/members
//graph:op GET /deployments/{id}/audience/members
//graph:op GET /updatePolicies/{id}/audience/members
//graph:op GET /updatableAssets/{id}/microsoft.graph.windowsUpdates.updatableAssetGroup/members
//graph:op GET /deployments
//graph:op GET /updatePolicies
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-members?view=graph-rest-beta
func (c Client) Plan(ctx context.Context, of Ref, desired []Member, opts *SyncOptions) (*SyncPlan, error) {
	return c.readAndPlan(ctx, "audiences.Plan", of, eachOf(desired), opts)
}

// PlanSeq is [Client.Plan] for a sequence, for example the lines of a file. It reads
// desired to its end before it sends a request. If desired yields an error, PlanSeq returns
// it and sends nothing.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /deploymentAudiences/{id}/members
//graph:op GET /deployments/{id}/audience/members
//graph:op GET /updatePolicies/{id}/audience/members
//graph:op GET /updatableAssets/{id}/microsoft.graph.windowsUpdates.updatableAssetGroup/members
//graph:op GET /deployments
//graph:op GET /updatePolicies
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-members?view=graph-rest-beta
func (c Client) PlanSeq(ctx context.Context, of Ref, desired iter.Seq2[Member, error], opts *SyncOptions) (*SyncPlan, error) {
	return c.readAndPlan(ctx, "audiences.PlanSeq", of, desired, opts)
}

func eachOf(list []Member) iter.Seq2[Member, error] {
	return func(yield func(Member, error) bool) {
		for _, m := range list {
			if !yield(m, nil) {
				return
			}
		}
	}
}

func (c Client) readAndPlan(ctx context.Context, op string, of Ref, desired iter.Seq2[Member, error], opts *SyncOptions) (plan *SyncPlan, err error) {
	defer c.call.Span(&ctx, op)(&err)
	t, err := readTarget(ctx, of, desired, opts)
	if err != nil {
		return nil, call.Invalid(op, err)
	}
	if plan, _, err = c.plan(ctx, op, of, t, opts); err != nil {
		return nil, err
	}
	if err := c.findUsers(ctx, op, plan); err != nil {
		return nil, call.Named(op, err)
	}
	return plan, nil
}

// plan also adds groups that are not listed, because the service may list them as their
// devices. additions is the number of devices that would be newly added.
func (c Client) plan(ctx context.Context, op string, of Ref, t *target, opts *SyncOptions) (plan *SyncPlan, additions int, err error) {
	seen, err := c.poll(ctx, op, of, membersOf, t)
	if err != nil {
		return nil, 0, call.Named(op, err)
	}
	return &SyncPlan{
		Audience: of, Desired: t.len(), Current: seen.present, UnknownMembers: seen.unknownMembers,
		Groups: t.groups, UnmanagedGroups: seen.unmanagedGroups,
		add:    newMemberSet(slices.Concat(seen.missing, Groups(seen.unlisted...))),
		remove: newMemberSet(slices.Concat(seen.surplus, Groups(opts.removeGroups()...))),
	}, seen.newDevices(), nil
}

// readTarget reads the desired members to their end. All other devices are unwanted, and
// so are the groups to remove.
func readTarget(ctx context.Context, of Ref, desired iter.Seq2[Member, error], opts *SyncOptions) (*target, error) {
	if err := cmp.Or(call.CheckID("of", of.id), opts.Validate()); err != nil {
		return nil, err
	}
	if desired == nil {
		return nil, &apierr.FieldError{Field: "desired", Rule: "must not be nil"}
	}
	drop, n := opts.removeGroups(), 0
	t := &target{isUnwanted: func(m Member) bool { return m.Kind == KindDevice || wire.HasID(drop, m.ID) }}
	if opts.removesNone() {
		t.isUnwanted = never
	}
	for m, err := range desired {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return nil, fmt.Errorf("read desired members: %w; nothing was sent", err)
		}
		if isDevice := t.add(m); !isDevice {
			if err := checkDesired(m, n, drop); err != nil {
				return nil, err
			}
		}
		n++
	}
	t.sort()
	return t, nil
}

// checkDesired returns an error for a member without ID or kind, and for a group that is
// to be removed.
func checkDesired(m Member, n int, drop []string) error {
	if m.checkNew("") != nil {
		return m.checkNew(fmt.Sprintf("desired[%d]", n))
	}
	if m.Kind == KindGroup && wire.HasID(drop, m.ID) {
		const rule = "must not have a group of the list"
		return &apierr.FieldError{Field: "SyncOptions.RemoveGroups", Value: strconv.Quote(m.ID), Rule: rule}
	}
	return nil
}

func (p *SyncPlan) check(opts *SyncOptions) error {
	if p == nil {
		return &apierr.FieldError{Field: "plan", Rule: "must not be nil"}
	}
	return cmp.Or(call.CheckID("plan.Audience", p.Audience.id), opts.Validate())
}

// share says how many of the members are removed. More can be than the plan found: another program adds
// members, and a plan can be stored.
func (p *SyncPlan) share(devices int) string {
	if devices > p.Current {
		return fmt.Sprintf("%s, more than the %s of the plan", wire.Counted(devices, "device"), wire.Counted(p.Current, "member"))
	}
	return fmt.Sprintf("%d of %s", devices, wire.Counted(p.Current, "member"))
}

// ErrTooManyRemovals means that [Client.Sync] or [Client.Apply] would remove more members than
// [SyncOptions].RemovalLimit allows. If there is no report, nothing was sent. If there is a report, another
// program added members in the meantime; the report lists what had been sent by then.
var ErrTooManyRemovals = errors.New("too many removals")

// checkRemovals returns an error if so many devices must not be removed.
func (p *SyncPlan) checkRemovals(opts *SyncOptions, devices int) error {
	if opts.RemovalLimit == RemoveAll || devices == 0 && opts.removesNone() {
		return nil
	}
	if p.Desired == 0 {
		return fmt.Errorf("%w: the list is empty; to remove all members, set SyncOptions.RemovalLimit to RemoveAll", ErrTooManyRemovals)
	}
	limit := opts.RemovalLimit.of(p.Current)
	if devices > limit {
		return fmt.Errorf("%w: %s, limit %d; removed devices %s; to allow them, raise SyncOptions.RemovalLimit",
			ErrTooManyRemovals, p.share(devices), limit, stayEnrolled)
	}
	return nil
}
