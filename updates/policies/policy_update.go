package policies

import (
	"encoding/json"
	"errors"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Update is a change of a policy: a [QualityPolicyUpdate], [FeaturePolicyUpdate], or
// [DriverPolicyUpdate], for the kind of the policy. Fields that are not set are not changed.
type Update interface {
	// Validate reports values that the service would reject, without a request. The error is
	// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
	// changes nothing is invalid.
	Validate() error
	parts() updateParts
}

// updateParts is what the updates of all kinds have.
type updateParts struct {
	typeName    string
	kind        PolicyKind
	displayName odata.Change[string]
	description odata.Change[string]
	rules       odata.Change[Rules]
	extra       map[string]json.RawMessage
}

// QualityPolicyUpdate is a change of a policy for quality updates. Fields that are not set
// are not changed.
type QualityPolicyUpdate struct {
	// DisplayName replaces the display name, 1 to 200 characters. It cannot be null.
	DisplayName odata.Change[string] `json:"displayName,omitzero"`
	// Description replaces the description, at most 1,500 characters. It cannot be null.
	Description odata.Change[string] `json:"description,omitzero"`
	// Rules replaces all rules by others, each a [QualityRule]; an empty list removes them.
	// It cannot be null.
	Rules odata.Change[Rules] `json:"approvalRules,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// FeaturePolicyUpdate is a change of a policy for feature updates. Fields that are not set
// are not changed.
type FeaturePolicyUpdate struct {
	// DisplayName replaces the display name, 1 to 200 characters. It cannot be null.
	DisplayName odata.Change[string] `json:"displayName,omitzero"`
	// Description replaces the description, at most 1,500 characters. It cannot be null.
	Description odata.Change[string] `json:"description,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// DriverPolicyUpdate is a change of a policy for drivers and firmware. Fields that are not
// set are not changed.
type DriverPolicyUpdate struct {
	// DisplayName replaces the display name, 1 to 200 characters. It cannot be null.
	DisplayName odata.Change[string] `json:"displayName,omitzero"`
	// Description replaces the description, at most 1,500 characters. It cannot be null.
	Description odata.Change[string] `json:"description,omitzero"`
	// Rules replaces all rules by others, each a [DriverRule]; an empty list removes them.
	// It cannot be null.
	Rules odata.Change[Rules] `json:"approvalRules,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
// changes nothing is invalid.
func (u QualityPolicyUpdate) Validate() error {
	return u.parts().check(checkRules[QualityRule])
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
// changes nothing is invalid.
func (u FeaturePolicyUpdate) Validate() error {
	return u.parts().check(checkRules[Rule])
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
// changes nothing is invalid.
func (u DriverPolicyUpdate) Validate() error {
	return u.parts().check(checkRules[DriverRule])
}

func (u QualityPolicyUpdate) parts() updateParts {
	return updateParts{"QualityPolicyUpdate", KindQualityPolicy, u.DisplayName, u.Description, u.Rules, u.Extra}
}

func (u FeaturePolicyUpdate) parts() updateParts {
	var none odata.Change[Rules]
	return updateParts{"FeaturePolicyUpdate", KindFeaturePolicy, u.DisplayName, u.Description, none, u.Extra}
}

func (u DriverPolicyUpdate) parts() updateParts {
	return updateParts{"DriverPolicyUpdate", KindDriverPolicy, u.DisplayName, u.Description, u.Rules, u.Extra}
}

func (u updateParts) check(rules func(Rules) error) error {
	if u.displayName.IsUnset() && u.description.IsUnset() && u.rules.IsUnset() && len(u.extra) == 0 {
		return &apierr.FieldError{Field: u.typeName, Rule: "must change something"}
	}
	return errors.Join(
		wire.CheckSet("DisplayName", u.displayName, checkDisplayName),
		wire.CheckSet("Description", u.description, checkDescription),
		wire.CheckSet("Rules", u.rules, rules),
		wire.CheckExtra(u.typeName, u.extra, map[string]bool{
			"@odata.type": true, "displayName": !u.displayName.IsUnset(), "description": !u.description.IsUnset(),
			"approvalRules": !u.rules.IsUnset(),
		}),
	)
}

// isAppliedTo reports whether a policy has everything that the update sets. Properties in
// Extra cannot be compared.
func (u updateParts) isAppliedTo(p *Policy) bool {
	return len(u.extra) == 0 &&
		wire.Holds(u.displayName, func(name string) bool { return name == p.DisplayName }) &&
		wire.Holds(u.description, func(text string) bool { return text == p.Description }) &&
		wire.Holds(u.rules, func(rules Rules) bool { return rules.isAppliedTo(p.Rules) })
}
