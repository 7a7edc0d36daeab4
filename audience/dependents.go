package audience

import (
	"context"
	"errors"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	deploymentbuilders "github.com/winupdates/winupdates-go/internal/graph/deployments"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	policybuilders "github.com/winupdates/winupdates-go/internal/graph/updatepolicies"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Update policies and deployments belong to packages above this one, so that they are
// read here as the generated code has them.

// updatePoliciesOf reads the update policies that use an audience.
func (c Client) updatePoliciesOf(ctx context.Context, name, audienceID string) ([]models.UpdatePolicyable, error) {
	op, q := call.Op{Name: name}, &odata.Query{Expand: []string{"audience"}}
	all := call.List(c.call, op, q, fetchUpdatePolicies, call.All(asIs[models.UpdatePolicyable]))
	return dependentsOf(ctx, c, name, all, audienceID, OfUpdatePolicy)
}

// deploymentsOf reads the deployments that use an audience. Each is checked: a service
// that ignores the filter must not give a wrong one.
func (c Client) deploymentsOf(ctx context.Context, name, audienceID string) ([]models.Deploymentable, error) {
	op, q := call.Op{Name: name}, &odata.Query{Filter: "audience/id eq " + wire.Quote(audienceID)}
	all := call.List(c.call, op, q, fetchDeployments, call.All(asIs[models.Deploymentable]))
	return dependentsOf(ctx, c, name, all, audienceID, OfDeployment)
}

// findUsers adds the IDs of what uses the audience to a plan, also if no list has it yet.
func (c Client) findUsers(ctx context.Context, op string, plan *SyncPlan) error {
	of := plan.Audience
	id, _, err := c.resolve(ctx, op, of)
	if err != nil {
		return err
	}
	using, err := c.deploymentsOf(ctx, op, id)
	if err != nil {
		return err
	}
	policies, err := c.updatePoliciesOf(ctx, op, id)
	if err != nil {
		return err
	}
	plan.Deployments, plan.UpdatePolicies = idsOf(using), idsOf(policies)
	switch {
	case of.owner == deployment && !wire.HasID(plan.Deployments, of.id):
		plan.Deployments = append(plan.Deployments, of.id)
	case of.owner == updatePolicy && !wire.HasID(plan.UpdatePolicies, of.id):
		plan.UpdatePolicies = append(plan.UpdatePolicies, of.id)
	}
	return nil
}

// idsOf is nil for none.
func idsOf[T dependent](list []T) []string {
	var ids []string
	for _, one := range list {
		ids = append(ids, wire.Value(one.GetId()))
	}
	return ids
}

// dependent is the common part of the generated deployments and update policies.
type dependent interface {
	GetId() *string
	GetAudience() models.DeploymentAudienceable
}

func dependentsOf[T dependent](ctx context.Context, c Client, name string, all odata.List[T], audienceID string, ref func(string) Ref) ([]T, error) {
	var using []T
	for one, err := range all.All(ctx) {
		if err != nil {
			return nil, err
		}
		id, err := c.idOf(ctx, name, listedID(one), ref(wire.Value(one.GetId())))
		if err != nil {
			return nil, err
		}
		if wire.SameID(id, audienceID) {
			using = append(using, one)
		}
	}
	return using, nil
}

func listedID(one dependent) string {
	if a := one.GetAudience(); a != nil {
		return wire.Value(a.GetId())
	}
	return ""
}

// idOf returns the ID of an audience: the listed one, or, if that is empty, the one that
// the service returns for ref. It is empty if two requests show that there is no such audience.
func (c Client) idOf(ctx context.Context, name, listed string, ref Ref) (string, error) {
	if listed != "" {
		return listed, nil
	}
	op := ref.audienceOp(name, call.Read)
	read, err := call.ReadTwice(ctx, func() (models.DeploymentAudienceable, error) { return c.get(ctx, op, ref) })
	if errors.Is(err, apierr.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return wire.Value(read.GetId()), nil
}

func asIs[T any](one T) T { return one }

func fetchUpdatePolicies(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.UpdatePolicyPageable, error) {
	return call.At(g.UpdatePolicies(), link).Get(ctx, call.With((*policybuilders.UpdatePoliciesRequestBuilderGetQueryParameters)(p)))
}

func fetchDeployments(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.DeploymentPageable, error) {
	return call.At(g.Deployments(), link).Get(ctx, call.With((*deploymentbuilders.DeploymentsRequestBuilderGetQueryParameters)(p)))
}
