package policies

import (
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (p *Policy) UnmarshalJSON(text []byte) error {
	type fields Policy
	return wire.Unmarshal(text, (*fields)(p))
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
// catalog.UnmarshalEntry reads the entry.
func (a *Approval) UnmarshalJSON(text []byte) error {
	type Fields Approval // exported, so that encoding/json can embed it
	stored := struct {
		*Fields
		Entry storedEntry `json:"catalogEntry"`
	}{Fields: (*Fields)(a), Entry: storedEntry{a.Entry}}
	err := wire.Unmarshal(text, &stored)
	a.Entry = stored.Entry.Entry
	return err
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
// catalog.UnmarshalEntry reads the entry.
func (c *ApplicableCatalog) UnmarshalJSON(text []byte) error {
	type Fields ApplicableCatalog
	stored := struct {
		*Fields
		Entry storedEntry `json:"catalogEntry"`
	}{Fields: (*Fields)(c), Entry: storedEntry{c.Entry}}
	err := wire.Unmarshal(text, &stored)
	c.Entry = stored.Entry.Entry
	return err
}

// storedEntry is a catalog entry that is read from JSON.
type storedEntry struct{ catalog.Entry }

func (e *storedEntry) UnmarshalJSON(text []byte) (err error) {
	e.Entry = nil
	if string(text) != "null" {
		e.Entry, err = catalog.UnmarshalEntry(text)
	}
	return err
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (e *Ensured) UnmarshalJSON(text []byte) error {
	type fields Ensured
	return wire.Unmarshal(text, (*fields)(e))
}

// UnmarshalJSON reads what json.Marshal writes. An unknown property is an error.
func (d *Difference) UnmarshalJSON(text []byte) error {
	type fields Difference
	return wire.Unmarshal(text, (*fields)(d))
}
