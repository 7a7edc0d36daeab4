package updatepolicies

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"time"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// CreateOnce creates an update policy and avoids a duplicate if a response is lost. Use
// it instead of [Client.Create] if duplicates would do harm.
//
// CreateOnce lists the update policies first. After a lost response, it polls for a policy that matches the
// spec and was not in that list. It searches until the window is over, to make sure that there is only one.
// If that one was created since by the service's clock, CreateOnce returns it as the list has it. If there
// is none, it creates again. After the third lost response, it returns the error of Create.
//
// A policy matches if audience, settings, rules, and categories are equal; their order
// does not matter. Values that the spec leaves to the service, properties in Extra, and
// unknown kinds are not compared. Policies that two programs create simultaneously cannot
// be told apart.
//
// If there are several candidates, or one that may be older by the service's clock, the
// error is an [*apierr.AmbiguousError] that lists them. If the search fails or ctx ends,
// the error is also apierr.ErrUnknownOutcome.
//
// Graph: POST /updatePolicies, GET /updatePolicies (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-post-updatepolicies?view=graph-rest-beta
func (c Client) CreateOnce(
	ctx context.Context, spec Spec, opts *deployments.CreateOnceOptions,
) (policy *Policy, err error) {
	const op = "updatePolicies.CreateOnce"
	defer c.call.Span(&ctx, op)(&err)
	window, err := deployments.Internal.SearchWindow(opts)
	if err = errors.Join(spec.Validate(), c.checkExpecting(), err); err != nil {
		return nil, call.Invalid(op, err)
	}
	return once(c, op, spec).Run(ctx, op, window)
}

// FindCreated searches once for the policy that a lost call of [Client.Create] may have
// created. [Client.CreateOnce] is more reliable.
//
// FindCreated returns the policy that matches spec and was created at since or later, by
// the service's clock. Choose a time just before the call as since; subtract some seconds
// if your clock may be ahead. If there is none, the error is apierr.ErrNotFound; the
// policy may appear later. If there are several, or one without a time, the error is an
// [*apierr.AmbiguousError] that lists them.
//
// Graph: GET /updatePolicies (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-updatepolicies?view=graph-rest-beta
func (c Client) FindCreated(ctx context.Context, spec Spec, since time.Time) (policy *Policy, err error) {
	const op = "updatePolicies.FindCreated"
	defer c.call.Span(&ctx, op)(&err)
	if err := spec.Validate(); err != nil {
		return nil, call.Invalid(op, err)
	}
	return once(c, op, spec).Find(ctx, op, since)
}

// ApproveOnce approves an update and avoids a duplicate if a response is lost. Use it
// instead of [Client.Approve] if a second approval would do harm: two approvals of an
// update conflict.
//
// ApproveOnce searches for the approval as [Client.CreateOnce] searches for a policy. An
// approval matches if update and settings are equal. If it does not name the ID of a quality
// update, release date, classification, and cadence decide. Approvals that existed before do
// not count; check [Client.EntryStates].
//
// An approval that a rule of the policy, or another program, creates simultaneously with
// the same settings cannot be told apart. If there are several candidates, or one that
// may be older or of another update, the error is an [*apierr.AmbiguousError] that
// lists them.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op POST /updatePolicies/{policyID}/complianceChanges
//graph:op GET /updatePolicies/{policyID}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//graph:op GET /catalog/entries/{id}
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-post-compliancechanges?view=graph-rest-beta
func (c Client) ApproveOnce(
	ctx context.Context, policyID string, spec ApprovalSpec, opts *deployments.CreateOnceOptions,
) (approval *Approval, err error) {
	const op = "updatePolicies.ApproveOnce"
	defer c.call.Span(&ctx, op)(&err)
	window, err := deployments.Internal.SearchWindow(opts)
	if err = errors.Join(spec.Validate(), c.checkExpecting(), err); err != nil {
		return nil, call.Invalid(op, err)
	}
	return onceApproved(c, op, policyID, spec).Run(ctx, op, window)
}

// FindCreatedApproval searches once for the approval that a lost call of [Client.Approve]
// may have created. [Client.ApproveOnce] is more reliable. since and the errors are as in
// [Client.FindCreated].
//
// Graph: GET /updatePolicies/{policyID}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval, GET /catalog/entries/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-list-compliancechanges?view=graph-rest-beta
func (c Client) FindCreatedApproval(
	ctx context.Context, policyID string, spec ApprovalSpec, since time.Time,
) (approval *Approval, err error) {
	const op = "updatePolicies.FindCreatedApproval"
	defer c.call.Span(&ctx, op)(&err)
	if err := spec.Validate(); err != nil {
		return nil, call.Invalid(op, err)
	}
	return onceApproved(c, op, policyID, spec).Find(ctx, op, since)
}

func once(c Client, op string, spec Spec) call.Once[*Policy] {
	return call.Once[*Policy]{
		Create: func(ctx context.Context) (*Policy, error) { return c.Create(ctx, spec) },
		List: func(ctx context.Context, clock *time.Time) iter.Seq2[*Policy, error] {
			return c.listDated(op, spec, clock).All(ctx)
		},
		Matches: spec.matches,
		Identify: func(p *Policy) call.Identity {
			return call.Identity{ID: p.ID, Created: p.Created, Doubt: deployments.Internal.Doubt(p.allUnread())}
		},
	}
}

// listDated lists all policies, because no filter is known to work.
func (c Client) listDated(op string, spec Spec, clock *time.Time) odata.List[*Policy] {
	q := &odata.Query{Expand: []string{"audience"}}
	read := func(w models.UpdatePolicyable) *Policy { return readPolicy(w).forAudience(spec.AudienceID) }
	return call.List(c.call, call.Op{Name: op}, q, call.Dated(clock, fetchPolicies), call.All(read))
}

func onceApproved(c Client, op, policyID string, spec ApprovalSpec) call.Once[*Approval] {
	entry := deployments.Internal.DesiredEntry(c.call, spec.EntryID)
	return call.Once[*Approval]{
		Create: func(ctx context.Context) (*Approval, error) { return c.Approve(ctx, policyID, spec) },
		List: func(ctx context.Context, clock *time.Time) iter.Seq2[*Approval, error] {
			return c.listDatedApprovals(op, policyID, clock).All(ctx)
		},
		Matches: spec.matches,
		IsOther: func(ctx context.Context, a *Approval) bool { return entry.IsOther(ctx, a.Content) },
		Identify: func(a *Approval) call.Identity {
			return call.Identity{ID: a.ID, Created: a.Created,
				Doubt: cmp.Or(deployments.Internal.Doubt(a.allUnread()), entry.Doubt(a.Content))}
		},
	}
}

func (c Client) listDatedApprovals(op, policyID string, clock *time.Time) odata.List[*Approval] {
	of, pages := approvalsOp(op, call.Read, policyID), call.Dated(clock, fetchApprovals(policyID))
	return call.List(c.call, of, nil, pages, call.All(readApproval))
}
