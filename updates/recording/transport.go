package recording

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
)

// ErrNotRecorded is the sentinel error for requests that a recording does not have.
var ErrNotRecorded = errors.New("not recorded")

// check rejects a request whose context has ended, or that cannot be compared. It reports to package
// httptrace that the request needs a connection, as http.Transport does: one that fails without getting any
// was not sent.
func check(req *http.Request) error {
	if trace := httptrace.ContextClientTrace(req.Context()); trace != nil && trace.GetConn != nil {
		trace.GetConn(req.URL.Host)
	}
	if err := req.Context().Err(); err != nil {
		return err
	}
	if req.URL.Opaque != "" {
		return errOpaque
	}
	return nil
}

// takeBody reads and closes the body of a request, as a transport must.
func takeBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(req.Body)
	return body, errors.Join(err, req.Body.Close())
}

// withBody is a copy of the request that has the body again.
func withBody(req *http.Request, body []byte) *http.Request {
	out := req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return out
	}
	out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	out.Body, _ = out.GetBody() // over bytes in memory: cannot fail
	return out
}

// methodOf is the method of a request, whose zero value is GET.
func methodOf(req *http.Request) string {
	if req.Method == "" {
		return http.MethodGet
	}
	return req.Method
}

// refusal is an error before the network, which no retry fixes.
type refusal struct {
	class error // may be nil
	text  string
}

func (e *refusal) Error() string        { return e.text }
func (e *refusal) Is(target error) bool { return e.class != nil && target == e.class }

// NonRetriable marks the error for clients that retry, such as azcore and this SDK: they do not retry it.
func (e *refusal) NonRetriable() {}

// errOpaque refuses URLs whose path is not taken apart: what they say is not what
// is compared.
var errOpaque = &refusal{text: "recording: a URL with Opaque can be neither recorded nor replayed; set Path, RawPath and RawQuery"}

var errClosed = &refusal{text: "recording: the recorder is closed"}
