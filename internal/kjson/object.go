package kjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

type fields = map[string]func(serialization.ParseNode) error

var errNoConstructor = errors.New("no constructor was given")

// GetObjectValue reads an object with a constructor that chooses its type, or nil for null. At the
// root null is an error. A root of the form {"value":{...}} is read as the object in it, unless the
// type has a property of that name.
func (n *node) GetObjectValue(create serialization.ParsableFactory) (serialization.Parsable, error) {
	var none serialization.Parsable
	switch {
	case create == nil:
		return none, errNoConstructor
	case n.is(null) && !n.isRoot():
		return none, nil
	}
	item, err := create(n)
	if err != nil {
		return nil, n.because(err)
	}
	return n.fill(item, create)
}

func (n *node) fill(item serialization.Parsable, create serialization.ParsableFactory) (serialization.Parsable, error) {
	if isNil(item) {
		return nil, n.problem("its constructor made nothing")
	}
	if !n.is(object) {
		return nil, n.wrong(object)
	}
	t := borrow(item)
	defer t.giveBack()
	if inner := n.wrapped(); inner != nil && t.fields["value"] == nil {
		return inner.GetObjectValue(create)
	}
	if err := n.assign(t.item, t.fields); err != nil {
		return nil, err
	}
	t.copyTo(item)
	return item, nil
}

// wrapped is the object in a root of the form {"value":{...}}, which published samples show for single
// entities. The root can have annotations too.
func (n *node) wrapped() *node {
	if !n.isRoot() {
		return nil
	}
	value := n.member("value")
	if value == nil || !value.is(object) {
		return nil
	}
	for child := range n.children() {
		if name := child.key(); string(name) != "value" && !bytes.HasPrefix(name, []byte("@")) {
			return nil
		}
	}
	return value
}

// assign passes each property to its field, or adds it to the additional data.
func (n *node) assign(item serialization.Parsable, known fields) error {
	taken := n.takenBack(known, make([]*node, 0, 8))
	var rest additional
	for child := range n.children() {
		field := known[string(child.key())]
		switch {
		case field == nil:
			rest.add(item, child)
		case !child.isBefore(taken):
			if err := field(child); err != nil {
				return child.because(err)
			}
		}
	}
	return nil
}

// takenBack lists the last null of each known name. Fields ignore null, so an earlier value with the
// same name would remain.
func (n *node) takenBack(known fields, nulls []*node) []*node {
	for child := range n.children() {
		if !child.is(null) || known[string(child.key())] == nil {
			continue
		}
		if i := slices.IndexFunc(nulls, child.hasNameOf); i >= 0 {
			nulls[i] = child
		} else {
			nulls = append(nulls, child)
		}
	}
	return nulls
}

// isBefore reports whether a later node of the list has the same name.
func (n *node) isBefore(nulls []*node) bool {
	return slices.ContainsFunc(nulls, func(later *node) bool {
		return later.first > n.first && n.hasNameOf(later)
	})
}

func (n *node) hasNameOf(other *node) bool { return bytes.Equal(n.key(), other.key()) }

// additional is the additional data of an object, created on first use.
type additional struct {
	data    map[string]any
	fetched bool
}

func (a *additional) add(item serialization.Parsable, child *node) {
	if !a.fetched {
		a.fetch(item)
	}
	if a.data != nil {
		a.data[child.keyText()] = child.compact()
	}
}

func (a *additional) fetch(item serialization.Parsable) {
	a.fetched = true
	holder, ok := item.(serialization.AdditionalDataHolder)
	if !ok {
		return
	}
	a.data = holder.GetAdditionalData()
	if a.data == nil {
		a.data = map[string]any{}
		holder.SetAdditionalData(a.data)
	}
}

// compact is a copy of the value without white space.
func (n *node) compact() json.RawMessage {
	if n.first == n.next {
		return bytes.Clone(n.raw())
	}
	var out bytes.Buffer
	_ = json.Compact(&out, n.raw()) // it was parsed
	return out.Bytes()
}
