// Package teardown deletes an update policy or an audience with everything that depends on it, in a safe
// order. Use it to remove what a rollout or a test has set up.
//
// A teardown has two parts. [Client.Plan] lists the steps and changes nothing, and [Client.Run] takes them:
//
//	plan, err := client.Teardown().Plan(ctx, teardown.Target{UpdatePolicyID: policy.ID})
//	...
//	fmt.Print(plan)
//	report, err := client.Teardown().Run(ctx, plan, nil)
//
// A plan can be stored as JSON and run again after an interruption. If something else uses the audience, the
// plan is rejected and nothing is deleted. An unknown property in stored JSON is an
// error, because it would be lost.
//
// To find audiences that nothing uses, and archived deployments, call [Client.FindOrphans].
//
// # Conventions
//
// IDs are case-insensitive. Nil options are the defaults. Clients are safe for concurrent use.
package teardown

import (
	"context"
	"fmt"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// Client plans teardowns, runs them, and finds orphans. Get it from updates.Client.Teardown.
type Client struct {
	call        *call.Client
	audiences   audience.Client
	deployments deployments.Client
	policies    updatepolicies.Client
}

// PollOptions set how often and how long a teardown polls deployments that the service has not deleted yet.
type PollOptions struct {
	// InitialInterval is the delay after the first poll. The default, 0, is 5 seconds. It must not be
	// negative.
	InitialInterval time.Duration
	// MaxInterval is the longest delay; delays double until they reach it. The default, 0, is a minute. It
	// has no effect below InitialInterval. It must not be negative.
	MaxInterval time.Duration
	// Timeout limits the wait for deployments to be deleted. The default, 0, is two hours. It must not be
	// negative.
	Timeout time.Duration
}

func (o *PollOptions) intervals() (call.Intervals, error) {
	return call.IntervalsOf("PollOptions",
		call.Intervals{InitialInterval: o.InitialInterval, MaxInterval: o.MaxInterval},
		call.Intervals{InitialInterval: 5 * time.Second, MaxInterval: time.Minute})
}

// Plan lists the steps that delete an update policy or an audience with everything that depends on it. Print
// the plan to have it confirmed, and pass it to [Client.Run]. Plan changes nothing.
//
// If the target does not exist, the error is apierr.ErrNotFound. If something that the target does not name
// uses the audience of an update policy, the error is [ErrAudienceInUse] and a [*PlanError]. Archived
// deployments belong to their audience: they are records, and the service does not delete an audience that
// has any.
//
// Plan reads all update policies and deployments, the approvals of the policies found, and all members to
// count them.
//
// Permission: WindowsUpdates.Read.All.
//
//graph:op GET /updatePolicies/{id}
//graph:op GET /updatePolicies
//graph:op GET /updatePolicies/{id}/audience
//graph:op GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//graph:op GET /updatePolicies/{id}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//graph:op GET /deployments
//graph:op GET /deployments/{id}/audience
//graph:op GET /deploymentAudiences/{id}
//graph:op GET /deploymentAudiences/{id}/members
//graph:op GET /deploymentAudiences/{id}/exclusions
//graph:page none, it is made of other operations
func (c Client) Plan(ctx context.Context, target Target) (plan *Plan, err error) {
	const op = "teardown.Plan"
	defer c.call.Span(&ctx, op)(&err)
	if err := target.Validate(); err != nil {
		return nil, call.Invalid(op, err)
	}
	plan = &Plan{Target: target}
	if plan.AudienceID, err = c.targetAudience(ctx, target); err != nil {
		return nil, during(op, "finding the target", err)
	}
	found, err := c.survey(ctx, plan)
	if err != nil {
		return nil, during(op, "finding what depends on the target", err)
	}
	if len(found.unrelated) > 0 {
		return nil, call.Invalid(op, &PlanError{Found: found.unrelated, Err: ErrAudienceInUse})
	}
	members, err := c.countMembers(ctx, plan.AudienceID)
	if err != nil {
		return nil, during(op, "counting the members", err)
	}
	plan.Steps = found.steps(plan.AudienceID, members)
	return plan, nil
}

// during names the operation and its part in the error of a call.
func during(op, doing string, err error) error {
	return call.Named(fmt.Sprintf("%s (%s)", op, doing), err)
}
