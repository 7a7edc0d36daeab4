package updates_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// reply answers one request.
type reply func(*http.Request) (*http.Response, error)

// service is a transport that answers with one reply after the other, the last one
// again and again, and keeps the requests.
type service struct {
	mu     sync.Mutex
	script []reply
	sent   []sent
	opened int // bodies of answers
	closed int
}

// sent is a request as the service got it.
type sent struct {
	*http.Request
	body string
	at   time.Time
}

func answering(script ...reply) *service { return &service{script: script} }

func (s *service) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.take(req)(req)
	if resp != nil && resp.Body != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.opened++
		resp.Body = &countedBody{resp.Body, s}
	}
	return resp, err
}

func (s *service) take(req *http.Request) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, sent{req, readAll(req.Body), time.Now()})
	next := s.script[0]
	if len(s.script) > 1 {
		s.script = s.script[1:]
	}
	return next
}

// requests returns what was sent until now.
func (s *service) requests() []sent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]sent(nil), s.sent...)
}

// waits returns the times between one request and the next.
func (s *service) waits() []time.Duration {
	var waits []time.Duration
	requests := s.requests()
	for i := 1; i < len(requests); i++ {
		waits = append(waits, requests[i].at.Sub(requests[i-1].at))
	}
	return waits
}

func (s *service) bodiesLeftOpen() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opened - s.closed
}

// countedBody tells its service that it was closed.
type countedBody struct {
	io.ReadCloser
	service *service
}

func (b *countedBody) Close() error {
	b.service.mu.Lock()
	defer b.service.mu.Unlock()
	b.service.closed++
	return b.ReadCloser.Close()
}

func readAll(body io.ReadCloser) string {
	if body == nil {
		return ""
	}
	defer body.Close()
	text, err := io.ReadAll(body)
	if err != nil {
		return "unreadable: " + err.Error()
	}
	return string(text)
}

// answer replies with a status, a body and headers given as name, value, name, …
func answer(status int, body string, headers ...string) reply {
	return func(req *http.Request) (*http.Response, error) {
		header := http.Header{"Content-Type": {"application/json"}}
		for i := 0; i < len(headers); i += 2 {
			header.Set(headers[i], headers[i+1])
		}
		return &http.Response{
			StatusCode: status, Header: header, Request: req, ContentLength: -1,
			Body: io.NopCloser(strings.NewReader(body)),
		}, nil
	}
}

// fail replies with an error of the connection.
func fail(err error) reply {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// breakOff replies with a body that ends too early.
func breakOff(status int, body string) reply {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := answer(status, "")(req)
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(body), brokenReader{}))
		return resp, err
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// hang replies when the request's context ends.
func hang(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

// after replies a while later.
func after(d time.Duration, then reply) reply {
	return func(req *http.Request) (*http.Response, error) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return then(req)
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
}

var (
	errReset   = &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
	errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
)

const (
	secretToken = "secret-token"
	deployment  = `{"id":"d1","state":{"effectiveValue":"offering","requestedValue":"none"}}`
	noItems     = `{"value":[]}`
)

// constant is a credential whose token never changes.
type constant struct{}

func (constant) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: secretToken, ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// change sets options for a test.
type change = func(*updates.Options)

// newClient returns a client that sends through a transport, with options that a
// test may change.
func newClient(t *testing.T, transport http.RoundTripper, changes ...change) *updates.Client {
	t.Helper()
	return newClientWith(t, constant{}, transport, changes...)
}

func newClientWith(t *testing.T, cred azcore.TokenCredential, transport http.RoundTripper, changes ...change) *updates.Client {
	t.Helper()
	opts := &updates.Options{Transport: transport}
	for _, set := range changes {
		set(opts)
	}
	client, err := updates.NewClient(cred, opts)
	require.NoError(t, err)
	return client
}

// inBubble runs a subtest beside others, with a clock of its own.
func inBubble(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, test)
	})
}

// operation is a call of one kind, and the answer that makes it succeed.
type operation struct {
	name    string
	run     func(context.Context, *updates.Client) error
	success reply
}

func read() operation {
	return operation{"read", func(ctx context.Context, c *updates.Client) error {
		_, err := c.Deployments().Get(ctx, "d1")
		return err
	}, answer(200, deployment)}
}

func list() operation {
	return operation{"list", func(ctx context.Context, c *updates.Client) error {
		_, err := c.Deployments().List(odata.Query{}).Collect(ctx, 10)
		return err
	}, answer(200, noItems)}
}

func action() operation {
	return operation{"action", func(ctx context.Context, c *updates.Client) error {
		return c.Audiences().AddDevices(ctx, audience.ByID("a1"), []string{"dev1"}, nil)
	}, answer(202, "")}
}

func patch() operation {
	return operation{"PATCH", func(ctx context.Context, c *updates.Client) error {
		return c.Deployments().Pause(ctx, "d1")
	}, answer(202, "")}
}

func remove() operation {
	return operation{"DELETE", func(ctx context.Context, c *updates.Client) error {
		return c.Deployments().Delete(ctx, "d1")
	}, answer(204, "")}
}

func create() operation {
	return operation{"create", func(ctx context.Context, c *updates.Client) error {
		_, err := c.Deployments().Create(ctx, deployments.ForFeature("e1"))
		return err
	}, answer(201, deployment)}
}

func rawPost() operation {
	return operation{"POST by Call", func(ctx context.Context, c *updates.Client) error {
		return c.Call(ctx, "POST", "/policies", map[string]string{"displayName": "p"}, nil)
	}, answer(201, `{}`)}
}

// repeatable are the operations that do no harm when they are repeated.
func repeatable() []operation { return []operation{read(), list(), action(), patch(), remove()} }

// creates are those that make another one each time.
func creates() []operation { return []operation{create(), rawPost()} }
