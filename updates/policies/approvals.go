package policies

import (
	"context"
	"slices"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/policies"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Approve offers one update to the rings of a policy, whatever its rules say, by the
// id of its catalog entry. Since approvals cannot be deleted, it makes no second one:
// it lists the approvals of the policy first, and where the update has one that is
// suspended, that one is approved again. Where it has several, all are, so that none
// contradicts; which of them decides is not documented. In the simulator the one that
// was changed last does, which is inferred. It returns the newest.
//
// Approving what is approved changes nothing, so that a script can run again. In a
// preview the policy must be one that the preview has not made. A lost answer to the
// creation is apierr.ErrUnknownOutcome: call Approve again when what it may have made
// has had time to be listed. Other lost answers are settled as for
// [Client.SuspendApproval].
//
//   - Graph: GET /policies/{id}/approvals
//   - Graph: POST /policies/{id}/approvals
//   - Graph: PATCH /policies/{id}/approvals/{approvalId}
//   - Graph: GET /policies/{id}/approvals/{approvalId}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-policy-post-approvals?view=graph-rest-beta
func (c Client) Approve(ctx context.Context, policyID, entryID string) (*Approval, error) {
	return c.decide(ctx, "policies.Approve", policyID, entryID, StatusApproved)
}

// Suspend takes one update back, or keeps it away, by the id of its catalog entry:
// the rings of the policy offer it to no further device until
// [Client.Approve], whoever approved it. It is the way to stop what a rule
// approves: rules leave no approval that could be listed and suspended, which is
// inferred, and so is that a suspension wins over them; the simulator does both.
// Devices that were offered the update keep it.
//
// It suspends the approvals that the update has, and creates a suspended one where it
// has none, as [Client.Approve] does for approved ones. Suspending what is
// suspended changes nothing. Lost answers are treated as they are there.
//
//   - Graph: GET /policies/{id}/approvals
//   - Graph: POST /policies/{id}/approvals
//   - Graph: PATCH /policies/{id}/approvals/{approvalId}
//   - Graph: GET /policies/{id}/approvals/{approvalId}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-policy-post-approvals?view=graph-rest-beta
func (c Client) Suspend(ctx context.Context, policyID, entryID string) (*Approval, error) {
	return c.decide(ctx, "policies.Suspend", policyID, entryID, StatusSuspended)
}

// decide gives all approvals of an entry a status, or creates the first.
func (c Client) decide(
	ctx context.Context, name, policyID, entryID string, status ApprovalStatus,
) (_ *Approval, err error) {
	defer c.call.Span(&ctx, name)(&err)
	found, err := c.approvalsOf(ctx, name, policyID, entryID)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return c.createApproval(ctx, name, policyID, entryID, status)
	}
	for _, a := range found {
		if a.Status == status {
			continue
		}
		if err := c.setStatus(ctx, name, policyID, a.ID, status); err != nil {
			return nil, err
		}
		a.Status = status
	}
	return slices.MaxFunc(found, func(a, b *Approval) int { return a.Created.Compare(b.Created) }), nil
}

// approvalsOf reads all approvals of a policy, as no filter is known to work.
func (c Client) approvalsOf(ctx context.Context, name, policyID, entryID string) ([]*Approval, error) {
	op := entryOp(name, call.Read, policyID, entryID)
	list := call.List(c.call, op, nil, fetchApprovals(policyID), call.All(readApproval))
	var found []*Approval
	for a, err := range list.All(ctx) {
		if err != nil {
			return nil, err
		}
		if wire.SameID(a.EntryID, entryID) {
			found = append(found, a)
		}
	}
	return found, nil
}

func (c Client) createApproval(
	ctx context.Context, name, policyID, entryID string, status ApprovalStatus,
) (*Approval, error) {
	op := entryOp(name, call.Create, policyID, entryID)
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.PolicyApprovalable, error) {
		return policyAt(g, policyID).Approvals().Post(ctx, writeApproval(entryID, status), nil)
	})
	if err != nil {
		return nil, err
	}
	return readApproval(w), nil
}

// GetApproval returns an approval of a policy.
//
//   - Graph: GET /policies/{id}/approvals/{approvalId}
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-policyapproval-get?view=graph-rest-beta
func (c Client) GetApproval(ctx context.Context, policyID, approvalID string) (*Approval, error) {
	op := approvalOp("policies.GetApproval", call.Read, policyID, approvalID)
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.PolicyApprovalable, error) {
		return approvalAt(g, policyID, approvalID).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readApproval(w), nil
}

// ListApprovals lists the approvals of a policy, suspended ones included. What rules
// approve is not among them, which is inferred.
//
//   - Graph: GET /policies/{id}/approvals
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-policy-list-approvals?view=graph-rest-beta
func (c Client) ListApprovals(policyID string, q *odata.Query) odata.List[*Approval] {
	op := partOp("policies.ListApprovals", call.Read, policyID)
	return call.List(c.call, op, q, fetchApprovals(policyID), call.All(readApproval))
}

// SuspendApproval stops offering an update by the approval that it has, until
// [Client.ResumeApproval]. Devices that were offered it keep it. It stands in for deleting
// the approval, which the service refuses. To stop an update by its catalog entry,
// whatever approved it, use [Client.Suspend].
//
// When an answer was lost and the repetition is refused with 400 or 409, the approval
// is read until the change shows; if it does not, the error is the refusal and also
// apierr.ErrUnknownOutcome.
//
//   - Graph: PATCH /policies/{id}/approvals/{approvalId}
//   - Graph: GET /policies/{id}/approvals/{approvalId}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-policyapproval-update?view=graph-rest-beta
func (c Client) SuspendApproval(ctx context.Context, policyID, approvalID string) error {
	return c.setStatus(ctx, "policies.SuspendApproval", policyID, approvalID, StatusSuspended)
}

// ResumeApproval lifts the suspension of an approval, so that the update is offered again.
// A lost answer is settled as for [Client.SuspendApproval].
//
//   - Graph: PATCH /policies/{id}/approvals/{approvalId}
//   - Graph: GET /policies/{id}/approvals/{approvalId}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-policyapproval-update?view=graph-rest-beta
func (c Client) ResumeApproval(ctx context.Context, policyID, approvalID string) error {
	return c.setStatus(ctx, "policies.ResumeApproval", policyID, approvalID, StatusApproved)
}

func (c Client) setStatus(ctx context.Context, name, policyID, approvalID string, status ApprovalStatus) error {
	op := approvalOp(name, call.Update, policyID, approvalID)
	return call.Patch(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		approval := approvalAt(g, policyID, approvalID)
		_, err := approval.Patch(ctx, writeApprovalStatus(status), nil)
		return err
	}, func(ctx context.Context) (bool, error) {
		a, err := c.GetApproval(ctx, policyID, approvalID)
		return err == nil && a.Status == status, err
	})
}

func approvalOp(name string, kind call.Kind, policyID, approvalID string) call.Op {
	return partOp(name, kind, policyID, call.ID{Param: "approvalID", Value: approvalID})
}

// entryOp is an operation on the approvals of one catalog entry.
func entryOp(name string, kind call.Kind, policyID, entryID string) call.Op {
	return partOp(name, kind, policyID, call.ID{Param: "entryID", Value: entryID})
}

func approvalAt(
	g *graph.Client, policyID, approvalID string,
) *builders.ItemApprovalsPolicyApprovalItemRequestBuilder {
	return policyAt(g, policyID).Approvals().ByPolicyApprovalId(approvalID)
}

func fetchApprovals(policyID string) call.Fetch[models.PolicyApprovalPageable] {
	return func(
		ctx context.Context, g *graph.Client, link string, p *call.Parameters,
	) (models.PolicyApprovalPageable, error) {
		approvals := policyAt(g, policyID).Approvals()
		return call.At(approvals, link).Get(ctx, call.With((*builders.ItemApprovalsRequestBuilderGetQueryParameters)(p)))
	}
}
