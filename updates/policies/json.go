package policies

import (
	"encoding/json"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (p *Policy) UnmarshalJSON(text []byte) error {
	type fields Policy
	return wire.Unmarshal(text, (*fields)(p))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (s *Spec) UnmarshalJSON(text []byte) error {
	type fields Spec
	return wire.Unmarshal(text, (*fields)(s))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (u *Update) UnmarshalJSON(text []byte) error {
	type fields Update
	return wire.Unmarshal(text, (*fields)(u))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (r *Ring) UnmarshalJSON(text []byte) error {
	type fields Ring
	return wire.Unmarshal(text, (*fields)(r))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (g *RingGroups) UnmarshalJSON(text []byte) error {
	type fields RingGroups
	return wire.Unmarshal(text, (*fields)(g))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (g *AssignedGroup) UnmarshalJSON(text []byte) error {
	type fields AssignedGroup
	return wire.Unmarshal(text, (*fields)(g))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (s *RingSpec) UnmarshalJSON(text []byte) error {
	type fields RingSpec
	return wire.Unmarshal(text, (*fields)(s))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (u *RingUpdate) UnmarshalJSON(text []byte) error {
	type fields RingUpdate
	return wire.Unmarshal(text, (*fields)(u))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
// catalog.UnmarshalEntry reads the entry.
func (a *Approval) UnmarshalJSON(text []byte) error {
	type Fields Approval // exported, so that encoding/json can embed it
	stored := struct {
		*Fields
		Entry json.RawMessage `json:"catalogEntry"`
	}{Fields: (*Fields)(a)}
	if err := wire.Unmarshal(text, &stored); err != nil || stored.Entry == nil {
		return err
	}
	a.Entry = nil
	if string(stored.Entry) == "null" {
		return nil
	}
	entry, err := catalog.UnmarshalEntry(stored.Entry)
	if err != nil {
		return wire.At("catalogEntry", err)
	}
	a.Entry = entry
	return nil
}
