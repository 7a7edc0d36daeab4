package audience

import (
	"context"
	"fmt"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	ofaudience "github.com/winupdates/winupdates-go/internal/graph/deploymentaudiences"
	ofdeployment "github.com/winupdates/winupdates-go/internal/graph/deployments"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	ofpolicy "github.com/winupdates/winupdates-go/internal/graph/updatepolicies"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// Ref identifies an audience: by its own ID, by its deployment, or by its update policy.
// Make it with [ByID], [OfDeployment], or [OfUpdatePolicy]; the zero Ref is invalid.
type Ref struct {
	owner owner
	id    string
}

type owner string

const (
	itself       owner = "audience"
	deployment   owner = "deployment"
	updatePolicy owner = "updatePolicy"
)

// ByID identifies an audience by its own ID.
func ByID(id string) Ref { return Ref{itself, id} }

// OfDeployment identifies the audience of a deployment.
func OfDeployment(deploymentID string) Ref { return Ref{deployment, deploymentID} }

// OfUpdatePolicy identifies the audience of an update policy.
func OfUpdatePolicy(policyID string) Ref { return Ref{updatePolicy, policyID} }

// String returns a readable form, such as "audience of deployment X".
func (r Ref) String() string {
	switch r.owner {
	case itself:
		return wire.Line("", "audience ", r.id)
	case deployment:
		return wire.Line("", "audience of deployment ", r.id)
	case updatePolicy:
		return wire.Line("", "audience of update policy ", r.id)
	}
	return "no audience"
}

// MarshalText writes the Ref for [Ref.UnmarshalText], such as "deployment/X"; the zero
// Ref is empty. It never fails.
func (r Ref) MarshalText() ([]byte, error) {
	if r == (Ref{}) {
		return []byte{}, nil
	}
	return []byte(string(r.owner) + "/" + r.id), nil
}

// UnmarshalText reads the output of [Ref.MarshalText], so that a Ref can be stored, also as a value or a key
// in JSON. Any other string is an error and does not change the Ref. The ID is checked when the Ref is used.
func (r *Ref) UnmarshalText(text []byte) error {
	name, id, found := strings.Cut(string(text), "/")
	read := Ref{owner(name), id}
	switch {
	case len(text) == 0:
	case !found, read.owner != itself && read.owner != deployment && read.owner != updatePolicy:
		return fmt.Errorf("audience: %q does not identify an audience", text)
	}
	*r = read
	return nil
}

func (r Ref) audienceOp(name string, kind call.Kind) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "of", Value: r.id}}}
}

// routes are the operations on one audience.
type routes struct {
	get                 func(context.Context) (models.DeploymentAudienceable, error)
	members, exclusions fetchAssets
	update              func(context.Context, models.UpdateAudienceBodyable) error
	updateByID          func(context.Context, models.UpdateAudienceByIdBodyable) error
}

type fetchAssets func(ctx context.Context, link string, p *call.Parameters) (models.UpdatableAssetPageable, error)

func membersOf(r routes) fetchAssets    { return r.members }
func exclusionsOf(r routes) fetchAssets { return r.exclusions }

func (r Ref) routes(g *graph.Client) routes {
	switch r.owner {
	case deployment:
		return routesOfDeployment(g.Deployments().ByDeploymentId(r.id).Audience())
	case updatePolicy:
		return routesOfPolicy(g.UpdatePolicies().ByUpdatePolicyId(r.id).Audience())
	default:
		return routesByID(g.DeploymentAudiences().ByDeploymentAudienceId(r.id))
	}
}

func routesByID(a *ofaudience.DeploymentAudienceItemRequestBuilder) routes {
	return routes{
		get: func(ctx context.Context) (models.DeploymentAudienceable, error) { return a.Get(ctx, nil) },
		members: func(ctx context.Context, link string, p *call.Parameters) (models.UpdatableAssetPageable, error) {
			return call.At(a.Members(), link).Get(ctx, call.With((*ofaudience.ItemMembersRequestBuilderGetQueryParameters)(p)))
		},
		exclusions: func(ctx context.Context, link string, p *call.Parameters) (models.UpdatableAssetPageable, error) {
			return call.At(a.Exclusions(), link).Get(ctx,
				call.With((*ofaudience.ItemExclusionsRequestBuilderGetQueryParameters)(p)))
		},
		update: func(ctx context.Context, body models.UpdateAudienceBodyable) error {
			return a.UpdateAudience().Post(ctx, body, nil)
		},
		updateByID: func(ctx context.Context, body models.UpdateAudienceByIdBodyable) error {
			return a.UpdateAudienceById().Post(ctx, body, nil)
		},
	}
}

func routesOfDeployment(a *ofdeployment.ItemAudienceRequestBuilder) routes {
	return routes{
		get: func(ctx context.Context) (models.DeploymentAudienceable, error) { return a.Get(ctx, nil) },
		members: func(ctx context.Context, link string, p *call.Parameters) (models.UpdatableAssetPageable, error) {
			return call.At(a.Members(), link).Get(ctx,
				call.With((*ofdeployment.ItemAudienceMembersRequestBuilderGetQueryParameters)(p)))
		},
		exclusions: func(ctx context.Context, link string, p *call.Parameters) (models.UpdatableAssetPageable, error) {
			q := (*ofdeployment.ItemAudienceExclusionsRequestBuilderGetQueryParameters)(p)
			return call.At(a.Exclusions(), link).Get(ctx, call.With(q))
		},
		update: func(ctx context.Context, body models.UpdateAudienceBodyable) error {
			return a.UpdateAudience().Post(ctx, body, nil)
		},
		updateByID: func(ctx context.Context, body models.UpdateAudienceByIdBodyable) error {
			return a.UpdateAudienceById().Post(ctx, body, nil)
		},
	}
}

func routesOfPolicy(a *ofpolicy.ItemAudienceRequestBuilder) routes {
	return routes{
		get: func(ctx context.Context) (models.DeploymentAudienceable, error) { return a.Get(ctx, nil) },
		members: func(ctx context.Context, link string, p *call.Parameters) (models.UpdatableAssetPageable, error) {
			return call.At(a.Members(), link).Get(ctx,
				call.With((*ofpolicy.ItemAudienceMembersRequestBuilderGetQueryParameters)(p)))
		},
		exclusions: func(ctx context.Context, link string, p *call.Parameters) (models.UpdatableAssetPageable, error) {
			return call.At(a.Exclusions(), link).Get(ctx,
				call.With((*ofpolicy.ItemAudienceExclusionsRequestBuilderGetQueryParameters)(p)))
		},
		update: func(ctx context.Context, body models.UpdateAudienceBodyable) error {
			return a.UpdateAudience().Post(ctx, body, nil)
		},
		updateByID: func(ctx context.Context, body models.UpdateAudienceByIdBodyable) error {
			return a.UpdateAudienceById().Post(ctx, body, nil)
		},
	}
}
