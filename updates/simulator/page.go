package simulator

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// page returns one page of a list of objects of a type. at creates the object of an index below n.
// Objects outside the page are created only if a filter or an order needs them.
func (c *call) page(kind, context string, n int, at func(int) object) (reply, error) {
	values, q, err := c.options(kind)
	if err != nil {
		return reply{}, err
	}
	if c.server.quirks.UnknownTypes && c.server.schema.Types[kind].Abstract {
		n, at = addUnknown(kind, n, at)
	}
	q.InList = true
	found := q.Find(n, at)
	body := object{"@odata.context": c.metadata(context)}
	if q.Count {
		body["@odata.count"] = len(found)
	}
	indexes, next := c.cut(q, found)
	if next != "" {
		body["@odata.nextLink"] = c.nextLink(values, next)
	}
	items := []any{}
	for _, i := range indexes {
		items = append(items, q.Shape(at(i)))
	}
	body["value"] = items
	return reply{http.StatusOK, body}, nil
}

// Options that are documented for lists, and for single objects, of the newer resources.
var (
	listOptions = []string{"count", "filter", "orderby", "select", "top"}
	oneOptions  = []string{"select"}
)

// accepting makes a handler that rejects other query options than these. Links to pages have their own.
func accepting(options []string, h handler) handler {
	return func(s *Server, c *call) (reply, error) {
		values, err := c.query()
		if err != nil {
			return reply{}, err
		}
		for name := range values {
			option := strings.TrimPrefix(name, "$")
			if odata.IsOption(name) && option != "skiptoken" && !slices.Contains(options, option) {
				return reply{}, odata.BadRequest("The query option '" + name + "' is not supported for this resource.")
			}
		}
		return h(s, c)
	}
}

// options reads the query of a GET of objects of a type.
func (c *call) options(kind string) (url.Values, *odata.Query, error) {
	values, err := c.query()
	if err != nil {
		return nil, nil, err
	}
	q, err := c.server.schema.ParseQuery(values, kind)
	if err != nil {
		return values, q, err
	}
	if c.server.quirks.IgnoreTop {
		q.Top = -1
	}
	if c.server.quirks.InlineEntries && kind == applicableType {
		q.Expand("catalogEntry")
	}
	if c.server.quirks.InlineMatches {
		q.Expand("matchedDevices")
	}
	return values, q, nil
}

// one returns a single object of a type.
func (c *call) one(kind, context string, o object) (reply, error) {
	_, q, err := c.options(kind)
	if err != nil {
		return reply{}, err
	}
	return reply{http.StatusOK, c.single(q.Shape(o), context)}, nil
}

// written returns the result of a write, without what would have to be expanded.
func (c *call) written(status int, kind, context string, o object) reply {
	return reply{status, c.single(c.server.schema.NewQuery(kind).Shape(o), context)}
}

// single is an object as a response of its own, by its name in metadata.
func (c *call) single(o object, context string) object {
	o["@odata.context"] = c.metadata(context)
	return o
}

// cut returns a page of the results and the token of the next page, or "".
func (c *call) cut(q *odata.Query, found []int) (indexes []int, token string) {
	from := q.Page.Offset
	if c.server.quirks.EmptyPages && !q.Page.Filled {
		return nil, odata.PageToken{Offset: from, Filled: true}.String()
	}
	found = q.Limit(found)
	found = found[min(from, len(found)):]
	size := min(c.server.pageSize, len(found))
	if size < len(found) {
		token = odata.PageToken{Offset: from + size}.String()
	}
	return found[:size], token
}

// nextLink repeats the request's options with a token for the next page.
func (c *call) nextLink(values url.Values, token string) string {
	values.Del("skiptoken")
	values.Set("$skiptoken", token)
	encoded := strings.ReplaceAll(values.Encode(), "+", "%20")
	return c.origin() + c.request.URL.EscapedPath() + "?" + encoded
}

// found returns the results of a function as a list.
func (c *call) found(kind string, objects []object) (reply, error) {
	r, err := c.page(kind, "", len(objects), func(i int) object { return objects[i] })
	if err == nil {
		r.body["@odata.context"] = c.origin() + apiRoot + "/$metadata#Collection(" + namespace + kind + ")"
	}
	return r, err
}
