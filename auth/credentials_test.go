package auth

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth/cloud"
)

func TestApplicationsAskTheAuthorityOfTheirCloudForTheScope(t *testing.T) {
	t.Parallel()
	pair := newKeyPair(t, time.Now().Add(time.Hour))
	file := writeFile(t, "token", "the assertion")
	tests := []struct {
		name  string
		build func(*Options, cloud.Cloud) (azcore.TokenCredential, error)
		proof string
	}{
		{"secret", func(o *Options, c cloud.Cloud) (azcore.TokenCredential, error) {
			return ClientSecret(c, tenant, client, secret, o)
		}, "client_secret"},
		{"certificate", func(o *Options, c cloud.Cloud) (azcore.TokenCredential, error) {
			return ClientCertificate(c, tenant, client, pair.certs, pair.key, o)
		}, "client_assertion"},
		{"workload identity", func(o *Options, c cloud.Cloud) (azcore.TokenCredential, error) {
			return WorkloadIdentity(c, tenant, client, file, o)
		}, "client_assertion"},
	}
	for _, tt := range tests {
		for _, c := range clouds() {
			t.Run(tt.name+" in "+c.Name, func(t *testing.T) {
				t.Parallel()
				a := &authority{}
				cred, err := tt.build(&Options{Transport: a}, c)
				require.NoError(t, err)
				requireToken(t, a, cred, c)
				require.Equal(t, "client_credentials", a.tokenRequest(t).form.Get("grant_type"))
				require.NotEmpty(t, a.tokenRequest(t).form.Get(tt.proof))
			})
		}
	}
}

func TestATokenIsKeptUntilItEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &authority{}
		cred, err := ClientSecret(cloud.Public, tenant, client, secret, &Options{Transport: a})
		require.NoError(t, err)
		requireToken(t, a, cred, cloud.Public)
		asked := len(a.asked)
		requireTokenAgain := func() {
			_, err := cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{cloud.Public.Scope()}, EnableCAE: true})
			require.NoError(t, err)
		}
		requireTokenAgain()
		require.Len(t, a.asked, asked)

		<-time.After(time.Hour)
		requireTokenAgain()
		require.Len(t, a.asked, asked+1)
	})
}

func TestWorkloadIdentityTakesWhatIsMissingFromTheEnvironment(t *testing.T) {
	t.Setenv("AZURE_TENANT_ID", tenant)
	t.Setenv("AZURE_CLIENT_ID", client)
	t.Setenv("AZURE_FEDERATED_TOKEN_FILE", writeFile(t, "token", "the assertion"))
	t.Setenv("AZURE_AUTHORITY_HOST", "https://login.elsewhere.example")
	a := &authority{}
	cred, err := WorkloadIdentity(cloud.USGovernment, "", "", "", &Options{Transport: a})
	require.NoError(t, err)
	requireToken(t, a, cred, cloud.USGovernment)
	require.Equal(t, "the assertion", a.tokenRequest(t).form.Get("client_assertion"))
}

func TestArgumentsOfWorkloadIdentityWinOverTheEnvironment(t *testing.T) {
	t.Setenv("AZURE_TENANT_ID", "wrong")
	t.Setenv("AZURE_CLIENT_ID", "wrong")
	t.Setenv("AZURE_FEDERATED_TOKEN_FILE", "wrong")
	a := &authority{}
	cred, err := WorkloadIdentity(cloud.Public, tenant, client, writeFile(t, "token", "the assertion"), &Options{Transport: a})
	require.NoError(t, err)
	requireToken(t, a, cred, cloud.Public)
}

func TestDefaultAsksTheAuthorityOfItsCloudWhateverTheEnvironmentSays(t *testing.T) {
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
	t.Setenv("AZURE_TENANT_ID", tenant)
	t.Setenv("AZURE_CLIENT_ID", client)
	t.Setenv("AZURE_CLIENT_SECRET", secret)
	t.Setenv("AZURE_AUTHORITY_HOST", "https://login.elsewhere.example")
	for _, c := range clouds() {
		a := &authority{}
		cred, err := Default(c, &Options{Transport: a})
		require.NoError(t, err)
		requireToken(t, a, cred, c)
	}
}

func TestDefaultRejectsAChoiceThatItDoesNotKnow(t *testing.T) {
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "magic")
	cred, err := Default(cloud.Public, nil)
	require.ErrorContains(t, err, "auth.Default: invalid AZURE_TOKEN_CREDENTIALS value")
	require.Nil(t, cred)
}

func TestManagedIdentityAsksTheMachineForTheResourceOfTheCloud(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		for _, id := range []string{"", client} {
			t.Run(c.Name+" "+id, func(t *testing.T) {
				t.Parallel()
				a := &authority{}
				cred, err := ManagedIdentity(id, &Options{Transport: a})
				require.NoError(t, err)
				_, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{c.Scope()}})
				require.NoError(t, err)

				asked := a.tokenRequest(t)
				require.Equal(t, "169.254.169.254", asked.url.Host)
				require.Equal(t, c.Endpoint, asked.form.Get("resource"))
				require.Equal(t, id, asked.form.Get("client_id"))
			})
		}
	}
}

func TestADeviceCodeIsShownAndItsTokenAwaited(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var shown []DeviceCodePrompt
				a := &authority{pending: 3}
				cred, err := DeviceCode(c, tenant, client, func(_ context.Context, p DeviceCodePrompt) error {
					shown = append(shown, p)
					return nil
				}, &Options{Transport: a})
				require.NoError(t, err)
				requireToken(t, a, cred, c)
				require.Equal(t, []DeviceCodePrompt{{
					UserCode:        "ABC123",
					VerificationURL: "https://device.example",
					Message:         "enter ABC123",
				}}, shown)
				require.Zero(t, a.pending)
			})
		})
	}
}

func TestAPromptHasNoControlCharacters(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var shown DeviceCodePrompt
		a := &authority{message: "enter\x1b[31m ABC123\u202e\r\nnow"}
		cred, err := DeviceCode(cloud.Public, tenant, client, func(_ context.Context, p DeviceCodePrompt) error {
			shown = p
			return nil
		}, &Options{Transport: a})
		require.NoError(t, err)
		requireToken(t, a, cred, cloud.Public)
		require.Equal(t, `enter\u001b[31m ABC123\u202e now`, shown.Message)
	})
}

func TestAPromptThatFailsEndsTheSignIn(t *testing.T) {
	t.Parallel()
	a := &authority{}
	cred, err := DeviceCode(cloud.Public, tenant, client, func(context.Context, DeviceCodePrompt) error {
		return errors.New("no terminal")
	}, &Options{Transport: a})
	require.NoError(t, err)
	_, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{cloud.Public.Scope()}})
	require.ErrorContains(t, err, "no terminal")
}

// A browser is opened only after the authority has answered, so this authority
// does not.
func TestBrowserAsksTheAuthorityOfItsCloudFirst(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			a := &authority{absent: true}
			cred, err := InteractiveBrowser(c, tenant, client, "", &Options{Transport: a})
			require.NoError(t, err)
			_, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{c.Scope()}})
			require.Error(t, err)
			a.requireOnly(t, c)
			require.Equal(t, "/"+tenant+"/v2.0/.well-known/openid-configuration", a.tokenRequest(t).url.Path)
		})
	}
}

func TestBrowserListensAtThePortOfTheRedirectURL(t *testing.T) {
	t.Parallel()
	busy, err := net.Listen("tcp", "localhost:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, busy.Close()) })
	_, port, err := net.SplitHostPort(busy.Addr().String())
	require.NoError(t, err)

	cred, err := InteractiveBrowser(cloud.Public, tenant, client, "http://localhost:"+port, &Options{Transport: &authority{absent: true}})
	require.NoError(t, err)
	_, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{cloud.Public.Scope()}})
	require.ErrorContains(t, err, ":"+port+": bind")
}

func TestARejectedTokenIsAnErrorOfAzidentityWithoutTheSecret(t *testing.T) {
	t.Parallel()
	a := &authority{refuse: `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}`}
	cred, err := ClientSecret(cloud.Public, tenant, client, secret, &Options{Transport: a})
	require.NoError(t, err)
	_, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{cloud.Public.Scope()}})

	var refused *azidentity.AuthenticationFailedError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, http.StatusUnauthorized, refused.RawResponse.StatusCode)
	require.ErrorContains(t, err, "AADSTS7000215")
	require.NotContains(t, err.Error(), secret)
	require.Equal(t, secret, a.tokenRequest(t).form.Get("client_secret"), "the test would prove nothing without it")
}

func writeFile(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}
