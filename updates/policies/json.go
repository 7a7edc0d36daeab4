package policies

import (
	"encoding/json"
	"fmt"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// The service's names of the kinds of rules, without the namespace.
const (
	qualityRuleType  = "qualityUpdateApprovalRule"
	recoveryRuleType = "recoveryApprovalRule"
)

// MarshalJSON writes the fields, and the kind as "type".
func (r QualityUpdateRule) MarshalJSON() ([]byte, error) {
	type fields QualityUpdateRule
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{qualityRuleType, fields(r)})
}

// MarshalJSON writes the fields, and the kind as "type".
func (r RecoveryUpdateRule) MarshalJSON() ([]byte, error) {
	type fields RecoveryUpdateRule
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{recoveryRuleType, fields(r)})
}

// UnmarshalJSON reads a JSON array of rules. A rule has the kind in its property "type";
// without a kind, or with an unknown one, it is an [UnknownRule]. JSON null is the nil
// list, and an error as an item.
func (rules *Rules) UnmarshalJSON(text []byte) error {
	list, err := wire.UnmarshalRules(text, unmarshalRule)
	if err != nil {
		return fmt.Errorf("policies: %w", err)
	}
	*rules = list
	return nil
}

func unmarshalRule(text []byte) (Rule, error) {
	name, err := wire.KindOf(text)
	if err != nil {
		return nil, err
	}
	rule := newRule(name)
	return rule, json.Unmarshal(text, rule)
}

func newRule(name string) Rule {
	switch name {
	case qualityRuleType:
		return new(QualityUpdateRule)
	case recoveryRuleType:
		return new(RecoveryUpdateRule)
	}
	return new(UnknownRule)
}

// UnmarshalJSON reads an approval that json.Marshal wrote. catalog.UnmarshalEntry reads
// its entry.
func (a *Approval) UnmarshalJSON(data []byte) error {
	type plain Approval // without this method
	stored := struct {
		*plain
		Entry json.RawMessage `json:"catalogEntry"`
	}{plain: (*plain)(a)}
	err := json.Unmarshal(data, &stored)
	if err != nil || len(stored.Entry) == 0 {
		return err
	}
	a.Entry = nil
	if string(stored.Entry) != "null" {
		a.Entry, err = catalog.UnmarshalEntry(stored.Entry)
	}
	return err
}
