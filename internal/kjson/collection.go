package kjson

import (
	"fmt"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// GetCollectionOfObjectValues reads an array of objects, or nil for null. A null item is a nil item.
func (n *node) GetCollectionOfObjectValues(create serialization.ParsableFactory) ([]serialization.Parsable, error) {
	if create == nil {
		return nil, errNoConstructor
	}
	return collect(n, true, func(item *node) (serialization.Parsable, error) {
		return item.GetObjectValue(create)
	})
}

// GetCollectionOfPrimitiveValues reads an array of plain values as pointers to the type that
// targetType names: string or int32. It returns nil for null, and omits null items.
func (n *node) GetCollectionOfPrimitiveValues(targetType string) ([]any, error) {
	read := primitive(targetType)
	if read == nil {
		return nil, fmt.Errorf("lists of %q are not supported", targetType)
	}
	return collect(n, false, read)
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

// count is the number of children of a node.
func (n *node) count() int {
	count := 0
	for range n.children() {
		count++
	}
	return count
}

// primitive reads a plain value by the name of its type. It returns nil for an unknown name. Without a
// value the result is nil, not a nil pointer.
func primitive(targetType string) func(*node) (any, error) {
	switch targetType {
	case "string":
		return plain((*node).GetStringValue)
	case "int32":
		return plain((*node).GetInt32Value)
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
