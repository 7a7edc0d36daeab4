package teardown

import (
	"context"
	"errors"
	"slices"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// policyUse is an update policy with all its approvals, each with its deployments.
type policyUse struct {
	policy    *updatepolicies.UpdatePolicy
	approvals []*updatepolicies.ContentApproval
}

// usersOf are the policies and the deployments that use an audience. The service may
// keep deployments of approvals out of its list, so that they are asked for too.
func (c Client) usersOf(ctx context.Context, audienceID string) ([]policyUse, []*deployments.Deployment, error) {
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
	var using []policyUse
	for policy, err := range c.policies.List(odata.Query{Expand: []string{"audience"}}).All(ctx) {
		if err != nil {
			return nil, err
		}
		of, err := c.audienceID(ctx, policy.Audience, audience.OfUpdatePolicy(policy.ID))
		if err != nil {
			return nil, err
		}
		if !wire.SameID(of, audienceID) {
			continue
		}
		use, err := c.approvalsOf(ctx, policy)
		if err != nil {
			return nil, err
		}
		using = append(using, use)
	}
	return using, nil
}

// approvalsOf reads what a policy approves. What goes away in the meantime, the policy
// included, is left out.
func (c Client) approvalsOf(ctx context.Context, policy *updatepolicies.UpdatePolicy) (policyUse, error) {
	use := policyUse{policy: policy}
	for approval, err := range c.policies.ListApprovals(policy.ID, odata.Query{}).All(ctx) {
		if errors.Is(err, apierr.ErrNotFound) {
			break
		}
		if err == nil {
			approval, err = c.policies.GetApproval(ctx, policy.ID, approval.ID)
		}
		switch {
		case errors.Is(err, apierr.ErrNotFound):
		case err != nil:
			return use, err
		default:
			use.approvals = append(use.approvals, approval)
		}
	}
	return use, nil
}

// deploymentsOf checks what the filter gives: a wrong deployment must not be deleted
// where the service takes no notice of it.
func (c Client) deploymentsOf(ctx context.Context, audienceID string) ([]*deployments.Deployment, error) {
	var using []*deployments.Deployment
	filter := "audience/id eq " + wire.Quote(audienceID)
	for d, err := range c.deployments.List(odata.Query{Filter: filter}).All(ctx) {
		if err != nil {
			return nil, err
		}
		of, err := c.audienceID(ctx, d.Audience, audience.OfDeployment(d.ID))
		if err != nil {
			return nil, err
		}
		if wire.SameID(of, audienceID) {
			using = append(using, d)
		}
	}
	return using, nil
}

// audienceID is the id of an audience that came with something, or asked for where
// none came; empty when there is none.
func (c Client) audienceID(ctx context.Context, came audience.Audience, of audience.Ref) (string, error) {
	if came.ID != "" {
		return came.ID, nil
	}
	read, err := c.audiences.Get(ctx, of)
	if errors.Is(err, apierr.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return read.ID, nil
}

// made are the deployments that the approvals of a policy made.
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
