package updates_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

type cloudCase struct {
	cloud    cloud.Cloud
	endpoint string
}

func clouds() []cloudCase {
	return []cloudCase{
		{cloud.Cloud{}, "https://graph.microsoft.com"},
		{cloud.Public, "https://graph.microsoft.com"},
		{cloud.USGovernment, "https://graph.microsoft.us"},
		{cloud.USGovernmentDoD, "https://dod-graph.microsoft.us"},
		{cloud.China, "https://microsoftgraph.chinacloudapi.cn"},
	}
}

func TestNilAndZeroOptionsAreTheDefaults(t *testing.T) {
	t.Parallel()
	for _, opts := range []*updates.Options{nil, {}} {
		client, err := updates.NewClient(stub.Token{}, opts)
		require.NoError(t, err)
		require.NotNil(t, client)
	}
}

func TestAllProblemsWithAClientAreReportedAtOnceAndByName(t *testing.T) {
	t.Parallel()
	client, err := updates.NewClient(nil, &updates.Options{
		Cloud:          cloud.Cloud{Name: "Mine", Endpoint: "not an address", Authority: "https://login.example"},
		Endpoint:       "http://graph.example",
		Transport:      (*http.Transport)(nil),
		AttemptTimeout: -1,
		UserAgent:      "line\nbreak",
		Retry:          updates.RetryOptions{MaxAttempts: -1, BaseDelay: -1, MaxDelay: -1, MaxRetryAfter: -1},
	})
	require.Nil(t, client)
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.NotContains(t, err.Error(), "\n")
	for _, field := range []string{
		"cred", "Options.Cloud", "Options.Endpoint", "Options.Transport", "Options.AttemptTimeout", "Options.UserAgent",
		"Options.Retry.MaxAttempts", "Options.Retry.BaseDelay", "Options.Retry.MaxDelay", "Options.Retry.MaxRetryAfter",
	} {
		require.Contains(t, fields(err), field)
	}
}

// fields are the names in the FieldErrors of an error.
func fields(err error) []string {
	if joined, ok := errors.Unwrap(err).(interface{ Unwrap() []error }); ok {
		var names []string
		for _, err := range joined.Unwrap() {
			if field, ok := errors.AsType[*apierr.FieldError](err); ok {
				names = append(names, field.Field)
			}
		}
		return names
	}
	return nil
}

func TestACredentialThatIsNilInsideIsRejected(t *testing.T) {
	t.Parallel()
	for _, cred := range []azcore.TokenCredential{nil, (*stub.Issuer)(nil)} {
		_, err := updates.NewClient(cred, nil)
		require.EqualError(t, err, "updates.NewClient: cred must not be nil")
	}
}

func TestAnEndpointIsASchemeHostAndPortThatMaySeeTheToken(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{
		"", "https://graph.example", "https://graph.example:8443", "https://graph.example/",
		"http://localhost", "http://LOCALHOST:1", "http://127.0.0.1:8080", "http://127.9.9.9", "http://[::1]:8080",
	} {
		_, err := updates.NewClient(stub.Token{}, &updates.Options{Endpoint: endpoint})
		require.NoError(t, err, endpoint)
	}
	for _, endpoint := range []string{
		"http://graph.example", "http://10.0.0.1", "http://127.0.0.1.example", "http://localhost.example",
		"ftp://graph.example", "ws://localhost",
		"graph.example", "//graph.example", "https://", "https:///x", "https://graph.example/beta", "https://graph.example?x=y",
		"https://graph.example#x", "https://user:secret@graph.example", "https://graph.example:port", ":",
		"https://graph.example:0", "https://graph.example:65536", "http://127.0.0.1:99999", " https://graph.example",
	} {
		_, err := updates.NewClient(stub.Token{}, &updates.Options{Endpoint: endpoint})
		require.ErrorIs(t, err, apierr.ErrInvalid, endpoint)
		require.ErrorContains(t, err, "Options.Endpoint")
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestAnEndpointOfAnotherCloudIsRejectedWithoutItsCloud(t *testing.T) {
	t.Parallel()
	private := cloud.Cloud{Endpoint: "https://graph.example", Authority: "https://login.example"}
	for _, tt := range []struct {
		cloud    cloud.Cloud
		endpoint string
		wants    string
	}{
		{cloud.Cloud{}, "https://graph.microsoft.us", "USGovernment"},
		{cloud.Cloud{}, "https://GRAPH.microsoft.us.:443/", "USGovernment"},
		{cloud.Public, "https://dod-graph.microsoft.us", "USGovernmentDoD"},
		{cloud.USGovernment, "https://graph.microsoft.com", "Public"},
		{cloud.USGovernment, "https://dod-graph.microsoft.us", "USGovernmentDoD"},
		{private, "https://microsoftgraph.chinacloudapi.cn", "China"},
	} {
		_, err := updates.NewClient(stub.Token{}, &updates.Options{Cloud: tt.cloud, Endpoint: tt.endpoint})
		require.ErrorIs(t, err, apierr.ErrInvalid, tt.endpoint)
		require.ErrorContains(t, err, "Options.Endpoint must be an endpoint of Options.Cloud, set Options.Cloud to cloud."+tt.wants+" for this one (got ")
	}
	for _, c := range []cloud.Cloud{cloud.Public, cloud.USGovernment, cloud.USGovernmentDoD, cloud.China, private} {
		for _, endpoint := range []string{c.Endpoint, c.Endpoint + ":443", "https://gateway.example", "http://127.0.0.1"} {
			_, err := updates.NewClient(stub.Token{}, &updates.Options{Cloud: c, Endpoint: endpoint})
			require.NoError(t, err)
		}
	}
}

func TestAUserAgentIsPrintable(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a\r\nX-Evil: 1", "tab\there", "é"} {
		_, err := updates.NewClient(stub.Token{}, &updates.Options{UserAgent: name})
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.ErrorContains(t, err, "Options.UserAgent")
	}
}

func TestEachCloudHasItsHostAndScope(t *testing.T) {
	t.Parallel()
	for _, tt := range clouds() {
		t.Run(tt.endpoint, func(t *testing.T) {
			t.Parallel()
			i, s := &stub.Issuer{}, stub.Answering(stub.Read().Success)
			client := stub.NewClient(t, i, s, func(o *updates.Options) { o.Cloud = tt.cloud })
			require.NoError(t, stub.Read().Run(t.Context(), client))
			require.Equal(t, tt.endpoint+"/beta/admin/windows/updates/deployments/d1", s.Requests()[0].URL.String())
			require.Equal(t, []string{tt.endpoint + "/.default"}, i.Asked[0].Scopes)
		})
	}
}

func TestLimitsAreNotNegativeAndProtectDeviceIDs(t *testing.T) {
	t.Parallel()
	_, err := updates.NewClient(stub.Token{}, &updates.Options{Limits: updates.Limits{
		Additions: -1, Enrollments: -1, Unenrollments: -1, ImmediateOffers: -1,
		Protected: []string{stub.DeviceID(1), "DESKTOP-1234", ""},
	}})
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.Equal(t, []string{
		"Options.Limits.Additions", "Options.Limits.Enrollments", "Options.Limits.Unenrollments",
		"Options.Limits.ImmediateOffers", "Options.Limits.Protected[1]", "Options.Limits.Protected[2]",
	}, fields(err))
	_, err = updates.NewClient(stub.Token{}, &updates.Options{Limits: updates.Limits{
		Additions: updates.NoLimit, Unenrollments: updates.NoLimit, Protected: stub.DeviceIDs(3)[1:],
	}})
	require.NoError(t, err)
}

// wrapped is what programs put in the place of the default transport, for example to trace requests.
type wrapped struct{ http.RoundTripper }

// It runs alone, as the default transport is the whole process's.
func TestAWrappedDefaultTransportIsUsed(t *testing.T) {
	standard := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = standard })
	s := stub.Answering(stub.Read().Success)
	http.DefaultTransport = wrapped{s}
	client, err := updates.NewClient(stub.Token{}, nil)
	require.NoError(t, err)
	require.NoError(t, stub.Read().Run(t.Context(), client))
	require.Len(t, s.Requests(), 1)
}

func TestWithoutADefaultTransportThereIsAPlainOne(t *testing.T) {
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte(stub.Deployment))
	}))
	t.Cleanup(server.Close)
	standard := http.DefaultTransport
	t.Cleanup(func() { http.DefaultTransport = standard })
	for _, none := range []http.RoundTripper{nil, (*http.Transport)(nil)} {
		http.DefaultTransport = none
		client, err := updates.NewClient(stub.Token{}, &updates.Options{Endpoint: server.URL})
		require.NoError(t, err)
		require.NoError(t, stub.Read().Run(t.Context(), client))
	}
	require.EqualValues(t, 2, asked.Load())
}
