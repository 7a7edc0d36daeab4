package kjson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/go-faster/jx"
)

const (
	// maxDepth is how many objects and arrays may lie in one another. The models
	// need about ten; what reads or writes more is broken or hostile.
	maxDepth = 100

	// maxSize is what the offsets of a node can address.
	maxSize = math.MaxInt32
)

var byteOrderMark = []byte("\uFEFF")

// document is a JSON document as a list of its values, each followed by the values inside it. It is
// built in one pass, and decodes nothing until a node is read. The next document reuses its memory.
type document struct {
	content []byte
	nodes   []node
	escaped map[int32][]byte   // names written with escapes, by the start of their span
	words   *[wordSlots]string // short texts, which the objects of a page repeat
	unread  map[string]string  // paths of properties that could not be read, by their names

	texts    block[string]
	booleans block[bool]
	integers block[int32]
	numbers  block[float64]
	times    block[time.Time]
}

// span is a part of the content, from start up to but not including end.
type span struct{ start, end int32 }

// maxPooled is how many nodes the next document gets, 2 MiB. Pages of the service need some thousand.
const maxPooled = 1 << 16

var documents = sync.Pool{New: func() any { return new(document) }}

// free returns the memory of the nodes to the next document. The nodes must not be used afterwards;
// the values read from them remain valid.
func (d *document) free() {
	if cap(d.nodes) > maxPooled {
		d.nodes = nil
	}
	*d = document{nodes: d.nodes[:0], words: d.words}
	documents.Put(d)
}

// maxNames is how many properties are named that could not be read. They are the same in most objects.
const maxNames = 16

// name notes the path of a property that could not be read, if its name has none yet.
func (d *document) name(property *node) {
	name := string(property.key())
	if _, named := d.unread[name]; named || len(d.unread) == maxNames {
		return
	}
	if d.unread == nil {
		d.unread = map[string]string{}
	}
	d.unread[name] = property.path()
}

// parse finds the values of a document. Once it succeeds, the content is JSON in UTF-8: one value,
// nothing after it, at most maxDepth deep.
func parse(content []byte) (*document, error) {
	content = bytes.TrimPrefix(content, byteOrderMark)
	switch {
	case len(content) == 0:
		return nil, errors.New("the content is empty")
	case len(content) > maxSize:
		return nil, errors.New("the content is larger than 2 GiB")
	case !utf8.Valid(content):
		return nil, errors.New("the content is not UTF-8")
	}
	doc := documents.Get().(*document)
	if err := doc.build(content); err != nil {
		doc.free()
		return nil, err
	}
	return doc, nil
}

// build finds the values.
func (d *document) build(content []byte) error {
	allowed := allowedWeight(len(content))
	d.content, d.nodes = content, slices.Grow(d.nodes, min(likelyValues(content), allowed/elementWeight+1))
	b := builder{doc: d, decoder: jx.DecodeBytes(content), left: allowed} // jx's pool would keep the content
	if err := b.value(span{}, 0); err != nil {
		return malformed(err)
	}
	if behind := bytes.TrimLeft(content[b.pos:], " \t\r\n"); len(behind) > 0 {
		return errors.New("the content is not one JSON value: more follows it")
	}
	return nil
}

// likelyValues estimates the number of values. Only punctuation inside strings makes the estimate too
// high.
func likelyValues(content []byte) int {
	n := 1
	for _, before := range []string{",", "{", "["} {
		n += bytes.Count(content, []byte(before))
	}
	return n
}

// What a value becomes in memory does not depend on its length, so a small document can become very
// large. Weights are about half of the bytes that models and the types of the SDK need. A document may
// weigh ten times its size, and a page of some thousand objects always may.
const (
	objectWeight   = 450
	propertyWeight = 160
	elementWeight  = 60
	freeWeight     = 14 << 20
)

func allowedWeight(size int) int { return 10*size + freeWeight }

var errTooDense = errors.New("the content has too many values for its size")

// malformed is the error of the tokenizer without its context.
func malformed(err error) error {
	for cause := errors.Unwrap(err); cause != nil; cause = errors.Unwrap(err) {
		err = cause
	}
	if errors.Is(err, errTooDense) {
		return err
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("it ends too early")
	}
	return fmt.Errorf("the content is not JSON: %w", err)
}

// builder takes the values out of a decoder. The decoder says what comes next
// and that it is well formed, but not where it is: between two tokens lies only
// white space, a comma or a colon, so the next token is found by its first byte.
type builder struct {
	doc     *document
	decoder *jx.Decoder
	pos     int // behind the last token that was read
	left    int // weight that the document may still have
}

var errTooDeep = fmt.Errorf("it is more than %d levels deep", maxDepth)

func (b *builder) value(name span, depth int) (err error) {
	next := b.decoder.Next()
	if b.left -= weight(name, next); b.left < 0 {
		return errTooDense
	}
	self := len(b.doc.nodes)
	b.doc.nodes = append(b.doc.nodes, node{doc: b.doc, name: name, first: int32(self + 1)})
	var start int
	switch next {
	case jx.Object:
		start, err = b.object(depth + 1)
	case jx.Array:
		start, err = b.array(depth + 1)
	default:
		start, err = b.scalar()
	}
	n := &b.doc.nodes[self]
	n.value = span{int32(start), int32(b.pos)}
	n.next = int32(len(b.doc.nodes))
	return err
}

func weight(name span, of jx.Type) int {
	switch {
	case of == jx.Object:
		return objectWeight
	case name != (span{}):
		return propertyWeight
	}
	return elementWeight
}

func (b *builder) object(depth int) (start int, err error) {
	if depth > maxDepth {
		return 0, errTooDeep
	}
	start = b.find('{')
	err = b.decoder.ObjBytes(func(_ *jx.Decoder, name []byte) error {
		return b.value(b.name(name), depth)
	})
	if err == nil {
		b.find('}')
	}
	return start, err
}

func (b *builder) array(depth int) (start int, err error) {
	if depth > maxDepth {
		return 0, errTooDeep
	}
	start = b.find('[')
	err = b.decoder.Arr(func(*jx.Decoder) error {
		return b.value(span{}, depth)
	})
	if err == nil {
		b.find(']')
	}
	return start, err
}

func (b *builder) scalar() (start int, err error) {
	raw, err := b.decoder.Raw()
	if err != nil {
		return 0, err
	}
	start = b.find(raw[0])
	b.pos = start + len(raw)
	return start, nil
}

// name finds the name of a property, which the decoder returns without quotes and escapes.
func (b *builder) name(plain []byte) span {
	start := b.find('"') + 1
	end := start + len(plain)
	if b.doc.content[end] != '"' || !bytes.Equal(b.doc.content[start:end], plain) {
		end = b.escapedName(start)
	}
	b.pos = end + 1
	return span{int32(start), int32(end)}
}

// escapedName stores a name that is written with escapes, and returns its end.
func (b *builder) escapedName(start int) (end int) {
	raw, _ := jx.DecodeBytes(b.doc.content[start-1:]).Raw()
	if b.doc.escaped == nil {
		b.doc.escaped = map[int32][]byte{}
	}
	b.doc.escaped[int32(start)] = []byte(unquote(raw))
	return start - 1 + len(raw) - 1
}

// find returns where the next token starts, and goes behind its first byte.
func (b *builder) find(first byte) int {
	for b.doc.content[b.pos] != first {
		b.pos++
	}
	b.pos++
	return b.pos - 1
}

// unquote decodes a JSON string. Half a surrogate pair becomes U+FFFD, as in encoding/json.
func unquote(raw []byte) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return string(raw[1 : len(raw)-1])
	}
	var text string
	_ = json.Unmarshal(raw, &text) // raw was parsed
	return text
}
