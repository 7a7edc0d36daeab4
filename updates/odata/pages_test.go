package odata_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

func TestCollectEndsWithTheFirstItemTooMany(t *testing.T) {
	t.Parallel()
	list, asked := pages(0, 2, 2, 2)
	items, err := list.Collect(t.Context(), 6)
	require.NoError(t, err, "as many as the limit are not too many")
	require.Equal(t, []int{1, 2, 3, 4, 5, 6}, items)

	*asked = 0
	items, err = list.Collect(t.Context(), 3)
	require.ErrorIs(t, err, apierr.ErrTooMany)
	require.Equal(t, []int{1, 2, 3}, items)
	require.Equal(t, 2, *asked, "no further page is requested")
}

func TestTheFirstItemCanFollowEmptyPages(t *testing.T) {
	t.Parallel()
	list, asked := pages(0, 0, 0, 2, 2)
	item, err := list.First(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, item)
	require.Equal(t, 3, *asked)
}

func TestAPageWithItemsStartsTheCountOfEmptyPagesAgain(t *testing.T) {
	t.Parallel()
	full := slices.Repeat([]int{1}, 1_001)
	empty := make([]int, 999)
	list, _ := pages(0, slices.Concat(full, empty, full, empty, full)...)
	items, err := list.Collect(t.Context(), 10_000)
	require.NoError(t, err)
	require.Len(t, items, 3*len(full))
}

func TestAListOfNoFunctionIsEmpty(t *testing.T) {
	t.Parallel()
	require.Empty(t, collect(t, odata.NewList[int]("x", 0, nil)))
}

func TestAFunctionOfAListKnowsHowManyItemsAreNeeded(t *testing.T) {
	t.Parallel()
	var needed []int
	list := func(top int) odata.List[int] {
		needed = nil
		return odata.NewList("x", top, func(ctx context.Context, link string) (*odata.Page[int], error) {
			needed = append(needed, odata.ItemsNeeded(ctx))
			return &odata.Page[int]{Items: []int{1, 2}, NextLink: link + "x"}, nil
		})
	}
	for _, err := range list(3).All(t.Context()) {
		require.NoError(t, err)
	}
	require.Equal(t, []int{3, 1}, needed)
	_, err := list(0).Collect(t.Context(), 3)
	require.ErrorIs(t, err, apierr.ErrTooMany)
	require.Equal(t, []int{4, 2}, needed)
	_, err = list(3).Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Equal(t, []int{3, 1}, needed)
	_, err = list(0).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, []int{1}, needed)
	_, err = list(5).Collect(t.Context(), math.MaxInt)
	require.NoError(t, err)
	require.Equal(t, []int{5, 3, 1}, needed)
	for _, err := range list(0).All(t.Context()) {
		require.NoError(t, err)
		break
	}
	require.Equal(t, []int{0}, needed)
	require.Zero(t, odata.ItemsNeeded(t.Context()))
}
