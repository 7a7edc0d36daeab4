package teardown

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Run takes the steps of a plan. It ends at the first step that fails; the report, which is never nil, lists
// the completed and the remaining steps. You can run the same plan again, even a completed one: deleted
// objects count as done.
//
// Run first checks what depends on the target. If it finds something that is not in the plan, it changes
// nothing, and the error is [ErrPlanOutdated] and a [*RefusedError]. Archived deployments are not counted.
//
// The service deletes deployments later, and rejects the deletion of an audience that one of them uses. Run
// retries such a step for up to two minutes. Set a deadline on ctx to limit the whole teardown.
//
// If the service rejects a change of the rules of a policy, the report notes it and Run continues. The policy
// can approve updates until it is deleted; deployments created in the meantime are deleted with the audience.
// If the audience is kept, they stay, archived, and [Client.FindOrphans] finds them.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op PATCH /updatePolicies/{id}
//graph:op GET /updatePolicies/{id}
//graph:op GET /updatePolicies
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//graph:op GET /updatePolicies/{id}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//graph:op PATCH /updatePolicies/{id}/complianceChanges/{approvalID}
//graph:op DELETE /updatePolicies/{id}/complianceChanges/{approvalID}
//graph:op GET /deployments
//graph:op GET /deployments/{id}
//graph:op GET /deployments/{id}/audience
//graph:op DELETE /deployments/{id}
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deploymentAudiences/{id}/members
//graph:op POST /deploymentAudiences/{id}/updateAudience
//graph:op DELETE /updatePolicies/{id}
//graph:op DELETE /deploymentAudiences/{id}
//graph:page none, it is made of other operations
func (c Client) Run(ctx context.Context, plan *Plan, opts *PollOptions) (report *Report, err error) {
	const op = "teardown.Run"
	defer c.call.Span(&ctx, op)(&err)
	report = &Report{}
	intervals, err := opts.intervals()
	if err = errors.Join(checkPlan(plan), err); err != nil {
		return report, call.Invalid(op, err)
	}
	t := &teardown{client: c, plan: plan, intervals: intervals, waiting: plan.deployments()}
	report.Remaining = slices.Clone(plan.Steps)
	if err := t.check(ctx); err != nil {
		return report, during(op, "checking the plan", err)
	}
	for _, step := range plan.Steps {
		note, err := t.take(ctx, step)
		if err != nil {
			return report, during(op, step.String(), err)
		}
		step.Note = note
		report.Done, report.Remaining = append(report.Done, step), report.Remaining[1:]
	}
	return report, nil
}

func checkPlan(plan *Plan) error {
	if plan == nil {
		return &apierr.FieldError{Field: "plan", Rule: "must not be nil"}
	}
	problems := []error{plan.Target.Validate()}
	for i, step := range plan.Steps {
		if step.isBroken() {
			field := fmt.Sprintf("plan.Steps[%d]", i)
			problems = append(problems, &apierr.FieldError{Field: field, Rule: "must be a step made by Plan"})
		}
	}
	return errors.Join(problems...)
}

// isBroken reports whether a step, which can come from a file, is not one that Plan makes.
func (s Step) isBroken() bool {
	return actionWords[s.Action] == "" ||
		(s.ID == "") != (s.Action == ActionWaitForDeployments) ||
		(s.UpdatePolicyID == "") == (s.Action == ActionDeleteApproval)
}

func (p *Plan) deployments() []string {
	var ids []string
	for _, step := range p.Steps {
		if step.Action == ActionDeleteDeployment {
			ids = append(ids, step.ID)
		}
	}
	return ids
}

func (p *Plan) has(step Step) bool { return slices.ContainsFunc(p.Steps, step.is) }

// teardown is one run of a plan.
type teardown struct {
	client    Client
	plan      *Plan
	intervals call.Intervals
	waiting   []string // IDs of the deployments to wait for
}

// check rejects a plan that lacks something. Archived deployments are not counted: approvals leave them
// behind, those that an earlier run has deleted included.
func (t *teardown) check(ctx context.Context) error {
	found, err := t.client.survey(ctx, t.plan)
	if err != nil {
		return err
	}
	found.deployments = slices.DeleteFunc(found.deployments, isArchived)
	needed := slices.DeleteFunc(append(found.steps("", ""), found.unrelated...), func(step Step) bool {
		return step.Action == ActionWaitForDeployments || t.plan.has(step)
	})
	if len(needed) > 0 {
		return &RefusedError{Found: needed, Err: ErrPlanOutdated}
	}
	return nil
}

func isArchived(d *deployments.Deployment) bool {
	return d.State.Effective == deployments.StateArchived
}

const alreadyDeleted = "already deleted"

// take takes one step and returns the result.
func (t *teardown) take(ctx context.Context, step Step) (string, error) {
	c := t.client
	switch step.Action {
	case ActionClearRules:
		return t.clearRules(ctx, step.ID)
	case ActionDeleteApproval:
		return t.deleteApproval(ctx, step)
	case ActionDeleteDeployment:
		return t.persist(ctx, func() error { return c.deployments.Delete(ctx, step.ID) })
	case ActionWaitForDeployments:
		return "", t.waitForDeployments(ctx)
	case ActionRemoveMembers:
		return t.removeMembers(ctx, step.ID)
	case ActionDeletePolicy:
		return t.persist(ctx, func() error { return c.policies.Delete(ctx, step.ID) })
	default: // ActionDeleteAudience; checkPlan rejects others
		return t.persist(ctx, func() error { return t.deleteAudience(ctx, step.ID) })
	}
}

func (t *teardown) clearRules(ctx context.Context, policyID string) (string, error) {
	err := t.client.policies.SetRules(ctx, policyID)
	if errors.Is(err, apierr.ErrInvalid) && !errors.Is(err, apierr.ErrUnknownOutcome) {
		return "the service rejects changes of rules; the policy can approve updates until it is deleted", nil
	}
	return ignoreNotFound("", err)
}

// deleteApproval revokes an approval if the service rejects the deletion.
func (t *teardown) deleteApproval(ctx context.Context, step Step) (string, error) {
	all := t.client.policies
	err := all.DeleteApproval(ctx, step.UpdatePolicyID, step.ID)
	if errors.Is(err, apierr.ErrInvalid) {
		return ignoreNotFound("revoked, because the service rejects its deletion", t.revoke(ctx, step))
	}
	return ignoreNotFound("", err)
}

func (t *teardown) revoke(ctx context.Context, step Step) error {
	all := t.client.policies
	approval, err := all.GetApproval(ctx, step.UpdatePolicyID, step.ID)
	if err != nil || approval.Revoked {
		return err
	}
	return all.RevokeApproval(ctx, step.UpdatePolicyID, step.ID)
}

// waitForDeployments waits until two consecutive polls find none: a response can come from a replica that is
// ahead of others.
func (t *teardown) waitForDeployments(ctx context.Context) error {
	poll := call.NewPoll(t.intervals)
	for misses := 0; ; {
		exists, err := t.anyExists(ctx)
		switch {
		case err != nil || exists:
			misses = 0
		default:
			misses++
		}
		if misses == 2 {
			return nil
		}
		if err := poll.Next(ctx, err); err != nil {
			return err
		}
	}
}

func (t *teardown) anyExists(ctx context.Context) (bool, error) {
	for _, id := range t.waiting {
		_, err := t.client.deployments.Get(ctx, id)
		if !errors.Is(err, apierr.ErrNotFound) {
			return err == nil, err
		}
	}
	return false, nil
}

// removeMembers removes the listed devices and groups. Members of unknown kinds cannot be removed; they are
// deleted with the audience.
func (t *teardown) removeMembers(ctx context.Context, audienceID string) (string, error) {
	if err := t.check(ctx); err != nil { // a dependent added during the wait keeps its members
		return "", err
	}
	of := audience.ByID(audienceID)
	var edit audience.Edit
	for asset, err := range t.client.audiences.ListMembers(of, nil).All(ctx) {
		if err != nil {
			return ignoreNotFound("", err)
		}
		if kind := asset.Common().Kind; kind == audience.KindDevice || kind == audience.KindGroup {
			edit.RemoveMembers = append(edit.RemoveMembers, audience.Member{Kind: kind, ID: asset.Common().ID})
		}
	}
	return ignoreNotFound(count(edit.Len(), "member"), t.client.audiences.Edit(ctx, of, edit, nil))
}

// deleteAudience deletes an audience that nothing uses. The service is known to protect the audience of a
// deployment only, so the rest is checked first.
func (t *teardown) deleteAudience(ctx context.Context, id string) error {
	policies, using, err := t.client.dependentsOf(ctx, id)
	if err != nil {
		return err
	}
	rest := dependents{policies: policies, deployments: slices.DeleteFunc(slices.Clone(using), isArchived)}
	if steps := rest.steps("", ""); len(steps) > 0 {
		return &RefusedError{Found: steps, Err: ErrPlanOutdated}
	}
	for _, archived := range using {
		if err := t.client.deployments.Delete(ctx, archived.ID); err != nil && !errors.Is(err, apierr.ErrNotFound) {
			return err
		}
	}
	return t.client.audiences.Delete(ctx, id)
}

// persist retries a rejected change for as long as an earlier change may not have taken effect: a deleted
// object can still be in the way.
func (t *teardown) persist(ctx context.Context, change func() error) (string, error) {
	poll, start := call.NewPoll(t.intervals), time.Now()
	for {
		err := change()
		if !isRejected(err) || time.Since(start) >= call.SettleTime {
			return ignoreNotFound("", err)
		}
		if err := poll.Wait(ctx, err); err != nil {
			return "", err
		}
	}
}

func isRejected(err error) bool {
	return errors.Is(err, apierr.ErrConflict) || errors.Is(err, apierr.ErrInvalid) || errors.Is(err, ErrPlanOutdated)
}

// ignoreNotFound counts a deleted object as done.
func ignoreNotFound(note string, err error) (string, error) {
	if errors.Is(err, apierr.ErrNotFound) {
		return alreadyDeleted, nil
	}
	return note, err
}
