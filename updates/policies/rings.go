package policies

import (
	"context"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/policies"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// CreateRing adds a ring to a policy of the same kind. It sends both lists of groups, even if
// they are empty. To create a ring only if the policy has none with its name, use
// [Client.EnsureRing].
//
// CreateRing validates spec first; see [RingSpec]. If the response is lost, the error is
// apierr.ErrUnknownOutcome and the ring may exist: search [Client.ListRings] before you retry, or use
// [Client.EnsureRing].
//
// Graph: POST /policies/{id}/rings (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policy-post-rings?view=graph-rest-beta
func (c Client) CreateRing(ctx context.Context, policyID string, spec RingSpec) (Ring, error) {
	op := partOp("policies.CreateRing", call.Create, policyID)
	if err := validate("spec", spec); err != nil {
		return nil, call.Invalid(op.Name, err)
	}
	return c.createRing(ctx, op, policyID, spec)
}

func (c Client) createRing(ctx context.Context, op call.Op, policyID string, spec RingSpec) (Ring, error) {
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.Ringable, error) {
		return policyAt(g, policyID).Rings().Post(ctx, spec.write(), nil)
	})
	if err != nil {
		return nil, err
	}
	return readRing(w), nil
}

// GetRing returns a ring of a policy.
//
// Graph: GET /policies/{id}/rings/{ringId} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-ring-get?view=graph-rest-beta
func (c Client) GetRing(ctx context.Context, policyID, ringID string) (Ring, error) {
	w, err := c.ring(ctx, "policies.GetRing", policyID, ringID)
	if err != nil {
		return nil, err
	}
	return readRing(w), nil
}

func (c Client) ring(ctx context.Context, name, policyID, ringID string) (models.Ringable, error) {
	op := ringOp(name, call.Read, policyID, ringID)
	return call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.Ringable, error) {
		return ringAt(g, policyID, ringID).Get(ctx, nil)
	})
}

// ListRings lists the rings of a policy.
//
// Graph: GET /policies/{id}/rings (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-policy-list-rings?view=graph-rest-beta
func (c Client) ListRings(policyID string, q *odata.Query) odata.List[Ring] {
	op := partOp("policies.ListRings", call.Read, policyID)
	return call.List(c.call, op, q, fetchRings(policyID), call.All(readRing))
}

// UpdateRing changes the properties of a ring that u sets. The update must be of the kind of the ring; the
// effect of another kind is not documented.
//
// Graph: PATCH /policies/{id}/rings/{ringId}, GET /policies/{id}/rings/{ringId} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-ring-update?view=graph-rest-beta
func (c Client) UpdateRing(ctx context.Context, policyID, ringID string, u RingUpdate) error {
	const name = "policies.UpdateRing"
	if err := validate("u", u); err != nil {
		return call.Invalid(name, err)
	}
	return c.updateRing(ctx, name, policyID, ringID, u)
}

// PauseRing stops a ring from offering updates. Devices that were offered an update keep
// it. [Client.ResumeRing] resumes the ring.
//
// PauseRing reads the ring first, because a change has to name the kind of the ring.
//
// Graph: PATCH /policies/{id}/rings/{ringId}, GET /policies/{id}/rings/{ringId} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-ring-update?view=graph-rest-beta
func (c Client) PauseRing(ctx context.Context, policyID, ringID string) error {
	return c.setPaused(ctx, "policies.PauseRing", policyID, ringID, true)
}

// ResumeRing resumes a paused ring. It reads the ring first, because a change has to name the
// kind of the ring.
//
// Graph: PATCH /policies/{id}/rings/{ringId}, GET /policies/{id}/rings/{ringId} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-ring-update?view=graph-rest-beta
func (c Client) ResumeRing(ctx context.Context, policyID, ringID string) error {
	return c.setPaused(ctx, "policies.ResumeRing", policyID, ringID, false)
}

func (c Client) setPaused(ctx context.Context, name, policyID, ringID string, paused bool) (err error) {
	defer c.call.Span(&ctx, name)(&err)
	w, err := c.ring(ctx, name, policyID, ringID)
	if err != nil {
		return err
	}
	return c.updateRing(ctx, name, policyID, ringID, pausing(readRing(w), paused))
}

func (c Client) updateRing(ctx context.Context, name, policyID, ringID string, u RingUpdate) error {
	op := ringOp(name, call.Update, policyID, ringID)
	return call.Patch(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		_, err := ringAt(g, policyID, ringID).Patch(ctx, u.write(), nil)
		return err
	}, func(ctx context.Context) (bool, error) {
		w, err := c.ring(ctx, "policies.GetRing", policyID, ringID)
		return err == nil && u.isReported(w) && u.isAppliedTo(readRing(w)), err
	})
}

// DeleteRing removes a ring from a policy, which offers no further updates to its
// devices. Devices that were offered an update keep it.
//
// Graph: DELETE /policies/{id}/rings/{ringId} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-ring-delete?view=graph-rest-beta
func (c Client) DeleteRing(ctx context.Context, policyID, ringID string) error {
	op := ringOp("policies.DeleteRing", call.Delete, policyID, ringID)
	return call.Exec(ctx, c.call, op, func(ctx context.Context, g *graph.Client) error {
		return ringAt(g, policyID, ringID).Delete(ctx, nil)
	})
}

func ringOp(name string, kind call.Kind, policyID, ringID string) call.Op {
	return partOp(name, kind, policyID, call.ID{Param: "ringID", Value: ringID})
}

func ringAt(g *graph.Client, policyID, ringID string) *builders.ItemRingsRingItemRequestBuilder {
	return policyAt(g, policyID).Rings().ByRingId(ringID)
}

func fetchRings(policyID string) call.Fetch[models.RingPageable] {
	return func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.RingPageable, error) {
		rings := policyAt(g, policyID).Rings()
		return call.At(rings, link).Get(ctx, call.With((*builders.ItemRingsRequestBuilderGetQueryParameters)(p)))
	}
}
