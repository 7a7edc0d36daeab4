package stub

import (
	"context"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// InBubble runs a parallel subtest with a clock of its own.
func InBubble(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, test)
	})
}

// Made returns a function that takes the result of a call, and fails the test if the call
// failed: stub.Made[audience.Audience](t)(client.Audiences().Create(ctx)).
func Made[T any](t *testing.T) func(*T, error) *T {
	return func(one *T, err error) *T {
		t.Helper()
		require.NoError(t, err)
		return one
	}
}

// Within returns the context of a test with a deadline.
func Within(t testing.TB, d time.Duration) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

// Testdata returns the content of a file in the directory testdata of the package.
func Testdata(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	require.NoError(t, err)
	return string(text)
}
