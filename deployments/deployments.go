// Package deployments offers Windows updates to audiences of devices. Use it to deploy a
// feature update in steps, or to expedite a quality update.
//
// A deployment offers one catalog entry to the members of one audience. A [Spec] says what
// to offer. Its [Settings] say how, when, and under which conditions:
//
//	d, err := client.Deployments().Create(ctx, deployments.ForFeature(entry.ID).With(deployments.Settings{}.
//		StartingAt(monday).
//		RollingOut(deployments.ByRate(100, 7)).
//		PausingOnRollbacks(5)))
//
// Specs and settings are plain values. The chain above equals the literal with the same
// fields; each method returns a changed copy.
//
// A deployment offers its update for as long as it exists. It has no completed state, and
// it does not report the progress of installations. To see how long a rollout takes before
// you create it, call [Settings.Timetable].
//
// [Spec.Warnings] returns values that are valid but perhaps not meant. [Client.Create] limits how
// many devices it offers an update to immediately; see [Client.Expecting].
//
// Drivers are not deployed one by one: approve them with package updatepolicies or policies.
//
// # Expediting
//
// A deployment of a quality update is expedited: devices install the update as soon as possible, regardless
// of deferrals, and must restart after some days. A readiness test asks the same devices in advance whether
// they could install it:
//
//	spec := deployments.ForExpedited(entry.ID).With(deployments.Settings{}.RestartingWithin(2))
//	d, err := client.Deployments().Create(ctx, spec)
//
// The catalog entry must be expeditable. The devices need not be enrolled.
//
// # License
//
// When you deploy Windows 11, you confirm one of two things. The first is that the Windows license of the
// devices was acquired through volume licensing. The second is that you are authorized to bind your
// organization, and accept the Microsoft Software License Terms on its behalf.
//
// # Waiting for changes
//
// Create returns the deployment. The service accepts all other changes and applies them later.
// [Client.WaitForState] waits for a state, and [Client.WaitForDeletion] for the end of a deployment. To
// follow a deployment, range over [Client.Watch], which yields each change of its state:
//
//	err := client.Deployments().Pause(ctx, d.ID)
//	d, err := client.Deployments().WaitForState(ctx, d.ID, deployments.StatePaused, nil)
//
// Set a deadline on the context of a wait. A wait ends early with [ErrStateUnreachable] if
// the state needs another change first. [Client.Resume] does not end a pause by a
// monitoring rule; see [ErrPausedByMonitoring].
//
// If the response to a create request is lost, the outcome is unknown. If duplicates would
// do harm, use [Client.CreateOnce].
//
// # JSON
//
// All values marshal to JSON with the service's names of the properties, and unmarshal
// from it without loss, so you can print and store them:
//
//	{
//	  "kind": "featureUpdateCatalogEntry",
//	  "entryId": "c5f3a1c2-0000-4000-8000-000000000001",
//	  "settings": {
//	    "schedule": {"gradualRollout": {"type": "rateDrivenRolloutSettings", "durationBetweenOffers": "P7D", "devicesPerOffer": 100}}
//	  }
//	}
//
// Most zero and nil values are omitted; empty lists are not. Unknown properties are in
// "extra". The kind of a rollout is in "type", that of an entry in "kind". In an [Update]
// null removes a part, and an omitted part stays. The service's own requests have another
// form.
//
// Stored JSON is input: an unknown property outside of "extra", or one that is given twice,
// is an error with its path. The kind of a rollout can also be spelled as the service
// spells it, in "@odata.type".
//
// # Conventions
//
// Kinds and values that the SDK does not recognize are preserved: an unknown rollout is an
// [UnknownRollout], an unknown entry a [catalog.UnknownEntry]. Unknown properties of a
// value that was read are in Extra, and properties that you add to Extra are sent. Extra
// cannot be compared, so comparisons leave it out or count it as different. Nil and empty
// mean none unless a field says otherwise. Times are in UTC, and IDs are case-insensitive.
// Nil options are the defaults. Methods of Settings and Spec return a copy.
//
// Clients are safe for concurrent use. Errors are those of package apierr.
package deployments

import (
	"context"
	"errors"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	builders "github.com/winupdates/winupdates-go/internal/graph/deployments"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Client creates, reads, and changes deployments. Get it from updates.Client.Deployments;
// every method of the zero Client returns an error.
type Client struct {
	call      *call.Client
	expecting int // devices that are offered an update immediately on purpose
}

// Create creates a deployment. If spec names no audience, the service creates an empty
// one; add devices with audience.Client.AddDevices. The content and the audience cannot be changed later.
//
// Create validates spec first; see [Spec.Validate]. If spec has no rollout, Create counts the
// members of an existing audience: over updates.Limits.ImmediateOffers the error is
// apierr.ErrTooManyDevices, and nothing is created; see [Client.Expecting]. If the response is
// lost, the error is apierr.ErrUnknownOutcome and the deployment may exist: call [Client.FindCreated] before
// you retry, or use [Client.CreateOnce] instead. The catalog entry in the result is
// incomplete; read it from the catalog. For Windows 11, see the license terms in the
// package documentation.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op POST /deployments
//graph:op GET /deploymentAudiences/{audienceID}/members
//graph:op GET /deploymentAudiences/{audienceID}/exclusions
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-post-deployments?view=graph-rest-beta
func (c Client) Create(ctx context.Context, spec Spec) (deployment *Deployment, err error) {
	op := call.Op{Name: "deployments.Create", Kind: call.Create}
	defer c.call.Span(&ctx, op.Name)(&err)
	if err := errors.Join(spec.Validate(), c.checkExpecting()); err != nil {
		return nil, call.Invalid(op.Name, err)
	}
	if err := c.checkCreate(ctx, op.Name, spec); err != nil {
		return nil, call.Named(op.Name, err)
	}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.Deploymentable, error) {
		return g.Deployments().Post(ctx, writeSpec(spec), nil)
	})
	if err != nil {
		return nil, err
	}
	return readDeployment(w), nil
}

// Get returns a deployment. Its catalog entry and audience are incomplete; read them from
// the catalog and with audience.Client.Get.
//
// Graph: GET /deployments/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-get?view=graph-rest-beta
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

// List lists the deployments of the tenant, including archived ones and those that content
// approvals of update policies created. To list the deployments of one audience, filter
// with "audience/id eq '…'".
//
// Graph: GET /deployments (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-deployments?view=graph-rest-beta
func (c Client) List(q *odata.Query) odata.List[*Deployment] {
	return call.List(c.call, call.Op{Name: "deployments.List"}, q, fetchDeployments, call.All(readDeployment))
}

// Delete ends a deployment and deletes it. Devices that were offered the update keep it.
// The service applies this later; use [Client.WaitForDeletion] to wait.
//
// Graph: DELETE /deployments/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deployment-delete?view=graph-rest-beta
func (c Client) Delete(ctx context.Context, id string) error {
	return call.Exec(ctx, c.call, deploymentOp("deployments.Delete", call.Delete, id), func(ctx context.Context, g *graph.Client) error {
		return g.Deployments().ByDeploymentId(id).Delete(ctx, nil)
	})
}

// deploymentOp is an operation on one deployment.
func deploymentOp(name string, kind call.Kind, id string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "id", Value: id}}}
}

func fetchDeployments(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.DeploymentPageable, error) {
	return call.At(g.Deployments(), link).Get(ctx, call.With((*builders.DeploymentsRequestBuilderGetQueryParameters)(p)))
}
