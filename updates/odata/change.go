package odata

// Change is what a PATCH does to one property: keep it, set it, or set it to
// null. The zero Change keeps. Make the others with [Set] and [Null].
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

// IsKeep reports whether the property is left as it is and not sent.
func (c Change[T]) IsKeep() bool { return c.kind == keep }

// IsNull reports whether null is sent.
func (c Change[T]) IsNull() bool { return c.kind == null }

// Value returns the value to set and whether there is one.
func (c Change[T]) Value() (T, bool) { return c.value, c.kind == set }
