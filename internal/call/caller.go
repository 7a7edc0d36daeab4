package call

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/auth/claims"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Caller is what a client's token says of the caller. The token itself is not
// in it.
type Caller struct {
	Claims     claims.Claims
	Unreadable error     // why there are no claims; nil when there are
	Expires    time.Time // by the credential, in UTC, whole seconds
}

// Caller returns what the token that calls are sent with says, and gets one when
// there is none yet.
func (c *Client) Caller(ctx context.Context, op string) (Caller, error) {
	if c == nil {
		return Caller{}, &apierr.Error{Op: op, Err: errNoClient}
	}
	token, err := c.tokens.get(ctx, "", "")
	if err != nil {
		return Caller{}, addSignIn(&apierr.Error{Op: op, Err: credentialError(ctx, err)})
	}
	said, err := claims.Parse(token.Token)
	return Caller{Claims: said, Unreadable: err, Expires: token.ExpiresOn.UTC().Truncate(time.Second)}, nil
}

// WrongAudience says that a token is for another service or another cloud; empty when
// it is not, and when it does not say. An audience is an address, with a slash at the
// end or without, or the application id of Microsoft Graph.
func WrongAudience(said claims.Claims, resource string) string {
	const graph = "00000003-0000-0000-c000-000000000000"
	audience := strings.TrimSuffix(said.Audience, "/")
	if audience == "" || audience == graph || strings.EqualFold(audience, resource) {
		return ""
	}
	return fmt.Sprintf("the token is for %s and not for %s; request it with the scope %s/.default, from a credential for the same cloud",
		short(audience), resource, resource)
}

// Endpoint is the scheme, host and port that requests go to; empty without a
// client.
func (c *Client) Endpoint() string {
	if c == nil {
		return ""
	}
	return c.origin.String()
}

// Resource is what tokens are asked for, such as "https://graph.microsoft.com".
func (c *Client) Resource() string { return resourceOf(c.config.Scope) }

func resourceOf(scope string) string { return strings.TrimSuffix(scope, "/.default") }

// DropToken makes the next call ask the credential for a new token.
func (c *Client) DropToken() {
	if c != nil {
		c.tokens.drop()
	}
}
