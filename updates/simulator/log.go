package simulator

import (
	"bytes"
	"net/http"
	"net/url"
	"time"
)

// Request is one received request, including rejected ones.
type Request struct {
	// Time is when the request arrived, by the simulator's clock.
	Time time.Time
	// Method is the HTTP method, in capitals as sent.
	Method string
	// Path is the decoded path below /beta/admin/windows/updates, with a leading slash. Other paths
	// are complete.
	Path string
	// Query has the decoded options with the names that were sent. It is nil if the query is
	// malformed, and empty if there was none.
	Query url.Values
	// Header has the headers without Authorization.
	Header http.Header
	// Body is the body as sent, decompressed, or empty.
	Body []byte
	// Status is the status of the response; zero if a [Failure] left out the response.
	Status int
}

// Requests returns the requests so far, oldest first. The result is a copy.
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
