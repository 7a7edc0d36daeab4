package kjson

import (
	"maps"
	"slices"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// untyped writes a value whose type no description knows; null for one that
// holds nothing.
func (w *writer) untyped(value serialization.UntypedNodeable) error {
	switch v := value.(type) {
	case *serialization.UntypedObject:
		return w.untypedObject(v.GetValue())
	case *serialization.UntypedArray:
		return w.untypedArray(v.GetValue())
	case *serialization.UntypedString:
		return orNull(w, v.GetValue(), (*writer).text)
	case *serialization.UntypedBoolean:
		return orNull(w, v.GetValue(), (*writer).bool)
	case *serialization.UntypedInteger:
		return orNull(w, v.GetValue(), integer[int32])
	case *serialization.UntypedLong:
		return orNull(w, v.GetValue(), integer[int64])
	case *serialization.UntypedFloat:
		return orNull(w, v.GetValue(), (*writer).float32)
	case *serialization.UntypedDouble:
		return orNull(w, v.GetValue(), (*writer).float64)
	}
	w.out.Null()
	return nil
}

func (w *writer) untypedObject(members map[string]serialization.UntypedNodeable) error {
	return w.braces(func() error {
		for _, name := range slices.Sorted(maps.Keys(members)) {
			if err := checkName(name); err != nil {
				return err
			}
			if err := w.put(name, func() error { return w.item(members[name]) }); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *writer) untypedArray(values []serialization.UntypedNodeable) error {
	return w.array(len(values), func(i int) error { return w.item(values[i]) })
}

func orNull[T any](w *writer, value *T, write func(*writer, T) error) error {
	if value == nil {
		w.out.Null()
		return nil
	}
	return write(w, *value)
}
