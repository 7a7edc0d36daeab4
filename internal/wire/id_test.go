package wire

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnIDIsTheSameInEitherCase(t *testing.T) {
	t.Parallel()
	require.True(t, SameID("0a", "0A"))
	require.False(t, SameID("0a", "0b"))
	require.True(t, HasID([]string{"0b", "0A"}, "0a"))
	require.False(t, HasID([]string{"0b"}, "0a"))
	require.False(t, HasID(nil, ""))
}
