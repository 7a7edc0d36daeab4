package auth

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/winupdates/winupdates-go/auth/claims"
)

// StaticToken returns a credential that always returns the same token. Use it for tests and for short
// scripts that already have a token.
//
// The token expires at expires, which must be in the future. If expires is zero, the time is read from the
// token, which must not be opaque then. After that time the credential returns an error, because it cannot
// renew the token. It also returns an error for a claims challenge, by which the service requests a new
// token.
//
// Permissions are those of the token. A token of the Azure CLI has no permission that this API accepts,
// because Microsoft first-party apps cannot have the WindowsUpdates permissions. The requested scope is
// ignored, but a client does not send a token whose claims are for another API or cloud. Printing the
// credential does not show the token.
func StaticToken(token string, expires time.Time) (azcore.TokenCredential, error) {
	if c, err := claims.Parse(token); err == nil && expires.IsZero() {
		expires = c.Expires
	}
	err := refusal("auth.StaticToken", checkToken(token), checkExpires(expires))
	if err != nil {
		return nil, err
	}
	return staticToken(func() azcore.AccessToken {
		return azcore.AccessToken{Token: token, ExpiresOn: expires}
	}), nil
}

// staticToken keeps the token in a closure, so that it cannot be printed.
type staticToken func() azcore.AccessToken

// GetToken returns the token, or an error if the token is no longer valid.
func (s staticToken) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token := s()
	switch {
	case ctx.Err() != nil:
		return azcore.AccessToken{}, ctx.Err()
	case options.Claims != "":
		return azcore.AccessToken{}, errors.New("the service requests a new token, but a static token cannot be renewed")
	case !time.Now().Before(token.ExpiresOn):
		return azcore.AccessToken{}, fmt.Errorf("the static token expired at %s",
			token.ExpiresOn.UTC().Format(time.RFC3339))
	}
	return token, nil
}

// checkToken rejects values that are not a token, or not a token alone.
func checkToken(token string) error {
	if token == "" {
		return invalid("token", "", mustNotBeEmpty)
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return invalid("token", "", "must be the token alone, without Bearer, white space, or line breaks")
	}
	return nil
}

func checkExpires(expires time.Time) error {
	switch {
	case expires.IsZero():
		return invalid("expires", "", "must be set, because the token has no expiration time")
	case !time.Now().Before(expires):
		return invalid("expires", expires.UTC().Format(time.RFC3339), "must be in the future")
	}
	return nil
}
