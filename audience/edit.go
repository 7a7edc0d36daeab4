package audience

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Edit is a change of an audience: four lists of any length. The zero Edit changes
// nothing. Adding a member twice and removing one that is not a member are not errors. Do
// not add an asset to a set and remove it from the same set: the service does not
// document which of the two applies.
type Edit struct {
	// AddMembers are offered updates from now on, unless they are excluded.
	AddMembers []Member `json:"addMembers,omitempty"`
	// RemoveMembers are no longer offered updates.
	RemoveMembers []Member `json:"removeMembers,omitempty"`
	// AddExclusions are offered no updates, even if they are members.
	AddExclusions []Member `json:"addExclusions,omitempty"`
	// RemoveExclusions are offered updates again if they are members.
	RemoveExclusions []Member `json:"removeExclusions,omitempty"`
}

// Len is the number of assets in the four lists.
func (e Edit) Len() int {
	return len(e.AddMembers) + len(e.RemoveMembers) + len(e.AddExclusions) + len(e.RemoveExclusions)
}

// EditOptions change how an edit is sent.
type EditOptions struct {
	// ChunkSize is the largest number of assets in a request; 0 is [DefaultChunk]. It must
	// not be negative.
	ChunkSize int
	// CompactRequests uses the form of the request that names the kind of asset only once,
	// which makes it about half as long. The effect is the same. All assets of the edit
	// must be of one kind then. Edits of groups always use that form.
	CompactRequests bool
	// Expecting is the number of devices that you intend to add, or to offer an update immediately. Set it
	// if the number is more than updates.Limits allows; 0 sets none. It must not be negative.
	Expecting int
}

// AddDevices adds devices to the members, by their Microsoft Entra device IDs (deviceId).
// The service registers devices that it does not know. A deployment without a rollout
// offers its update to them immediately. See [Client.Edit].
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /deploymentAudiences/{id}/members
//graph:op GET /deployments/{id}/audience/members
//graph:op GET /updatePolicies/{id}/audience/members
//graph:op GET /deployments
//graph:op GET /deployments/{id}
//graph:op GET /updatePolicies
//graph:op GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//graph:op POST /deploymentAudiences/{id}/updateAudience
//graph:op POST /deploymentAudiences/{id}/updateAudienceById
//graph:op POST /deployments/{id}/audience/updateAudience
//graph:op POST /deployments/{id}/audience/updateAudienceById
//graph:op POST /updatePolicies/{id}/audience/updateAudience
//graph:op POST /updatePolicies/{id}/audience/updateAudienceById
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-updateaudience?view=graph-rest-beta
func (c Client) AddDevices(ctx context.Context, of Ref, deviceIDs []string, opts *EditOptions) error {
	return c.editDevices(ctx, "audiences.AddDevices", of, deviceIDs, addMembers, opts)
}

// RemoveDevices removes devices from the members, by their Microsoft Entra device IDs
// (deviceId). Devices that are members through a group stay. The removed devices stay
// enrolled, and get no feature update until something is deployed to them. See
// [Client.Edit].
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op POST /deploymentAudiences/{id}/updateAudience
//graph:op POST /deploymentAudiences/{id}/updateAudienceById
//graph:op POST /deployments/{id}/audience/updateAudience
//graph:op POST /deployments/{id}/audience/updateAudienceById
//graph:op POST /updatePolicies/{id}/audience/updateAudience
//graph:op POST /updatePolicies/{id}/audience/updateAudienceById
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-updateaudience?view=graph-rest-beta
func (c Client) RemoveDevices(ctx context.Context, of Ref, deviceIDs []string, opts *EditOptions) error {
	return c.editDevices(ctx, "audiences.RemoveDevices", of, deviceIDs, removeMembers, opts)
}

// AddExclusions adds devices to the exclusions. An excluded device is offered no updates,
// even if it is a member. See [Client.Edit].
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op POST /deploymentAudiences/{id}/updateAudience
//graph:op POST /deploymentAudiences/{id}/updateAudienceById
//graph:op POST /deployments/{id}/audience/updateAudience
//graph:op POST /deployments/{id}/audience/updateAudienceById
//graph:op POST /updatePolicies/{id}/audience/updateAudience
//graph:op POST /updatePolicies/{id}/audience/updateAudienceById
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-updateaudience?view=graph-rest-beta
func (c Client) AddExclusions(ctx context.Context, of Ref, deviceIDs []string, opts *EditOptions) error {
	return c.editDevices(ctx, "audiences.AddExclusions", of, deviceIDs, addExclusions, opts)
}

// RemoveExclusions removes devices from the exclusions. It does not make them members. A
// deployment without a rollout offers its update immediately to those that are. See
// [Client.Edit].
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /deploymentAudiences/{id}/members
//graph:op GET /deployments/{id}/audience/members
//graph:op GET /updatePolicies/{id}/audience/members
//graph:op GET /deploymentAudiences/{id}/exclusions
//graph:op GET /deployments/{id}/audience/exclusions
//graph:op GET /updatePolicies/{id}/audience/exclusions
//graph:op GET /deployments
//graph:op GET /deployments/{id}
//graph:op GET /updatePolicies
//graph:op GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//graph:op POST /deploymentAudiences/{id}/updateAudience
//graph:op POST /deploymentAudiences/{id}/updateAudienceById
//graph:op POST /deployments/{id}/audience/updateAudience
//graph:op POST /deployments/{id}/audience/updateAudienceById
//graph:op POST /updatePolicies/{id}/audience/updateAudience
//graph:op POST /updatePolicies/{id}/audience/updateAudienceById
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-updateaudience?view=graph-rest-beta
func (c Client) RemoveExclusions(ctx context.Context, of Ref, deviceIDs []string, opts *EditOptions) error {
	return c.editDevices(ctx, "audiences.RemoveExclusions", of, deviceIDs, removeExclusions, opts)
}

// Edit changes members and exclusions together. If edit is empty, no request is sent.
//
// The service accepts the change and applies it later, usually within a minute: use
// [Client.WaitForMembers] to wait for it. An edit that is longer than a chunk is sent in
// several requests, one after the other. Exclusions are added and members removed before
// members are added and exclusions removed. If a request fails, the error is an
// [*EditError]; sending everything again is harmless.
//
// If the edit would reach more devices than updates.Limits allows, nothing is sent, and the
// error is apierr.ErrTooManyDevices; [EditOptions].Expecting raises the limits. A protected
// device that would be added, or taken out of the exclusions, is apierr.ErrProtected. An
// edit with groups reads their devices for that.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deployments/{id}/audience
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /deploymentAudiences/{id}/members
//graph:op GET /deployments/{id}/audience/members
//graph:op GET /updatePolicies/{id}/audience/members
//graph:op GET /deploymentAudiences/{id}/exclusions
//graph:op GET /deployments/{id}/audience/exclusions
//graph:op GET /updatePolicies/{id}/audience/exclusions
//graph:op GET /updatableAssets/{id}/microsoft.graph.windowsUpdates.updatableAssetGroup/members
//graph:op GET /deployments
//graph:op GET /deployments/{id}
//graph:op GET /updatePolicies
//graph:op GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//graph:op POST /deploymentAudiences/{id}/updateAudience
//graph:op POST /deploymentAudiences/{id}/updateAudienceById
//graph:op POST /deployments/{id}/audience/updateAudience
//graph:op POST /deployments/{id}/audience/updateAudienceById
//graph:op POST /updatePolicies/{id}/audience/updateAudience
//graph:op POST /updatePolicies/{id}/audience/updateAudienceById
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-updateaudience?view=graph-rest-beta
func (c Client) Edit(ctx context.Context, of Ref, edit Edit, opts *EditOptions) error {
	const op = "audiences.Edit"
	fieldOf := func(s changeKind, i int) string { return fmt.Sprintf("%v[%d].ID", s, i) }
	once, err := edit.unique()
	if err := cmp.Or(call.CheckID("of", of.id), err, edit.checkProtected(c.call.Limits(), fieldOf)); err != nil {
		return call.Invalid(op, err)
	}
	return c.edit(ctx, op, of, once, opts)
}

// editDevices checks the IDs itself, so that an error names the index in the caller's
// list.
func (c Client) editDevices(
	ctx context.Context, op string, of Ref, deviceIDs []string, s changeKind, opts *EditOptions,
) error {
	devices, err := uniqueDevices(s, deviceIDs)
	if err == nil && s != removeMembers && s != addExclusions {
		err = checkProtectedIDs(c.call.Limits(), deviceIDs)
	}
	if err := cmp.Or(call.CheckID("of", of.id), err); err != nil {
		return call.Invalid(op, err)
	}
	var edit Edit
	*edit.list(s) = devices
	return c.edit(ctx, op, of, edit, opts)
}

// edit sends an edit without duplicates.
func (c Client) edit(ctx context.Context, op string, of Ref, edit Edit, opts *EditOptions) (err error) {
	defer c.call.Span(&ctx, op)(&err)
	kind, isCompact := edit.kind(), opts != nil && opts.CompactRequests
	if isCompact && !edit.isOf(kind) {
		const rule = "must have assets of one kind only with EditOptions.CompactRequests"
		return call.Invalid(op, &apierr.FieldError{Field: "edit", Rule: rule})
	}
	if _, err := opts.chunkSize(); cmp.Or(err, opts.checkExpecting()) != nil {
		return call.Invalid(op, cmp.Or(err, opts.checkExpecting()))
	}
	over := reach{client: c, op: op, of: of, edit: edit, expecting: opts.expecting(), additions: -1}
	if err := over.check(ctx); err != nil {
		return call.Named(op, err)
	}
	return sendEdit(ctx, c.call, of.audienceOp(op, call.Set), edit, opts, func(ctx context.Context, g *graph.Client, chunk Edit) error {
		if isCompact {
			return of.routes(g).updateByID(ctx, chunk.wireByID(kind))
		}
		return of.routes(g).update(ctx, chunk.wire())
	})
}

// sendEdit sends an edit of an audience or a group in chunks. The edit was checked and has no duplicates.
func sendEdit(ctx context.Context, c *call.Client, op call.Op, edit Edit, opts *EditOptions,
	post func(context.Context, *graph.Client, Edit) error,
) error {
	size, err := opts.chunkSize()
	if err != nil {
		return call.Invalid(op.Name, err)
	}
	for from, n := 0, edit.Len(); from < n; from += size {
		to := min(from+size, n)
		err := call.Exec(ctx, c, op, func(ctx context.Context, g *graph.Client) error {
			return post(ctx, g, edit.part(from, to))
		})
		if err != nil {
			return &EditError{
				Sent:   edit.part(0, from).copied(),
				Failed: edit.part(from, to).copied(),
				Unsent: edit.part(to, n).copied(),
				Err:    err,
			}
		}
	}
	return nil
}

func (o *EditOptions) chunkSize() (int, error) {
	if o == nil {
		return DefaultChunk, nil
	}
	return checkChunk("EditOptions.ChunkSize", o.ChunkSize)
}

func (o *EditOptions) expecting() expecting {
	e := expecting{option: "EditOptions.Expecting"}
	if o != nil {
		e.n = o.Expecting
	}
	return e
}

func (o *EditOptions) checkExpecting() error {
	return call.CheckExpecting("EditOptions.Expecting", o.expecting().n)
}

// EditError is the error of an edit that was sent in part. [EditError.Remaining] has the
// edit that is left to send.
type EditError struct {
	// Sent was accepted by the service.
	Sent Edit `json:"sent,omitzero"`
	// Failed was in the request that failed, or in several such requests of a sync. It may
	// have been accepted if the error is apierr.ErrUnknownOutcome.
	Failed Edit `json:"failed,omitzero"`
	// Unsent was not sent.
	Unsent Edit `json:"unsent,omitzero"`
	// Err is the cause, usually an [*apierr.Error]; nil after the error was read from JSON.
	Err error `json:"-"`
}

// Remaining returns the edit that is left to send: the failed assets and the unsent ones.
func (e *EditError) Remaining() Edit {
	return e.Failed.with(e.Unsent)
}

// Error returns the cause and how many assets were accepted.
func (e *EditError) Error() string {
	return progress(e.Err, e.Sent.Len(), e.Failed.Len(), e.Unsent.Len())
}

// Unwrap returns Err.
func (e *EditError) Unwrap() error { return e.Err }

var errCauseUnknown = errors.New("unknown cause")

func progress(err error, sent, failed, unsent int) string {
	return wire.Line("", fmt.Sprintf("%v; %d of %s accepted, %d failed, %d not sent",
		cmp.Or(err, errCauseUnknown), sent, wire.Counted(sent+failed+unsent, "asset"), failed, unsent))
}
