package teardown

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Run takes the steps of a plan. It ends at the first step that fails; the report, which is never nil, lists
// the completed and the remaining steps. You can run the same plan again, even a completed one: deleted
// objects count as done, and their notes name the request that returned 404. [Plan.After] returns a plan that
// skips them.
//
// Run first checks what depends on the target. If it finds something that is not in the plan, it changes
// nothing, and the error is [ErrPlanOutdated] and a [*PlanError]. Archived deployments are not counted.
//
// The service deletes deployments later, and rejects the deletion of an audience that one of them uses. Run
// retries such a step for up to two minutes. It waits for deployments up to [PollOptions].Timeout, and then
// the error is [ErrNotDeleted]. Set a deadline on ctx to limit the whole teardown. Errors name the step.
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
//graph:op GET /deploymentAudiences/{id}/exclusions
//graph:op POST /deploymentAudiences/{id}/updateAudience
//graph:op DELETE /updatePolicies/{id}
//graph:op DELETE /deploymentAudiences/{id}
//graph:page none, it is made of other operations
func (c Client) Run(ctx context.Context, plan *Plan, opts *PollOptions) (report *Report, err error) {
	const op = "teardown.Run"
	defer c.call.Span(&ctx, op)(&err)
	report = &Report{}
	t, err := c.start(plan, opts)
	if err != nil {
		return report, call.Invalid(op, err)
	}
	report.Remaining = slices.Clone(plan.Steps)
	if err := t.check(ctx); err != nil {
		return report, during(op, "checking the plan", err)
	}
	for _, step := range plan.Steps {
		done, err := t.takeOnce(ctx, step)
		if err != nil {
			return report, during(op, step.String(), err)
		}
		report.add(done)
	}
	return report, nil
}

// start checks the input of [Client.Run].
func (c Client) start(plan *Plan, opts *PollOptions) (*teardown, error) {
	if opts == nil {
		opts = &PollOptions{}
	}
	intervals, err := opts.intervals()
	err = errors.Join(checkPlan(plan), err, call.CheckDuration("PollOptions.Timeout", opts.Timeout))
	if err != nil {
		return nil, err
	}
	return &teardown{
		client: c, plan: plan, intervals: intervals, waiting: plan.deployments(),
		timeout: cmp.Or(opts.Timeout, 2*time.Hour),
	}, nil
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
	timeout   time.Duration
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
		return &PlanError{Found: needed, Err: ErrPlanOutdated}
	}
	return nil
}

func isArchived(d *deployments.Deployment) bool {
	return d.State.Effective == deployments.StateArchived
}
