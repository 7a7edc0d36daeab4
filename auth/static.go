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

// StaticToken returns a credential that always gives the same token: for tests, and
// for short scripts that got a token elsewhere.
//
// The time expires is when the token ends, and must lie in the future. If it is
// zero, it is read from the token itself, which is possible for tokens that are
// not opaque. From then on the credential gives an error, since it cannot renew
// the token.
//
// The permissions that count are those in the token. A token from the Azure CLI
// has none that this API accepts, because Microsoft's application cannot hold
// the WindowsUpdates permissions. Nobody is prompted. The scope that is asked
// for is ignored: a token for another API or another cloud is refused by the
// service with status 401.
//
// The credential cannot answer a claims challenge, with which the service asks
// for a newer token, and says so in an error. Printing the credential shows
// nothing of the token.
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

// staticToken keeps the token in a closure, so that no way of printing reaches it.
type staticToken func() azcore.AccessToken

// GetToken returns the token, or an error if it is of no use any more.
func (s staticToken) GetToken(ctx context.Context, options policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token := s()
	switch {
	case ctx.Err() != nil:
		return azcore.AccessToken{}, ctx.Err()
	case options.Claims != "":
		return azcore.AccessToken{}, errors.New("the service asks for a newer token, and a fixed token cannot be renewed")
	case !time.Now().Before(token.ExpiresOn):
		return azcore.AccessToken{}, fmt.Errorf("the fixed token expired at %s", token.ExpiresOn.UTC().Format(time.RFC3339))
	}
	return token, nil
}

// checkToken refuses what is not a token, or is one with something around it.
func checkToken(token string) error {
	if token == "" {
		return invalid("token", "", mustNotBeEmpty)
	}
	if strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return invalid("token", "", "must be the token alone, without Bearer, white space or line breaks")
	}
	return nil
}

func checkExpires(expires time.Time) error {
	switch {
	case expires.IsZero():
		return invalid("expires", "", "must be set, because the token does not say when it ends")
	case !time.Now().Before(expires):
		return invalid("expires", expires.UTC().Format(time.RFC3339), "must lie in the future")
	}
	return nil
}
