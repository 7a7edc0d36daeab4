package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// UnmarshalEntry reads an entry that json.Marshal wrote. The member "kind" says
// which struct it becomes; without one, or with a kind that this version does not
// know, it is an [UnknownEntry]. It fails for what is no JSON object and for a
// member of the wrong type, and returns no entry then.
func UnmarshalEntry(data []byte) (Entry, error) {
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		return nil, errors.New("catalog: an entry must be a JSON object")
	}
	var stored struct {
		Kind Kind `json:"kind"`
	}
	if err := json.Unmarshal(data, &stored); err != nil {
		return nil, fmt.Errorf("catalog: read an entry: %w", err)
	}
	entry := newEntry(stored.Kind)
	if err := json.Unmarshal(data, entry); err != nil {
		return nil, fmt.Errorf("catalog: read an entry: %w", err)
	}
	return entry, nil
}

func newEntry(kind Kind) Entry {
	switch kind {
	case Feature:
		return &FeatureUpdate{}
	case Quality:
		return &QualityUpdate{}
	case Driver:
		return &DriverUpdate{}
	case Recovery:
		return &RecoveryUpdate{}
	}
	return &UnknownEntry{}
}

// UnmarshalJSON reads a revision that json.Marshal wrote; its entry is read by
// [UnmarshalEntry].
func (r *Revision) UnmarshalJSON(data []byte) error {
	type plain Revision // without this method
	stored := struct {
		*plain
		Entry json.RawMessage `json:"catalogEntry"`
	}{plain: (*plain)(r)}
	r.Entry = nil
	err := json.Unmarshal(data, &stored)
	if err != nil || len(stored.Entry) == 0 || string(stored.Entry) == "null" {
		return err
	}
	r.Entry, err = UnmarshalEntry(stored.Entry)
	return err
}
