package policies

import (
	"context"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	wire "github.com/winupdates/winupdates-go/internal/graph/policies"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Approve offers one update to the rings of a policy, whatever its rules say, by the
// id of its catalog entry. Where the entry has an approval that is suspended, use
// [QualityPolicyClient.Reapprove] instead.
//
// A lost answer is apierr.ErrUnknownOutcome: look for the approval before creating
// it again, since an approval cannot be deleted.
//
// Graph: POST /policies/{id}/approvals
// Permission: WindowsUpdates.ReadWrite.All
// Page: https://learn.microsoft.com/graph/api/windowsupdates-policy-post-approvals?view=graph-rest-beta
func (c QualityPolicyClient) Approve(ctx context.Context, policyID, entryID string) (*QualityApproval, error) {
	return c.decide(ctx, "qualityPolicies.Approve", policyID, entryID, StatusApproved)
}

// SuspendEntry keeps one update from the rings of a policy before it has an
// approval, by the id of its catalog entry: it creates one that is suspended. What
// has an approval is suspended with [QualityPolicyClient.Suspend].
//
// A lost answer is apierr.ErrUnknownOutcome: look for the approval before creating
// it again, since an approval cannot be deleted.
//
// Graph: POST /policies/{id}/approvals
// Permission: WindowsUpdates.ReadWrite.All
// Page: https://learn.microsoft.com/graph/api/windowsupdates-policy-post-approvals?view=graph-rest-beta
func (c QualityPolicyClient) SuspendEntry(ctx context.Context, policyID, entryID string) (*QualityApproval, error) {
	return c.decide(ctx, "qualityPolicies.SuspendEntry", policyID, entryID, StatusSuspended)
}

func (c QualityPolicyClient) decide(ctx context.Context, name, policyID, entryID string, status QualityApprovalStatus) (*QualityApproval, error) {
	op := inPolicy(name, call.Create, policyID, call.ID{Param: "entryID", Value: entryID})
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.PolicyApprovalable, error) {
		return g.Policies().ByPolicyId(policyID).Approvals().Post(ctx, writeQualityApproval(entryID, status), nil)
	})
	if err != nil {
		return nil, err
	}
	return readQualityApproval(w), nil
}

// GetApproval returns an approval of a policy.
//
// Graph: GET /policies/{id}/approvals/{approvalId}
// Permission: WindowsUpdates.Read.All
// Page: https://learn.microsoft.com/graph/api/windowsupdates-policyapproval-get?view=graph-rest-beta
func (c QualityPolicyClient) GetApproval(ctx context.Context, policyID, approvalID string) (*QualityApproval, error) {
	op := inPolicy("qualityPolicies.GetApproval", call.Read, policyID, call.ID{Param: "approvalID", Value: approvalID})
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.PolicyApprovalable, error) {
		return g.Policies().ByPolicyId(policyID).Approvals().ByPolicyApprovalId(approvalID).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readQualityApproval(w), nil
}

// ListApprovals lists the approvals of a policy, suspended ones included.
//
// Graph: GET /policies/{id}/approvals
// Permission: WindowsUpdates.Read.All
// Page: https://learn.microsoft.com/graph/api/windowsupdates-policy-list-approvals?view=graph-rest-beta
func (c QualityPolicyClient) ListApprovals(policyID string, q odata.Query) odata.List[*QualityApproval] {
	op := inPolicy("qualityPolicies.ListApprovals", call.Read, policyID)
	return call.List(c.call, op, q, func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.PolicyApprovalPageable, error) {
		return call.At(g.Policies().ByPolicyId(policyID).Approvals(), link).Get(ctx, call.With((*wire.ItemApprovalsRequestBuilderGetQueryParameters)(p)))
	}, func(w models.PolicyApprovalable) (*QualityApproval, bool) { return readQualityApproval(w), true })
}

// Suspend stops offering an update that was approved, until
// [QualityPolicyClient.Reapprove]. Devices that were offered it keep it. It stands in
// for deleting the approval, which the service refuses.
//
// When an answer was lost and the repetition is refused with 400 or 409, the approval
// is read until the change shows; if it does not, the error is the refusal and also
// apierr.ErrUnknownOutcome.
//
// Graph: PATCH /policies/{id}/approvals/{approvalId}
// Graph: GET /policies/{id}/approvals/{approvalId}
// Permission: WindowsUpdates.ReadWrite.All
// Page: https://learn.microsoft.com/graph/api/windowsupdates-policyapproval-update?view=graph-rest-beta
func (c QualityPolicyClient) Suspend(ctx context.Context, policyID, approvalID string) error {
	return c.setStatus(ctx, "qualityPolicies.Suspend", policyID, approvalID, StatusSuspended)
}

// Reapprove lifts the suspension of an approval, so that the update is offered again.
// A lost answer is settled as for [QualityPolicyClient.Suspend].
//
// Graph: PATCH /policies/{id}/approvals/{approvalId}
// Graph: GET /policies/{id}/approvals/{approvalId}
// Permission: WindowsUpdates.ReadWrite.All
// Page: https://learn.microsoft.com/graph/api/windowsupdates-policyapproval-update?view=graph-rest-beta
func (c QualityPolicyClient) Reapprove(ctx context.Context, policyID, approvalID string) error {
	return c.setStatus(ctx, "qualityPolicies.Reapprove", policyID, approvalID, StatusApproved)
}

func (c QualityPolicyClient) setStatus(ctx context.Context, name, policyID, approvalID string, status QualityApprovalStatus) error {
	op := inPolicy(name, call.Update, policyID, call.ID{Param: "approvalID", Value: approvalID})
	err := call.Exec(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		_, err := g.Policies().ByPolicyId(policyID).Approvals().ByPolicyApprovalId(approvalID).Patch(ctx, writeQualityApprovalStatus(status), nil)
		return err
	})
	return c.call.Settle(ctx, err, func(ctx context.Context) (bool, error) {
		a, err := c.GetApproval(ctx, policyID, approvalID)
		return err == nil && a.Status == status, err
	})
}
