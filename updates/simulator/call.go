package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

const (
	apiRoot  = "/beta"
	areaRoot = apiRoot + "/admin/windows/updates"
	// maxBody is the size of body that Microsoft Graph documents as its limit.
	maxBody = 4 << 20
)

// call is one request on its way through the simulator.
type call struct {
	server    *Server
	request   *http.Request
	body      []byte
	received  time.Time
	requestID string
	within    string   // first segment of the path below the area
	ids       []string // keys in the path, in order
}

// reply is what a handler answers. A nil body is sent as no body.
type reply struct {
	status int
	body   object
}

// accepted is the answer to a write that shows later.
func accepted() reply { return reply{status: http.StatusAccepted} }

func (s *Server) newCall(r *http.Request, body []byte) *call {
	return &call{server: s, request: r, body: body, received: s.now(), requestID: newID()}
}

// readBody reads a body up to one byte more than is allowed.
func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return body, odata.BadRequest("The request body could not be read.")
	}
	return body, nil
}

// admit makes the checks that come before the resource is looked at.
func (c *call) admit() error {
	if err := c.server.authenticate(c.request); err != nil {
		return err
	}
	if c.request.Method == http.MethodPost && c.request.ContentLength < 0 {
		return &odata.Fault{Status: http.StatusLengthRequired, Code: "LengthRequired",
			Message: "A Content-Length header is required."}
	}
	if len(c.body) > maxBody {
		return &odata.Fault{Status: http.StatusRequestEntityTooLarge, Code: "RequestEntityTooLarge",
			Message: "The request body is too large."}
	}
	return nil
}

// input reads the body.
func (c *call) input() (*odata.Body, error) { return c.server.schema.ReadBody(c.body) }

// origin is the scheme and host that the request was sent to.
func (c *call) origin() string {
	scheme, host := c.request.URL.Scheme, c.request.URL.Host
	if scheme == "" {
		scheme = "http"
	}
	if c.request.TLS != nil {
		scheme = "https"
	}
	if host == "" {
		host = c.request.Host
	}
	return scheme + "://" + host
}

// metadata is the context URL of something of the area.
func (c *call) metadata(of string) string {
	return c.origin() + apiRoot + "/$metadata#admin/windows/updates/" + of
}

// success finishes the reply of a handler.
func (c *call) success(r reply) answer {
	vices := c.server.vices
	if r.body == nil || vices.EmptyAccepted && r.status == http.StatusAccepted {
		return c.finish(r.status, nil)
	}
	body := vices.distort(r.body)
	if !c.wantsUnknownValues() {
		body = hideEvolved(body)
	}
	return c.finish(r.status, encode(body))
}

// failure finishes an error.
func (c *call) failure(err error) answer {
	f := &odata.Fault{Status: http.StatusInternalServerError, Code: "InternalServerError", Message: err.Error()}
	errors.As(err, &f)
	a := c.finish(f.Status, encode(c.envelope(f)))
	if f.Status == http.StatusUnauthorized {
		a.header.Set("WWW-Authenticate", challenge)
	}
	return a
}

func (c *call) finish(status int, body []byte) answer {
	h := http.Header{}
	h.Set("Date", c.received.Format(http.TimeFormat))
	h.Set("Request-Id", c.requestID)
	h.Set("Client-Request-Id", c.clientRequestID())
	if status != http.StatusNoContent {
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	if body != nil {
		h.Set("Content-Type", "application/json;odata.metadata=minimal;charset=utf-8")
		h.Set("OData-Version", "4.0")
	}
	return answer{status: status, header: h, body: body}
}

// clientRequestID is the caller's id of the request, or where it sent none, the
// service's own.
func (c *call) clientRequestID() string {
	if id := c.request.Header.Get("Client-Request-Id"); id != "" {
		return id
	}
	return c.requestID
}

// encode writes JSON as people read it, without escapes for HTML.
func encode(body object) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(body); err != nil {
		return []byte("{}")
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// query returns the decoded query options.
func (c *call) query() (url.Values, error) {
	values, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		return nil, odata.BadRequest("The query string is malformed.")
	}
	return values, nil
}

// arguments reads those of a function at the end of the path.
func (c *call) arguments() (odata.Arguments, error) {
	values, err := c.query()
	if err != nil {
		return nil, err
	}
	return odata.ReadArguments(c.request.URL.EscapedPath(), values)
}

// wantsUnknownValues tells whether the caller asked for values that an
// enumeration got after its sentinel.
func (c *call) wantsUnknownValues() bool {
	for _, header := range c.request.Header.Values("Prefer") {
		for preference := range strings.SplitSeq(header, ",") {
			if strings.EqualFold(strings.TrimSpace(preference), "include-unknown-enum-members") {
				return true
			}
		}
	}
	return false
}
