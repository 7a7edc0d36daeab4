package updatepolicies

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// MarshalJSON writes the fields, and the kind as "type".
func (r ApprovalRule) MarshalJSON() ([]byte, error) {
	type fields ApprovalRule
	return wire.MarshalKind(approvalRule, fields(r))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error. The filter
// has the kind in its property "type".
func (r *ApprovalRule) UnmarshalJSON(text []byte) error {
	type Fields ApprovalRule // exported, so that encoding/json can embed it
	in := struct {
		*Fields
		Filter json.RawMessage `json:"contentFilter"`
	}{Fields: (*Fields)(r)}
	if err := wire.UnmarshalKind(text, &in, approvalRule); err != nil || in.Filter == nil {
		return err
	}
	r.Filter = nil
	if string(in.Filter) == "null" {
		return nil
	}
	filter, err := unmarshalFilter(in.Filter)
	if err != nil {
		return wire.At("contentFilter", err)
	}
	r.Filter = filter
	return nil
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
func (r *Rules) UnmarshalJSON(text []byte) error {
	list, err := wire.UnmarshalList(text, unmarshalRule)
	if err != nil {
		return err
	}
	*r = list
	return nil
}

func unmarshalRule(text []byte) (Rule, error) {
	kind, _, err := wire.SplitKind(text)
	if err != nil {
		return nil, err
	}
	var rule Rule = &UnknownRule{}
	if kind == approvalRule {
		rule = &ApprovalRule{}
	}
	return rule, json.Unmarshal(text, rule)
}
