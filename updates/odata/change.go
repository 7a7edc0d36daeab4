package odata

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Change is the change of one property in a PATCH request: set it, set it to null, or leave it unset,
// which keeps its value. Make changes with [Set] and [Null]; the zero Change is unset.
//
// In JSON, a change is the value to set, or null. An unset change has no JSON: give its field the option
// omitzero. An absent field reads as unset.
type Change[T any] struct {
	value T
	kind  changeKind
}

type changeKind int

const (
	unset changeKind = iota
	set
	null
)

// Set returns the change that sets a property to value, even if value is zero.
func Set[T any](value T) Change[T] { return Change[T]{value: value, kind: set} }

// Null returns the change that sets a property to null.
func Null[T any]() Change[T] { return Change[T]{kind: null} }

// IsUnset reports whether the property is not sent and keeps its value.
func (c Change[T]) IsUnset() bool { return c.kind == unset }

// IsNull reports whether null is sent.
func (c Change[T]) IsNull() bool { return c.kind == null }

// Value returns the value to set, and whether the change sets one.
func (c Change[T]) Value() (T, bool) { return c.value, c.kind == set }

// IsZero reports whether the change is unset. The option omitzero of encoding/json uses it.
func (c Change[T]) IsZero() bool { return c.IsUnset() }

// String returns "unset", "null", or the value to set.
func (c Change[T]) String() string {
	switch {
	case c.IsUnset():
		return "unset"
	case c.IsNull():
		return "null"
	}
	return fmt.Sprint(c.value)
}

var errUnset = errors.New("odata: an unset Change has no JSON; give its field the option omitzero")

// MarshalJSON returns the value to set, or null. An unset change is an error, because null would be a
// different change. A value that marshals to null, such as a nil pointer, reads as [Null].
func (c Change[T]) MarshalJSON() ([]byte, error) {
	if c.IsUnset() {
		return nil, errUnset
	}
	if c.IsNull() {
		return []byte("null"), nil
	}
	return json.Marshal(c.value)
}

// UnmarshalJSON reads null as [Null] and any other value as [Set]. An unknown property is an error. If there
// is an error, the change is not modified.
func (c *Change[T]) UnmarshalJSON(text []byte) error {
	if bytes.Equal(bytes.TrimSpace(text), []byte("null")) {
		*c = Null[T]()
		return nil
	}
	var value T
	if err := unmarshal(text, &value); err != nil {
		return err
	}
	*c = Set(value)
	return nil
}
