package policies

import (
	"reflect"

	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

func checkNamed(field, value string) error {
	if value == "" {
		return &apierr.FieldError{Field: field, Rule: "must not be empty"}
	}
	return nil
}

// checkSet checks a change of what cannot be null.
func checkSet[T any](field string, c odata.Change[T], check func(T) error) error {
	if c.IsNull() {
		return &apierr.FieldError{Field: field, Rule: "must not be null"}
	}
	if value, ok := c.Value(); ok {
		return check(value)
	}
	return nil
}

// holds reports whether what a change sets is there. What is kept is.
func holds[T any](c odata.Change[T], there func(T) bool) bool {
	value, set := c.Value()
	return c.IsKeep() || set && there(value)
}

// isNil is whether an interface has nothing in it, or a nil pointer.
func isNil(value any) bool {
	v := reflect.ValueOf(value)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}
