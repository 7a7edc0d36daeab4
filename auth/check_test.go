package auth

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

const (
	notEmpty    = "must not be empty"
	zeroCloud   = "cloud must be cloud.Public, USGovernment, USGovernmentDoD, or China"
	ownClientID = "clientID must be the application (client) ID of your own app registration, " +
		"because Microsoft first-party apps cannot have the WindowsUpdates permissions"
)

func prompt(context.Context, DeviceCodePrompt) error { return nil }

func TestAllProblemsOfAllArgumentsAreReportedAtOnce(t *testing.T) {
	t.Parallel()
	tests := []struct {
		op       string
		build    func() (azcore.TokenCredential, error)
		problems string
	}{
		{
			"auth.ClientSecret", func() (azcore.TokenCredential, error) { return ClientSecret(cloud.Cloud{}, "", "", "", nil) },
			zeroCloud + "; tenantID " + notEmpty + "; clientID " + notEmpty + "; secret " + notEmpty,
		},
		{
			"auth.ClientCertificate", func() (azcore.TokenCredential, error) { return ClientCertificate(cloud.Cloud{}, "", "", nil, nil, nil) },
			zeroCloud + "; tenantID " + notEmpty + "; clientID " + notEmpty + "; key must be a *rsa.PrivateKey (got <nil>)",
		},
		{
			"auth.ClientCertificateFile", func() (azcore.TokenCredential, error) {
				return ClientCertificateFile(cloud.Cloud{}, "", "", "", "", nil)
			},
			zeroCloud + "; tenantID " + notEmpty + "; clientID " + notEmpty + "; path " + notEmpty,
		},
		{
			"auth.WorkloadIdentity", func() (azcore.TokenCredential, error) { return WorkloadIdentity(cloud.Cloud{}, "", "", "", nil) },
			zeroCloud + "; tenantID must not be empty if AZURE_TENANT_ID is not set" +
				"; clientID must not be empty if AZURE_CLIENT_ID is not set" +
				"; tokenFile must not be empty if AZURE_FEDERATED_TOKEN_FILE is not set",
		},
		{
			"auth.Default", func() (azcore.TokenCredential, error) { return Default(cloud.Cloud{}, nil) },
			zeroCloud,
		},
		{
			"auth.ManagedIdentity", func() (azcore.TokenCredential, error) { return ManagedIdentity("abc", nil) },
			"clientID must be an application (client) ID, such as 00000000-0000-0000-0000-000000000000 (got abc)",
		},
		{
			"auth.DeviceCode", func() (azcore.TokenCredential, error) { return DeviceCode(cloud.Cloud{}, "", "", nil, nil) },
			zeroCloud + "; tenantID " + notEmpty + "; " + ownClientID + "; prompt must not be nil, because it shows the code to the user",
		},
		{
			"auth.InteractiveBrowser", func() (azcore.TokenCredential, error) {
				return InteractiveBrowser(cloud.Cloud{}, "", "", "https://a.example", nil)
			},
			zeroCloud + "; tenantID " + notEmpty + "; " + ownClientID +
				"; redirectURL must be empty or http://localhost, with or without a port (got a string of 17 characters)",
		},
		{
			"auth.StaticToken", func() (azcore.TokenCredential, error) { return StaticToken("", time.Time{}) },
			"token " + notEmpty + "; expires must be set, because the token has no expiration time",
		},
	}
	for _, tt := range tests {
		t.Run(tt.op, func(t *testing.T) {
			t.Parallel()
			cred, err := tt.build()
			require.EqualError(t, err, tt.op+": "+tt.problems)
			require.ErrorIs(t, err, apierr.ErrInvalid)
			var field *apierr.FieldError
			require.ErrorAs(t, err, &field)
			require.Nil(t, cred)
		})
	}
}

func TestGoodArgumentsMakeACredentialOfAnyCloud(t *testing.T) {
	t.Parallel()
	pair := newKeyPair(t, time.Now().Add(time.Hour))
	for _, c := range clouds() {
		builds := map[string]func() (azcore.TokenCredential, error){
			"*azidentity.ClientSecretCredential": func() (azcore.TokenCredential, error) { return ClientSecret(c, tenant, client, secret, nil) },
			"*azidentity.ClientCertificateCredential": func() (azcore.TokenCredential, error) {
				return ClientCertificate(c, tenant, client, pair.certs, pair.key, nil)
			},
			"*azidentity.WorkloadIdentityCredential": func() (azcore.TokenCredential, error) {
				return WorkloadIdentity(c, tenant, client, "token", nil)
			},
			"*azidentity.ManagedIdentityCredential": func() (azcore.TokenCredential, error) { return ManagedIdentity(client, nil) },
			"*azidentity.DefaultAzureCredential":    func() (azcore.TokenCredential, error) { return Default(c, nil) },
			"*azidentity.DeviceCodeCredential": func() (azcore.TokenCredential, error) {
				return DeviceCode(c, tenant, client, prompt, nil)
			},
			"*azidentity.InteractiveBrowserCredential": func() (azcore.TokenCredential, error) {
				return InteractiveBrowser(c, tenant, client, "http://localhost:8400", nil)
			},
		}
		for kind, build := range builds {
			cred, err := build()
			require.NoError(t, err, kind)
			require.Equal(t, kind, fmt.Sprintf("%T", cred))
		}
	}
}

func TestATenantIsAnIDOrADomainName(t *testing.T) {
	t.Parallel()
	tests := []struct {
		tenantID          string
		application, user bool
	}{
		{tenant, true, true},
		{"AbCdEf01-0000-0000-0000-00000000000f", true, true},
		{"contoso.onmicrosoft.com", true, true},
		{"Contoso-2.example", true, true},
		{"organizations", false, true},
		{"common", false, false},
		{"consumers", false, false},
		{"contoso", false, false},
		{"contoso..com", false, false},
		{"contoso.com/", false, false},
		{"../contoso.com", false, false},
		{" contoso.com", false, false},
		{"{11111111-1111-1111-1111-111111111111}", false, false},
		{"1111111111111-1111-1111-111111111111", false, false},
		{"11111111-1111-1111-1111-11111111111g", false, false},
	}
	for _, tt := range tests {
		t.Run(tt.tenantID, func(t *testing.T) {
			t.Parallel()
			_, application := ClientSecret(cloud.Public, tt.tenantID, client, secret, nil)
			require.Equal(t, tt.application, application == nil, application)
			_, user := DeviceCode(cloud.Public, tt.tenantID, client, prompt, nil)
			require.Equal(t, tt.user, user == nil, user)
		})
	}
}

func TestApplicationsOfMicrosoftAreRejectedForUsers(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"04b07795-8ddb-461a-bbee-02f9e1bf7b46", "04B07795-8DDB-461A-BBEE-02F9E1BF7B46", "1950a258-227b-4e31-a9cf-717495945fc2",
	} {
		_, err := DeviceCode(cloud.Public, tenant, id, prompt, nil)
		require.EqualError(t, err, "auth.DeviceCode: "+ownClientID+" (got "+id+")")
		_, err = InteractiveBrowser(cloud.Public, tenant, id, "", nil)
		require.EqualError(t, err, "auth.InteractiveBrowser: "+ownClientID+" (got "+id+")")
	}
}

func TestABrowserReturnsOnlyToLocalhost(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{
		"":                           true,
		"http://localhost":           true,
		"http://localhost:8400":      true,
		"https://localhost":          false,
		"http://localhost/":          false,
		"http://localhost:8400/auth": false,
		"http://127.0.0.1:8400":      false,
		"http://localhost.example":   false,
		"http://localhost?x":         false,
		"http://localhost:port":      false,
		"localhost:8400":             false,
	}
	for redirectURL, valid := range tests {
		_, err := InteractiveBrowser(cloud.Public, tenant, client, redirectURL, nil)
		require.Equal(t, valid, err == nil, "%q: %v", redirectURL, err)
	}
}

func TestASecretWithWhiteSpaceAroundItIsRejected(t *testing.T) {
	t.Parallel()
	for _, s := range []string{secret + "\n", " " + secret, "\t"} {
		_, err := ClientSecret(cloud.Public, tenant, client, s, nil)
		require.EqualError(t, err, "auth.ClientSecret: secret must not begin or end with white space, such as the line break of a file")
	}
}

func TestASecretInThePlaceOfAnotherArgumentIsNotRepeated(t *testing.T) {
	t.Parallel()
	calls := map[string]func() (azcore.TokenCredential, error){
		"the tenant of an application": func() (azcore.TokenCredential, error) {
			return ClientSecret(cloud.Public, secret, client, tenant, nil)
		},
		"the client of an application": func() (azcore.TokenCredential, error) {
			return ClientSecret(cloud.Public, tenant, secret, client, nil)
		},
		"the identity of a machine": func() (azcore.TokenCredential, error) { return ManagedIdentity(secret, nil) },
		"the tenant of a workload": func() (azcore.TokenCredential, error) {
			return WorkloadIdentity(cloud.Public, secret, client, "f", nil)
		},
		"the client for users": func() (azcore.TokenCredential, error) { return DeviceCode(cloud.Public, tenant, secret, prompt, nil) },
		"the address for a browser": func() (azcore.TokenCredential, error) {
			return InteractiveBrowser(cloud.Public, tenant, client, secret, nil)
		},
	}
	for name, call := range calls {
		_, err := call()
		require.ErrorIs(t, err, apierr.ErrInvalid, name)
		require.NotContains(t, err.Error(), secret, name)
		require.ErrorContains(t, err, "a string of 29 characters", name)
	}
}
