package audience

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// SyncPlan is what [Client.Apply] would do to an audience. It prints as a few lines
// and can be stored as JSON; a plan that was stored is applied like any other, as long
// as the audience has not changed much since.
type SyncPlan struct {
	// Audience is the audience.
	Audience Ref
	// Desired is the number of devices and groups that are wanted.
	Desired int
	// Current is the number of members that the audience listed, those of unknown kinds
	// included.
	Current int
	// Groups are the ids of all wanted groups. Their devices are left as they are.
	Groups []string
	// UnmanagedGroups are the ids of groups that are members, are not wanted, and are left
	// in the audience because [SyncOptions].RemoveGroups does not name them.
	UnmanagedGroups []string
	// UnknownMembers is the number of members of kinds that the SDK does not recognize.
	// They are left as they are.
	UnknownMembers int

	add, remove memberSet
}

// Additions yields the members to add: first the wanted devices that are not listed and
// are in no wanted group, then the wanted groups that are not listed as groups, which the
// service may list as their devices. Devices are in the order of their ids.
func (p *SyncPlan) Additions() iter.Seq[Member] { return p.add.all() }

// Removals yields the members to remove: first the devices that are listed, are not
// wanted and are in no wanted group, then the groups of [SyncOptions].RemoveGroups.
// Devices are in the order of their ids.
func (p *SyncPlan) Removals() iter.Seq[Member] { return p.remove.all() }

// AdditionCount is the number of members to add.
func (p *SyncPlan) AdditionCount() int { return p.add.len() }

// RemovalCount is the number of members to remove.
func (p *SyncPlan) RemovalCount() int { return p.remove.len() }

// IsEmpty reports whether there is nothing to do.
func (p *SyncPlan) IsEmpty() bool { return p.add.len()+p.remove.len() == 0 }

// String says in a few lines what would be done, with the first ids of each list.
func (p *SyncPlan) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%v: %d desired, %d current\n", p.Audience, p.Desired, p.Current)
	fmt.Fprintf(&b, "  add %d%s\n", p.add.len(), firstOf(p.add.len(), p.Additions()))
	fmt.Fprintf(&b, "  remove %d%s\n", p.remove.len(), firstOf(p.remove.len(), p.Removals()))
	if n := len(p.UnmanagedGroups); n > 0 {
		fmt.Fprintf(&b, "  leave %s%s\n", counted(n, "unmanaged group"), firstIDs(Groups(p.UnmanagedGroups...)))
	}
	if n := p.UnknownMembers; n > 0 {
		fmt.Fprintf(&b, "  leave %s of unknown kind\n", counted(n, "member"))
	}
	return b.String()
}

// Plan reads an audience and says what [Client.Apply] would do to it, so that its
// members are those that are wanted. It changes nothing. The rules are those of
// [Client.Sync]; of its options only RemoveGroups counts here, and the guard of
// RemovalLimit is that of Apply. wanted is read to its end first; its error is
// returned.
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
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-members?view=graph-rest-beta
func (c Client) Plan(ctx context.Context, of Ref, wanted []Member, opts *SyncOptions) (*SyncPlan, error) {
	return c.readAndPlan(ctx, "audiences.Plan", of, eachOf(wanted), opts)
}

// PlanSeq is [Client.Plan] for a list that is read while it is used, for example from a
// file. An error in wanted ends it, and nothing is read then.
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
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-members?view=graph-rest-beta
func (c Client) PlanSeq(ctx context.Context, of Ref, wanted iter.Seq2[Member, error], opts *SyncOptions) (*SyncPlan, error) {
	return c.readAndPlan(ctx, "audiences.PlanSeq", of, wanted, opts)
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

func (c Client) readAndPlan(ctx context.Context, op string, of Ref, wanted iter.Seq2[Member, error], opts *SyncOptions) (plan *SyncPlan, err error) {
	defer c.call.Span(&ctx, op)(&err)
	t, err := readTarget(ctx, of, wanted, opts)
	if err != nil {
		return nil, call.Invalid(op, err)
	}
	return c.plan(ctx, op, of, t, opts)
}

// plan sends groups also where they do not show, since the service may list them as
// their devices.
func (c Client) plan(ctx context.Context, op string, of Ref, t *target, opts *SyncOptions) (*SyncPlan, error) {
	seen, err := c.poll(ctx, op, of, membersOf, t)
	if err != nil {
		return nil, call.Named(op, err)
	}
	return &SyncPlan{
		Audience: of, Desired: t.len(), Current: seen.present, UnknownMembers: seen.unknownMembers,
		Groups: t.groups, UnmanagedGroups: seen.unmanagedGroups,
		add:    newMemberSet(slices.Concat(seen.missing, Groups(seen.unlisted...))),
		remove: newMemberSet(slices.Concat(seen.surplus, Groups(opts.removeGroups()...))),
	}, nil
}

// readWish reads the wanted members to their end. All other devices are forbidden, and
// the groups that are to be removed.
func readTarget(ctx context.Context, of Ref, wanted iter.Seq2[Member, error], opts *SyncOptions) (*target, error) {
	if err := cmp.Or(call.CheckID("of", of.id), opts.Validate()); err != nil {
		return nil, err
	}
	if wanted == nil {
		return nil, &apierr.FieldError{Field: "wanted", Rule: "must not be nil"}
	}
	drop, n := opts.removeGroups(), 0
	t := &target{isUnwanted: func(m Member) bool { return m.Kind == KindDevice || wire.HasID(drop, m.ID) }}
	if opts.removesNone() {
		t.isUnwanted = never
	}
	for m, err := range wanted {
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return nil, fmt.Errorf("the wanted members could not be read to their end, and nothing was changed: %w", err)
		}
		if err := checkWanted(m, n, drop); err != nil {
			return nil, err
		}
		t.add(m)
		n++
	}
	t.sort()
	return t, nil
}

// checkWanted refuses a member that has no id or kind, and a group that is to go.
func checkWanted(m Member, n int, drop []string) error {
	if m.check("") != nil {
		return m.check(fmt.Sprintf("wanted[%d]", n))
	}
	if m.Kind == KindGroup && wire.HasID(drop, m.ID) {
		const rule = "must not have a group that is wanted"
		return &apierr.FieldError{Field: "SyncOptions.RemoveGroups", Value: m.ID, Rule: rule}
	}
	return nil
}

// check refuses what could not be sent.
func (p *SyncPlan) check(opts *SyncOptions) error {
	if p == nil {
		return &apierr.FieldError{Field: "plan", Rule: "must not be nil"}
	}
	return cmp.Or(call.CheckID("plan.Audience", p.Audience.id), opts.Validate())
}

// ErrTooManyRemovals is in the error of [Client.Sync] and [Client.Apply], because more members
// would go than [SyncOptions].RemovalLimit allows. Without a report nothing was
// changed; with one, others have added members since, and the report says what was
// sent before.
var ErrTooManyRemovals = errors.New("too many members would be removed")

// guard refuses to remove so many of the present members.
func (p *SyncPlan) checkRemovals(opts *SyncOptions, devices int) error {
	if opts.RemovalLimit == RemoveAll || devices == 0 && opts.removesNone() {
		return nil
	}
	if p.Desired == 0 {
		return fmt.Errorf("%w: no members are wanted; if that is meant set SyncOptions.RemovalLimit to RemoveAll", ErrTooManyRemovals)
	}
	limit := opts.RemovalLimit.of(p.Current)
	if devices > limit {
		return fmt.Errorf("%w: %d of %d, and at most %d may; raise SyncOptions.RemovalLimit if that is meant",
			ErrTooManyRemovals, devices, p.Current, limit)
	}
	return nil
}
