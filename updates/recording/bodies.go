package recording

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

// A body is JSON, values of JSON one after the other, a form, or text. It is stored and
// compared in one form of its kind.

// plainBody is a body as UTF-8 without a byte order mark. It reports false where a
// body is no text.
func plainBody(body []byte) (string, bool) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	if wide, ok := bytes.CutPrefix(body, []byte("\xff\xfe")); ok {
		return fromWide(binary.LittleEndian)(string(wide))
	}
	if wide, ok := bytes.CutPrefix(body, []byte("\xfe\xff")); ok {
		return fromWide(binary.BigEndian)(string(wide))
	}
	return string(body), utf8.Valid(body)
}

// readBody reads a body of JSON: one value, or several objects and arrays. Several numbers
// are a text, such as that of a card.
func readBody(text string) ([]any, bool) {
	start := strings.TrimLeft(text, " \t\r\n")
	if start == "" || !strings.Contains(`{["-0123456789tfn`, start[:1]) {
		return nil, false
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var values []any
	for {
		var value any
		switch err := d.Decode(&value); err {
		case nil:
			values = append(values, value)
		case io.EOF:
			return values, len(values) == 1 || !slices.ContainsFunc(values, isScalar)
		default:
			return nil, false
		}
	}
}

func isScalar(value any) bool {
	switch value.(type) {
	case map[string]any, []any:
		return false
	}
	return true
}

// writeBody writes one value on many lines, and each of several on a line of its own.
func writeBody(values []any) []byte {
	if len(values) == 1 {
		return writeJSON(values[0])
	}
	var out bytes.Buffer
	for _, value := range values {
		out.WriteString(compactJSON(value) + "\n")
	}
	return out.Bytes()
}

// isForm is whether a body is a form, which is written like a query.
func isForm(header http.Header) bool {
	kind, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	return kind == "application/x-www-form-urlencoded"
}

// textBody is a text as a body is stored: it ends with one line end.
func textBody(text string) []byte { return []byte(strings.TrimRight(text, "\n") + "\n") }

// canonicalBody is the form in which the bodies of requests are compared.
func canonicalBody(header http.Header, body []byte, ignored [][]string) []byte {
	text, ok := plainBody(body)
	switch {
	case len(body) == 0 || !ok:
		return body
	case isForm(header):
		return textBody(editQuery(strings.TrimSpace(text), unchanged{}, inValue))
	}
	values, ok := readBody(text)
	if !ok {
		return textBody(text)
	}
	for i, value := range values {
		values[i] = ignore(lowered(value), ignored)
	}
	return writeBody(values)
}

// readJSON reads a text that is one JSON object or array, with its numbers as they are
// written.
func readJSON(text []byte) (any, bool) {
	trimmed := bytes.TrimLeft(text, " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '{' && trimmed[0] != '[' || !utf8.Valid(text) {
		return nil, false
	}
	values, ok := readBody(string(text))
	if !ok || len(values) != 1 {
		return nil, false
	}
	return values[0], true
}

// deepestIndented bounds how deep JSON is indented, which grows with the depth of each
// line.
const deepestIndented = 100

// isDeeper is whether values are nested in more than so many levels.
func isDeeper(value any, levels int) bool {
	deeper := func(inner any) bool { return isDeeper(inner, levels-1) }
	switch value := value.(type) {
	case []any:
		return levels == 0 || slices.ContainsFunc(value, deeper)
	case map[string]any:
		return levels == 0 || slices.ContainsFunc(slices.Collect(maps.Values(value)), deeper)
	}
	return false
}

// writeJSON writes sorted members, two spaces a level, and no HTML escapes.
func writeJSON(value any) []byte {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	if !isDeeper(value, deepestIndented) {
		e.SetIndent("", "  ")
	}
	_ = e.Encode(value) // of what was read as JSON: cannot fail
	return out.Bytes()
}

// compactJSON writes sorted members on one line.
func compactJSON(value any) string {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	_ = e.Encode(value) // of what was read as JSON: cannot fail
	return strings.TrimSuffix(out.String(), "\n")
}

// lowered is JSON with its texts in their canonical form.
func lowered(value any) any {
	switch value := value.(type) {
	case string:
		return canonicalText(value)
	case []any:
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = lowered(item)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(value))
		for name, inner := range value {
			out[lowerGUIDs(name)] = lowered(inner)
		}
		return out
	}
	return value
}

// ignoredValue is what a recording has instead of a value that is not compared.
const ignoredValue = "ignored"

// ignore replaces the members at the paths. It changes the value, which is the
// caller's own.
func ignore(value any, paths [][]string) any {
	for _, path := range paths {
		ignoreAt(value, path)
	}
	return value
}

func ignoreAt(value any, path []string) {
	switch value := value.(type) {
	case []any:
		for _, item := range value {
			ignoreAt(item, path)
		}
	case map[string]any:
		inner, has := value[path[0]]
		switch {
		case has && len(path) == 1:
			value[path[0]] = ignoredValue
		case has:
			ignoreAt(inner, path[1:])
		}
	}
}

// readText reads one JSON string.
func readText(quoted []byte) (string, bool) {
	var text string
	return text, json.Unmarshal(quoted, &text) == nil
}
