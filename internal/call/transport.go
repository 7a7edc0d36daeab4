package call

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// chain lists the transports of every request, outermost first. Each is a plain
// http.RoundTripper; there is nothing else between the adapter and the user's
// transport.
func chain(cfg Config) http.RoundTripper {
	attempt := &attempt{next: cfg.Transport, timeout: cfg.AttemptTimeout, log: cfg.Logger}
	retry := &retrier{next: attempt, policy: cfg.Retry}
	return &request{next: retry, origin: cfg.Endpoint, userAgent: cfg.UserAgent}
}

// request makes the request that every attempt sends: for the service's own
// origin only, with readable query names, a length, a body that can be read
// again, and the headers of the call.
type request struct {
	next      http.RoundTripper
	origin    *url.URL
	userAgent string
}

// RoundTrip returns no error. What went wrong is in the record.
func (t *request) RoundTrip(req *http.Request) (*http.Response, error) {
	return t.send(req), nil
}

func (t *request) send(req *http.Request) *http.Response {
	rec := recordOf(req.Context())
	body, err := readBody(req)
	if err == nil && !sameOrigin(req.URL, t.origin) {
		err = fmt.Errorf("refused to send a request to %s://%s", req.URL.Scheme, req.URL.Host)
	}
	if err != nil {
		rec.failed(err, false)
		return noAnswerFor(req)
	}
	out := req.Clone(req.Context())
	setBody(out, body)
	if !rec.op.link {
		out.URL.RawQuery = readableNames(out.URL.RawQuery)
	}
	out.Header.Set("User-Agent", t.userAgent)
	out.Header.Set("client-request-id", rec.clientRequestID)
	out.Header.Set("Prefer", "include-unknown-enum-members")
	resp, err := t.next.RoundTrip(out) // the record has the error
	if err != nil {
		return noAnswerFor(req)
	}
	return resp
}

func readBody(req *http.Request) ([]byte, error) {
	if req.Body == nil {
		return nil, nil
	}
	defer req.Body.Close()
	var body bytes.Buffer
	if text, ok := req.Body.(io.Seeker); ok { // the adapter's, whose length is known to nobody yet
		if size, err := text.Seek(0, io.SeekEnd); err == nil {
			body.Grow(int(size) + bytes.MinRead)
		}
		if _, err := text.Seek(0, io.SeekStart); err != nil {
			return nil, err
		}
	}
	_, err := body.ReadFrom(req.Body)
	return body.Bytes(), err
}

func setBody(req *http.Request, body []byte) {
	req.Body, req.GetBody, req.ContentLength = nil, nil, int64(len(body))
	if len(body) == 0 {
		return
	}
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
}

// readableNames turns "%24filter=…" into "$filter=…", as the service's pages
// write it. Values stay as they are.
func readableNames(query string) string {
	parts := strings.Split(query, "&")
	for i, part := range parts {
		name, value, found := strings.Cut(part, "=")
		if name = strings.ReplaceAll(name, "%24", "$"); found {
			name += "=" + value
		}
		parts[i] = name
	}
	return strings.Join(parts, "&")
}

// sameOrigin reports whether a and b have the same scheme, host and port.
func sameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	if p := u.Port(); p != "" {
		return p
	}
	if u.Scheme == "http" {
		return "80"
	}
	return "443"
}
