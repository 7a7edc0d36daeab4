package policies

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/winupdates/winupdates-go/catalog"
)

// The types that are told apart in JSON, as the service names them.
const (
	qualityRuleType  = "qualityUpdateApprovalRule"
	recoveryRuleType = "recoveryApprovalRule"
)

// MarshalJSON writes the fields, and the kind as the member type.
func (r QualityUpdateRule) MarshalJSON() ([]byte, error) {
	type fields QualityUpdateRule
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{qualityRuleType, fields(r)})
}

// MarshalJSON writes the fields, and the kind as the member type.
func (r RecoveryUpdateRule) MarshalJSON() ([]byte, error) {
	type fields RecoveryUpdateRule
	return json.Marshal(struct {
		Type string `json:"type"`
		fields
	}{recoveryRuleType, fields(r)})
}

// UnmarshalJSON reads a JSON array with [UnmarshalQualityPolicyRule]. null is the
// nil list.
func (rules *QualityPolicyRules) UnmarshalJSON(data []byte) error {
	var items []json.RawMessage
	if err := json.Unmarshal(data, &items); err != nil || items == nil {
		*rules = nil
		return err
	}
	list := make(QualityPolicyRules, len(items))
	for i, item := range items {
		var err error
		if list[i], err = UnmarshalQualityPolicyRule(item); err != nil {
			return err
		}
	}
	*rules = list
	return nil
}

// UnmarshalQualityPolicyRule reads a rule that json.Marshal wrote. The member "type"
// says which struct it becomes; without one, or with a type that this version does
// not know, it is an [UnknownQualityPolicyRule]. It fails for what is no JSON object
// and for a member of the wrong type, and returns no rule then.
func UnmarshalQualityPolicyRule(data []byte) (QualityPolicyRule, error) {
	var stored *struct {
		Type string `json:"type"`
	}
	if err := json.Unmarshal(data, &stored); err != nil {
		return nil, fmt.Errorf("policies: read a rule: %w", err)
	}
	if stored == nil {
		return nil, errors.New("policies: read a rule: it is null")
	}
	rule := newQualityPolicyRule(stored.Type)
	if err := json.Unmarshal(data, rule); err != nil {
		return nil, fmt.Errorf("policies: read a rule: %w", err)
	}
	return rule, nil
}

func newQualityPolicyRule(name string) QualityPolicyRule {
	switch name {
	case qualityRuleType:
		return new(QualityUpdateRule)
	case recoveryRuleType:
		return new(RecoveryUpdateRule)
	}
	return new(UnknownQualityPolicyRule)
}

// UnmarshalJSON reads an approval that json.Marshal wrote; its entry is read by
// catalog.UnmarshalEntry.
func (a *QualityApproval) UnmarshalJSON(data []byte) error {
	type plain QualityApproval // without this method
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
