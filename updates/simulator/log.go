package simulator

import (
	"bytes"
	"net/http"
	"net/url"
	"time"
)

// Request is one request that the simulator got, refused ones included.
type Request struct {
	// Time is when it came, by the simulator's clock, in UTC.
	Time time.Time
	// Method is the HTTP method, in capitals as sent.
	Method string
	// Path is the decoded path below /beta/admin/windows/updates, with a leading
	// slash. A path outside of it is kept whole.
	Path string
	// Query has the decoded options under the names as sent. Nil where the query
	// is malformed, empty where there was none.
	Query url.Values
	// Header has the headers without Authorization.
	Header http.Header
	// Body is the body as sent; empty where there was none.
	Body []byte
	// Status is the status that the simulator answered; zero where a [Failure] kept
	// the answer back.
	Status int
}

// Requests returns the requests until now, oldest first. The caller may change
// what it gets.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	copies := make([]Request, 0, len(s.log))
	for _, r := range s.log {
		copies = append(copies, r.clone())
	}
	return copies
}

// ClearRequests empties the log.
func (s *Server) ClearRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = nil
}

func (r Request) clone() Request {
	r.Header = r.Header.Clone()
	r.Query = url.Values(http.Header(r.Query).Clone())
	r.Body = bytes.Clone(r.Body)
	return r
}
