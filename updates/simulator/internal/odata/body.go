package odata

import (
	"bytes"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Body reads the properties of a JSON object. Names are case-sensitive, as in the service. The first
// invalid property is kept as the error, including those of objects inside, so that a reader checks
// once at the end. An absent or null property reads as nil.
type Body struct {
	schema  Schema
	members Object
	err     *error
}

// ReadBody reads a body as a JSON object. An empty body is an empty object.
func (s Schema) ReadBody(text []byte) (*Body, error) {
	members := Object{}
	if len(bytes.TrimSpace(text)) == 0 {
		return &Body{s, members, new(error)}, nil
	}
	if err := json.Unmarshal(text, &members); err != nil || members == nil {
		return nil, BadRequest("Unable to read JSON request payload. " +
			"Please ensure Content-Type header is set and payload is of valid JSON format.")
	}
	return &Body{s, members, new(error)}, nil
}

// Err is the first error.
func (in *Body) Err() error { return *in.err }

// Reject records an error unless there is one already.
func (in *Body) Reject(err error) {
	if *in.err == nil {
		*in.err = err
	}
}

// Sent reports whether a property was sent, possibly as null.
func (in *Body) Sent(name string) bool {
	_, ok := in.members[name]
	return ok
}

// IsNull reports whether a property was sent as null.
func (in *Body) IsNull(name string) bool { return in.Sent(name) && in.members[name] == nil }

// Names returns the names of the properties, unsorted and without annotations.
func (in *Body) Names() []string {
	return slices.DeleteFunc(slices.Collect(maps.Keys(in.members)), func(name string) bool {
		return strings.Contains(name, "@")
	})
}

func read[T any](in *Body, name string) *T {
	value := in.members[name]
	if value == nil {
		return nil
	}
	typed, ok := value.(T)
	if !ok {
		in.Reject(BadParameter(name))
		return nil
	}
	return &typed
}

// Text reads a string.
func (in *Body) Text(name string) *string { return read[string](in, name) }

// Flag reads true or false.
func (in *Body) Flag(name string) *bool { return read[bool](in, name) }

// Word reads a string that must be one of a few.
func (in *Body) Word(name string, allowed ...string) *string {
	value := in.Text(name)
	if value != nil && !slices.Contains(allowed, *value) {
		in.Reject(BadParameter(name))
		return nil
	}
	return value
}

// Number reads a whole number of 32 bits, which can also be a string.
func (in *Body) Number(name string) *int {
	value := in.members[name]
	if text, ok := value.(string); ok {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil {
			return new(int(n))
		}
	}
	n := read[float64](in, name)
	if n == nil {
		return nil
	}
	if *n != math.Trunc(*n) || math.Abs(*n) > math.MaxInt32 {
		in.Reject(BadParameter(name))
		return nil
	}
	return new(int(*n))
}

// Instant reads a time, in UTC.
func (in *Body) Instant(name string) *time.Time {
	text := in.Text(name)
	if text == nil {
		return nil
	}
	t, ok := ParseTime(*text)
	if !ok {
		in.Reject(BadParameter(name))
		return nil
	}
	return &t
}

// Days reads a duration of whole days, from one to a limit. The service accepts one form only: P1D,
// not P1W or PT24H.
func (in *Body) Days(name string, most int) *int {
	text := in.Text(name)
	if text == nil {
		return nil
	}
	digits, ok := strings.CutPrefix(*text, "P")
	digits, ok2 := strings.CutSuffix(digits, "D")
	n, err := strconv.ParseUint(digits, 10, 31)
	if !ok || !ok2 || err != nil || n < 1 || int(n) > most {
		in.Reject(BadParameter(name))
		return nil
	}
	return new(int(n))
}

// Child reads an object.
func (in *Body) Child(name string) *Body {
	members := read[Object](in, name)
	if members == nil {
		return nil
	}
	return &Body{in.schema, *members, in.err}
}

// Children reads a list of objects.
func (in *Body) Children(name string) []*Body {
	items := read[[]any](in, name)
	if items == nil {
		return nil
	}
	children := []*Body{}
	for _, item := range *items {
		members, ok := item.(Object)
		if !ok {
			in.Reject(BadParameter(name))
			return nil
		}
		children = append(children, &Body{in.schema, members, in.err})
	}
	return children
}

// Texts reads a list of strings.
// Text reads a string.
func (in *Body) Texts(name string) []string {
	items := read[[]any](in, name)
	if items == nil {
		return nil
	}
	texts := []string{}
	for _, item := range *items {
		text, ok := item.(string)
		if !ok {
			in.Reject(BadParameter(name))
			return nil
		}
		texts = append(texts, text)
	}
	return texts
}

// Kind is the short type of an object, or empty if it was not sent.
func (in *Body) Kind() string {
	text := in.Text("@odata.type")
	if text == nil {
		return ""
	}
	return ShortName(in.schema.Namespace, *text)
}

// Require rejects a body without a property, or with null.
func (in *Body) Require(names ...string) {
	for _, name := range names {
		if in.members[name] == nil {
			in.Reject(BadParameter(name))
		}
	}
}

// RejectNull rejects a body that has null for a property.
func (in *Body) RejectNull(names ...string) {
	for _, name := range names {
		if in.Sent(name) {
			in.Require(name)
		}
	}
}

// UpTo reads a string of limited length.
func (in *Body) UpTo(characters int, name string) *string {
	text := in.Text(name)
	if text != nil && utf8.RuneCountInString(*text) > characters {
		in.Reject(BadParameter(name))
		return nil
	}
	return text
}
