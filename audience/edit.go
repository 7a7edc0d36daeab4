package audience

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Edit is a change of an audience: any of four lists, each of any length. The
// zero Edit changes nothing. Adding what is there and removing what is not are no
// errors. An asset should not be added to and removed from the same set at once:
// which of the two wins is not documented.
type Edit struct {
	// AddMembers are offered updates from now on, unless they are excluded.
	AddMembers []Member `json:"addMembers,omitempty"`
	// ActionRemoveMembers are no longer offered updates.
	RemoveMembers []Member `json:"removeMembers,omitempty"`
	// AddExclusions are offered nothing, members or not.
	AddExclusions []Member `json:"addExclusions,omitempty"`
	// RemoveExclusions are offered updates again where they are members.
	RemoveExclusions []Member `json:"removeExclusions,omitempty"`
}

// Len is the number of assets in the four lists.
func (e Edit) Len() int {
	return len(e.AddMembers) + len(e.RemoveMembers) + len(e.AddExclusions) + len(e.RemoveExclusions)
}

// EditOptions change how an edit is sent. nil and the zero EditOptions are the
// defaults.
type EditOptions struct {
	// ChunkSize is the largest number of assets in a request; 0 is
	// [DefaultChunk]. It must not be negative.
	ChunkSize int
	// CompactRequests uses the form of the request that names the kind of asset only once,
	// which makes it about half as long. The effect is the same. All assets of the edit
	// must be of one kind then. Edits of groups always use that form.
	CompactRequests bool
}

// AddDevices makes devices members, by their Microsoft Entra device ids (deviceId).
// The service registers devices that it does not know. See [Client.Edit].
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
func (c Client) AddDevices(ctx context.Context, of Ref, deviceIDs []string, opts *EditOptions) error {
	return c.editDevices(ctx, "audiences.AddDevices", of, deviceIDs, Edit{AddMembers: Devices(deviceIDs...)}, opts)
}

// RemoveDevices ends the membership of devices, by their Microsoft Entra device
// ids. It does not reach devices that are members through a group. See
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
	return c.editDevices(ctx, "audiences.RemoveDevices", of, deviceIDs, Edit{RemoveMembers: Devices(deviceIDs...)}, opts)
}

// AddExclusions keeps devices from being offered anything, members or not. See
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
func (c Client) AddExclusions(ctx context.Context, of Ref, deviceIDs []string, opts *EditOptions) error {
	return c.editDevices(ctx, "audiences.AddExclusions", of, deviceIDs, Edit{AddExclusions: Devices(deviceIDs...)}, opts)
}

// RemoveExclusions ends the exclusion of devices. It does not make them members. See
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
func (c Client) RemoveExclusions(ctx context.Context, of Ref, deviceIDs []string, opts *EditOptions) error {
	return c.editDevices(ctx, "audiences.RemoveExclusions", of, deviceIDs, Edit{RemoveExclusions: Devices(deviceIDs...)}, opts)
}

// Edit changes members and exclusions together. An edit of nothing sends nothing.
//
// The service accepts the change and applies it later, usually within a minute;
// read the audience to see it. A list longer than a chunk goes out in several
// requests, one after the other, narrowing before widening: exclusions are added
// and members removed before members are added and exclusions removed. When one
// fails the error is an [*EditError]; repeating is harmless.
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
func (c Client) Edit(ctx context.Context, of Ref, edit Edit, opts *EditOptions) error {
	const op = "audiences.Edit"
	if err := cmp.Or(call.CheckID("of", of.id), edit.check()); err != nil {
		return call.Invalid(op, err)
	}
	return c.edit(ctx, op, of, edit, opts)
}

// editDevices names a wrong id as the caller gave it.
func (c Client) editDevices(ctx context.Context, op string, of Ref, deviceIDs []string, edit Edit, opts *EditOptions) error {
	if err := cmp.Or(call.CheckID("of", of.id), checkIDs(deviceIDs)); err != nil {
		return call.Invalid(op, err)
	}
	return c.edit(ctx, op, of, edit, opts)
}

func (c Client) edit(ctx context.Context, op string, of Ref, edit Edit, opts *EditOptions) error {
	kind, isCompact := edit.kind(), opts != nil && opts.CompactRequests
	if isCompact && !edit.isOf(kind) {
		const rule = "must have assets of one kind only with EditOptions.CompactRequests"
		return call.Invalid(op, &apierr.FieldError{Field: "edit", Rule: rule})
	}
	return sendEdit(ctx, c.call, of.audienceOp(op, call.Set), edit, opts, func(ctx context.Context, g *graph.Client, chunk Edit) error {
		if isCompact {
			return of.routes(g).updateByID(ctx, chunk.wireByID(kind))
		}
		return of.routes(g).update(ctx, chunk.wire())
	})
}

// sendEdit sends an edit of an audience or a group that has been checked, in chunks.
func sendEdit(ctx context.Context, c *call.Client, op call.Op, edit Edit, opts *EditOptions,
	post func(context.Context, *graph.Client, Edit) error,
) (err error) {
	defer c.Span(&ctx, op.Name)(&err)
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

// EditError is an edit that went out in part. The assets in Failed and Unsent are
// left to send; [EditError.Remaining] has both.
type EditError struct {
	// Sent was accepted by the service.
	Sent Edit `json:"sent,omitzero"`
	// Failed was in the request that failed. It may have been accepted when the
	// error is apierr.ErrUnknownOutcome.
	Failed Edit `json:"failed,omitzero"`
	// Unsent was not sent.
	Unsent Edit `json:"unsent,omitzero"`
	// Err is why the request failed, usually an [*apierr.Error]; nil after the
	// error was read from JSON.
	Err error `json:"-"`
}

// Remaining is what is left to send: the failed part and the unsent one.
func (e *EditError) Remaining() Edit {
	return e.Failed.with(e.Unsent)
}

// Error says why the request failed and how much was accepted.
func (e *EditError) Error() string {
	return progress(e.Err, e.Sent.Len(), e.Failed.Len(), e.Unsent.Len())
}

// Unwrap returns Err.
func (e *EditError) Unwrap() error { return e.Err }

var errCauseUnknown = errors.New("the cause was not stored")

func progress(err error, sent, failed, unsent int) string {
	return fmt.Sprintf("%v; of %d assets %d were accepted, %d failed and %d were not sent",
		cmp.Or(err, errCauseUnknown), sent+failed+unsent, sent, failed, unsent)
}
