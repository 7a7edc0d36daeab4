package claims

import (
	"fmt"
	"strings"
	"unicode"
)

// Permission is the name of a Microsoft Graph permission. An application permission and a delegated
// permission can have the same name; an administrator grants each of them separately.
type Permission string

// The permissions of the Windows updates API.
const (
	// ReadAll allows all reads. It is new in 2026, and [ReadWriteAll] includes it.
	ReadAll Permission = "WindowsUpdates.Read.All"
	// ReadWriteAll allows all reads and changes.
	ReadWriteAll Permission = "WindowsUpdates.ReadWrite.All"
)

// Template IDs of directory roles, as in [Claims.DirectoryRoles]. A signed-in user needs one of them in
// addition to the delegated permission. They are the same in every tenant.
const (
	// IntuneAdministrator is one of the two least privileged roles.
	IntuneAdministrator = "3a2c62db-5318-420d-8d74-23affee5d9d5"
	// WindowsUpdateDeploymentAdministrator is the other of the two least privileged roles.
	WindowsUpdateDeploymentAdministrator = "32696413-001a-46ae-978c-ce0f6b3620d2"
	// GlobalAdministrator is sufficient according to older documentation.
	GlobalAdministrator = "62e90394-69f5-4237-9190-012177145e10"
)

const (
	adviceLicense = "the token has the required permissions; check that the tenant has a license that includes Windows Autopatch"
	adviceUnknown = "the token cannot be read; check that it has %s with an administrator's consent, " +
		"that a signed-in user is Intune Administrator or Windows Update Deployment Administrator, " +
		"and that the tenant has a license that includes Windows Autopatch"
	noPermission = "the token has no %s permission %s (granted: %s); " +
		"grant it with an administrator's consent, then get a new token " +
		"(DropToken of the client, or a new credential if that keeps tokens)"
	firstParty = "the token was issued to %s, a Microsoft first-party app that can never have the permission %s; " +
		"use an app registration of your own"
	noRole = "the signed-in user is neither Intune Administrator nor Windows Update Deployment Administrator; " +
		"assign or activate one of these roles, then sign in again"
	unknownRole = "the token does not say which directory roles the signed-in user has: " +
		"Intune Administrator or Windows Update Deployment Administrator is needed"
)

// firstPartyApps are apps of Microsoft whose permissions are fixed. Graph Explorer and Microsoft Graph
// Command Line Tools are not among them, because an administrator can grant them the permissions of this
// API.
var firstPartyApps = map[string]string{
	"04b07795-8ddb-461a-bbee-02f9e1bf7b46": "Azure CLI",
	"1950a258-227b-4e31-a9cf-717495945fc2": "Azure PowerShell",
	"872cd9fa-d31f-45e0-9eab-6e460a02d1f1": "Visual Studio",
	"aebc6443-996d-45c2-90f0-388ff96faa56": "Visual Studio Code",
}

// Advice says what to check if the service rejected a call with status 403: the permission need, the
// directory role, or the license. It is one line and never empty. It contains nothing of the token except
// names of permissions.
func Advice(token string, need Permission) string {
	c, err := Parse(token)
	if err != nil {
		return fmt.Sprintf(adviceUnknown, need)
	}
	if missing := c.Missing(need); missing != "" {
		return missing
	}
	return adviceLicense
}

// Missing says in one line what the token lacks for calls that need the permission need: the permission
// itself and, for a signed-in user, a directory role. It is empty if nothing is missing. The service can
// still reject the call if the tenant has no license.
//
// The token does not have a role that was activated later, or that is assigned for only a part of the
// directory.
func (c Claims) Missing(need Permission) string {
	if c.IsApplication() {
		return missingPermission("application", c.Roles, need)
	}
	permission, role := missingPermission("delegated", c.Scopes, need), c.missingRole()
	if app := firstPartyApps[strings.ToLower(c.ClientID)]; app != "" && permission != "" {
		return fmt.Sprintf(firstParty, app, need)
	}
	if permission == "" || role == "" {
		return permission + role
	}
	return permission + "; " + role
}

// missingPermission checks only permissions of one kind: a user cannot use the permissions of an app, nor
// an app those of a user.
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

// list keeps the line short.
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

// printable shortens a name that is longer than any permission, and replaces characters that could break
// or disguise a line.
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
