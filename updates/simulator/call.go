package simulator

import (
	"net/http"
	"net/url"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

const (
	apiRoot  = "/beta"
	areaRoot = apiRoot + "/admin/windows/updates"
	// maxBody is the size of body that Microsoft Graph documents as its limit.
	maxBody = 4 << 20
)

// call is one request.
type call struct {
	server    *Server
	request   *http.Request
	body      []byte
	received  time.Time
	requestID string
	ids       []string // keys in the path, in order
}

// reply is the result of a handler. A nil body is sent as no body.
type reply struct {
	status int
	body   object
}

// accepted is the response to a write that takes effect later.
func accepted() reply { return reply{status: http.StatusAccepted} }

// input reads the body.
func (c *call) input() (*odata.Body, error) { return c.server.schema.ReadBody(c.body) }

// origin is the scheme and host of the request.
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

// metadata is the context URL of a resource of the area.
func (c *call) metadata(of string) string {
	return c.origin() + apiRoot + "/$metadata#admin/windows/updates/" + of
}

// query returns the decoded query options.
func (c *call) query() (url.Values, error) {
	values, err := url.ParseQuery(c.request.URL.RawQuery)
	if err != nil {
		return nil, odata.BadRequest("The query string is malformed.")
	}
	return values, nil
}

// arguments reads the arguments of a function at the end of the path.
func (c *call) arguments() (odata.Arguments, error) {
	values, err := c.query()
	if err != nil {
		return nil, err
	}
	return odata.ReadArguments(c.request.URL.EscapedPath(), values)
}
