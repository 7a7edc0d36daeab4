package policies

import (
	"context"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/policies"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Client creates, reads, and changes policies, their rings, and their approvals. Get it
// from updates.Client.Policies; the zero Client returns an error from every call.
//
// An approval cannot be deleted; use [Client.SuspendApproval] instead. A page of the reference documents the
// request, but the service returns 400 with "Deleting an approval is not supported".
type Client struct {
	call *call.Client
}

// Create creates a policy. The policy has no rings yet, so it affects no devices; add rings
// with [Client.CreateRing]. To create a policy only if there is none with its name, use
// [Client.EnsurePolicy].
//
// Create validates spec first; see [Spec]. If the response is lost, the error is apierr.ErrUnknownOutcome
// and the policy may exist: search [Client.List] before you retry, or use [Client.EnsurePolicy].
//
// Graph: POST /policies (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-adminwindowsupdates-post-policies?view=graph-rest-beta
func (c Client) Create(ctx context.Context, spec Spec) (*Policy, error) {
	op := call.Op{Name: "policies.Create", Kind: call.Create}
	if err := validate("spec", spec); err != nil {
		return nil, call.Invalid(op.Name, err)
	}
	return c.create(ctx, op, spec)
}

func (c Client) create(ctx context.Context, op call.Op, spec Spec) (*Policy, error) {
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.Policyable, error) {
		return g.Policies().Post(ctx, writePolicy(spec.parts()), nil)
	})
	if err != nil {
		return nil, err
	}
	return readPolicy(w), nil
}

// Get returns a policy.
//
// Graph: GET /policies/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policy-get?view=graph-rest-beta
func (c Client) Get(ctx context.Context, id string) (*Policy, error) {
	w, err := c.get(ctx, id)
	if err != nil {
		return nil, err
	}
	return readPolicy(w), nil
}

func (c Client) get(ctx context.Context, id string) (models.Policyable, error) {
	op := policyOp("policies.Get", call.Read, id)
	return call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.Policyable, error) {
		return policyAt(g, id).Get(ctx, nil)
	})
}

// List lists the policies of all kinds, including unknown ones; see [Policy.Kind]. To
// request only policies for feature updates, use the filter
// "isof('microsoft.graph.windowsUpdates.featureUpdatePolicy')".
//
// Graph: GET /policies (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-adminwindowsupdates-list-policies?view=graph-rest-beta
func (c Client) List(q *odata.Query) odata.List[*Policy] {
	return call.List(c.call, call.Op{Name: "policies.List"}, q, fetchPolicies, call.All(readPolicy))
}

// Update changes the name, description, or rules of a policy. The update must be of the kind of the policy;
// the effect of another kind is not documented.
//
// Graph: PATCH /policies/{id}, GET /policies/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policy-update?view=graph-rest-beta
func (c Client) Update(ctx context.Context, id string, u Update) error {
	op := policyOp("policies.Update", call.Update, id)
	if err := validate("u", u); err != nil {
		return call.Invalid(op.Name, err)
	}
	return c.update(ctx, op, id, u.parts())
}

func (c Client) update(ctx context.Context, op call.Op, id string, u updateParts) error {
	return call.Patch(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		_, err := policyAt(g, id).Patch(ctx, writePolicyUpdate(u), nil)
		return err
	}, func(ctx context.Context) (bool, error) {
		w, err := c.get(ctx, id)
		return err == nil && u.isReported(w) && u.isAppliedTo(readPolicy(w)), err
	})
}

// Delete deletes a policy. The effect on its rings and approvals is not documented. To stop offering updates
// and keep the policy, pause its rings with [Client.PauseRing].
//
// Graph: DELETE /policies/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policy-delete?view=graph-rest-beta
func (c Client) Delete(ctx context.Context, id string) error {
	op := policyOp("policies.Delete", call.Delete, id)
	return call.Exec(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		return policyAt(g, id).Delete(ctx, nil)
	})
}

func policyOp(name string, kind call.Kind, id string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "id", Value: id}}}
}

// partOp is an operation on a part of a policy: one part by its ID, or all.
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
