package updates

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/winupdates/winupdates-go/auth/claims"
)

// CheckReport says what a client may do, as far as its token and one read tell.
// What the token says is not verified, and is empty when the token cannot be read.
// The token itself is not in the report.
type CheckReport struct {
	// Endpoint is where requests go, such as "https://graph.microsoft.com".
	Endpoint string `json:"endpoint"`
	// Cloud is the name of the cloud with this endpoint, such as "Public"; empty
	// when package cloud knows none.
	Cloud string `json:"cloud,omitempty"`
	// SignedInAs is who calls; empty when that is not known.
	SignedInAs SignedInAs `json:"signedInAs,omitempty"`
	// TenantID is the tenant that the token was issued for.
	TenantID string `json:"tenantId,omitempty"`
	// AppID is the application (client) id.
	AppID string `json:"appId,omitempty"`
	// AppName is the application's name; empty when the token does not have it.
	AppName string `json:"appName,omitempty"`
	// Permissions are all that the token has: of an application its roles, of a
	// user's sign-in its scopes. Nil for none.
	Permissions []string `json:"permissions,omitempty"`
	// DirectoryRoles are the template ids of a signed-in user's roles; see package
	// claims. Nil for an application, and when the token does not have them.
	DirectoryRoles []string `json:"directoryRoles,omitempty"`
	// Expires is when the token ends, in UTC and whole seconds; zero when there is
	// none.
	Expires time.Time `json:"expires,omitzero"`
	// CanRead is whether the service answered a read of the catalog.
	CanRead bool `json:"canRead"`
	// Findings are what stands in the way, and what could not be seen. Nil when
	// there is nothing: then the client may read and change.
	Findings []Finding `json:"findings,omitempty"`
}

// SignedInAs is who a token stands for.
type SignedInAs string

// The ways to be signed in.
const (
	// SignedInAsApplication is an application by itself, with application permissions.
	SignedInAsApplication SignedInAs = "application"
	// SignedInAsUser is an application for a user, with delegated permissions.
	SignedInAsUser SignedInAs = "user"
)

// Finding is one thing that stands in the way, or that could not be seen.
type Finding struct {
	// Kind says what it is, for programs.
	Kind FindingKind `json:"kind"`
	// Text says what was found and what to do, on one line, for people.
	Text string `json:"text"`
}

// FindingKind is a kind of finding.
type FindingKind string

// The kinds of findings.
const (
	// FindingNoToken is a credential that gives no token; nothing else was looked at.
	FindingNoToken FindingKind = "noToken"
	// FindingTokenUnreadable is a token whose permissions cannot be seen. That is no
	// fault: the form of tokens is Microsoft's own.
	FindingTokenUnreadable FindingKind = "tokenUnreadable"
	// FindingTokenExpired is a token whose end has passed.
	FindingTokenExpired FindingKind = "tokenExpired"
	// FindingWrongAudience is a token for another service or another cloud.
	FindingWrongAudience FindingKind = "tokenForOthers"
	// FindingNoPermission is a token without a permission of the Windows updates API.
	FindingNoPermission FindingKind = "noPermission"
	// FindingReadOnly is a token that permits reads and no changes.
	FindingReadOnly FindingKind = "readOnly"
	// FindingNoRole is a signed-in user without a directory role that suffices.
	FindingNoRole FindingKind = "noRole"
	// FindingRoleUnknown is a token that does not say which roles the user has.
	FindingRoleUnknown FindingKind = "roleUnknown"
	// FindingUnauthorized is a read that was refused with status 401.
	FindingUnauthorized FindingKind = "unauthorized"
	// FindingForbidden is a read that was refused with status 403; other findings may say
	// why.
	FindingForbidden FindingKind = "forbidden"
	// FindingNoLicense is a read that was refused with status 403 although the token has
	// what is needed: the tenant is probably without a licence.
	FindingNoLicense FindingKind = "noLicence"
	// FindingReadFailed is a read that failed for another reason.
	FindingReadFailed FindingKind = "readFailed"
)

// String returns the report for people to read, in some lines without a line break
// at the end.
func (r *CheckReport) String() string {
	var text strings.Builder
	line := func(name, value string) { fmt.Fprintf(&text, "%-14s%s\n", name+":", printable(value)) }
	line("Endpoint", r.Endpoint+inBrackets(r.Cloud))
	line("Signed in as", cmp.Or(string(r.SignedInAs), "unknown"))
	line("Application", cmp.Or(r.AppID, "unknown")+inBrackets(r.AppName))
	line("Tenant", cmp.Or(r.TenantID, "unknown"))
	line("Permissions", cmp.Or(strings.Join(r.Permissions, ", "), "none seen"))
	if r.SignedInAs == SignedInAsUser {
		line("Roles", cmp.Or(strings.Join(roleNames(r.DirectoryRoles), ", "), "none seen"))
	}
	if !r.Expires.IsZero() {
		line("Token until", r.Expires.Format(time.RFC3339))
	}
	line("Catalog", readable(r.CanRead))
	for _, finding := range r.Findings {
		line("Finding", finding.Text)
	}
	return strings.TrimSuffix(text.String(), "\n")
}

func readable(can bool) string {
	if can {
		return "can be read"
	}
	return "cannot be read"
}

func inBrackets(text string) string {
	if text == "" {
		return ""
	}
	return " (" + text + ")"
}

// roleNames names the roles that matter here; others stay ids.
func roleNames(ids []string) []string {
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		switch strings.ToLower(id) {
		case claims.IntuneAdministrator:
			id = "Intune Administrator"
		case claims.WindowsUpdateDeploymentAdministrator:
			id = "Windows Update Deployment Administrator"
		case claims.GlobalAdministrator:
			id = "Global Administrator"
		}
		names = append(names, id)
	}
	return names
}

// printable takes out what could break or disguise a line.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '?'
		}
		return r
	}, text)
}
