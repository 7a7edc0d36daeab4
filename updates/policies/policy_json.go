package policies

import (
	"github.com/winupdates/winupdates-go/internal/wire"
)

// MarshalJSON writes the fields, and the kind as "type".
func (s QualityPolicySpec) MarshalJSON() ([]byte, error) {
	type fields QualityPolicySpec
	return wire.MarshalKind(string(KindQualityPolicy), fields(s))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (s *QualityPolicySpec) UnmarshalJSON(text []byte) error {
	type fields QualityPolicySpec
	return wire.UnmarshalKind(text, (*fields)(s), string(KindQualityPolicy))
}

// MarshalJSON writes the fields, and the kind as "type".
func (s FeaturePolicySpec) MarshalJSON() ([]byte, error) {
	type fields FeaturePolicySpec
	return wire.MarshalKind(string(KindFeaturePolicy), fields(s))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (s *FeaturePolicySpec) UnmarshalJSON(text []byte) error {
	type fields FeaturePolicySpec
	return wire.UnmarshalKind(text, (*fields)(s), string(KindFeaturePolicy))
}

// MarshalJSON writes the fields, and the kind as "type".
func (s DriverPolicySpec) MarshalJSON() ([]byte, error) {
	type fields DriverPolicySpec
	return wire.MarshalKind(string(KindDriverPolicy), fields(s))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (s *DriverPolicySpec) UnmarshalJSON(text []byte) error {
	type fields DriverPolicySpec
	return wire.UnmarshalKind(text, (*fields)(s), string(KindDriverPolicy))
}

// MarshalJSON writes the fields, and the kind as "type".
func (u QualityPolicyUpdate) MarshalJSON() ([]byte, error) {
	type fields QualityPolicyUpdate
	return wire.MarshalKind(string(KindQualityPolicy), fields(u))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (u *QualityPolicyUpdate) UnmarshalJSON(text []byte) error {
	type fields QualityPolicyUpdate
	return wire.UnmarshalKind(text, (*fields)(u), string(KindQualityPolicy))
}

// MarshalJSON writes the fields, and the kind as "type".
func (u FeaturePolicyUpdate) MarshalJSON() ([]byte, error) {
	type fields FeaturePolicyUpdate
	return wire.MarshalKind(string(KindFeaturePolicy), fields(u))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (u *FeaturePolicyUpdate) UnmarshalJSON(text []byte) error {
	type fields FeaturePolicyUpdate
	return wire.UnmarshalKind(text, (*fields)(u), string(KindFeaturePolicy))
}

// MarshalJSON writes the fields, and the kind as "type".
func (u DriverPolicyUpdate) MarshalJSON() ([]byte, error) {
	type fields DriverPolicyUpdate
	return wire.MarshalKind(string(KindDriverPolicy), fields(u))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (u *DriverPolicyUpdate) UnmarshalJSON(text []byte) error {
	type fields DriverPolicyUpdate
	return wire.UnmarshalKind(text, (*fields)(u), string(KindDriverPolicy))
}
