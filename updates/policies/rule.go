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

// Rule approves updates automatically: a *[QualityUpdateRule], *[RecoveryUpdateRule], or
// *[UnknownRule].
type Rule interface {
	// Common returns the fields that all rules have.
	Common() *RuleBase
	rule()
}

// Rules is a list of rules that can be unmarshaled from JSON.
type Rules []Rule

// RuleBase has the fields of all rules.
type RuleBase struct {
	// DeferralDays is the number of days, 0 to 30, from the release of an update to its
	// approval. How it adds up with the deferral of a ring is not documented.
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

// UnknownRule is a rule of a kind that the SDK does not recognize. It can be sent back
// unchanged.
type UnknownRule struct {
	RuleBase
	// Kind is the service's name of the kind, without the namespace
	// "microsoft.graph.windowsUpdates". It is empty if the service omitted it. When it is
	// sent, it must not be empty or a kind that has a type of its own.
	Kind string `json:"type"`
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
	case *UnknownRule:
		rule = new(*r)
	default:
		return rule
	}
	rule.Common().Extra = maps.Clone(rule.Common().Extra)
	return rule
}

func (rules Rules) check() error {
	errs := make([]error, len(rules))
	for i, rule := range rules {
		errs[i] = checkRule(fmt.Sprintf("Rules[%d]", i), rule)
	}
	return errors.Join(errs...)
}

func checkRule(field string, rule Rule) error {
	if wire.IsNil(rule) {
		return &apierr.FieldError{Field: field, Rule: "must not be nil"}
	}
	sent := map[string]bool{"@odata.type": true, "deferralInDays": true}
	var own error
	switch r := rule.(type) {
	case *QualityUpdateRule:
		own, sent["classification"], sent["cadence"] = r.check(field), true, true
	case *RecoveryUpdateRule:
	case *UnknownRule:
		own = wire.CheckUnknownKind(field+".Kind", r.Kind, qualityRuleType, recoveryRuleType)
	default:
		return &apierr.FieldError{Field: field, Value: fmt.Sprintf("%T", rule), Rule: "must be a rule of this package"}
	}
	base := rule.Common()
	deferral := checkDeferral(field+".DeferralDays", base.DeferralDays)
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
