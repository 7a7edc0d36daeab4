// Package audience manages deployment audiences: the devices that updates are offered
// to, and their enrollment.
//
// An audience has members and exclusions; an asset that is both is excluded. Each
// deployment and each update policy has an audience, and audiences can be made
// on their own and shared. A [Ref] says whose audience is meant:
//
//	err := client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), ids, nil)
//
// A device gets feature updates and drivers from the service only when it is
// enrolled in that category; a member that is not enrolled is not affected:
//
//	err := client.Devices().Enroll(ctx, audience.CategoryFeature, ids, nil)
//
// Devices are named by their Microsoft Entra device id (the property deviceId of
// a device in the directory), not by the id of the directory object.
//
// # What happens later
//
// The service accepts changes and applies them afterwards: enrolment usually
// within seconds, membership within a minute, sometimes hours. It does not say
// what it could not apply. Wait for what the program depends on:
//
//	report, err := client.Devices().WaitForEnrollment(ctx, audience.CategoryFeature, ids, audience.StateEnrolled, nil)
//	err = client.Audiences().WaitForMembers(ctx, of, audience.Membership{Members: audience.Devices(ids...)}, nil)
//
// The context bounds a wait. Its report or error has what was seen last: which devices
// are done, which have registration errors, which are missing. [Client.WaitForExactMembers]
// sees what is too many as well.
//
// Changes to an audience that Intune made are accepted and have no effect, and its
// lists read as empty; see [Client.ListMembers].
//
// # In step with a list
//
// [Client.Sync] makes the members of an audience those of a list, and reads the
// audience back until it holds:
//
//	report, err := client.Audiences().Sync(ctx, of, audience.Members(audience.Devices(ids...)), nil)
//
// The list is read to its end first. An error in it changes nothing, and neither does a
// list that would remove more than half of the members, or more than a tenth and ten:
// it is refused with [ErrTooManyRemovals], and [SyncOptions].RemovalLimit allows more. Groups are
// removed only when they are named.
// The report says what was sent, what is missing and what is known about why.
// [Client.Plan] and [Client.Apply] are its halves, for somebody to look at the plan.
//
// # Groups
//
// A [Group] is a set of devices that can be a member of many audiences, so that they
// change in one place; [GroupClient] keeps it. It is no group of Microsoft Entra, and
// it cannot be enrolled: its devices can.
//
// # What devices need
//
// Drivers are found through the devices that need them: [Client.AllMatches] yields
// each update with each device, [Client.ListApplicableContent] the updates alone.
//
//	for match, err := range client.Audiences().Matches(ctx, of) {
//		// … match.Entry, match.Device.IsRecommendedBy("Microsoft")
//	}
//
// # Lists of any length
//
// Lists of assets are sent in chunks, [DefaultChunk] assets in a request unless
// the options say otherwise, to an audience as to a group. When a chunk fails the
// error is an [*EditError] or an [*EnrollError], which holds what was accepted and
// what is left to send. Repeating all of it is harmless.
//
// # JSON
//
// What this package reads and sends can be stored as JSON and read back without
// loss: [Device], [Group], [UnknownAsset], [Audience], [ApplicableContent],
// [DeviceMatch], [Match], [Edit], [Member], [Ref] and what they hold. Members have
// the service's names, what this version does not know is under extra, and lists
// that are nil are left out. The member kind tells assets apart: [UnmarshalAsset]
// reads one, [Assets] a list of them.
//
//	{"id": "…", "kind": "azureADDevice", "feature": {"enrollmentState": "enrolled"}, "quality": {}, "driver": {}}
//
// An [EditError] or [EnrollError] marshals to what was sent, what failed and what
// was not sent, so that a program can go on later. Its cause is not stored.
//
// The clients of this package come from updates.Client and may be used by many
// goroutines. Errors are those of package apierr.
package audience

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	builders "github.com/winupdates/winupdates-go/internal/graph/deploymentaudiences"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Audience is a set of members less a set of exclusions. Read them with
// [Client.ListMembers] and [Client.ListExclusions].
type Audience struct {
	// ID identifies the audience.
	ID string `json:"id"`
	// Members are the members where a list asked for them with Expand and the
	// service sent them, perhaps only the first of them; nil says nothing about
	// them.
	Members Assets `json:"members,omitzero"`
	// Exclusions are the exclusions where a list asked for them with Expand and
	// the service sent them, perhaps only the first of them; nil says nothing about
	// them.
	Exclusions Assets `json:"exclusions,omitzero"`
	// ApplicableContent is what an answer has of the updates that the members need.
	// It is often empty where there are some, and nil says nothing: list them with
	// [Client.ListApplicableContent].
	ApplicableContent []ApplicableContent `json:"applicableContent,omitzero"`
	// Extra has the members of the service's object that this version does not
	// know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Client reads and changes audiences. Get it from updates.Client.Audiences; the
// zero Client returns an error from every call that would send something.
type Client struct {
	call *call.Client
}

// Create makes an audience without members. A lost answer is
// apierr.ErrUnknownOutcome, and the audience that may have been made cannot be
// told from others.
//
// Graph: POST /deploymentAudiences (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-post-deploymentaudiences?view=graph-rest-beta
func (c Client) Create(ctx context.Context) (*Audience, error) {
	op := call.Op{Name: "audiences.Create", Kind: call.Create}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.DeploymentAudienceable, error) {
		return g.DeploymentAudiences().Post(ctx, models.NewDeploymentAudience(), nil)
	})
	if err != nil {
		return nil, err
	}
	return readAudience(w), nil
}

// Get returns an audience. It tells the id of the audience that a deployment or
// update policy has.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-get?view=graph-rest-beta
func (c Client) Get(ctx context.Context, of Ref) (*Audience, error) {
	w, err := c.get(ctx, of.audienceOp("audiences.Get", call.Read), of)
	if err != nil {
		return nil, err
	}
	return readAudience(w), nil
}

func (c Client) get(ctx context.Context, op call.Op, of Ref) (models.DeploymentAudienceable, error) {
	return call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.DeploymentAudienceable, error) {
		return of.routes(g).get(ctx)
	})
}

// List lists the audiences of the tenant.
//
// Graph: GET /deploymentAudiences (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-deploymentaudiences?view=graph-rest-beta
func (c Client) List(q *odata.Query) odata.List[*Audience] {
	return call.List(c.call, call.Op{Name: "audiences.List"}, q, fetchAudiences, call.All(readAudience))
}

// Delete deletes an audience. The service refuses, with apierr.ErrConflict or
// apierr.ErrInvalid, while a deployment uses it, an archived one included. An
// audience that is already gone is apierr.ErrNotFound.
//
// Graph: DELETE /deploymentAudiences/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-delete?view=graph-rest-beta
func (c Client) Delete(ctx context.Context, id string) error {
	op := call.Op{Name: "audiences.Delete", Kind: call.Delete, IDs: []call.ID{{Param: "id", Value: id}}}
	return call.Exec(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		return g.DeploymentAudiences().ByDeploymentAudienceId(id).Delete(ctx, nil)
	})
}

// ListMembers lists the members of an audience, as the service has applied them
// by now. Groups come as groups, or as the devices in them; the service does
// both.
//
// The service answers that it finds nothing for an audience that never had a
// member, and for one that Intune made, whose members it keeps to itself. The two
// look the same. Where there is such an audience, which one request more finds
// out, the list is empty: it does not prove that nobody is offered updates. Where
// there is none the error is apierr.ErrNotFound.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /deploymentAudiences/{id}/members
//graph:op GET /deployments/{id}/audience/members
//graph:op GET /updatePolicies/{id}/audience/members
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-members?view=graph-rest-beta
func (c Client) ListMembers(of Ref, q *odata.Query) odata.List[Asset] {
	return c.listAssets(of, "audiences.ListMembers", q, membersOf)
}

// ListExclusions lists the exclusions of an audience, as the service has applied
// them by now. It is empty where the service keeps them to itself, as with
// [Client.ListMembers].
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /deploymentAudiences/{id}/exclusions
//graph:op GET /deployments/{id}/audience/exclusions
//graph:op GET /updatePolicies/{id}/audience/exclusions
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-list-exclusions?view=graph-rest-beta
func (c Client) ListExclusions(of Ref, q *odata.Query) odata.List[Asset] {
	return c.listAssets(of, "audiences.ListExclusions", q, exclusionsOf)
}

func (c Client) listAssets(of Ref, name string, q *odata.Query, side func(routes) fetchAssets) odata.List[Asset] {
	q = call.CopyQuery(q)
	op := of.audienceOp(name, call.Read)
	fetch := call.Pages(c.call, op, q,
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.UpdatableAssetPageable, error) {
			return side(of.routes(g))(ctx, link, p)
		},
		call.All(readAsset))
	return odata.NewList(name, max(0, q.Top), func(ctx context.Context, link string) (*odata.Page[Asset], error) {
		page, err := fetch(ctx, link)
		if link == "" && errors.Is(err, apierr.ErrNotFound) {
			return c.emptyIfThere(ctx, op, of)
		}
		return page, err
	})
}

// emptyIfThere is the first page of an audience whose assets were not found: an
// empty one when there is such an audience.
func (c Client) emptyIfThere(ctx context.Context, op call.Op, of Ref) (*odata.Page[Asset], error) {
	if _, err := c.get(ctx, op, of); err != nil {
		return nil, err
	}
	return &odata.Page[Asset]{}, nil
}

func fetchAudiences(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.DeploymentAudiencePageable, error) {
	return call.At(g.DeploymentAudiences(), link).Get(ctx, call.With((*builders.DeploymentAudiencesRequestBuilderGetQueryParameters)(p)))
}
