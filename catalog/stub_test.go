package catalog_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
)

// onSimulator returns a client on a new simulator.
func onSimulator(t *testing.T) *updates.Client {
	t.Helper()
	client, _ := stub.OnSimulator(t, nil)
	return client
}

// requireRead fails the test if a request is no GET of this path with this query.
func requireRead(t *testing.T, got stub.Request, path string, query url.Values) {
	t.Helper()
	require.Equal(t, "GET "+path, got.Method+" "+got.Path)
	require.Equal(t, query, got.URL.Query())
}
