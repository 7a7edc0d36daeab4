package updatepolicies

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// MarshalJSON writes the fields, and the kind as "type".
func (f DriverFilter) MarshalJSON() ([]byte, error) {
	type fields DriverFilter
	return wire.MarshalKind(driverFilter, fields(f))
}

// MarshalJSON writes the fields, and the kind as "type".
func (f QualityFilter) MarshalJSON() ([]byte, error) {
	type fields QualityFilter
	return wire.MarshalKind(qualityFilter, fields(f))
}

// MarshalJSON writes the fields, and the kind as "type".
func (f RemediationFilter) MarshalJSON() ([]byte, error) {
	type fields RemediationFilter
	return wire.MarshalKind(remediationFilter, fields(f))
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (f *DriverFilter) UnmarshalJSON(text []byte) error {
	type fields DriverFilter
	return wire.UnmarshalKind(text, (*fields)(f), driverFilter)
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (f *QualityFilter) UnmarshalJSON(text []byte) error {
	type fields QualityFilter
	return wire.UnmarshalKind(text, (*fields)(f), qualityFilter)
}

// UnmarshalJSON reads what MarshalJSON writes. An unknown property is an error.
func (f *RemediationFilter) UnmarshalJSON(text []byte) error {
	type fields RemediationFilter
	return wire.UnmarshalKind(text, (*fields)(f), remediationFilter)
}

// UnmarshalJSON reads a filter of any kind. An unknown property is an error.
func (f *UnknownFilter) UnmarshalJSON(text []byte) error {
	kind, rest, err := wire.SplitKind(text)
	if err != nil {
		return err
	}
	f.Kind = kind
	return wire.Unmarshal(rest, &f.FilterBase)
}

func unmarshalFilter(text []byte) (Filter, error) {
	kind, _, err := wire.SplitKind(text)
	if err != nil {
		return nil, err
	}
	filter := newFilter(kind)
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
