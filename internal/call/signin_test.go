package call_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// signInFailure is an error of package azidentity.
func signInFailure(status int, headers ...string) error {
	resp := &http.Response{
		StatusCode: status, Header: http.Header{},
		Body: io.NopCloser(strings.NewReader(`{"error_description":"AADSTS90033: A transient error has occurred. secret-body"}`)),
	}
	for i := 0; i < len(headers); i += 2 {
		resp.Header.Set(headers[i], headers[i+1])
	}
	return &azidentity.AuthenticationFailedError{RawResponse: resp}
}

func TestAFailedSignInBelongsToTheClassOfItsCause(t *testing.T) {
	t.Parallel()
	noHost := &net.DNSError{Err: "no such host", Name: "login.example", IsNotFound: true}
	for name, c := range map[string]struct {
		err        error
		class      error
		status     int
		retryAfter time.Duration
	}{
		"a wrong secret":    {signInFailure(401), apierr.ErrUnauthorized, 0, 0},
		"a bad request":     {signInFailure(400), apierr.ErrUnauthorized, 0, 0},
		"throttled":         {signInFailure(429, "Retry-After", "17"), apierr.ErrThrottled, 429, 17 * time.Second},
		"with a fraction":   {signInFailure(429, "Retry-After", "1.5"), apierr.ErrThrottled, 429, 1500 * time.Millisecond},
		"unavailable":       {signInFailure(503, "Retry-After", "5"), apierr.ErrUnavailable, 503, 5 * time.Second},
		"a timeout":         {signInFailure(504), apierr.ErrUnavailable, 504, 0},
		"no DNS":            {&url.Error{Op: "Post", URL: "https://login.example/t?secret-query", Err: noHost}, apierr.ErrUnavailable, 0, 0},
		"a refused address": {&net.OpError{Op: "dial", Err: errors.New("connection refused")}, apierr.ErrUnavailable, 0, 0},
		"nothing else":      {errors.New("down"), apierr.ErrUnauthorized, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Answering(stub.Create().Success)
			err := stub.Create().Run(t.Context(), stub.NewClient(t, &stub.Issuer{Err: c.err}, s))
			require.Empty(t, s.Requests())
			require.ErrorContains(t, err, "no token: ")
			require.NotContains(t, err.Error(), "secret-")
			require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
			for _, class := range []error{apierr.ErrUnauthorized, apierr.ErrThrottled, apierr.ErrUnavailable, apierr.ErrInvalid} {
				require.Equal(t, errors.Is(c.class, class), errors.Is(err, class), "%v", class)
			}
			failed, ok := errors.AsType[*apierr.Error](err)
			require.True(t, ok)
			require.Equal(t, c.status, failed.Status)
			require.Equal(t, c.retryAfter, failed.RetryAfter)
			if signIn, isAzure := errors.AsType[*azidentity.AuthenticationFailedError](c.err); isAzure {
				kept, ok := errors.AsType[*azidentity.AuthenticationFailedError](err)
				require.True(t, ok)
				require.Same(t, signIn, kept)
			}
		})
	}
}

// azure is an error of azidentity without a response.
type azure struct {
	RawResponse *http.Response
	text        string
}

func (e *azure) Error() string { return e.text }

// azidentity ends a request for a token after 30 seconds, and keeps only the text of that.
func TestASignInThatTookTooLongIsNotAWrongSecret(t *testing.T) {
	t.Parallel()
	late := &azure{text: "ClientSecretCredential: server response error:\n context deadline exceeded. To troubleshoot, visit https://aka.ms/x#client-secret"}
	err := stub.Read().Run(t.Context(), stub.NewClient(t, &stub.Issuer{Err: late}, stub.Answering(stub.Read().Success)))
	require.ErrorIs(t, err, apierr.ErrUnavailable)
	require.NotErrorIs(t, err, apierr.ErrUnauthorized)
	require.EqualError(t, err, "deployments.Get: no token: ClientSecretCredential: server response error: context deadline exceeded; "+
		"Microsoft Entra did not answer in time, or throttles the app; call again later")
}

func TestALongTextOfACredentialIsCutVisibly(t *testing.T) {
	t.Parallel()
	long := errors.New(strings.Repeat("word ", 200))
	err := stub.Read().Run(t.Context(), stub.NewClient(t, &stub.Issuer{Err: long}, stub.Answering(stub.Read().Success)))
	require.ErrorContains(t, err, "word w")
	require.True(t, strings.HasSuffix(err.Error(), "…"), "%v", err)
}

func TestACanceledSignInIsNotAWrongSecret(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := stub.Read().Run(ctx, stub.NewClient(t, slowIssuer{}, stub.Answering(stub.Read().Success)))
	require.ErrorIs(t, err, context.Canceled)
	require.NotErrorIs(t, err, apierr.ErrUnauthorized)
}

func TestACredentialWithNothingToFindSaysWhatWasTried(t *testing.T) {
	t.Parallel()
	text := "DefaultAzureCredential: failed to acquire a token.\nAttempted credentials:" +
		"\n\tEnvironmentCredential: missing environment variable AZURE_TENANT_ID" +
		"\n\tManagedIdentityCredential authentication failed. \n\t\tGET http://169.254.169.254/x\n\t\t---\n\t\t" +
		`RESPONSE 400: Bad Request` + "\n\t\t---\n\t\t" + `{"error":"secret-body"}` +
		"\n\tAzureCLICredential: Azure CLI not found on path. secret=" + `{"error":"secret-body"}`
	err := stub.Read().Run(t.Context(), stub.NewClient(t, &stub.Issuer{Err: azidentity.NewCredentialUnavailableError(text)}, stub.Answering(stub.Read().Success)))
	require.ErrorIs(t, err, apierr.ErrUnauthorized)
	require.EqualError(t, err, "deployments.Get: no token: DefaultAzureCredential: failed to acquire a token. Attempted credentials: "+
		"EnvironmentCredential: missing environment variable AZURE_TENANT_ID; ManagedIdentityCredential authentication failed (400); "+
		"AzureCLICredential: Azure CLI not found on path. secret=")
}
