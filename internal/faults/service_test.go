package faults

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Lags are shorter than the two minutes that the SDK gives the service, together too.
const (
	longestLag  = 40 * time.Second // of replicas
	longestLate = time.Minute      // of accepted changes
)

// service is a transport to one tenant of the service. One program at a time uses it.
type service struct {
	mu      sync.Mutex
	seed    uint64
	random  *rand.Rand
	rates   rates
	hits    hits
	history []snapshot // oldest first; the last one is the state
	pending []write
	log     []*exchange // since the last call of begin
	orders  int         // how many objects were made
	pages   int         // the size of a page
	tape    []any       // all calls and exchanges
	trace   []snapshot  // what responses of the last call can have shown
}

type snapshot struct {
	at    time.Time
	state *state
}

// write is a change that takes effect later.
type write struct {
	due time.Time
	do  func(*state, time.Time)
}

func newService(seed uint64) *service {
	return &service{
		seed:    seed,
		random:  rand.New(rand.NewPCG(seed, 1)),
		history: []snapshot{{time.Now().Add(-time.Hour), emptyState()}},
		pages:   100,
	}
}

// begin forgets the exchanges of the call before.
func (s *service) begin() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	s.log, s.trace = nil, nil
	for _, old := range s.history {
		if !old.at.After(time.Now().Add(-longestLag)) {
			s.trace = nil // it was followed by this one
		}
		s.trace = append(s.trace, old)
	}
}

// truth is the state now.
func (s *service) truth() *state {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	return s.now()
}

func (s *service) now() *state { return s.history[len(s.history)-1].state }

// at is the state at a time.
func (s *service) at(t time.Time) *state {
	for _, old := range slices.Backward(s.history) {
		if !old.at.After(t) {
			return old.state
		}
	}
	return s.history[0].state
}

// settle makes the changes that are due.
func (s *service) settle() {
	for {
		slices.SortStableFunc(s.pending, func(a, b write) int { return a.due.Compare(b.due) })
		if len(s.pending) == 0 || s.pending[0].due.After(time.Now()) {
			return
		}
		next := s.pending[0]
		s.pending = s.pending[1:]
		s.change(next.due, next.do)
	}
}

func (s *service) change(at time.Time, do func(*state, time.Time)) {
	next := s.now().clone()
	do(next, at)
	for len(s.history) > 1 && s.history[1].at.Before(at.Add(-longestLag)) {
		s.history = s.history[1:]
	}
	s.history = append(s.history, snapshot{at, next})
	s.trace = append(s.trace, snapshot{at, next})
}

func (s *service) later(d time.Duration, do func(*state, time.Time)) {
	s.laterAt(time.Now().Add(d), do)
}

func (s *service) laterAt(due time.Time, do func(*state, time.Time)) {
	s.pending = append(s.pending, write{due, do})
}

func (s *service) chance(f fault) bool { return s.rates[f] > 0 && s.random.Float64() < s.rates[f] }

// between returns a random duration.
func (s *service) between(from, to time.Duration) time.Duration {
	return from + time.Duration(s.random.Int64N(int64(to-from)+1))
}

// drawAt returns a number from 0 to n-1 that depends on the seed, the time, and a text.
// Goroutines that draw at the same time cannot take each other's numbers.
func (s *service) drawAt(text []byte, n time.Duration) time.Duration {
	hash := fnv.New64a()
	_, _ = hash.Write(text)
	source := rand.NewPCG(s.seed^hash.Sum64(), uint64(time.Now().UnixNano()))
	return time.Duration(rand.New(source).Int64N(int64(n)))
}

// longestWay is how long a request is on its way. It puts requests that are sent at the same time
// in an order that the seed determines.
const longestWay = 10 * time.Millisecond

// RoundTrip serves a request. Its effect comes before the time that the response takes.
func (s *service) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		defer req.Body.Close()
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	r := newRequest(req, body)
	if err := pause(req.Context(), s.drawAt([]byte(r.method+r.url+string(body)), longestWay)); err != nil {
		return nil, err
	}
	x, takes := s.serve(r)
	if err := pause(req.Context(), takes); err != nil {
		s.unanswered(x)
		return nil, err
	}
	return x.response(req)
}

func (s *service) unanswered(x *exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	x.good = false
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var errReset = &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}

// response is what the program gets.
func (x *exchange) response(req *http.Request) (*http.Response, error) {
	if x.fault == lostBefore || x.fault == lostAfter || x.fault == lostEarly {
		return nil, errReset
	}
	resp := &http.Response{StatusCode: x.status, Header: x.header, Request: req, ContentLength: -1}
	text := x.text
	if x.fault == brokenOff {
		text = text[:len(text)/2]
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(text), broken{}))
		return resp, nil
	}
	resp.Body = io.NopCloser(bytes.NewReader(text))
	return resp, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func encode(body any) []byte {
	if body == nil {
		return nil
	}
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return text
}
