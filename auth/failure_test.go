package auth

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAFailedSignInHasTheClassOfItsCause(t *testing.T) {
	t.Parallel()
	const page = "the response is an HTML page, perhaps of a proxy and not of Microsoft Entra"
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
		"a proxy that rejects a request": {answerOf(http.StatusProxyAuthRequired, ``), apierr.ErrUnavailable, 407,
			"the proxy requires authentication: set user and password in HTTPS_PROXY, or in Proxy of Options.Transport"},
		"a page that blocks": {answerOf(http.StatusForbidden, "\n<html>blocked"), apierr.ErrUnavailable, 0, page},
		"a sign-in page":     {answerOf(http.StatusOK, "<!DOCTYPE html>sign in"), apierr.ErrUnavailable, 0, page},
		"throttled":          {answerOf(http.StatusTooManyRequests, `{"error":"temporarily_unavailable"}`), apierr.ErrThrottled, 429, ""},
		"down":               {answerOf(http.StatusServiceUnavailable, ``), apierr.ErrUnavailable, 503, ""},
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

// answerOf answers requests for tokens; the rest is that of an authority. A request in a context that ended fails, as
// it does with net/http.
func answerOf(status int, body string, headers ...string) roundTripper {
	a := &authority{}
	return func(r *http.Request) (*http.Response, error) {
		resp, err := a.RoundTrip(r)
		if err == nil && r.Method == http.MethodPost {
			resp.StatusCode, resp.Status = status, http.StatusText(status)
			resp.Body = io.NopCloser(strings.NewReader(body))
			for i := 0; i < len(headers); i += 2 {
				resp.Header.Set(headers[i], headers[i+1])
			}
		}
		return resp, cmp.Or(err, r.Context().Err())
	}
}

// signIn makes a call whose token comes from the transport.
func signIn(ctx context.Context, t *testing.T, transport http.RoundTripper) error {
	t.Helper()
	cred, err := ClientSecret(cloud.Public, tenant, client, secret, &Options{Transport: transport})
	require.NoError(t, err)
	sdk, err := updates.NewClient(cred, nil)
	require.NoError(t, err)
	_, err = sdk.Catalog().Get(ctx, "a")
	return err
}

// azidentity gives up a token request after 30 seconds. Without the response the reason would be lost.
func TestADelayBeyondTheDeadlineEndsASignInWithItsReason(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		within time.Duration // 0 for no deadline
		after  string
		delay  time.Duration
	}{
		"beyond that of azidentity": {0, "60", time.Minute},
		"beyond that of the caller": {3 * time.Second, "17", 17 * time.Second},
		"with a fraction":           {3 * time.Second, "17.5", 17500 * time.Millisecond},
	} {
		for status, class := range map[int]error{429: apierr.ErrThrottled, 503: apierr.ErrUnavailable} {
			stub.InBubble(t, fmt.Sprint(name, " ", status), func(t *testing.T) {
				ctx, start := t.Context(), time.Now()
				if c.within > 0 {
					ctx = stub.Within(t, c.within)
				}
				err := signIn(ctx, t, answerOf(status, ``, "Retry-After", c.after))
				require.Zero(t, time.Since(start))
				require.ErrorIs(t, err, class)
				require.NotErrorIs(t, err, apierr.ErrUnauthorized)
				failed, ok := errors.AsType[*apierr.Error](err)
				require.True(t, ok)
				require.Equal(t, status, failed.Status)
				require.Equal(t, c.delay, failed.RetryAfter)
			})
		}
	}
}

func TestADateOfASignInIsByTheClockOfTheService(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		behind := start.Add(-time.Hour).UTC()
		answer := answerOf(503, ``, "Date", behind.Format(http.TimeFormat),
			"Retry-After", behind.Add(17*time.Second).Format(http.TimeFormat))
		err := signIn(stub.Within(t, 3*time.Second), t, answer)
		require.Zero(t, time.Since(start))
		failed, ok := errors.AsType[*apierr.Error](err)
		require.True(t, ok)
		require.Equal(t, 17*time.Second, failed.RetryAfter)
	})
}

func TestAShortDelayOfASignInIsWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		err := signIn(t.Context(), t, answerOf(503, ``, "Retry-After", "2"))
		require.ErrorIs(t, err, apierr.ErrUnavailable)
		require.Equal(t, 6*time.Second, time.Since(start), "three retries")
	})
}

// A repetition cannot help, and would take up to 20 seconds, longer than many deadlines.
func TestASignInIsNotRepeatedForASurroundingThatHasToBeFixed(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{
		"a certificate": &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
		"a proxy":       errors.New("Proxy Authentication Required"),
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			start := time.Now()
			err := signIn(stub.Within(t, 3*time.Second), t, roundTripper(func(*http.Request) (*http.Response, error) {
				return nil, failure
			}))
			require.ErrorIs(t, err, apierr.ErrUnavailable)
			require.ErrorContains(t, err, "prox")
			require.Zero(t, time.Since(start))
		})
	}
}

func TestARejectedSignInSaysWhatMicrosoftEntraSays(t *testing.T) {
	t.Parallel()
	err := signIn(t.Context(), t, answerOf(401, `{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided. `+
		`Ensure that it is the value, not the ID. Trace ID: t Correlation ID: c Timestamp: 2026-11-29","error_codes":[7000215]}`))
	require.EqualError(t, err, "catalog.Get: no token: ClientSecretCredential authentication failed: "+
		"AADSTS7000215: Invalid client secret provided")
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
