package odata_test

import (
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
