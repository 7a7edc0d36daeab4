package recording

import (
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// editor changes the parts of a URL.
type editor interface {
	host(host string) string
	segment(before, text string) string
	option(name, value string) (string, string)
}

// unchanged is the editor that changes nothing.
type unchanged struct{}

func (unchanged) host(host string) string                    { return host }
func (unchanged) segment(_, text string) string              { return text }
func (unchanged) option(name, value string) (string, string) { return name, value }

// What is encoded in the parts of a URL: in those that are stored and compared, what
// would be ambiguous; in those that code reads, what a URL cannot have.
const (
	inSegment     = "/?#% "
	inName        = "=&+#% "
	inValue       = "&+#%"
	unlikeURL     = ` "<>\^` + "`{|}"
	inLinkSegment = inSegment + unlikeURL
	inLinkValue   = inValue + unlikeURL
)

// canonicalURL is the form in which URLs are stored and compared: no user, fragment, or port
// of the scheme; host and GUIDs in lower case; path and query decoded as far as they stay
// unambiguous; query and JSON sorted by name. All ports of this machine are one, since servers
// of tests choose them at random.
func canonicalURL(u *url.URL, e editor) string {
	text := strings.ToLower(u.Scheme) + "://" + e.host(canonicalHost(u)) + editPath(u.EscapedPath(), e, inSegment)
	if query := editQuery(u.RawQuery, e, inValue); query != "" {
		text += "?" + query
	}
	return text
}

func editPath(path string, e editor, reserved string) string {
	segments := strings.Split(path, "/")
	before := ""
	for i, segment := range segments {
		plain := canonicalText(unescape(segment, false))
		segments[i] = escape(e.segment(before, plain), reserved)
		before = plain
	}
	return strings.Join(segments, "/")
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

func editQuery(raw string, e editor, reserved string) string {
	type option struct{ name, text string }
	var options []option
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		name, value = e.option(unescape(name, true), canonicalText(unescape(value, true)))
		options = append(options, option{name, escape(name, inName) + "=" + escape(value, reserved)})
	}
	slices.SortStableFunc(options, func(a, b option) int { return strings.Compare(a.name, b.name) })
	texts := make([]string, len(options))
	for i, o := range options {
		texts[i] = o.text
	}
	return strings.Join(texts, "&")
}

// unescape undoes percent-encoding where there is some, and plus for space in a query.
func unescape(text string, query bool) string {
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

// escape percent-encodes what is reserved, unprintable, or lost at the end of a line.
func escape(text, reserved string) string {
	valid := utf8.ValidString(text)
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		b := text[i]
		last := b == ' ' && i == len(text)-1
		if b < ' ' || b == 0x7f || b >= utf8.RuneSelf && !valid || last || strings.IndexByte(reserved, b) >= 0 {
			out.Write([]byte{'%', hexDigit(b>>4, true), hexDigit(b&15, true)})
			continue
		}
		out.WriteByte(b)
	}
	return out.String()
}

// guid finds GUIDs wherever they stand.
var guid = regexp.MustCompile(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`)

// lowerGUIDs looks for a dash first, which is quicker.
func lowerGUIDs(text string) string {
	if !strings.Contains(text, "-") {
		return text
	}
	return guid.ReplaceAllStringFunc(text, strings.ToLower)
}

// canonicalText is the form in which texts are compared: GUIDs in lower case, and JSON
// within a text in the order of its members.
func canonicalText(text string) string {
	if value, ok := readJSON([]byte(text)); ok {
		return compactJSON(lowered(value))
	}
	return lowerGUIDs(text)
}
