package updatepolicies

import (
	"encoding/json"
	"fmt"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// MarshalJSON writes the fields, and the kind as "type".
func (r ApprovalRule) MarshalJSON() ([]byte, error) {
	type fields ApprovalRule
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{approvalRule, fields(r)})
}

// UnmarshalJSON reads what MarshalJSON writes. The filter has the kind in its property
// "type".
func (r *ApprovalRule) UnmarshalJSON(text []byte) error {
	type fields ApprovalRule
	in := struct {
		*fields
		Filter json.RawMessage `json:"contentFilter"`
	}{fields: (*fields)(r)}
	if err := json.Unmarshal(text, &in); err != nil || in.Filter == nil {
		return err
	}
	r.Filter = nil
	if string(in.Filter) == "null" {
		return nil
	}
	filter, err := unmarshalFilter(in.Filter)
	if err != nil {
		return fmt.Errorf("contentFilter: %w", err)
	}
	r.Filter = filter
	return nil
}

// UnmarshalJSON reads a JSON array of rules. A rule has the kind in its property "type";
// without a kind, or with an unknown one, it is an [UnknownRule]. JSON null is the nil
// list, and an error as an item.
func (r *Rules) UnmarshalJSON(text []byte) error {
	list, err := wire.UnmarshalRules(text, unmarshalRule)
	if err != nil {
		return fmt.Errorf("updatepolicies: %w", err)
	}
	*r = list
	return nil
}

func unmarshalRule(text []byte) (Rule, error) {
	name, err := wire.KindOf(text)
	if err != nil {
		return nil, err
	}
	var rule Rule = &UnknownRule{}
	if name == approvalRule {
		rule = &ApprovalRule{}
	}
	return rule, json.Unmarshal(text, rule)
}

// MarshalJSON writes the fields, and the kind as "type".
func (f DriverFilter) MarshalJSON() ([]byte, error) {
	type fields DriverFilter
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{driverFilter, fields(f)})
}

// MarshalJSON writes the fields, and the kind as "type".
func (f QualityFilter) MarshalJSON() ([]byte, error) {
	type fields QualityFilter
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{qualityFilter, fields(f)})
}

// MarshalJSON writes the fields, and the kind as "type".
func (f RemediationFilter) MarshalJSON() ([]byte, error) {
	type fields RemediationFilter
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{remediationFilter, fields(f)})
}

func unmarshalFilter(text []byte) (Filter, error) {
	name, err := wire.KindOf(text)
	if err != nil {
		return nil, err
	}
	filter := newFilter(name)
	return filter, json.Unmarshal(text, filter)
}

func newFilter(kind string) Filter {
	switch kind {
	case driverFilter:
		return &DriverFilter{}
	case qualityFilter:
		return &QualityFilter{}
	case remediationFilter:
		return &RemediationFilter{}
	}
	return &UnknownFilter{}
}
