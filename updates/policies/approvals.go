package policies

import (
	"context"
	"fmt"
	"slices"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/policies"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Approve approves one update in a policy, whatever the rules of the policy say. Use it for feature updates,
// which have no rules, and for updates that no rule approves. The entryID is the ID of a catalog entry for
// the kind of the policy. Approving an update that is approved changes nothing.
//
// Approve lists the approvals of the policy first. It creates an approval only if the
// update has none, because approvals cannot be deleted. Otherwise it approves all
// approvals of the update and returns the newest. The service does not document which of
// several approvals decides.
//
// If the response to the create is lost, the error is apierr.ErrUnknownOutcome. Call Approve again after a
// few minutes, when the list has the approval if it was created.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /policies/{id}/approvals
//graph:op POST /policies/{id}/approvals
//graph:op PATCH /policies/{id}/approvals/{approvalId}
//graph:op GET /policies/{id}/approvals/{approvalId}
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policy-post-approvals?view=graph-rest-beta
func (c Client) Approve(ctx context.Context, policyID, entryID string) (*Approval, error) {
	return c.decide(ctx, "policies.Approve", policyID, entryID, StatusApproved)
}

// Suspend stops offering one update in a policy, whatever approved it. Use it to stop an
// update that a rule approves. Devices that were offered the update keep it.
// [Client.Approve] resumes the offer. Suspending an update that is suspended changes
// nothing.
//
// Suspend suspends all approvals that the update has, or creates a suspended one. Rules leave no approvals
// that could be suspended, and a suspension takes precedence over rules; both are inferred. A lost response
// is treated as in [Client.Approve].
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /policies/{id}/approvals
//graph:op POST /policies/{id}/approvals
//graph:op PATCH /policies/{id}/approvals/{approvalId}
//graph:op GET /policies/{id}/approvals/{approvalId}
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policy-post-approvals?view=graph-rest-beta
func (c Client) Suspend(ctx context.Context, policyID, entryID string) (*Approval, error) {
	return c.decide(ctx, "policies.Suspend", policyID, entryID, StatusSuspended)
}

// decide gives all approvals of an entry a status, or creates the first one.
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

// approvalsOf reads all approvals of a policy, because no filter is known to work.
func (c Client) approvalsOf(ctx context.Context, name, policyID, entryID string) ([]*Approval, error) {
	op := entryOp(name, call.Read, policyID, entryID)
	list := call.List(c.call, op, nil, fetchApprovals(policyID), call.All(readApproval))
	var found []*Approval
	for a, err := range list.All(ctx) {
		if err != nil {
			return nil, err
		}
		if slices.Contains(a.Unread(), "catalogEntryId") {
			return nil, &apierr.Error{Op: name, Err: fmt.Errorf("catalogEntryId of approval %s could not be read", a.ID)}
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
// Graph: GET /policies/{id}/approvals/{approvalId} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policyapproval-get?view=graph-rest-beta
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

// ListApprovals lists the approvals of a policy, including suspended ones. Updates that
// rules approve are not in the list, which is inferred.
//
// Graph: GET /policies/{id}/approvals (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policy-list-approvals?view=graph-rest-beta
func (c Client) ListApprovals(policyID string, q *odata.Query) odata.List[*Approval] {
	op := partOp("policies.ListApprovals", call.Read, policyID)
	return call.List(c.call, op, q, fetchApprovals(policyID), call.All(readApproval))
}

// SuspendApproval stops offering an update by its approval. Use it instead of deleting
// the approval, which the service rejects. Devices that were offered the update keep it.
// [Client.ResumeApproval] resumes the offer.
//
// To stop an update by its catalog entry, whatever approved it, use [Client.Suspend].
//
// Graph: PATCH /policies/{id}/approvals/{approvalId}, GET /policies/{id}/approvals/{approvalId} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policyapproval-update?view=graph-rest-beta
func (c Client) SuspendApproval(ctx context.Context, policyID, approvalID string) error {
	return c.setStatus(ctx, "policies.SuspendApproval", policyID, approvalID, StatusSuspended)
}

// ResumeApproval ends the suspension of an approval, so that the update is offered again.
//
// Graph: PATCH /policies/{id}/approvals/{approvalId}, GET /policies/{id}/approvals/{approvalId} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policyapproval-update?view=graph-rest-beta
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
