package call_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
)

// Each round has as many requests in flight as there are goroutines. The clock of the bubble stands still
// meanwhile: net/http gives up a connection whose writer takes more than 50 ms to report, which happens on a
// busy machine.
func TestConcurrentCallsReuseTheirConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const goroutines, rounds = 16, 4
		var together atomic.Pointer[sync.WaitGroup]
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			together.Load().Done()
			together.Load().Wait()
			_, _ = w.Write([]byte(`{"id":"d1"}`))
		}))
		var connections atomic.Int32
		server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				connections.Add(1)
			}
		}
		server.Start()
		t.Cleanup(server.Close)
		client, err := updates.NewClient(stub.Token{}, &updates.Options{Endpoint: server.URL})
		require.NoError(t, err)
		for range rounds {
			arrived := &sync.WaitGroup{}
			arrived.Add(goroutines)
			together.Store(arrived)
			var calls sync.WaitGroup
			for range goroutines {
				calls.Go(func() {
					if _, err := client.Deployments().Get(t.Context(), "d1"); err != nil {
						t.Error(err)
					}
				})
			}
			calls.Wait()
		}
		require.EqualValues(t, goroutines, connections.Load())
	})
}
