package simulator

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

const tokenPrefix = "offset:"

// page answers one page of a list of objects of a type. at makes the object of an
// index below n; objects outside of the page are made only where a filter or an
// order has to see them.
func (c *call) page(kind, context string, n int, at func(int) object) (reply, error) {
	values, err := c.query()
	if err != nil {
		return reply{}, err
	}
	q, err := parseQuery(values, kind)
	if err != nil {
		return reply{}, err
	}
	found := q.match(n, at)
	body := object{"@odata.context": c.metadata(context)}
	if q.count {
		body["@odata.count"] = len(found)
	}
	indexes, next := q.cut(found, c.server.pageSize)
	if next > 0 {
		body["@odata.nextLink"] = c.nextLink(values, next)
	}
	items := []any{}
	for _, i := range indexes {
		items = append(items, q.shape(at(i)))
	}
	body["value"] = items
	return reply{http.StatusOK, body}, nil
}

// one answers a single object of a type.
func (c *call) one(kind, context string, o object) (reply, error) {
	values, err := c.query()
	if err != nil {
		return reply{}, err
	}
	q, err := parseQuery(values, kind)
	if err != nil {
		return reply{}, err
	}
	body := q.shape(o)
	body["@odata.context"] = c.metadata(context)
	return reply{http.StatusOK, body}, nil
}

// cut returns the page of what was found, and where the next page begins; zero
// where there is none.
func (q *query) cut(found []int, size int) (indexes []int, next int) {
	found = found[min(q.skip, len(found)):]
	if q.top >= 0 {
		found = found[:min(q.top, len(found))]
	}
	end := min(q.from+size, len(found))
	if end < len(found) {
		next = end
	}
	return found[min(q.from, len(found)):end], next
}

// nextLink repeats the request's options with a token for the next page.
func (c *call) nextLink(values url.Values, next int) string {
	values.Del("skiptoken")
	values.Set("$skiptoken", skipToken(next))
	encoded := strings.ReplaceAll(values.Encode(), "+", "%20")
	return c.origin() + c.request.URL.EscapedPath() + "?" + encoded
}

func skipToken(offset int) string {
	return base64.RawURLEncoding.EncodeToString([]byte(tokenPrefix + strconv.Itoa(offset)))
}

func readSkipToken(token string) (int, bool) {
	text, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		return 0, false
	}
	digits, ok := strings.CutPrefix(string(text), tokenPrefix)
	n, err := strconv.ParseInt(digits, 10, 32)
	return int(n), ok && err == nil && n > 0
}
