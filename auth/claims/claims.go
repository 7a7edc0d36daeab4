// Package claims reads what an access token says of itself: who it was issued
// to, and which permissions and directory roles it carries.
//
// Nothing is verified. A signature is not looked at, so a token can claim
// anything; only the service decides what it is worth. Claims serve to explain a
// refusal to a person, never to allow something.
//
// The SDK itself uses [Advice] for the text of an error with status 403. A tool
// can look before it calls:
//
//	c, err := claims.Parse(token.Token)
//	if err == nil {
//		fmt.Println(c.Missing(claims.ReadWriteAll))
//	}
//
// Microsoft does not promise the form of tokens for Microsoft Graph. They can
// be opaque at any time, so a program has to work when [Parse] fails.
//
// This package imports only the standard library.
package claims

import (
	"slices"
	"strings"
	"time"
)

// Claims is what a token says of itself. A claim that the token does not have is
// empty or zero here; the zero Claims have no permission.
type Claims struct {
	// ClientID is the application that asked for the token (appid, or azp).
	ClientID string
	// ClientName is the display name of that application (app_displayname).
	ClientName string
	// TenantID is the tenant that issued the token (tid).
	TenantID string
	// ObjectID is the object in the directory that the token stands for: a user,
	// or the service principal of an application (oid).
	ObjectID string
	// Audience is the API that the token is for, as an address or an id (aud).
	// Of several the first is kept.
	Audience string
	// IdentityType is "app" for an application and "user" for a signed-in user
	// (idtyp). Many tokens do not say; [Claims.IsApplication] knows both cases.
	IdentityType string
	// Scopes are the delegated permissions (scp): what the application may do
	// for the signed-in user. Nil for an application.
	Scopes []string
	// Roles are the application permissions (roles): what the application may do
	// by itself. In the token of a user they are roles of the user within an
	// application, and no permissions.
	Roles []string
	// DirectoryRoles are the template ids of the directory roles of the signed-in
	// user (wids). A token with many groups or roles can leave them out.
	DirectoryRoles []string
	// Expires is when the token ends (exp), in UTC; zero if it does not say.
	Expires time.Time
}

// IsApplication reports whether the token stands for an application alone, and
// not for a signed-in user. Where the token does not say so itself, the absence
// of scopes decides.
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

// has compares as Microsoft Entra does, without regard to case.
func has(values []string, wanted string) bool {
	return slices.ContainsFunc(values, func(v string) bool { return strings.EqualFold(v, wanted) })
}
