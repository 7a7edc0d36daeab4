package kjson

import (
	"errors"
	"fmt"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// GetCollectionOfObjectValues reads an array of objects. It is nil for null; an
// item that is null is a nil item.
func (n *node) GetCollectionOfObjectValues(create serialization.ParsableFactory) ([]serialization.Parsable, error) {
	if create == nil {
		return nil, errNoConstructor
	}
	return collect(n, true, func(item *node) (serialization.Parsable, error) {
		return item.GetObjectValue(create)
	})
}

// GetCollectionOfPrimitiveValues reads an array of plain values as pointers to
// the type that targetType names: string, bool, int8, uint8 (which Kiota reads as
// int8), byte, int32, int64, float32, float64, time, timeonly, dateonly,
// isoduration, uuid, or base64 (a slice of bytes). It is nil for null; items that
// have no value are left out.
func (n *node) GetCollectionOfPrimitiveValues(targetType string) ([]any, error) {
	read := primitive(targetType)
	if read == nil {
		return nil, fmt.Errorf("%q is not a type of plain values", targetType)
	}
	return collect(n, false, read)
}

// GetCollectionOfEnumValues reads an array of texts with a parser. It is nil for
// null; items that are null are left out.
func (n *node) GetCollectionOfEnumValues(parser serialization.EnumFactory) ([]any, error) {
	if parser == nil {
		return nil, errNoParser
	}
	return collect(n, false, func(item *node) (any, error) {
		return item.GetEnumValue(parser)
	})
}

// collect reads the items of an array.
func collect[T any](n *node, keepNull bool, read func(*node) (T, error)) ([]T, error) {
	if n.is(null) {
		return nil, nil
	}
	if !n.is(array) {
		return nil, n.wrong(array)
	}
	items := make([]T, 0, n.count())
	for child := range n.children() {
		item, err := read(child)
		switch {
		case err != nil:
			return nil, err
		case any(item) != nil || keepNull:
			items = append(items, item)
		}
	}
	return items, nil
}

// count is how many children a node has.
func (n *node) count() int {
	count := 0
	for range n.children() {
		count++
	}
	return count
}

// primitive reads a plain value by the name of its type; nil for a name that is
// none. The value is nil, not a nil pointer, when there is none.
func primitive(targetType string) func(*node) (any, error) {
	switch targetType {
	case "string":
		return plain((*node).GetStringValue)
	case "bool":
		return plain((*node).GetBoolValue)
	case "int8", "uint8":
		return plain((*node).GetInt8Value)
	case "byte":
		return plain((*node).GetByteValue)
	case "int32":
		return plain((*node).GetInt32Value)
	case "int64":
		return plain((*node).GetInt64Value)
	case "float32":
		return plain((*node).GetFloat32Value)
	case "float64":
		return plain((*node).GetFloat64Value)
	}
	return primitiveText(targetType)
}

// primitiveText is for the types that are written as texts.
func primitiveText(targetType string) func(*node) (any, error) {
	switch targetType {
	case "time":
		return plain((*node).GetTimeValue)
	case "timeonly":
		return plain((*node).GetTimeOnlyValue)
	case "dateonly":
		return plain((*node).GetDateOnlyValue)
	case "isoduration":
		return plain((*node).GetISODurationValue)
	case "uuid":
		return plain((*node).GetUUIDValue)
	case "base64":
		return plainBytes
	}
	return nil
}

func plain[T any](get func(*node) (*T, error)) func(*node) (any, error) {
	return func(n *node) (any, error) {
		value, err := get(n)
		if value == nil {
			return nil, err
		}
		return value, err
	}
}

func plainBytes(n *node) (any, error) {
	value, err := n.GetByteArrayValue()
	if value == nil {
		return nil, err
	}
	return value, err
}

var errNoParser = errors.New("no parser was given")
