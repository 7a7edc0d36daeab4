package soak

import (
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	goroutines  = 64
	unavailable = 0.10 // of the requests; 429 would pace all callers, which takes minutes
	broken      = 0.02 // of the connections, half of them after the effect

	heapMayGrow = 24 << 20
)

func TestTheServiceHoldsWhatItsCallersWereTold(t *testing.T) {
	began := runtime.NumGoroutine()
	s := newService(t)
	client := s.newClient(t)
	workers := newWorkers(t, client)
	s.misbehave()
	half := length(t) / 2

	run(t, workers, half)
	heap, running := stub.LiveHeap(), runtime.NumGoroutine()
	run(t, workers, half)
	require.Less(t, stub.LiveHeap(), heap+heapMayGrow)
	require.Less(t, runtime.NumGoroutine(), running+3*goroutines, "a connection has three")
	require.LessOrEqual(t, s.most.Load(), int64(2*goroutines), "connections at a time")

	s.ClearFailures()
	sum := tally{}
	for _, w := range workers {
		require.Empty(t, w.wrong)
		sum.add(w.tally)
	}
	t.Logf("%d calls over %d connections: %v", sum.calls(), s.opened.Load(), sum)
	requireVaried(t, sum)
	requireHeld(t, client, workers)

	s.transport.CloseIdleConnections()
	s.http.Close()
	require.Eventually(t, func() bool { return s.open.Load() == 0 }, time.Minute, time.Millisecond)
	ended := func() bool { return runtime.NumGoroutine() <= began+1 } // Eventually itself has one
	require.Eventually(t, ended, time.Minute, time.Millisecond)
}

func length(t *testing.T) time.Duration {
	t.Helper()
	text := os.Getenv("SOAK")
	if text == "" {
		return 2 * time.Second
	}
	d, err := time.ParseDuration(text)
	require.NoError(t, err, "the variable SOAK")
	return d
}

// atLeast is the number of calls of each worker on a slow machine.
const atLeast = 15

// run lets all workers work for a time.
func run(t *testing.T, workers []*worker, d time.Duration) {
	t.Helper()
	end := time.Now().Add(d)
	var all sync.WaitGroup
	for _, w := range workers {
		all.Go(func() {
			for n := 0; (n < atLeast || time.Now().Before(end)) && len(w.wrong) == 0; n++ {
				w.step(t.Context())
			}
		})
	}
	all.Wait()
}

// requireVaried checks that everything that can happen has happened.
func requireVaried(t *testing.T, sum tally) {
	t.Helper()
	var failed, unknown int
	for _, k := range kinds() {
		require.Positive(t, sum[k.name].done, k.name)
		failed += sum[k.name].failed
		unknown += sum[k.name].unknown
	}
	require.Positive(t, failed)
	require.Positive(t, unknown)
}

// requireHeld compares the service with what all workers know.
func requireHeld(t *testing.T, client *updates.Client, workers []*worker) {
	t.Helper()
	for i, k := range kinds() {
		known, unknown := map[string]bool{}, 0
		for _, w := range workers {
			unknown += w.creates[k.name]
			for id, value := range w.owned[i] {
				known[id] = true
				got, err := k.read(t.Context(), client, id)
				require.NoError(t, err, k.name)
				require.Equal(t, value, got, k.name)
			}
		}
		if k.list == nil {
			continue
		}
		listed, err := k.list(t.Context(), client)
		require.NoError(t, err, k.name)
		orphans := slices.DeleteFunc(slices.Clone(listed), func(id string) bool { return known[id] })
		require.Len(t, listed, len(known)+len(orphans), "%s: what is known is listed, once", k.name)
		require.LessOrEqual(t, len(orphans), unknown, "%s: no caller made more than its errors said", k.name)
	}
}

// service is a simulator behind a port that counts its connections.
type service struct {
	*simulator.Server
	http      *httptest.Server
	transport *http.Transport

	opened, open, most atomic.Int64
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{Server: simulator.New(&simulator.Options{PageSize: 50})}
	var requests atomic.Int64
	s.http = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1)%1_000 == 0 {
			s.ClearRequests() // else the log would be what grows
		}
		s.ServeHTTP(w, r)
	}))
	s.http.Config.ConnState = s.count
	s.http.Start()
	t.Cleanup(s.http.Close)
	s.transport = &http.Transport{MaxIdleConnsPerHost: goroutines}
	t.Cleanup(s.transport.CloseIdleConnections)
	return s
}

func (s *service) count(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.opened.Add(1)
		for open := s.open.Add(1); ; {
			most := s.most.Load()
			if open <= most || s.most.CompareAndSwap(most, open) {
				return
			}
		}
	case http.StateClosed:
		s.open.Add(-1)
	}
}

func (s *service) misbehave() {
	s.FailRandomly(unavailable, simulator.Status(http.StatusServiceUnavailable), 1)
	s.FailRandomly(broken/2, simulator.Break(), 2)
	s.FailRandomly(broken/2, simulator.Break().AfterEffect(), 3)
}

// newClient has few attempts, so that calls fail, and short waits.
func (s *service) newClient(t *testing.T) *updates.Client {
	t.Helper()
	client, err := updates.NewClient(s.Credential(), &updates.Options{
		Endpoint: s.http.URL, Transport: s.transport,
		Retry: updates.RetryOptions{MaxAttempts: 2, BaseDelay: time.Millisecond, MaxDelay: 2 * time.Millisecond},
	})
	require.NoError(t, err)
	return client
}

func newWorkers(t *testing.T, client *updates.Client) []*worker {
	t.Helper()
	workers := make([]*worker, goroutines)
	for i := range workers {
		workers[i] = newWorker(i, client)
		require.NoError(t, workers[i].settle(t.Context()))
	}
	return workers
}
