package policies

import (
	"github.com/winupdates/winupdates-go/internal/wire"
)

// MarshalJSON writes the fields, and the kind as "type".
func (s QualityRingSpec) MarshalJSON() ([]byte, error) {
	type fields QualityRingSpec
	return wire.MarshalKind(qualityRingType, fields(s))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (s *QualityRingSpec) UnmarshalJSON(text []byte) error {
	type fields QualityRingSpec
	return wire.UnmarshalKind(text, (*fields)(s), qualityRingType)
}

// MarshalJSON writes the fields, and the kind as "type".
func (s FeatureRingSpec) MarshalJSON() ([]byte, error) {
	type fields FeatureRingSpec
	return wire.MarshalKind(featureRingType, fields(s))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (s *FeatureRingSpec) UnmarshalJSON(text []byte) error {
	type fields FeatureRingSpec
	return wire.UnmarshalKind(text, (*fields)(s), featureRingType)
}

// MarshalJSON writes the fields, and the kind as "type".
func (s DriverRingSpec) MarshalJSON() ([]byte, error) {
	type fields DriverRingSpec
	return wire.MarshalKind(driverRingType, fields(s))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (s *DriverRingSpec) UnmarshalJSON(text []byte) error {
	type fields DriverRingSpec
	return wire.UnmarshalKind(text, (*fields)(s), driverRingType)
}

// MarshalJSON writes the fields, and the kind as "type".
func (u QualityRingUpdate) MarshalJSON() ([]byte, error) {
	type fields QualityRingUpdate
	return wire.MarshalKind(qualityRingType, fields(u))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (u *QualityRingUpdate) UnmarshalJSON(text []byte) error {
	type fields QualityRingUpdate
	return wire.UnmarshalKind(text, (*fields)(u), qualityRingType)
}

// MarshalJSON writes the fields, and the kind as "type".
func (u FeatureRingUpdate) MarshalJSON() ([]byte, error) {
	type fields FeatureRingUpdate
	return wire.MarshalKind(featureRingType, fields(u))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (u *FeatureRingUpdate) UnmarshalJSON(text []byte) error {
	type fields FeatureRingUpdate
	return wire.UnmarshalKind(text, (*fields)(u), featureRingType)
}

// MarshalJSON writes the fields, and the kind as "type".
func (u DriverRingUpdate) MarshalJSON() ([]byte, error) {
	type fields DriverRingUpdate
	return wire.MarshalKind(driverRingType, fields(u))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (u *DriverRingUpdate) UnmarshalJSON(text []byte) error {
	type fields DriverRingUpdate
	return wire.UnmarshalKind(text, (*fields)(u), driverRingType)
}
