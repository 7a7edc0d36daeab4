package teardown

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// targetAudience checks that the target exists, and returns the ID of the audience to delete.
func (c Client) targetAudience(ctx context.Context, target Target) (string, error) {
	if target.AudienceID != "" {
		read, err := c.audiences.Get(ctx, audience.ByID(target.AudienceID))
		if err != nil {
			return "", err
		}
		return cmp.Or(read.ID, target.AudienceID), nil
	}
	policy, err := c.policies.Get(ctx, target.UpdatePolicyID)
	if err != nil || target.KeepAudience {
		return "", err
	}
	return c.audienceID(ctx, policy.Audience, audience.OfUpdatePolicy(policy.ID))
}

// dependents are what depends on a target, and what only uses the same audience.
type dependents struct {
	policies    []policyUse
	deployments []*deployments.Deployment
	unrelated   []Step
}

// survey finds what depends on a target now. Deleted objects are no error, so that a teardown can be run
// again.
func (c Client) survey(ctx context.Context, plan *Plan) (dependents, error) {
	policies, using, err := c.collect(ctx, plan)
	if err != nil {
		return dependents{}, err
	}
	var h dependents
	for _, use := range policies {
		if plan.Target.takesPolicy(use.policy.ID) {
			h.policies = append(h.policies, use)
		} else {
			h.unrelated = append(h.unrelated, Step{Action: ActionDeletePolicy, ID: use.policy.ID})
		}
	}
	made := h.made()
	for _, d := range using {
		if wire.HasID(made, d.ID) || plan.Target.takesDeployment(d) {
			h.deployments = append(h.deployments, d)
		} else {
			h.unrelated = append(h.unrelated, deploymentStep(d))
		}
	}
	return h, nil
}

// made returns the IDs of the deployments that the approvals of the policies created.
func (h dependents) made() []string {
	var ids []string
	for _, use := range h.policies {
		for _, d := range use.made() {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// collect returns what exists of the target, and what uses the audience to delete.
func (c Client) collect(ctx context.Context, plan *Plan) ([]policyUse, []*deployments.Deployment, error) {
	if plan.AudienceID != "" {
		return c.dependentsOf(ctx, plan.AudienceID)
	}
	policy, err := call.ReadTwice(ctx, func() (*updatepolicies.Policy, error) {
		return c.policies.Get(ctx, plan.Target.UpdatePolicyID)
	})
	if errors.Is(err, apierr.ErrNotFound) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	use, err := c.approvalsOf(ctx, policy)
	return []policyUse{use}, withMade(nil, use), err
}

// steps returns the steps in the order that the service needs.
func (h dependents) steps(audienceID, members string) []Step {
	var steps []Step
	for _, use := range h.policies {
		if note := rulesNote(use.policy); note != "" {
			steps = append(steps, Step{Action: ActionClearRules, ID: use.policy.ID, Note: note})
		}
	}
	steps = append(steps, h.approvals()...)
	for _, d := range h.deployments {
		steps = append(steps, deploymentStep(d))
	}
	if len(h.deployments) > 0 {
		steps = append(steps, Step{Action: ActionWaitForDeployments})
	}
	if audienceID != "" {
		steps = append(steps, Step{Action: ActionRemoveMembers, ID: audienceID, Note: members})
	}
	for _, use := range h.policies {
		steps = append(steps, Step{Action: ActionDeletePolicy, ID: use.policy.ID})
	}
	if audienceID != "" {
		steps = append(steps, Step{Action: ActionDeleteAudience, ID: audienceID})
	}
	return steps
}

// rulesNote is empty for a policy without rules. Rules that could not be read may be there.
func rulesNote(policy *updatepolicies.Policy) string {
	if n := len(policy.Rules); n > 0 {
		return wire.Counted(n, "rule")
	}
	if slices.Contains(policy.Unread(), "complianceChangeRules") {
		return "rules that could not be read"
	}
	return ""
}

func (h dependents) approvals() []Step {
	var steps []Step
	for _, use := range h.policies {
		for _, approval := range use.approvals {
			note := "of " + cmp.Or(approval.Content.EntryID, "an unknown update")
			if approval.Revoked {
				note += ", revoked"
			}
			if slices.Contains(approval.Unread(), "isRevoked") {
				note += ", perhaps revoked"
			}
			step := Step{Action: ActionDeleteApproval, ID: approval.ID, UpdatePolicyID: use.policy.ID, Note: note}
			steps = append(steps, step)
		}
	}
	return steps
}

func deploymentStep(d *deployments.Deployment) Step {
	state := cmp.Or(string(d.State.Effective), "in an unknown state")
	update := cmp.Or(d.Content.EntryID, "an unknown update")
	return Step{Action: ActionDeleteDeployment, ID: d.ID, Note: state + ", of " + update}
}

func (c Client) countMembers(ctx context.Context, audienceID string) (string, error) {
	if audienceID == "" {
		return "", nil
	}
	r, err := c.removals(ctx, audience.ByID(audienceID))
	if err != nil {
		return "", err
	}
	return r.contents() + " listed" + r.protected(), nil
}

// removal is the edit that removes the listed devices and groups. Assets of unknown kinds cannot be removed,
// and protected ones stay exclusions; both are deleted with the audience.
type removal struct {
	audience.Edit
	kept int // protected exclusions
}

func (c Client) removals(ctx context.Context, of audience.Ref) (r removal, err error) {
	if r.RemoveMembers, err = removable(ctx, c.audiences.ListMembers(of, nil)); err != nil {
		return r, err
	}
	excluded, err := removable(ctx, c.audiences.ListExclusions(of, nil))
	if err != nil {
		return r, err
	}
	r.RemoveExclusions, r.kept, err = audience.Internal.Unprotected(ctx, c.audiences, "groups.ListMembers", excluded)
	return r, err
}

func removable(ctx context.Context, list odata.List[audience.Asset]) ([]audience.Member, error) {
	var all []audience.Member
	for asset, err := range list.All(ctx) {
		if err != nil {
			return nil, err
		}
		if kind := asset.Common().Kind; kind == audience.KindDevice || kind == audience.KindGroup {
			all = append(all, audience.Member{Kind: kind, ID: asset.Common().ID})
		}
	}
	return all, nil
}

func (r removal) contents() string {
	return wire.Counted(len(r.RemoveMembers), "member") + " and " + wire.Counted(len(r.RemoveExclusions), "exclusion")
}

// protected says how many exclusions stay; empty for none.
func (r removal) protected() string {
	switch r.kept {
	case 0:
		return ""
	case 1:
		return "; 1 protected exclusion stays"
	}
	return fmt.Sprintf("; %d protected exclusions stay", r.kept)
}
