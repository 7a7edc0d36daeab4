package simulator

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Failure is what happens to a request instead of its response. Create one with [Throttle], [Status],
// [HTML], [Break], [BreakBody], or [Hang], and pass it to [Server.FailNext] or [Server.FailRandomly].
// With the zero Failure the request is answered normally.
//
// A failure precedes everything else, including the check of the token, and the request has no effect,
// unless [Failure.AfterEffect] or the failure's documentation says otherwise.
type Failure struct {
	kind       failureKind
	status     int
	after      bool          // the request takes effect first
	retryAfter time.Duration // zero: no header
	asDate     bool          // the header is a date
}

type failureKind int

const (
	noFailure      failureKind = iota
	refusal                    // an error in the service's envelope
	foreignPage                // an error of a gateway or proxy
	breakage                   // the connection breaks before the response
	bodyBreakage               // it breaks within the body
	endlessSilence             // no response
)

// Throttle returns status 429 as Microsoft Graph sends it, without Retry-After. Add the header with
// [Failure.RetryAfter] or [Failure.RetryAfterDate].
func Throttle() Failure { return Status(http.StatusTooManyRequests) }

// Status returns an error of the service with a status of 400 to 599; other values mean 500. Code and
// message follow from the status.
func Status(status int) Failure { return Failure{kind: refusal, status: errorStatus(status)} }

// HTML returns an HTML error page with a status of 400 to 599; other values mean 500. Use it for
// errors that a gateway or proxy sends instead of the service.
func HTML(status int) Failure { return Failure{kind: foreignPage, status: errorStatus(status)} }

// Break breaks the connection before the first byte of a response. The error of [Server.Transport]
// wraps [io.ErrUnexpectedEOF].
func Break() Failure { return Failure{kind: breakage} }

// BreakBody breaks the connection halfway through the body of the normal response. The request takes
// effect. A response without a body, or to HEAD, breaks before its first byte, as with [Break].
func BreakBody() Failure { return Failure{kind: bodyBreakage} }

// Hang sends no response until the context of the request ends or, with a port, until the caller hangs
// up. A request through [Server.Transport] never returns if its context never ends.
func Hang() Failure { return Failure{kind: endlessSilence} }

func errorStatus(status int) int {
	if status < 400 || status > 599 {
		return http.StatusInternalServerError
	}
	return status
}

// AfterEffect returns the failure of a request that takes effect. The caller cannot know whether it
// did.
func (f Failure) AfterEffect() Failure {
	f.after = true
	return f
}

// RetryAfter returns the failure with the Retry-After header in seconds, rounded up; zero or less
// omits the header. It changes nothing for [BreakBody] and failures without a response.
func (f Failure) RetryAfter(d time.Duration) Failure {
	f.retryAfter, f.asDate = max(d, 0), false
	return f
}

// RetryAfterDate is like [Failure.RetryAfter], with a date in the header: that of the response plus d,
// rounded up to seconds, by the simulator's clock.
func (f Failure) RetryAfterDate(d time.Duration) Failure {
	f = f.RetryAfter(d)
	f.asDate = true
	return f
}

// Match selects requests. The zero Match selects all.
type Match struct {
	// Method is an HTTP method in capitals. Empty means all.
	Method string
	// Path is a prefix of the path below /beta/admin/windows/updates, in whole segments:
	// "/deployments" also selects everything below it. {} matches any key, as in
	// "/deployments/{}/audience". Both ways to write a key are equal, and so are short and qualified
	// names of actions. Empty means all.
	Path string
}

// plan is a failure that is still to come.
type plan struct {
	failure Failure
	only    []Match
	left    int        // requests that it still happens to; negative: no end
	share   float64    // of the requests
	random  *rand.Rand // nil: every request
}

// FailNext applies a failure to the next n requests, or to the next n that one of the matches selects.
// Zero and less do nothing. Earlier plans come first; a request that was selected for one failure does
// not count for another.
func (s *Server) FailNext(n int, f Failure, only ...Match) {
	s.plan(&plan{failure: f, only: slices.Clone(only), left: max(n, 0)})
}

// FailRandomly applies a failure to a share of all requests, or of those that one of the matches
// selects, until [Server.ClearFailures]. The share is 0 (none) to 1 (all); values outside are cut to
// that range. The same requests in the same order with the same seed fail in the same places.
func (s *Server) FailRandomly(share float64, f Failure, seed uint64, only ...Match) {
	s.plan(&plan{failure: f, only: slices.Clone(only), left: -1, share: share, random: rand.New(rand.NewPCG(seed, 0))})
}

// ClearFailures removes all failures that have not happened yet.
func (s *Server) ClearFailures() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plans = nil
}

func (s *Server) plan(p *plan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plans = append(s.plans, p)
}

// nextFailure returns the failure of a request.
func (s *Server) nextFailure(r *http.Request) Failure {
	s.plans = slices.DeleteFunc(s.plans, func(p *plan) bool { return p.left == 0 })
	for _, p := range s.plans {
		if p.picks(r) && p.strikes() {
			return p.failure
		}
	}
	return Failure{}
}

func (p *plan) picks(r *http.Request) bool {
	return len(p.only) == 0 || slices.ContainsFunc(p.only, func(m Match) bool { return m.picks(r) })
}

// strikes reports whether the failure happens to a request that was selected.
func (p *plan) strikes() bool {
	if p.random != nil {
		return p.random.Float64() < p.share
	}
	p.left--
	return true
}

func (m Match) picks(r *http.Request) bool {
	return (m.Method == "" || m.Method == r.Method) && (m.Path == "" || m.begins(r.URL.EscapedPath()))
}

// begins compares a path with the prefix, segment by segment.
func (m Match) begins(escaped string) bool {
	got, ok := splitPath(escaped)
	want := m.segments()
	if !ok || len(want) > len(got) {
		return false
	}
	return slices.EqualFunc(want, got[:len(want)], func(want, got string) bool {
		return want == "{}" || strings.TrimPrefix(want, namespace) == strings.TrimPrefix(got, namespace)
	})
}

func (m Match) segments() []string {
	var segments []string
	for part := range strings.SplitSeq(strings.Trim(m.Path, "/"), "/") {
		segments = append(segments, splitKey(part)...)
	}
	return segments
}
