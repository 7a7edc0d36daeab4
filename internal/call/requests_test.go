package call_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
)

func TestARequestHasTheHeadersOfItsCall(t *testing.T) {
	t.Parallel()
	for _, op := range append(stub.Repeatable(), stub.Creates()...) {
		t.Run(op.Name, func(t *testing.T) {
			t.Parallel()
			s := stub.Answering(op.Success)
			require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s, func(o *updates.Options) { o.UserAgent = "fleet/2.1" })))
			sent := s.Requests()[0]
			require.Equal(t, []string{"Bearer " + stub.AccessToken}, sent.Header.Values("Authorization"))
			require.Equal(t, []string{"include-unknown-enum-members"}, sent.Header.Values("Prefer"))
			require.Equal(t, []string{"application/json"}, sent.Header.Values("Accept"))
			require.Equal(t, []string{
				fmt.Sprintf("fleet/2.1 winupdates-go/%s (%s; %s/%s)", updates.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH),
			},
				sent.Header.Values("User-Agent"))
			require.NoError(t, uuid.Validate(sent.Header.Get("Client-Request-Id")))
			require.Equal(t, "graph.microsoft.com", sent.URL.Host)
			if sent.Body != "" {
				require.Equal(t, []string{"application/json"}, sent.Header.Values("Content-Type"))
			}
		})
	}
}

func TestTheAttemptsOfACallShareItsID(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "two calls", func(t *testing.T) {
		s := stub.Answering(stub.Answer(500, ""), stub.Answer(503, ""), stub.Read().Success, stub.Read().Success)
		client := stub.NewClient(t, stub.Token{}, s)
		require.NoError(t, stub.Read().Run(t.Context(), client))
		require.NoError(t, stub.Read().Run(t.Context(), client))
		id := func(i int) string { return s.Requests()[i].Header.Get("Client-Request-Id") }
		require.Equal(t, id(0), id(1))
		require.Equal(t, id(0), id(2))
		require.NotEqual(t, id(0), id(3))
	})
}

func TestABodyHasALengthAndIsPlainJSON(t *testing.T) {
	t.Parallel()
	for _, op := range []stub.Operation{stub.Action(), stub.Patch(), stub.Create(), stub.RawPost()} {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			s := stub.Answering(stub.Answer(429, ""), op.Success)
			require.NoError(t, op.Run(t.Context(), stub.NewClient(t, stub.Token{}, s)))
			for _, sent := range s.Requests() {
				require.True(t, strings.HasPrefix(sent.Body, "{"), "not compressed")
				require.EqualValues(t, len(sent.Body), sent.ContentLength)
				require.Empty(t, sent.TransferEncoding)
				require.Empty(t, sent.Header.Get("Content-Encoding"))
				again, err := sent.GetBody()
				require.NoError(t, err)
				text, err := io.ReadAll(again)
				require.NoError(t, err)
				require.Equal(t, sent.Body, string(text))
			}
		})
	}
}

func TestALengthIsSentOverTheWire(t *testing.T) {
	t.Parallel()
	var got []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, fmt.Sprint(r.Method, r.TransferEncoding,
			r.Header.Get("Content-Length") == strconv.Itoa(len(body)), r.ContentLength == int64(len(body))))
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	client := stub.NewClient(t, stub.Token{}, server.Client().Transport, func(o *updates.Options) { o.Endpoint = server.URL })
	require.NoError(t, stub.Action().Run(t.Context(), client))
	require.NoError(t, stub.Patch().Run(t.Context(), client))
	require.NoError(t, client.Call(t.Context(), "POST", "/policies/p1/go", nil, nil), "without a body the length is 0")
	require.Equal(t, []string{"POST[] true true", "PATCH[] true true", "POST[] true true"}, got)
}

func TestAClientHasATransportOfItsOwn(t *testing.T) {
	t.Parallel()
	var userAgent string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		userAgent = r.UserAgent()
		fmt.Fprint(w, stub.Deployment)
	}))
	defer server.Close()
	client := stub.NewClient(t, stub.Token{}, nil, func(o *updates.Options) { o.Endpoint = server.URL })
	require.NoError(t, stub.Read().Run(t.Context(), client))
	require.True(t, strings.HasPrefix(userAgent, "winupdates-go/"), userAgent)
}

func TestAnEndpointReplacesTheHostAndNotTheScope(t *testing.T) {
	t.Parallel()
	i, s := &stub.Issuer{}, stub.Answering(page("https://graph.microsoft.com/x", "1"))
	client := stub.NewClient(t, i, s, func(o *updates.Options) { o.Endpoint = "http://127.0.0.1:8080/" })
	err := stub.List().Run(t.Context(), client)
	require.ErrorContains(t, err, "leads away from http://127.0.0.1:8080", "the cloud's own host is another host now")
	require.Equal(t, "http://127.0.0.1:8080/beta/admin/windows/updates/deployments", s.Requests()[0].URL.String())
	require.Equal(t, []string{"https://graph.microsoft.com/.default"}, i.Asked[0].Scopes)
}
