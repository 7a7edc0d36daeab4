package call_test

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
)

// aCase is a script for a credential and a service, and what the SDK promises about it.
type aCase struct {
	name   string
	run    func(*testing.T, makeReader) outcome
	expect func(*testing.T, outcome)
}

func cases() []aCase {
	return append(tokenCases(), throttleCases()...)
}

func tokenCases() []aCase {
	return []aCase{{
		"20 calls, a renewal takes 10 s to fail, the token is good for 29 min",
		func(t *testing.T, newReader makeReader) (o outcome) {
			i, s := &stub.Issuer{RefreshAfter: 30 * time.Minute}, &recorded{next: stub.Answering(stub.Read().Success)}
			read := newReader(t, i, s)
			require.NoError(t, read(t.Context()))
			wait(31 * time.Minute)
			i.Takes = 10 * time.Second
			i.Fail(errSignInIsDown)
			s.sent, s.accepted = 0, nil
			measure(t, read, 20, time.Hour, &o)
			s.into(&o)
			o.asked = i.Times() - 1
			return o
		},
		func(t *testing.T, o outcome) {
			require.Equal(t, outcome{took: 10 * time.Second, waited: 1, asked: 1, sent: 20, accepted: 20, spread: 10 * time.Second}, o)
		},
	}, {
		"20 calls, no token, the credential takes 10 s to fail",
		func(t *testing.T, newReader makeReader) (o outcome) {
			i := &stub.Issuer{Takes: 10 * time.Second, Err: errSignInIsDown}
			measure(t, newReader(t, i, stub.Answering(stub.Read().Success)), 20, time.Hour, &o)
			o.asked = i.Times()
			return o
		},
		func(t *testing.T, o outcome) {
			require.Equal(t, outcome{took: 10 * time.Second, waited: 20, failed: 20, asked: 1}, o)
		},
	}, {
		"3 calls of 1 s, a credential that ignores its context for an hour",
		func(t *testing.T, newReader makeReader) (o outcome) {
			cred := &deaf{release: make(chan struct{})}
			timer := time.AfterFunc(time.Hour, func() { close(cred.release) })
			defer func() {
				if timer.Stop() {
					close(cred.release)
				}
			}()
			read := newReader(t, cred, stub.Answering(stub.Read().Success))
			measure(t, read, 3, time.Second, &o)
			o.asked = int(cred.asked.Load())
			return o
		},
		func(t *testing.T, o outcome) {
			require.Equal(t, outcome{took: time.Second, waited: 3, failed: 3, asked: 1}, o)
		},
	}, {
		"2 calls, one after the other, 401 without a challenge for the first token",
		func(t *testing.T, newReader makeReader) (o outcome) {
			return rejectedFirst(t, newReader, stub.Answer(401, "{}"))
		},
		func(t *testing.T, o outcome) {
			require.Equal(t, outcome{asked: 2, sent: 3, accepted: 2}, o)
		},
	}, {
		"2 calls, one after the other, a claims challenge for the first token",
		func(t *testing.T, newReader makeReader) (o outcome) { return rejectedFirst(t, newReader, wellFormed()) },
		func(t *testing.T, o outcome) {
			require.Equal(t, outcome{asked: 2, sent: 3, accepted: 2}, o)
		},
	}, {
		"a token for another resource",
		func(t *testing.T, newReader makeReader) (o outcome) {
			s := &recorded{next: stub.Answering(stub.Read().Success)}
			measure(t, newReader(t, stub.Saying(`{"aud":"https://management.azure.com"}`), s), 1, time.Hour, &o)
			s.into(&o)
			return o
		},
		func(t *testing.T, o outcome) { require.Equal(t, outcome{failed: 1}, o) },
	}}
}

// rejectedFirst makes two calls to a service that rejects the first token.
func rejectedFirst(t *testing.T, newReader makeReader, rejection stub.Reply) (o outcome) {
	t.Helper()
	i := &stub.Issuer{}
	s := &recorded{next: roundTripper(func(req *http.Request) (*http.Response, error) {
		if req.Header.Get("Authorization") == "Bearer token-1" {
			return rejection(req)
		}
		return stub.Read().Success(req)
	})}
	read := newReader(t, i, s)
	measure(t, read, 1, time.Hour, &o)
	measure(t, read, 1, time.Hour, &o)
	s.into(&o)
	o.asked = i.Times()
	return o
}

func throttleCases() []aCase {
	return []aCase{{
		"1 call gets 429 with Retry-After 10, 20 more begin 5 s later",
		func(t *testing.T, newReader makeReader) (o outcome) {
			s := &recorded{next: &throttledFor{after: 10 * time.Second, header: "10"}}
			read := newReader(t, stub.Token{}, s)
			first := make(chan struct{})
			go func() { defer close(first); measure(t, read, 1, time.Hour, &o) }()
			wait(5 * time.Second)
			more := outcome{}
			measure(t, read, 20, time.Hour, &more)
			<-first
			o.waited, o.failed = o.waited+more.waited, o.failed+more.failed
			o.took = max(o.took, 5*time.Second+more.took)
			s.into(&o)
			return o
		},
		func(t *testing.T, o outcome) {
			require.Zero(t, o.failed)
			require.Equal(t, 22, o.sent, "none of the 20 is sent while the service throttles")
			require.Equal(t, 2*time.Second, o.spread)
		},
	}, {
		"21 calls at once, all get 429 with Retry-After 10",
		func(t *testing.T, newReader makeReader) (o outcome) {
			s := &recorded{next: &throttledFor{after: 10 * time.Second, header: "10", takes: time.Second}}
			measure(t, newReader(t, stub.Token{}, s), 21, time.Hour, &o)
			s.into(&o)
			return o
		},
		func(t *testing.T, o outcome) {
			require.Zero(t, o.failed)
			require.Equal(t, 42, o.sent)
			require.Equal(t, 2*time.Second, o.spread)
		},
	}, {
		"1 call, 429 with Retry-After 3.5",
		func(t *testing.T, newReader makeReader) (o outcome) {
			s := &recorded{next: &throttledFor{after: 3500 * time.Millisecond, header: "3.5"}}
			measure(t, newReader(t, stub.Token{}, s), 1, time.Hour, &o)
			s.into(&o)
			return o
		},
		func(t *testing.T, o outcome) {
			require.Equal(t, outcome{took: 3500 * time.Millisecond, waited: 1, sent: 2, accepted: 1}, o)
		},
	}, {
		"1 call, 503 with Retry-After 86400",
		func(t *testing.T, newReader makeReader) (o outcome) {
			s := &recorded{next: stub.Answering(stub.Answer(503, "{}", "Retry-After", "86400"))}
			measure(t, newReader(t, stub.Token{}, s), 1, 48*time.Hour, &o)
			s.into(&o)
			return o
		},
		func(t *testing.T, o outcome) { require.Equal(t, outcome{failed: 1, sent: 1}, o) },
	}}
}

// throttledFor rejects all requests for a time from the first one.
type throttledFor struct {
	after, takes time.Duration
	header       string
	mu           sync.Mutex
	until        time.Time
}

func (s *throttledFor) RoundTrip(req *http.Request) (*http.Response, error) {
	wait(s.takes)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.until.IsZero() {
		s.until = time.Now().Add(s.after)
	}
	if time.Now().Before(s.until) {
		return stub.Answer(429, "{}", "Retry-After", s.header)(req)
	}
	return stub.Read().Success(req)
}
