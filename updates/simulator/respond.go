package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// success finishes the reply of a handler.
func (c *call) success(r reply) answer {
	quirks := c.server.quirks
	if quirks.CreatedIs200 && r.status == http.StatusCreated && strings.HasPrefix(pathInArea(c.request.URL.Path), "/policies") {
		r.status = http.StatusOK
	}
	if r.body == nil || quirks.NoBodyOn202 && r.status == http.StatusAccepted {
		return c.finish(r.status, nil)
	}
	body := quirks.apply(r.body)
	if !c.wantsUnknownValues() {
		body = maskUnknown(body)
	}
	return c.finish(r.status, encode(body))
}

// wantsUnknownValues reports whether the caller asked for values that were added to an enumeration
// after its sentinel.
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

// failure finishes an error.
func (c *call) failure(err error) answer {
	f := odata.NewFault(http.StatusInternalServerError, err.Error())
	errors.As(err, &f)
	a := c.finish(f.Status, encode(c.envelope(f)))
	if f.Status == http.StatusUnauthorized {
		a.header.Set("WWW-Authenticate", challenge)
	}
	return a
}

// challenge is the header for a caller without a token.
const challenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", ` +
	`client_id="00000003-0000-0000-c000-000000000000"`

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

// throttled is the body of status 429, which differs from that of other errors.
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

// clientRequestID is the caller's ID of the request or, if it sent none, the service's.
func (c *call) clientRequestID() string {
	if id := c.request.Header.Get("Client-Request-Id"); id != "" {
		return id
	}
	return c.requestID
}

// encode writes JSON without escapes for HTML.
func encode(body object) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(body); err != nil {
		return []byte("{}")
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// answer returns the response to a call. right lets the call take effect and returns its normal
// response.
func (f Failure) answer(c *call, right func() answer) answer {
	a := answer{}
	if f.takesEffect() {
		a = right()
	}
	switch f.kind {
	case refusal:
		return f.tellRetry(c, c.failure(odata.NewFault(f.status, odata.StatusText(f.status)+".")))
	case foreignPage:
		return f.tellRetry(c, c.htmlPage(f.status))
	case breakage:
		return answer{ending: unsent}
	case bodyBreakage:
		return a.broken(c)
	case endlessSilence:
		return answer{ending: withheld}
	}
	return a
}

func (f Failure) takesEffect() bool {
	return f.after || f.kind == noFailure || f.kind == bodyBreakage
}

func (f Failure) tellRetry(c *call, a answer) answer {
	switch {
	case f.retryAfter == 0:
	case f.asDate:
		a.header.Set("Retry-After", inSeconds(c.received.Add(f.retryAfter)).Format(http.TimeFormat))
	default:
		a.header.Set("Retry-After", strconv.FormatInt(ceil(int64(f.retryAfter), int64(time.Second)), 10))
	}
	return a
}

// inSeconds rounds a time up.
func inSeconds(t time.Time) time.Time {
	return t.Add(time.Second - 1).Truncate(time.Second)
}

// htmlPage is an error page of a gateway.
func (c *call) htmlPage(status int) answer {
	var page bytes.Buffer
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	fmt.Fprintf(&page, "<!DOCTYPE html>\n<html><head><title>%s</title></head><body><h1>%s</h1></body></html>\n", title, title)
	a := c.finish(status, page.Bytes())
	a.header.Set("Content-Type", "text/html; charset=utf-8")
	a.header.Del("OData-Version")
	return a
}

// broken is the response with a body that breaks off, if it has one.
func (a answer) broken(c *call) answer {
	if len(a.body) == 0 || c.request.Method == http.MethodHead {
		return answer{ending: unsent}
	}
	a.ending = halved
	return a
}
