package odata_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// pages is a list whose pages have the numbers 1, 2, 3, … in pages of these sizes,
// and the count of the pages that were asked for.
func pages(top int, sizes ...int) (odata.List[int], *int) {
	asked := 0
	prepared := make([]*odata.Page[int], len(sizes))
	item := 0
	for i, size := range sizes {
		prepared[i] = &odata.Page[int]{}
		for range size {
			item++
			prepared[i].Items = append(prepared[i].Items, item)
		}
		if i < len(sizes)-1 {
			prepared[i].NextLink = strconv.Itoa(i + 1)
		}
	}
	return odata.NewList("numbers.List", top, func(_ context.Context, link string) (*odata.Page[int], error) {
		asked++
		n, _ := strconv.Atoi(link) // the first link is empty
		return prepared[n], nil
	}), &asked
}

func collect(t *testing.T, l odata.List[int]) []int {
	t.Helper()
	items, err := l.Collect(t.Context(), 1000)
	require.NoError(t, err)
	return items
}

func TestAListIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	for _, top := range []int{0, 3} {
		list, _ := pages(top, 2, 0, 2)
		first := collect(t, list)
		require.Equal(t, first, collect(t, list), "fetch owns the page that was cut off")
		require.Len(t, first, map[int]int{0: 4, 3: 3}[top])
	}
}

func TestTheLimitOfAListCanBeChanged(t *testing.T) {
	t.Parallel()
	for limit, want := range map[int]int{1: 1, 4: 4, 5: 5, 99: 6, 0: 6} {
		list, _ := pages(2, 2, 2, 2)
		require.Len(t, collect(t, list.AtMost(limit)), want)
		require.Len(t, collect(t, list), 2, "the list itself stays as it was")
	}
	list, asked := pages(2, 2, 2, 2)
	_, err := list.AtMost(-1).First(t.Context())
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.Zero(t, *asked)
}

func TestNoPageIsRequestedAfterTheLimit(t *testing.T) {
	t.Parallel()
	list, asked := pages(2, 2, 2)
	require.Equal(t, []int{1, 2}, collect(t, list))
	require.Equal(t, 1, *asked)
}

func TestThePagesOfALimitedListEndWithTheLimit(t *testing.T) {
	t.Parallel()
	list, _ := pages(3, 2, 2, 2)
	var sizes []int
	var links []string
	for page, err := range list.Pages(t.Context()) {
		require.NoError(t, err)
		sizes, links = append(sizes, len(page.Items)), append(links, page.NextLink)
	}
	require.Equal(t, []int{2, 1}, sizes)
	require.Equal(t, []string{"1", ""}, links)
}

func TestStoppingInTheMiddleEndsQuietly(t *testing.T) {
	t.Parallel()
	list, asked := pages(0, 2, 2)
	for _, err := range list.Pages(t.Context()) {
		require.NoError(t, err)
		break
	}
	for item, err := range list.All(t.Context()) {
		require.NoError(t, err)
		if item == 2 {
			break
		}
	}
	require.Equal(t, 2, *asked)
}

func TestCollectRejectsALimitBelowOne(t *testing.T) {
	t.Parallel()
	list, asked := pages(0, 2)
	for _, limit := range []int{0, -1} {
		_, err := list.Collect(t.Context(), limit)
		require.ErrorIs(t, err, apierr.ErrInvalid)
	}
	require.Zero(t, *asked)
}

func TestCollectReturnsTheItemsBeforeAnError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	list := odata.NewList("x", 0, func(_ context.Context, link string) (*odata.Page[int], error) {
		if link != "" {
			return nil, broken
		}
		return &odata.Page[int]{Items: []int{1}, NextLink: "more"}, nil
	})
	items, err := list.Collect(t.Context(), 10)
	require.ErrorIs(t, err, broken)
	require.Equal(t, []int{1}, items)
}

func TestAnErrorEndsPagesAndItemsOfALoopThatContinues(t *testing.T) {
	t.Parallel()
	list := odata.NewList("x", 0, func(context.Context, string) (*odata.Page[int], error) { return nil, errors.New("broken") })
	failures := 0
	for page, err := range list.Pages(t.Context()) {
		require.Nil(t, page)
		require.Error(t, err)
		failures++
	}
	for item, err := range list.All(t.Context()) {
		require.Zero(t, item)
		require.Error(t, err)
		failures++
	}
	require.Equal(t, 2, failures)
}

func TestCollectOfNothingIsEmptyAndNotNil(t *testing.T) {
	t.Parallel()
	list, _ := pages(0, 0, 0)
	require.Equal(t, []int{}, collect(t, list))
}

func TestTheZeroListIsEmpty(t *testing.T) {
	t.Parallel()
	var list odata.List[int]
	require.Empty(t, collect(t, list))
	_, err := list.First(t.Context())
	require.EqualError(t, err, "not found")
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

func TestAFunctionThatReturnsNoPageIsAnError(t *testing.T) {
	t.Parallel()
	var none *odata.Page[int]
	list := odata.NewList("x.List", 0, func(context.Context, string) (*odata.Page[int], error) { return none, nil })
	_, err := list.First(t.Context())
	require.ErrorContains(t, err, "x.List: ")
}

func TestAListIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	list := odata.NewList("x", 0, func(_ context.Context, link string) (*odata.Page[int], error) {
		if link == "" {
			return &odata.Page[int]{Items: []int{1}, NextLink: "2"}, nil
		}
		return &odata.Page[int]{Items: []int{2}}, nil
	})
	var goroutines sync.WaitGroup
	sums := make(chan int, 16)
	for range 16 {
		goroutines.Go(func() {
			sum := 0
			for item, err := range list.All(t.Context()) {
				if err == nil {
					sum += item
				}
			}
			sums <- sum
		})
	}
	goroutines.Wait()
	close(sums)
	for sum := range sums {
		require.Equal(t, 3, sum)
	}
}

func TestAPageAndAListPrintOneLine(t *testing.T) {
	t.Parallel()
	total := int64(7)
	require.Equal(t, "2 items of 7, more pages follow", fmt.Sprint(&odata.Page[int]{Items: []int{1, 2}, Total: &total, NextLink: "x"}))
	require.Equal(t, "1 item", fmt.Sprint(&odata.Page[int]{Items: []int{1}}))
	list, _ := pages(0, 1)
	require.Equal(t, "numbers.List", fmt.Sprint(list))
	require.Equal(t, "empty list", fmt.Sprint(odata.List[int]{}))
}
