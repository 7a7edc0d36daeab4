package updatepolicies

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// CreateOnce is [Client.Create] for callers who must not make two: a lost
// answer does not end it. It lists the update policies first, and notes the service's
// time. After a lost answer it looks for a policy that was not there before, was
// created since then by the service's clock, and is what the spec says, until the
// window is over, even when it has found one, as only then it is known to be the only
// one. It returns that policy as the list has it. When there is none it creates again;
// the third answer that is lost in this way is returned as Create returns it.
//
// Audience, settings, rules and categories are compared, rules and categories in any
// order. What the spec leaves to the service, members of Extra, and rules, filters and
// rollouts of a kind that this version does not know, cannot be compared and are not.
// Of two programs that create the same at the same time nobody can tell whose is whose:
// several candidates, and one that may be older, are an [*apierr.AmbiguousError] that
// lists them. Of a search that fails, or is ended by the context, the error is
// apierr.ErrUnknownOutcome too, and a AmbiguousError when something was found.
//
//   - Graph: POST /updatePolicies
//   - Graph: GET /updatePolicies
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/adminwindowsupdates-post-updatepolicies?view=graph-rest-beta
func (c Client) CreateOnce(ctx context.Context, spec Spec, opts *deployments.CreateOnceOptions) (policy *Policy, err error) {
	const op = "updatePolicies.CreateOnce"
	defer c.call.Span(&ctx, op)(&err)
	window, err := deployments.Internal.SearchWindow(opts)
	if err = errors.Join(spec.Validate(), err); err != nil {
		return nil, call.Invalid(op, err)
	}
	return once(c, op, spec).Run(ctx, window)
}

// FindCreated looks once for the policy that a lost call of [Client.Create] may have
// made: it is what the spec says, and was created at since or later by the service's
// clock. since is a time just before the call: your clock, less some seconds where the
// two may differ. What was there before must not be found. When there is none the error
// is apierr.ErrNotFound: it may show later. Several, and those whose time the service
// does not say, are an [*apierr.AmbiguousError] that is apierr.ErrTooMany and lists
// them. [Client.CreateOnce] does all of this, and more surely.
//
//   - Graph: GET /updatePolicies
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/adminwindowsupdates-list-updatepolicies?view=graph-rest-beta
func (c Client) FindCreated(ctx context.Context, spec Spec, since time.Time) (policy *Policy, err error) {
	const op = "updatePolicies.FindCreated"
	defer c.call.Span(&ctx, op)(&err)
	if err := spec.Validate(); err != nil {
		return nil, call.Invalid(op, err)
	}
	return once(c, op, spec).Find(ctx, op, since)
}

// ApproveOnce is [Client.Approve] for callers who must not make two approvals, which
// would fight: a lost answer does not end it. It lists the approvals of the policy
// first, and then goes on as [Client.CreateOnce] does: what it returns after a lost
// answer is the one approval of the same update with the same settings that was not
// there before and was created since by the service's clock. An approval that was there
// before does not count, as for Approve; look at [Client.EntryStates].
//
// Members of Extra, and a rollout of a kind that this version does not know, cannot be
// compared and are not. An approval that a rule of the policy, or another program, makes
// at the same time with the same settings cannot be told from it: several candidates,
// and one that may be older, are an apierr.AmbiguousError that lists them.
//
//   - Graph: POST /updatePolicies/{policyID}/complianceChanges
//   - Graph: GET /updatePolicies/{policyID}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-post-compliancechanges?view=graph-rest-beta
func (c Client) ApproveOnce(
	ctx context.Context, policyID string, spec ApprovalSpec, opts *deployments.CreateOnceOptions,
) (approval *Approval, err error) {
	const op = "updatePolicies.ApproveOnce"
	defer c.call.Span(&ctx, op)(&err)
	window, err := deployments.Internal.SearchWindow(opts)
	if err = errors.Join(spec.Validate(), err); err != nil {
		return nil, call.Invalid(op, err)
	}
	return onceApproved(c, op, policyID, spec).Run(ctx, window)
}

// FindCreatedApproval looks once for the approval that a lost call of [Client.Approve] may
// have made: it is what the spec says, and was created at since or later by the
// service's clock. since, and the errors, are as in [Client.FindCreated].
// [Client.ApproveOnce] does all of this, and more surely.
//
//   - Graph: GET /updatePolicies/{policyID}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-list-compliancechanges?view=graph-rest-beta
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
		Alike: func(ctx context.Context, clock *time.Time) iter.Seq2[*Policy, error] {
			return c.listMatching(op, spec, clock).All(ctx)
		},
		Identify: func(p *Policy) call.Identity { return call.Identity{ID: p.ID, Created: p.Created} },
	}
}

// listMatching lists the policies that a spec may have made. No filter is known to work.
func (c Client) listMatching(op string, spec Spec, clock *time.Time) odata.List[*Policy] {
	q := &odata.Query{Expand: []string{"audience"}}
	read := func(w models.UpdatePolicyable) (*Policy, bool) {
		policy := readPolicy(w).forAudience(spec.AudienceID)
		return policy, spec.matches(policy)
	}
	return call.List(c.call, call.Op{Name: op}, q, call.Dated(clock, fetchPolicies), read)
}

func onceApproved(c Client, op, policyID string, spec ApprovalSpec) call.Once[*Approval] {
	return call.Once[*Approval]{
		Create: func(ctx context.Context) (*Approval, error) { return c.Approve(ctx, policyID, spec) },
		Alike: func(ctx context.Context, clock *time.Time) iter.Seq2[*Approval, error] {
			return c.listMatchingApprovals(op, policyID, spec, clock).All(ctx)
		},
		Identify: func(a *Approval) call.Identity { return call.Identity{ID: a.ID, Created: a.Created} },
	}
}

// listMatchingApprovals lists the approvals that a spec may have made.
func (c Client) listMatchingApprovals(
	op, policyID string, spec ApprovalSpec, clock *time.Time,
) odata.List[*Approval] {
	of, pages := approvalsOp(op, call.Read, policyID), call.Dated(clock, fetchApprovals(policyID))
	return call.List(c.call, of, nil, pages, func(w models.ContentApprovalable) (*Approval, bool) {
		approval := readApproval(w)
		return approval, spec.matches(approval)
	})
}
