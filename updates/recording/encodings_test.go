package recording

import (
	"encoding/base64"
	"encoding/binary"
	"html"
	"net/url"
)

// encodings are the ways in which a text may hide in another one.
func encodings() map[string]func(string) string {
	return map[string]func(string) string{
		"JSON":           func(s string) string { return quoteJSON(s) },
		"percent":        url.QueryEscape,
		"percent, path":  url.PathEscape,
		"percent, all":   escapeAll(true),
		"percent, small": escapeAll(false),
		"percent, twice": func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
		"base64":         func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"base64, URL":    func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
		"HTML":           html.EscapeString,
		"HTML, all":      escapeReferences,
		"UTF-16":         toWide(binary.LittleEndian),
		"UTF-16, big":    toWide(binary.BigEndian),
		"UTF-16, base64": func(s string) string {
			return base64.StdEncoding.EncodeToString([]byte(toWide(binary.LittleEndian)(s)))
		},
	}
}
