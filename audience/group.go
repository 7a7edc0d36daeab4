package audience

import (
	"cmp"
	"context"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	known "github.com/winupdates/winupdates-go/internal/graph/updatableassets"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// GroupClient manages groups of devices, which audiences take as one member. The groups
// belong to this service and have no name; they are not Microsoft Entra groups. A group
// has devices only, and it cannot be enrolled: enroll its devices. Get the client from
// updates.Client.Groups.
type GroupClient struct {
	call *call.Client
}

// Create creates a group without members. If the response is lost, the error is
// apierr.ErrUnknownOutcome, and a group that was created cannot be told apart from
// others.
//
// Graph: POST /updatableAssets (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-post-updatableassets-updatableassetgroup?view=graph-rest-beta
func (c GroupClient) Create(ctx context.Context) (*Group, error) {
	op := call.Op{Name: "groups.Create", Kind: call.Create}
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.UpdatableAssetable, error) {
		return g.UpdatableAssets().Post(ctx, models.NewUpdatableAssetGroup(), nil)
	})
	if err != nil {
		return nil, err
	}
	made, ok := readAsset(w).(*Group)
	if !ok { // it was created, whatever type the response has
		made = &Group{Base: *readAsset(w).Common()}
		made.Kind = KindGroup
	}
	return made, nil
}

// Get returns a group by its ID, without its members: use [GroupClient.ListMembers]. If
// there is no such group, or the ID is that of another asset, the error is
// apierr.ErrNotFound.
//
// Graph: GET /updatableAssets/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatableassetgroup-get?view=graph-rest-beta
func (c GroupClient) Get(ctx context.Context, id string) (*Group, error) {
	return getAsset[*Group](ctx, c.call, groupOp("groups.Get", call.Read, id), "group")
}

// List lists the groups of the tenant, without their members. The service rejects Expand
// "members".
//
// Graph: GET /updatableAssets/microsoft.graph.windowsUpdates.updatableAssetGroup (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-updatableassets-updatableassetgroup?view=graph-rest-beta
func (c GroupClient) List(q *odata.Query) odata.List[*Group] {
	return call.List(c.call, call.Op{Name: "groups.List"}, q, fetchGroups, only[models.UpdatableAssetGroupable, *Group])
}

// Delete deletes a group. Its devices stay registered and enrolled, and are no longer
// offered updates through the group. The service accepts this and does it later. With the
// ID of a device, Delete deregisters that device; see [DeviceClient.Delete].
//
// A group can be an exclusion, so a group with a device that updates.Limits protects is
// apierr.ErrProtected. The devices are read only if there are protected ones.
//
// Graph: DELETE /updatableAssets/{id}, GET /updatableAssets/{id}/microsoft.graph.windowsUpdates.updatableAssetGroup/members (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatableassetgroup-delete?view=graph-rest-beta
func (c GroupClient) Delete(ctx context.Context, id string) (err error) {
	const op = "groups.Delete"
	defer c.call.Span(&ctx, op)(&err)
	err = cmp.Or(call.CheckID("id", id), c.call.Limits().CheckProtected("id", id))
	if err := cmp.Or(err, c.checkProtected(ctx, op, id)); err != nil {
		return call.Named(op, err)
	}
	return deleteAsset(ctx, c.call, groupOp(op, call.Delete, id))
}

// ListMembers lists the devices of a group that the service has applied so far.
//
// Graph: GET /updatableAssets/{id}/microsoft.graph.windowsUpdates.updatableAssetGroup/members (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatableassetgroup-list-members?view=graph-rest-beta
func (c GroupClient) ListMembers(id string, q *odata.Query) odata.List[Asset] {
	return c.listMembers("groups.ListMembers", id, q)
}

func (c GroupClient) listMembers(op, id string, q *odata.Query) odata.List[Asset] {
	return call.List(c.call, groupOp(op, call.Read, id), q,
		func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.UpdatableAssetPageable, error) {
			members := g.UpdatableAssets().ByUpdatableAssetId(id).MicrosoftGraphWindowsUpdatesUpdatableAssetGroup().Members()
			q := (*known.ItemMicrosoftGraphWindowsUpdatesUpdatableAssetGroupMembersRequestBuilderGetQueryParameters)(p)
			return call.At(members, link).Get(ctx, call.With(q))
		}, call.All(readAsset))
}

// AddDevices adds devices to a group, by their Microsoft Entra device IDs (deviceId). The
// service registers devices that it does not know. Adding a device twice is not an error.
// If the list is empty, no request is sent.
//
// The service accepts the change and applies it later. A list that is longer than a chunk
// is sent in several requests, one after the other. If a request fails, the error is an
// [*EditError] with the devices in AddMembers; sending everything again is harmless.
//
// Limits are those of [Client.Edit]. A deployment without a rollout offers its update to
// the new devices of a group immediately, if the group is a member of its audience. The
// service may list a group as its devices, so a group without enrolled devices counts as a
// member of each audience.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /deployments
//graph:op GET /updatePolicies
//graph:op GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//graph:op GET /deployments/{id}/audience
//graph:op GET /deployments/{id}/audience/members
//graph:op GET /updatableAssets/{id}/microsoft.graph.windowsUpdates.updatableAssetGroup/members
//graph:op POST /updatableAssets/{id}/addMembersById
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatableassetgroup-addmembersbyid?view=graph-rest-beta
func (c GroupClient) AddDevices(ctx context.Context, id string, deviceIDs []string, opts *EditOptions) error {
	post := func(ctx context.Context, g *graph.Client, chunk Edit) error {
		return g.UpdatableAssets().ByUpdatableAssetId(id).AddMembersById().Post(ctx, groupMembers(chunk.AddMembers), nil)
	}
	return c.edit(ctx, "groups.AddDevices", id, deviceIDs, addMembers, opts, post)
}

// RemoveDevices removes devices from a group, by their Microsoft Entra device IDs (deviceId). They stay
// registered and enrolled, and get no feature update until something is deployed to them. Removing a device
// that is not a member is not an error. If a request fails, the [*EditError] has the devices in
// RemoveMembers. A group can be an exclusion. So the error for a device that updates.Limits protects is
// apierr.ErrProtected. If the group can be among the exclusions of a deployment without a rollout, the limit
// of immediate offers applies, with apierr.ErrTooManyDevices. Everything else is as in
// [GroupClient.AddDevices].
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /deployments
//graph:op GET /updatePolicies
//graph:op GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//graph:op GET /deployments/{id}/audience
//graph:op GET /deployments/{id}/audience/exclusions
//graph:op GET /updatableAssets/{id}/microsoft.graph.windowsUpdates.updatableAssetGroup/members
//graph:op POST /updatableAssets/{id}/removeMembersById
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatableassetgroup-removemembersbyid?view=graph-rest-beta
func (c GroupClient) RemoveDevices(ctx context.Context, id string, deviceIDs []string, opts *EditOptions) error {
	post := func(ctx context.Context, g *graph.Client, chunk Edit) error {
		return g.UpdatableAssets().ByUpdatableAssetId(id).RemoveMembersById().Post(ctx,
			groupMembers(chunk.RemoveMembers), nil)
	}
	return c.edit(ctx, "groups.RemoveDevices", id, deviceIDs, removeMembers, opts, post)
}

// edit checks the IDs itself, so that an error names the index in the caller's list.
func (c GroupClient) edit(ctx context.Context, name, id string, deviceIDs []string, s changeKind, opts *EditOptions,
	post func(context.Context, *graph.Client, Edit) error,
) (err error) {
	defer c.call.Span(&ctx, name)(&err)
	_, sizeErr := opts.chunkSize()
	devices, err := uniqueDevices(s, deviceIDs)
	err = cmp.Or(call.CheckID("id", id), err, sizeErr, opts.checkExpecting())
	if err := cmp.Or(err, checkProtectedIDs(c.call.Limits(), deviceIDs)); err != nil {
		return call.Invalid(name, err)
	}
	check := c.checkLimits
	if s == removeMembers {
		check = c.checkReleased
	}
	if err := check(ctx, name, id, devices, opts.expecting()); err != nil {
		return call.Named(name, err)
	}
	var edit Edit
	*edit.list(s) = devices
	return sendEdit(ctx, c.call, groupOp(name, call.Set, id), edit, opts, post)
}

func groupOp(name string, kind call.Kind, id string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "id", Value: id}}}
}

func groupMembers(members []Member) models.AssetGroupMembersByIdBodyable {
	body := models.NewAssetGroupMembersByIdBody()
	body.SetMemberEntityType(wire.LongType(string(KindDevice)))
	body.SetIds(ids(members))
	return body
}

func fetchGroups(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.UpdatableAssetGroupPageable, error) {
	groups := g.UpdatableAssets().MicrosoftGraphWindowsUpdatesUpdatableAssetGroup()
	q := (*known.MicrosoftGraphWindowsUpdatesUpdatableAssetGroupRequestBuilderGetQueryParameters)(p)
	return call.At(groups, link).Get(ctx, call.With(q))
}
