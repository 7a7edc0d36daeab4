package kjson

import "github.com/microsoft/kiota-abstractions-go/serialization"

// untyped reads a value whose type no description knows. A number is an integer
// when it is written as one that fits into 64 bits.
func (n *node) untyped() (serialization.UntypedNodeable, error) {
	switch n.kind() {
	case object:
		return n.untypedObject()
	case array:
		return n.untypedArray()
	case text:
		return serialization.NewUntypedString(unquote(n.raw())), nil
	case boolean:
		return serialization.NewUntypedBoolean(n.raw()[0] == 't'), nil
	case number:
		return n.untypedNumber()
	}
	return serialization.NewUntypedNull(), nil
}

func (n *node) untypedObject() (serialization.UntypedNodeable, error) {
	members := map[string]serialization.UntypedNodeable{}
	for child := range n.children() {
		value, err := child.untyped()
		if err != nil {
			return nil, err
		}
		members[string(child.key())] = value
	}
	return serialization.NewUntypedObject(members), nil
}

func (n *node) untypedArray() (serialization.UntypedNodeable, error) {
	items := []serialization.UntypedNodeable{}
	for child := range n.children() {
		value, err := child.untyped()
		if err != nil {
			return nil, err
		}
		items = append(items, value)
	}
	return serialization.NewUntypedArray(items), nil
}

func (n *node) untypedNumber() (serialization.UntypedNodeable, error) {
	if whole, err := asInteger[int64](n); err == nil {
		return serialization.NewUntypedLong(whole), nil
	}
	value, err := asFloat64(n)
	if err != nil {
		return nil, err
	}
	return serialization.NewUntypedDouble(value), nil
}
