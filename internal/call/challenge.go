package call

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
)

// challenged reports whether the call is to be sent again with another token: once for claims that
// the service asks for, and once for a token that it rejects without saying why.
func (a *adapter) challenged(rec *record) bool {
	if rec.err != nil || rec.status != http.StatusUnauthorized || rec.claims != "" {
		return false
	}
	if rec.claims = challengeClaims(rec.header); rec.claims != "" {
		return true
	}
	if rec.renewed || rec.token == "" {
		return false
	}
	rec.renewed = a.tokens.reject(rec.token)
	return rec.renewed
}

var claimsInChallenge = regexp.MustCompile(`(?i)(?:^|,)\s*Bearer\s.*\bclaims="([A-Za-z0-9+/_=-]+)"`)

// challengeClaims returns the claims of a 401, or "" where there are none that can be
// read.
func challengeClaims(header http.Header) string {
	for _, challenge := range header.Values("WWW-Authenticate") {
		found := claimsInChallenge.FindStringSubmatch(challenge)
		if found == nil {
			continue
		}
		if claims := decodeClaims(found[1]); claims != "" {
			return claims
		}
	}
	return ""
}

// decodeClaims returns the JSON in a challenge's claims, or "".
func decodeClaims(encoded string) string {
	encoded = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(encoded, "="))
	claims, err := base64.RawStdEncoding.DecodeString(encoded)
	if err != nil || object(claims) == nil {
		return ""
	}
	return string(claims)
}
