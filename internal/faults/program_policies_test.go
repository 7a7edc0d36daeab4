package faults

import (
	"errors"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// createPolicy is Create, or CreateOnce. See createDeploymentOnce for what that claims.
func (p *program) createPolicy() {
	id, ok := pick(p, p.audienceIDs)
	if !ok {
		return
	}
	spec := updatepolicies.ForAudience(id)
	if p.random.IntN(2) == 0 {
		spec = spec.Approving(updatepolicies.DriversStartingAfter(3))
	}
	isOnce := p.random.IntN(2) == 0
	var made *updatepolicies.Policy
	var err error
	if isOnce {
		p.begin("updatePolicies.CreateOnce", id)
		made, err = p.client.UpdatePolicies().CreateOnce(p.within(30*time.Minute), spec, nil)
	} else {
		p.begin("updatePolicies.Create", id)
		made, err = p.client.UpdatePolicies().Create(p.within(10*time.Minute), spec)
	}
	var madeID string
	if err == nil {
		madeID = made.ID
		p.policyIDs = append(p.policyIDs, madeID)
	}
	if !isOnce {
		p.requireCreated("updatePolicies", madeID, err)
		return
	}
	p.requireOnce("updatePolicies", p.newPolicies(), madeID, err)
}

func (p *program) newPolicies() []string {
	var ids []string
	for id, policy := range p.truth().policies {
		if policy.born.After(p.began.Add(-longestLag)) {
			ids = append(ids, id)
		}
	}
	return ids
}

// approve is Approve, or ApproveOnce.
func (p *program) approve() {
	policyID, ok := pick(p, p.policyIDs)
	if !ok {
		return
	}
	spec, _ := pick(p, []updatepolicies.ApprovalSpec{
		updatepolicies.ForDriver("driver-1"), updatepolicies.ForQuality("quality-1"),
		updatepolicies.ForFeature("feature-1").With(deployments.Settings{}.OfferedAsOptional()),
	})
	isOnce := p.random.IntN(2) == 0
	var made *updatepolicies.Approval
	var err error
	if isOnce {
		p.begin("updatePolicies.ApproveOnce", policyID, spec.EntryID)
		made, err = p.client.UpdatePolicies().ApproveOnce(p.within(30*time.Minute), policyID, spec, nil)
	} else {
		p.begin("updatePolicies.Approve", policyID, spec.EntryID)
		made, err = p.client.UpdatePolicies().Approve(p.within(10*time.Minute), policyID, spec)
	}
	var id string
	if err == nil {
		id = made.ID
		p.approvalIDs = append(p.approvalIDs, [2]string{policyID, id})
	}
	if !isOnce {
		p.requireCreated("complianceChanges", id, err)
		return
	}
	p.requireOnce("complianceChanges", p.newApprovals(policyID), id, err)
}

func (p *program) newApprovals(policyID string) []string {
	var ids []string
	for id, a := range p.truth().approvals {
		if a.policy == policyID && a.born.After(p.began.Add(-longestLag)) {
			ids = append(ids, id)
		}
	}
	return ids
}

// revoke claims, without an error, that the service accepted the change, or that a response
// shows the approval revoked.
func (p *program) revoke() {
	id, ok := pick(p, p.approvalIDs)
	if !ok {
		return
	}
	p.begin("updatePolicies.RevokeApproval", id[1])
	err := p.client.UpdatePolicies().RevokeApproval(p.within(10*time.Minute), id[0], id[1])
	shown := slices.ContainsFunc(p.log, func(x *exchange) bool {
		return x.good && x.request.isRead() && x.body.(obj)["isRevoked"] == true
	})
	p.requireDone("revoke", "complianceChanges", id[1], err, shown)
}

func (p *program) deleteApproval() {
	id, ok := pick(p, p.approvalIDs)
	if !ok {
		return
	}
	p.begin("updatePolicies.DeleteApproval", id[1])
	err := p.client.UpdatePolicies().DeleteApproval(p.within(10*time.Minute), id[0], id[1])
	p.requireDone("delete", "complianceChanges", id[1], err, p.missedAfterLoss())
}

// setRules claims the same as other changes of one object.
func (p *program) setRules() {
	id, ok := pick(p, p.policyIDs)
	if !ok {
		return
	}
	p.begin("updatePolicies.SetRules", id)
	err := p.client.UpdatePolicies().SetRules(p.within(10*time.Minute), id)
	p.requireDone("patch", "updatePolicies", id, err, p.refusedAfterLoss())
}

// entryStates claims that each approval is in one state only, and has each approval that is
// old enough to be listed everywhere.
func (p *program) entryStates() {
	id, ok := pick(p, p.policyIDs)
	if !ok {
		return
	}
	before := p.truth()
	p.begin("updatePolicies.EntryStates", id)
	states, err := p.client.UpdatePolicies().EntryStates(p.within(10*time.Minute), id)
	if err != nil {
		p.requiref(!errors.Is(err, apierr.ErrUnknownOutcome), "a read has an unknown outcome: %v", err)
		return
	}
	count := map[string]int{}
	for _, state := range states {
		for _, a := range state.History {
			count[a.ID]++
		}
	}
	after := p.truth()
	for approvalID, a := range before.approvals {
		_, exists := after.approvals[approvalID]
		if exists && a.policy == id && a.born.Before(p.began.Add(-longestLag)) {
			p.requiref(count[approvalID] == 1, "approval %s is in %d states", approvalID, count[approvalID])
		}
	}
}
