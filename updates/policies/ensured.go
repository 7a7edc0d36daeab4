package policies

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Ensured is what [Client.EnsurePolicy] or [Client.EnsureRing] found and did.
type Ensured struct {
	// ID identifies the policy or ring.
	ID string `json:"id"`
	// Outcome says whether it was created, changed, or left as it was.
	Outcome Outcome `json:"outcome"`
	// Differences are the properties that were changed; nil if none was.
	Differences []Difference `json:"differences,omitzero"`
}

// Outcome is what [Client.EnsurePolicy] or [Client.EnsureRing] did.
type Outcome string

// The outcomes.
const (
	// OutcomeCreated: there was none with the display name.
	OutcomeCreated Outcome = "created"
	// OutcomeChanged: the properties that differed were changed.
	OutcomeChanged Outcome = "changed"
	// OutcomeUnchanged: nothing differed, so nothing was sent.
	OutcomeUnchanged Outcome = "unchanged"
)

// Difference is a property that was not as specified.
type Difference struct {
	// Property is the service's name of the property.
	Property string `json:"property"`
	// From is the value that was read; null if the service did not have one.
	From json.RawMessage `json:"from"`
	// To is the specified value.
	To json.RawMessage `json:"to"`
}

// comparison collects the differences between what was read and what is specified.
type comparison struct {
	unread      []string // properties whose values are not known
	unknown     []string // those of them that are specified
	differences []Difference
}

// compare returns the change of a property. It is unset if the values are the same, and if
// the value that was read is not known.
func compare[T any](c *comparison, property string, from, to T, same bool) odata.Change[T] {
	if slices.Contains(c.unread, property) {
		c.unknown = append(c.unknown, property)
		return odata.Change[T]{}
	}
	if same {
		return odata.Change[T]{}
	}
	c.differences = append(c.differences, Difference{property, textOf(from), textOf(to)})
	return odata.Set(to)
}

// compareOptional is compare for a property that is not specified if to is nil.
func compareOptional[T comparable](c *comparison, property string, from, to *T) odata.Change[T] {
	if to == nil || compare(c, property, from, to, from != nil && *from == *to).IsUnset() {
		return odata.Change[T]{}
	}
	return odata.Set(*to)
}

// compareExtra returns the specified additional properties that differ.
func compareExtra(c *comparison, from, to map[string]json.RawMessage) map[string]json.RawMessage {
	changed := map[string]json.RawMessage{}
	for _, name := range slices.Sorted(maps.Keys(to)) {
		if !sameJSON(from[name], to[name]) {
			c.differences = append(c.differences, Difference{name, textOf(from[name]), textOf(to[name])})
			changed[name] = to[name]
		}
	}
	if len(changed) == 0 {
		return nil
	}
	return changed
}

// outcome is what follows from the comparison, before anything is changed. Values that are
// not known are an error, because a change would overwrite them.
func (c *comparison) outcome(op, id string) (*Ensured, error) {
	if len(c.unknown) > 0 {
		return nil, &apierr.Error{Op: op, Err: fmt.Errorf(
			"%s of %s could not be read, so nothing was changed; to overwrite them, use an update",
			strings.Join(c.unknown, ", "), id)}
	}
	if len(c.differences) == 0 {
		return &Ensured{ID: id, Outcome: OutcomeUnchanged}, nil
	}
	return &Ensured{ID: id, Outcome: OutcomeChanged, Differences: c.differences}, nil
}

// textOf is a value as JSON, and null for what has none.
func textOf(value any) json.RawMessage {
	text, err := json.Marshal(value)
	if err != nil {
		return json.RawMessage("null")
	}
	return text
}

// sameJSON reports whether two texts are the same value, in whatever form. Nil is null: what is set to
// null need not be listed.
func sameJSON(a, b json.RawMessage) bool { return bytes.Equal(canonical(a), canonical(b)) }

// canonical is a JSON text without white space, with sorted properties, and with numbers as
// they were.
func canonical(raw json.RawMessage) []byte {
	if raw == nil {
		return []byte("null")
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return raw
	}
	return textOf(value)
}
