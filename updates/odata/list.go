package odata

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// List lists a collection page by page. It sends nothing by itself: each range
// over [List.All] or [List.Pages] and each [List.Collect] or [List.First] asks
// the service anew. A List may be copied and used by many goroutines at once.
// The zero List is empty.
type List[T any] struct {
	op    string
	top   int
	fetch func(ctx context.Context, link string) (*Page[T], error)
}

// NewList returns the list whose pages fetch gives: the first one for an empty
// link, then the one behind each next link. op names the operation in errors
// that the list itself makes; top limits the number of items, 0 for no limit.
// The areas of the SDK make their lists with it, and tests can make their own.
func NewList[T any](op string, top int, fetch func(ctx context.Context, link string) (*Page[T], error)) List[T] {
	return List[T]{op: op, top: top, fetch: fetch}
}

// AtMost returns the list with at most n items, counted on this side, in place of
// the limit it had; 0 removes the limit, and a negative n is refused when the list
// is used. Where the service should know the limit too, use [Query.Top].
func (l List[T]) AtMost(n int) List[T] {
	l.top = n
	return l
}

// All yields the items of all pages in the order of the service. An error is
// yielded once, beside the zero T, and ends the iteration; items that were
// yielded before it are valid. Stopping early asks for no further page.
func (l List[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for page, err := range l.Pages(ctx) {
			if err != nil {
				var zero T
				yield(zero, err)
				return
			}
			for _, item := range page.Items {
				if !yield(item, nil) {
					return
				}
			}
		}
	}
}

// Pages yields the pages as the service sends them, empty ones included, cut off
// where the list's limit is reached. An error is yielded once, beside a nil
// page, and ends the iteration. A next link that was seen before is an error, and so
// are a thousand pages in a row without an item.
func (l List[T]) Pages(ctx context.Context) iter.Seq2[*Page[T], error] {
	return func(yield func(*Page[T], error) bool) {
		if l.fetch == nil {
			return
		}
		if l.top < 0 {
			yield(nil, &apierr.Error{Op: l.op, Err: &apierr.FieldError{Field: "limit", Value: fmt.Sprint(l.top), Rule: "must not be negative"}})
			return
		}
		left, seen, link, empty := l.top, map[string]bool{}, "", 0
		for {
			page, err := l.next(ctx, link, seen)
			if err == nil {
				empty, err = l.countEmpty(empty, page)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			last := l.top > 0 && len(page.Items) >= left
			if last {
				page = &Page[T]{Items: page.Items[:left], Skipped: page.Skipped, Total: page.Total}
			}
			left -= len(page.Items)
			link = page.NextLink
			if !yield(page, nil) || link == "" {
				return
			}
		}
	}
}

func (l List[T]) next(ctx context.Context, link string, seen map[string]bool) (*Page[T], error) {
	if seen[link] {
		return nil, &apierr.Error{Op: l.op, Err: fmt.Errorf("the service repeated a next link after %d pages", len(seen))}
	}
	seen[link] = true
	page, err := l.fetch(ctx, link)
	if err == nil && page == nil {
		err = &apierr.Error{Op: l.op, Err: errors.New("there is neither a page nor an error")}
	}
	return page, err
}

// maxEmpty is how many pages without an item may follow one another.
const maxEmpty = 1_000

// countEmpty counts the pages without an item up to this one.
func (l List[T]) countEmpty(before int, page *Page[T]) (int, error) {
	if len(page.Items) > 0 || page.NextLink == "" {
		return 0, nil
	}
	if before+1 == maxEmpty {
		return 0, &apierr.Error{Op: l.op, Err: fmt.Errorf("the service sent %d pages in a row without an item", maxEmpty)}
	}
	return before + 1, nil
}

// Collect returns all items when there are at most limit of them. When there are
// more it returns the first limit items and an error that is
// [apierr.ErrTooMany]: never a silent cut. On any other error the items before it
// are returned with it. limit must be 1 or more.
func (l List[T]) Collect(ctx context.Context, limit int) ([]T, error) {
	if limit < 1 {
		return nil, &apierr.Error{Op: l.op, Err: &apierr.FieldError{Field: "limit", Value: fmt.Sprint(limit), Rule: "must be 1 or more"}}
	}
	items := []T{}
	for page, err := range l.Pages(ctx) {
		if err != nil {
			return items, err
		}
		if room := limit - len(items); len(page.Items) > room {
			return append(items, page.Items[:room]...), &apierr.Error{Op: l.op, Err: fmt.Errorf("%w: more than %d", apierr.ErrTooMany, limit)}
		}
		items = append(items, page.Items...)
	}
	return slices.Clip(items), nil
}

// First returns the first item. When the list is empty the error is
// [apierr.ErrNotFound].
func (l List[T]) First(ctx context.Context) (T, error) {
	for item, err := range l.All(ctx) {
		return item, err
	}
	var zero T
	return zero, &apierr.Error{Op: l.op, Err: apierr.ErrNotFound}
}
