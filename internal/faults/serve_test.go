package faults

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// reply is the proper response to a request.
type reply struct {
	status  int
	body    any
	effects []effect
	do      func(*state, time.Time) // nil if the request changes nothing
	later   bool                    // the change is accepted and made later
	owner   string                  // the audience whose members or exclusions are listed
	shows   []fault                 // that are in the body
}

// handler makes the reply to one request, from one view of the state.
type handler struct {
	request  *request
	view     *state
	service  *service
	blankIDs bool // of embedded quality updates
	hideNew  bool // 404 for audiences that never had members
	unnamed  bool // no IDs of audiences
	noRules  bool // 400 for changes of rules
	noDelete bool // 400 for the deletion of approvals
	shows    []fault
}

func (h *handler) shown(f fault) { h.shows = append(h.shows, f) }

func (h *handler) serve() reply {
	var r reply
	switch path := h.request.path; path[0] {
	case "catalog":
		r = h.catalog(path[1:])
	case "deployments":
		r = h.deployments(path[1:])
	case "deploymentAudiences":
		r = h.audiences(path[1:])
	case "updatableAssets":
		r = h.assets(path[1:])
	case "updatePolicies":
		r = h.policies(path[1:])
	default:
		r = missing()
	}
	r.shows = h.shows
	return r
}

func failure(status int, code string) reply {
	return reply{status: status, body: obj{"error": obj{"code": code, "message": "an error of the service"}}}
}

func missing() reply { return failure(http.StatusNotFound, "NotFound") }

func accepted(do func(*state, time.Time), effects ...effect) reply {
	return reply{status: http.StatusAccepted, do: do, effects: effects, later: true}
}

// serve decides about a request and makes its effect. takes is how long the response takes.
func (s *service) serve(r *request) (x *exchange, takes time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	s.interfere()
	h := handler{
		request: r, view: s.now(), service: s,
		blankIDs: s.chance(emptyEntryID), hideNew: s.chance(unpopulated),
		unnamed: s.chance(unnamedAudience),
		noRules: s.chance(rejectedRules), noDelete: s.chance(rejectedDeletion),
	}
	x = &exchange{at: time.Now(), request: r, fault: s.draw()}
	proper := h.serve()
	x.owner = proper.owner
	x.fault, proper = s.distort(x.fault, h, proper)
	s.take(x, proper)
	s.log, s.tape = append(s.log, x), append(s.tape, x)
	takes = s.between(10*time.Millisecond, 400*time.Millisecond)
	if x.fault == hungBefore || x.fault == hungAfter {
		takes = time.Hour
	}
	return x, takes
}

// draw returns one of the faults that replace a response, or none.
func (s *service) draw() fault {
	at := s.random.Float64()
	for f := notFound; f.replaces(); f++ {
		if at -= s.rates[f]; at < 0 {
			return f
		}
	}
	return none
}

// distort replaces the proper reply. It returns none for a fault that changes nothing here.
func (s *service) distort(f fault, h handler, proper reply) (fault, reply) {
	h.shows = nil
	switch {
	case f == oldCopy && h.request.isRead():
		h.view = s.at(time.Now().Add(-s.between(5*time.Second, longestLag)))
		return h.differing(f, h.serve(), proper)
	case f == unlisted && h.request.isList(), f == unborn && !h.request.isList():
		h.view = h.view.before(time.Now().Add(-s.between(5*time.Second, longestLag)))
		return h.differing(f, h.serve(), proper)
	case f == oldCopy, f == unlisted, f == unborn, f == none:
		return none, proper
	case f.isAfter() && proper.do == nil:
		f = before[f]
		return f, s.replaced(f, reply{})
	case f.isAfter():
		return f, s.replaced(f, proper)
	}
	return f, s.replaced(f, reply{})
}

// before are the faults that look alike and have no effect, for requests that have none.
var before = map[fault]fault{
	failedAfter: failedBefore, errorAfter: errorBefore, lostAfter: lostBefore, lostEarly: lostBefore,
	brokenOff: lostBefore, hungAfter: hungBefore,
}

// differing returns the reply from an old view, if it is another one. Replies to creates
// have an ID of their own.
func (h *handler) differing(f fault, old, proper reply) (fault, reply) {
	same := !h.request.isRead() || string(encode(old.body)) == string(encode(proper.body))
	if old.status == proper.status && same {
		return none, proper
	}
	return f, old
}

// replaced changes status and body, and keeps the effect.
func (s *service) replaced(f fault, r reply) reply {
	to := reply{}
	switch f {
	case notFound:
		to = missing()
	case gone:
		to = failure(http.StatusGone, "Gone")
	case conflicted:
		to = failure([]int{http.StatusConflict, http.StatusLocked}[s.random.IntN(2)], "Conflict")
	case throttled, throttledFor, throttledFraction:
		to = failure(http.StatusTooManyRequests, "TooManyRequests")
	case failedBefore, failedAfter:
		to = failure([]int{500, 502, 503, 504}[s.random.IntN(4)], "ServiceUnavailable")
	case errorBefore, errorAfter:
		to = failure(http.StatusOK, "InternalServerError")
	case brokenOff:
		to = r
	}
	r.status, r.body, r.shows = to.status, to.body, nil
	return r
}

// take makes the effect of a reply and completes the exchange.
func (s *service) take(x *exchange, r reply) {
	x.status, x.body, x.effects = r.status, decoded(r.body), r.effects
	x.text = encode(r.body)
	x.good = x.status/100 == 2 && !x.fault.isAfter() && x.fault != errorBefore
	if x.fault != none {
		s.hits[x.fault]++
	}
	for _, f := range r.shows {
		s.hits[f]++
	}
	x.header = s.header(x.fault)
	if r.do != nil {
		s.make(x.fault, r)
	}
}

func (s *service) make(f fault, r reply) {
	switch {
	case f == lostEarly:
		s.later(s.between(time.Second, longestLate), r.do)
	case !r.later:
		s.change(time.Now(), r.do)
	case s.chance(lateWrite):
		s.hits[lateWrite]++
		s.later(s.between(20*time.Second, longestLate), r.do)
	default:
		s.later(s.between(0, 10*time.Second), r.do)
	}
}

func (s *service) header(f fault) http.Header {
	header := http.Header{"Content-Type": {"application/json"}, "Request-Id": {"r" + strconv.Itoa(len(s.log))}}
	header.Set("Date", time.Now().Add(s.skew()).UTC().Format(http.TimeFormat))
	switch f {
	case throttledFor:
		header.Set("Retry-After", strconv.Itoa(1+s.random.IntN(40)))
	case throttledFraction:
		header.Set("Retry-After", "1.5")
	}
	return header
}

var skews = []time.Duration{61 * time.Second, 10 * time.Minute, time.Hour}

// skew is how far the header Date is ahead of the time that new objects get.
func (s *service) skew() time.Duration {
	size := skews[s.random.IntN(len(skews))]
	switch {
	case s.chance(dateAhead):
		s.hits[dateAhead]++
		return size
	case s.chance(dateBehind):
		s.hits[dateBehind]++
		return -size
	}
	return 0
}

func decode(text []byte, to any) {
	if len(text) > 0 && json.Unmarshal(text, to) != nil {
		panic("the SDK sent what is no JSON: " + string(text))
	}
}

// decoded is a body as a program reads it.
func decoded(body any) any {
	var read any
	decode(encode(body), &read)
	return read
}
