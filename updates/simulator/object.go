package simulator

import (
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// object is a JSON object.
type object = odata.Object

const namespace = "microsoft.graph.windowsUpdates."

// shortType is a type's name without sign and namespace.
func shortType(name string) string { return odata.ShortName(namespace, name) }

// typeOf is the type that an object says it is, or where it says nothing the one
// it is declared as.
func typeOf(o object, declared string) string { return odata.TypeOf(namespace, o, declared) }

// types are the types that a resource declares, by short name.
type types = map[string]odata.Type

// or is the value that a pointer leads to, or another one.
func or[T any](value *T, otherwise T) T {
	if value == nil {
		return otherwise
	}
	return *value
}

// orNull keeps a pointer to nothing from being written as anything but null.
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

// ceil divides and rounds up what is positive.
func ceil(a, b int64) int64 {
	if a%b > 0 {
		return a/b + 1
	}
	return a / b
}
