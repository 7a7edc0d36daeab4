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

// Rule approves updates as they appear: a *[QualityUpdateRule],
// *[RecoveryUpdateRule] or *[UnknownRule].
type Rule interface {
	// Common returns what all rules have.
	Common() *RuleBase
	rule()
}

// Rules is a list of rules that can be read back from JSON.
type Rules []Rule

// RuleBase is what all rules have.
type RuleBase struct {
	// DeferralDays is how many days after its release an update is approved, 0 to
	// 30. How it adds up with the deferral of a ring is not documented.
	DeferralDays int `json:"deferralInDays"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Common returns the base itself.
func (b *RuleBase) Common() *RuleBase { return b }

func (b *RuleBase) rule() {}

// QualityUpdateRule approves the quality updates of one classification and cadence.
type QualityUpdateRule struct {
	RuleBase
	// Classification is what the updates contain; it must not be empty.
	Classification catalog.Classification `json:"classification"`
	// Cadence is how the updates are published; it must not be empty.
	Cadence catalog.Cadence `json:"cadence"`
}

// RecoveryUpdateRule approves the updates for quick machine recovery.
type RecoveryUpdateRule struct {
	RuleBase
}

// UnknownRule is a kind of rule that this version does not know. Its other members are
// in Extra. It can be sent back as it came.
type UnknownRule struct {
	RuleBase
	// Kind is the service's name of the kind, without the namespace
	// "microsoft.graph.windowsUpdates"; another namespace stays. It is empty when the
	// service named none.
	Kind string `json:"type"`
}

// QualityDeferredBy is the rule of a quality update policy that approves quality
// updates some days after their release, 0 to 30. The rule of an update policy, which
// counts from the approval, is updatepolicies.QualityStartingAfter.
func QualityDeferredBy(
	days int, classification catalog.Classification, cadence catalog.Cadence,
) *QualityUpdateRule {
	return &QualityUpdateRule{
		RuleBase:       RuleBase{DeferralDays: days},
		Classification: classification,
		Cadence:        cadence,
	}
}

// RecoveryDeferredBy is the rule of a quality update policy that approves updates for
// quick machine recovery some days after their release, 0 to 30.
func RecoveryDeferredBy(days int) *RecoveryUpdateRule {
	return &RecoveryUpdateRule{RuleBase{DeferralDays: days}}
}

// copied is nil for no list.
func (rules Rules) copied() Rules {
	out := slices.Clone(rules)
	for i, rule := range out {
		out[i] = copyRule(rule)
	}
	return out
}

// copyRule returns what is no rule of this package as it is; validation names it.
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
	case *RecoveryUpdateRule, *UnknownRule:
	default:
		return &apierr.FieldError{Field: field, Value: fmt.Sprintf("a %T", rule), Rule: "must be a rule of this package"}
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

// isAppliedTo reports whether rules that were read are these ones. Of members in
// Extra nobody can tell.
func (rules Rules) isAppliedTo(read Rules) bool {
	return slices.EqualFunc(rules, read, func(a, b Rule) bool {
		return len(a.Common().Extra) == 0 && reflect.DeepEqual(withoutExtra(a), withoutExtra(b))
	})
}

func withoutExtra(rule Rule) Rule {
	rule = copyRule(rule)
	rule.Common().Extra = nil
	return rule
}
