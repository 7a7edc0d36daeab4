package odata

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// pages is a [List] without the type of its items. The compiler translates a generic
// method for each type that there are lists of, and does so again in each package that
// can see the list, down to a user's program. What stands here it translates once. The
// methods that return functions are not inlined, as each of their copies would bring
// copies of these.
type pages struct {
	op    string
	top   int
	fetch func(ctx context.Context, link string) (untypedPage, error)
}

// untypedPage is a page without the type of its items.
type untypedPage struct {
	page any // a *Page
	size int // how many of its items count
	next string
	last bool // the limit of the list is reached here
}

// each hands out the pages until take wants no more.
func (p pages) each(ctx context.Context, take func(untypedPage) bool) error {
	if p.fetch == nil {
		return nil
	}
	if p.top < 0 {
		return p.refused(p.top, "must not be negative")
	}
	run := pager{pages: p, left: p.top, seen: map[string]bool{}}
	for {
		s, err := run.next(ctx)
		if err != nil {
			return err
		}
		if !take(s) || run.link == "" {
			return nil
		}
	}
}

// collect hands out the pages, and of the last one no more than limit leaves.
func (p pages) collect(ctx context.Context, limit int, take func(untypedPage)) error {
	if limit < 1 {
		return p.refused(limit, "must be 1 or more")
	}
	left, more := limit, false
	err := p.each(ctx, func(s untypedPage) bool {
		more = s.size > left
		s.size = min(s.size, left)
		left -= s.size
		take(s)
		return !more
	})
	if more {
		return p.failed(fmt.Errorf("%w: more than %d", apierr.ErrTooMany, limit))
	}
	return err
}

// first hands out the first page that has an item.
func (p pages) first(ctx context.Context, take func(untypedPage)) error {
	found := false
	err := p.each(ctx, func(s untypedPage) bool {
		if found = s.size > 0; found {
			take(s)
		}
		return !found
	})
	if err == nil && !found {
		err = p.failed(apierr.ErrNotFound)
	}
	return err
}

func (p pages) refused(limit int, rule string) error {
	return p.failed(&apierr.FieldError{Field: "limit", Value: strconv.Itoa(limit), Rule: rule})
}

func (p pages) failed(err error) error { return &apierr.Error{Op: p.op, Err: err} }

// pager is one way through the pages of a list.
type pager struct {
	pages
	left  int             // items up to the limit, where there is one
	link  string          // of the next page; empty for the first, and after the last
	seen  map[string]bool // links that were asked for
	empty int             // pages without an item since the last one with some
}

// next is the next page, cut off at the limit.
func (p *pager) next(ctx context.Context) (untypedPage, error) {
	s, err := p.fetchPage(ctx)
	if err == nil {
		err = p.countEmpty(s)
	}
	if err != nil {
		return untypedPage{}, err
	}
	if p.top > 0 && s.size >= p.left {
		s.size, s.next, s.last = p.left, "", true
	}
	p.left -= s.size
	p.link = s.next
	return s, nil
}

func (p *pager) fetchPage(ctx context.Context) (untypedPage, error) {
	if p.seen[p.link] {
		return untypedPage{}, p.failed(fmt.Errorf("the service repeated a next link after %d pages", len(p.seen)))
	}
	p.seen[p.link] = true
	s, err := p.fetch(ctx, p.link)
	if err == nil && s.page == nil {
		err = p.failed(errors.New("there is neither a page nor an error"))
	}
	return s, err
}

// maxEmpty is how many pages without an item may follow one another.
const maxEmpty = 1_000

// countEmpty refuses pages without an item that do not come to an end.
func (p *pager) countEmpty(s untypedPage) error {
	p.empty++
	if s.size > 0 || s.next == "" {
		p.empty = 0
	}
	if p.empty == maxEmpty {
		return p.failed(fmt.Errorf("the service sent %d pages in a row without an item", maxEmpty))
	}
	return nil
}
