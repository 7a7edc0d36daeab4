package odata

import (
	"context"
	"iter"
	"slices"
)

// List lists a collection page by page. It sends nothing by itself: each range
// over [List.All] or [List.Pages] and each [List.Collect] or [List.First] asks
// the service anew. A List may be copied and used by many goroutines at once.
// The zero List is empty.
type List[T any] struct{ pages pages }

// NewList returns the list whose pages fetch gives: the first one for an empty
// link, then the one behind each next link. op names the operation in errors
// that the list itself makes; top limits the number of items, 0 for no limit.
// The areas of the SDK make their lists with it, and tests can make their own.
func NewList[T any](op string, top int, fetch func(ctx context.Context, link string) (*Page[T], error)) List[T] {
	if fetch == nil {
		return List[T]{}
	}
	return List[T]{pages{op: op, top: top, fetch: func(ctx context.Context, link string) (untypedPage, error) {
		page, err := fetch(ctx, link)
		if err != nil || page == nil {
			return untypedPage{}, err
		}
		return untypedPage{page: page, size: len(page.Items), next: page.NextLink}, nil
	}}}
}

// AtMost returns the list with at most n items, counted on this side, in place of
// the limit it had; 0 removes the limit, and a negative n is refused when the list
// is used. Where the service should know the limit too, use [Query.Top].
func (l List[T]) AtMost(n int) List[T] {
	l.pages.top = n
	return l
}

// All yields the items of all pages in the order of the service. An error is
// yielded once, beside the zero T, and ends the iteration; items that were
// yielded before it are valid. Stopping early asks for no further page.
//
//go:noinline
func (l List[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := l.pages.each(ctx, func(s untypedPage) bool {
			for _, item := range itemsOf[T](s) {
				if !yield(item, nil) {
					return false
				}
			}
			return true
		})
		if err != nil {
			var zero T
			yield(zero, err)
		}
	}
}

// Pages yields the pages as the service sends them, empty ones included, cut off
// where the list's limit is reached. An error is yielded once, beside a nil
// page, and ends the iteration. A next link that was seen before is an error, and so
// are a thousand pages in a row without an item.
//
//go:noinline
func (l List[T]) Pages(ctx context.Context) iter.Seq2[*Page[T], error] {
	return func(yield func(*Page[T], error) bool) {
		err := l.pages.each(ctx, func(s untypedPage) bool {
			page := s.page.(*Page[T])
			if s.last {
				page = &Page[T]{Items: page.Items[:s.size], Skipped: page.Skipped, Total: page.Total}
			}
			return yield(page, nil)
		})
		if err != nil {
			yield(nil, err)
		}
	}
}

// Collect returns all items when there are at most limit of them. When there are
// more it returns the first limit items and an error that is
// [apierr.ErrTooMany]: never a silent cut. On any other error the items before it
// are returned with it. limit must be 1 or more.
func (l List[T]) Collect(ctx context.Context, limit int) ([]T, error) {
	items := []T{}
	err := l.pages.collect(ctx, limit, func(s untypedPage) { items = append(items, itemsOf[T](s)...) })
	return slices.Clip(items), err
}

// First returns the first item. When the list is empty the error is
// [apierr.ErrNotFound].
func (l List[T]) First(ctx context.Context) (T, error) {
	var item T
	err := l.pages.first(ctx, func(s untypedPage) { item = itemsOf[T](s)[0] })
	return item, err
}

// itemsOf are the items of a untypedPage that count.
func itemsOf[T any](s untypedPage) []T { return s.page.(*Page[T]).Items[:s.size] }
