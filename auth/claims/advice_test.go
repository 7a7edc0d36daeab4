package claims_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth/claims"
)

const (
	grant = "; grant it with an administrator's consent, then get a new token " +
		"(DropToken of the client, or a new credential if that keeps tokens)"

	noRole = "the signed-in user is neither Intune Administrator nor Windows Update Deployment Administrator; " +
		"assign or activate one of these roles, then sign in again"
	unknownRole = "the token does not say which directory roles the signed-in user has: " +
		"Intune Administrator or Windows Update Deployment Administrator is needed"
)

func TestAFirstPartyAppIsToldThatItCanNeverHaveThePermission(t *testing.T) {
	t.Parallel()
	for id, name := range map[string]string{
		"04b07795-8ddb-461a-bbee-02f9e1bf7b46": "Azure CLI",
		"1950A258-227B-4E31-A9CF-717495945FC2": "Azure PowerShell",
		"aebc6443-996d-45c2-90f0-388ff96faa56": "Visual Studio Code",
		"872cd9fa-d31f-45e0-9eab-6e460a02d1f1": "Visual Studio",
	} {
		c := claims.Claims{ClientID: id, IdentityType: "user", Scopes: []string{"Device.Read.All"}, DirectoryRoles: []string{claims.IntuneAdministrator}}
		missing := c.Missing(claims.ReadAll)
		require.Equal(t, "the token was issued to "+name+", a Microsoft first-party app that can never have the permission "+
			"WindowsUpdates.Read.All; use an app registration of your own", missing)
		require.NotContains(t, missing, "consent")
		c.Scopes = []string{string(claims.ReadAll)}
		require.Empty(t, c.Missing(claims.ReadAll), "the token itself decides")
	}
	graphExplorer := claims.Claims{ClientID: "de8bc8b5-d9f9-48b1-a8ad-b748da725064", IdentityType: "user", Scopes: []string{"Device.Read.All"}}
	require.Contains(t, graphExplorer.Missing(claims.ReadAll), "consent", "an administrator can grant it this permission")
}

func TestMissingSaysWhatAnApplicationLacks(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		roles []string
		need  claims.Permission
		want  string
	}{
		{"nothing for changes", []string{"Device.Read.All", "WindowsUpdates.ReadWrite.All"}, claims.ReadWriteAll, ""},
		{"nothing for reads", []string{"WindowsUpdates.Read.All"}, claims.ReadAll, ""},
		{"nothing for reads, with the greater permission", []string{"WindowsUpdates.ReadWrite.All"}, claims.ReadAll, ""},
		{"nothing, in another case", []string{"windowsupdates.readwrite.all"}, claims.ReadWriteAll, ""},
		{
			"the permission for changes, with that for reads",
			[]string{"WindowsUpdates.Read.All"},
			claims.ReadWriteAll,
			"the token has no application permission WindowsUpdates.ReadWrite.All (granted: WindowsUpdates.Read.All)" + grant,
		},
		{
			"the permission for reads",
			[]string{"Device.Read.All", "DeviceManagement.Read.All"},
			claims.ReadAll,
			"the token has no application permission WindowsUpdates.Read.All (granted: Device.Read.All, DeviceManagement.Read.All)" + grant,
		},
		{
			"another permission of Graph",
			[]string{"WindowsUpdates.ReadWrite.All"},
			"Device.Read.All",
			"the token has no application permission Device.Read.All (granted: WindowsUpdates.ReadWrite.All)" + grant,
		},
		{
			"all permissions", nil, claims.ReadAll,
			"the token has no application permission WindowsUpdates.Read.All (granted: none)" + grant,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := claims.Claims{IdentityType: "app", Roles: tt.roles}
			require.Equal(t, tt.want, c.Missing(tt.need))
		})
	}
}

func TestMissingSaysWhatAUserLacks(t *testing.T) {
	t.Parallel()
	const readOnly = "the token has no delegated permission WindowsUpdates.ReadWrite.All (granted: WindowsUpdates.Read.All)" + grant
	write, read := []string{"WindowsUpdates.ReadWrite.All"}, []string{"WindowsUpdates.Read.All"}
	tests := []struct {
		name          string
		scopes, roles []string
		want          string
	}{
		{"nothing as Intune Administrator", write, []string{"3a2c62db-5318-420d-8d74-23affee5d9d5"}, ""},
		{"nothing as Windows Update Deployment Administrator", write, []string{"x", "32696413-001A-46AE-978C-CE0F6B3620D2"}, ""},
		{"nothing as Global Administrator", write, []string{"62e90394-69f5-4237-9190-012177145e10"}, ""},
		{"the permission", read, []string{claims.IntuneAdministrator}, readOnly},
		{"a role", write, []string{"b79fbf4d-3ef9-4689-8143-76b194e85509"}, noRole},
		{"perhaps a role", write, nil, unknownRole},
		{"permission and role", read, []string{"b79fbf4d-3ef9-4689-8143-76b194e85509"}, readOnly + "; " + noRole},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := claims.Claims{IdentityType: "user", Scopes: tt.scopes, DirectoryRoles: tt.roles}
			require.Equal(t, tt.want, c.Missing(claims.ReadWriteAll))
		})
	}
}

func TestAPermissionOfTheOtherKindDoesNotCount(t *testing.T) {
	t.Parallel()
	all := []string{"WindowsUpdates.ReadWrite.All"}
	user := claims.Claims{IdentityType: "user", Roles: all, DirectoryRoles: []string{claims.IntuneAdministrator}}
	require.Contains(t, user.Missing(claims.ReadWriteAll), "no delegated permission")

	application := claims.Claims{IdentityType: "app", Scopes: all}
	require.Contains(t, application.Missing(claims.ReadWriteAll), "no application permission")
}

func TestALongListOfPermissionsIsCut(t *testing.T) {
	t.Parallel()
	c := claims.Claims{IdentityType: "app", Roles: []string{"a", "b", "c", "d", "e", "f", "g", "h"}}
	require.Contains(t, c.Missing(claims.ReadAll), "(granted: a, b, c, d, e, f, g, h);")

	c.Roles = append(c.Roles, "i")
	require.Contains(t, c.Missing(claims.ReadAll), "(granted: a, b, c, d, e, f, g, h and 1 more)")
}

func TestAPermissionCannotBreakTheLine(t *testing.T) {
	t.Parallel()
	c := claims.Claims{Roles: []string{"a\nb\x1b[31m\u202ec\xff", strings.Repeat("x", 81)}}
	require.Contains(t, c.Missing(claims.ReadAll), "(granted: a?b?[31m?c?, "+strings.Repeat("x", 80)+"...)")
}

func TestAdviceSaysWhatTheTokenLacks(t *testing.T) {
	t.Parallel()
	require.Equal(t,
		"the token has no application permission WindowsUpdates.Read.All (granted: none)"+grant,
		claims.Advice(token(`{"appid":"a","idtyp":"app"}`), claims.ReadAll))
}

func TestAdvicePointsToTheLicenseIfNothingIsMissing(t *testing.T) {
	t.Parallel()
	require.Equal(t,
		"the token has the required permissions; check that the tenant has a license that includes Windows Autopatch",
		claims.Advice(token(userToken), claims.ReadWriteAll))
}

func TestAdviceOnAnOpaqueTokenNamesAllThatCanBeMissing(t *testing.T) {
	t.Parallel()
	advice := claims.Advice("EwBsEcReT", claims.ReadWriteAll)
	require.Contains(t, advice, "the token cannot be read")
	require.Contains(t, advice, "WindowsUpdates.ReadWrite.All")
	require.Contains(t, advice, "Intune Administrator or Windows Update Deployment Administrator")
	require.Contains(t, advice, "license")
	require.NotContains(t, advice, "sEcReT")
}
