package audience_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	audienceID = "00000000-0000-4000-8000-0000000000a1"
	device1    = "00000000-0000-4000-8000-0000000000d1"
	device2    = "00000000-0000-4000-8000-0000000000d2"
	group1     = "00000000-0000-4000-8000-0000000000e1"
)

// reply is an answer of the stub: a status and a body.
type reply struct {
	status int
	body   string
}

// sent is a request that the stub got.
type sent struct {
	method, path, body string
}

// stub answers the first requests with its replies, one after the other, and all
// others with the last one.
type stub struct {
	mu      sync.Mutex
	replies []reply
	log     []sent
}

func answering(replies ...reply) *stub { return &stub{replies: replies} }

func (s *stub) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := readAll(req.Body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.replies[min(len(s.log), len(s.replies)-1)]
	s.log = append(s.log, sent{req.Method, strings.TrimPrefix(req.URL.Path, "/beta/admin/windows/updates"), body})
	return response(req, answer.status, answer.body), nil
}

func response(req *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Request: req, Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {"application/json"}},
	}
}

func readAll(body io.Reader) (string, error) {
	if body == nil {
		return "", nil
	}
	text, err := io.ReadAll(body)
	return string(text), err
}

// requests are what the stub got until now.
func (s *stub) requests() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]sent{}, s.log...)
}

// client is a client on the stub that does not repeat requests.
func (s *stub) client(t *testing.T) *updates.Client {
	t.Helper()
	return clientOn(t, s)
}

// clientOn is a client on a transport that does not repeat requests.
func clientOn(t *testing.T, transport http.RoundTripper) *updates.Client {
	t.Helper()
	client, err := updates.NewClient(token{}, &updates.Options{Transport: transport, Retry: updates.RetryOptions{MaxAttempts: 1}})
	require.NoError(t, err)
	return client
}

type token struct{}

func (token) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "token", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// onSimulator is a client on a new simulator.
func onSimulator(t *testing.T, opts *simulator.Options) (*updates.Client, *simulator.Server) {
	t.Helper()
	service := simulator.New(opts)
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	require.NoError(t, err)
	return client, service
}

// devices are the ids of n devices.
func devices(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	}
	return ids
}

// extra are members that the client does not know.
func extra(name, value string) map[string]json.RawMessage {
	return map[string]json.RawMessage{name: json.RawMessage(value)}
}
