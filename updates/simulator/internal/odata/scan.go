package odata

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

type tokenKind int

const (
	endToken   tokenKind = iota
	wordToken            // a name, which may have dots, or a word of the language
	textToken            // 'text', with the quotes taken off
	valueToken           // a number or a time
	markToken            // one of ( ) , / :
)

type token struct {
	kind     tokenKind
	text     string
	position int
}

// scan splits a filter into tokens; the last one is the end.
func scan(text string) ([]token, error) {
	var tokens []token
	for i := 0; i < len(text); {
		t, length := scanToken(text[i:])
		if length == 0 {
			return nil, BadRequest(fmt.Sprintf("Invalid filter clause: Syntax error at position %d.", i))
		}
		if t.kind != endToken {
			t.position = i
			tokens = append(tokens, t)
		}
		i += length
	}
	return append(tokens, token{kind: endToken, position: len(text)}), nil
}

// scanToken reads one token and returns its length; a length of zero is an error. A space has the kind
// of the end, and scan drops it.
func scanToken(text string) (token, int) {
	switch c := text[0]; {
	case c == ' ':
		return token{}, 1
	case strings.IndexByte("(),/:", c) >= 0:
		return token{kind: markToken, text: text[:1]}, 1
	case c == '\'':
		return scanText(text)
	case c == '-' || isDigit(c):
		n := lengthOf(text, isValueByte)
		return token{kind: valueToken, text: text[:n]}, n
	case isLetter(c):
		n := lengthOf(text, isWordByte)
		return token{kind: wordToken, text: text[:n]}, n
	}
	return token{}, 0
}

// scanText reads a quoted string, in which two quotes mean one.
func scanText(text string) (token, int) {
	var value strings.Builder
	for i := 1; i < len(text); i++ {
		if text[i] != '\'' {
			value.WriteByte(text[i])
			continue
		}
		if i+1 == len(text) || text[i+1] != '\'' {
			return token{kind: textToken, text: value.String()}, i + 1
		}
		value.WriteByte('\'')
		i++
	}
	return token{}, 0
}

func lengthOf(text string, belongs func(byte) bool) int {
	for i := range len(text) {
		if !belongs(text[i]) {
			return i
		}
	}
	return len(text)
}

func isDigit(c byte) bool     { return c >= '0' && c <= '9' }
func isLetter(c byte) bool    { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func isWordByte(c byte) bool  { return isLetter(c) || isDigit(c) || c == '.' }
func isValueByte(c byte) bool { return isWordByte(c) || c == '-' || c == ':' || c == '+' }

// literal returns the type and the value of a token that is a literal.
func (t token) literal() (kind string, value any, ok bool) {
	switch t.kind {
	case textToken:
		return textValue, t.text, true
	case valueToken:
		return t.numberOrTime()
	case wordToken:
		switch t.text {
		case "true", "false":
			return flagValue, t.text == "true", true
		case "null":
			return nullValue, nil, true
		}
	}
	return "", nil, false
}

func (t token) numberOrTime() (string, any, bool) {
	if n, err := strconv.ParseFloat(t.text, 64); err == nil {
		return numberValue, n, true
	}
	if at, ok := ParseTime(t.text); ok {
		return timeValue, at, true
	}
	day, err := time.Parse(time.DateOnly, t.text)
	return timeValue, day, err == nil
}
