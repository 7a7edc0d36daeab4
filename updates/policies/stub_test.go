package policies_test

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
	"github.com/winupdates/winupdates-go/updates/policies"
)

// reply is an answer of the stub: a status and a body.
type reply struct {
	status int
	body   string
}

// sent is a request that the stub got.
type sent struct {
	method, path, query, body string
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
		body, _ = io.ReadAll(req.Body)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.replies[min(len(s.log), len(s.replies)-1)]
	path := strings.TrimPrefix(req.URL.Path, "/beta/admin/windows/updates")
	s.log = append(s.log, sent{req.Method, path, req.URL.RawQuery, string(body)})
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

// last is the request that the stub got last.
func (s *stub) last(t *testing.T) sent {
	t.Helper()
	requests := s.requests()
	require.NotEmpty(t, requests, "nothing was sent")
	return requests[len(requests)-1]
}

// client is a client on the stub that tries each call so often.
func (s *stub) client(t *testing.T, attempts int) *updates.Client {
	t.Helper()
	client, err := updates.NewClient(token{}, &updates.Options{Transport: s, Retry: updates.RetryOptions{MaxAttempts: attempts}})
	require.NoError(t, err)
	return client
}

// policies is the client for update policies, which does not repeat requests.
func (s *stub) policies(t *testing.T) policies.UpdatePolicyClient {
	t.Helper()
	return s.client(t, 1).UpdatePolicies()
}

type token struct{}

func (token) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "token", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// exact reads JSON and keeps numbers as they are written.
func exact(t *testing.T, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	require.NoError(t, decoder.Decode(&value), text)
	return value
}

// extra is what Extra has for one unknown member.
func extra(name, value string) map[string]json.RawMessage {
	return map[string]json.RawMessage{name: json.RawMessage(value)}
}
