package updates

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/auth/claims"
	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Check reports what the credential of the client may do. Call it at the start of a program, or after a 403.
// It reads the token and one entry of the catalog.
//
// The report is never nil. The error is that of the credential or of the read, and the findings have it too.
// A missing permission that only changes need is a finding, not an error.
//
// The token is the one that all calls use. Permissions that were granted after it was issued take effect in
// the next token; see [Client.DropToken]. A token for another service or cloud is a finding, and no read is
// sent with it.
//
// Graph: GET /catalog/entries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-catalog-list-entries?view=graph-rest-beta
func (c *Client) Check(ctx context.Context) (*CheckReport, error) {
	const op = "updates.Check"
	report := &CheckReport{Endpoint: c.call.Endpoint()}
	report.Cloud = cloudOf(report.Endpoint)
	caller, err := c.call.Caller(ctx, op)
	if err != nil {
		report.find(FindingNoToken, err.Error())
		return report, err
	}
	report.readToken(caller, c.call.Resource())
	var page struct{ Value *[]struct{} }
	err = c.call.Raw(ctx, op, http.MethodGet, "/catalog/entries?$top=1", nil, &page)
	if err == nil && page.Value == nil { // a response from something else
		err = &apierr.Error{Op: op, Status: http.StatusOK,
			Err: errors.New("response is not a list of catalog entries; check for a proxy or sign-in page")}
	}
	report.addRead(err, caller)
	return report, err
}

func (r *CheckReport) find(kind FindingKind, text string) {
	r.Findings = append(r.Findings, Finding{kind, text})
}

// readToken notes the claims of the token.
func (r *CheckReport) readToken(caller call.Caller, resource string) {
	r.Expires = caller.Expires
	if !r.Expires.IsZero() && !time.Now().Before(r.Expires) {
		r.find(FindingTokenExpired, "the token has expired; sign in again")
	}
	if caller.Unreadable != nil {
		r.find(FindingTokenUnreadable,
			caller.Unreadable.Error()+"; its permissions are unknown, which is not a problem in itself")
		return
	}
	said := caller.Claims
	r.TenantID, r.AppID, r.AppName = said.TenantID, said.ClientID, said.ClientName
	r.SignedInAs, r.Permissions = SignedInAsApplication, said.Roles
	if !said.IsApplication() {
		r.SignedInAs, r.Permissions, r.DirectoryRoles = SignedInAsUser, said.Scopes, said.DirectoryRoles
	}
	if wrong := call.WrongAudience(said, resource); wrong != "" {
		r.find(FindingWrongAudience, wrong)
	}
	r.checkPermissions(said)
}

// checkPermissions checks permission and role, each as if the other existed.
func (r *CheckReport) checkPermissions(said claims.Claims) {
	inRole, permitted := said, said
	inRole.DirectoryRoles = []string{claims.IntuneAdministrator}
	permitted.Scopes = []string{string(claims.ReadWriteAll)}
	if missing := inRole.Missing(claims.ReadAll); missing != "" {
		r.find(FindingNoPermission, fmt.Sprintf("%s; changes need %s", missing, claims.ReadWriteAll))
	} else if missing := inRole.Missing(claims.ReadWriteAll); missing != "" {
		r.find(FindingReadOnly, missing)
	}
	switch missing := permitted.Missing(claims.ReadWriteAll); {
	case r.SignedInAs != SignedInAsUser || missing == "":
	case len(said.DirectoryRoles) == 0:
		r.find(FindingRoleUnknown, missing)
	default:
		r.find(FindingNoRole, missing)
	}
}

// addRead notes the result of the read.
func (r *CheckReport) addRead(err error, caller call.Caller) {
	r.CanRead = err == nil
	switch {
	case err == nil, r.hasWrongAudience(): // the finding says why nothing was sent
	case errors.Is(err, apierr.ErrUnauthorized):
		r.find(FindingUnauthorized, withoutAdvice(err))
	case !errors.Is(err, apierr.ErrForbidden):
		r.find(FindingReadFailed, err.Error())
	case caller.Unreadable == nil && caller.Claims.Missing(claims.ReadAll) == "" && isOfService(err):
		r.find(FindingNoLicense, err.Error())
	case caller.Unreadable == nil:
		r.find(FindingForbidden, withoutAdvice(err))
	default:
		r.find(FindingForbidden, err.Error())
	}
}

func (r *CheckReport) hasWrongAudience() bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Kind == FindingWrongAudience })
}

// isOfService reports whether the service has rejected the read. A page of a proxy has neither code nor
// message.
func isOfService(err error) bool {
	e, ok := errors.AsType[*apierr.Error](err)
	return ok && (e.Code != "" || e.Message != "")
}

// withoutAdvice returns the text of an error without advice, for which there are other findings.
func withoutAdvice(err error) string {
	e, ok := errors.AsType[*apierr.Error](err)
	if !ok {
		return err.Error()
	}
	rejection := *e
	rejection.Advice = ""
	return rejection.Error()
}

func cloudOf(endpoint string) string {
	known := knownClouds()
	i := slices.IndexFunc(known, func(c cloud.Cloud) bool { return c.Endpoint == endpoint })
	if i < 0 {
		return ""
	}
	return known[i].Name
}
