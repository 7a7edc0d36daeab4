package call

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"
)

// transport is a function that is a transport.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// answer answers every request.
func answer(status int, body string, header http.Header) transport {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

// credential always gives the same token.
type credential struct{}

func (credential) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "secret-token", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

func config(t transport) Config { return configWith(credential{}, t) }

func configWith(c azcore.TokenCredential, t transport) Config {
	return Config{
		Credential:     c,
		Endpoint:       &url.URL{Scheme: "https", Host: "graph.microsoft.com"},
		Scope:          "https://graph.microsoft.com/.default",
		Transport:      t,
		Retry:          Retry{MaxAttempts: 1, BaseDelay: time.Second, MaxDelay: time.Second, MaxRetryAfter: time.Second},
		AttemptTimeout: time.Minute,
		UserAgent:      "test",
		Logger:         slog.New(slog.DiscardHandler),
	}
}

func newClient(t testing.TB, send transport) *Client {
	t.Helper()
	client, err := New(config(send))
	require.NoError(t, err)
	return client
}
