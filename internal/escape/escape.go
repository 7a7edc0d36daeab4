// Package escape makes strings of other programs harmless to print: they cannot color, hide, or forge lines.
package escape

import (
	"fmt"
	"strings"
	"unicode"
)

// Line returns a text on one line. Line breaks and tabs are spaces; other control characters, and those that
// change the direction of the text after them, are escaped as in Go and JSON.
func Line(text string) string {
	if !strings.ContainsFunc(text, isControl) {
		return text
	}
	var line strings.Builder
	for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
		switch {
		case strings.ContainsRune("\n\r\t", r):
			line.WriteByte(' ')
		case isControl(r):
			fmt.Fprintf(&line, `\u%04x`, r)
		default:
			line.WriteRune(r)
		}
	}
	return line.String()
}

// isControl does not include joiners, which several scripts need.
func isControl(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Bidi_Control, unicode.Zl, unicode.Zp)
}
