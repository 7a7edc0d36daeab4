package audience

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
)

// Sync makes the members of an audience match desired, and waits until the service reports
// the result. Use it to keep an audience in sync with a file or a directory. To review
// the change first, use [Client.Plan] and [Client.Apply].
//
// Sync sends nothing if desired has an invalid member, or if it would remove more devices
// than [SyncOptions].RemovalLimit allows ([ErrTooManyRemovals]). The same holds for an
// empty list, unless the limit is [RemoveAll] or [RemoveNone]. If more devices would be
// added, or offered an update immediately, than updates.Limits and [SyncOptions].Expecting
// allow, nothing is sent either (apierr.ErrTooManyDevices).
//
// Removed devices stay enrolled, and get no feature update until something is deployed to
// them.
//
// Sync does not enroll devices, change exclusions, or remove groups that [SyncOptions].RemoveGroups does not
// name. It neither adds nor removes devices of desired groups. Members of unknown kinds stay. A group
// without enrolled devices cannot be verified; see [SyncReport].Unverifiable.
//
// Each poll is compared with the whole list, so Sync also corrects changes that other
// programs make in the meantime. It resends what does not take effect 10, 20, 40, 80, 160
// … minutes after the changes were sent, until [SyncOptions].VerifyTimeout.
//
// Sync returns nil if the audience matches, if there is nothing to send, or, with SkipVerification, if all
// changes are accepted. Only [SyncReport].Verified says that it matches: for an empty list, the service may
// have returned 404 instead of members. If ctx or VerifyTimeout ends first, the error and the report list
// what is missing. If a request fails, the error is an [*EditError]. You can run Sync again after any error.
//
// The report is nil if the audience could not be read or the change was rejected;
// otherwise it is non-nil, even with an error.
//
// Sync needs 17 bytes of memory for each desired and each listed device, and 40 for each device of a desired
// group. It needs about 200 for each device that is added or removed. Each ID that the service lists in
// upper case takes a few hundred bytes.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /deployments
//graph:op GET /deployments/{id}
//graph:op GET /updatePolicies
//graph:op GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
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
func (c Client) Sync(ctx context.Context, of Ref, desired []Member, opts *SyncOptions) (*SyncReport, error) {
	return c.sync(ctx, "audiences.Sync", of, eachOf(desired), opts)
}

// SyncSeq is [Client.Sync] for a sequence, for example the lines of a file. It reads
// desired to its end before it sends a request. If desired is nil or yields an error,
// SyncSeq sends nothing and returns an error.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /deployments
//graph:op GET /deployments/{id}
//graph:op GET /updatePolicies
//graph:op GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
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
func (c Client) SyncSeq(
	ctx context.Context, of Ref, desired iter.Seq2[Member, error], opts *SyncOptions,
) (*SyncReport, error) {
	return c.sync(ctx, "audiences.SyncSeq", of, desired, opts)
}

func (c Client) sync(
	ctx context.Context, op string, of Ref, desired iter.Seq2[Member, error], opts *SyncOptions,
) (report *SyncReport, err error) {
	defer c.call.Span(&ctx, op)(&err)
	w, err := readTarget(ctx, of, desired, opts)
	if err != nil {
		return nil, call.Invalid(op, err)
	}
	plan, additions, err := c.plan(ctx, op, of, w, opts)
	if err != nil {
		return nil, err
	}
	return c.apply(ctx, op, plan, w, opts, additions)
}

// Apply makes the change of a plan, and waits until the members to add are listed and
// those to remove are not. It ignores other changes of the audience. Limits, report, and
// errors are those of [Client.Sync].
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /deployments
//graph:op GET /deployments/{id}
//graph:op GET /updatePolicies
//graph:op GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
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
	const notCounted = -1 // the audience may have changed since the plan was made
	return c.apply(ctx, op, plan, w, opts, notCounted)
}

// SyncReport is the result of a plan.
type SyncReport struct {
	// Plan is the plan.
	Plan *SyncPlan `json:"plan"`
	// Sent was accepted by the service. It has each asset once, including the changes that
	// became necessary after the plan.
	Sent Edit `json:"sent,omitzero"`
	// Failed was in requests that failed. It may have been accepted.
	Failed Edit `json:"failed,omitzero"`
	// Unsent was not sent because of the failure.
	Unsent Edit `json:"unsent,omitzero"`
	// Verified is whether the service has reported that the audience matches. A 404 for the
	// members does not report that there are none; see Unlisted.
	Verified bool `json:"verified"`
	// Polls is how often the audience was read after changes were sent.
	Polls int `json:"polls"`
	// Missing are the desired members that the last poll did not find, with the known
	// reasons.
	Missing []MissingMember `json:"missing,omitempty"`
	// Surplus are the unwanted members that the last poll found. A device can stay a member
	// through a group.
	Surplus []Member `json:"surplus,omitempty"`
	// Unverifiable are the IDs of desired groups that were sent and cannot be verified. The service does not
	// list them as groups, and they have no enrolled device that the service would list instead.
	Unverifiable []string `json:"unverifiable,omitempty"`
	// NoEffect is whether the service accepted changes and no poll has found any of them for
	// two minutes or longer.
	NoEffect bool `json:"noEffect"`
	// Unlisted is whether the service returned 404 for the members at the last poll. It does so for an
	// audience that never had members, and for one that Intune owns.
	Unlisted bool `json:"unlisted,omitempty"`
}

// String returns one line, a second one if members are missing or surplus, and another one
// if devices were removed.
func (r *SyncReport) String() string {
	verdict := "not checked"
	switch {
	case r.Verified:
		verdict = "verified"
	case r.Polls > 0:
		verdict = "not verified"
	}
	plan := cmp.Or(r.Plan, &SyncPlan{})
	text := fmt.Sprintf("%v: %d to add, %d to remove, %d sent; %s",
		plan.Audience, plan.add.len(), plan.remove.len(), r.Sent.Len(), verdict)
	if shortfall := r.shortfall(); shortfall != "" {
		text += "\n" + shortfall
	}
	if n := removals(r.Sent.RemoveMembers); n > 0 {
		text += "\n" + stay(n)
	}
	return text
}

const ownedByIntune = "the audience is probably owned by Intune"

// shortfall says what does not match; "" if everything does, as far as is known.
func (r *SyncReport) shortfall() string {
	var parts []string
	if r.NoEffect {
		parts = append(parts, "no change took effect")
	}
	if r.NoEffect && r.Unlisted {
		parts = append(parts, ownedByIntune)
	}
	if r.Unlisted && !r.NoEffect && len(r.Missing) == 0 {
		parts = append(parts, "the service returned 404 for the members")
	}
	if len(r.Missing) > 0 {
		parts = append(parts, fmt.Sprintf("%d missing%s", len(r.Missing), firstMissing(r.Missing)))
	}
	if len(r.Surplus) > 0 {
		parts = append(parts, fmt.Sprintf("%d surplus%s", len(r.Surplus), firstIDs(r.Surplus)))
	}
	return strings.Join(parts, "; ")
}
