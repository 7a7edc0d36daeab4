package updatepolicies

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// EntryState is the state of an update in an update policy: the result of all its
// approvals.
type EntryState struct {
	// EntryID is the ID of the catalog entry; empty if the approval does not have it.
	EntryID string `json:"entryId"`
	// Kind is the kind of the catalog entry.
	Kind catalog.Kind `json:"kind"`
	// State is the result of the approvals.
	State ApprovalState `json:"state"`
	// Start is when offering starts or started: the start of the deciding approval or
	// else of the policy, but not before the approval was created. It is zero if the
	// update is revoked or its state is unknown.
	Start time.Time `json:"start,omitzero"`
	// Approval is the deciding approval: the one that starts first, of those that are not
	// revoked. If all are revoked, it is the one that was revoked last. In an unknown
	// state, it is the approval that could not be read.
	Approval *Approval `json:"approval"`
	// Duplicates are the other approvals that are not revoked, oldest first. They
	// conflict with the deciding one: delete those that you do not want.
	Duplicates []*Approval `json:"duplicates,omitempty"`
	// History has all approvals of the update, oldest first.
	History []*Approval `json:"history"`
}

// ApprovalState is the result of the approvals of an update.
type ApprovalState string

// The states of an update in a policy.
const (
	// StateScheduled: the update is approved, and the start is in the future.
	StateScheduled ApprovalState = "scheduled"
	// StateStarted: the update is approved, and the start has passed.
	StateStarted ApprovalState = "started"
	// StateUnknown: a property that the state depends on could not be read; see [Approval.Unread] and
	// [Policy.Unread]. It may be in the schedule of the settings.
	StateUnknown ApprovalState = "unknown"
	// StateRevoked: all approvals are revoked. To continue, approve the update again.
	StateRevoked ApprovalState = "revoked"
)

// EntryStates returns the current state of each update that was ever approved in an update policy, by
// the clock of this machine. Use it to see which approval decides, and which to delete. The states
// are in the order of the first approvals.
//
// EntryStates reads the policy, because its settings apply where an approval has none,
// and all its approvals. Changes of unknown kinds are omitted.
//
// Graph: GET /updatePolicies/{policyID}, GET /updatePolicies/{policyID}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-list-compliancechanges?view=graph-rest-beta
func (c Client) EntryStates(ctx context.Context, policyID string) (states []EntryState, err error) {
	const op = "updatePolicies.EntryStates"
	defer c.call.Span(&ctx, op)(&err)
	policy, err := c.get(ctx, approvalsOp(op, call.Read, policyID), policyID)
	if err != nil {
		return nil, err
	}
	var approvals []*Approval
	for a, err := range c.listApprovals(op, policyID, nil).All(ctx) {
		if err != nil {
			return nil, err
		}
		if !a.isOther() {
			approvals = append(approvals, a)
		}
	}
	return groupByEntry(approvals, policy, time.Now()), nil
}

// groupByEntry returns a state for the approvals of each update.
func groupByEntry(approvals []*Approval, policy *Policy, now time.Time) []EntryState {
	slices.SortStableFunc(approvals, func(a, b *Approval) int { return a.Created.Compare(b.Created) })
	var order []string
	histories := map[string][]*Approval{}
	for _, a := range approvals {
		key := cmp.Or(a.Content.EntryID, a.ID)
		if histories[key] == nil {
			order = append(order, key)
		}
		histories[key] = append(histories[key], a)
	}
	states := make([]EntryState, len(order))
	for i, key := range order {
		states[i] = stateOf(histories[key], policy, now)
	}
	return states
}

func stateOf(history []*Approval, policy *Policy, now time.Time) EntryState {
	if i := slices.IndexFunc(history, func(a *Approval) bool { return undecidable(a, policy) }); i >= 0 {
		return EntryState{State: StateUnknown, History: history}.decidedBy(history[i])
	}
	start := policy.Settings.Schedule.Start
	standing := slices.DeleteFunc(slices.Clone(history), func(a *Approval) bool { return a.Revoked })
	if len(standing) == 0 {
		return EntryState{State: StateRevoked, History: history}.decidedBy(lastRevoked(history))
	}
	first := slices.MinFunc(standing, func(a, b *Approval) int { return startOf(a, start).Compare(startOf(b, start)) })
	s := EntryState{State: StateStarted, Start: startOf(first, start), History: history}
	if s.Start.After(now) {
		s.State = StateScheduled
	}
	if len(standing) > 1 {
		s.Duplicates = slices.DeleteFunc(standing, func(a *Approval) bool { return a == first })
	}
	return s.decidedBy(first)
}

// undecidable reports whether a property of an approval could not be read that its state depends on.
func undecidable(a *Approval, policy *Policy) bool {
	if len(wire.Unread(a.Extra, "isRevoked", "revokedDateTime", "createdDateTime")) > 0 {
		return true
	}
	inherits := a.Settings.Schedule.Start.IsZero() && startUnread(policy.Settings, policy.Extra)
	return !a.Revoked && (startUnread(a.Settings, a.Extra) || inherits)
}

func (s EntryState) decidedBy(a *Approval) EntryState {
	s.Approval, s.EntryID, s.Kind = a, a.Content.EntryID, a.Content.Kind
	return s
}

// startOf is when the offer of an approval starts: at the start that applies, but not
// before the approval was created.
func startOf(a *Approval, ofPolicy time.Time) time.Time {
	start := a.Settings.Schedule.Start
	if start.IsZero() {
		start = ofPolicy
	}
	if start.Before(a.Created) {
		return a.Created
	}
	return start
}

// lastRevoked is the newest of the approvals that were revoked last.
func lastRevoked(history []*Approval) *Approval {
	last := history[0]
	for _, a := range history[1:] {
		if !a.RevokedAt.Before(last.RevokedAt) {
			last = a
		}
	}
	return last
}
