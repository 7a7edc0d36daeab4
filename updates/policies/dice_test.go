package policies_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
)

// dice make random values of policies and rings that pass Validate.
type dice struct{ stub.Random }

func thrown(seed, stream uint64) dice { return dice{stub.Seeded(seed, stream)} }

// storable has a value of each type that is stored as JSON.
func (r dice) storable() []any {
	return []any{
		r.qualityPolicySpec(), r.featurePolicySpec(), r.driverPolicySpec(),
		r.qualityPolicyUpdate(), r.featurePolicyUpdate(), r.driverPolicyUpdate(),
		r.qualityRingSpec(), r.featureRingSpec(), r.driverRingSpec(),
		r.qualityRingUpdate(), r.featureRingUpdate(), r.driverRingUpdate(),
		*r.policy(), r.rings(), *r.applicableCatalog(), r.ensured(), *r.approval(), r.assigned(),
	}
}

func (r dice) word() string { return r.Word("security", "monthly") }

func (r dice) days() int { return r.IntN(31) }

func (r dice) moment() time.Time { return stub.Maybe(r, r.Time) }

func (r dice) groups() []string {
	groups := []string{}
	for range r.IntN(3) {
		groups = append(groups, stub.DeviceID(r.IntN(9)))
	}
	return groups
}

func (r dice) qualityRules() policies.Rules {
	return r.rulesOf(r.qualityRule, r.recoveryRule, r.unknownRule)
}

func (r dice) driverRules() policies.Rules { return r.rulesOf(r.driverRule, r.unknownRule) }

func (r dice) rules() policies.Rules {
	return r.rulesOf(r.qualityRule, r.recoveryRule, r.driverRule, r.unknownRule)
}

func (r dice) rulesOf(kinds ...func() policies.Rule) policies.Rules {
	rules := policies.Rules{}
	for range r.IntN(4) {
		rules = append(rules, kinds[r.IntN(len(kinds))]())
	}
	return rules
}

func (r dice) ruleBase(longest int) policies.RuleBase {
	return policies.RuleBase{DeferralDays: r.IntN(longest + 1), Extra: r.Extra()}
}

func (r dice) qualityRule() policies.Rule {
	return &policies.QualityUpdateRule{
		RuleBase: r.ruleBase(30), Classification: catalog.Classification(r.word()), Cadence: catalog.CadenceMonthly,
	}
}

func (r dice) recoveryRule() policies.Rule {
	return &policies.RecoveryUpdateRule{RuleBase: r.ruleBase(30)}
}

func (r dice) driverRule() policies.Rule {
	return &policies.DriverUpdateRule{RuleBase: r.ruleBase(400)}
}

func (r dice) unknownRule() policies.Rule {
	kinds := []string{"lunarApprovalRule", "other.lunarApprovalRule"}
	return &policies.UnknownRule{RuleBase: r.ruleBase(400), Kind: kinds[r.IntN(2)]}
}

func (r dice) qualityPolicySpec() policies.QualityPolicySpec {
	return policies.QualityPolicySpec{DisplayName: r.word(), Description: r.word(), Rules: r.qualityRules(), Extra: r.Extra()}
}

func (r dice) featurePolicySpec() policies.FeaturePolicySpec {
	return policies.FeaturePolicySpec{DisplayName: r.word(), Description: r.word(), Extra: r.Extra()}
}

func (r dice) driverPolicySpec() policies.DriverPolicySpec {
	return policies.DriverPolicySpec{DisplayName: r.word(), Description: r.word(), Rules: r.driverRules(), Extra: r.Extra()}
}

func (r dice) policy() *policies.Policy {
	return &policies.Policy{
		ID: "p", Kind: policies.PolicyKind(r.word()), DisplayName: r.word(), Description: r.word(), Rules: r.rules(),
		Rings: r.rings(), Approvals: []*policies.Approval{r.approval()},
		ApplicableContent:  []*audience.ApplicableContent{{EntryID: r.word()}},
		ApplicableCatalogs: []*policies.ApplicableCatalog{r.applicableCatalog()},
		Created:            r.moment(), Modified: r.moment(), Extra: r.Extra(),
	}
}

func (r dice) qualityPolicyUpdate() policies.QualityPolicyUpdate {
	return policies.QualityPolicyUpdate{
		DisplayName: toss(r, r.word), Description: toss(r, r.word), Rules: toss(r, r.qualityRules), Extra: r.Extra(),
	}
}

func (r dice) featurePolicyUpdate() policies.FeaturePolicyUpdate {
	return policies.FeaturePolicyUpdate{DisplayName: toss(r, r.word), Description: toss(r, r.word), Extra: r.Extra()}
}

func (r dice) driverPolicyUpdate() policies.DriverPolicyUpdate {
	return policies.DriverPolicyUpdate{
		DisplayName: toss(r, r.word), Description: toss(r, r.word), Rules: toss(r, r.driverRules), Extra: r.Extra(),
	}
}

func (r dice) ringSpec(longest int) policies.RingSpecBase {
	return policies.RingSpecBase{
		DisplayName: r.word(), Description: r.word(), Included: r.groups(), Excluded: r.groups(),
		DeferralDays: r.IntN(longest + 1), Paused: r.Yes(), Extra: r.Extra(),
	}
}

func (r dice) qualityRingSpec() policies.QualityRingSpec {
	return policies.QualityRingSpec{RingSpecBase: r.ringSpec(30), Hotpatch: r.hotpatch()}
}

func (r dice) featureRingSpec() policies.FeatureRingSpec {
	return policies.FeatureRingSpec{
		RingSpecBase: r.ringSpec(400), OfferIntervalDays: r.optionalDays(), OfferDurationDays: r.optionalDays(),
	}
}

func (r dice) driverRingSpec() policies.DriverRingSpec {
	return policies.DriverRingSpec{RingSpecBase: r.ringSpec(400)}
}

func (r dice) rings() policies.Rings {
	rings := policies.Rings{}
	for range r.IntN(4) {
		rings = append(rings, r.ring())
	}
	return rings
}

func (r dice) ring() policies.Ring {
	switch base := r.ringBase(); r.IntN(4) {
	case 0:
		return &policies.QualityUpdateRing{RingBase: base, Hotpatch: r.hotpatch()}
	case 1:
		return &policies.FeatureUpdateRing{RingBase: base, OfferIntervalDays: r.optionalDays(), OfferDurationDays: r.optionalDays()}
	case 2:
		return &policies.DriverUpdateRing{RingBase: base}
	default:
		kinds := []string{"", "ring", "lunarRing", "other.qualityUpdateRing"}
		return &policies.UnknownRing{RingBase: base, Kind: kinds[r.IntN(len(kinds))]}
	}
}

func (r dice) ringBase() policies.RingBase {
	return policies.RingBase{
		ID: "r", DisplayName: r.word(), Description: r.word(), Included: r.assigned(), Excluded: r.assigned(),
		DeferralDays: r.days(), Paused: r.Yes(), Created: r.moment(), Modified: r.moment(), Extra: r.Extra(),
	}
}

func (r dice) optionalDays() *int { return []*int{nil, new(0), new(r.days())}[r.IntN(3)] }

func (r dice) hotpatch() *bool { return []*bool{nil, new(true), new(false)}[r.IntN(3)] }

func (r dice) assigned() policies.RingGroups {
	groups := policies.RingGroups{Incomplete: r.Yes(), Extra: r.Extra()}
	if r.Yes() {
		groups.Assigned = []policies.AssignedGroup{}
	}
	for range r.IntN(3) {
		groups.Assigned = append(groups.Assigned, policies.AssignedGroup{GroupID: r.word(), Extra: r.Extra()})
	}
	return groups
}

func (r dice) qualityRingUpdate() policies.QualityRingUpdate {
	return policies.QualityRingUpdate{
		DisplayName: toss(r, r.word), Description: toss(r, r.word), Included: toss(r, r.groups), Excluded: toss(r, r.groups),
		DeferralDays: toss(r, r.days), Paused: toss(r, r.Yes), Hotpatch: toss(r, r.Yes), Extra: r.Extra(),
	}
}

func (r dice) featureRingUpdate() policies.FeatureRingUpdate {
	return policies.FeatureRingUpdate{
		DisplayName: toss(r, r.word), Description: toss(r, r.word), Included: toss(r, r.groups), Excluded: toss(r, r.groups),
		DeferralDays: toss(r, r.days), Paused: toss(r, r.Yes),
		OfferIntervalDays: toss(r, r.days), OfferDurationDays: toss(r, r.days), Extra: r.Extra(),
	}
}

func (r dice) driverRingUpdate() policies.DriverRingUpdate {
	return policies.DriverRingUpdate{
		DisplayName: toss(r, r.word), Description: toss(r, r.word), Included: toss(r, r.groups), Excluded: toss(r, r.groups),
		DeferralDays: toss(r, r.days), Paused: toss(r, r.Yes), Extra: r.Extra(),
	}
}

func (r dice) applicableCatalog() *policies.ApplicableCatalog {
	c := &policies.ApplicableCatalog{
		EntryID: r.word(), DeviceCount: r.optionalDays(), HasRecommended: r.hotpatch(), Extra: r.Extra(),
		Devices: stub.Maybe(r, func() []*audience.ApplicableDevice {
			return []*audience.ApplicableDevice{{DeviceID: r.word(), Recommended: r.Yes(), Extra: r.Extra()}}
		}),
	}
	if r.Yes() {
		c.Entry = &catalog.DriverUpdate{Base: catalog.Base{ID: "e", Kind: catalog.KindDriver}, Version: r.word()}
	}
	return c
}

func (r dice) ensured() policies.Ensured {
	e := policies.Ensured{ID: r.word(), Outcome: policies.Outcome(r.word())}
	for range r.IntN(3) {
		e.Differences = append(e.Differences, policies.Difference{
			Property: r.word(), From: json.RawMessage("null"), To: json.RawMessage(fmt.Sprint(r.days())),
		})
	}
	return e
}

func (r dice) approval() *policies.Approval {
	a := &policies.Approval{
		ID: "a", EntryID: r.word(), Status: policies.ApprovalStatus(r.word()), Created: r.moment(), Modified: r.moment(),
		Extra: r.Extra(),
	}
	if r.Yes() {
		a.Entry = &catalog.RecoveryUpdate{Base: catalog.Base{ID: "e", Kind: catalog.KindRecovery}, CatalogName: r.word()}
	}
	return a
}

// toss is one of the three changes that there are.
func toss[T any](r dice, value func() T) odata.Change[T] {
	return []odata.Change[T]{{}, odata.Null[T](), odata.Set(value())}[r.IntN(3)]
}
