package claims

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// maxToken is far above any token that fits into a request header.
const maxToken = 1 << 16

// The errors describe only the format of the token: an error of a decoder would quote from it.
var (
	errEmpty   = errors.New("the token is empty")
	errTooLong = errors.New("the token is longer than 64 KiB")
	errOpaque  = errors.New("the token is opaque: it does not have the three parts of a signed token")
	errBase64  = errors.New("the token is opaque: its second part is not base64url")
	errPayload = errors.New("the token is opaque: its second part does not have the claims of an access token")
)

// Parse reads the claims of a Microsoft Entra access token without verifying them. It returns an error
// for an opaque or encrypted token, for one longer than 64 KiB, and for any other string. No error
// contains a part of the token.
func Parse(token string) (Claims, error) {
	switch {
	case token == "":
		return Claims{}, errEmpty
	case len(token) > maxToken:
		return Claims{}, errTooLong
	}
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return Claims{}, errOpaque
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return Claims{}, errBase64
	}
	return parsePayload(text)
}

func parsePayload(text []byte) (Claims, error) {
	var p payload
	if json.Unmarshal(text, &p) != nil || p.isEmpty() {
		return Claims{}, errPayload
	}
	return p.claims(), nil
}

// payload is the middle part of a token, in both versions that Microsoft Entra issues.
type payload struct {
	AppID     string     `json:"appid"` // version 1
	AZP       string     `json:"azp"`   // version 2
	AppName   string     `json:"app_displayname"`
	TenantID  string     `json:"tid"`
	ObjectID  string     `json:"oid"`
	Audience  stringList `json:"aud"`
	IdentType string     `json:"idtyp"`
	Scopes    string     `json:"scp"`
	Roles     stringList `json:"roles"`
	WIDs      stringList `json:"wids"`
	Expires   float64    `json:"exp"`
}

func (p payload) claims() Claims {
	c := Claims{
		ClientID:       p.AppID,
		ClientName:     p.AppName,
		TenantID:       p.TenantID,
		ObjectID:       p.ObjectID,
		IdentityType:   p.IdentType,
		Scopes:         fields(p.Scopes),
		Roles:          p.Roles,
		DirectoryRoles: p.WIDs,
		Expires:        date(p.Expires),
	}
	if c.ClientID == "" {
		c.ClientID = p.AZP
	}
	if len(p.Audience) > 0 {
		c.Audience = p.Audience[0]
	}
	return c
}

// isEmpty reports whether the payload is not that of an access token. Reading it as a token without
// permissions would be wrong.
func (p payload) isEmpty() bool {
	return p.AppID == "" && p.AZP == "" && p.ObjectID == "" && len(p.Audience) == 0
}

// fields returns nil if there are none, as for a missing claim.
func fields(s string) []string {
	if f := strings.Fields(s); len(f) > 0 {
		return f
	}
	return nil
}

// date converts seconds since 1970. Times outside the years 1970 to 9999 are not dates and cannot be
// written as JSON.
func date(seconds float64) time.Time {
	const year10000 = 253402300800
	if seconds <= 0 || seconds >= year10000 {
		return time.Time{}
	}
	return time.Unix(int64(seconds), 0).UTC()
}

// stringList reads a list of strings, or a single string that some issuers write for a list of one.
type stringList []string

// UnmarshalJSON reads a string or a list of strings.
func (t *stringList) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte(`"`)) {
		*t = stringList{""}
		return json.Unmarshal(b, &(*t)[0])
	}
	return json.Unmarshal(b, (*[]string)(t))
}
