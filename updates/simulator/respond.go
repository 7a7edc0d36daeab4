package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// envelope is the body of an error.
func (c *call) envelope(f *odata.Fault) object {
	if f.Status == http.StatusTooManyRequests {
		return c.throttled()
	}
	return object{"error": object{
		"code":    f.Code,
		"message": f.Message,
		"innerError": object{
			"date":              c.received.Format("2006-01-02T15:04:05"),
			"request-id":        c.requestID,
			"client-request-id": c.clientRequestID(),
		},
	}}
}

// throttled is the body of status 429, which is not like that of other errors.
func (c *call) throttled() object {
	return object{"error": object{
		"code":    "TooManyRequests",
		"message": "Please retry again later.",
		"innerError": object{
			"code":       "429",
			"date":       c.received.Format("2006-01-02T15:04:05"),
			"message":    "Please retry after",
			"request-id": c.requestID,
			"status":     "429",
		},
	}}
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
