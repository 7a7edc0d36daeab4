// Package deployments offers updates to audiences.
//
// A deployment offers one entry of the catalog to the members of one audience.
// What to offer is a [Spec]; how, when and under which conditions are its
// [Settings]:
//
//	d, err := client.Deployments().Create(ctx, deployments.ForFeature(entry.ID).With(deployments.Settings{}.
//		StartingAt(monday).
//		RollingOut(deployments.ByRate(100, 7)).
//		PausingOnRollbacks(5)))
//
// Specs and settings are plain values. The chain above equals the literal with
// the same fields; each method returns a changed copy.
//
// # Expediting
//
// A quality update that is deployed is an expedited one: installed at once, past
// what policies defer, with a restart after some days. A readiness test asks the
// same devices beforehand whether they could take it:
//
//	hurried := deployments.Settings{}.AsExpedited().RestartingWithin(2)
//	d, err := client.Deployments().Create(ctx, deployments.ForQuality(entry.ID).With(hurried))
//
// Only entries that the catalog calls expeditable can be expedited, and their
// devices need not be enrolled.
//
// # Licence
//
// Deploying Windows 11 confirms one of two things: that the Windows licence of
// the devices was acquired through volume licensing, or that whoever deploys is
// authorised to bind the organisation and accepts the Microsoft Software License
// Terms on its behalf.
//
// # What happens later
//
// Create answers with the deployment. All other changes are accepted and applied
// later. [Client.WaitForState] returns when a state shows, [Client.WaitForDeletion] when a deployment
// is not there any more, and [Client.Watch] yields each change:
//
//	err := client.Deployments().Pause(ctx, d.ID)
//	d, err := client.Deployments().WaitForState(ctx, d.ID, deployments.StatePaused, nil)
//
// The context bounds a wait. It ends early with [ErrStateUnreachable] where somebody has to act
// first. A pause that a monitoring rule made is not lifted by [Client.Resume], but by
// other rules; see [ErrPausedByMonitoring].
//
// The answer to a create can be lost, so that nobody knows whether there is a deployment.
// [Client.CreateOnce] finds out, and makes one and no more.
//
// A deployment goes on offering as long as it exists: there is no completed state, and
// the progress of installations is not part of this service. How long a rollout takes
// says its timetable, before it is made: [Settings.Timetable].
//
// # JSON
//
// All values marshal to JSON with the service's names of their members, and
// unmarshal from it without loss, so a tool can print and store them:
//
//	{
//	  "kind": "featureUpdateCatalogEntry",
//	  "entryId": "c5f3a1c2-0000-4000-8000-000000000001",
//	  "settings": {
//	    "schedule": {"gradualRollout": {"type": "rateDrivenRolloutSettings", "durationBetweenOffers": "P7D", "devicesPerOffer": 100}}
//	  }
//	}
//
// What is zero or nil is mostly left out, an empty list is not. Members that this
// version does not know are in "extra". A rollout has its kind in "type", an entry
// in "kind"; an unknown kind reads as [UnknownRollout] or [catalog.UnknownEntry].
// In an [Update] null removes a part, and what is kept is left out.
// It is not the form in which the service itself is written to.
//
// A [Client] comes from updates.Client and may be used by many goroutines.
// Errors are those of package apierr.
package deployments

import (
	"context"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	builders "github.com/winupdates/winupdates-go/internal/graph/deployments"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Client creates, reads and changes deployments. Get it from
// updates.Client.Deployments; the zero Client returns an error from every call.
type Client struct {
	call *call.Client
}

// Create creates a deployment. Where the spec names no audience the service makes
// one, to which devices are added afterwards. Content and audience cannot be
// changed later.
//
// The spec is checked first; see [Spec.Validate]. A lost answer is
// apierr.ErrUnknownOutcome: look for the deployment before creating it again. In
// the answer the catalog entry is a stub; read it from the catalog. Creating a
// deployment of Windows 11 confirms what the package documentation says about
// its licence.
//
//   - Graph: POST /deployments
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/adminwindowsupdates-post-deployments?view=graph-rest-beta
func (c Client) Create(ctx context.Context, spec Spec) (*Deployment, error) {
	op := call.Op{Name: "deployments.Create", Kind: call.Create}
	if err := spec.Validate(); err != nil {
		return nil, call.Invalid(op.Name, err)
	}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.Deploymentable, error) {
		return g.Deployments().Post(ctx, writeSpec(spec), nil)
	})
	if err != nil {
		return nil, err
	}
	return readDeployment(w), nil
}

// Get returns a deployment.
//
//   - Graph: GET /deployments/{id}
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-deployment-get?view=graph-rest-beta
func (c Client) Get(ctx context.Context, id string) (*Deployment, error) {
	op := deploymentOp("deployments.Get", call.Read, id)
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.Deploymentable, error) {
		return g.Deployments().ByDeploymentId(id).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readDeployment(w), nil
}

// List lists the deployments of the tenant, the archived ones and those that
// approvals of update policies made included. Those of one audience are found
// with the filter "audience/id eq '…'".
//
//   - Graph: GET /deployments
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/adminwindowsupdates-list-deployments?view=graph-rest-beta
func (c Client) List(q odata.Query) odata.List[*Deployment] {
	return call.List(c.call, call.Op{Name: "deployments.List"}, q, fetchDeployments, call.All(readDeployment))
}

// Delete ends a deployment and removes it. The service accepts this and does it
// later. Devices that were offered the update keep it.
//
//   - Graph: DELETE /deployments/{id}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-deployment-delete?view=graph-rest-beta
func (c Client) Delete(ctx context.Context, id string) error {
	return call.Exec(ctx, c.call, deploymentOp("deployments.Delete", call.Delete, id), func(ctx context.Context, g *graph.Client) error {
		return g.Deployments().ByDeploymentId(id).Delete(ctx, nil)
	})
}

// one is an operation on one deployment.
func deploymentOp(name string, kind call.Kind, id string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "id", Value: id}}}
}

func fetchDeployments(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.DeploymentPageable, error) {
	return call.At(g.Deployments(), link).Get(ctx, call.With((*builders.DeploymentsRequestBuilderGetQueryParameters)(p)))
}
