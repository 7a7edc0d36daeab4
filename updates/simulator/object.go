package simulator

import (
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// object is a JSON object.
type object = odata.Object

const namespace = "microsoft.graph.windowsUpdates."

// shortType is the name of a type without sign and namespace.
func shortType(name string) string { return odata.ShortName(namespace, name) }

// typeOf is the type that an object has, or the declared one if it has none.
func typeOf(o object, declared string) string { return odata.TypeOf(namespace, o, declared) }

// types maps short names to the declared types of a resource.
type types = map[string]odata.Type

// or returns the value that a pointer points to, or a default if it is nil.
func or[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

// orNull turns a nil pointer into nil, which is written as null.
func orNull[T any](value *T) any {
	if value == nil {
		return nil
	}
	return *value
}

func textOf(o object, name string) string {
	text, _ := o[name].(string)
	return text
}

const day = 24 * time.Hour

// ceil divides positive numbers and rounds up.
func ceil(a, b int64) int64 {
	if a%b > 0 {
		return a/b + 1
	}
	return a / b
}
