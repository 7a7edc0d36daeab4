package stub

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ThroughJSON returns what becomes of a value that is stored.
func ThroughJSON[T any](t testing.TB, value T) (read T) {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &read), string(text))
	return read
}

// RequireStored requires that a stored value comes back as it was.
func RequireStored(t testing.TB, value any, message ...any) {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err, message...)
	read := reflect.New(reflect.TypeOf(value))
	require.NoError(t, json.Unmarshal(text, read.Interface()), string(text))
	require.Equal(t, value, read.Elem().Interface(), message...)
}

// RequireStrict requires an error with the path of each unknown property of a stored value, and of one
// that is given twice. The properties in except are of other packages.
func RequireStrict(t testing.TB, value any, except ...string) {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	read := func(text string) error {
		return json.Unmarshal([]byte(text), reflect.New(reflect.TypeOf(value)).Interface())
	}
	for path, text := range WithUnknown(t, string(text), except...) {
		err := read(text)
		require.Error(t, err, text)
		problem, _ := strings.CutSuffix(err.Error(), `; to send it, put it in "extra"`) // which not all types have
		require.Equal(t, indexes.ReplaceAllString(path, "")+": unknown property",
			indexes.ReplaceAllString(problem, ""), text)
	}
	if isObject := text[0] == '{' && len(text) > 2; isObject {
		twice := string(text[:len(text)-1]) + `,` + string(text[1:])
		require.ErrorContains(t, read(twice), "property is given twice", twice)
	}
}

// indexes are those of items, which not all paths have.
var indexes = regexp.MustCompile(`\b\d+\.`)
