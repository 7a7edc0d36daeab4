package recording

import (
	"bytes"
	"strings"
	"unicode/utf16"
)

// hasWide is whether bytes have a few letters of UTF-16 in a row.
func hasWide(plain []byte) bool {
	for at := 0; ; at++ {
		next := bytes.IndexByte(plain[at:], 0)
		if next < 0 {
			return false
		}
		at += next
		if at+6 < len(plain) && plain[at+2] == 0 && plain[at+4] == 0 && plain[at+6] == 0 {
			return true
		}
	}
}

// wideTexts returns the texts in UTF-16 that bytes have, each on a line: pairs of a
// readable letter and its other half. Letters that are not Latin have no zero there.
func wideTexts(plain string) string {
	var out strings.Builder
	for _, first := range []int{0, 1} {
		for _, text := range wideFrom(plain, first) {
			out.WriteString(text + "\n")
		}
	}
	return out.String()
}

// wideFrom reads both byte orders, beginning at the first byte or the second. A letter
// that lacks its last byte is read too.
func wideFrom(plain string, first int) []string {
	plain = plain[min(first, len(plain)):] + "\x00"
	little, big := make([]uint16, 0, len(plain)/2), make([]uint16, 0, len(plain)/2)
	for i := 0; i+1 < len(plain); i += 2 {
		little = append(little, uint16(plain[i])|uint16(plain[i+1])<<8)
		big = append(big, uint16(plain[i])<<8|uint16(plain[i+1]))
	}
	return []string{readable(string(utf16.Decode(little))), readable(string(utf16.Decode(big)))}
}
