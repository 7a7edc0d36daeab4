package simulator

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Failure is what happens to a request in place of its right answer. Make one
// with [Throttle], [Status], [HTML], [Break], [BreakBody] or [Hang], and arm it
// with [Server.FailNext] or [Server.FailRandomly]. The zero Failure is none: the
// request is answered as it should be.
//
// Unless its maker says otherwise, a failure comes before everything else, the
// check of the token included, and the request has no effect;
// [Failure.AfterEffect] lets it have one.
type Failure struct {
	kind       failureKind
	status     int
	after      bool          // the request takes effect first
	retryAfter time.Duration // zero: not told
	asDate     bool          // the time to retry is told as a date
}

type failureKind int

const (
	noFailure      failureKind = iota
	refusal                    // an error in the service's envelope
	foreignPage                // an error from something before the service
	breakage                   // the connection breaks before the answer
	bodyBreakage               // it breaks within the answer's body
	endlessSilence             // no answer
)

// Throttle is status 429 as Microsoft Graph sends it, without Retry-After:
// [Failure.RetryAfter] and [Failure.RetryAfterDate] add it.
func Throttle() Failure { return Status(http.StatusTooManyRequests) }

// Status is an error of the service with a status of 400 to 599; any other stands
// for 500. Code and message follow from the status.
func Status(status int) Failure { return Failure{kind: refusal, status: errorStatus(status)} }

// HTML is an error that does not come from the service but from something before
// it, such as a gateway: a page in HTML with a status of 400 to 599; any other
// stands for 500.
func HTML(status int) Failure { return Failure{kind: foreignPage, status: errorStatus(status)} }

// Break breaks the connection before the first byte of an answer. Through
// [Server.Transport] the error wraps [io.ErrUnexpectedEOF].
func Break() Failure { return Failure{kind: breakage} }

// BreakBody breaks the connection half-way through the body of the right answer.
// The request has its effect. An answer without a body, and one to a HEAD, breaks
// before its first byte, as with [Break].
func BreakBody() Failure { return Failure{kind: bodyBreakage} }

// Hang sends no answer until the request's context ends, or with a port, until
// the caller hangs up. A request through [Server.Transport] whose context has no
// end never returns.
func Hang() Failure { return Failure{kind: endlessSilence} }

func errorStatus(status int) int {
	if status < 400 || status > 599 {
		return http.StatusInternalServerError
	}
	return status
}

// AfterEffect returns the failure of a request that has had its effect: the
// caller cannot know whether it had one.
func (f Failure) AfterEffect() Failure {
	f.after = true
	return f
}

// RetryAfter returns the failure with the header Retry-After in seconds, rounded
// up; zero or less leaves the header out. It changes nothing where there is no
// answer to have the header, and in [BreakBody].
func (f Failure) RetryAfter(d time.Duration) Failure {
	f.retryAfter, f.asDate = max(d, 0), false
	return f
}

// RetryAfterDate is like [Failure.RetryAfter] with the header as a date. The date
// is that of the answer and d, rounded up to seconds, by the simulator's clock.
func (f Failure) RetryAfterDate(d time.Duration) Failure {
	f = f.RetryAfter(d)
	f.asDate = true
	return f
}

// Match picks requests. The zero Match picks all.
type Match struct {
	// Method is an HTTP method in capitals. Empty is every one.
	Method string
	// Path is how the path below /beta/admin/windows/updates begins, in whole
	// segments: "/deployments" is also the path of what is below it. {} stands for
	// any key, as in "/deployments/{}/audience". Both ways to write a key, and short
	// and qualified names of actions are the same. Empty is every path.
	Path string
}

// plan is what is to go wrong.
type plan struct {
	failure Failure
	only    []Match
	left    int        // requests that it still happens to; negative: no end
	share   float64    // of the requests
	random  *rand.Rand // nil: every request
}

// FailNext lets a failure happen to the next n requests, or to the next n of those
// that one of the matches picks. Zero and less do nothing. What was planned first
// happens first; a request that was picked for one failure does not count for
// another.
func (s *Server) FailNext(n int, f Failure, only ...Match) {
	s.plan(&plan{failure: f, only: slices.Clone(only), left: max(n, 0)})
}

// FailRandomly lets a failure happen to a share of all requests, or of those that one
// of the matches picks, until [Server.ClearFailures]: 0 is none, 1 is all, and what
// lies beyond is the nearer of the two. The same requests in the same order with
// the same seed fail in the same places.
func (s *Server) FailRandomly(share float64, f Failure, seed uint64, only ...Match) {
	s.plan(&plan{failure: f, only: slices.Clone(only), left: -1, share: share, random: rand.New(rand.NewPCG(seed, 0))})
}

// ClearFailures forgets all failures that were planned and have not happened.
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

// nextFailure is what happens to a request.
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

// strikes decides on a request that was picked.
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

// begins compares a path segment by segment.
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
