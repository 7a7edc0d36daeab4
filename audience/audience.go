// Package audience manages deployment audiences: the devices that updates are offered to,
// and their enrollment. Use it to choose the devices of a deployment or update policy.
//
// An audience has members and exclusions. An excluded device is offered no updates, even
// if it is a member. Each deployment and each update policy has an audience;
// [Client.Create] makes one that several can share. A [Ref] identifies an audience, for
// example by its deployment:
//
//	err := client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), ids, nil)
//
// For feature updates and drivers, devices must also be enrolled:
//
//	err := client.Devices().Enroll(ctx, audience.CategoryFeature, ids, nil)
//
// Device IDs are Microsoft Entra device IDs (the deviceId property), not object IDs. An ID that is not a
// GUID is rejected before a request is sent, except to remove a device. To find the IDs of devices by name,
// use reports.Client.ResolveNames. A device that is listed twice is sent only once.
//
// # Waiting for changes
//
// The service accepts changes and applies them later: enrollment usually within seconds,
// membership within a minute, sometimes hours. It does not report changes that it could
// not apply. Wait for the changes that your program depends on, with a deadline on the
// context:
//
//	report, err := client.Devices().WaitForEnrollment(ctx, audience.CategoryFeature, ids, audience.StateEnrolled, nil)
//	err = client.Audiences().WaitForMembers(ctx, ref, audience.Membership{Members: audience.Devices(ids...)}, nil)
//
// The report or the error holds the last observed status: which devices are done, failed
// to register, or are missing. [Client.WaitForExactMembers] also waits until there
// are no other members.
//
// The service accepts changes to an audience that Intune owns and drops them, and it
// lists such an audience as empty; see [Client.ListMembers].
//
// # Syncing with a list
//
// [Client.Sync] makes an audience match a list of devices, and waits until the service
// reports the result:
//
//	report, err := client.Audiences().Sync(ctx, ref, audience.Devices(ids...), nil)
//
// By default Sync removes at most a tenth of the members, or 10 if that is more. It never removes more than
// half of them, rounded up. [SyncOptions].RemovalLimit changes the limit. Groups are removed only if
// [SyncOptions].RemoveGroups names them. To review a sync first, use [Client.Plan] and [Client.Apply].
//
// # Groups
//
// A [Group] is a set of devices that can be a member of several audiences. Use
// [GroupClient] to change its devices in one place. It is not a Microsoft Entra group,
// and it cannot be enrolled; enroll its devices instead.
//
// # Applicable drivers
//
// The service finds drivers through the devices that need them. [Client.AllMatches]
// yields each update with each device, and [Client.ListApplicableContent] the updates
// alone:
//
//	for match, err := range client.Audiences().AllMatches(ctx, ref) {
//		// … match.Entry, match.Device.IsRecommendedBy("Microsoft")
//	}
//
// # Lists of any length
//
// Lists of assets are sent in chunks of [DefaultChunk] assets, unless the options change
// that. If a chunk fails, the error is an [*EditError] or an [*EnrollError] with the
// accepted assets and the remaining ones. Sending everything again is harmless.
//
// # JSON
//
// The types of this package can be stored as JSON and read back without loss. Properties
// have the service's names, properties that the SDK does not recognize are under extra,
// and nil lists are omitted. The property kind distinguishes assets: [UnmarshalAsset]
// reads one, [Assets] a list of them.
//
//	{"id": "…", "kind": "azureADDevice", "feature": {"enrollmentState": "enrolled"}, "quality": {}, "driver": {}}
//
// An [EditError] or [EnrollError] marshals to its lists, so that a program can continue
// later. Its cause is not stored. To unmarshal an unknown property of a [Member], [Edit],
// [Membership], or [SyncPlan] is an error, because it would be lost.
//
// # Conventions
//
// Kinds and values that the SDK does not recognize are preserved. Properties that it does not recognize are
// in Extra, which is nil if there are none. If a known property cannot be read, it is in Extra too, its
// field is zero, and the method Unread names it. Empty and nil lists mean none. Times are in UTC. IDs are
// case-insensitive. Nil options are the defaults.
//
// The clients of this package come from updates.Client and are safe for concurrent use. A
// zero client returns an error from every call that would send a request. Errors are
// those of package apierr; use errors.As to find them inside of others.
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

// Audience is a set of members and a set of exclusions. Read them with
// [Client.ListMembers] and [Client.ListExclusions].
type Audience struct {
	// ID identifies the audience.
	ID string `json:"id"`
	// Members are the members if a list requested them with Expand; the service may send only the first
	// ones. Nil means that they are not known.
	Members Assets `json:"members,omitzero"`
	// Exclusions are the exclusions if a list requested them with Expand; the service may send only the
	// first ones. Nil means that they are not known.
	Exclusions Assets `json:"exclusions,omitzero"`
	// ApplicableContent are updates that the members need, as far as the response has them;
	// nil if they are not known. It is often empty even if there are some: use
	// [Client.ListApplicableContent].
	ApplicableContent []ApplicableContent `json:"applicableContent,omitzero"`
	// Extra has the properties that the SDK does not recognize.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Client reads and changes audiences. Get it from updates.Client.Audiences.
type Client struct {
	call *call.Client
}

// Create creates an audience without members. If the response is lost, the error is
// apierr.ErrUnknownOutcome, and an audience that was created cannot be told apart from
// others.
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

// Get returns an audience. Use it to find the audience ID of a deployment or update
// policy.
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

// Delete deletes an audience. While a deployment uses it, even an archived one, the
// service rejects that with apierr.ErrConflict or apierr.ErrInvalid. If the audience is
// already deleted, the error is apierr.ErrNotFound.
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

// ListMembers lists the members of an audience that the service has applied so far. The
// service lists a group as a group or as its devices.
//
// The service returns 404 for an audience that never had members and for one that Intune
// owns. ListMembers returns an empty list for both, so an empty list does not mean that
// no device is offered updates. One more request makes sure that the audience exists; if
// not, the error is apierr.ErrNotFound.
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
	return c.listAssets(of, "audiences.ListMembers", q, membersOf, new(bool))
}

// ListExclusions lists the exclusions of an audience that the service has applied so far.
// The list is also empty for an audience that Intune owns; see [Client.ListMembers].
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
	return c.listAssets(of, "audiences.ListExclusions", q, exclusionsOf, new(bool))
}

// listAssets sets notFound if the service returns 404 for the list.
func (c Client) listAssets(
	of Ref, name string, q *odata.Query, side func(routes) fetchAssets, notFound *bool,
) odata.List[Asset] {
	q = call.CopyQuery(q)
	op := of.audienceOp(name, call.Read)
	listOp := op
	listOp.MayBeMissing = true // 404 is an empty list too
	fetch := call.Pages(c.call, listOp, q,
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.UpdatableAssetPageable, error) {
			return side(of.routes(g))(ctx, link, p)
		},
		call.All(readAsset))
	return odata.NewList(name, max(0, q.Top), func(ctx context.Context, link string) (*odata.Page[Asset], error) {
		page, err := fetch(ctx, link)
		if link == "" && errors.Is(err, apierr.ErrNotFound) {
			*notFound = true
			return c.emptyIfThere(ctx, op, of)
		}
		return page, err
	})
}

// emptyIfThere returns an empty first page if the audience exists.
func (c Client) emptyIfThere(ctx context.Context, op call.Op, of Ref) (*odata.Page[Asset], error) {
	if _, err := c.get(ctx, op, of); err != nil {
		return nil, err
	}
	return &odata.Page[Asset]{}, nil
}

func fetchAudiences(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.DeploymentAudiencePageable, error) {
	return call.At(g.DeploymentAudiences(), link).Get(ctx,
		call.With((*builders.DeploymentAudiencesRequestBuilderGetQueryParameters)(p)))
}
