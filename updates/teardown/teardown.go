// Package teardown deletes what was set up or left over, in a safe order.
package teardown

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// Client plans teardowns, runs them, and finds what was left over. Get it from updates.Client.Teardown.
type Client struct {
	call        *call.Client
	audiences   audience.Client
	deployments deployments.Client
	policies    updatepolicies.Client
}

// PollOptions say how often a teardown looks whether what it deleted is gone. The
// zero options and nil are the defaults.
type PollOptions struct {
	// InitialInterval is the pause after the first look; 0 is 5 seconds. It must not be negative.
	InitialInterval time.Duration
	// MaxInterval is what pauses grow to, doubling; 0 is a minute. Below First it has no
	// effect. It must not be negative.
	MaxInterval time.Duration
}

func (o *PollOptions) intervals() (call.Intervals, error) {
	if o == nil {
		o = &PollOptions{}
	}
	return call.IntervalsOf("PollOptions", call.Intervals(*o), call.Intervals{InitialInterval: 5 * time.Second, MaxInterval: time.Minute})
}

// Plan finds all that hangs on an update policy or an audience and says in
// which order it has to go. It changes nothing. A target that is not there is
// apierr.ErrNotFound. When something that the target does not name uses the audience
// of an update policy, the error is [ErrAudienceInUse] and a [*RefusedError].
// Archived deployments count as a part of their audience: they are records, and keep
// it from being deleted.
//
// It reads all update policies, those deployments and approvals that the target has,
// and all members to count them.
//
//   - Graph: GET /updatePolicies/{id}
//   - Graph: GET /updatePolicies
//   - Graph: GET /updatePolicies/{id}/audience
//   - Graph: GET /updatePolicies/{id}/complianceChanges/microsoft.graph.windowsUpdates.contentApproval
//   - Graph: GET /updatePolicies/{id}/complianceChanges/{approvalID}/microsoft.graph.windowsUpdates.contentApproval
//   - Graph: GET /deployments
//   - Graph: GET /deployments/{id}/audience
//   - Graph: GET /deploymentAudiences/{id}
//   - Graph: GET /deploymentAudiences/{id}/members
//   - Permission: WindowsUpdates.Read.All
//   - Page: none, it is made of other operations
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
		return nil, during(op, "looking for what hangs on it", err)
	}
	if len(found.unrelated) > 0 {
		return nil, call.Invalid(op, &RefusedError{Found: found.unrelated, Err: ErrAudienceInUse})
	}
	members, err := c.countMembers(ctx, plan.AudienceID)
	if err != nil {
		return nil, during(op, "counting the members", err)
	}
	plan.Steps = found.steps(plan.AudienceID, members)
	return plan, nil
}

// during names the operation, and what it was doing, in an error of a call that it
// made.
func during(op, doing string, err error) error {
	if failed, ok := errors.AsType[*apierr.Error](err); ok {
		failed.Op = fmt.Sprintf("%s (%s)", op, doing)
		return err
	}
	return &apierr.Error{Op: op, Err: err}
}
