package kjson

import "github.com/microsoft/kiota-abstractions-go/serialization"

// items writes an array unless the slice is nil.
func items[T any](w *writer, key string, values []T, write func(*writer, T) error) error {
	if values == nil {
		return nil
	}
	return w.put(key, func() error {
		return w.array(len(values), func(i int) error { return write(w, values[i]) })
	})
}

// WriteCollectionOfObjectValues writes an array of objects; a nil item is null.
func (w *writer) WriteCollectionOfObjectValues(key string, collection []serialization.Parsable) error {
	return items(w, key, collection, func(w *writer, item serialization.Parsable) error {
		return w.item(item)
	})
}

// WriteCollectionOfStringValues writes an array of strings.
func (w *writer) WriteCollectionOfStringValues(key string, collection []string) error {
	return items(w, key, collection, (*writer).text)
}
