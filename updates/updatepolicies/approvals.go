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

// Approve approves an update in an update policy. The service makes a deployment
// for it, now or a little later. An update that is approved already gets a second
// approval, and the two fight: look at [Client.EntryStates] before.
//
// The spec is checked first; see [ApprovalSpec.Validate]. A lost answer is
// apierr.ErrUnknownOutcome: look for the approval before making it again, or use
// [Client.ApproveOnce].
//
//   - Graph: POST /updatePolicies/{policyID}/complianceChanges
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-post-compliancechanges?view=graph-rest-beta
func (c Client) Approve(ctx context.Context, policyID string, spec ApprovalSpec) (*Approval, error) {
	op := approvalsOp("updatePolicies.Approve", call.Create, policyID)
	if err := spec.Validate(); err != nil {
		return nil, call.Invalid(op.Name, err)
	}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.ComplianceChangeable, error) {
		return policyAt(g, policyID).ComplianceChanges().Post(ctx, writeApproval(spec), nil)
	})
	if err != nil {
		return nil, err
	}
	return readChange(w), nil
}

// GetApproval returns an approval with all deployments that the service made for it,
// those behind a link in its answer included.
//
//   - Graph: GET /updatePolicies/{policyID}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-contentapproval-get?view=graph-rest-beta
func (c Client) GetApproval(ctx context.Context, policyID, approvalID string) (*Approval, error) {
	op := approvalOp("updatePolicies.GetApproval", call.Read, policyID, approvalID)
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

// withRest adds the deployments behind a link to those that came with an approval.
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

// ListApprovals lists the approvals of an update policy, those by rules and the
// revoked ones included. What stands of them for each update is
// [Client.EntryStates].
//
//   - Graph: GET /updatePolicies/{policyID}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-list-compliancechanges?view=graph-rest-beta
func (c Client) ListApprovals(policyID string, q *odata.Query) odata.List[*Approval] {
	return c.listApprovals("updatePolicies.ListApprovals", policyID, q)
}

func (c Client) listApprovals(op, policyID string, q *odata.Query) odata.List[*Approval] {
	of := approvalsOp(op, call.Read, policyID)
	return call.List(c.call, of, q, fetchApprovals(policyID), call.All(readApproval))
}

type listed = builders.ItemComplianceChangesMicrosoftGraphWindowsUpdatesContentApprovalRequestBuilderGetQueryParameters

// MergeApprovalSettings sets parts of the settings of an approval: those that are zero
// stay as they are, and all must not be.
//
// When an answer was lost and the repetition is refused with 400 or 409, the approval
// is read until the change shows; if it does not, the error is the refusal and also
// apierr.ErrUnknownOutcome.
//
//   - Graph: PATCH /updatePolicies/{policyID}/complianceChanges/{approvalID}
//   - Graph: GET /updatePolicies/{policyID}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-compliancechange-update?view=graph-rest-beta
func (c Client) MergeApprovalSettings(
	ctx context.Context, policyID, approvalID string, settings deployments.Settings,
) error {
	const op = "updatePolicies.MergeApprovalSettings"
	if err := checkSettings(settings); err != nil {
		return call.Invalid(op, err)
	}
	body := models.NewContentApproval()
	body.SetDeploymentSettings(deployments.Internal.WriteSettings(settings))
	return c.patchApproval(ctx, op, policyID, approvalID, body, func(a *Approval) bool {
		return settings.ContainedIn(a.Settings)
	})
}

// ClearApprovalSettings removes all settings of an approval, so that those of its
// policy hold. A lost answer is settled as in [Client.MergeApprovalSettings].
//
//   - Graph: PATCH /updatePolicies/{policyID}/complianceChanges/{approvalID}
//   - Graph: GET /updatePolicies/{policyID}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-compliancechange-update?view=graph-rest-beta
func (c Client) ClearApprovalSettings(ctx context.Context, policyID, approvalID string) error {
	body := models.NewContentApproval()
	body.GetAdditionalData()["deploymentSettings"] = wire.Null
	isApplied := func(a *Approval) bool { return !setsAnything(a.Settings) }
	return c.patchApproval(ctx, "updatePolicies.ClearApprovalSettings", policyID, approvalID, body, isApplied)
}

// RevokeApproval withdraws an approval for good: its deployments are archived, and the
// update is offered to no further device. Devices that were offered it keep it. To
// go on later, approve the update again.
//
// An approval that is revoked already is no error. The service refuses to revoke it
// again, so when it refuses with 400 or 409, or an answer was lost and no later one
// says how it ended, the approval is read: a revocation that shows has succeeded.
//
//   - Graph: PATCH /updatePolicies/{policyID}/complianceChanges/{approvalID}
//   - Graph: GET /updatePolicies/{policyID}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-compliancechange-update?view=graph-rest-beta
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

// mayBeDone reports whether an error leaves it open that a change has been made, now
// or before.
func mayBeDone(err error) bool {
	status := apierr.StatusOf(err)
	return errors.Is(err, apierr.ErrUnknownOutcome) || status == http.StatusBadRequest || status == http.StatusConflict
}

// isRevoked is false also where nobody can tell.
func (c Client) isRevoked(ctx context.Context, policyID, approvalID string) bool {
	a, err := c.GetApproval(ctx, policyID, approvalID)
	return err == nil && a.Revoked
}

// DeleteApproval deletes an approval. Its deployments are archived and stay; they
// keep the audience from being deleted until they are deleted themselves.
//
//   - Graph: DELETE /updatePolicies/{policyID}/complianceChanges/{approvalID}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-compliancechange-delete?view=graph-rest-beta
func (c Client) DeleteApproval(ctx context.Context, policyID, approvalID string) error {
	op := approvalOp("updatePolicies.DeleteApproval", call.Delete, policyID, approvalID)
	return call.Exec(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		return approvalAt(g, policyID, approvalID).Delete(ctx, nil)
	})
}

// patchApproval sends a body with one property, since the service refuses two.
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
