package idset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/idset"
)

func TestDuplicatesAreFoundWhateverTheirCase(t *testing.T) {
	t.Parallel()
	const guid = "abcdef00-0000-4000-8000-000000000001"
	seen := idset.NewSeen(0)
	for _, c := range []struct {
		id            string
		isNew, isGUID bool
	}{
		{guid, true, true}, {strings.ToUpper(guid), false, true}, {guid, false, true},
		{"DESKTOP-1", true, false}, {"desktop-1", false, false}, {"", true, false},
		{"{" + guid + "}", true, false}, {strings.ReplaceAll(guid, "-", ""), true, false}, {guid[:35] + "g", true, false},
		{"00000000-0000-0000-0000-000000000000", true, false}, {guid[:35] + "2", true, true},
	} {
		isNew, isGUID := seen.Add(c.id)
		require.Equal(t, c.isNew, isNew, c.id)
		require.Equal(t, c.isGUID, isGUID, c.id)
	}
}

func TestManyIDsAreFoundAgain(t *testing.T) {
	t.Parallel()
	const n = 100_000
	for _, expected := range []int{0, n} {
		seen := idset.NewSeen(expected)
		for i := range 2 * n {
			isNew, isGUID := seen.Add(fmt.Sprintf("%08x-0000-4000-8000-000000000001", i%n))
			if isNew != (i < n) || !isGUID {
				require.Fail(t, "not found", "%d", i)
			}
		}
	}
}

func FuzzAGUIDIsParsedAsByOthers(f *testing.F) {
	for _, text := range []string{
		"abcdef00-0000-4000-8000-000000000001", "ABCDEF00-0000-4000-8000-00000000000g", "abcdef000-000-4000-8000-000000000001",
		"abcdef00-0000-4000-8000-0000000000-1", "\xff\xffcdef00-0000-4000-8000-000000000001",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		guid, err := uuid.Parse(text)
		want := err == nil && len(text) == 36
		require.Equal(t, want, idset.IsGUID(text), text)
		if want {
			var set idset.Set
			set.Add(strings.ToLower(text))
			set.Sort()
			require.Equal(t, []string{guid.String()}, slices.Collect(set.All()))
		}
	})
}
