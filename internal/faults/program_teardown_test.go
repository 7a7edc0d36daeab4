package faults

import (
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/updates/teardown"
)

// tearDown plans, and runs the plan up to three times, each time with what is left.
func (p *program) tearDown() {
	target, ok := p.target()
	if !ok {
		return
	}
	p.begin("teardown.Plan", target)
	plan, err := p.client.Teardown().Plan(p.within(10*time.Minute), target)
	p.requiref(len(p.effects()) == 0, "a plan had effects")
	if err != nil {
		return
	}
	for range 1 + p.random.IntN(3) {
		<-time.After(p.between(0, 10*time.Minute))
		protected, approvals := p.unplanned(plan), p.unplannedApprovals(plan)
		p.begin("teardown.Run", target)
		opts := &teardown.PollOptions{Timeout: p.between(10*time.Minute, time.Hour)}
		report, err := p.client.Teardown().Run(p.within(p.between(10*time.Minute, 2*time.Hour)), plan, opts)
		p.requireTornDown(plan, report, err)
		p.requireProtected(plan, protected)
		p.requireApprovals(plan, approvals)
		if err == nil {
			return
		}
		plan = plan.After(report)
	}
}

func (p *program) target() (teardown.Target, bool) {
	if id, ok := pick(p, p.policyIDs); ok && p.random.IntN(2) == 0 {
		return teardown.Target{UpdatePolicyID: id, KeepAudience: p.random.IntN(2) == 0}, true
	}
	id, ok := pick(p, p.audienceIDs)
	return teardown.Target{AudienceID: id}, ok
}

// requireTornDown is about a report.
//   - No error: all steps are done.
//   - A step that is done: see requireStep.
//   - A step after the one that failed: nothing of it was done.
func (p *program) requireTornDown(plan *teardown.Plan, report *teardown.Report, err error) {
	steps := len(report.Done) + len(report.Remaining)
	p.requiref(steps == len(plan.Steps) || len(report.Done) == 0, "steps are missing in the report")
	p.requiref(err != nil || len(report.Remaining) == 0, "no error, and %d steps remain", len(report.Remaining))
	for _, step := range report.Done {
		p.requireStep(step)
	}
	if len(report.Remaining) == 0 {
		return
	}
	for _, step := range report.Remaining[1:] {
		if kind := kindOf(step.Action); kind != "" {
			p.requiref(!p.did("delete", kind, step.ID), "%v remains, and was done", step)
		}
	}
}

func kindOf(action teardown.Action) string {
	return map[teardown.Action]string{
		teardown.ActionDeleteApproval: "complianceChanges", teardown.ActionDeleteDeployment: "deployments",
		teardown.ActionDeletePolicy: "updatePolicies", teardown.ActionDeleteAudience: "deploymentAudiences",
	}[action]
}

// requireStep is about a step that is done.
//   - In an earlier run: see there.
//   - Its note says that it was already deleted: the request of the note got 404.
//   - Deleted: the service accepted the deletion, or a read of the object got 404. For
//     deployments, the last two reads did.
//   - An approval that is not deleted: it was revoked, or a response shows it revoked.
func (p *program) requireStep(step teardown.Step) {
	if strings.Contains(step.Note, "earlier run") {
		return
	}
	if _, path, said := strings.Cut(step.Note, "GET "); said {
		path, _, _ = strings.Cut(path, " ")
		p.requiref(p.anyNotFound(path), "%v, and it was not", step)
		return
	}
	did := p.did("delete", kindOf(step.Action), step.ID) || p.deleteNotFoundTwice(step.ID)
	switch step.Action {
	case teardown.ActionDeletePolicy, teardown.ActionDeleteAudience, teardown.ActionDeleteDeployment:
		p.requiref(did, "%v was not done", step)
	case teardown.ActionDeleteApproval:
		revoked := p.did("revoke", "complianceChanges", step.ID) || p.anyRevoked(step.ID)
		p.requiref(did == step.Deleted || revoked && !step.Deleted, "%v was not done", step)
	}
	if step.Deleted && step.Action == teardown.ActionDeleteDeployment {
		p.requiref(p.notFounds("/deployments/"+step.ID) >= 2, "%v, and it was not found twice", step)
	}
}

// anyNotFound allows for the cast at the end of the path of an approval.
func (p *program) anyNotFound(path string) bool {
	return slices.ContainsFunc(p.log, func(x *exchange) bool {
		return x.request.isRead() && strings.HasPrefix(x.request.route(), path) && x.isNotFound()
	})
}

// deleteNotFoundTwice reports whether the deletion of an object got two 404s after a lost response.
func (p *program) deleteNotFoundTwice(id string) bool {
	return missedTwice(slices.DeleteFunc(slices.Clone(p.log), func(x *exchange) bool {
		return x.request.method != "DELETE" || !strings.HasSuffix(x.request.route(), "/"+id)
	}))
}

func (p *program) anyRevoked(id string) bool {
	return slices.ContainsFunc(p.log, func(x *exchange) bool {
		isOf := x.good && x.request.isRead() && strings.Contains(x.request.route(), id)
		return isOf && x.body.(obj)["isRevoked"] == true
	})
}

// unplanned are the deployments of other programs that a run must not touch: they use the
// audience, are not archived, not in the plan, and were created so long ago that every
// response has them.
func (p *program) unplanned(plan *teardown.Plan) []string {
	now := p.truth()
	return slices.DeleteFunc(now.users(plan.AudienceID), func(id string) bool {
		d := now.deployments[id]
		planned := slices.ContainsFunc(plan.Steps, func(step teardown.Step) bool {
			return step.ID == id || d.approval != "" && step.ID == d.approval
		})
		return planned || d.effective == "archived" || d.born.After(time.Now().Add(-longestLag))
	})
}

// unplannedApprovals are those of other programs whose updates are offered.
func (p *program) unplannedApprovals(plan *teardown.Plan) []string {
	var ids []string
	for id, a := range p.truth().approvals {
		isPlanned := slices.ContainsFunc(plan.Steps, func(step teardown.Step) bool { return step.ID == id })
		isOld := a.born.Before(time.Now().Add(-longestLag))
		if a.policy == plan.Target.UpdatePolicyID && !isPlanned && isOld && a.revoked.IsZero() {
			ids = append(ids, id)
		}
	}
	return ids
}

// requireApprovals holds for a run that deletes a policy, which deletes its approvals too.
func (p *program) requireApprovals(plan *teardown.Plan, protected []string) {
	policyID := plan.Target.UpdatePolicyID
	if !p.did("delete", "updatePolicies", policyID) {
		return
	}
	for _, id := range protected {
		isShown := slices.ContainsFunc(p.log, func(x *exchange) bool {
			isRead := strings.HasPrefix(x.request.route(), "/updatePolicies/"+policyID+"/complianceChanges/"+id)
			return isRead && (p.notFounds(x.request.route()) >= 2 || x.good && x.body.(obj)["isRevoked"] == true)
		})
		p.requiref(isShown || p.notFounds("/updatePolicies/"+policyID) >= 2, "%s was deleted with %s", id, policyID)
	}
}

// requireProtected is about what a run may do: it deletes what is planned, and archived
// deployments. While a deployment uses the audience that it does not delete, it removes no members.
func (p *program) requireProtected(plan *teardown.Plan, protected []string) {
	now := p.truth()
	for _, id := range protected {
		if p.notFounds("/deployments/"+id+"/audience") >= 2 {
			continue // two responses say that it has none
		}
		for _, e := range p.effects() {
			isDeletion := e.verb == "delete" && e.id == id
			p.requiref(!isDeletion || e.was == "archived", "%s was deleted, and was %s", id, e.was)
		}
		if d, exists := now.deployments[id]; exists && d.effective != "archived" {
			removed := p.did("removeMembers", "deploymentAudiences", plan.AudienceID)
			p.requiref(!removed, "members were removed, and %s uses the audience", id)
			deleted := p.did("delete", "updatePolicies", plan.Target.UpdatePolicyID)
			p.requiref(!deleted, "the policy was deleted, and %s uses the audience", id)
		}
	}
}

// findOrphans claims that nothing uses the audiences: each deployment or policy that uses one is so new
// that a list may lack it, or two responses say that it has no audience.
func (p *program) findOrphans() {
	before := p.truth()
	p.begin("teardown.FindOrphans")
	orphans, err := p.client.Teardown().FindOrphans(p.within(20 * time.Minute))
	p.requiref(len(p.effects()) == 0, "a search had effects")
	if err != nil {
		return
	}
	used := map[string]string{}
	for id, d := range before.deployments {
		if d.born.Before(p.began.Add(-longestLag)) && p.notFounds("/deployments/"+id+"/audience") < 2 {
			used[d.audience] = id
		}
	}
	for id, policy := range before.policies {
		if policy.born.Before(p.began.Add(-longestLag)) && p.notFounds("/updatePolicies/"+id+"/audience") < 2 {
			used[policy.audience] = id
		}
	}
	after := p.truth()
	for _, a := range orphans.Audiences {
		user := used[a.ID]
		_, isDeployment := after.deployments[user]
		_, isPolicy := after.policies[user]
		p.requiref(!isDeployment && !isPolicy, "%s is used by %s", a.ID, user)
	}
}
