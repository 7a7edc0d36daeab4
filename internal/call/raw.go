package call

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"

	abstractions "github.com/microsoft/kiota-abstractions-go"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

var methods = map[string]struct {
	method abstractions.HttpMethod
	kind   Kind
}{
	http.MethodGet:    {abstractions.GET, Read},
	http.MethodPost:   {abstractions.POST, Create},
	http.MethodPatch:  {abstractions.PATCH, Update},
	http.MethodPut:    {abstractions.PUT, Update},
	http.MethodDelete: {abstractions.DELETE, Delete},
}

// Raw sends a request to any route below the service's root, or to a next link. It reads the
// response into out, unless out is nil or the response has no body.
func (c *Client) Raw(ctx context.Context, op, method, path string, in, out any) error {
	m, known := methods[method]
	if !known {
		return Invalid(op, &apierr.FieldError{Field: "method", Value: strconv.Quote(method), Rule: "must be GET, POST, PATCH, PUT, or DELETE"})
	}
	further := strings.Contains(path, "://") && method == http.MethodGet
	body, err := encode(in)
	if err := errors.Join(err, checkOut(out), c.checkTarget(path, further)); err != nil {
		return Invalid(op, err)
	}
	var rec *record
	err = c.run(ctx, Op{Name: op, Kind: m.kind, accepts: true, link: true, further: further}, func(ctx context.Context, _ *graph.Client) error {
		rec = recordOf(ctx)
		err := c.sendRaw(ctx, m.method, path, body)
		if err == nil && m.kind == Create {
			rec.made = idsIn(rec.body, body)
		}
		return err
	})
	if err != nil || out == nil || len(rec.body) == 0 {
		return err
	}
	if err := json.Unmarshal(rec.body, out); err != nil {
		return rec.unreadable(err)
	}
	return nil
}

func (c *Client) sendRaw(ctx context.Context, method abstractions.HttpMethod, path string, body []byte) error {
	if recordOf(ctx).op.further {
		return c.sendTo(ctx, method, path, body)
	}
	return c.sendTo(ctx, method, c.adapter.GetBaseUrl()+path, body)
}

func (c *Client) sendTo(ctx context.Context, method abstractions.HttpMethod, address string, body []byte) error {
	u, err := url.Parse(withoutBlanks(address))
	if err != nil {
		return err
	}
	info := abstractions.NewRequestInformation()
	info.Method = method
	info.SetUri(*u)
	info.Headers.Add("Accept", "application/json")
	if body != nil {
		info.SetStreamContentAndContentType(body, "application/json")
	}
	return c.adapter.SendNoContent(ctx, info, nil)
}

func encode(in any) ([]byte, error) {
	switch in.(type) {
	case nil:
		return nil, nil
	case []byte, io.Reader:
		const rule = "must be a value to marshal, or a json.RawMessage for JSON text"
		return nil, &apierr.FieldError{Field: "in", Value: fmt.Sprintf("%T", in), Rule: rule}
	}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, &apierr.FieldError{Field: "in", Rule: "must marshal to JSON, but " + err.Error()}
	}
	return body, nil
}

func checkOut(out any) error {
	if v := reflect.ValueOf(out); out != nil && (v.Kind() != reflect.Pointer || v.IsNil()) {
		return &apierr.FieldError{Field: "out", Value: fmt.Sprintf("%T", out), Rule: "must be nil or a pointer that is not nil"}
	}
	return nil
}

// checkTarget takes a next link of the same host, or a path.
func (c *Client) checkTarget(path string, further bool) error {
	if !further || c == nil {
		return checkPath(path)
	}
	if err := c.checkLink(path); err != nil {
		return &apierr.FieldError{Field: "path", Rule: "must be a path, or a next link of this service, but " + err.Error()}
	}
	return nil
}

// namesRoot reports whether a path begins with a part of the root, as those in the
// service's documentation do.
func namesRoot(path string) bool {
	begins := func(part string) bool { return strings.HasPrefix(path, part) }
	return slices.ContainsFunc([]string{"/beta/", "/v1.0/", "/admin/windows/"}, begins)
}

// checkPath takes a path below the root with an optional query, and nothing that
// leads elsewhere.
func checkPath(path string) error {
	const rule = `must begin with "/", lie below ` + Root + ` without naming it, and have no empty, "." or ".." segment`
	wrong := &apierr.FieldError{Field: "path", Value: fmt.Sprintf("%q", path), Rule: rule}
	u, err := url.Parse(path)
	if err != nil || !strings.HasPrefix(path, "/") || u.Host != "" || u.Scheme != "" || strings.Contains(path, "#") || namesRoot(u.Path) {
		return wrong
	}
	segments := strings.Split(u.Path, "/")[1:]
	if slices.ContainsFunc(segments, func(s string) bool { return s == "" || s == "." || s == ".." }) {
		return wrong
	}
	return nil
}
