package auth

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAFailedSignInHasTheClassOfItsCause(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answer func(*http.Request) (*http.Response, error)
		class  error
		status int
		advice string
	}{
		"no DNS": {func(*http.Request) (*http.Response, error) {
			return nil, &net.DNSError{Err: "no such host", Name: "login.example"}
		}, apierr.ErrUnavailable, 0, ""},
		"an unknown authority": {func(*http.Request) (*http.Response, error) {
			return nil, &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}
		}, apierr.ErrUnavailable, 0, "a proxy may inspect TLS: trust its root certificate, in the system or in TLSClientConfig.RootCAs of Options.Transport"},
		"a refused proxy": {func(*http.Request) (*http.Response, error) {
			return nil, errors.New("Proxy Authentication Required")
		}, apierr.ErrUnavailable, 0, "the proxy requires authentication: set user and password in HTTPS_PROXY, or in Proxy of Options.Transport"},
		"throttled": {answerOf(http.StatusTooManyRequests, `{"error":"temporarily_unavailable"}`), apierr.ErrThrottled, 429, ""},
		"down":      {answerOf(http.StatusServiceUnavailable, ``), apierr.ErrUnavailable, 503, ""},
		"a wrong secret": {answerOf(http.StatusUnauthorized, `{"error":"invalid_client","error_description":"AADSTS7000215"}`),
			apierr.ErrUnauthorized, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				cred, err := ClientSecret(cloud.Public, tenant, client, secret, &Options{Transport: roundTripper(c.answer)})
				require.NoError(t, err)
				sdk, err := updates.NewClient(cred, nil)
				require.NoError(t, err)
				_, err = sdk.Catalog().Get(t.Context(), "a")
				require.ErrorIs(t, err, c.class)
				require.Equal(t, errors.Is(c.class, apierr.ErrUnauthorized), errors.Is(err, apierr.ErrUnauthorized))
				require.Equal(t, c.status, apierr.StatusOf(err))
				require.NotContains(t, err.Error(), secret)
				failed, ok := errors.AsType[*apierr.Error](err)
				require.True(t, ok)
				require.Equal(t, c.advice, failed.Advice)
				_, ok = errors.AsType[*azidentity.AuthenticationFailedError](err)
				require.True(t, ok)
			})
		})
	}
}

// answerOf answers requests for tokens; the rest is that of an authority.
func answerOf(status int, body string) func(*http.Request) (*http.Response, error) {
	a := &authority{}
	return func(r *http.Request) (*http.Response, error) {
		resp, err := a.RoundTrip(r)
		if err == nil && r.Method == http.MethodPost {
			resp.StatusCode, resp.Body = status, io.NopCloser(strings.NewReader(body))
		}
		return resp, err
	}
}

func TestDefaultWithNothingToFindSaysWhatWasTried(t *testing.T) {
	t.Setenv("AZURE_TOKEN_CREDENTIALS", "prod")
	absent := roundTripper(func(*http.Request) (*http.Response, error) { return nil, errors.New("no route") })
	cred, err := Default(cloud.Public, &Options{Transport: absent})
	require.NoError(t, err)
	sdk, err := updates.NewClient(cred, nil)
	require.NoError(t, err)
	_, err = sdk.Catalog().Get(t.Context(), "a")
	require.ErrorIs(t, err, apierr.ErrUnauthorized)
	require.NotErrorIs(t, err, apierr.ErrUnavailable)
	for _, tried := range []string{"EnvironmentCredential: missing environment variable AZURE_TENANT_ID", "; WorkloadIdentityCredential: ", "; ManagedIdentityCredential: "} {
		require.ErrorContains(t, err, tried)
	}
}
