package recording

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
)

// ErrNotRecorded is the class of the errors for requests that a recording does not
// have.
var ErrNotRecorded = errors.New("not recorded")

// check refuses a request that nobody waits for, and one that cannot be compared.
func check(req *http.Request) error {
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

// refusal is an error on this side of the network, which no repetition mends.
type refusal struct {
	class error // may be nil
	text  string
}

func (e *refusal) Error() string        { return e.text }
func (e *refusal) Is(target error) bool { return e.class != nil && target == e.class }

// NonRetriable tells the retries of azcore to give up.
func (e *refusal) NonRetriable() {}

// As passes for a refused certificate, which is what clients that retry agree on:
// nothing was sent, and another attempt cannot help. Without it a mismatch would
// be repeated for seconds, and be taken for a write with an unknown outcome.
func (e *refusal) As(target any) bool {
	cert, ok := target.(**tls.CertificateVerificationError)
	if ok {
		*cert = &tls.CertificateVerificationError{Err: errors.New(e.text)}
	}
	return ok
}

// errOpaque refuses URLs whose path is not taken apart: what they say is not what
// is compared.
var errOpaque = &refusal{text: "recording: a URL with Opaque can be neither recorded nor replayed; set Path, RawPath and RawQuery"}

var errClosed = &refusal{text: "recording: the recorder is closed"}
