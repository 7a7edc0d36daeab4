package tenant_test

import (
	"context"
	"encoding/json"
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
	"github.com/winupdates/winupdates-go/updates/tenant"
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
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.replies[min(len(s.log), len(s.replies)-1)]
	s.log = append(s.log, sent{req.Method, strings.TrimPrefix(req.URL.Path, "/beta/admin/windows/updates"), string(body)})
	return &http.Response{
		StatusCode: answer.status, Request: req, Body: io.NopCloser(strings.NewReader(answer.body)),
		Header: http.Header{"Content-Type": {"application/json"}},
	}, nil
}

// requests are what the stub got until now.
func (s *stub) requests() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]sent{}, s.log...)
}

// tenant is a client on the stub that tries each call so often.
func (s *stub) tenant(t *testing.T, attempts int) tenant.Client {
	t.Helper()
	client, err := updates.NewClient(token{}, &updates.Options{
		Transport: s, Retry: updates.RetryOptions{MaxAttempts: attempts, MaxDelay: 1},
	})
	require.NoError(t, err)
	return client.Tenant()
}

type token struct{}

func (token) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "token", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// onSimulator is a client on a new simulator.
func onSimulator(t *testing.T) (*updates.Client, *simulator.Server) {
	t.Helper()
	service := simulator.New(nil)
	client, err := updates.NewClient(service.Credential(), &updates.Options{
		Transport: service.Transport(), Retry: updates.RetryOptions{MaxDelay: 1},
	})
	require.NoError(t, err)
	return client, service
}

// extra is what Extra has for one unknown member.
func extra(name, value string) map[string]json.RawMessage {
	return map[string]json.RawMessage{name: json.RawMessage(value)}
}
