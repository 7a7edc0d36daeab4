package wire

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Unmarshal is json.Unmarshal for input that a program has stored. A property that is unknown, or is given
// twice, is an error, because it would be lost. So is a value that reads as none, such as a duration of no
// days. An error begins with the path of the property. Types that call it in UnmarshalJSON make one path
// together.
func Unmarshal(text []byte, into any) error {
	if err := CheckTwice(text); err != nil {
		return err
	}
	err := strict(text, into)
	if err == nil {
		return checkKept(text, into)
	}
	kind := reflect.TypeOf(into).Elem()
	name, cause := failing(text, kind)
	if name == "" {
		return err
	}
	return At(name, plain(name, cause, kind))
}

// At puts a property in front of the path of an error.
func At(name string, err error) error {
	if inner, ok := errors.AsType[*pathError](err); ok {
		return &pathError{name + "." + inner.path, inner.err}
	}
	return &pathError{name, err}
}

// SplitKind splits the kind, without its namespace, from the other properties of a value.
// The SDK writes the kind as "type", the service as "@odata.type".
func SplitKind(text []byte) (kind string, rest []byte, err error) {
	if err := CheckTwice(text); err != nil {
		return "", nil, err
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil {
		return "", nil, err
	}
	if members == nil {
		return "", nil, errNull
	}
	for _, name := range []string{"type", "@odata.type"} {
		spelled, err := kindIn(members, name)
		if err != nil {
			return "", nil, err
		}
		if kind != "" && spelled != "" && spelled != kind {
			return "", nil, &pathError{name, fmt.Errorf("must be the kind that \"type\" names (got %q)", spelled)}
		}
		kind = cmp.Or(kind, spelled)
	}
	rest, err = json.Marshal(members)
	return kind, rest, err
}

// kindIn takes the kind out of the members.
func kindIn(members map[string]json.RawMessage, name string) (string, error) {
	raw, ok := members[name]
	if !ok {
		return "", nil
	}
	var spelled string
	if err := json.Unmarshal(raw, &spelled); err != nil {
		return "", &pathError{name, err}
	}
	if spelled == "" && string(raw) != "null" {
		return "", &pathError{name, errors.New("must not be empty")}
	}
	delete(members, name)
	kind := ShortType(&spelled)
	if strings.HasPrefix(kind, Namespace) {
		return "", &pathError{name, errors.New("must have its namespace once")}
	}
	return kind, nil
}

// CheckUnknownKind rejects the kind of an unknown rule, filter, or rollout that would be
// read as another one.
func CheckUnknownKind(field, kind string, known ...string) error {
	if strings.HasPrefix(kind, "#") {
		return OutOfRange(field, strconv.Quote(kind), "must not begin with #")
	}
	short := ShortType(&kind)
	for _, name := range known {
		if strings.EqualFold(name, short) {
			return OutOfRange(field, strconv.Quote(kind), "must not be a kind that has a type of its own")
		}
	}
	return CheckNamed(field, short)
}

// pathError is an error about a property.
type pathError struct {
	path string
	err  error
}

func (e *pathError) Error() string { return e.path + ": " + e.err.Error() }

func (e *pathError) Unwrap() error { return e.err }

const unknownField = "json: unknown field "

func strict(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	return d.Decode(into)
}

// plain replaces the text of encoding/json about an unknown property, for which it has no type. The property
// is the one of that name, or stands within it. Only some types send what they do not know.
func plain(name string, err error, kind reflect.Type) error {
	quoted, isUnknown := strings.CutPrefix(err.Error(), unknownField)
	if !isUnknown {
		return err
	}
	if unknown, _ := strconv.Unquote(quoted); unknown != name {
		return &pathError{unknown, errors.New("unknown property")}
	}
	if _, sends := kind.FieldByName("Extra"); !sends {
		return errors.New("unknown property")
	}
	return errors.New(`unknown property; to send it, put it in "extra"`)
}

// failing is the first property that cannot be read alone, and why.
func failing(text []byte, into reflect.Type) (name string, cause error) {
	eachMember(text, func(member string, value json.RawMessage) bool {
		if cause = readAlone(member, value, into); cause != nil {
			name = member
			if !namesItem(cause) {
				name += failingItem(member, value, into)
			}
		}
		return cause == nil
	})
	return name, cause
}

func readAlone(member string, value json.RawMessage, into reflect.Type) error {
	alone, err := json.Marshal(map[string]json.RawMessage{member: value})
	if err != nil {
		return err
	}
	return strict(alone, reflect.New(into).Interface())
}

// namesItem reports whether an error begins with the index of an item, as those of
// [UnmarshalList] do.
func namesItem(err error) bool {
	inner, ok := errors.AsType[*pathError](err)
	return ok && strings.TrimLeft(inner.path, "0123456789") != inner.path
}

// failingItem is the path to the first item of a known list that cannot be read alone; "" for none.
func failingItem(member string, value json.RawMessage, into reflect.Type) string {
	var items []json.RawMessage
	if json.Unmarshal(value, &items) != nil || readAlone(member, json.RawMessage("[]"), into) != nil {
		return ""
	}
	for i, item := range items {
		if readAlone(member, slices.Concat([]byte("["), item, []byte("]")), into) != nil {
			return "." + strconv.Itoa(i)
		}
	}
	return ""
}

// CheckTwice rejects a property that is given twice, in whatever case. Names in "extra" are
// sent as they are, so there the case counts.
func CheckTwice(text []byte) error {
	return findTwice(text, Fold, func(name string, value json.RawMessage) error {
		if strings.EqualFold(name, "extra") {
			asIs := func(name string) string { return name }
			return findTwice(value, asIs, func(string, json.RawMessage) error { return nil })
		}
		return nil
	})
}

func findTwice(text []byte, fold func(string) string, within func(string, json.RawMessage) error) (err error) {
	seen := map[string]bool{}
	eachMember(text, func(name string, value json.RawMessage) bool {
		if err = within(name, value); err != nil {
			err = At(name, err)
		}
		if seen[fold(name)] {
			err = &pathError{name, errors.New("property is given twice")}
		}
		seen[fold(name)] = true
		return err == nil
	})
	return err
}

// checkKept compares a text with what would be written again. Null, false, and objects of
// nothing else mean none in any case.
func checkKept(text []byte, value any) (err error) {
	if !hasEmpty(reflect.ValueOf(value).Elem()) {
		return nil // most often in long lists
	}
	written, err := json.Marshal(value)
	if err != nil {
		return err
	}
	kept := map[string]bool{}
	eachMember(written, func(name string, _ json.RawMessage) bool {
		kept[Fold(name)] = true
		return true
	})
	eachMember(text, func(name string, value json.RawMessage) bool {
		if !kept[Fold(name)] && !isNone(value) {
			err = At(name, fmt.Errorf("must be omitted instead of a value that means none (got %s)", value))
		}
		return err == nil
	})
	return err
}

// hasEmpty reports whether a struct has a field that may be omitted.
func hasEmpty(v reflect.Value) bool {
	if v.Kind() != reflect.Struct {
		return true
	}
	for _, field := range v.Fields() {
		if field.IsZero() || field.Kind() != reflect.String {
			return true
		}
	}
	return false
}

// isNone reports whether a value is null, false, or an object of such values.
func isNone(value json.RawMessage) bool {
	none := value[0] == '{'
	eachMember(value, func(_ string, inner json.RawMessage) bool {
		none = isNone(inner)
		return none
	})
	return none || string(value) == "null" || string(value) == "false"
}

// eachMember goes through the properties of a JSON object as they are written. Another value
// has none.
func eachMember(text []byte, do func(name string, value json.RawMessage) bool) {
	d := json.NewDecoder(bytes.NewReader(text))
	if start, err := d.Token(); err != nil || start != json.Delim('{') {
		return
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil || !do(name.(string), value) {
			return
		}
	}
}
