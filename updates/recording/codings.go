package recording

import (
	"encoding/base64"
	"encoding/binary"
	"html"
	"net/url"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// coding is one way to write a text within another.
type coding struct {
	decode func(string) (string, bool)
	encode func(string) string
}

// codings are the ways that are known. One undoes what it did: a text that is not what
// encoding its plain text gives is written in another way.
var codings = []coding{
	{unquoteJSON, quoteJSON},
	{unescapePercent, url.QueryEscape},
	{unescapePercent, url.PathEscape},
	{unescapePercent, escapeAll(true)},
	{unescapePercent, escapeAll(false)},
	{unescapeHTML, html.EscapeString},
	{unescapeHTML, escapeReferences},
	{fromWide(binary.LittleEndian), toWide(binary.LittleEndian)},
	{fromWide(binary.BigEndian), toWide(binary.BigEndian)},
	{fromBase64(base64.StdEncoding), toBase64(base64.StdEncoding)},
	{fromBase64(base64.URLEncoding), toBase64(base64.URLEncoding)},
	{fromBase64(base64.RawStdEncoding), toBase64(base64.RawStdEncoding)},
	{fromBase64(base64.RawURLEncoding), toBase64(base64.RawURLEncoding)},
}

// decoded returns the plain text of an encoded one and what encodes it. It reports
// false for what has no encoding that is known.
func decoded(text string) (plain string, encode func(string) string, ok bool) {
	for _, c := range codings {
		plain, ok := c.decode(text)
		if ok && plain != text && c.encode(plain) == text {
			return plain, c.encode, true
		}
	}
	return "", nil, false
}

func unquoteJSON(text string) (string, bool) {
	if !strings.HasPrefix(text, `"`) {
		return "", false
	}
	return readText([]byte(text))
}

func quoteJSON(text string) string { return strings.TrimSuffix(string(writeJSON(text)), "\n") }

func unescapePercent(text string) (string, bool) {
	if !strings.Contains(text, "%") {
		return "", false
	}
	plain, err := url.PathUnescape(strings.ReplaceAll(text, "+", "%20"))
	return plain, err == nil && utf8.ValidString(plain)
}

// escapeAll writes every byte with a percent sign.
func escapeAll(capitals bool) func(string) string {
	return func(text string) string {
		out := make([]byte, 0, 3*len(text))
		for i := range len(text) {
			out = append(out, '%', hexDigit(text[i]>>4, capitals), hexDigit(text[i]&15, capitals))
		}
		return string(out)
	}
}

func hexDigit(value byte, capitals bool) byte {
	switch {
	case value < 10:
		return '0' + value
	case capitals:
		return 'A' + value - 10
	}
	return 'a' + value - 10
}

func unescapeHTML(text string) (string, bool) {
	return html.UnescapeString(text), strings.Contains(text, "&")
}

// escapeReferences writes every letter as a decimal reference.
func escapeReferences(text string) string {
	var out strings.Builder
	for _, c := range text {
		out.WriteString("&#")
		out.WriteString(strconv.Itoa(int(c)))
		out.WriteByte(';')
	}
	return out.String()
}

// fromWide reads a text whose letters are bytes of UTF-16, at least half of them Latin:
// the other order of bytes makes Chinese letters of those.
func fromWide(order binary.ByteOrder) func(string) (string, bool) {
	return func(text string) (string, bool) {
		if len(text) < 4 || len(text)%2 != 0 || !strings.Contains(text, "\x00") {
			return "", false
		}
		units, latin := make([]uint16, len(text)/2), 0
		for i := range units {
			units[i] = order.Uint16([]byte(text[2*i:]))
			if 0 < units[i] && units[i] < 0x100 {
				latin++
			}
		}
		plain := string(utf16.Decode(units))
		return plain, 2*latin >= len(units) && (isPlain(plain) || isWide(plain))
	}
}

func toWide(order binary.ByteOrder) func(string) string {
	return func(text string) string {
		units := utf16.Encode([]rune(text))
		out := make([]byte, 2*len(units))
		for i, unit := range units {
			order.PutUint16(out[2*i:], unit)
		}
		return string(out)
	}
}

// leastBase64 is the length from which a text may be base64: shorter ones are words.
const leastBase64 = 8

// fromBase64 reads base64 of a text, or of one in UTF-16.
func fromBase64(e *base64.Encoding) func(string) (string, bool) {
	return func(text string) (string, bool) {
		if len(text) < leastBase64 {
			return "", false
		}
		plain, err := e.Strict().DecodeString(text)
		return string(plain), err == nil && (isPlain(string(plain)) || isWide(string(plain)))
	}
}

func toBase64(e *base64.Encoding) func(string) string {
	return func(text string) string { return e.EncodeToString([]byte(text)) }
}

// isWide is whether a text is UTF-16 of either order.
func isWide(text string) bool {
	_, little := fromWide(binary.LittleEndian)(text)
	_, big := fromWide(binary.BigEndian)(text)
	return little || big
}

// isPlain is whether a text can be read.
func isPlain(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, c := range text {
		if c == utf8.RuneError || !unicode.IsPrint(c) && !unicode.IsSpace(c) {
			return false
		}
	}
	return true
}
