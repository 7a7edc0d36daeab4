package simulator

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
)

// answer is a finished response.
type answer struct {
	status int // zero: no response
	header http.Header
	body   []byte
	ending ending
}

// ending is how much of a response is sent.
type ending int

const (
	complete ending = iota
	halved          // the connection breaks within the body
	unsent          // it breaks before the first byte
	withheld        // nothing comes until the caller gives up
)

// writeTo sends the answer as HTTP servers do: a handler breaks the connection by a panic with
// http.ErrAbortHandler.
func (a answer) writeTo(w http.ResponseWriter, r *http.Request) {
	if a.ending == withheld {
		<-r.Context().Done()
	}
	if a.ending == withheld || a.ending == unsent {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.sent()) // a caller that hung up needs no response
	if a.ending == halved {
		_ = http.NewResponseController(w).Flush() // without it nothing would be sent
		panic(http.ErrAbortHandler)
	}
}

// sent is the part of the body that the caller receives.
func (a answer) sent() []byte {
	if a.ending == halved {
		return a.body[:len(a.body)/2]
	}
	return a.body
}

// response returns the answer to a caller without a network.
func (a answer) response(r *http.Request) (*http.Response, error) {
	if a.ending == withheld {
		<-r.Context().Done()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if a.ending == unsent {
		return nil, fmt.Errorf("simulator: the connection broke: %w", io.ErrUnexpectedEOF)
	}
	return &http.Response{
		Status:        strconv.Itoa(a.status) + " " + http.StatusText(a.status),
		StatusCode:    a.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        a.header,
		Body:          io.NopCloser(a.reader(r.Method)),
		ContentLength: int64(len(a.body)),
		Request:       r,
	}, nil
}

func (a answer) reader(method string) io.Reader {
	switch {
	case method == http.MethodHead:
		return http.NoBody
	case a.ending == halved:
		return io.MultiReader(bytes.NewReader(a.sent()), brokenReader{})
	}
	return bytes.NewReader(a.body)
}

// brokenReader fails like a body whose connection breaks.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
