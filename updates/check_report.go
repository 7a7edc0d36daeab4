package updates

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/auth/claims"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// CheckReport is the result of [Client.Check]: the claims of the token, and what was found. The claims are
// not verified, and are empty if the token cannot be read. The report does not contain the token.
type CheckReport struct {
	// Endpoint is the endpoint of the requests, such as "https://graph.microsoft.com".
	Endpoint string `json:"endpoint"`
	// Cloud is the name of the cloud with this endpoint, such as "Public". It is empty if package cloud has
	// none.
	Cloud string `json:"cloud,omitempty"`
	// SignedInAs is the kind of sign-in, or empty if it is unknown.
	SignedInAs SignedInAs `json:"signedInAs,omitempty"`
	// TenantID is the tenant that the token was issued for.
	TenantID string `json:"tenantId,omitempty"`
	// AppID is the application (client) ID.
	AppID string `json:"appId,omitempty"`
	// AppName is the name of the application, or empty if the token does not have it.
	AppName string `json:"appName,omitempty"`
	// Permissions are all permissions of the token: the roles of an application, or the scopes of a signed-in
	// user.
	Permissions []string `json:"permissions,omitempty"`
	// DirectoryRoles are the template IDs of the roles of a signed-in user; see package claims. It is nil for
	// an application, and if the token does not have them.
	DirectoryRoles []string `json:"directoryRoles,omitempty"`
	// Expires is the expiration time of the token, in whole seconds. It is zero if there is no token.
	Expires time.Time `json:"expires,omitzero"`
	// CanRead is whether the read of the catalog succeeded.
	CanRead bool `json:"canRead"`
	// Findings are the problems, and what could not be checked. If it is empty, the client may read and
	// change.
	Findings []Finding `json:"findings,omitempty"`
}

// SignedInAs is the kind of sign-in that a token represents.
type SignedInAs string

// The kinds of sign-in.
const (
	// SignedInAsApplication is an application without a user, with application permissions.
	SignedInAsApplication SignedInAs = "application"
	// SignedInAsUser is an application on behalf of a user, with delegated permissions.
	SignedInAsUser SignedInAs = "user"
)

// Finding is a problem, or something that could not be checked.
type Finding struct {
	// Kind is the kind of the finding.
	Kind FindingKind `json:"kind"`
	// Text is the human-readable finding with what to do, on one line.
	Text string `json:"text"`
}

// FindingKind is a kind of finding.
type FindingKind string

// The kinds of findings.
const (
	// FindingNoToken is a credential that returns no token. Nothing else was checked.
	FindingNoToken FindingKind = "noToken"
	// FindingTokenUnreadable is a token whose permissions cannot be read. That is not a problem in itself:
	// the format of tokens can change.
	FindingTokenUnreadable FindingKind = "tokenUnreadable"
	// FindingTokenExpired is a token that has expired.
	FindingTokenExpired FindingKind = "tokenExpired"
	// FindingWrongAudience is a token for another service or another cloud.
	FindingWrongAudience FindingKind = "wrongAudience"
	// FindingNoPermission is a token without a permission of the Windows updates API.
	FindingNoPermission FindingKind = "noPermission"
	// FindingReadOnly is a token that permits reads but no changes.
	FindingReadOnly FindingKind = "readOnly"
	// FindingNoRole is a signed-in user without a sufficient directory role.
	FindingNoRole FindingKind = "noRole"
	// FindingRoleUnknown is a token without the roles of the user.
	FindingRoleUnknown FindingKind = "roleUnknown"
	// FindingUnauthorized is a read that was rejected with status 401.
	FindingUnauthorized FindingKind = "unauthorized"
	// FindingForbidden is a read that was rejected with status 403. Other findings can say why.
	FindingForbidden FindingKind = "forbidden"
	// FindingNoLicense is a read that was rejected with status 403 although the token has what is needed. The
	// tenant probably has no license.
	FindingNoLicense FindingKind = "noLicense"
	// FindingReadFailed is a read that failed for another reason.
	FindingReadFailed FindingKind = "readFailed"
)

// String returns the report in human-readable lines, without a line break at the end.
func (r *CheckReport) String() string {
	var text strings.Builder
	line := func(name, value string) { fmt.Fprintf(&text, "%-14s%s\n", name+":", wire.Line("", value)) }
	line("Endpoint", r.Endpoint+inBrackets(r.Cloud))
	line("Signed in as", cmp.Or(string(r.SignedInAs), "unknown"))
	line("Application", cmp.Or(r.AppID, "unknown")+inBrackets(r.AppName))
	line("Tenant", cmp.Or(r.TenantID, "unknown"))
	line("Permissions", cmp.Or(strings.Join(r.Permissions, ", "), "none found"))
	if r.SignedInAs == SignedInAsUser {
		line("Roles", cmp.Or(strings.Join(roleNames(r.DirectoryRoles), ", "), "none found"))
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

// roleNames returns the names of the roles that matter here, and the IDs of others.
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
