package updatepolicies

import (
	"context"
	"errors"
	"net/http"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/updatepolicies"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Approve approves an update in an update policy. The service creates a deployment for
// it, immediately or a little later. An update that is approved already gets a second
// approval, which conflicts with the first; check [Client.EntryStates] before.
//
// Approve validates spec first; see [ApprovalSpec.Validate]. If neither spec nor the policy has a rollout,
// Approve counts the members of the audience. If there are more than updates.Limits.ImmediateOffers, the
// error is apierr.ErrTooManyDevices, and nothing is approved; see [Client.Expecting]. If the response is
// lost, the error is apierr.ErrUnknownOutcome and the approval may exist: call [Client.FindCreatedApproval]
// before you retry, or use [Client.ApproveOnce] instead.
//
// Graph: POST /updatePolicies/{policyID}/complianceChanges (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-post-compliancechanges?view=graph-rest-beta
func (c Client) Approve(ctx context.Context, policyID string, spec ApprovalSpec) (approval *Approval, err error) {
	op := approvalsOp("updatePolicies.Approve", call.Create, policyID)
	defer c.call.Span(&ctx, op.Name)(&err)
	if err := errors.Join(spec.Validate(), c.checkExpecting()); err != nil {
		return nil, call.Invalid(op.Name, err)
	}
	if err := c.checkApprove(ctx, op.Name, policyID, spec); err != nil {
		return nil, call.Named(op.Name, err)
	}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.ComplianceChangeable, error) {
		return policyAt(g, policyID).ComplianceChanges().Post(ctx, writeApproval(spec), nil)
	})
	if err != nil {
		return nil, err
	}
	return readChange(w), nil
}

// GetApproval returns an approval with all of its deployments, including those on further
// pages.
//
// Graph: GET /updatePolicies/{policyID}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-contentapproval-get?view=graph-rest-beta
func (c Client) GetApproval(ctx context.Context, policyID, approvalID string) (*Approval, error) {
	return c.getApproval(ctx, approvalOp("updatePolicies.GetApproval", call.Read, policyID, approvalID),
		policyID, approvalID)
}

func (c Client) getApproval(ctx context.Context, op call.Op, policyID, approvalID string) (*Approval, error) {
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.ContentApprovalable, error) {
		with := &expanded{Expand: []string{"deployments"}}
		return approvalAt(g, policyID, approvalID).MicrosoftGraphWindowsUpdatesContentApproval().Get(ctx, call.With(with))
	})
	if err != nil {
		return nil, err
	}
	a := readApproval(w)
	a.Deployments, err = c.withRest(ctx, op, a.Deployments, wire.Rest(w, "deployments"))
	if err != nil {
		return nil, err
	}
	return a, nil
}

// withRest adds the deployments behind a next link to those of the response.
func (c Client) withRest(
	ctx context.Context, op call.Op, made []*deployments.Deployment, link string,
) ([]*deployments.Deployment, error) {
	if link == "" {
		return made, nil
	}
	rest := call.Behind(c.call, op, link, fetchDeployments, call.All(deployments.Internal.ReadDeployment))
	for d, err := range rest.All(ctx) {
		if err != nil {
			return nil, err
		}
		made = append(made, d)
	}
	return made, nil
}

type expanded = builders.ItemComplianceChangesItemMicrosoftGraphWindowsUpdatesContentApprovalRequestBuilderGetQueryParameters

// ListApprovals lists the approvals of an update policy, including those by rules and
// revoked ones. To see which approval decides for each update, use [Client.EntryStates].
//
// Graph: GET /updatePolicies/{policyID}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-list-compliancechanges?view=graph-rest-beta
func (c Client) ListApprovals(policyID string, q *odata.Query) odata.List[*Approval] {
	return c.listApprovals("updatePolicies.ListApprovals", policyID, q)
}

func (c Client) listApprovals(op, policyID string, q *odata.Query) odata.List[*Approval] {
	of := approvalsOp(op, call.Read, policyID)
	return call.List(c.call, of, q, fetchApprovals(policyID), call.All(readApproval))
}

type listed = builders.ItemComplianceChangesMicrosoftGraphWindowsUpdatesContentApprovalRequestBuilderGetQueryParameters

// MergeApprovalSettings sets parts of the settings of an approval. Settings that are zero
// are not changed; at least one must be set. A new schedule without a rollout drops the
// rollout: to move the start, use [Client.RescheduleApproval]. To remove a part, use
// [Client.UpdateApprovalSettings].
//
// Graph: PATCH /updatePolicies/{policyID}/complianceChanges/{approvalID}, GET /updatePolicies/{policyID}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-compliancechange-update?view=graph-rest-beta
func (c Client) MergeApprovalSettings(
	ctx context.Context, policyID, approvalID string, settings deployments.Settings,
) (err error) {
	const op = "updatePolicies.MergeApprovalSettings"
	defer c.call.Span(&ctx, op)(&err)
	if err := errors.Join(checkSettings(settings), c.checkExpecting()); err != nil {
		return call.Invalid(op, err)
	}
	if err := c.checkApproval(ctx, op, policyID, approvalID, deployments.Internal.UpdateOf(settings)); err != nil {
		return call.Named(op, err)
	}
	body := models.NewContentApproval()
	body.SetDeploymentSettings(deployments.Internal.WriteSettings(settings))
	return c.patchApproval(ctx, op, policyID, approvalID, body, func(a *Approval) bool {
		return areRead(a.Extra) && settings.ContainedIn(a.Settings)
	})
}

// ClearApprovalSettings removes all settings of an approval, so that those of its policy
// apply.
//
// Graph: PATCH /updatePolicies/{policyID}/complianceChanges/{approvalID}, GET /updatePolicies/{policyID}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-compliancechange-update?view=graph-rest-beta
func (c Client) ClearApprovalSettings(ctx context.Context, policyID, approvalID string) (err error) {
	const op = "updatePolicies.ClearApprovalSettings"
	defer c.call.Span(&ctx, op)(&err)
	if err := c.checkExpecting(); err != nil {
		return call.Invalid(op, err)
	}
	if err := c.checkApproval(ctx, op, policyID, approvalID, removal()); err != nil {
		return call.Named(op, err)
	}
	body := models.NewContentApproval()
	body.GetAdditionalData()["deploymentSettings"] = wire.Null
	isApplied := func(a *Approval) bool { return areRead(a.Extra) && !setsAnything(a.Settings) }
	return c.patchApproval(ctx, op, policyID, approvalID, body, isApplied)
}

// RevokeApproval revokes an approval, which is final: its deployments are archived, and
// no further device is offered the update. Devices that were offered the update keep it.
// To continue later, approve the update again.
//
// Revoking an approval that is revoked already succeeds. The service rejects that, so
// RevokeApproval reads the approval after status 400 or 409, or if the outcome is
// unknown.
//
// Graph: PATCH /updatePolicies/{policyID}/complianceChanges/{approvalID}, GET /updatePolicies/{policyID}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-compliancechange-update?view=graph-rest-beta
func (c Client) RevokeApproval(ctx context.Context, policyID, approvalID string) (err error) {
	const op = "updatePolicies.RevokeApproval"
	defer c.call.Span(&ctx, op)(&err)
	body := models.NewContentApproval()
	body.SetIsRevoked(new(true))
	isApplied := func(a *Approval) bool { return a.Revoked }
	err = c.patchApproval(ctx, op, policyID, approvalID, body, isApplied)
	if mayBeDone(err) && c.isRevoked(ctx, policyID, approvalID) {
		return nil
	}
	return err
}

// mayBeDone reports whether the change may have been made in spite of the error.
func mayBeDone(err error) bool {
	status := apierr.StatusOf(err)
	return errors.Is(err, apierr.ErrUnknownOutcome) || status == http.StatusBadRequest || status == http.StatusConflict
}

// isRevoked also returns false if the approval cannot be read.
func (c Client) isRevoked(ctx context.Context, policyID, approvalID string) bool {
	a, err := c.GetApproval(ctx, policyID, approvalID)
	return err == nil && a.Revoked
}

// DeleteApproval deletes an approval. Its deployments are archived and continue to exist;
// they keep the audience from being deleted until you delete them.
//
// Graph: DELETE /updatePolicies/{policyID}/complianceChanges/{approvalID} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-compliancechange-delete?view=graph-rest-beta
func (c Client) DeleteApproval(ctx context.Context, policyID, approvalID string) error {
	op := approvalOp("updatePolicies.DeleteApproval", call.Delete, policyID, approvalID)
	return call.Exec(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		return approvalAt(g, policyID, approvalID).Delete(ctx, nil)
	})
}

// patchApproval sends a body with one property, because the service rejects two.
// isApplied reports whether an approval has it.
func (c Client) patchApproval(
	ctx context.Context, name, policyID, approvalID string, body models.ContentApprovalable,
	isApplied func(*Approval) bool,
) error {
	op := approvalOp(name, call.Update, policyID, approvalID)
	return call.Patch(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		_, err := approvalAt(g, policyID, approvalID).Patch(ctx, body, nil)
		return err
	}, func(ctx context.Context) (bool, error) {
		a, err := c.GetApproval(ctx, policyID, approvalID)
		return err == nil && isApplied(a), err
	})
}

func approvalAt(
	g *graph.Client, policyID, approvalID string,
) *builders.ItemComplianceChangesComplianceChangeItemRequestBuilder {
	return policyAt(g, policyID).ComplianceChanges().ByComplianceChangeId(approvalID)
}

func approvalsOp(name string, kind call.Kind, policyID string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "policyID", Value: policyID}}}
}

func approvalOp(name string, kind call.Kind, policyID, approvalID string) call.Op {
	ids := []call.ID{{Param: "policyID", Value: policyID}, {Param: "approvalID", Value: approvalID}}
	return call.Op{Name: name, Kind: kind, IDs: ids}
}

func fetchApprovals(policyID string) call.Fetch[models.ContentApprovalPageable] {
	return func(
		ctx context.Context, g *graph.Client, link string, p *call.Parameters,
	) (models.ContentApprovalPageable, error) {
		changes := policyAt(g, policyID).ComplianceChanges()
		return call.At(changes.MicrosoftGraphWindowsUpdatesContentApproval(), link).Get(ctx, call.With((*listed)(p)))
	}
}

func fetchDeployments(
	ctx context.Context, g *graph.Client, link string, _ *call.Parameters,
) (models.DeploymentPageable, error) {
	return call.At(g.Deployments(), link).Get(ctx, nil)
}
