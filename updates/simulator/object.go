package simulator

import "time"

// object is a JSON object.
type object = map[string]any

const namespace = "microsoft.graph.windowsUpdates."

// timestamp writes a time as the service does: UTC, up to seven digits.
func timestamp(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.9999999Z07:00")
}

// optionalTimestamp writes a zero time as null.
func optionalTimestamp(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return timestamp(t)
}

func parseTime(text string) (time.Time, bool) {
	t, err := time.Parse(time.RFC3339Nano, text)
	return t.UTC(), err == nil
}

// shortType is a type's name without sign and namespace.
func shortType(name string) string { return shortName(namespace, name) }

// typeOf is the type that an object says it is, or where it says nothing the one
// it is declared as.
func typeOf(o object, declared string) string { return typeIn(namespace, o, declared) }

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
