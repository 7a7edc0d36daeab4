package stub

import (
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// RequireDistinctNames requires that no field and method of a type are the same word: a field is a noun, and a
// fluent method a participle.
func RequireDistinctNames(t testing.TB, typ reflect.Type) {
	t.Helper()
	for field := range typ.Fields() {
		for method := range typ.Methods() {
			require.NotEqual(t, stem(field.Name), stem(method.Name), "%v.%s and %s", typ, field.Name, method.Name)
		}
	}
}

// stem is a word without the endings of participles.
func stem(word string) string {
	for _, ending := range []string{"ing", "ed", "e"} {
		word = strings.TrimSuffix(strings.ToLower(word), ending)
	}
	return word
}
