package policies

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Rule approves updates automatically: a *[QualityUpdateRule], *[RecoveryUpdateRule],
// *[DriverUpdateRule], or *[UnknownRule]. No rule for feature updates is documented.
type Rule interface {
	// Common returns the fields that all rules have.
	Common() *RuleBase
	rule()
}

// QualityRule is a rule for a policy for quality updates: a *[QualityUpdateRule],
// *[RecoveryUpdateRule], or *[UnknownRule].
type QualityRule interface {
	Rule
	qualityRule()
}

// DriverRule is a rule for a policy for drivers: a *[DriverUpdateRule] or *[UnknownRule].
type DriverRule interface {
	Rule
	driverRule()
}

// Rules is a list of rules that can be unmarshaled from JSON.
type Rules []Rule

// RuleBase has the fields of all rules.
type RuleBase struct {
	// DeferralDays is the number of days from the release of an update to its approval: 0 to
	// 30, and for drivers 0 or more. How it adds up with the deferral of a ring is not
	// documented.
	DeferralDays int `json:"deferralInDays"`
	// Extra has unknown properties. They are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Common returns b.
func (b *RuleBase) Common() *RuleBase { return b }

func (b *RuleBase) rule() {}

// QualityUpdateRule approves the quality updates of one classification and cadence.
type QualityUpdateRule struct {
	RuleBase
	// Classification is the classification of the updates. It must not be empty.
	Classification catalog.Classification `json:"classification"`
	// Cadence is the cadence of the updates. It must not be empty.
	Cadence catalog.Cadence `json:"cadence"`
}

// RecoveryUpdateRule approves updates for quick machine recovery.
type RecoveryUpdateRule struct {
	RuleBase
}

// DriverUpdateRule approves drivers and firmware.
type DriverUpdateRule struct {
	RuleBase
}

// UnknownRule is a rule of a kind that the SDK does not recognize. It can be sent back
// unchanged.
type UnknownRule struct {
	RuleBase
	// Kind is the service's name of the kind, without the namespace
	// "microsoft.graph.windowsUpdates". It is empty if the service omitted it. When it is
	// sent, it must not be empty or a kind that has a type of its own.
	Kind string `json:"type,omitempty"`
}

// QualityDeferredBy returns a rule that approves quality updates a number of days after
// their release, 0 to 30. The rules of update policies count from the approval; see
// updatepolicies.QualityStartingAfter.
func QualityDeferredBy(
	days int, classification catalog.Classification, cadence catalog.Cadence,
) *QualityUpdateRule {
	return &QualityUpdateRule{
		RuleBase:       RuleBase{DeferralDays: days},
		Classification: classification,
		Cadence:        cadence,
	}
}

// RecoveryDeferredBy returns a rule that approves updates for quick machine recovery a
// number of days after their release, 0 to 30.
func RecoveryDeferredBy(days int) *RecoveryUpdateRule {
	return &RecoveryUpdateRule{RuleBase{DeferralDays: days}}
}

// DriverDeferredBy returns a rule that approves drivers a number of days after their release,
// 0 or more. The rules of update policies count from the approval; see
// updatepolicies.DriversStartingAfter.
func DriverDeferredBy(days int) *DriverUpdateRule {
	return &DriverUpdateRule{RuleBase{DeferralDays: days}}
}

func (*QualityUpdateRule) qualityRule()  {}
func (*RecoveryUpdateRule) qualityRule() {}
func (*UnknownRule) qualityRule()        {}
func (*DriverUpdateRule) driverRule()    {}
func (*UnknownRule) driverRule()         {}

// copied returns nil for nil.
func (rules Rules) copied() Rules {
	out := slices.Clone(rules)
	for i, rule := range out {
		out[i] = copyRule(rule)
	}
	return out
}

// copyRule leaves a rule of a foreign type as it is, so that Validate can report it.
func copyRule(rule Rule) Rule {
	if wire.IsNil(rule) {
		return rule
	}
	switch r := rule.(type) {
	case *QualityUpdateRule:
		rule = new(*r)
	case *RecoveryUpdateRule:
		rule = new(*r)
	case *DriverUpdateRule:
		rule = new(*r)
	case *UnknownRule:
		rule = new(*r)
	default:
		return rule
	}
	rule.Common().Extra = maps.Clone(rule.Common().Extra)
	return rule
}

// checkRules checks the rules of a policy, which are all of type R.
func checkRules[R Rule](rules Rules) error {
	errs := make([]error, len(rules))
	for i, rule := range rules {
		field := fmt.Sprintf("Rules[%d]", i)
		errs[i] = checkRule(field, rule)
		if _, fits := rule.(R); errs[i] == nil && !fits {
			errs[i] = wire.OutOfRange(field, fmt.Sprintf("%T", rule), "must be a rule for the kind of the policy")
		}
	}
	return errors.Join(errs...)
}

func checkRule(field string, rule Rule) error {
	if wire.IsNil(rule) {
		return &apierr.FieldError{Field: field, Rule: "must not be nil"}
	}
	sent := map[string]bool{"@odata.type": true, "deferralInDays": true}
	longest, own := longestDeferral, error(nil)
	switch r := rule.(type) {
	case *QualityUpdateRule:
		own, sent["classification"], sent["cadence"] = r.check(field), true, true
	case *RecoveryUpdateRule:
	case *DriverUpdateRule:
		longest = unlimited
	case *UnknownRule:
		longest = unlimited
		own = wire.CheckUnknownKind(field+".Kind", r.Kind, qualityRuleType, recoveryRuleType, driverRuleType)
	default:
		return &apierr.FieldError{Field: field, Value: fmt.Sprintf("%T", rule), Rule: "must be a rule of this package"}
	}
	base := rule.Common()
	deferral := checkDays(field+".DeferralDays", base.DeferralDays, longest)
	return errors.Join(deferral, own, wire.CheckExtra(field, base.Extra, sent))
}

func (r *QualityUpdateRule) check(field string) error {
	return errors.Join(
		wire.CheckNamed(field+".Classification", string(r.Classification)),
		wire.CheckNamed(field+".Cadence", string(r.Cadence)),
	)
}

// isAppliedTo reports whether rules that were read are these rules. Properties in Extra
// cannot be compared.
func (rules Rules) isAppliedTo(read Rules) bool {
	return read != nil && slices.EqualFunc(rules, read, func(a, b Rule) bool {
		return len(a.Common().Extra) == 0 && !unread(b) && reflect.DeepEqual(withoutExtra(a), withoutExtra(b))
	})
}

func withoutExtra(rule Rule) Rule {
	rule = copyRule(rule)
	rule.Common().Extra = nil
	return rule
}

// areSame reports whether rules that were read are these rules, in any order. Additional properties are
// compared if these rules have them.
func (rules Rules) areSame(read Rules) bool {
	rest := slices.Clone(read)
	for _, rule := range rules {
		i := slices.IndexFunc(rest, func(other Rule) bool { return isSameRule(rule, other) })
		if i < 0 {
			return false
		}
		rest = slices.Delete(rest, i, i+1)
	}
	return len(rest) == 0
}

func isSameRule(rule, read Rule) bool {
	for name, raw := range rule.Common().Extra {
		if !sameJSON(raw, read.Common().Extra[name]) {
			return false
		}
	}
	return reflect.DeepEqual(withoutExtra(rule), withoutExtra(read))
}
