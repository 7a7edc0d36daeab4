package claims

import (
	"fmt"
	"strings"
	"unicode"
)

// Permission is a permission of Microsoft Graph, by its value. The same value
// names an application permission and a delegated one; an administrator grants
// each of the two separately.
type Permission string

// The permissions of the Windows updates API.
const (
	// ReadAll allows all reads. It is new in 2026; [ReadWriteAll] includes it.
	ReadAll Permission = "WindowsUpdates.Read.All"
	// ReadWriteAll allows all reads and all changes.
	ReadWriteAll Permission = "WindowsUpdates.ReadWrite.All"
)

// Template ids of directory roles, as they stand in [Claims.DirectoryRoles]. A
// signed-in user needs one of them, next to the delegated permission. They are
// the same in every tenant.
const (
	// IntuneAdministrator is one of the two roles with the least privileges that
	// suffice.
	IntuneAdministrator = "3a2c62db-5318-420d-8d74-23affee5d9d5"
	// WindowsUpdateDeploymentAdministrator is the other one.
	WindowsUpdateDeploymentAdministrator = "32696413-001a-46ae-978c-ce0f6b3620d2"
	// GlobalAdministrator is named as sufficient by older documentation.
	GlobalAdministrator = "62e90394-69f5-4237-9190-012177145e10"
)

const (
	adviceLicence = "the token has what is needed: check that the tenant has a licence that includes Windows Autopatch"
	adviceUnknown = "the token cannot be read: check that it has %s with an administrator's consent, " +
		"that a signed-in user is Intune Administrator or Windows Update Deployment Administrator, " +
		"and that the tenant has a licence that includes Windows Autopatch"
	noPermission = "the token has no %s permission %s (it has: %s); " +
		"grant it with an administrator's consent, then get a new token"
	noRole = "the signed-in user is neither Intune Administrator nor Windows Update Deployment Administrator; " +
		"assign or activate one of these roles, then sign in again"
	unknownRole = "the token does not say which directory roles the signed-in user has: " +
		"Intune Administrator or Windows Update Deployment Administrator is needed"
)

// Advice says what to check when the service refused a call that needs the
// permission need with status 403: permission, directory role or licence, as
// far as the token tells. It is one line and never empty. Of the token it
// repeats nothing but names of permissions.
func Advice(token string, need Permission) string {
	c, err := Parse(token)
	if err != nil {
		return fmt.Sprintf(adviceUnknown, need)
	}
	if missing := c.Missing(need); missing != "" {
		return missing
	}
	return adviceLicence
}

// Missing says in one line what the token lacks for calls that need the
// permission need: the permission itself and, for a signed-in user, a directory
// role. It is empty if nothing is missing; the call can be refused even so, for
// want of a licence.
//
// A role that was activated after the token was issued, or that is assigned for
// a part of the directory only, does not stand in the token.
func (c Claims) Missing(need Permission) string {
	if c.IsApplication() {
		return missingPermission("application", c.Roles, need)
	}
	permission, role := missingPermission("delegated", c.Scopes, need), c.missingRole()
	if permission == "" || role == "" {
		return permission + role
	}
	return permission + "; " + role
}

// missingPermission looks only at the permissions of the given kind: what an
// application may do by itself is of no use to a user, and the reverse.
func missingPermission(kind string, granted []string, need Permission) string {
	if has(granted, string(need)) || need == ReadAll && has(granted, string(ReadWriteAll)) {
		return ""
	}
	return fmt.Sprintf(noPermission, kind, need, list(granted))
}

func (c Claims) missingRole() string {
	switch {
	case len(c.DirectoryRoles) == 0:
		return unknownRole
	case has(c.DirectoryRoles, IntuneAdministrator),
		has(c.DirectoryRoles, WindowsUpdateDeploymentAdministrator),
		has(c.DirectoryRoles, GlobalAdministrator):
		return ""
	default:
		return noRole
	}
}

// list keeps the line short, whatever the token has.
func list(permissions []string) string {
	const shown = 8
	if len(permissions) == 0 {
		return "none"
	}
	names := make([]string, 0, shown)
	for _, p := range permissions[:min(len(permissions), shown)] {
		names = append(names, printable(p))
	}
	text := strings.Join(names, ", ")
	if more := len(permissions) - shown; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// printable cuts a name that is longer than any permission's, and takes out
// what could break or disguise a line.
func printable(name string) string {
	const longest = 80
	if len(name) > longest {
		name = name[:longest] + "..."
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return '?'
		}
		return r
	}, name)
}
