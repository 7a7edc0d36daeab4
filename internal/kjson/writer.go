package kjson

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/go-faster/jx"
)

// writer writes JSON from front to back. Each method with a key writes a property, and with an empty
// key a value alone. Nil pointers, slices, and objects are omitted.
type writer struct {
	unsupportedWriter

	out   *jx.Writer // from jx's pool, from the first value until Close
	depth int
	err   error // nil until something could not be written
}

// GetSerializedContent returns a copy of what was written, empty but not nil if that was nothing. If
// something could not be written it returns the error and no content.
func (w *writer) GetSerializedContent() ([]byte, error) {
	switch {
	case w.err != nil:
		return nil, w.err
	case w.out == nil:
		return []byte{}, nil
	}
	return bytes.Clone(w.out.Buf), nil
}

// Close releases the memory to the next writer; contents that were returned remain valid. The writer
// can be used again. The error is always nil.
func (w *writer) Close() error {
	if w.out != nil {
		jx.PutWriter(w.out)
	}
	w.out, w.depth, w.err = nil, 0, nil
	return nil
}

// put writes an optional name and a value.
func (w *writer) put(key string, write func() error) error {
	w.begin(key)
	return w.failed(key, write())
}

// begin writes what precedes a value: a comma after another value, and the name of a property. Names
// in models are constants; names from data are checked before.
func (w *writer) begin(key string) {
	if w.out == nil {
		w.out = jx.GetWriter()
	}
	if n := len(w.out.Buf); n > 0 {
		switch w.out.Buf[n-1] {
		case '{', '[', ':': // the first in there
		default:
			w.out.Comma()
		}
	}
	if key != "" {
		w.out.FieldStart(key)
	}
}

var (
	errNotUTF8 = errors.New("a string that is not UTF-8 cannot be written")
	errNoName  = errors.New("a property without a name cannot be written")
)

// checkName rejects the empty name, which would mean none.
func checkName(name string) error {
	switch {
	case name == "":
		return errNoName
	case !utf8.ValidString(name):
		return errNotUTF8
	}
	return nil
}

// failed adds the path to an error, if any, and stores it.
func (w *writer) failed(segment string, err error) error {
	if err == nil {
		return nil
	}
	w.err = within(segment, err)
	return w.err
}
