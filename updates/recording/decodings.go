package recording

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"regexp"
	"strings"
	"unicode/utf8"
)

// mostDecodings bounds how many encodings are undone, one around the other.
const mostDecodings = 4

// longText is the length from which + is a letter of base64 rather than a space.
const longText = 1 << 14

// decodings are a text and what it says when its encodings are undone.
func decodings(text string) []string {
	seen := map[string]bool{}
	var all []string
	var look func(text string, depth int)
	look = func(text string, depth int) {
		if seen[text] {
			return
		}
		seen[text] = true
		all = append(all, text)
		if depth < mostDecodings {
			for _, inner := range decodeOnce(text) {
				look(inner, depth+1)
			}
		}
	}
	look(text, 0)
	return all
}

// decodeOnce returns the readings of a text that has one encoding less.
func decodeOnce(text string) []string {
	var readings []string
	if strings.Contains(text, "%") {
		readings = append(readings, unescape(text, false))
	}
	if strings.Contains(text, "+") && (strings.Contains(text, "%") || len(text) < longText) {
		readings = append(readings, unescape(text, true))
	}
	if strings.Contains(text, `\`) {
		readings = append(readings, unescaped(text))
	}
	if strings.Contains(text, "&") {
		plain := html.UnescapeString(text)
		readings = append(readings, plain, strings.ReplaceAll(plain, "\ufffd", "")) // HTML has no zeros
	}
	if strings.Contains(text, "\x00") {
		readings = append(readings, strings.ReplaceAll(text, "\x00", "")) // UTF-16 of Latin letters
	}
	if strings.Contains(text, "\n") {
		for _, b := range wrapped(text) {
			readings = append(readings, decodedRuns(b.text)...)
		}
	}
	return append(readings, decodedRuns(text)...)
}

// escapes finds the escapes of JSON.
var escapes = regexp.MustCompile(`\\(?:u[0-9a-fA-F]{4}(?:\\u[dD][c-fC-F][0-9a-fA-F]{2})?|["\\/bfnrt])`)

func unescaped(text string) string {
	return escapes.ReplaceAllStringFunc(text, func(e string) string {
		if value, ok := readText([]byte(`"` + e + `"`)); ok {
			return value
		}
		return e
	})
}

// block is base64 that goes over several lines.
type block struct {
	line int // of its start, from 0
	text string
}

// leastWrapped is the length from which a line may be one of several.
const leastWrapped = 40

// wrapped returns the base64 in a text that is cut into lines.
func wrapped(text string) []block {
	var all []block
	var current block
	count, number := 0, 0
	for line := range strings.Lines(text) {
		plain := strings.TrimSpace(line)
		long := len(plain) >= leastWrapped && isRun(plain)
		switch {
		case count > 0 && isRun(plain):
			current.text += plain
			count++
		case long:
			current, count = block{number, plain}, 1
		}
		if !long && count > 1 {
			all = append(all, current)
		}
		if !long {
			count = 0
		}
		number++
	}
	if count > 1 {
		all = append(all, current)
	}
	return all
}

// isRun is whether a text is nothing but base64.
func isRun(text string) bool {
	text = strings.TrimRight(text, "=")
	for i := range len(text) {
		if !isBase64(text[i]) {
			return false
		}
	}
	return text != ""
}

var toStandard = strings.NewReplacer("-", "+", "_", "/")

// decodedRuns returns what can be read in runs of base64 and of hexadecimal digits.
func decodedRuns(text string) []string {
	var readings []string
	for start := 0; start < len(text); {
		end := start
		for end < len(text) && isBase64(text[end]) {
			end++
		}
		if end-start >= leastBase64 {
			readings = append(readings, decodedRun(text[start:end])...)
		}
		start = end + 1
	}
	return readings
}

func isBase64(b byte) bool {
	switch b {
	case '+', '/', '-', '_':
		return true
	}
	return 'a' <= b && b <= 'z' || 'A' <= b && b <= 'Z' || '0' <= b && b <= '9'
}

// decodedRun reads a run from each of the places where base64 may begin in it. Only what
// can be read is looked at again, so that the many bytes of a picture cost nothing.
func decodedRun(run string) []string {
	var readings []string
	if plain, err := hex.DecodeString(run[:len(run)/2*2]); err == nil {
		readings = appendReadable(readings, plain)
	}
	run = toStandard.Replace(run)
	for start := range 4 {
		part := run[start:]
		if len(part)%4 == 1 {
			part = part[:len(part)-1]
		}
		if plain, err := base64.RawStdEncoding.DecodeString(part); err == nil {
			readings = appendReadable(readings, plain)
		}
	}
	return readings
}

// appendReadable appends the texts in bytes, and a word for a key in them.
func appendReadable(readings []string, plain []byte) []string {
	if isKey(plain) {
		readings = append(readings, "-----BEGIN PRIVATE KEY")
	}
	if text := readable(string(plain)); text != "" {
		readings = append(readings, text)
	}
	if hasWide(plain) {
		readings = append(readings, readable(strings.ReplaceAll(string(plain), "\x00", "")), wideTexts(string(plain)))
	}
	return readings
}

// From these lengths on letters in a row are a text: in bytes of which most can be read,
// and in others, which have short texts by chance.
const (
	leastReadable = 5
	leastByChance = 20
	startOfText   = 2048 // what tells the ones from the others
)

// readable returns the texts in bytes, each on a line.
func readable(plain string) string {
	start := plain[:min(len(plain), startOfText)]
	if 4*countReadable(start) >= 3*len(start) {
		return textsIn(plain, leastReadable)
	}
	return textsIn(plain, leastByChance)
}

func textsIn(plain string, least int) string {
	var out strings.Builder
	start := 0
	for i := 0; i <= len(plain); {
		size, ok := readableAt(plain, i)
		if ok {
			i += size
			continue
		}
		if i-start >= least {
			out.WriteString(plain[start:i] + "\n")
		}
		i += size
		start = i
	}
	return out.String()
}

// countReadable is how many bytes of a text can be read.
func countReadable(plain string) int {
	count := 0
	for i := 0; i < len(plain); {
		size, ok := readableAt(plain, i)
		if ok {
			count += size
		}
		i += size
	}
	return count
}

// readableAt is the size of the letter at a place, and whether it can be read.
func readableAt(plain string, i int) (size int, ok bool) {
	if i >= len(plain) {
		return 1, false
	}
	if b := plain[i]; b < utf8.RuneSelf {
		return 1, ' ' <= b && b <= '~' || b == '\t' || b == '\n' || b == '\r'
	}
	c, size := utf8.DecodeRuneInString(plain[i:])
	return size, c >= 0xa0 && c != utf8.RuneError
}

// isKey is whether bytes begin like a private key or a certificate in DER: with a
// sequence that begins with a version and what follows it in keys, or with what is signed
// in certificates.
func isKey(der []byte) bool {
	inner, ok := sequence(der)
	if !ok || len(der) < 40 {
		return false
	}
	if inner[0] == 2 && inner[1] == 1 && inner[2] <= 3 {
		return inner[3] == 2 || inner[3] == 4 || inner[3] == 0x30
	}
	signed, ok := sequence(inner)
	if !ok {
		return false
	}
	hasVersion := signed[0] == 0xa0 && signed[1] == 3 && signed[2] == 2
	hasSerial := signed[0] == 2 && signed[1] <= 20
	return hasVersion || hasSerial && inner[1] == 0x82
}

// sequence returns what follows the head of a sequence, of which four bytes are needed.
func sequence(der []byte) ([]byte, bool) {
	if len(der) < 2 || der[0] != 0x30 {
		return nil, false
	}
	at := 2
	if der[1] > 0x7f {
		at += int(der[1] & 0x7f)
	}
	return der[min(at, len(der)):], at <= 5 && len(der) >= at+4
}
