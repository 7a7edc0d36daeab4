package kjson

import (
	"time"

	"github.com/google/uuid"
	"github.com/microsoft/kiota-abstractions-go/serialization"
)

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

// WriteCollectionOfStringValues writes an array of texts.
func (w *writer) WriteCollectionOfStringValues(key string, collection []string) error {
	return items(w, key, collection, (*writer).text)
}

// WriteCollectionOfBoolValues writes an array of booleans.
func (w *writer) WriteCollectionOfBoolValues(key string, collection []bool) error {
	return items(w, key, collection, (*writer).bool)
}

// WriteCollectionOfInt8Values writes an array of integers.
func (w *writer) WriteCollectionOfInt8Values(key string, collection []int8) error {
	return items(w, key, collection, integer[int8])
}

// WriteCollectionOfByteValues writes an array of integers, not base64.
func (w *writer) WriteCollectionOfByteValues(key string, collection []byte) error {
	return items(w, key, collection, integer[byte])
}

// WriteCollectionOfInt32Values writes an array of integers.
func (w *writer) WriteCollectionOfInt32Values(key string, collection []int32) error {
	return items(w, key, collection, integer[int32])
}

// WriteCollectionOfInt64Values writes an array of integers.
func (w *writer) WriteCollectionOfInt64Values(key string, collection []int64) error {
	return items(w, key, collection, integer[int64])
}

// WriteCollectionOfFloat32Values writes an array of numbers.
func (w *writer) WriteCollectionOfFloat32Values(key string, collection []float32) error {
	return items(w, key, collection, (*writer).float32)
}

// WriteCollectionOfFloat64Values writes an array of numbers.
func (w *writer) WriteCollectionOfFloat64Values(key string, collection []float64) error {
	return items(w, key, collection, (*writer).float64)
}

// WriteCollectionOfTimeValues writes an array of times in UTC.
func (w *writer) WriteCollectionOfTimeValues(key string, collection []time.Time) error {
	return items(w, key, collection, (*writer).time)
}

// WriteCollectionOfDateOnlyValues writes an array of dates.
func (w *writer) WriteCollectionOfDateOnlyValues(key string, collection []serialization.DateOnly) error {
	return items(w, key, collection, (*writer).date)
}

// WriteCollectionOfTimeOnlyValues writes an array of times of day.
func (w *writer) WriteCollectionOfTimeOnlyValues(key string, collection []serialization.TimeOnly) error {
	return items(w, key, collection, (*writer).timeOfDay)
}

// WriteCollectionOfISODurationValues writes an array of durations.
func (w *writer) WriteCollectionOfISODurationValues(key string, collection []serialization.ISODuration) error {
	return items(w, key, collection, (*writer).duration)
}

// WriteCollectionOfUUIDValues writes an array of UUIDs.
func (w *writer) WriteCollectionOfUUIDValues(key string, collection []uuid.UUID) error {
	return items(w, key, collection, (*writer).uuid)
}
