package simulator

import (
	"math/rand/v2"
	"slices"
	"strings"
)

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

// FailOften lets a failure happen to a share of all requests, or of those that one
// of the matches picks, until [Server.StopFailing]: 0 is none, 1 is all, and what
// lies beyond is the nearer of the two. The same requests in the same order with
// the same seed fail in the same places.
func (s *Server) FailOften(share float64, f Failure, seed uint64, only ...Match) {
	s.plan(&plan{failure: f, only: slices.Clone(only), left: -1, share: share, random: rand.New(rand.NewPCG(seed, 0))})
}

// StopFailing forgets all failures that were planned and have not happened.
func (s *Server) StopFailing() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plans = nil
}

func (s *Server) plan(p *plan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plans = append(s.plans, p)
}

// nextFailure is what happens to a call.
func (s *Server) nextFailure(c *call) Failure {
	s.plans = slices.DeleteFunc(s.plans, func(p *plan) bool { return p.left == 0 })
	for _, p := range s.plans {
		if p.picks(c) && p.strikes() {
			return p.failure
		}
	}
	return Failure{}
}

func (p *plan) picks(c *call) bool {
	return len(p.only) == 0 || slices.ContainsFunc(p.only, func(m Match) bool { return m.picks(c) })
}

// strikes decides on a call that was picked.
func (p *plan) strikes() bool {
	if p.random != nil {
		return p.random.Float64() < p.share
	}
	p.left--
	return true
}

func (m Match) picks(c *call) bool {
	return (m.Method == "" || m.Method == c.request.Method) && (m.Path == "" || m.begins(c.request.URL.EscapedPath()))
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
