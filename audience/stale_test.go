package audience_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// stale returns an earlier response to some of the reads of an audience. A service with two
// copies does that, if one is behind.
type stale struct {
	http.RoundTripper
	behind time.Duration // at most; zero or less is not at all

	mu    sync.Mutex
	coin  *rand.Rand
	known map[string]answer // by URL
}

type answer struct {
	at       time.Time
	response http.Response
	body     []byte
}

// onStale is a client on a new simulator, behind which there is a copy that lags.
func onStale(t *testing.T, opts *simulator.Options, behind time.Duration, seed uint64) (*updates.Client, *simulator.Server, *stale) {
	t.Helper()
	service := simulator.New(opts)
	s := &stale{RoundTripper: service.Transport(), behind: behind, coin: rand.New(rand.NewPCG(seed, 1)), known: map[string]answer{}}
	return stub.NewClient(t, service.Credential(), s), service, s
}

// catchUp lets both copies be the same from now on.
func (s *stale) catchUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.behind = 0
}

func (s *stale) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet || !strings.Contains(req.URL.Path, "/members") {
		return s.RoundTripper.RoundTrip(req)
	}
	if old, ok := s.old(req.URL.String()); ok {
		return old.to(req), nil
	}
	response, err := s.RoundTripper.RoundTrip(req)
	if err != nil || response.StatusCode != http.StatusOK {
		return response, err
	}
	return s.keep(req, response)
}

func (s *stale) old(url string) (answer, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.known[url]
	return a, ok && time.Since(a.at) < s.behind && s.coin.IntN(2) == 0
}

// keep remembers an answer, unless there is one that can still be told.
func (s *stale) keep(req *http.Request, response *http.Response) (*http.Response, error) {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	now := answer{time.Now(), *response, body}
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, ok := s.known[req.URL.String()]; !ok || time.Since(a.at) >= s.behind {
		s.known[req.URL.String()] = now
	}
	return now.to(req), nil
}

func (a answer) to(req *http.Request) *http.Response {
	response := a.response
	response.Request, response.Body = req, io.NopCloser(bytes.NewReader(a.body))
	return &response
}
