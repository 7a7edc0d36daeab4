// Package claims reads the claims of an access token: who the token was issued to, and which permissions
// and directory roles it has. Use it to explain why the service rejects a call.
//
// Nothing is verified. The signature is not checked, so a token can claim anything. Do not use claims to
// allow something.
//
// The SDK uses [Advice] in errors with status 403. To check a token before a call:
//
//	c, err := claims.Parse(token.Token)
//	if err == nil {
//		fmt.Println(c.Missing(claims.ReadWriteAll))
//	}
//
// Microsoft does not guarantee the format of tokens for Microsoft Graph, and tokens can become opaque.
// Your program must work if [Parse] fails.
//
// This package imports only the standard library.
package claims

import (
	"slices"
	"strings"
	"time"
)

// Claims are the claims of a token. A claim that the token does not have is zero.
type Claims struct {
	// ClientID is the app that requested the token (appid, or azp).
	ClientID string
	// ClientName is the display name of that app (app_displayname).
	ClientName string
	// TenantID is the tenant that issued the token (tid).
	TenantID string
	// ObjectID is the directory object that the token represents: a user, or the service principal of an
	// app (oid).
	ObjectID string
	// Audience is the API that the token is for, as a URL or an ID (aud). If there are several, it is the
	// first.
	Audience string
	// IdentityType is "app" for an app and "user" for a signed-in user (idtyp). Many tokens do not have
	// it; use [Claims.IsApplication] instead.
	IdentityType string
	// Scopes are the delegated permissions (scp): what the app can do for the signed-in user. It is nil
	// for an app.
	Scopes []string
	// Roles are the application permissions (roles). In the token of a user, they are roles of the user
	// within the app and not permissions.
	Roles []string
	// DirectoryRoles are the template IDs of the directory roles of the signed-in user (wids). A token of
	// a user with many groups or roles can omit them.
	DirectoryRoles []string
	// Expires is when the token expires (exp), in UTC; zero if unknown.
	Expires time.Time
}

// IsApplication reports whether the token represents an app without a signed-in user. If IdentityType is
// empty, it reports whether there are no scopes.
func (c Claims) IsApplication() bool {
	switch strings.ToLower(c.IdentityType) {
	case "app":
		return true
	case "":
		return len(c.Scopes) == 0
	default:
		return false
	}
}

// has ignores case, as Microsoft Entra does.
func has(values []string, value string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, value) })
}
