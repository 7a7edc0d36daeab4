package simulator

import (
	"encoding/base64"
	"strconv"
	"strings"
)

// Tokens of pages. A page whose token says that it is filled comes after an empty
// one, if pages are preceded by empty ones.
const (
	offsetPrefix = "offset:"
	filledPrefix = "filled:"
)

func skipToken(prefix string, offset int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(prefix + strconv.Itoa(offset)))
}

func readSkipToken(token string) (offset int, filled, ok bool) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return 0, false, false
	}
	digits, filled := strings.CutPrefix(string(text), filledPrefix)
	if !filled {
		digits, ok = strings.CutPrefix(digits, offsetPrefix)
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	return int(n), filled, (ok || filled) && err == nil && n >= 0
}
