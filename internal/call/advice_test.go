package call_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func TestAnUnknownAuthorityIsPerhapsAnInspectionOfTLS(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	client := stub.NewClient(t, stub.Token{}, &http.Transport{}, func(o *updates.Options) { o.Endpoint = server.URL })
	err := stub.Create().Run(t.Context(), client)
	require.EqualError(t, err, "deployments.Create: tls: failed to verify certificate: x509: certificate signed by unknown authority; "+
		"a proxy may inspect TLS: trust its root certificate, in the system or in TLSClientConfig.RootCAs of Options.Transport")
	require.ErrorIs(t, err, apierr.ErrUnavailable)
	require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
	require.Zero(t, asked.Load())
}

// A proxy answers the CONNECT of a request to https itself, and net/http makes an error of it that has only the
// words of the status.
func TestAProxyThatWantsAPasswordIsNamedAndAskedOnce(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"https://graph.microsoft.com", "http://127.0.0.1:1"} {
		var asked atomic.Int64
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			asked.Add(1)
			w.Header().Set("Proxy-Authenticate", "Basic")
			w.WriteHeader(http.StatusProxyAuthRequired)
			_, _ = w.Write([]byte(stub.HTML))
		}))
		t.Cleanup(proxy.Close)
		address, err := url.Parse(proxy.URL)
		require.NoError(t, err)
		address.User = url.UserPassword("me", "secret-password")
		client := stub.NewClient(t, stub.Token{}, &http.Transport{Proxy: http.ProxyURL(address)}, func(o *updates.Options) { o.Endpoint = endpoint })
		err = stub.Create().Run(t.Context(), client)
		require.ErrorContains(t, err, "; the proxy "+address.Host+" requires authentication: "+
			"set user and password in HTTPS_PROXY, or in Proxy of Options.Transport")
		require.ErrorIs(t, err, apierr.ErrUnavailable)
		require.NotErrorIs(t, err, apierr.ErrInvalid)
		require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
		require.EqualValues(t, 1, asked.Load(), endpoint)
		requireQuiet(t, endpoint, err)
	}
}

func TestAProxyOfAnUnknownTransportHasNoName(t *testing.T) {
	t.Parallel()
	err := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(407, ""))))
	require.EqualError(t, err, "deployments.Get: 407; the proxy requires authentication: "+
		"set user and password in HTTPS_PROXY, or in Proxy of Options.Transport")
	require.ErrorIs(t, err, apierr.ErrUnavailable)
}

func TestATokenOfTheAzureCLINeedsAnotherApp(t *testing.T) {
	t.Parallel()
	cred := stub.Saying(`{"appid":"04b07795-8ddb-461a-bbee-02f9e1bf7b46","idtyp":"user","scp":"user_impersonation"}`)
	err := stub.Read().Run(t.Context(), stub.NewClient(t, cred, stub.Answering(stub.Answer(403, ""))))
	require.ErrorContains(t, err, "issued to Azure CLI, a Microsoft first-party app that can never have the permission")
	require.NotContains(t, err.Error(), "consent")
}

// A wait polls again after temporary failures. These are none, and a proxy can lock out a user that it rejects often.
func TestAWaitEndsWithWhatNoPollCanFix(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reply  stub.Reply
		signIn error
	}{
		"407":                     {stub.Answer(407, ""), nil},
		"a proxy that rejects":    {stub.Fail(errors.New("Proxy Authentication Required")), nil},
		"an unknown authority":    {stub.Fail(&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}), nil},
		"a proxy at the sign-in":  {stub.Answer(200, stub.Deployment), unsent("Proxy Authentication Required")},
		"an authority at sign-in": {stub.Answer(200, stub.Deployment), unsent(x509.UnknownAuthorityError{}.Error())},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			s, issuer := stub.Answering(c.reply), &stub.Issuer{Err: c.signIn}
			began := time.Now()
			_, err := stub.NewClient(t, issuer, s).Deployments().WaitForState(t.Context(), "d1", deployments.StatePaused, nil)
			require.ErrorIs(t, err, apierr.ErrUnavailable)
			require.Zero(t, time.Since(began))
			require.LessOrEqual(t, len(s.Requests()), 1)
			require.Equal(t, 1, issuer.Times())
		})
	}
}

// unsent is an error of a credential whose request for a token got no response.
func unsent(text string) error {
	return &net.OpError{Op: "dial", Err: errors.New(text)}
}
