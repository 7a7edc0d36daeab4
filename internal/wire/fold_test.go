package wire

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

func TestFoldedTextsAreEqualWithoutCase(t *testing.T) {
	t.Parallel()
	for r := range rune(unicode.MaxRune) {
		other := unicode.SimpleFold(r)
		if other == r {
			continue
		}
		require.Equal(t, Fold(string(r)), Fold(string(other)), "%q", r)
		require.True(t, strings.EqualFold(Fold(string(r)), string(r)), "%q", r)
	}
	require.Equal(t, Fold("οδος-1"), Fold("ΟΔΟΣ-1"))
	require.NotEqual(t, Fold("İ"), Fold("i"))
}
