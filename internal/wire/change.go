package wire

import (
	"reflect"

	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// CheckNamed checks a text that must not be empty.
func CheckNamed(field, value string) error {
	if value == "" {
		return &apierr.FieldError{Field: field, Rule: "must not be empty"}
	}
	return nil
}

// CheckSet checks a change of what cannot be null.
func CheckSet[T any](field string, c odata.Change[T], check func(T) error) error {
	if c.IsNull() {
		return &apierr.FieldError{Field: field, Rule: "must not be null"}
	}
	if value, ok := c.Value(); ok {
		return check(value)
	}
	return nil
}

// Holds reports whether what a change sets is there. What is kept is.
func Holds[T any](c odata.Change[T], there func(T) bool) bool {
	value, set := c.Value()
	return c.IsKeep() || set && there(value)
}

// IsNil reports whether an interface has nothing in it, or a nil pointer.
func IsNil(value any) bool {
	v := reflect.ValueOf(value)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}
