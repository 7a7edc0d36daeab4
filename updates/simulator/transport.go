package simulator

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// Transport returns a transport that passes each request to the simulator, on the caller's goroutine
// and without a network. It accepts every scheme and host.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

// RoundTrip follows the contract of http.RoundTripper: it closes the body, does not change the
// request, and ends when the context is done.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := takeBody(r)
	if err == nil {
		err = r.Context().Err()
	}
	if err != nil {
		return nil, err
	}
	if r.URL == nil {
		return nil, errors.New("simulator: the request has no URL")
	}
	return t.server.answer(asReceived(r, body)).response(r)
}

// takeBody reads and closes the body of an outgoing request.
func takeBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	return body, errors.Join(err, r.Body.Close())
}

// asReceived is the request as a server receives it: with a method, a host, and a body, and with an
// unknown length as -1, where an outgoing request can have 0.
func asReceived(r *http.Request, body []byte) *http.Request {
	in := r.Clone(r.Context())
	if in.Header == nil {
		in.Header = http.Header{}
	}
	if in.Method == "" {
		in.Method = http.MethodGet
	}
	if in.Host == "" {
		in.Host = in.URL.Host
	}
	if r.ContentLength == 0 && r.Body != nil && r.Body != http.NoBody {
		in.ContentLength = -1
	}
	in.Body = io.NopCloser(bytes.NewReader(body))
	return in
}
