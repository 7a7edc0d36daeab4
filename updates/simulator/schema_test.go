package simulator

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheSchemaNamesOnlyWhatItDeclares(t *testing.T) {
	t.Parallel()
	schema := newSchema()
	isDeclared := func(kind string) bool {
		_, ok := schema.Types[kind]
		return ok || slices.Contains([]string{"text", "flag", "number", "time", "word"}, kind)
	}
	for name, kind := range schema.Types {
		require.True(t, kind.Base == "" || isDeclared(kind.Base), "base of %s: %s", name, kind.Base)
		for _, property := range strings.FieldsFunc(kind.Properties, func(r rune) bool { return r == ',' }) {
			words := strings.Fields(property)
			require.Len(t, words, 2, "%s: %s", name, property)
			require.True(t, isDeclared(strings.TrimPrefix(words[1], "[]")), "%s: %s", name, property)
		}
		for _, e := range kind.Expandable {
			_, err := schema.ParseQuery(url.Values{"$expand": {e.Path}}, name)
			require.NoError(t, err, name)
			if e.With != "" {
				_, err := schema.ParseQuery(url.Values{"$expand": {e.Path + "($expand=" + e.With + ")"}}, name)
				require.NoError(t, err, name)
			}
		}
	}
}
