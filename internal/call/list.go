package call

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	abstractions "github.com/microsoft/kiota-abstractions-go"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Parameters has the fields of every generated struct of query parameters, so
// that it converts to any of them.
type Parameters struct {
	Count   *bool
	Expand  []string
	Filter  *string
	Orderby []string
	Select  []string
	Skip    *int32
	Top     *int32
}

// With gives query parameters to a generated request.
func With[Q any](q *Q) *abstractions.RequestConfiguration[Q] {
	return &abstractions.RequestConfiguration[Q]{QueryParameters: q}
}

// At is the builder of the page behind a link; of the first one for "".
func At[B interface{ WithUrl(string) B }](first B, link string) B {
	if link == "" {
		return first
	}
	return first.WithUrl(link)
}

// Page is what every generated page has.
type Page[W any] interface {
	GetValue() []W
	GetOdataNextLink() *string
	GetOdataCount() *int32
}

// Fetch asks for a page with a fresh builder: for the one behind a link, or, for "",
// for the first one with these parameters.
type Fetch[P any] func(ctx context.Context, g *graph.Client, link string, p *Parameters) (P, error)

// All is how a list reads its items that leaves none out.
func All[W, T any](read func(W) T) func(W) (T, bool) {
	return func(w W) (T, bool) { return read(w), true }
}

// List returns a list of the pages that [Pages] gives.
func List[P Page[W], W, T any](c *Client, op Op, q *odata.Query, fetch Fetch[P], read func(W) (T, bool)) odata.List[T] {
	q = CopyQuery(q)
	return odata.NewList(op.Name, max(0, q.Top), Pages(c, op, q, fetch, read))
}

// Pages returns a function that gives a page, whose items read makes from the
// generated ones; an item that read does not want is left out.
func Pages[P Page[W], W, T any](c *Client, op Op, q *odata.Query, fetch Fetch[P], read func(W) (T, bool),
) func(ctx context.Context, link string) (*odata.Page[T], error) {
	op.warned = new(atomic.Bool)
	s := source{c, op, CopyQuery(q), func(ctx context.Context, g *graph.Client, link string, p *Parameters) (any, error) {
		page, err := fetch(ctx, g, link, p)
		if err == nil && any(page) != nil && page.GetValue() == nil {
			err = errNoItems
		}
		return page, err
	}}
	return func(ctx context.Context, link string) (*odata.Page[T], error) {
		page, err := s.page(ctx, link)
		if err != nil {
			return nil, err
		}
		return readPage(page.(P), read), nil
	}
}

// source is what pages are read from, without the types of pages and items: its code is
// compiled once, and not for each list.
type source struct {
	client *Client
	op     Op
	query  *odata.Query
	fetch  Fetch[any]
}

func (s source) page(ctx context.Context, link string) (any, error) {
	if err := s.client.checkPage(s.query, link); err != nil {
		return nil, &apierr.Error{Op: s.op.Name, Err: err}
	}
	link = withoutBlanks(link)
	op := s.op
	op.link, op.further = link != "", link != ""
	return Do(ctx, s.client, op, func(ctx context.Context, g *graph.Client) (any, error) {
		return s.fetch(ctx, g, link, parameters(s.query))
	})
}

// Behind returns the list whose first page is behind a link in a response. fetch gets that
// link first, and never "".
func Behind[P Page[W], W, T any](c *Client, op Op, start string, fetch Fetch[P], read func(W) (T, bool)) odata.List[T] {
	pages := Pages(c, op, nil, fetch, read)
	return odata.NewList(op.Name, 0, func(ctx context.Context, link string) (*odata.Page[T], error) {
		if link == start {
			return nil, &apierr.Error{Op: op.Name, Err: errLoop}
		}
		return pages(ctx, cmp.Or(link, start))
	})
}

var errLoop = errors.New("the service repeated a next link")

func readPage[P Page[W], W, T any](page P, read func(W) (T, bool)) *odata.Page[T] {
	values := page.GetValue()
	out := &odata.Page[T]{Items: make([]T, 0, len(values)), NextLink: wire.Value(page.GetOdataNextLink())}
	for _, value := range values {
		if any(value) == nil {
			out.Skipped++
			continue
		}
		if item, wanted := read(value); wanted {
			out.Items = append(out.Items, item)
		}
	}
	if n := page.GetOdataCount(); n != nil {
		out.Total = new(int64(*n))
	}
	return out
}

// CopyQuery returns a copy that a caller can no longer change, and one of the defaults for
// nil.
func CopyQuery(asked *odata.Query) *odata.Query {
	if asked == nil {
		return &odata.Query{}
	}
	q := *asked
	q.OrderBy, q.Select, q.Expand = slices.Clone(q.OrderBy), slices.Clone(q.Select), slices.Clone(q.Expand)
	return &q
}

func parameters(q *odata.Query) *Parameters {
	p := &Parameters{Expand: q.Expand, Orderby: q.OrderBy, Select: q.Select}
	if q.Count {
		p.Count = new(true)
	}
	if q.Filter != "" {
		p.Filter = &q.Filter
	}
	if q.Skip > 0 {
		p.Skip = new(int32(q.Skip))
	}
	if q.Top > 0 {
		p.Top = new(int32(q.Top))
	}
	return p
}

// CheckQuery rejects a query with invalid numbers.
func CheckQuery(q *odata.Query) error {
	return errors.Join(checkNumber("Top", q.Top), checkNumber("Skip", q.Skip))
}

// maxLink is the longest next link that is followed: a list keeps all of them, to
// notice one that comes again.
const maxLink = 64 << 10

// checkPage rejects what [CheckQuery] does, and a next link that leads away from the service.
func (c *Client) checkPage(q *odata.Query, link string) error {
	if err := CheckQuery(q); err != nil {
		return err
	}
	if link == "" || c == nil {
		return nil
	}
	return c.checkLink(link)
}

// withoutBlanks encodes blanks, which would end the address of a request.
func withoutBlanks(link string) string { return strings.ReplaceAll(link, " ", "%20") }

func (c *Client) checkLink(link string) error {
	if len(link) > maxLink {
		return fmt.Errorf("the next link is longer than %d bytes and was not followed", maxLink)
	}
	u, err := url.Parse(link)
	if err != nil || u.User != nil || !sameOrigin(u, c.origin) {
		return fmt.Errorf("the next link leads away from %s://%s and was not followed", c.origin.Scheme, c.origin.Host)
	}
	return nil
}

func checkNumber(name string, n int) error {
	if n < 0 || n > math.MaxInt32 {
		return &apierr.FieldError{Field: "Query." + name, Value: strconv.Itoa(n), Rule: "must be 0 to 2147483647"}
	}
	return nil
}
