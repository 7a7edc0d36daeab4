package policies

import (
	"context"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/policies"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Client creates, reads and changes quality update policies, their rings and their
// approvals. Get it from updates.Client.Policies; the zero client returns an error from
// every call.
//
// A policy approves updates, its rings say who gets them and how many days later:
//
//	monthly := policies.Spec{DisplayName: "Monthly", Description: "Monthly security updates"}.
//		Approving(policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly))
//	policy, err := client.Policies().Create(ctx, monthly)
//
//	pilot := policies.RingSpec{DisplayName: "Pilot", Description: "First devices"}.Including(groupID).WithHotpatch()
//	ring, err := client.Policies().CreateRing(ctx, policy.ID, pilot)
//
// An approval decides about one update: [Client.Approve] offers what no rule approves,
// [Client.Suspend] stops what a rule or a person approved. Both take the id of a
// catalog entry and can be called again; [Client.SuspendApproval] and [Client.ResumeApproval] change
// one approval.
//
// An approval cannot be deleted: the service refuses it with 400, "Deleting an
// approval is not supported.", though a page of the reference has it. Suspend it
// instead; it stays as a record.
type Client struct {
	call *call.Client
}

// Create creates a quality update policy. It has no rings yet, so no device is
// concerned.
//
// The spec is checked first; see [Spec.Validate]. A lost answer is
// apierr.ErrUnknownOutcome: look for the policy before creating it again.
//
//   - Graph: POST /policies
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-adminwindowsupdates-post-policies?view=graph-rest-beta
func (c Client) Create(ctx context.Context, spec Spec) (*Policy, error) {
	op := call.Op{Name: "policies.Create", Kind: call.Create}
	if err := spec.Validate(); err != nil {
		return nil, call.Invalid(op.Name, err)
	}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.Policyable, error) {
		return g.Policies().Post(ctx, writePolicy(spec), nil)
	})
	if err != nil {
		return nil, err
	}
	return readPolicy(w), nil
}

// Get returns a policy.
//
//   - Graph: GET /policies/{id}
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-policy-get?view=graph-rest-beta
func (c Client) Get(ctx context.Context, id string) (*Policy, error) {
	op := policyOp("policies.Get", call.Read, id)
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.Policyable, error) {
		return policyAt(g, id).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readPolicy(w), nil
}

// List lists the policies of this family, those of a kind that this version does
// not know included; look at [Policy.Kind]. To ask for quality update
// policies alone use the filter
// "isof('microsoft.graph.windowsUpdates.qualityUpdatePolicy')".
//
//   - Graph: GET /policies
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-adminwindowsupdates-list-policies?view=graph-rest-beta
func (c Client) List(q *odata.Query) odata.List[*Policy] {
	return call.List(c.call, call.Op{Name: "policies.List"}, q, fetchPolicies, call.All(readPolicy))
}

// Update changes the name, the description or the rules of a policy.
//
// When an answer was lost and the repetition is refused with 400 or 409, the policy
// is read until the change shows; if it does not, the error is the refusal and also
// apierr.ErrUnknownOutcome.
//
//   - Graph: PATCH /policies/{id}
//   - Graph: GET /policies/{id}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-policy-update?view=graph-rest-beta
func (c Client) Update(ctx context.Context, id string, u Update) error {
	op := policyOp("policies.Update", call.Update, id)
	if err := u.Validate(); err != nil {
		return call.Invalid(op.Name, err)
	}
	return call.Patch(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		_, err := policyAt(g, id).Patch(ctx, writePolicyUpdate(u), nil)
		return err
	}, func(ctx context.Context) (bool, error) {
		p, err := c.Get(ctx, id)
		return err == nil && u.isAppliedTo(p), err
	})
}

// Delete removes a policy. What becomes of its rings and approvals is not
// documented; to stop offering updates and keep the policy, pause its rings.
//
//   - Graph: DELETE /policies/{id}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-policy-delete?view=graph-rest-beta
func (c Client) Delete(ctx context.Context, id string) error {
	op := policyOp("policies.Delete", call.Delete, id)
	return call.Exec(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		return policyAt(g, id).Delete(ctx, nil)
	})
}

func policyOp(name string, kind call.Kind, id string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "id", Value: id}}}
}

// partOp is an operation on what a policy has: on one of them by its id, or on
// all.
func partOp(name string, kind call.Kind, policyID string, one ...call.ID) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: append([]call.ID{{Param: "policyID", Value: policyID}}, one...)}
}

func policyAt(g *graph.Client, id string) *builders.PolicyItemRequestBuilder {
	return g.Policies().ByPolicyId(id)
}

func fetchPolicies(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.PolicyPageable, error) {
	return call.At(g.Policies(), link).Get(ctx, call.With((*builders.PoliciesRequestBuilderGetQueryParameters)(p)))
}
