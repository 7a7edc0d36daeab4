package kjson

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestADocumentHasNoMoreValuesThanItsSizeAllows(t *testing.T) {
	t.Parallel()
	list := func(item string, n int) []byte { return []byte("[" + strings.Repeat(item+",", n-1) + item + "]") }
	for item, n := range map[string]int{`{}`: 30_000, `0`: 200_000, `{"a":0}`: 20_000, `{"id":"` + strings.Repeat("a", 36) + `"}`: 50_000} {
		doc, err := parse(list(item, n))
		require.NoError(t, err, item)
		doc.free()
	}
	for item, n := range map[string]int{`{}`: 40_000, `0`: 400_000, `{"a":0}`: 40_000} {
		_, err := parse(list(item, n))
		require.EqualError(t, err, "the content has too many values for its size", item)
	}
}
