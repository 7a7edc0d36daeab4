package updatepolicies

import (
	"context"
	"time"

	"github.com/winupdates/winupdates-go/deployments"
)

// Reschedule moves the start in the settings of an update policy.
//
// Graph: PATCH /updatePolicies/{id}, GET /updatePolicies/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-update?view=graph-rest-beta
func (c Client) Reschedule(ctx context.Context, id string, start time.Time) error {
	return c.MergeSettings(ctx, id, deployments.Settings{}.StartingAt(start))
}

// RescheduleApproval moves the start in the settings of an approval.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op PATCH /updatePolicies/{policyID}/complianceChanges/{approvalID}
//graph:op GET /updatePolicies/{policyID}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-compliancechange-update?view=graph-rest-beta
func (c Client) RescheduleApproval(ctx context.Context, policyID, approvalID string, start time.Time) error {
	return c.MergeApprovalSettings(ctx, policyID, approvalID, deployments.Settings{}.StartingAt(start))
}
