package kjson

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// WriteAdditionalData writes members in the order of their names. It takes what
// the other methods take, as values, pointers and slices, and anything that
// encoding/json writes. A json.RawMessage goes out as it is if it is JSON. Nil and
// nil pointers are null; nil slices are left out.
func (w *writer) WriteAdditionalData(value map[string]any) error {
	if len(value) == 0 {
		return nil // most objects: sorting nothing still costs three allocations
	}
	for _, key := range slices.Sorted(maps.Keys(value)) {
		if err := w.additional(key, value[key]); err != nil {
			return err
		}
	}
	return nil
}

// WriteAnyValue writes anything that encoding/json writes, without escapes for
// HTML; nil is left out.
func (w *writer) WriteAnyValue(key string, value any) error {
	if value == nil {
		return nil
	}
	return w.put(key, func() error { return w.any(value) })
}

func (w *writer) additional(key string, value any) error {
	if err := checkName(key); err != nil {
		return w.failed("", err)
	}
	switch v := value.(type) {
	case serialization.Parsable:
		if isNil(v) {
			return w.WriteNullValue(key)
		}
		return w.WriteObjectValue(key, v)
	case []serialization.Parsable:
		return w.WriteCollectionOfObjectValues(key, v)
	}
	if target := reflect.ValueOf(value); target.Kind() == reflect.Pointer && !target.IsNil() {
		return w.additionalValue(key, target.Elem().Interface(), value)
	}
	return w.additionalValue(key, value, value)
}

// additionalValue writes a plain value; anything else as it was given.
func (w *writer) additionalValue(key string, value, given any) error {
	switch v := value.(type) {
	case nil:
		return w.WriteNullValue(key)
	case json.RawMessage:
		return w.put(key, func() error { return w.raw(v) })
	case string:
		return w.WriteStringValue(key, &v)
	case float32:
		return w.WriteFloat32Value(key, &v)
	case float64:
		return w.WriteFloat64Value(key, &v)
	case time.Time:
		return w.WriteTimeValue(key, &v)
	case serialization.DateOnly:
		return w.WriteDateOnlyValue(key, &v)
	case serialization.TimeOnly:
		return w.WriteTimeOnlyValue(key, &v)
	case serialization.ISODuration:
		return w.WriteISODurationValue(key, &v)
	}
	return w.additionalSlice(key, value, given)
}

// additionalSlice writes a slice that encoding/json would write in another form,
// and leaves booleans, integers, UUIDs and all else to it.
func (w *writer) additionalSlice(key string, value, given any) error {
	switch v := value.(type) {
	case []string:
		return w.WriteCollectionOfStringValues(key, v)
	case []byte:
		return w.WriteCollectionOfByteValues(key, v)
	case []float32:
		return w.WriteCollectionOfFloat32Values(key, v)
	case []float64:
		return w.WriteCollectionOfFloat64Values(key, v)
	case []time.Time:
		return w.WriteCollectionOfTimeValues(key, v)
	case []serialization.DateOnly:
		return w.WriteCollectionOfDateOnlyValues(key, v)
	case []serialization.TimeOnly:
		return w.WriteCollectionOfTimeOnlyValues(key, v)
	case []serialization.ISODuration:
		return w.WriteCollectionOfISODurationValues(key, v)
	}
	return w.additionalIntegers(key, value, given)
}

// additionalIntegers leaves out nil slices, which encoding/json would write as null.
func (w *writer) additionalIntegers(key string, value, given any) error {
	switch v := value.(type) {
	case []bool:
		return w.WriteCollectionOfBoolValues(key, v)
	case []int8:
		return w.WriteCollectionOfInt8Values(key, v)
	case []int32:
		return w.WriteCollectionOfInt32Values(key, v)
	case []int64:
		return w.WriteCollectionOfInt64Values(key, v)
	case []uuid.UUID:
		return w.WriteCollectionOfUUIDValues(key, v)
	}
	return w.WriteAnyValue(key, given)
}

func (w *writer) any(value any) error {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return err
	}
	w.out.Raw(bytes.TrimSuffix(buffer.Bytes(), []byte("\n")))
	return nil
}

// raw writes JSON that a caller has; null when there is none.
func (w *writer) raw(value json.RawMessage) error {
	if len(value) == 0 {
		w.out.Null()
		return nil
	}
	doc, err := parse(value)
	if err != nil {
		return err
	}
	w.out.Raw(doc.nodes[0].raw())
	return nil
}
