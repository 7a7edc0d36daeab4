package audience

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
)

// Sync makes the members of an audience those that are wanted: it reads the audience,
// sends the difference in chunks, and reads the audience back until it holds. It is
// [Client.Plan] and [Client.Apply] in one, and more: each look is compared with all
// that is wanted, so that what others change meanwhile is put right too. That happens at
// the next look. Where others undo what Sync has sent it happens when all that is left
// is sent again, which is 10, 20, 40 and 80 minutes after the plan.
//
// The rules:
//   - wanted is read to its end before anything is sent. An error in it, a wrong id, and
//     more removals than [SyncOptions].RemovalLimit change nothing. A nil wanted is
//     refused, and one without members is taken for a mistake.
//   - Wanted groups that are not listed are sent again, since the service may list them
//     as their devices. They are proved by those. A device of a wanted group is neither
//     added nor removed, as far as the group shows it by then. A group without enrolled devices cannot be proved; see
//     [SyncReport].Unverifiable.
//   - Groups that are not wanted stay, unless [SyncOptions].RemoveGroups names them.
//     Members of unknown kinds stay.
//   - Exclusions are not changed; use [Client.Edit] for them. They are read only to say
//     why something is missing.
//   - Device ids are compared without case. Devices are not enrolled; see
//     [DeviceClient.Enroll].
//
// It ends with nil when a look has shown that it holds, or when nothing had to be
// sent; it does not wait then for changes that were accepted before and do not show
// yet. What does not arrive is waited for until the context ends or
// [SyncOptions].VerifyTimeout is over; the error says then what is missing, and so does the
// report. When a request fails the error is an [*EditError]. Interrupted, it can be
// run again: all that it sends may be repeated.
//
// The report is nil when the audience could not be read or the plan was refused;
// otherwise it says what was done, with an error too. Cancelling ends Sync within one
// attempt of a request.
//
// Memory: 17 bytes for each wanted device and each listed one, 40 for each device of a
// wanted group, and about two hundred for each one that is added or removed, where ids
// are GUIDs in lower case; others take some hundred.
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
//graph:op GET /updatableAssets/{id}
//graph:op POST /deploymentAudiences/{id}/updateAudience
//graph:op POST /deployments/{id}/audience/updateAudience
//graph:op POST /updatePolicies/{id}/audience/updateAudience
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-updateaudience?view=graph-rest-beta
func (c Client) Sync(ctx context.Context, of Ref, wanted []Member, opts *SyncOptions) (*SyncReport, error) {
	return c.sync(ctx, "audiences.Sync", of, eachOf(wanted), opts)
}

// SyncSeq is [Client.Sync] for a list that is read while it is used, for example from a
// file. An error in wanted ends it, and nothing is sent then.
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
//graph:op GET /updatableAssets/{id}
//graph:op POST /deploymentAudiences/{id}/updateAudience
//graph:op POST /deployments/{id}/audience/updateAudience
//graph:op POST /updatePolicies/{id}/audience/updateAudience
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-updateaudience?view=graph-rest-beta
func (c Client) SyncSeq(ctx context.Context, of Ref, wanted iter.Seq2[Member, error], opts *SyncOptions) (*SyncReport, error) {
	return c.sync(ctx, "audiences.SyncSeq", of, wanted, opts)
}

func (c Client) sync(ctx context.Context, op string, of Ref, wanted iter.Seq2[Member, error], opts *SyncOptions) (report *SyncReport, err error) {
	defer c.call.Span(&ctx, op)(&err)
	w, err := readTarget(ctx, of, wanted, opts)
	if err != nil {
		return nil, call.Invalid(op, err)
	}
	plan, err := c.plan(ctx, op, of, w, opts)
	if err != nil {
		return nil, err
	}
	return c.apply(ctx, op, plan, w, opts)
}

// Apply does what a plan says, and reads the audience back until the members to add are
// there and those to remove are not. What else changes in the audience is left alone.
// The rules, the report and the errors are those of [Client.Sync].
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
//graph:op GET /updatableAssets/{id}
//graph:op POST /deploymentAudiences/{id}/updateAudience
//graph:op POST /deployments/{id}/audience/updateAudience
//graph:op POST /updatePolicies/{id}/audience/updateAudience
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deploymentaudience-updateaudience?view=graph-rest-beta
func (c Client) Apply(ctx context.Context, plan *SyncPlan, opts *SyncOptions) (report *SyncReport, err error) {
	const op = "audiences.Apply"
	defer c.call.Span(&ctx, op)(&err)
	if err := plan.check(opts); err != nil {
		return nil, call.Invalid(op, err)
	}
	w := &target{isUnwanted: plan.remove.has}
	for m := range plan.Additions() {
		w.add(m)
	}
	for _, m := range Groups(plan.Groups...) {
		w.add(m)
	}
	w.sort()
	return c.apply(ctx, op, plan, w, opts)
}

// SyncReport says what became of a plan.
type SyncReport struct {
	// Plan is what was to be done.
	Plan *SyncPlan `json:"plan"`
	// Sent was accepted by the service; its lists have what was planned and what
	// changes meanwhile made necessary, once each.
	Sent Edit `json:"sent,omitzero"`
	// Failed was in requests that failed. It may have been accepted all the same.
	Failed Edit `json:"failed,omitzero"`
	// Unsent was not sent because of that.
	Unsent Edit `json:"unsent,omitzero"`
	// Verified is whether the audience was seen to have what is wanted.
	Verified bool `json:"verified"`
	// Polls is how often the audience was read back.
	Polls int `json:"polls"`
	// Missing is what was not in the audience at the last look, with what is known about
	// why; nil when nothing was missing, and when nobody looked.
	Missing []MissingMember `json:"missing,omitempty"`
	// Surplus is what was still in the audience at the last look and should not be. A
	// device that does not go may be there because of a group.
	Surplus []Member `json:"surplus,omitempty"`
	// Unverifiable are the ids of wanted groups that were sent and cannot be proved: they are
	// not listed as groups and have no enrolled device that would be listed in their
	// place.
	Unverifiable []string `json:"unverifiable,omitempty"`
	// NoEffect is whether the service accepted changes and no look has shown any of
	// them within two minutes or longer. The audience is probably owned by Intune then.
	NoEffect bool `json:"noEffect"`
}

// String says it in a line, or in two where something is missing.
func (r *SyncReport) String() string {
	verdict := "not read back"
	switch {
	case r.Verified:
		verdict = "verified"
	case r.Polls > 0:
		verdict = "not verified"
	}
	plan := cmp.Or(r.Plan, &SyncPlan{})
	text := fmt.Sprintf("%v: %d to add and %d to remove; %d sent; %s",
		plan.Audience, plan.add.len(), plan.remove.len(), r.Sent.Len(), verdict)
	if shortfall := r.shortfall(); shortfall != "" {
		text += "\n" + shortfall
	}
	return text
}

// shortfall says what does not hold; "" when all does, as far as anybody looked.
func (r *SyncReport) shortfall() string {
	var parts []string
	if r.NoEffect {
		parts = append(parts, "nothing has changed in the audience, which is probably owned by Intune")
	}
	if len(r.Missing) > 0 {
		parts = append(parts, fmt.Sprintf("%d missing%s", len(r.Missing), firstMissing(r.Missing)))
	}
	if len(r.Surplus) > 0 {
		parts = append(parts, fmt.Sprintf("%d too many%s", len(r.Surplus), firstIDs(r.Surplus)))
	}
	return strings.Join(parts, "; ")
}
