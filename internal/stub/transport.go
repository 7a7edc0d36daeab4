// Package stub provides what the tests of this module share: a transport that
// answers from a script, and clients on it or on the simulator. Only tests import it.
package stub

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Transport answers requests with its replies, one after the other and the last one
// again and again, and keeps the requests.
type Transport struct {
	mu      sync.Mutex
	replies []Reply
	log     []Request
	open    int // response bodies that are not closed yet
}

// Request is a request as the transport received it.
type Request struct {
	*http.Request
	Path string // below the root of the service, /deployments; elsewhere the whole URL
	Body string
	Time time.Time
}

// Answering returns a transport with these replies.
func Answering(replies ...Reply) *Transport { return &Transport{replies: replies} }

// RoundTrip answers with the next reply.
func (s *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := s.take(req)(req)
	if resp != nil && resp.Body != nil {
		s.count(+1)
		resp.Body = &countedBody{resp.Body, s}
	}
	return resp, err
}

func (s *Transport) take(req *http.Request) Reply {
	received := Request{req, path(req), readAll(req.Body), time.Now()}
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.replies[min(len(s.log), len(s.replies)-1)]
	s.log = append(s.log, received)
	return next
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

// Requests returns the requests so far.
func (s *Transport) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Request{}, s.log...)
}

// Last returns the last request. The test fails if there is none.
func (s *Transport) Last(t testing.TB) Request {
	t.Helper()
	requests := s.Requests()
	require.NotEmpty(t, requests, "nothing was sent")
	return requests[len(requests)-1]
}

// Only returns the one request. The test fails if there is none, or another one.
func (s *Transport) Only(t testing.TB) Request {
	t.Helper()
	require.Len(t, s.Requests(), 1)
	return s.Last(t)
}

// Log returns the requests so far, each as its route and its body if it has one:
// "PATCH /policies/1 {}".
func (s *Transport) Log() []string {
	lines := []string{}
	for _, request := range s.Requests() {
		lines = append(lines, strings.TrimSuffix(request.Route()+" "+request.Body, " "))
	}
	return lines
}

// Route returns method, path, and query, without escapes: "GET /deployments?$top=5".
func (r Request) Route() string { return r.Method + " " + target(r.Request) }

func target(req *http.Request) string {
	query, err := url.QueryUnescape(req.URL.RawQuery)
	if err != nil {
		query = req.URL.RawQuery
	}
	return strings.TrimSuffix(path(req)+"?"+query, "?")
}

func path(req *http.Request) string {
	return strings.TrimPrefix(req.URL.Scheme+"://"+req.URL.Host+req.URL.Path, Root)
}

// Waits returns the times between one request and the next.
func (s *Transport) Waits() []time.Duration {
	var waits []time.Duration
	requests := s.Requests()
	for i := 1; i < len(requests); i++ {
		waits = append(waits, requests[i].Time.Sub(requests[i-1].Time))
	}
	return waits
}

// BodiesLeftOpen returns how many response bodies are not closed yet.
func (s *Transport) BodiesLeftOpen() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}

func (s *Transport) count(change int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open += change
}

// countedBody reports to its transport that it was closed.
type countedBody struct {
	io.ReadCloser
	transport *Transport
}

func (b *countedBody) Close() error {
	b.transport.count(-1)
	return b.ReadCloser.Close()
}
