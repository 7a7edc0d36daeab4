package odata

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// PageToken identifies the first item of a page.
type PageToken struct {
	Offset int  // of its first item
	Filled bool // it comes after an empty page, if pages are preceded by empty ones
}

// Prefixes of page tokens.
const (
	offsetPrefix = "offset:"
	filledPrefix = "filled:"
)

// String is the token as it appears in links.
func (t PageToken) String() string {
	prefix := offsetPrefix
	if t.Filled {
		prefix = filledPrefix
	}
	return base64.RawURLEncoding.EncodeToString([]byte(prefix + strconv.Itoa(t.Offset)))
}

func readPageToken(token string) (PageToken, error) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return PageToken{}, badToken()
	}
	digits, filled := strings.CutPrefix(string(text), filledPrefix)
	ok := filled
	if !filled {
		digits, ok = strings.CutPrefix(digits, offsetPrefix)
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if !ok || err != nil || n < 0 {
		return PageToken{}, badToken()
	}
	return PageToken{int(n), filled}, nil
}

func badToken() error { return BadRequest("Invalid skip token.") }
