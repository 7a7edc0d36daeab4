package odata

import (
	"bytes"
	"encoding/json"
	"errors"
)

// Change is what a PATCH does to one property: keep it, set it, or set it to
// null. The zero Change keeps. Make the others with [Set] and [Null].
//
// In JSON null is null, and a value to set is the value. What is kept has no form
// of its own: a field with the option omitzero is left out, and one that is absent
// reads as kept.
type Change[T any] struct {
	value T
	kind  changeKind
}

type changeKind int

const (
	keep changeKind = iota
	set
	null
)

// Set returns the change that sets a property to value, be it zero or not.
func Set[T any](value T) Change[T] { return Change[T]{value: value, kind: set} }

// Null returns the change that sends null for a property.
func Null[T any]() Change[T] { return Change[T]{kind: null} }

// IsUnset reports whether the property is left as it is and not sent.
func (c Change[T]) IsUnset() bool { return c.kind == keep }

// IsNull reports whether null is sent.
func (c Change[T]) IsNull() bool { return c.kind == null }

// Value returns the value to set and whether there is one.
func (c Change[T]) Value() (T, bool) { return c.value, c.kind == set }

// IsZero reports whether the change is the zero Change, which keeps. It makes the
// option omitzero of encoding/json leave the field out.
func (c Change[T]) IsZero() bool { return c.IsUnset() }

var errUnset = errors.New("odata: a Change that keeps has no JSON; give its field the option omitzero")

// MarshalJSON returns the value to set, or null. A change that keeps is an error,
// since null would be another change. A value whose own JSON is null, such as a
// nil pointer, cannot be told from null.
func (c Change[T]) MarshalJSON() ([]byte, error) {
	if c.IsUnset() {
		return nil, errUnset
	}
	if c.IsNull() {
		return []byte("null"), nil
	}
	return json.Marshal(c.value)
}

// UnmarshalJSON reads null as [Null] and all else as [Set]. On an error the change
// stays what it was.
func (c *Change[T]) UnmarshalJSON(text []byte) error {
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		*c = Null[T]()
		return nil
	}
	var value T
	if err := json.Unmarshal(text, &value); err != nil {
		return err
	}
	*c = Set(value)
	return nil
}
