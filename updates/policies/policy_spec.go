package policies

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Spec is a policy to create: a [QualityPolicySpec], [FeaturePolicySpec], or
// [DriverPolicySpec]. Make one with [QualityPolicy], [FeaturePolicy], or [DriverPolicy].
type Spec interface {
	// Validate reports values that the service would reject, without a request. The error is
	// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
	Validate() error
	parts() specParts
}

// specParts is what the specs of all kinds have.
type specParts struct {
	typeName    string
	kind        PolicyKind
	name        string
	description string
	rules       Rules
	extra       map[string]json.RawMessage
}

// QualityPolicySpec is a policy for quality updates to create.
//
// The methods return a changed copy, so calls can be chained.
type QualityPolicySpec struct {
	// DisplayName is the display name, 1 to 200 characters.
	DisplayName string `json:"displayName"`
	// Description says what the policy is for, at most 1,500 characters.
	Description string `json:"description"`
	// Rules approve updates after their release. Each is a [QualityRule]. Without rules, each
	// update needs an approval.
	Rules Rules `json:"approvalRules,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// FeaturePolicySpec is a policy for feature updates to create. It has no rules: each update
// needs an approval.
//
// The methods return a changed copy, so calls can be chained.
type FeaturePolicySpec struct {
	// DisplayName is the display name, 1 to 200 characters.
	DisplayName string `json:"displayName"`
	// Description says what the policy is for, at most 1,500 characters.
	Description string `json:"description"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// DriverPolicySpec is a policy for drivers and firmware to create.
//
// The methods return a changed copy, so calls can be chained.
type DriverPolicySpec struct {
	// DisplayName is the display name, 1 to 200 characters.
	DisplayName string `json:"displayName"`
	// Description says what the policy is for, at most 1,500 characters.
	Description string `json:"description"`
	// Rules approve drivers after their release. Each is a [DriverRule]. Without rules, each
	// driver needs an approval.
	Rules Rules `json:"approvalRules,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// QualityPolicy returns the spec of a policy for quality updates, with a display name of 1
// to 200 characters.
func QualityPolicy(displayName string) QualityPolicySpec {
	return QualityPolicySpec{DisplayName: displayName}
}

// FeaturePolicy returns the spec of a policy for feature updates, with a display name of 1
// to 200 characters.
func FeaturePolicy(displayName string) FeaturePolicySpec {
	return FeaturePolicySpec{DisplayName: displayName}
}

// DriverPolicy returns the spec of a policy for drivers and firmware, with a display name of
// 1 to 200 characters.
func DriverPolicy(displayName string) DriverPolicySpec {
	return DriverPolicySpec{DisplayName: displayName}
}

// DescribedAs sets Description, at most 1,500 characters.
func (s QualityPolicySpec) DescribedAs(text string) QualityPolicySpec {
	s.Description, s.Rules, s.Extra = text, s.Rules.copied(), maps.Clone(s.Extra)
	return s
}

// DescribedAs sets Description, at most 1,500 characters.
func (s FeaturePolicySpec) DescribedAs(text string) FeaturePolicySpec {
	s.Description, s.Extra = text, maps.Clone(s.Extra)
	return s
}

// DescribedAs sets Description, at most 1,500 characters.
func (s DriverPolicySpec) DescribedAs(text string) DriverPolicySpec {
	s.Description, s.Rules, s.Extra = text, s.Rules.copied(), maps.Clone(s.Extra)
	return s
}

// Approving adds copies of rules to Rules.
func (s QualityPolicySpec) Approving(rules ...QualityRule) QualityPolicySpec {
	s.Rules, s.Extra = withRules(s.Rules, rules), maps.Clone(s.Extra)
	return s
}

// Approving adds copies of rules to Rules.
func (s DriverPolicySpec) Approving(rules ...DriverRule) DriverPolicySpec {
	s.Rules, s.Extra = withRules(s.Rules, rules), maps.Clone(s.Extra)
	return s
}

func withRules[R Rule](rules Rules, more []R) Rules {
	all := slices.Grow(rules.copied(), len(more))
	for _, rule := range more {
		all = append(all, copyRule(rule))
	}
	return all
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (s QualityPolicySpec) Validate() error {
	return errors.Join(s.parts().check(), checkRules[QualityRule](s.Rules), s.parts().checkExtra())
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (s FeaturePolicySpec) Validate() error {
	return errors.Join(s.parts().check(), s.parts().checkExtra())
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (s DriverPolicySpec) Validate() error {
	return errors.Join(s.parts().check(), checkRules[DriverRule](s.Rules), s.parts().checkExtra())
}

func (s QualityPolicySpec) parts() specParts {
	return specParts{"QualityPolicySpec", KindQualityPolicy, s.DisplayName, s.Description, s.Rules, s.Extra}
}

func (s FeaturePolicySpec) parts() specParts {
	return specParts{"FeaturePolicySpec", KindFeaturePolicy, s.DisplayName, s.Description, nil, s.Extra}
}

func (s DriverPolicySpec) parts() specParts {
	return specParts{"DriverPolicySpec", KindDriverPolicy, s.DisplayName, s.Description, s.Rules, s.Extra}
}

func (s specParts) check() error {
	return errors.Join(checkDisplayName(s.name), checkDescription(s.description))
}

func (s specParts) checkExtra() error {
	return wire.CheckExtra(s.typeName, s.extra, map[string]bool{
		"@odata.type": true, "displayName": true, "description": true, "approvalRules": true,
	})
}
