package updatepolicies

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
)

// EntryState is where an update stands in an update policy: what all its approvals
// come to.
type EntryState struct {
	// EntryID is the id of the catalog entry; empty when the approval does not
	// say.
	EntryID string `json:"entryId"`
	// Kind is the kind of the catalog entry.
	Kind catalog.Kind `json:"kind"`
	// State is what the approvals come to.
	State ApprovalState `json:"state"`
	// Start is when offering begins or began, in UTC: the start in the settings of
	// the approval that decides, or else of the policy, but not before the approval
	// was made, which is also the start where there is none. It is zero when the
	// update is revoked.
	Start time.Time `json:"start,omitzero"`
	// Approval is the approval that decides: of those that stand, the one that
	// starts first; when none stands, the one revoked last.
	Approval *Approval `json:"approval"`
	// Duplicates are the other approvals that stand, oldest first. They fight with
	// the one that decides: delete those that should not hold. Nil for none.
	Duplicates []*Approval `json:"duplicates,omitempty"`
	// History are all approvals of the update, oldest first.
	History []*Approval `json:"history"`
}

// ApprovalState is what the approvals of an update come to.
type ApprovalState string

// The states of an update in a policy.
const (
	// StateScheduled: approved, and the start is still ahead.
	StateScheduled ApprovalState = "scheduled"
	// StateStarted: approved, and the start has passed.
	StateStarted ApprovalState = "started"
	// StateRevoked: all approvals are revoked. Approve the update again to go on.
	StateRevoked ApprovalState = "revoked"
)

// EntryStates tells for each update that was ever approved in an update policy where it
// stands now, by the clock of this machine. The updates come in the order in which
// they were first approved. It reads the policy, whose settings hold where an
// approval has none, and all its approvals. Changes of a kind that this version does
// not know are no approvals, and are left out.
//
//   - Graph: GET /updatePolicies/{policyID}
//   - Graph: GET /updatePolicies/{policyID}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//   - Permission: WindowsUpdates.Read.All
//   - Page: https://learn.microsoft.com/graph/api/windowsupdates-updatepolicy-list-compliancechanges?view=graph-rest-beta
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
	return groupByEntry(approvals, policy.Settings.Schedule.Start, time.Now()), nil
}

// groupByEntry makes one state of all approvals of an update. start is that of the policy.
func groupByEntry(approvals []*Approval, start, now time.Time) []EntryState {
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
		states[i] = stateOf(histories[key], start, now)
	}
	return states
}

func stateOf(history []*Approval, start, now time.Time) EntryState {
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

func (s EntryState) decidedBy(a *Approval) EntryState {
	s.Approval, s.EntryID, s.Kind = a, a.Content.EntryID, a.Content.Kind
	return s
}

// startOf is when the offer of an approval begins: at the start that holds for it, but
// not before it was made.
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

// lastRevoked is the newest of those that were revoked last.
func lastRevoked(history []*Approval) *Approval {
	last := history[0]
	for _, a := range history[1:] {
		if !a.RevokedAt.Before(last.RevokedAt) {
			last = a
		}
	}
	return last
}
