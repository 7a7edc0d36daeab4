package updatepolicies

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// ApproveOnce is [Client.Approve] for callers who must not make two
// approvals, which would fight: a lost answer does not end it. It lists the approvals
// of the policy first, and then goes on as [Client.CreateOnce] does: what
// it returns after a lost answer is the one approval of the same update with the same
// settings that was not there before and was created since by the service's clock. An
// approval that was there before does not count, as for Approve; look at
// [Client.States].
//
// Members of Extra, and a rollout of a kind that this version does not know, cannot be
// compared and are not. An approval that a rule of the policy, or another program, makes
// at the same time with the same settings cannot be told from it: several candidates,
// and one that may be older, are an apierr.CandidatesError that lists them.
//
//   - Graph: POST /updatePolicies/{policyID}/complianceChanges
//   - Graph: GET /updatePolicies/{policyID}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-post-compliancechanges?view=graph-rest-beta
func (c Client) ApproveOnce(
	ctx context.Context, policyID string, spec ApprovalSpec, opts *OnceOptions,
) (*Approval, error) {
	const op = "updatePolicies.ApproveOnce"
	window, err := opts.window()
	if err = errors.Join(spec.Validate(), err); err != nil {
		return nil, call.Invalid(op, err)
	}
	return onceApproved(c, op, policyID, spec).Run(ctx, window)
}

// FindApproval looks once for the approval that a lost call of
// [Client.Approve] may have made: it is what the spec says, and was
// created at since or later by the service's clock. since, and the errors, are as in
// [Client.FindCreated]. [Client.ApproveOnce] does all of
// this, and more surely.
//
//   - Graph: GET /updatePolicies/{policyID}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-list-compliancechanges?view=graph-rest-beta
func (c Client) FindApproval(
	ctx context.Context, policyID string, spec ApprovalSpec, since time.Time,
) (*Approval, error) {
	const op = "updatePolicies.FindApproval"
	if err := spec.Validate(); err != nil {
		return nil, call.Invalid(op, err)
	}
	return onceApproved(c, op, policyID, spec).Find(ctx, op, since)
}

func onceApproved(c Client, op, policyID string, spec ApprovalSpec) call.Once[*Approval] {
	return call.Once[*Approval]{
		Create: func(ctx context.Context) (*Approval, error) { return c.Approve(ctx, policyID, spec) },
		Alike: func(ctx context.Context, clock *time.Time) iter.Seq2[*Approval, error] {
			return c.alikeApprovals(op, policyID, spec, clock).All(ctx)
		},
		Identify: func(a *Approval) call.Identity { return call.Identity{ID: a.ID, Created: a.Created} },
	}
}

// alikeApprovals lists the approvals that a spec may have made.
func (c Client) alikeApprovals(op, policyID string, spec ApprovalSpec, clock *time.Time) odata.List[*Approval] {
	of, pages := ofApprovals(op, call.Read, policyID), call.Dated(clock, getApprovals(policyID))
	return call.List(c.call, of, odata.Query{}, pages, func(w models.ContentApprovalable) (*Approval, bool) {
		approval := readApproval(w)
		return approval, spec.mayHaveMade(approval)
	})
}
