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
	fetch func(ctx context.Context, link string) (sheet, error)
}

// sheet is a page without the type of its items.
type sheet struct {
	page any // a *Page
	size int // how many of its items count
	next string
	last bool // the limit of the list is reached here
}

// each hands out the pages until take wants no more.
func (p pages) each(ctx context.Context, take func(sheet) bool) error {
	if p.fetch == nil {
		return nil
	}
	if p.top < 0 {
		return p.refused(p.top, "must not be negative")
	}
	w := walk{pages: p, left: p.top, seen: map[string]bool{}}
	for {
		s, err := w.next(ctx)
		if err != nil {
			return err
		}
		if !take(s) || w.link == "" {
			return nil
		}
	}
}

// collect hands out the pages, and of the last one no more than limit leaves.
func (p pages) collect(ctx context.Context, limit int, take func(sheet)) error {
	if limit < 1 {
		return p.refused(limit, "must be 1 or more")
	}
	left, more := limit, false
	err := p.each(ctx, func(s sheet) bool {
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
func (p pages) first(ctx context.Context, take func(sheet)) error {
	found := false
	err := p.each(ctx, func(s sheet) bool {
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

// walk is one way through the pages of a list.
type walk struct {
	pages
	left  int             // items up to the limit, where there is one
	link  string          // of the next page; empty for the first, and after the last
	seen  map[string]bool // links that were asked for
	empty int             // pages without an item since the last one with some
}

// next is the next page, cut off at the limit.
func (w *walk) next(ctx context.Context) (sheet, error) {
	s, err := w.ask(ctx)
	if err == nil {
		err = w.countEmpty(s)
	}
	if err != nil {
		return sheet{}, err
	}
	if w.top > 0 && s.size >= w.left {
		s.size, s.next, s.last = w.left, "", true
	}
	w.left -= s.size
	w.link = s.next
	return s, nil
}

func (w *walk) ask(ctx context.Context) (sheet, error) {
	if w.seen[w.link] {
		return sheet{}, w.failed(fmt.Errorf("the service repeated a next link after %d pages", len(w.seen)))
	}
	w.seen[w.link] = true
	s, err := w.fetch(ctx, w.link)
	if err == nil && s.page == nil {
		err = w.failed(errors.New("there is neither a page nor an error"))
	}
	return s, err
}

// maxEmpty is how many pages without an item may follow one another.
const maxEmpty = 1_000

// countEmpty refuses pages without an item that do not come to an end.
func (w *walk) countEmpty(s sheet) error {
	w.empty++
	if s.size > 0 || s.next == "" {
		w.empty = 0
	}
	if w.empty == maxEmpty {
		return w.failed(fmt.Errorf("the service sent %d pages in a row without an item", maxEmpty))
	}
	return nil
}
