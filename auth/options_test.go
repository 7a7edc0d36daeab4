package auth

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// constructors are all functions that make a credential that signs in.
func constructors(t *testing.T) map[string]func(*Options) (azcore.TokenCredential, error) {
	t.Helper()
	const c = "contoso.onmicrosoft.com"
	pair := newKeyPair(t, time.Now().Add(time.Hour))
	file, assertion := writeFile(t, "app.pem", pemOf(t, pair)), writeFile(t, "token", "the assertion")
	prompt := func(context.Context, DeviceCodePrompt) error { return nil }
	return map[string]func(*Options) (azcore.TokenCredential, error){
		"ClientSecret": func(o *Options) (azcore.TokenCredential, error) {
			return ClientSecret(cloud.Public, c, client, secret, o)
		},
		"ClientCertificate": func(o *Options) (azcore.TokenCredential, error) {
			return ClientCertificate(cloud.Public, c, client, pair.certs, pair.key, o)
		},
		"ClientCertificateFile": func(o *Options) (azcore.TokenCredential, error) {
			return ClientCertificateFile(cloud.Public, c, client, file, "", o)
		},
		"ManagedIdentity": func(o *Options) (azcore.TokenCredential, error) { return ManagedIdentity("", o) },
		"WorkloadIdentity": func(o *Options) (azcore.TokenCredential, error) {
			return WorkloadIdentity(cloud.Public, c, client, assertion, o)
		},
		"Default": func(o *Options) (azcore.TokenCredential, error) { return Default(cloud.Public, o) },
		"DeviceCode": func(o *Options) (azcore.TokenCredential, error) {
			return DeviceCode(cloud.Public, c, client, prompt, o)
		},
		"InteractiveBrowser": func(o *Options) (azcore.TokenCredential, error) {
			return InteractiveBrowser(cloud.Public, c, client, "", o)
		},
	}
}

// The authority rejects everything, so that no browser is opened and nothing leaves the machine.
func TestEachCredentialUsesTheTransportOfItsOptions(t *testing.T) {
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential")
	for name, build := range constructors(t) {
		t.Run(name, func(t *testing.T) {
			asked := 0
			rejecting := &authority{absent: true}
			cred, err := build(&Options{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
				asked++
				return rejecting.RoundTrip(r)
			})})
			require.NoError(t, err)
			_, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{cloud.Public.Scope()}})
			require.Error(t, err)
			require.Positive(t, asked)
		})
	}
}

func TestATransportThatIsNilInsideIsRejected(t *testing.T) {
	t.Parallel()
	for name, build := range constructors(t) {
		cred, err := build(&Options{Transport: (*http.Transport)(nil)})
		require.Nil(t, cred)
		require.ErrorIs(t, err, apierr.ErrInvalid, name)
		require.ErrorContains(t, err, "auth."+name+": Options.Transport must not be a nil *http.Transport", name)
		_, err = build(&Options{})
		require.NoError(t, err)
	}
}

// NewClient of package updates does the same. Many programs set the proxy or the certificate authorities of the default
// transport.
func TestSignInUsesTheSettingsOfTheDefaultTransport(t *testing.T) {
	standard := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = standard })
	ctx, cancel := context.WithCancel(t.Context())
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.WriteHeader(http.StatusForbidden)
		cancel()
	}))
	t.Cleanup(proxy.Close)
	address, err := url.Parse(proxy.URL)
	require.NoError(t, err)
	http.DefaultTransport = &http.Transport{Proxy: http.ProxyURL(address)}
	cred, err := ClientSecret(cloud.Public, tenant, client, secret, nil)
	require.NoError(t, err)
	_, err = cred.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{cloud.Public.Scope()}})
	require.Error(t, err)
	require.Positive(t, asked.Load())
}

func TestSignInWithoutADefaultTransportUsesThatOfAzidentity(t *testing.T) {
	standard := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = standard })
	for _, none := range []http.RoundTripper{nil, (*http.Transport)(nil), (*authority)(nil)} {
		http.DefaultTransport = none
		require.Nil(t, (&Options{}).of(cloud.Public).Transport)
	}
}

// NewClient of package updates does the same.
func TestSignInUsesADefaultTransportThatTheProgramHasWrapped(t *testing.T) {
	standard := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = standard })
	for _, opts := range []*Options{nil, {}} {
		rejecting := &authority{refuse: `{"error":"invalid_client"}`}
		http.DefaultTransport = rejecting
		cred, err := ClientSecret(cloud.Public, tenant, client, secret, opts)
		require.NoError(t, err)
		_, err = cred.GetToken(t.Context(), policy.TokenRequestOptions{Scopes: []string{cloud.Public.Scope()}})
		require.Error(t, err)
		require.NotEmpty(t, rejecting.asked)
	}
}
