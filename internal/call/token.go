package call

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	abstractions "github.com/microsoft/kiota-abstractions-go"
)

// authenticator gets the token for a request of the adapter, which puts it on requests to
// the service only.
type authenticator struct {
	tokens *tokens
}

// AuthenticateRequest notes the token in the record.
func (a *authenticator) AuthenticateRequest(ctx context.Context, _ *abstractions.RequestInformation, _ map[string]any) error {
	rec := recordOf(ctx)
	token, err := a.tokens.get(rec.ctx, rec.claims, rec.token)
	if err != nil {
		return credentialError(rec.ctx, err)
	}
	rec.token = token.Token
	return nil
}

// renewBefore is how long before its end a token is replaced. One that lives less than
// twice as long is replaced after half of its life.
const renewBefore = 5 * time.Minute

// tokens caches the credential's token. One caller at a time asks the
// credential, with its own context; the others wait for it with theirs.
type tokens struct {
	credential azcore.TokenCredential
	scope      string
	turn       chan struct{} // holds one element while the turn is free

	token   azcore.AccessToken
	renewAt time.Time
}

func newTokens(credential azcore.TokenCredential, scope string) *tokens {
	t := &tokens{credential: credential, scope: scope, turn: make(chan struct{}, 1)}
	t.turn <- struct{}{}
	return t
}

// get returns a token that is good for a while. claims, from a challenge to the
// token refused, asks for another one, unless another call has already got it.
func (t *tokens) get(ctx context.Context, claims, refused string) (azcore.AccessToken, error) {
	select {
	case <-ctx.Done():
		return azcore.AccessToken{}, ctx.Err()
	case <-t.turn:
		defer func() { t.turn <- struct{}{} }()
	}
	if time.Now().Before(t.renewAt) && (claims == "" || t.token.Token != refused) {
		return t.token, nil
	}
	return t.ask(ctx, claims)
}

func (t *tokens) ask(ctx context.Context, claims string) (azcore.AccessToken, error) {
	token, err := t.credential.GetToken(ctx, policy.TokenRequestOptions{
		Scopes: []string{t.scope}, Claims: claims, EnableCAE: true,
	})
	if err == nil && !sendable.MatchString(token.Token) {
		err = errors.New("the credential returned a token that is empty or has characters that cannot be sent")
	}
	if err != nil {
		if claims == "" && time.Now().Before(t.token.ExpiresOn) {
			return t.token, nil // the old one still serves
		}
		return azcore.AccessToken{}, err
	}
	t.token, t.renewAt = token, renewal(token)
	return token, nil
}

var sendable = regexp.MustCompile(`^[!-~]+$`)

func renewal(token azcore.AccessToken) time.Time {
	if !token.RefreshOn.IsZero() {
		return token.RefreshOn
	}
	return token.ExpiresOn.Add(-min(renewBefore, time.Until(token.ExpiresOn)/2))
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
