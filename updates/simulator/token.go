package simulator

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// pageToken says where a page begins. One that is filled comes after an empty page,
// if pages are preceded by empty ones.
type pageToken struct {
	offset int
	filled bool
}

const (
	offsetPrefix = "offset:"
	filledPrefix = "filled:"
)

// String is the token as it stands in links.
func (t pageToken) String() string {
	prefix := offsetPrefix
	if t.filled {
		prefix = filledPrefix
	}
	return base64.RawURLEncoding.EncodeToString([]byte(prefix + strconv.Itoa(t.offset)))
}

func readPageToken(token string) (pageToken, error) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return pageToken{}, badToken()
	}
	digits, filled := strings.CutPrefix(string(text), filledPrefix)
	ok := filled
	if !filled {
		digits, ok = strings.CutPrefix(digits, offsetPrefix)
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	if !ok || err != nil || n < 0 {
		return pageToken{}, badToken()
	}
	return pageToken{int(n), filled}, nil
}

func badToken() error { return badRequest("Invalid skip token.") }
