package stub

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// Documented is a request of the service's documentation. Its path has {id} for ids.
type Documented struct {
	Name, Method, Path string
	Body               json.RawMessage
}

// EachDocumented runs a parallel subtest for each request in testdata/requests.json, with what sends it. sends
// must have them all, by name, and nothing else.
func EachDocumented[S any](t *testing.T, sends map[string]S, test func(t *testing.T, want Documented, send S)) {
	t.Helper()
	var all []Documented
	require.NoError(t, json.Unmarshal([]byte(Testdata(t, "requests.json")), &all))
	require.Len(t, all, len(sends))
	for _, want := range all {
		t.Run(want.Name, func(t *testing.T) {
			t.Parallel()
			require.Contains(t, sends, want.Name)
			test(t, want, sends[want.Name])
		})
	}
}
