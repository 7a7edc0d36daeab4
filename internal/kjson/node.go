package kjson

import (
	"iter"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// node is one value of a document.
type node struct {
	unsupportedNode

	doc   *document
	name  span  // without quotes; empty for items and the root
	value span  // as it is written
	first int32 // index behind this node, of its first child if it has one
	next  int32 // index behind all that lies in this node
}

// kind is what a value is, by the first byte of one of its forms.
type kind byte

const (
	null    kind = 'n'
	boolean kind = 't'
	number  kind = '0'
	text    kind = '"'
	array   kind = '['
	object  kind = '{'
)

// String is the kind in the words of errors.
func (k kind) String() string {
	switch k {
	case null:
		return "null"
	case boolean:
		return "a Boolean"
	case number:
		return "a number"
	case text:
		return "a string"
	case array:
		return "an array"
	}
	return "an object"
}

func (n *node) kind() kind {
	switch first := n.doc.content[n.value.start]; first {
	case 'n', 't', '"', '[', '{':
		return kind(first)
	case 'f':
		return boolean
	}
	return number
}

func (n *node) is(k kind) bool { return n.kind() == k }

func (n *node) isRoot() bool { return n.first == 1 }

// raw is the value as it is written.
func (n *node) raw() []byte { return n.doc.content[n.value.start:n.value.end] }

// key is the name of a property.
func (n *node) key() []byte {
	if n.doc.escaped != nil {
		if plain, ok := n.doc.escaped[n.name.start]; ok {
			return plain
		}
	}
	return n.doc.content[n.name.start:n.name.end]
}

// keyText is the name of a property as a string that outlives the document.
func (n *node) keyText() string {
	return n.doc.text(n.doc.content[n.name.start-1 : n.name.end+1])
}

// children yields the properties of an object or the items of an array.
func (n *node) children() iter.Seq[*node] {
	return func(yield func(*node) bool) {
		for i := n.first; i < n.next; i = n.doc.nodes[i].next {
			if !yield(&n.doc.nodes[i]) {
				return
			}
		}
	}
}

// contains reports whether a node is n or inside n.
func (n *node) contains(other *node) bool {
	return n.first <= other.first && other.first <= n.next
}

// member is the last property with a name, or nil.
func (n *node) member(name string) *node {
	if !n.is(object) {
		return nil
	}
	var last *node
	for child := range n.children() {
		if string(child.key()) == name {
			last = child
		}
	}
	return last
}

// GetChildNode returns the property with this name, the last one if there are several. It returns nil
// if there is none or the node is not an object. A null property is a node without a value.
func (n *node) GetChildNode(index string) (serialization.ParseNode, error) {
	var none serialization.ParseNode
	if child := n.member(index); child != nil {
		return child, nil
	}
	return none, nil
}
