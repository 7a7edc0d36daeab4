package updatepolicies

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// UpdateSettings changes the settings of an update policy part by part. Use it to remove a
// part; to only set parts, [Client.MergeSettings] is shorter. A part that u sets is replaced
// as a whole, and a part that u does not set is not changed. State of u must be empty.
//
// Graph: PATCH /updatePolicies/{id}, GET /updatePolicies/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-update?view=graph-rest-beta
func (c Client) UpdateSettings(ctx context.Context, id string, u deployments.Update) (err error) {
	const op = "updatePolicies.UpdateSettings"
	defer c.call.Span(&ctx, op)(&err)
	if err := errors.Join(checkChanges(u), c.checkExpecting()); err != nil {
		return call.Invalid(op, err)
	}
	if err := c.checkUpdate(ctx, op, id, u, nil); err != nil {
		return call.Named(op, err)
	}
	return c.patchSettings(ctx, op, id, u)
}

// Reschedule moves the start in the settings of an update policy and keeps the rollout. It
// reads the schedule, and sends all of it with the new start. The zero time removes the
// start. A rollout that another program sets between the two requests is lost. If the new
// start leaves one step of a rollout, members are counted as by [Client.Update].
//
// The error is apierr.ErrInvalid, and nothing is changed, if start is after the end of a
// rollout by date, or if the updates are expedited. A rollout that could not be read is sent
// back as it came; if that is impossible, the error names the property.
//
// Graph: PATCH /updatePolicies/{id}, GET /updatePolicies/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-update?view=graph-rest-beta
func (c Client) Reschedule(ctx context.Context, id string, start time.Time) (err error) {
	const op = "updatePolicies.Reschedule"
	defer c.call.Span(&ctx, op)(&err)
	if err := errors.Join(checkStart(start), c.checkExpecting()); err != nil {
		return call.Invalid(op, err)
	}
	policy, err := c.get(ctx, policyOp(op, call.Read, id), id)
	if err != nil {
		return err
	}
	u, err := deployments.Internal.Rescheduled(policy.Settings, start, settingsProperty, policy.Extra)
	if err != nil {
		return call.Invalid(op, err)
	}
	if c.isCounted(id) && deployments.Internal.DependsOnStart(u) && newlyOffers(u, policy, time.Now()) {
		if err := c.checkMembers(ctx, op, id, policy); err != nil {
			return call.Named(op, err)
		}
	}
	return c.patchSettings(ctx, op, id, u)
}

// patchSettings sends an update as it is. Values that were read from the service are not checked.
func (c Client) patchSettings(ctx context.Context, name, id string, u deployments.Update) error {
	body := models.NewUpdatePolicy()
	body.SetDeploymentSettings(deployments.Internal.WriteChanges(u))
	return call.Patch(ctx, c.call, policyOp(name, call.Update, id), func(ctx context.Context, g *graph.Client) error {
		_, err := policyAt(g, id).Patch(ctx, body, nil)
		return err
	}, func(ctx context.Context) (bool, error) {
		policy, err := c.Get(ctx, id)
		return err == nil && areRead(policy.Extra) && deployments.Internal.IsApplied(u, policy.Settings), err
	})
}

// UpdateApprovalSettings changes the settings of an approval part by part, as
// [Client.UpdateSettings] does those of a policy. The setting of the policy applies again
// where a part is removed.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op PATCH /updatePolicies/{policyID}/complianceChanges/{approvalID}
//graph:op GET /updatePolicies/{policyID}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-compliancechange-update?view=graph-rest-beta
func (c Client) UpdateApprovalSettings(
	ctx context.Context, policyID, approvalID string, u deployments.Update,
) (err error) {
	const op = "updatePolicies.UpdateApprovalSettings"
	defer c.call.Span(&ctx, op)(&err)
	if err := errors.Join(checkChanges(u), c.checkExpecting()); err != nil {
		return call.Invalid(op, err)
	}
	if err := c.checkApproval(ctx, op, policyID, approvalID, u); err != nil {
		return call.Named(op, err)
	}
	return c.patchApprovalSettings(ctx, op, policyID, approvalID, u)
}

// RescheduleApproval moves the start in the settings of an approval and keeps the rollout.
// It reads the schedule of the approval, and sends all of it with the new start. The zero
// time removes the start. A rollout that another program sets between the two requests is
// lost. Errors are as in [Client.Reschedule].
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op PATCH /updatePolicies/{policyID}/complianceChanges/{approvalID}
//graph:op GET /updatePolicies/{policyID}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-compliancechange-update?view=graph-rest-beta
func (c Client) RescheduleApproval(
	ctx context.Context, policyID, approvalID string, start time.Time,
) (err error) {
	const op = "updatePolicies.RescheduleApproval"
	defer c.call.Span(&ctx, op)(&err)
	if err := errors.Join(checkStart(start), c.checkExpecting()); err != nil {
		return call.Invalid(op, err)
	}
	approval, err := c.getApproval(ctx, approvalOp(op, call.Read, policyID, approvalID), policyID, approvalID)
	if err != nil {
		return err
	}
	u, err := deployments.Internal.Rescheduled(approval.Settings, start, settingsProperty, approval.Extra)
	if err != nil {
		return call.Invalid(op, err)
	}
	if deployments.Internal.DependsOnStart(u) {
		if err := c.checkOfApproval(ctx, op, policyID, approval, u); err != nil {
			return call.Named(op, err)
		}
	}
	return c.patchApprovalSettings(ctx, op, policyID, approvalID, u)
}

func (c Client) patchApprovalSettings(
	ctx context.Context, name, policyID, approvalID string, u deployments.Update,
) error {
	body := models.NewContentApproval()
	body.SetDeploymentSettings(deployments.Internal.WriteChanges(u))
	return c.patchApproval(ctx, name, policyID, approvalID, body, func(a *Approval) bool {
		return areRead(a.Extra) && deployments.Internal.IsApplied(u, a.Settings)
	})
}

// checkChanges checks an update of settings, which have no state.
func checkChanges(u deployments.Update) error {
	if u.State != "" {
		return &apierr.FieldError{
			Field: "Update.State", Value: strconv.Quote(string(u.State)), Rule: "must be empty in an update of settings",
		}
	}
	return u.Validate()
}

// checkStart finds a start that cannot be sent before anything is read.
func checkStart(start time.Time) error { return deployments.Settings{}.StartingAt(start).Validate() }
