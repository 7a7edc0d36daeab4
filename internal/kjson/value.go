package kjson

import (
	"bytes"
	"errors"
	"hash/maphash"
)

// errAbsent is the error of a reader for a string that means no value.
var errAbsent = errors.New("no value")

// value reads a node and keeps the result. It returns nil if the node is null or means no value.
func value[T any](n *node, kept *block[T], read func(*node) (T, error)) (*T, error) {
	var none *T
	if n.is(null) {
		return none, nil
	}
	v, err := read(n)
	switch {
	case errors.Is(err, errAbsent):
		return none, nil
	case err != nil:
		return nil, err
	}
	return kept.keep(v), nil
}

// block is memory for the values that models point to. They share it instead of one allocation each,
// and it lives as long as the last of them.
type block[T any] []T

const maxBlock = 64

// keep returns a pointer to a copy of the value.
func (b *block[T]) keep(v T) *T {
	if len(*b) == cap(*b) {
		*b = make([]T, 0, min(2*cap(*b)+4, maxBlock))
	}
	*b = append(*b, v)
	return &(*b)[len(*b)-1]
}

// GetStringValue reads a string, or nil for null.
func (n *node) GetStringValue() (*string, error) { return value(n, &n.doc.texts, asText) }

// GetBoolValue reads a Boolean, possibly written as a string, or nil for null.
func (n *node) GetBoolValue() (*bool, error) { return value(n, &n.doc.booleans, asBool) }

func asText(n *node) (string, error) {
	if !n.is(text) {
		return "", n.wrong(text)
	}
	return n.doc.text(n.raw()), nil
}

const (
	wordSlots = 128 // power of two
	longWord  = 80  // in bytes; longer texts hardly repeat
)

var wordSeed = maphash.MakeSeed()

// text decodes a string. Pages repeat their short strings, such as names of types, values of
// enumerations, and products. So the last one of each slot is kept and returned again.
func (d *document) text(raw []byte) string {
	if len(raw) > longWord || bytes.IndexByte(raw, '\\') >= 0 {
		return unquote(raw)
	}
	if d.words == nil {
		d.words = new([wordSlots]string)
	}
	slot := &d.words[maphash.Bytes(wordSeed, raw)%wordSlots]
	if word := raw[1 : len(raw)-1]; *slot != string(word) {
		*slot = string(word)
	}
	return *slot
}

// asBool also accepts the strings that .NET and JSON write for Booleans.
func asBool(n *node) (bool, error) {
	switch string(n.raw()) {
	case "true", `"true"`, `"True"`:
		return true, nil
	case "false", `"false"`, `"False"`:
		return false, nil
	}
	if n.is(text) {
		return false, n.problem("%s is not a Boolean", excerpt(unquote(n.raw())))
	}
	return false, n.wrong(boolean)
}

// asPresent is a string that is more than blank or the placeholder of the reference pages.
func asPresent(n *node) (string, error) {
	s, err := asText(n)
	switch s {
	case "", "String (timestamp)", "String (identifier)":
		if err == nil {
			err = errAbsent
		}
	}
	return s, err
}
