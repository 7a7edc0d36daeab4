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
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Run does what a plan says, step by step. It looks first whether something that
// the plan does not have hangs on the target by now: then nothing is changed, and the
// error is [ErrPlanOutdated] and a [*RefusedError]. Archived deployments are
// no such thing.
//
// A step that fails ends it. The report, which is never nil, says what was done and
// what is left. The same plan can be run again, also when it was done: what is gone
// counts as done. A service that refuses to change the rules of a policy is noted in
// the report and does not end it: the policy can approve until it is deleted itself,
// and what it makes in the meantime goes with the audience. Where the audience stays
// that stays too, archived; [Client.FindOrphans] finds it.
//
// The service deletes deployments later, and it keeps an audience as long as one uses
// it. Teardown waits for that, for two minutes in each step that is refused; the context
// bounds the wait too.
//
//   - Graph: PATCH /updatePolicies/{id}
//   - Graph: GET /updatePolicies/{id}
//   - Graph: GET /updatePolicies
//   - Graph: GET /updatePolicies/{id}/audience
//   - Graph: GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//   - Graph: GET /updatePolicies/{id}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//   - Graph: PATCH /updatePolicies/{id}/complianceChanges/{approvalID}
//   - Graph: DELETE /updatePolicies/{id}/complianceChanges/{approvalID}
//   - Graph: GET /deployments
//   - Graph: GET /deployments/{id}
//   - Graph: GET /deployments/{id}/audience
//   - Graph: DELETE /deployments/{id}
//   - Graph: GET /deploymentAudiences/{id}
//   - Graph: GET /deploymentAudiences/{id}/members
//   - Graph: POST /deploymentAudiences/{id}/updateAudience
//   - Graph: DELETE /updatePolicies/{id}
//   - Graph: DELETE /deploymentAudiences/{id}
//   - Permission: WindowsUpdates.ReadWrite.All
//   - Page: none, it is made of other operations
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
			problems = append(problems, &apierr.FieldError{Field: field, Rule: "must be a step that Plan made"})
		}
	}
	return errors.Join(problems...)
}

// isBroken reports whether a step, which may come from a file, cannot be taken.
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
	waiting   []string // deployments whose end is waited for
}

// check refuses a plan that lacks something. Archived deployments are left behind by
// approvals, also by those that an earlier run has deleted.
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

const alreadyDeleted = "it was gone already"

// take takes one step and says how it went.
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
		return "", t.awaitDeployments(ctx)
	case ActionRemoveMembers:
		return t.removeMembers(ctx, step.ID)
	case ActionDeletePolicy:
		return t.persist(ctx, func() error { return c.policies.Delete(ctx, step.ID) })
	default: // ActionDeleteAudience; others were refused
		return t.persist(ctx, func() error { return t.deleteAudience(ctx, step.ID) })
	}
}

func (t *teardown) clearRules(ctx context.Context, policyID string) (string, error) {
	err := t.client.policies.SetRules(ctx, policyID)
	if errors.Is(err, apierr.ErrInvalid) && !errors.Is(err, apierr.ErrUnknownOutcome) {
		return "the service refuses to change rules: the policy can approve until it is deleted", nil
	}
	return ignoreNotFound("", err)
}

// deleteApproval revokes what the service does not delete.
func (t *teardown) deleteApproval(ctx context.Context, step Step) (string, error) {
	all := t.client.policies
	err := all.DeleteApproval(ctx, step.UpdatePolicyID, step.ID)
	if errors.Is(err, apierr.ErrInvalid) {
		return ignoreNotFound("revoked, as the service refuses to delete it", t.revoke(ctx, step))
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

// awaitDeployments waits until two looks in a row find none: the service may answer
// from a copy that is ahead of others.
func (t *teardown) awaitDeployments(ctx context.Context) error {
	poll := call.NewPoll(t.intervals)
	for misses := 0; ; {
		there, err := t.anyLeft(ctx)
		switch {
		case err != nil || there:
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

func (t *teardown) anyLeft(ctx context.Context) (bool, error) {
	for _, id := range t.waiting {
		_, err := t.client.deployments.Get(ctx, id)
		if !errors.Is(err, apierr.ErrNotFound) {
			return err == nil, err
		}
	}
	return false, nil
}

// removeMembers removes what the service shows. Of kinds that this version does not
// know it removes nothing: they go with the audience.
func (t *teardown) removeMembers(ctx context.Context, audienceID string) (string, error) {
	if err := t.check(ctx); err != nil { // who came while deployments were waited for keeps the members
		return "", err
	}
	of := audience.ByID(audienceID)
	var edit audience.Edit
	for asset, err := range t.client.audiences.ListMembers(of, odata.Query{}).All(ctx) {
		if err != nil {
			return ignoreNotFound("", err)
		}
		if kind := asset.Common().Kind; kind == audience.KindDevice || kind == audience.KindGroup {
			edit.RemoveMembers = append(edit.RemoveMembers, audience.Member{Kind: kind, ID: asset.Common().ID})
		}
	}
	return ignoreNotFound(count(edit.Len(), "member"), t.client.audiences.Edit(ctx, of, edit, nil))
}

// deleteAudience deletes an audience that nothing uses any more. The service is only
// known to protect it from losing deployments, so that the rest is looked at before.
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

// persist repeats what is refused as long as an earlier change may not show yet: what
// was deleted may still be in the way.
func (t *teardown) persist(ctx context.Context, change func() error) (string, error) {
	poll, began := call.NewPoll(t.intervals), time.Now()
	for {
		err := change()
		if !isRefused(err) || time.Since(began) >= call.Patience {
			return ignoreNotFound("", err)
		}
		if err := poll.Wait(ctx, err); err != nil {
			return "", err
		}
	}
}

func isRefused(err error) bool {
	return errors.Is(err, apierr.ErrConflict) || errors.Is(err, apierr.ErrInvalid) || errors.Is(err, ErrPlanOutdated)
}

// ignoreNotFound takes what is gone for done.
func ignoreNotFound(note string, err error) (string, error) {
	if errors.Is(err, apierr.ErrNotFound) {
		return alreadyDeleted, nil
	}
	return note, err
}
