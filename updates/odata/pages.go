package odata

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strconv"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// pages is a [List] without the type of its items. The compiler compiles a generic method once for each
// item type, and again in each package that sees the list. Code in this file is compiled once, not once
// per item type. Methods that return functions are not inlined, because each copy would bring copies of
// these functions. A list has a pointer to its pages, because each copy of a method passes it on.
type pages struct {
	op    string
	top   int
	start *string // link to the first page; nil for the beginning
	fetch func(ctx context.Context, link string) (untypedPage, error)
}

// untypedPage is a [Page] without the type of its items.
type untypedPage struct {
	page any // a *Page
	size int // number of its items up to the limit
	next string
	last bool // whether the limit of the list is reached
}

// orEmpty returns p, or the pages of the zero [List].
func (p *pages) orEmpty() *pages {
	if p == nil {
		return &pages{}
	}
	return p
}

//go:noinline
func (p *pages) atMost(n int) *pages {
	limited := *p.orEmpty()
	limited.top = n
	return &limited
}

//go:noinline
func (p *pages) from(link string) *pages {
	begun := *p.orEmpty()
	begun.start = &link
	return &begun
}

//go:noinline
func (p *pages) String() string { return cmp.Or(p.orEmpty().op, "empty list") }

// each calls take with each page until take returns false. need is the number of items that take can use, 0
// for all.
func (p *pages) each(ctx context.Context, need int, take func(untypedPage) bool) error {
	if p = p.orEmpty(); p.fetch == nil {
		return nil
	}
	if p.top < 0 {
		return p.refused(p.top, "must not be negative")
	}
	run := pager{pages: p, left: p.top, need: need, seen: map[linkHash]bool{}}
	if p.start != nil {
		run.link = *p.start
	}
	if p.start != nil && run.link == "" {
		return p.failed(&apierr.FieldError{Field: "link", Rule: "must not be empty"})
	}
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

// collect calls take with each page, the last one cut off at limit.
func (p *pages) collect(ctx context.Context, limit int, take func(untypedPage)) error {
	p = p.orEmpty()
	if limit < 1 {
		return p.refused(limit, "must be 1 or more")
	}
	left, more := limit, false
	oneMore := max(0, limit+1) // shows that there are too many; 0 if no number is larger
	err := p.each(ctx, oneMore, func(s untypedPage) bool {
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

// first calls take with the first page that has an item.
func (p *pages) first(ctx context.Context, take func(untypedPage)) error {
	p = p.orEmpty()
	found := false
	err := p.each(ctx, 1, func(s untypedPage) bool {
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

func (p *pages) refused(limit int, rule string) error {
	return p.failed(&apierr.FieldError{Field: "limit", Value: strconv.Itoa(limit), Rule: rule})
}

func (p *pages) failed(err error) error { return &apierr.Error{Op: p.op, Err: err} }

// pager reads the pages of a list once.
type pager struct {
	*pages
	left  int               // number of items up to the limit, if there is one
	need  int               // number of items that the caller can use; 0 for all
	link  string            // of the next page; empty before the first page and after the last
	seen  map[linkHash]bool // links that were requested; they can be too long to keep them all
	empty int               // consecutive pages without an item
}

type linkHash [sha256.Size]byte

// next returns the next page, cut off at the limit.
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
	if p.need > 0 {
		p.need = max(1, p.need-s.size)
	}
	p.link = s.next
	return s, nil
}

func (p *pager) fetchPage(ctx context.Context) (untypedPage, error) {
	hash := linkHash(sha256.Sum256([]byte(p.link)))
	if p.seen[hash] {
		return untypedPage{}, p.failed(fmt.Errorf("the service repeated a next link on page %d", len(p.seen)))
	}
	p.seen[hash] = true
	s, err := p.fetch(withNeed(ctx, p.needed()), p.link)
	if err == nil && s.page == nil {
		err = p.failed(errors.New("fetch returned neither a page nor an error"))
	}
	return s, err
}

// needed is the smaller of both limits, 0 for none.
func (p *pager) needed() int {
	if p.top > 0 && (p.need == 0 || p.left < p.need) {
		return p.left
	}
	return p.need
}

// needKey is the key of the number of items that are needed.
type needKey struct{}

// withNeed leaves a nil context to the call, which rejects it.
func withNeed(ctx context.Context, items int) context.Context {
	if ctx == nil || items == 0 {
		return ctx
	}
	return context.WithValue(ctx, needKey{}, items)
}

// ItemsNeeded returns how many items the caller of a list can still use, or 0 for all. Use it in a function
// for [NewList] that sends further requests for each item: it can leave out the items after that number.
func ItemsNeeded(ctx context.Context) int {
	n, _ := ctx.Value(needKey{}).(int)
	return n
}

// maxEmpty is the largest number of consecutive pages without an item.
const maxEmpty = 1_000

// countEmpty ends a list whose empty pages do not end.
func (p *pager) countEmpty(s untypedPage) error {
	p.empty++
	if s.size > 0 || s.next == "" {
		p.empty = 0
	}
	if p.empty == maxEmpty {
		return p.failed(fmt.Errorf("the service sent %d consecutive pages without an item", maxEmpty))
	}
	return nil
}
