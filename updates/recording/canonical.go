package recording

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// edit changes a text that stands in a URL: the value of the query option of that
// name, or a segment of the path where the name is empty.
type edit func(option, text string) string

func unchanged(_, text string) string { return text }

// canonicalURL is the form in which URLs are stored and compared: no user, port of
// the scheme or fragment, a lower-case host, path and query decoded as far as they
// stay unambiguous, the query sorted by name, GUIDs in lower case. All ports of
// this machine are one, since servers of tests choose them at random.
func canonicalURL(u *url.URL, change edit) string {
	segments := strings.Split(u.EscapedPath(), "/")
	for i, segment := range segments {
		segments[i] = encode(change("", lowerGUIDs(decode(segment, false))), "/?#% ")
	}
	text := strings.ToLower(u.Scheme) + "://" + canonicalHost(u) + strings.Join(segments, "/")
	if query := canonicalQuery(u.RawQuery, change); query != "" {
		text += "?" + query
	}
	return text
}

func canonicalHost(u *url.URL) string {
	host := strings.ToLower(u.Hostname())
	ip := net.ParseIP(host)
	switch port := u.Port(); {
	case host == "localhost", ip != nil && ip.IsLoopback():
		return "localhost"
	case port != "" && (port != "443" || u.Scheme != "https") && (port != "80" || u.Scheme != "http"):
		return net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		return "[" + host + "]"
	}
	return host
}

func canonicalQuery(raw string, change edit) string {
	type option struct{ name, text string }
	var options []option
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name = decode(name, true)
		value = change(name, lowerGUIDs(decode(value, true)))
		options = append(options, option{name, encode(name, "=&+#% ") + "=" + encode(value, "&+#%")})
	}
	slices.SortStableFunc(options, func(a, b option) int { return strings.Compare(a.name, b.name) })
	texts := make([]string, len(options))
	for i, o := range options {
		texts[i] = o.text
	}
	return strings.Join(texts, "&")
}

// decode undoes percent-encoding where there is some, and plus for space in a
// query.
func decode(text string, query bool) string {
	if query {
		text = strings.ReplaceAll(text, "+", " ")
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] == '%' && i+2 < len(text) && isHex(text[i+1]) && isHex(text[i+2]) {
			out.WriteByte(unhex(text[i+1])<<4 | unhex(text[i+2]))
			i += 2
			continue
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

func isHex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F'
}

func unhex(b byte) byte {
	if b <= '9' {
		return b - '0'
	}
	return b&^0x20 - 'A' + 10
}

// encode percent-encodes what would be ambiguous, unprintable or lost at the end
// of a line.
func encode(text, reserved string) string {
	const digits = "0123456789ABCDEF"
	valid := utf8.ValidString(text)
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		b := text[i]
		last := b == ' ' && i == len(text)-1
		if b < ' ' || b == 0x7f || b >= utf8.RuneSelf && !valid || last || strings.IndexByte(reserved, b) >= 0 {
			out.Write([]byte{'%', digits[b>>4], digits[b&15]})
			continue
		}
		out.WriteByte(b)
	}
	return out.String()
}

// guid finds GUIDs wherever they stand.
var guid = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)

func lowerGUIDs(text string) string { return replaceGUIDs(text, strings.ToLower) }

// replaceGUIDs looks for a dash first, which is quicker.
func replaceGUIDs(text string, replace func(string) string) string {
	if !strings.Contains(text, "-") {
		return text
	}
	return guid.ReplaceAllStringFunc(text, replace)
}

// readJSON reads a body that is one JSON object or array, with its numbers as they
// are written. Anything else is kept as it is, and so is what would not survive:
// text that is not UTF-8.
func readJSON(body []byte) (any, bool) {
	trimmed := bytes.TrimLeft(body, " \t\r\n")
	if len(trimmed) == 0 || trimmed[0] != '{' && trimmed[0] != '[' || !utf8.Valid(body) {
		return nil, false
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if d.Decode(&value) != nil {
		return nil, false
	}
	_, err := d.Token()
	return value, err == io.EOF && !isDeeper(value, deepestJSON)
}

// deepestJSON bounds how deep JSON is read: its indentation grows with the depth of
// each line.
const deepestJSON = 100

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
	e.SetIndent("", "  ")
	_ = e.Encode(value) // of what was read as JSON: cannot fail
	return out.Bytes()
}

// canonicalBody is the form in which the bodies of requests are compared.
func canonicalBody(body []byte, ignored [][]string) []byte {
	value, ok := readJSON(body)
	if !ok {
		return body
	}
	return writeJSON(ignore(lowered(value), ignored))
}

// lowered is JSON with GUIDs in lower case.
func lowered(value any) any {
	return mapped(value, func(_, text string) string { return lowerGUIDs(text) })
}

// mapped is a copy of JSON whose texts are changed, in the order in which they are
// written. change gets the name of the nearest member too; names themselves are
// changed as texts without one.
func mapped(value any, change func(member, text string) string) any {
	return mapValue(value, "", change)
}

func mapValue(value any, member string, change func(member, text string) string) any {
	switch value := value.(type) {
	case string:
		return change(member, value)
	case []any:
		out := make([]any, len(value))
		for i, item := range value {
			out[i] = mapValue(item, member, change)
		}
		return out
	case map[string]any:
		out := make(map[string]any, len(value))
		for _, name := range slices.Sorted(maps.Keys(value)) {
			out[change("", name)] = mapValue(value[name], name, change)
		}
		return out
	}
	return value
}

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
			value[path[0]] = "ignored"
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
