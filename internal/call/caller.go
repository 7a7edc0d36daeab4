package call

import (
	"context"
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
		return Caller{}, &apierr.Error{Op: op, Err: credentialError(ctx, err)}
	}
	said, err := claims.Parse(token.Token)
	return Caller{Claims: said, Unreadable: err, Expires: token.ExpiresOn.UTC().Truncate(time.Second)}, nil
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
func (c *Client) Resource() string { return strings.TrimSuffix(c.config.Scope, "/.default") }
