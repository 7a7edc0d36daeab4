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
		item, err = create(untyped{n})
	}
	if err != nil {
		return nil, n.because(err)
	}
	return n.fill(item, create)
}

// untyped is an object whose type could not be read. Constructors make the basic type of it.
type untyped struct{ *node }

func (u untyped) GetChildNode(name string) (serialization.ParseNode, error) {
	if name == typeName {
		var none serialization.ParseNode
		return none, nil
	}
	return u.node.GetChildNode(name)
}

func (n *node) fill(item serialization.Parsable, create serialization.ParsableFactory) (serialization.Parsable, error) {
	if isNil(item) {
		return nil, n.problem("its constructor returned nil")
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

// typeName is the property that says of what type an object is.
const typeName = "@odata.type"

// assign passes each property to its field, or adds it to the additional data if it is unknown or cannot
// be read.
func (n *node) assign(item serialization.Parsable, known fields) error {
	taken := n.takenBack(known, make([]*node, 0, 8))
	var rest additional
	for child := range n.children() {
		field := known[string(child.key())]
		switch {
		case field == nil:
			rest.add(item, child)
		case !child.isBefore(taken):
			if err := field(child); err != nil && !n.keep(item, child) {
				return child.because(err)
			}
		}
	}
	return nil
}

// keep adds a property that could not be read to the additional data, unless a later one of the same name
// counts. It reports false if the object cannot be read without the property, or if an earlier value of
// the same name is in the field.
func (n *node) keep(item serialization.Parsable, child *node) bool {
	switch {
	case n.isEssential(child):
		return false
	case child.isRepeated(n):
		return true
	case child.isRepetition(n):
		return false
	}
	holder, ok := item.(serialization.AdditionalDataHolder)
	if ok {
		n.doc.name(child)
		data := additionalOf(holder)
		data[child.keyText()] = child.compact()
	}
	return ok
}

// isEssential reports whether nothing can be concluded without a property: an object without its ID is
// not known, and a list without its items or the next link is not whole.
func (n *node) isEssential(child *node) bool {
	switch name := child.key(); string(name) {
	case "id", "mdmAppId", "deviceId":
		return true
	case "value":
		return n.isRoot()
	default:
		return bytes.HasSuffix(name, []byte("@odata.nextLink"))
	}
}

// isRepeated reports whether a later property of the object has the same name.
func (n *node) isRepeated(parent *node) bool {
	for i := n.next; i < parent.next; i = n.doc.nodes[i].next {
		if n.hasNameOf(&n.doc.nodes[i]) {
			return true
		}
	}
	return false
}

// isRepetition reports whether an earlier property of the object has the same name.
func (n *node) isRepetition(parent *node) bool {
	for child := range parent.children() {
		if child.first >= n.first {
			return false
		}
		if n.hasNameOf(child) {
			return true
		}
	}
	return false
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
	a.data = additionalOf(holder)
}

// additionalOf is the additional data of an object, created if there is none.
func additionalOf(holder serialization.AdditionalDataHolder) map[string]any {
	data := holder.GetAdditionalData()
	if data == nil {
		data = map[string]any{}
		holder.SetAdditionalData(data)
	}
	return data
}

// compact is a copy of the value without white space.
func (n *node) compact() json.RawMessage {
	if n.first == n.next {
		return bytes.Clone(n.raw())
	}
	out := bytes.NewBuffer(make([]byte, 0, len(n.raw())))
	_ = json.Compact(out, n.raw()) // it was parsed
	return out.Bytes()
}
