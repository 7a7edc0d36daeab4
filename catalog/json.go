package catalog

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// maxDepth is the largest number of nested objects and arrays in a stored entry. An entry within a
// revision adds three levels, so this is 100 entries. The time to read grows with the square of the depth.
const maxDepth = 300

// MarshalJSON writes the update, with [KindFeature] if it has no kind.
func (u FeatureUpdate) MarshalJSON() ([]byte, error) {
	type fields FeatureUpdate // without this method
	u.Kind = cmp.Or(u.Kind, KindFeature)
	return json.Marshal(fields(u))
}

// MarshalJSON writes the update, with [KindQuality] if it has no kind.
func (u QualityUpdate) MarshalJSON() ([]byte, error) {
	type fields QualityUpdate
	u.Kind = cmp.Or(u.Kind, KindQuality)
	return json.Marshal(fields(u))
}

// MarshalJSON writes the update, with [KindDriver] if it has no kind.
func (u DriverUpdate) MarshalJSON() ([]byte, error) {
	type fields DriverUpdate
	u.Kind = cmp.Or(u.Kind, KindDriver)
	return json.Marshal(fields(u))
}

// MarshalJSON writes the update, with [KindRecovery] if it has no kind.
func (u RecoveryUpdate) MarshalJSON() ([]byte, error) {
	type fields RecoveryUpdate
	u.Kind = cmp.Or(u.Kind, KindRecovery)
	return json.Marshal(fields(u))
}

// UnmarshalEntry reads an entry that json.Marshal wrote. The property "kind" selects the struct; the
// service's "@odata.type" works too. Without a kind, or with an unknown kind, the entry is an
// [UnknownEntry]. It is an error if data is not a JSON object, nests more than 100 entries, or has a
// property that is unknown or of the wrong type.
func UnmarshalEntry(data []byte) (Entry, error) {
	entry, err := unmarshalEntry(data)
	if err != nil {
		return nil, fmt.Errorf("catalog: unmarshal entry: %w", err)
	}
	return entry, nil
}

// unmarshalEntry also reads the entries of revisions, whose errors name the outer entry alone.
func unmarshalEntry(data []byte) (Entry, error) {
	if !bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) {
		return nil, errors.New("value is not a JSON object")
	}
	if isDeeper(data, maxDepth) {
		return nil, errors.New("value has more than 100 nested entries")
	}
	kind, data, err := splitKind(data)
	if err != nil {
		return nil, err
	}
	entry := newEntry(kind)
	return entry, json.Unmarshal(data, entry)
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

// isDeeper reports whether more objects and arrays than limit are nested.
func isDeeper(data []byte, limit int) bool {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++ // an escaped quote does not end the string
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

// UnmarshalJSON reads a revision that json.Marshal wrote. Its entry is read by [UnmarshalEntry].
func (r *Revision) UnmarshalJSON(data []byte) error {
	type plain Revision // without this method
	stored := struct {
		plain
		Entry json.RawMessage `json:"catalogEntry"`
	}{plain: plain(*r)}
	stored.plain.Entry = nil
	if err := wire.Unmarshal(data, &stored); err != nil {
		return err
	}
	*r = Revision(stored.plain)
	if len(stored.Entry) == 0 || string(stored.Entry) == "null" {
		return nil
	}
	entry, err := unmarshalEntry(stored.Entry)
	if err != nil {
		return wire.At("catalogEntry", err)
	}
	r.Entry = entry
	return nil
}
