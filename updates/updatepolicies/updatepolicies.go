package updatepolicies

import (
	"context"
	"errors"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/updatepolicies"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Client creates, reads, and changes update policies and their approvals. Get it from
// updates.Client.UpdatePolicies; the zero Client returns an error from every call that
// would send a request.
type Client struct {
	call      *call.Client
	expecting int // devices that are offered an update immediately on purpose
}

// Create creates an update policy. The audience must exist, and cannot be replaced later. Rules approve
// updates that are published from now on, and drivers when a device needs them.
//
// Create validates spec first; see [Spec.Validate]. If rules are to offer updates without a rollout, Create
// counts the members of the audience. If there are more than updates.Limits.ImmediateOffers, the error is
// apierr.ErrTooManyDevices, and nothing is created; see [Client.Expecting]. If the response is lost, the
// error is apierr.ErrUnknownOutcome and the policy may exist: call [Client.FindCreated] before you retry, or
// use [Client.CreateOnce] instead.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op POST /updatePolicies
//graph:op GET /deploymentAudiences/{audienceID}/members
//graph:op GET /deploymentAudiences/{audienceID}/exclusions
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-post-updatepolicies?view=graph-rest-beta
func (c Client) Create(ctx context.Context, spec Spec) (policy *Policy, err error) {
	op := call.Op{Name: "updatePolicies.Create", Kind: call.Create}
	defer c.call.Span(&ctx, op.Name)(&err)
	if err := errors.Join(spec.Validate(), c.checkExpecting()); err != nil {
		return nil, call.Invalid(op.Name, err)
	}
	if err := c.checkCreate(ctx, op.Name, spec); err != nil {
		return nil, call.Named(op.Name, err)
	}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.UpdatePolicyable, error) {
		return g.UpdatePolicies().Post(ctx, writePolicy(spec), nil)
	})
	if err != nil {
		return nil, err
	}
	return readPolicy(w).forAudience(spec.AudienceID), nil
}

// Get returns an update policy with the ID of its audience.
//
// Graph: GET /updatePolicies/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-get?view=graph-rest-beta
func (c Client) Get(ctx context.Context, id string) (*Policy, error) {
	return c.get(ctx, policyOp("updatePolicies.Get", call.Read, id), id)
}

func (c Client) get(ctx context.Context, op call.Op, id string) (*Policy, error) {
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.UpdatePolicyable, error) {
		with := &builders.UpdatePolicyItemRequestBuilderGetQueryParameters{Expand: []string{"audience"}}
		return policyAt(g, id).Get(ctx, call.With(with))
	})
	if err != nil {
		return nil, err
	}
	return readPolicy(w), nil
}

// List lists the update policies of the tenant. To get their audiences, set Expand of the
// query to "audience".
//
// Graph: GET /updatePolicies (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-updatepolicies?view=graph-rest-beta
func (c Client) List(q *odata.Query) odata.List[*Policy] {
	return call.List(c.call, call.Op{Name: "updatePolicies.List"}, q, fetchPolicies, call.All(readPolicy))
}

// Update changes the settings or rules of an update policy. Change settings and rules in
// two calls, so that the settings do not fail with the rules. If the change makes the policy
// offer updates immediately, members are counted as by [Client.Create].
//
// The service may reject changes of rules, although they are documented. Observed is
// status 400 (apierr.ErrInvalid) with "Schema validation failed for resource
// 'deploymentPolicy'", the name of another resource. If that happens, create a new policy
// for the same audience.
//
// Graph: PATCH /updatePolicies/{id}, GET /updatePolicies/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-update?view=graph-rest-beta
func (c Client) Update(ctx context.Context, id string, u Update) error {
	return c.update(ctx, "updatePolicies.Update", id, u)
}

// MergeSettings sets parts of the settings of an update policy. Settings that are zero
// are not changed; at least one must be set. A new schedule without a rollout drops the
// rollout: to move the start, use [Client.Reschedule]. To remove a part, use
// [Client.UpdateSettings].
//
// Graph: PATCH /updatePolicies/{id}, GET /updatePolicies/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-update?view=graph-rest-beta
func (c Client) MergeSettings(ctx context.Context, id string, settings deployments.Settings) error {
	return c.update(ctx, "updatePolicies.MergeSettings", id, Update{Settings: odata.Set(settings)})
}

// SetRules replaces all rules of an update policy; without rules, it removes them. Updates that they have
// approved stay approved. The service may reject it; see [Client.Update].
//
// Graph: PATCH /updatePolicies/{id}, GET /updatePolicies/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-update?view=graph-rest-beta
func (c Client) SetRules(ctx context.Context, id string, rules ...Rule) error {
	return c.update(ctx, "updatePolicies.SetRules", id, Update{Rules: odata.Set(Rules(rules))})
}

func (c Client) update(ctx context.Context, op, id string, u Update) (err error) {
	defer c.call.Span(&ctx, op)(&err)
	if err := errors.Join(u.Validate(), c.checkExpecting()); err != nil {
		return call.Invalid(op, err)
	}
	rules, _ := u.Rules.Value()
	if err := c.checkUpdate(ctx, op, id, changeOf(u.Settings), rules); err != nil {
		return call.Named(op, err)
	}
	return call.Patch(ctx, c.call, policyOp(op, call.Update, id), func(ctx context.Context, g *graph.Client) error {
		_, err := policyAt(g, id).Patch(ctx, writePolicyUpdate(u), nil)
		return err
	}, func(ctx context.Context) (bool, error) {
		policy, err := c.Get(ctx, id)
		return err == nil && u.isAppliedTo(policy), err
	})
}

// Delete deletes an update policy. Delete its approvals first; see the package
// documentation for what continues to exist.
//
// Graph: DELETE /updatePolicies/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-delete?view=graph-rest-beta
func (c Client) Delete(ctx context.Context, id string) error {
	op := policyOp("updatePolicies.Delete", call.Delete, id)
	return call.Exec(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		return policyAt(g, id).Delete(ctx, nil)
	})
}

func policyOp(name string, kind call.Kind, id string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "id", Value: id}}}
}

func policyAt(g *graph.Client, id string) *builders.UpdatePolicyItemRequestBuilder {
	return g.UpdatePolicies().ByUpdatePolicyId(id)
}

func fetchPolicies(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.UpdatePolicyPageable, error) {
	with := (*builders.UpdatePoliciesRequestBuilderGetQueryParameters)(p)
	return call.At(g.UpdatePolicies(), link).Get(ctx, call.With(with))
}
