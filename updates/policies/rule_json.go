package policies

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// The service's names of the kinds of rules, without the namespace.
const (
	qualityRuleType  = "qualityUpdateApprovalRule"
	recoveryRuleType = "recoveryApprovalRule"
	driverRuleType   = "driverUpdateApprovalRule"
)

// MarshalJSON writes the fields, and the kind as "type".
func (r QualityUpdateRule) MarshalJSON() ([]byte, error) {
	type fields QualityUpdateRule
	return wire.MarshalKind(qualityRuleType, fields(r))
}

// MarshalJSON writes the fields, and the kind as "type".
func (r RecoveryUpdateRule) MarshalJSON() ([]byte, error) {
	type fields RecoveryUpdateRule
	return wire.MarshalKind(recoveryRuleType, fields(r))
}

// MarshalJSON writes the fields, and the kind as "type".
func (r DriverUpdateRule) MarshalJSON() ([]byte, error) {
	type fields DriverUpdateRule
	return wire.MarshalKind(driverRuleType, fields(r))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (r *QualityUpdateRule) UnmarshalJSON(text []byte) error {
	type fields QualityUpdateRule
	return wire.UnmarshalKind(text, (*fields)(r), qualityRuleType)
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (r *RecoveryUpdateRule) UnmarshalJSON(text []byte) error {
	type fields RecoveryUpdateRule
	return wire.UnmarshalKind(text, (*fields)(r), recoveryRuleType)
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (r *DriverUpdateRule) UnmarshalJSON(text []byte) error {
	type fields DriverUpdateRule
	return wire.UnmarshalKind(text, (*fields)(r), driverRuleType)
}

// UnmarshalJSON reads a rule of any kind. An unknown property is an error.
func (r *UnknownRule) UnmarshalJSON(text []byte) error {
	kind, rest, err := wire.SplitKind(text)
	if err != nil {
		return err
	}
	r.Kind = kind
	return wire.Unmarshal(rest, &r.RuleBase)
}

// UnmarshalJSON reads a JSON array of rules. A rule has the kind in its property "type";
// without a kind, or with an unknown one, it is an [UnknownRule]. JSON null is the nil list,
// and an error as an item.
func (rules *Rules) UnmarshalJSON(text []byte) error {
	list, err := wire.UnmarshalList(text, unmarshalRule)
	if err != nil {
		return err
	}
	*rules = list
	return nil
}

func unmarshalRule(text []byte) (Rule, error) {
	kind, _, err := wire.SplitKind(text)
	if err != nil {
		return nil, err
	}
	rule := newRule(kind)
	return rule, json.Unmarshal(text, rule)
}

func newRule(kind string) Rule {
	switch kind {
	case qualityRuleType:
		return new(QualityUpdateRule)
	case recoveryRuleType:
		return new(RecoveryUpdateRule)
	case driverRuleType:
		return new(DriverUpdateRule)
	}
	return new(UnknownRule)
}
