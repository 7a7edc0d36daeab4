package stub

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// Reply answers one request.
type Reply func(*http.Request) (*http.Response, error)

// Errors of a connection, for [Fail].
var (
	ErrReset   = &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset by peer")}
	ErrRefused = &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}
)

// Answer replies with a status, a body, and headers given as name, value, name, …
func Answer(status int, body string, headers ...string) Reply {
	return func(req *http.Request) (*http.Response, error) {
		header := http.Header{"Content-Type": {"application/json"}}
		for i := 0; i < len(headers); i += 2 {
			header.Set(headers[i], headers[i+1])
		}
		return &http.Response{
			StatusCode: status, Header: header, Request: req, ContentLength: -1,
			Body: io.NopCloser(strings.NewReader(body)),
		}, nil
	}
}

// Fail replies with an error of the connection.
func Fail(err error) Reply {
	return func(*http.Request) (*http.Response, error) { return nil, err }
}

// BreakOff replies with a body that ends too early.
func BreakOff(status int, body string) Reply {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := Answer(status, "")(req)
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(body), brokenReader{}))
		return resp, err
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Hang replies when the context of the request ends.
func Hang(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

// After replies a while later.
func After(d time.Duration, then Reply) Reply {
	return func(req *http.Request) (*http.Response, error) {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
			return then(req)
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
}
