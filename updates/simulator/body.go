package simulator

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

// input reads the members of a JSON object. Names are matched by case, as the
// service does. The first member that does not fit is kept as the error, also of
// objects inside, so that a reader asks once at the end. A member that is absent
// or null reads as nil.
type input struct {
	schema  schema
	members object
	err     *error
}

// readBody reads a body as a JSON object. A body of nothing is an empty object.
func (s schema) readBody(text []byte) (*input, error) {
	members := object{}
	if len(bytes.TrimSpace(text)) == 0 {
		return &input{s, members, new(error)}, nil
	}
	if err := json.Unmarshal(text, &members); err != nil || members == nil {
		return nil, badRequest("Unable to read JSON request payload. " +
			"Please ensure Content-Type header is set and payload is of valid JSON format.")
	}
	return &input{s, members, new(error)}, nil
}

func (in *input) failure() error { return *in.err }

// refuse keeps an error unless there is one already.
func (in *input) refuse(err error) {
	if *in.err == nil {
		*in.err = err
	}
}

// sent tells whether a member was sent, be it as null.
func (in *input) sent(name string) bool {
	_, ok := in.members[name]
	return ok
}

// isNull tells whether a member was sent as null.
func (in *input) isNull(name string) bool { return in.sent(name) && in.members[name] == nil }

// names are those of the members, annotations left out.
func (in *input) names() []string {
	return slices.DeleteFunc(slices.Collect(maps.Keys(in.members)), func(name string) bool {
		return strings.Contains(name, "@")
	})
}

func read[T any](in *input, name string) *T {
	value := in.members[name]
	if value == nil {
		return nil
	}
	typed, ok := value.(T)
	if !ok {
		in.refuse(badParameter(name))
		return nil
	}
	return &typed
}

func (in *input) text(name string) *string { return read[string](in, name) }

func (in *input) flag(name string) *bool { return read[bool](in, name) }

// word reads a text that must be one of a few.
func (in *input) word(name string, allowed ...string) *string {
	value := in.text(name)
	if value != nil && !slices.Contains(allowed, *value) {
		in.refuse(badParameter(name))
		return nil
	}
	return value
}

// number reads a whole number of 32 bits, also where it was sent as a string.
func (in *input) number(name string) *int {
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
		in.refuse(badParameter(name))
		return nil
	}
	return new(int(*n))
}

func (in *input) instant(name string) *time.Time {
	text := in.text(name)
	if text == nil {
		return nil
	}
	t, ok := parseTime(*text)
	if !ok {
		in.refuse(badParameter(name))
		return nil
	}
	return &t
}

// days reads a duration of whole days, which is the one form that the service
// takes: P1D, not P1W and not PT24H.
func (in *input) days(name string, most int) *int {
	text := in.text(name)
	if text == nil {
		return nil
	}
	digits, ok := strings.CutPrefix(*text, "P")
	digits, ok2 := strings.CutSuffix(digits, "D")
	n, err := strconv.ParseUint(digits, 10, 31)
	if !ok || !ok2 || err != nil || n < 1 || int(n) > most {
		in.refuse(badParameter(name))
		return nil
	}
	return new(int(n))
}

// child reads an object.
func (in *input) child(name string) *input {
	members := read[object](in, name)
	if members == nil {
		return nil
	}
	return &input{in.schema, *members, in.err}
}

// children reads a list of objects.
func (in *input) children(name string) []*input {
	items := read[[]any](in, name)
	if items == nil {
		return nil
	}
	children := []*input{}
	for _, item := range *items {
		members, ok := item.(object)
		if !ok {
			in.refuse(badParameter(name))
			return nil
		}
		children = append(children, &input{in.schema, members, in.err})
	}
	return children
}

// texts reads a list of strings.
func (in *input) texts(name string) []string {
	items := read[[]any](in, name)
	if items == nil {
		return nil
	}
	texts := []string{}
	for _, item := range *items {
		text, ok := item.(string)
		if !ok {
			in.refuse(badParameter(name))
			return nil
		}
		texts = append(texts, text)
	}
	return texts
}

// kind is the type of an object without namespace and sign, empty where it was
// not sent.
func (in *input) kind() string {
	text := in.text("@odata.type")
	if text == nil {
		return ""
	}
	return shortName(in.schema.namespace, *text)
}

// require refuses a body that lacks a member, or has null in its place.
func (in *input) require(names ...string) {
	for _, name := range names {
		if in.members[name] == nil {
			in.refuse(badParameter(name))
		}
	}
}

// refuseNull refuses a body that has null for a member.
func (in *input) refuseNull(names ...string) {
	for _, name := range names {
		if in.sent(name) {
			in.require(name)
		}
	}
}

// upTo reads a text of limited length.
func (in *input) upTo(characters int, name string) *string {
	text := in.text(name)
	if text != nil && utf8.RuneCountInString(*text) > characters {
		in.refuse(badParameter(name))
		return nil
	}
	return text
}
