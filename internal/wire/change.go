package wire

import (
	"fmt"
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
	return c.IsUnset() || set && there(value)
}

// OutOfRange is the problem of a value that must be another one.
func OutOfRange(field string, value any, rule string) error {
	return &apierr.FieldError{Field: field, Value: fmt.Sprint(value), Rule: rule}
}

// IsNil reports whether an interface holds nothing, or a nil that fails when it is
// used.
func IsNil(value any) bool {
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.Invalid:
		return true
	case reflect.Pointer, reflect.Func, reflect.Map:
		return v.IsNil()
	}
	return false
}
