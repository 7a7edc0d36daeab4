package policies

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// The service's names of the kinds of rings, without the namespace.
const (
	qualityRingType = "qualityUpdateRing"
	featureRingType = "featureUpdateRing"
	driverRingType  = "driverUpdateRing"
)

// MarshalJSON writes the fields, and the kind as "type".
func (r QualityUpdateRing) MarshalJSON() ([]byte, error) {
	type fields QualityUpdateRing
	return wire.MarshalKind(qualityRingType, fields(r))
}

// MarshalJSON writes the fields, and the kind as "type".
func (r FeatureUpdateRing) MarshalJSON() ([]byte, error) {
	type fields FeatureUpdateRing
	return wire.MarshalKind(featureRingType, fields(r))
}

// MarshalJSON writes the fields, and the kind as "type".
func (r DriverUpdateRing) MarshalJSON() ([]byte, error) {
	type fields DriverUpdateRing
	return wire.MarshalKind(driverRingType, fields(r))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (r *QualityUpdateRing) UnmarshalJSON(text []byte) error {
	type fields QualityUpdateRing
	return wire.UnmarshalKind(text, (*fields)(r), qualityRingType)
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (r *FeatureUpdateRing) UnmarshalJSON(text []byte) error {
	type fields FeatureUpdateRing
	return wire.UnmarshalKind(text, (*fields)(r), featureRingType)
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (r *DriverUpdateRing) UnmarshalJSON(text []byte) error {
	type fields DriverUpdateRing
	return wire.UnmarshalKind(text, (*fields)(r), driverRingType)
}

// UnmarshalJSON reads a ring of any kind. An unknown property is an error.
func (r *UnknownRing) UnmarshalJSON(text []byte) error {
	kind, rest, err := wire.SplitKind(text)
	if err != nil {
		return err
	}
	r.Kind = kind
	return wire.Unmarshal(rest, &r.RingBase)
}

// UnmarshalJSON reads a JSON array with [UnmarshalRing]. JSON null is the nil list, and an
// error as an item.
func (rings *Rings) UnmarshalJSON(text []byte) error {
	list, err := wire.UnmarshalList(text, UnmarshalRing)
	if err != nil {
		return err
	}
	*rings = list
	return nil
}

// UnmarshalRing reads a ring that json.Marshal wrote. The property "type" selects the struct:
// without a kind, or with an unknown one, it is an [UnknownRing]. An unknown property is an
// error.
func UnmarshalRing(text []byte) (Ring, error) {
	kind, _, err := wire.SplitKind(text)
	if err != nil {
		return nil, err
	}
	ring := newRing(kind)
	if err := json.Unmarshal(text, ring); err != nil {
		return nil, err
	}
	return ring, nil
}

func newRing(kind string) Ring {
	switch kind {
	case qualityRingType:
		return new(QualityUpdateRing)
	case featureRingType:
		return new(FeatureUpdateRing)
	case driverRingType:
		return new(DriverUpdateRing)
	}
	return new(UnknownRing)
}
