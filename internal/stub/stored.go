package stub

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// object is a JSON object with its members as they are written, which can be twice.
type object []member

type member struct {
	name  string
	value any // an object, a list, or a json.RawMessage
}

// Stored returns the JSON of a value with up to three changes at random: unknown members,
// members of other types, in other spellings, or twice, and members in "extra".
func (r Random) Stored(t testing.TB, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	root, isObject := parsed(t, text).(object)
	require.True(t, isObject, "%s", text)
	for range r.IntN(4) {
		r.change(&root)
	}
	return written(root)
}

// change changes an object, or one within it.
func (r Random) change(o *object) {
	for i := range *o {
		if inner, ok := (*o)[i].value.(object); ok && r.Yes() {
			r.change(&inner)
			(*o)[i].value = inner
			return
		}
		if list, ok := (*o)[i].value.([]any); ok && len(list) > 0 && r.Yes() {
			at := r.IntN(len(list))
			if inner, ok := list[at].(object); ok {
				r.change(&inner)
				list[at] = inner
				return
			}
		}
	}
	r.changeHere(o)
}

func (r Random) changeHere(o *object) {
	values := []string{`null`, `0`, `7`, `-1`, `1e3`, `""`, `"x"`, `"P1W"`, `"PT12H"`, `"P0D"`, `"PT0H"`,
		`"0001-01-01T00:00:00Z"`, `true`, `false`, `[]`, `[null]`, `{}`, `{"a":1}`}
	value := json.RawMessage(values[r.IntN(len(values))])
	if len(*o) == 0 || r.IntN(4) == 0 {
		*o = append(*o, member{[]string{"new", "type", "id", "extra", "@odata.type", ""}[r.IntN(6)], value})
		return
	}
	m := &(*o)[r.IntN(len(*o))]
	switch r.IntN(6) {
	case 0:
		m.value = value
	case 1:
		m.name = []string{strings.ToUpper(m.name), "@odata." + m.name, m.name + "s", strings.TrimSuffix(m.name, "s")}[r.IntN(4)]
	case 2:
		*o = append(*o, member{m.name, value})
	case 3:
		*o = append(*o, member{"extra", object{{m.name, value}, {"new", value}}})
	case 4:
		if text, ok := m.value.(json.RawMessage); ok && len(text) > 2 && text[0] == '"' {
			prefix := []string{"#microsoft.graph.windowsUpdates.", "microsoft.graph.windowsUpdates.", "#"}[r.IntN(3)]
			m.value = slices.Concat(json.RawMessage(`"`+prefix), text[1:])
		}
	case 5:
		*o = slices.DeleteFunc(*o, func(other member) bool { return other.name == m.name })
	}
}

func parsed(t testing.TB, text []byte) any {
	t.Helper()
	switch text[0] {
	case '{':
		d := json.NewDecoder(bytes.NewReader(text))
		_, _ = d.Token()
		o := object{}
		for d.More() {
			name, err := d.Token()
			require.NoError(t, err)
			var value json.RawMessage
			require.NoError(t, d.Decode(&value))
			o = append(o, member{fmt.Sprint(name), parsed(t, value)})
		}
		return o
	case '[':
		var items []json.RawMessage
		require.NoError(t, json.Unmarshal(text, &items))
		list := []any{}
		for _, item := range items {
			list = append(list, parsed(t, item))
		}
		return list
	}
	return json.RawMessage(text)
}

func written(value any) []byte {
	switch value := value.(type) {
	case object:
		var members []string
		for _, m := range value {
			name, _ := json.Marshal(m.name)
			members = append(members, string(name)+":"+string(written(m.value)))
		}
		return []byte("{" + strings.Join(members, ",") + "}")
	case []any:
		var items []string
		for _, item := range value {
			items = append(items, string(written(item)))
		}
		return []byte("[" + strings.Join(items, ",") + "]")
	case json.RawMessage:
		return value
	}
	return nil
}

// Lost returns the properties of stored JSON that are not in the body of a request, each with
// its path and value. sent names where a property is in the body. It is "" for values that
// need not be sent, such as zero values. A member in "extra" is sent beside it.
func Lost(t testing.TB, text, body []byte, sent func(path, value string) string) (lost []string) {
	t.Helper()
	there := map[string]bool{}
	leaves(parsed(t, body), ".", false, func(path, value string) { there[path+" "+value] = true })
	leaves(parsed(t, text), ".", true, func(path, value string) {
		want := strings.ReplaceAll(path, inExtra, ".")
		if !strings.Contains(path, inExtra) {
			want = sent(path, value)
		}
		if want != "" && !there[want+" "+value] {
			lost = append(lost, path+" "+value)
		}
	})
	return lost
}

// Forgotten returns the members of a stored text that are not in the JSON that was written again, each with its
// path and value. Null, false, and objects of nothing else are as good as no member.
func Forgotten(t testing.TB, text, again []byte) (lost []string) {
	t.Helper()
	there := map[string]bool{}
	leaves(parsed(t, again), ".", true, func(path, value string) { there[storedPath(path)+" "+value] = true })
	leaves(parsed(t, text), ".", true, func(path, value string) {
		isNone := !strings.Contains(path, inExtra) && (value == "null" || value == "false" || value == "{}")
		if !isNone && !there[storedPath(path)+" "+value] {
			lost = append(lost, path+" "+value)
		}
	})
	return lost
}

// storedPath has one spelling for the name of a kind.
func storedPath(path string) string {
	for _, name := range []string{".@odata.type", ".kind"} {
		if kind, ok := strings.CutSuffix(path, name); ok && !strings.Contains(path, inExtra) {
			return kind + ".type"
		}
	}
	return path
}

// inExtra stands in front of the name of a member in "extra".
const inExtra = "!"

// leaves visits all values that are no objects with members and no lists with items. Paths
// begin with a dot. A stored text has objects named "extra".
func leaves(value any, path string, isStored bool, visit func(path, value string)) {
	switch value := value.(type) {
	case object:
		for _, m := range value {
			extra, isExtra := m.value.(object)
			if isStored && isExtra && strings.EqualFold(m.name, "extra") {
				leavesOfExtra(extra, path, visit)
				continue
			}
			leaves(m.value, strings.TrimSuffix(path, ".")+"."+strings.ToLower(m.name), isStored, visit)
		}
		if len(value) == 0 {
			visit(path, "{}")
		}
	case []any:
		for i, item := range value {
			leaves(item, fmt.Sprintf("%s.%d", path, i), isStored, visit)
		}
		if len(value) == 0 {
			visit(path, "[]")
		}
	case json.RawMessage:
		visit(path, canonical(value))
	}
}

func leavesOfExtra(extra object, path string, visit func(path, value string)) {
	for _, m := range extra {
		leaves(m.value, strings.TrimSuffix(path, ".")+inExtra+strings.ToLower(m.name), false, visit)
	}
}

// canonical is one spelling for values that are the same.
func canonical(text json.RawMessage) string {
	var value any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if d.Decode(&value) != nil {
		return string(text)
	}
	switch value := value.(type) {
	case string:
		return canonicalText(value)
	case json.Number:
		if f, err := value.Float64(); err == nil && f < 1e15 && f > -1e15 {
			return fmt.Sprint(f)
		}
	}
	return string(text)
}

func canonicalText(text string) string {
	text = strings.TrimPrefix(strings.TrimPrefix(text, "#"), "microsoft.graph.windowsUpdates.")
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return at.UTC().String()
	}
	var weeks, hours int
	if n, _ := fmt.Sscanf(text, "P%dW", &weeks); n == 1 && text == fmt.Sprintf("P%dW", weeks) {
		return fmt.Sprintf("P%dD", weeks*7)
	}
	if n, _ := fmt.Sscanf(text, "PT%dH", &hours); n == 1 && hours%24 == 0 {
		return fmt.Sprintf("P%dD", hours/24)
	}
	return text
}
