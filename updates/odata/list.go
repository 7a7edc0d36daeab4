package odata

import (
	"context"
	"iter"
	"slices"
)

// List lists a collection page by page. It sends nothing until it is used. Each range over [List.All] or
// [List.Pages], and each call of [List.Collect] or [List.First], reads the collection again. A List is
// safe for concurrent use and can be copied. The zero List is empty.
type List[T any] struct{ pages *pages }

// NewList returns a list that reads its pages with fetch. Use it in tests; the packages of the SDK make
// their lists with it. The function fetch gets an empty link for the first page, then each next link. The
// operation op is in the errors of the list. The limit top is the largest number of items; 0 is no limit.
func NewList[T any](op string, top int, fetch func(ctx context.Context, link string) (*Page[T], error)) List[T] {
	if fetch == nil {
		return List[T]{}
	}
	return List[T]{&pages{op: op, top: top, fetch: func(ctx context.Context, link string) (untypedPage, error) {
		page, err := fetch(ctx, link)
		if err != nil || page == nil {
			return untypedPage{}, err
		}
		return untypedPage{page: page, size: len(page.Items), next: page.NextLink}, nil
	}}}
}

// AtMost returns the list with a limit of n items, counted client-side, instead of the limit that it had.
// To send the limit to the service too, use [Query.Top]. If n is 0 there is no limit. If n is negative,
// using the list returns an error.
func (l List[T]) AtMost(n int) List[T] {
	return List[T]{l.pages.atMost(n)}
}

// From returns the list that begins at a next link of the same list, which a program has kept; see
// [Page.NextLink]. The link has the conditions of the list. Items before the link are left out, and a
// limit counts from the link. Using the list returns an error if link is empty or leads to another host.
// Links expire after some time.
func (l List[T]) From(link string) List[T] { return List[T]{l.pages.from(link)} }

// String returns the operation of the list, such as "deployments.List".
func (l List[T]) String() string { return l.pages.String() }

// All yields the items of all pages in the order of the service. An error is yielded once, with the zero
// T, and ends the iteration; earlier items are valid. If you stop early, no further page is requested.
//
//go:noinline
func (l List[T]) All(ctx context.Context) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := l.pages.each(ctx, 0, func(s untypedPage) bool {
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

// Pages yields the pages as the service sends them, including empty ones. The last page is cut off at
// the limit of the list. An error is yielded once, with a nil page, and ends the iteration. A repeated
// next link is an error, and so are 1,000 consecutive pages without an item.
//
//go:noinline
func (l List[T]) Pages(ctx context.Context) iter.Seq2[*Page[T], error] {
	return func(yield func(*Page[T], error) bool) {
		err := l.pages.each(ctx, 0, func(s untypedPage) bool {
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

// Collect returns all items as a slice, at most limit of them. If there are more, it returns the first
// limit items and [apierr.ErrTooMany]. With any other error it returns the items before the error. limit
// must be 1 or more.
func (l List[T]) Collect(ctx context.Context, limit int) ([]T, error) {
	items := []T{}
	err := l.pages.collect(ctx, limit, func(s untypedPage) { items = append(items, itemsOf[T](s)...) })
	return slices.Clip(items), err
}

// First returns the first item. If the list is empty, the error is [apierr.ErrNotFound].
func (l List[T]) First(ctx context.Context) (T, error) {
	var item T
	err := l.pages.first(ctx, func(s untypedPage) { item = itemsOf[T](s)[0] })
	return item, err
}

// itemsOf are the items of a page up to the limit.
func itemsOf[T any](s untypedPage) []T { return s.page.(*Page[T]).Items[:s.size] }
