package updates_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	entra "github.com/winupdates/winupdates-go/auth/claims"
	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

const (
	application = `{"aud":"https://graph.microsoft.com/","appid":"app1","app_displayname":"Rollout","tid":"tenant1","roles":["%s"]}`
	user        = `{"aud":"00000003-0000-0000-c000-000000000000","appid":"app1","tid":"tenant1","scp":"User.Read %s"%s}`
	inRole      = `,"wids":["` + entra.WindowsUpdateDeploymentAdministrator + `"]`
	forbidden   = `{"error":{"code":"Forbidden","message":"No."}}`
)

func applicationWith(role string) string { return fmt.Sprintf(application, role) }

func userWith(scope, roles string) string { return fmt.Sprintf(user, scope, roles) }

func kinds(r *updates.CheckReport) []updates.FindingKind {
	var kinds []updates.FindingKind
	for _, f := range r.Findings {
		kinds = append(kinds, f.Kind)
	}
	return kinds
}

func TestACheckFindsEachProblem(t *testing.T) {
	t.Parallel()
	type found []updates.FindingKind
	reads := stub.Answer(200, stub.NoItems)
	refuses := stub.Answer(403, forbidden)
	for name, c := range map[string]struct {
		token  string
		answer stub.Reply
		want   found
	}{
		"an application that may change": {applicationWith("WindowsUpdates.ReadWrite.All"), reads, nil},
		"a user who may change":          {userWith("WindowsUpdates.ReadWrite.All", inRole), reads, nil},
		"an application that may read":   {applicationWith("WindowsUpdates.Read.All"), reads, found{updates.FindingReadOnly}},
		"a user who may read":            {userWith("WindowsUpdates.Read.All", inRole), reads, found{updates.FindingReadOnly}},
		"an application without permission": {
			applicationWith("User.Read.All"), refuses, found{updates.FindingNoPermission, updates.FindingForbidden},
		},
		"a user without role": {
			userWith("WindowsUpdates.ReadWrite.All", `,"wids":["other"]`), refuses,
			found{updates.FindingNoRole, updates.FindingForbidden},
		},
		"a user without permission and role": {
			userWith("", `,"wids":["other"]`), refuses,
			found{updates.FindingNoPermission, updates.FindingNoRole, updates.FindingForbidden},
		},
		"a user with unknown roles": {userWith("WindowsUpdates.ReadWrite.All", ""), reads, found{updates.FindingRoleUnknown}},
		"a tenant without a license": {
			applicationWith("WindowsUpdates.Read.All"), refuses,
			found{updates.FindingReadOnly, updates.FindingNoLicense},
		},
		"a proxy that rejects": {
			applicationWith("WindowsUpdates.ReadWrite.All"), stub.Answer(403, stub.HTML), found{updates.FindingForbidden},
		},
		"a rejected token": {
			applicationWith("WindowsUpdates.ReadWrite.All"), stub.Answer(401, ""), found{updates.FindingUnauthorized},
		},
		"a service that is down": {
			applicationWith("WindowsUpdates.ReadWrite.All"), stub.Answer(503, stub.HTML), found{updates.FindingReadFailed},
		},
		"a connection that fails": {
			applicationWith("WindowsUpdates.ReadWrite.All"), stub.Fail(stub.ErrRefused), found{updates.FindingReadFailed},
		},
		"a response from something else": {
			applicationWith("WindowsUpdates.ReadWrite.All"), stub.Answer(200, stub.HTML), found{updates.FindingReadFailed},
		},
		"an opaque token":                {"", reads, found{updates.FindingTokenUnreadable}},
		"an opaque token without access": {"", refuses, found{updates.FindingTokenUnreadable, updates.FindingForbidden}},
		"a token for another cloud": {
			strings.Replace(applicationWith("WindowsUpdates.ReadWrite.All"), ".com/", ".us", 1), reads,
			found{updates.FindingWrongAudience},
		},
		"a token without an audience": {`{"appid":"app1","roles":["WindowsUpdates.ReadWrite.All"]}`, reads, nil},
		"scopes instead of application roles": {
			`{"appid":"app1","idtyp":"app","scp":"WindowsUpdates.ReadWrite.All"}`, refuses,
			found{updates.FindingNoPermission, updates.FindingForbidden},
		},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			report, err := stub.NewClient(t, stub.Saying(c.token), stub.Answering(c.answer)).Check(t.Context())
			require.Equal(t, []updates.FindingKind(c.want), kinds(report))
			require.Equal(t, err == nil, report.CanRead)
			requireNoToken(t, report, err)
		})
	}
}

// requireNoToken looks for parts of a token, and for lines that are no lines.
func requireNoToken(t *testing.T, report *updates.CheckReport, err error) {
	t.Helper()
	text, problem := json.Marshal(report)
	require.NoError(t, problem)
	all := string(text) + report.String() + fmt.Sprint(err)
	require.NotContains(t, all, "secret-")
	for _, f := range report.Findings {
		require.NotContains(t, f.Text, "\n")
		require.NotEmpty(t, f.Text)
	}
}

func TestTheErrorOfACheckIsThatOfItsRead(t *testing.T) {
	t.Parallel()
	cred := stub.Saying(applicationWith("WindowsUpdates.ReadWrite.All"))
	report, err := stub.NewClient(t, cred, stub.Answering(stub.Answer(403, forbidden))).Check(t.Context())
	require.ErrorIs(t, err, apierr.ErrForbidden)
	require.Equal(t, err.Error(), report.Findings[0].Text)
	require.Contains(t, report.Findings[0].Text, "license")
}

func TestAFindingSaysOnceWhatToDo(t *testing.T) {
	t.Parallel()
	report, err := stub.NewClient(t, stub.Saying(applicationWith("Other")), stub.Answering(stub.Answer(403, forbidden))).Check(t.Context())
	require.ErrorContains(t, err, "grant it with an administrator's consent")
	require.Equal(t, []updates.Finding{
		{
			Kind: updates.FindingNoPermission,
			Text: "the token has no application permission WindowsUpdates.Read.All (granted: Other); grant it " +
				"with an administrator's consent, then get a new token " +
				"(DropToken of the client, or a new credential if that keeps tokens); changes need WindowsUpdates.ReadWrite.All",
		},
		{Kind: updates.FindingForbidden, Text: "updates.Check: 403 Forbidden: No."},
	}, report.Findings)
}

func TestACheckReadsOneEntryWithTheTokenThatAllCallsUse(t *testing.T) {
	t.Parallel()
	s, cred := stub.Answering(stub.Answer(200, stub.NoItems)), &stub.Issuer{}
	client := stub.NewClient(t, cred, s)
	require.NoError(t, stub.List().Run(t.Context(), client))
	_, err := client.Check(t.Context())
	require.NoError(t, err)
	require.Len(t, s.Requests(), 2)
	require.Equal(t, stub.Root+"/catalog/entries?$top=1", s.Requests()[1].URL.String())
	require.Len(t, cred.Asked, 1)
}

func TestACredentialThatFailsIsAFindingAndNothingIsSent(t *testing.T) {
	t.Parallel()
	s := stub.Answering(stub.Answer(200, stub.NoItems))
	report, err := stub.NewClient(t, noCredential{}, s).Check(t.Context())
	require.ErrorIs(t, err, apierr.ErrUnauthorized)
	require.Equal(t,
		[]updates.Finding{{Kind: updates.FindingNoToken, Text: "updates.Check: no token: no user is signed in"}},
		report.Findings)
	require.Equal(t, "https://graph.microsoft.com", report.Endpoint)
	require.Empty(t, s.Requests())
}

func TestAnExpiredTokenIsFound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		report, err := stub.NewClient(t, ended{}, stub.Answering(stub.Answer(401, ""))).Check(t.Context())
		require.Error(t, err)
		require.Contains(t, kinds(report), updates.FindingTokenExpired)
		require.Equal(t, time.UTC, report.Expires.Location())
	})
}

// ended is a credential that keeps a token for too long.
type ended struct{}

func (ended) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: stub.AccessToken, ExpiresOn: time.Now().Add(-time.Second)}, nil
}

func TestACheckNamesTheCloudOfTheEndpoint(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		options        updates.Options
		endpoint, name string
	}{
		{updates.Options{}, "https://graph.microsoft.com", "Public"},
		{updates.Options{Cloud: cloud.USGovernmentDoD}, "https://dod-graph.microsoft.us", "USGovernmentDoD"},
		{updates.Options{Cloud: cloud.China}, "https://microsoftgraph.chinacloudapi.cn", "China"},
		{updates.Options{Endpoint: "http://127.0.0.1:8080"}, "http://127.0.0.1:8080", ""},
	} {
		client := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, stub.NoItems)),
			func(o *updates.Options) { o.Cloud, o.Endpoint = c.options.Cloud, c.options.Endpoint })
		report, err := client.Check(t.Context())
		require.NoError(t, err)
		require.Equal(t, c.endpoint, report.Endpoint)
		require.Equal(t, c.name, report.Cloud)
	}
}

func TestAReportPrintsHumanReadableLines(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]updates.CheckReport{
		`Endpoint:     https://graph.microsoft.com (Public)
Signed in as: user
Application:  app1 (Roll out)
Tenant:       tenant1
Permissions:  A, B
Roles:        Intune Administrator, Windows Update Deployment Administrator, Global Administrator, other
Token until:  2026-01-02T03:04:05Z
Catalog:      cannot be read
Finding:      first line
Finding:      second`: {
			Endpoint: "https://graph.microsoft.com", Cloud: "Public", SignedInAs: updates.SignedInAsUser, AppID: "app1",
			AppName: "Roll\nout", TenantID: "tenant1",
			Permissions: []string{"A", "B"},
			DirectoryRoles: []string{
				strings.ToUpper(entra.IntuneAdministrator), entra.WindowsUpdateDeploymentAdministrator,
				entra.GlobalAdministrator, "other",
			},
			Expires:  time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
			Findings: []updates.Finding{{Text: "first\nline"}, {Text: "second"}},
		},
		`Endpoint:     http://127.0.0.1
Signed in as: unknown
Application:  unknown
Tenant:       unknown
Permissions:  none found
Catalog:      can be read`: {Endpoint: "http://127.0.0.1", CanRead: true},
	} {
		require.Equal(t, want, r.String())
	}
}

func TestAReportIsTheSameAfterJSON(t *testing.T) {
	t.Parallel()
	want, err := stub.NewClient(t, stub.Saying(userWith("WindowsUpdates.Read.All", inRole)), stub.Answering(stub.Answer(200, stub.NoItems))).Check(t.Context())
	require.NoError(t, err)
	require.Equal(t, updates.SignedInAsUser, want.SignedInAs)
	require.Equal(t, []string{"User.Read", "WindowsUpdates.Read.All"}, want.Permissions)
	require.Equal(t, []string{entra.WindowsUpdateDeploymentAdministrator}, want.DirectoryRoles)
	text, err := json.Marshal(want)
	require.NoError(t, err)
	got := new(updates.CheckReport)
	require.NoError(t, json.Unmarshal(text, got))
	require.Equal(t, want, got)
}

func TestACheckEndsWithItsContext(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	report, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Hang)).Check(ctx)
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, report.CanRead)
}

func TestAResponseWithoutAListIsNotASuccessfulRead(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "{}", "null", `{"ok":true}`, `{"value":null}`} {
		report, err := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, body)), stub.Attempts(1)).Check(t.Context())
		require.Error(t, err, body)
		require.False(t, report.CanRead, body)
		require.Contains(t, kinds(report), updates.FindingReadFailed, body)
	}
}

func TestAZeroClientHasAReportToo(t *testing.T) {
	t.Parallel()
	report, err := new(updates.Client).Check(t.Context())
	require.ErrorContains(t, err, "was not made by updates.NewClient")
	require.Equal(t, []updates.FindingKind{updates.FindingNoToken}, kinds(report))
	require.ErrorAs(t, err, new(*apierr.Error))
}
