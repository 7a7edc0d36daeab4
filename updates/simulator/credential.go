package simulator

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// Claims about the application and its tenant.
const (
	appID    = "a0000000-0000-4000-8000-00000000000a"
	tenantID = "a0000000-0000-4000-8000-00000000000b"
	role     = "WindowsUpdates.ReadWrite.All"
)

// Credential returns a credential whose tokens only this simulator accepts. They are JSON web tokens
// with the claims aud, appid, tid, roles, and exp.
//
// A token says that it expires after an hour of time.Now. The simulator accepts it longer, so that
// [Server.Advance] does not expire it.
func (s *Server) Credential() azcore.TokenCredential { return credential{s.key} }

type credential struct{ key []byte }

// GetToken returns a token for any scope. It fails only if the context is done.
func (c credential) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	if err := ctx.Err(); err != nil {
		return azcore.AccessToken{}, err
	}
	issued := time.Now().UTC().Truncate(time.Second)
	expires := issued.Add(time.Hour)
	return azcore.AccessToken{Token: c.token(audienceOf(options.Scopes), issued, expires), ExpiresOn: expires}, nil
}

// audienceOf returns the resource of the first scope, or Microsoft Graph.
func audienceOf(scopes []string) string {
	if len(scopes) == 0 {
		return "https://graph.microsoft.com"
	}
	return strings.TrimSuffix(scopes[0], "/.default")
}

func (c credential) token(audience string, issued, expires time.Time) string {
	claims := fmt.Sprintf(`{"aud":%q,"iss":"https://sts.windows.net/%s/","iat":%d,"nbf":%d,"exp":%d,`+
		`"appid":%q,"tid":%q,"roles":[%q]}`,
		audience, tenantID, issued.Unix(), issued.Unix(), expires.Unix(), appID, tenantID, role)
	signed := encode64([]byte(`{"typ":"JWT","alg":"HS256"}`)) + "." + encode64([]byte(claims))
	return signed + "." + signature(c.key, signed)
}

// authenticate rejects a request without a token of this simulator.
func (s *Server) authenticate(r *http.Request) error {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") || token == "" {
		return badToken("Access token is empty.")
	}
	dot := strings.LastIndex(token, ".")
	if dot < 0 || !hmac.Equal([]byte(token[dot+1:]), []byte(signature(s.key, token[:dot]))) {
		return badToken("Access token validation failure.")
	}
	return nil
}

func badToken(message string) error {
	return &odata.Fault{Status: http.StatusUnauthorized, Code: "InvalidAuthenticationToken", Message: message}
}

func signature(key []byte, text string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return encode64(mac.Sum(nil))
}

func encode64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
