package updatepolicies

import (
	"context"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Expecting returns a client whose calls may offer updates immediately to at most that many devices,
// if that is more than updates.Limits.ImmediateOffers; see [deployments.Client.Expecting].
func (c Client) Expecting(devices int) Client {
	c.expecting = devices
	return c
}

const expectingOption = "Client.Expecting"

func (c Client) checkExpecting() error { return call.CheckExpecting(expectingOption, c.expecting) }

func (c Client) checkOffer(ctx context.Context, op, audienceID string) error {
	members := audience.Internal.NewClient(c.call)
	return audience.Internal.CheckNewOffer(ctx, members, op, audienceID, c.expecting, expectingOption, true)
}

// checkCreate returns an error if the rules of a new policy would offer updates immediately to
// more members than meant.
func (c Client) checkCreate(ctx context.Context, op string, spec Spec) error {
	if len(spec.Rules) == 0 || c.call.IsMadeUp(spec.AudienceID) || !deployments.Internal.OffersImmediately(spec.Settings, time.Now()) {
		return nil
	}
	return c.checkOffer(ctx, op, spec.AudienceID)
}

// checkPolicy returns an error if a call about a policy would do that, as offers reports for
// the policy as it is.
func (c Client) checkPolicy(ctx context.Context, op call.Op, id string, offers func(*Policy) bool) error {
	policy, err := c.get(ctx, op, id)
	if err != nil || !offers(policy) {
		return err
	}
	return c.checkMembers(ctx, op.Name, id, policy)
}

// checkMembers returns an error if a policy has more members than meant.
func (c Client) checkMembers(ctx context.Context, op, id string, policy *Policy) error {
	members := audience.Internal.NewClient(c.call)
	audienceID, err := audience.Internal.IDOf(ctx, members, policy.Audience.ID, audience.OfUpdatePolicy(id))
	if err != nil {
		return err
	}
	return c.checkOffer(ctx, op, audienceID)
}

// isCounted reports whether there is a limit, and a policy of which something can be read.
func (c Client) isCounted(policyID string) bool {
	return c.call.Limits().ImmediateOffers != call.NoLimit && !c.call.IsMadeUp(policyID)
}

// checkUpdate is for a change of settings and rules of a policy.
func (c Client) checkUpdate(ctx context.Context, op, id string, u deployments.Update, rules Rules) error {
	now := time.Now()
	if !c.isCounted(id) || len(rules) == 0 && !deployments.Internal.MayOffer(u, now) {
		return nil
	}
	return c.checkPolicy(ctx, policyOp(op, call.Read, id), id, func(p *Policy) bool {
		return len(rules) > 0 && offersAfter(u, p.Settings, now) || newlyOffers(u, p, now)
	})
}

// newlyOffers reports whether an update of the settings of a policy offers updates immediately
// that were not before.
func newlyOffers(u deployments.Update, p *Policy, now time.Time) bool {
	return !hasOffered(p.Settings, now, p) && offersAfter(u, p.Settings, now)
}

func offersAfter(u deployments.Update, s deployments.Settings, now time.Time) bool {
	return deployments.Internal.OffersImmediately(deployments.Internal.AppliedTo(u, s), now)
}

// checkApprove is for a new approval.
func (c Client) checkApprove(ctx context.Context, op, policyID string, spec ApprovalSpec) error {
	now := time.Now()
	if !c.isCounted(policyID) || spec.Settings.Schedule.Rollout != nil && !deployments.Internal.OffersImmediately(spec.Settings, now) {
		return nil
	}
	return c.checkPolicy(ctx, approvalsOp(op, call.Read, policyID), policyID, func(p *Policy) bool {
		return deployments.Internal.OffersImmediately(deployments.Internal.Merged(p.Settings, spec.Settings), now)
	})
}

// checkApproval is for a change of the settings of an approval, which take precedence over
// those of its policy.
func (c Client) checkApproval(ctx context.Context, op, policyID, approvalID string, u deployments.Update) error {
	if !c.isCounted(policyID) || !deployments.Internal.MayOffer(u, time.Now()) {
		return nil
	}
	a, err := c.getApproval(ctx, approvalOp(op, call.Read, policyID, approvalID), policyID, approvalID)
	if err != nil {
		return err
	}
	return c.checkOfApproval(ctx, op, policyID, a, u)
}

// checkOfApproval is for a change of the settings of an approval that was read.
func (c Client) checkOfApproval(ctx context.Context, op, policyID string, a *Approval, u deployments.Update) error {
	now := time.Now()
	if !c.isCounted(policyID) || a.Revoked {
		return nil
	}
	return c.checkPolicy(ctx, approvalsOp(op, call.Read, policyID), policyID, func(p *Policy) bool {
		before := deployments.Internal.Merged(p.Settings, a.Settings)
		after := deployments.Internal.Merged(p.Settings, deployments.Internal.AppliedTo(u, a.Settings))
		isNew := !areRead(a.Extra) || !hasOffered(before, now, p)
		return isNew && deployments.Internal.OffersImmediately(after, now)
	})
}

// hasOffered reports whether settings that depend on a policy certainly offer immediately.
func hasOffered(s deployments.Settings, now time.Time, p *Policy) bool {
	return deployments.Internal.HasOffered(s, p.Extra, settingsProperty, now)
}

// removal is the update that removes all settings, as far as it matters for offers.
func removal() deployments.Update {
	return deployments.Update{
		Schedule: odata.Null[deployments.Schedule](), Expedite: odata.Null[deployments.Expedite](),
	}
}

// changeOf is the update of a change of settings, as far as it matters for offers.
func changeOf(c odata.Change[deployments.Settings]) deployments.Update {
	if c.IsNull() {
		return removal()
	}
	settings, _ := c.Value()
	return deployments.Internal.UpdateOf(settings)
}
