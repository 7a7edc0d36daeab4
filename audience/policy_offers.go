package audience

import (
	"context"
	"time"

	"github.com/microsoft/kiota-abstractions-go/serialization"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// An update policy offers updates to new members by its rules and approvals, before a list has a deployment of
// it. This file says which do so immediately.

// policyOffer returns what offers updates to each new member of an audience immediately because of an update
// policy; the zero offer for nothing.
func (c Client) policyOffer(ctx context.Context, op, audienceID string) (offer, error) {
	policies, err := c.updatePoliciesOf(ctx, op, audienceID)
	if err != nil {
		return offer{}, err
	}
	for _, policy := range policies {
		if o, err := c.offerOf(ctx, op, policy); err != nil || !o.isNone() {
			return o, err
		}
	}
	return offer{}, nil
}

// policyOfferTo is policyOffer for the audiences in which a group can be in a set, but for those checked.
func (c Client) policyOfferTo(
	ctx context.Context, op, group string, set func(routes) fetchAssets, checked map[string]bool,
) (offer, error) {
	q := &odata.Query{Expand: []string{"audience"}}
	all := call.List(c.call, call.Op{Name: op}, q, fetchUpdatePolicies, call.All(asIs[models.UpdatePolicyable]))
	for policy, err := range all.All(ctx) {
		if err != nil {
			return offer{}, err
		}
		if checked[wire.Fold(listedID(policy))] {
			continue
		}
		o, err := c.offerOf(ctx, op, policy)
		if err != nil {
			return offer{}, err
		}
		if o.isNone() {
			continue
		}
		if can, err := c.canBeIn(ctx, op, OfUpdatePolicy(wire.Value(policy.GetId())), group, set); err != nil || can {
			return o, err
		}
	}
	return offer{}, nil
}

// offerOf returns what a policy offers immediately; the zero offer for nothing.
func (c Client) offerOf(ctx context.Context, op string, policy models.UpdatePolicyable) (offer, error) {
	id := wire.Value(policy.GetId())
	if hasRules(policy) && offersAtOnce(policy) {
		return offer{"update policy " + id + " has rules and no rollout", true}, nil
	}
	of := OfUpdatePolicy(id).audienceOp(op, call.Read)
	approvals := call.List(c.call, of, nil, fetchApprovals(id), call.All(asIs[models.ContentApprovalable]))
	for a, err := range approvals.All(ctx) {
		if err != nil {
			return offer{}, err
		}
		if !wire.Value(a.GetIsRevoked()) && offersAtOnce(a, policy) {
			why := "approval " + wire.Value(a.GetId()) + " of update policy " + id + " has no rollout"
			return offer{why, isRollable(a.GetContent())}, nil
		}
	}
	return offer{}, nil
}

// hasRules also returns true if the rules could not be read.
func hasRules(policy models.UpdatePolicyable) bool {
	isUnread := len(wire.Unread(wire.Extra(policy), "complianceChangeRules")) > 0
	return isUnread || len(policy.GetComplianceChangeRules()) > 0
}

// settled is an approval or a policy.
type settled interface {
	serialization.AdditionalDataHolder
	GetDeploymentSettings() models.DeploymentSettingsable
}

// offersAtOnce reports whether updates with the settings of an approval and its policy are offered immediately.
// Each part is that of the first that sets it. Settings that could not be read have no rollout.
func offersAtOnce(settings ...settled) bool {
	var schedule models.ScheduleSettingsable
	var expedite models.ExpediteSettingsable
	for _, owner := range settings {
		s := owner.GetDeploymentSettings()
		if len(wire.Unread(wire.Extra(owner), "deploymentSettings")) > 0 {
			return true
		}
		if s == nil {
			continue
		}
		if len(wire.Unread(wire.Extra(s), "schedule")) > 0 {
			return true
		}
		if schedule == nil && setsAnything(s.GetSchedule()) {
			schedule = s.GetSchedule()
		}
		if expedite == nil {
			expedite = s.GetExpedite()
		}
	}
	return !isTest(expedite) && (schedule == nil || !isGradual(schedule, time.Now()))
}

// setsAnything reports whether a schedule says something. A rollout of 0 devices is none.
func setsAnything(s models.ScheduleSettingsable) bool {
	if s == nil {
		return false
	}
	rate, isRate := s.GetGradualRollout().(models.RateDrivenRolloutSettingsable)
	isEmpty := isRate && wire.Value(rate.GetDevicesPerOffer()) == 0 && len(wire.Extra(rate)) == 0
	hasRollout := s.GetGradualRollout() != nil && !isEmpty
	return hasRollout || !wire.Time(s.GetStartDateTime()).IsZero() || len(wire.Extra(s)) > 0
}

func fetchApprovals(policyID string) call.Fetch[models.ContentApprovalPageable] {
	return func(ctx context.Context, g *graph.Client, link string, _ *call.Parameters) (models.ContentApprovalPageable, error) {
		changes := g.UpdatePolicies().ByUpdatePolicyId(policyID).ComplianceChanges()
		return call.At(changes.MicrosoftGraphWindowsUpdatesContentApproval(), link).Get(ctx, nil)
	}
}
