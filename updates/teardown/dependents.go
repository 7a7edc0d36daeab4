package teardown

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// policyUse is an update policy with all its approvals, each with its deployments.
type policyUse struct {
	policy    *updatepolicies.Policy
	approvals []*updatepolicies.Approval
}

// dependentsOf returns the policies and deployments that use an audience. The service may omit deployments of
// approvals from its list, so the approvals are read too.
func (c Client) dependentsOf(ctx context.Context, audienceID string) ([]policyUse, []*deployments.Deployment, error) {
	found, err := c.policiesOf(ctx, audienceID)
	if err != nil {
		return nil, nil, err
	}
	using, err := c.deploymentsOf(ctx, audienceID)
	if err != nil {
		return nil, nil, err
	}
	for _, use := range found {
		using = withMade(using, use)
	}
	return found, using, nil
}

func (c Client) policiesOf(ctx context.Context, audienceID string) ([]policyUse, error) {
	read, err := audience.Internal.UpdatePoliciesOf(ctx, c.audiences, audienceID)
	if err != nil {
		return nil, unknownDependents("update policies", err)
	}
	var using []policyUse
	for _, policy := range read {
		use, err := c.approvalsOf(ctx, updatepolicies.Internal.ReadPolicy(policy))
		if err != nil {
			return nil, err
		}
		using = append(using, use)
	}
	return using, nil
}

// approvalsOf reads what a policy approves. It omits what two responses show to be deleted in the meantime,
// the policy included.
func (c Client) approvalsOf(ctx context.Context, policy *updatepolicies.Policy) (policyUse, error) {
	use := policyUse{policy: policy}
	for approval, err := range c.policies.ListApprovals(policy.ID, nil).All(ctx) {
		if errors.Is(err, apierr.ErrNotFound) {
			return use, c.checkDeleted(ctx, policy.ID, err)
		}
		if err == nil {
			approval, err = call.ReadTwice(ctx, func() (*updatepolicies.Approval, error) {
				return c.policies.GetApproval(ctx, policy.ID, approval.ID)
			})
		}
		switch {
		case errors.Is(err, apierr.ErrNotFound):
		case err != nil:
			return use, err
		case slices.Contains(approval.Unread(), "deployments"):
			return use, fmt.Errorf("the deployments of approval %s of update policy %s could not be read", approval.ID, policy.ID)
		default:
			use.approvals = append(use.approvals, approval)
		}
	}
	return use, nil
}

// checkDeleted returns nil if the policy whose approvals were not found is deleted itself.
func (c Client) checkDeleted(ctx context.Context, policyID string, notFound error) error {
	_, err := c.policies.Get(ctx, policyID)
	switch {
	case errors.Is(err, apierr.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return unknownDependents("approvals", notFound)
}

func (c Client) deploymentsOf(ctx context.Context, audienceID string) ([]*deployments.Deployment, error) {
	read, err := audience.Internal.DeploymentsOf(ctx, c.audiences, audienceID)
	var using []*deployments.Deployment
	for _, d := range read {
		using = append(using, deployments.Internal.ReadDeployment(d))
	}
	return using, unknownDependents("deployments", err)
}

// unknownDependents returns an error of a list that is not ErrNotFound: a 404 of a list does not show that an
// object of it, or the target, is deleted.
func unknownDependents(kind string, err error) error {
	if errors.Is(err, apierr.ErrNotFound) {
		return fmt.Errorf("the list of %s cannot be read: %s", kind, call.Unnamed(err))
	}
	return err
}

// audienceID returns the ID of the audience that something was listed with, or of the
// one that the service returns for ref; it is empty if there is none.
func (c Client) audienceID(ctx context.Context, listed audience.Audience, ref audience.Ref) (string, error) {
	return audience.Internal.IDOf(ctx, c.audiences, listed.ID, ref)
}

// made returns the deployments that the approvals of a policy created.
func (u policyUse) made() []*deployments.Deployment {
	var made []*deployments.Deployment
	for _, approval := range u.approvals {
		made = append(made, approval.Deployments...)
	}
	return made
}

func withMade(using []*deployments.Deployment, by policyUse) []*deployments.Deployment {
	for _, d := range by.made() {
		if !slices.ContainsFunc(using, func(other *deployments.Deployment) bool { return wire.SameID(other.ID, d.ID) }) {
			using = append(using, d)
		}
	}
	return using
}
