package catalog

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
)

// maxDepth is how many objects and arrays may lie in one another in a stored entry.
// An entry in a revision of another adds three, so this is a hundred entries. The
// time to read more would grow with its square.
const maxDepth = 300

// MarshalJSON writes the update, as a [KindFeature] where it has no kind.
func (u FeatureUpdate) MarshalJSON() ([]byte, error) {
	type fields FeatureUpdate // without this method
	u.Kind = cmp.Or(u.Kind, KindFeature)
	return json.Marshal(fields(u))
}

// MarshalJSON writes the update, as a [KindQuality] where it has no kind.
func (u QualityUpdate) MarshalJSON() ([]byte, error) {
	type fields QualityUpdate
	u.Kind = cmp.Or(u.Kind, KindQuality)
	return json.Marshal(fields(u))
}

// MarshalJSON writes the update, as a [KindDriver] where it has no kind.
func (u DriverUpdate) MarshalJSON() ([]byte, error) {
	type fields DriverUpdate
	u.Kind = cmp.Or(u.Kind, KindDriver)
	return json.Marshal(fields(u))
}

// MarshalJSON writes the update, as a [KindRecovery] where it has no kind.
func (u RecoveryUpdate) MarshalJSON() ([]byte, error) {
	type fields RecoveryUpdate
	u.Kind = cmp.Or(u.Kind, KindRecovery)
	return json.Marshal(fields(u))
}

// UnmarshalEntry reads an entry that json.Marshal wrote. The member "kind" says
// which struct it becomes; without one, or with a kind that this version does not
// know, it is an [UnknownEntry]. It fails for what is no JSON object, for a
// member of the wrong type and for entries more than a hundred deep in revisions of
// one another, and returns no entry then.
func UnmarshalEntry(data []byte) (Entry, error) {
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		return nil, errors.New("catalog: an entry must be a JSON object")
	}
	if isDeeper(data, maxDepth) {
		return nil, errors.New("catalog: an entry must not have more than a hundred entries in one another")
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
	case KindFeature:
		return &FeatureUpdate{}
	case KindQuality:
		return &QualityUpdate{}
	case KindDriver:
		return &DriverUpdate{}
	case KindRecovery:
		return &RecoveryUpdate{}
	}
	return &UnknownEntry{}
}

// isDeeper tells whether more objects and arrays than limit lie in one another.
func isDeeper(data []byte, limit int) bool {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++ // what follows ends no text
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			depth--
		}
		if depth > limit {
			return true
		}
	}
	return false
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
