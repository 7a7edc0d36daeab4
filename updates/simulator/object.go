package simulator

import "github.com/winupdates/winupdates-go/updates/simulator/internal/odata"

// object is a JSON object.
type object = odata.Object

const namespace = "microsoft.graph.windowsUpdates."

// shortType is a type's name without sign and namespace.
func shortType(name string) string { return odata.ShortName(namespace, name) }

// typeOf is the type that an object says it is, or where it says nothing the one
// it is declared as.
func typeOf(o object, declared string) string { return odata.TypeOf(namespace, o, declared) }

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
