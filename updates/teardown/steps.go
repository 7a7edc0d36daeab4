package teardown

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

const alreadyDeleted = "already deleted"

// takeOnce takes a step, unless an earlier run has deleted its object. It returns the step with its result.
func (t *teardown) takeOnce(ctx context.Context, step Step) (Step, error) {
	if step.Deleted {
		step.Note = alreadyDeleted + " in an earlier run"
		return step, nil
	}
	note, err := t.take(ctx, step)
	if err != nil {
		return step, err
	}
	step.Note = note
	switch step.Action {
	case ActionDeletePolicy, ActionDeleteAudience, ActionWaitForDeployments:
		step.Deleted = true
	case ActionDeleteApproval:
		step.Deleted = note != revoked
	}
	return step, nil
}

// take takes a step and returns the result. The steps are retried as long as an earlier change may not have
// taken effect.
func (t *teardown) take(ctx context.Context, step Step) (string, error) {
	c := t.client
	switch step.Action {
	case ActionClearRules:
		return t.persist(ctx, step, func() (string, error) { return t.clearRules(ctx, step.ID) })
	case ActionDeleteApproval:
		return t.persist(ctx, step, func() (string, error) { return t.deleteApproval(ctx, step) })
	case ActionDeleteDeployment:
		return t.persist(ctx, step, func() (string, error) { return "", c.deployments.Delete(ctx, step.ID) })
	case ActionWaitForDeployments:
		return "", t.waitForDeployments(ctx)
	case ActionRemoveMembers:
		return t.removeMembers(ctx, step)
	case ActionDeletePolicy:
		return t.persist(ctx, step, func() (string, error) { return "", c.policies.Delete(ctx, step.ID) })
	default: // ActionDeleteAudience; checkPlan rejects others
		return t.persist(ctx, step, func() (string, error) { return "", t.deleteAudience(ctx, step.ID) })
	}
}

func (t *teardown) clearRules(ctx context.Context, policyID string) (string, error) {
	err := t.client.policies.SetRules(ctx, policyID)
	if errors.Is(err, apierr.ErrInvalid) && !errors.Is(err, apierr.ErrUnknownOutcome) {
		return "the service rejects changes of rules; the policy can approve updates until it is deleted", nil
	}
	return "", err
}

const revoked = "revoked, because the service rejects its deletion"

// deleteApproval revokes an approval if the service rejects the deletion.
func (t *teardown) deleteApproval(ctx context.Context, step Step) (string, error) {
	err := t.client.policies.DeleteApproval(ctx, step.UpdatePolicyID, step.ID)
	if errors.Is(err, apierr.ErrInvalid) {
		return revoked, t.revoke(ctx, step)
	}
	return "", err
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
	poll, start, last := call.NewPoll(t.intervals), time.Now(), sighting{}
	if len(t.waiting) > 0 {
		last.id = t.waiting[0]
	}
	for misses := 0; ; {
		id, err := t.firstExisting(ctx)
		last = sighting{cmp.Or(id, last.id), id == "", err}
		if misses++; !last.missed {
			misses = 0
		}
		if misses == 2 {
			return nil
		}
		if time.Since(start) >= t.timeout {
			return fmt.Errorf("%w after %v: %v; run the plan again later", ErrNotDeleted, t.timeout, last)
		}
		if err := poll.Next(ctx, err); err != nil {
			return last.explain(err)
		}
	}
}

// sighting is what the last poll of deployments found.
type sighting struct {
	id     string // the first one that was not found deleted, now or before
	missed bool   // whether this poll found none
	err    error  // of reading it
}

// String says what is known of the deployment.
func (s sighting) String() string {
	switch {
	case s.err != nil:
		return "deployment " + s.id + " could not be read: " + call.Unnamed(s.err)
	case s.missed:
		return "deployment " + s.id + " was found deleted by one poll only"
	}
	return "deployment " + s.id + " still exists"
}

// explain adds what is known to the end of a context.
func (s sighting) explain(err error) error {
	if s.id == "" || !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%v: %w", s, err)
}

// firstExisting returns the ID of a deployment that exists, or an empty string. It returns the ID with the
// error of a failed read, too.
func (t *teardown) firstExisting(ctx context.Context) (string, error) {
	for _, id := range t.waiting {
		_, err := t.client.deployments.Get(ctx, id)
		if !errors.Is(err, apierr.ErrNotFound) {
			return id, err
		}
	}
	return "", nil
}

// removeMembers removes the listed members and exclusions.
func (t *teardown) removeMembers(ctx context.Context, step Step) (string, error) {
	if err := t.check(ctx); err != nil { // a dependent added during the wait keeps its members
		return "", err
	}
	of := audience.ByID(step.ID)
	return t.persist(ctx, step, func() (string, error) {
		r, err := t.client.removals(ctx, of)
		if err != nil {
			return "", err
		}
		note := r.contents() + r.protected()
		if r.Len() == 0 { // the lists of a deleted audience are empty, too
			_, err := t.client.audiences.Get(ctx, of)
			return note, err
		}
		return note, t.client.audiences.Edit(ctx, of, r.Edit, nil)
	})
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
		return &PlanError{Found: steps, Err: ErrPlanOutdated}
	}
	for _, archived := range using {
		if err := t.client.deployments.Delete(ctx, archived.ID); err != nil && !errors.Is(err, apierr.ErrNotFound) {
			return err
		}
	}
	return t.client.audiences.Delete(ctx, id)
}

// errStillExists means that a change returned 404 and a read of the same object did not.
var errStillExists = errors.New("the service returned 404 for the change, and 200 for a read of the object")

// persist retries a rejected change for as long as an earlier change may not have taken effect: a deleted
// object can still be in the way. A 404 counts as deleted only if a read of the object returns 404 too.
func (t *teardown) persist(ctx context.Context, step Step, change func() (string, error)) (string, error) {
	poll, start := call.NewPoll(t.intervals), time.Now()
	for {
		note, err := change()
		if errors.Is(err, apierr.ErrNotFound) {
			note, err = t.confirmDeleted(ctx, step)
		}
		if !isRejected(err) || time.Since(start) >= call.SettleTimeAfter(err, call.SettleTime) {
			return note, err
		}
		if err := poll.Wait(ctx, err); err != nil {
			return "", err
		}
	}
}

func isRejected(err error) bool {
	return errors.Is(err, apierr.ErrConflict) || errors.Is(err, apierr.ErrInvalid) || errors.Is(err, ErrPlanOutdated) ||
		errors.Is(err, errStillExists)
}

// confirmDeleted reads the object of a step, and returns the request that showed that it does not exist.
func (t *teardown) confirmDeleted(ctx context.Context, step Step) (string, error) {
	path, err := t.read(ctx, step)
	switch {
	case errors.Is(err, apierr.ErrNotFound):
		return fmt.Sprintf("%s: GET %s returned 404", alreadyDeleted, path), nil
	case err != nil:
		return "", err
	}
	return "", errStillExists
}

func (t *teardown) read(ctx context.Context, step Step) (path string, err error) {
	c := t.client
	switch step.Action {
	case ActionDeleteApproval:
		_, err = c.policies.GetApproval(ctx, step.UpdatePolicyID, step.ID)
		return "/updatePolicies/" + step.UpdatePolicyID + "/complianceChanges/" + step.ID, err
	case ActionDeleteDeployment:
		_, err = c.deployments.Get(ctx, step.ID)
		return "/deployments/" + step.ID, err
	case ActionClearRules, ActionDeletePolicy:
		_, err = c.policies.Get(ctx, step.ID)
		return "/updatePolicies/" + step.ID, err
	}
	_, err = c.audiences.Get(ctx, audience.ByID(step.ID))
	return "/deploymentAudiences/" + step.ID, err
}
