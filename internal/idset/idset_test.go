package idset

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	first  = "0000000a-0000-0000-0000-000000000001"
	second = "0000000b-0000-0000-0000-000000000002"
)

func of(ids ...string) *Set {
	var s Set
	for _, id := range ids {
		s.Add(id)
	}
	s.Sort()
	return &s
}

func TestASetHasEachIDOnceWhateverItsCase(t *testing.T) {
	t.Parallel()
	s := of(second, first, first, "Device", "device")
	require.Equal(t, 3, s.Len())
	for _, id := range []string{first, strings.ToUpper(first), second, "DEVICE"} {
		require.True(t, s.Has(id), id)
	}
	for _, id := range []string{"", "other", strings.ReplaceAll(first, "-", ""), "{" + first + "}"} {
		require.False(t, s.Has(id), id)
	}
	require.False(t, of(first).Has("device"), "a set of GUIDs alone")
}

func TestAMarkStaysUntilItIsCleared(t *testing.T) {
	t.Parallel()
	s := of(first, second, "Device")
	require.True(t, s.Mark(strings.ToUpper(first)))
	require.True(t, s.Mark("device"))
	require.False(t, s.Mark("other"))
	require.True(t, s.IsMarked(first))
	require.False(t, s.IsMarked(second))
	require.False(t, s.IsMarked("other"))
	require.Equal(t, []string{second}, slices.Collect(s.Unmarked()))
	s.ClearMarks()
	require.Equal(t, []string{first, second, "Device"}, slices.Collect(s.Unmarked()), "GUIDs in order, then the others")
}

func TestTheUnmarkedCanBeReadInPart(t *testing.T) {
	t.Parallel()
	for _, s := range []*Set{of(first, second), of("x", "y")} {
		count := 0
		for range s.Unmarked() {
			count++
			break
		}
		require.Equal(t, 1, count)
	}
}

func TestAGUIDIsWrittenAsItWasAdded(t *testing.T) {
	t.Parallel()
	upper := strings.ToUpper(first)
	require.Equal(t, []string{upper}, slices.Collect(of(upper).Unmarked()))
	var folded Set
	require.True(t, folded.AddFolded(upper))
	require.True(t, folded.AddFolded(first))
	require.False(t, folded.AddFolded("Device"))
	require.False(t, folded.AddFolded("00000000-0000-0000-0000-000000000000"))
	folded.Sort()
	require.Equal(t, []string{"00000000-0000-0000-0000-000000000000", first, "Device"}, slices.Collect(folded.Unmarked()))
}

func TestAllYieldsGUIDsAndThenOtherIDsInOrder(t *testing.T) {
	t.Parallel()
	var s Set
	for _, id := range []string{"z", "00000000-0000-4000-8000-000000000002", "A", "00000000-0000-4000-8000-000000000001", "m"} {
		s.Add(id)
	}
	s.Sort()
	want := []string{"00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-000000000002", "A", "m", "z"}
	require.Equal(t, want, slices.Collect(s.All()))
	for range s.All() {
		break
	}
}
