package call_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestOneClientServesManyGoroutines(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, &simulator.Options{PageSize: 5})
	all := client.Deployments().List(nil) // shared
	failed := make(chan error, 64)
	var goroutines sync.WaitGroup
	for i := range 64 {
		goroutines.Go(func() {
			failed <- deployAndDelete(t.Context(), client, all, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
		})
	}
	goroutines.Wait()
	close(failed)
	for err := range failed {
		require.NoError(t, err)
	}
	left, err := all.Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Empty(t, left)
}

// deployAndDelete does a little of everything and leaves no deployment.
func deployAndDelete(ctx context.Context, c *updates.Client, all odata.List[*deployments.Deployment], device string) error {
	entry, err := c.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
	if err != nil {
		return err
	}
	if err := c.Devices().Enroll(ctx, audience.CategoryFeature, []string{device}, nil); err != nil {
		return err
	}
	d, err := c.Deployments().Create(ctx, deployments.ForFeature(entry.ID))
	if err != nil {
		return err
	}
	steps := []func() error{
		func() error { return c.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), []string{device}, nil) },
		func() error { return c.Deployments().Pause(ctx, d.ID) },
		func() error { _, err := all.AtMost(10).Collect(ctx, 10); return err },
		func() error { _, err := c.Devices().Get(ctx, device); return err },
		func() error { return c.Call(ctx, http.MethodGet, "/deployments/"+d.ID, nil, &struct{}{}) },
		func() error { return c.Deployments().Delete(ctx, d.ID) },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func TestRejectedAnswersDoNotCostAConnection(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "ten calls with two attempts each", func(t *testing.T) {
		n := &network{conns: make(chan net.Conn), done: make(chan struct{})}
		defer n.serve(func(i int64, w http.ResponseWriter) {
			if i%2 == 1 {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
			fmt.Fprint(w, `{"id":"d1"}`)
		})()
		client := stub.NewClient(t, stub.Token{}, n.transport(), func(o *updates.Options) { o.Endpoint = "http://127.0.0.1" })
		for range 10 {
			require.NoError(t, stub.Read().Run(t.Context(), client))
		}
		require.EqualValues(t, 1, n.opened.Load())
	})
}

// A bubble whose goroutines do not all end fails its test.
func TestNoGoroutineAndNoConnectionIsLeftBehind(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "64 goroutines and a service that is not well", func(t *testing.T) {
		n := &network{conns: make(chan net.Conn), done: make(chan struct{})}
		stop := n.serve(unwell)
		transport := n.transport()
		client := stub.NewClient(t, stub.Token{}, transport, func(o *updates.Options) { o.Endpoint, o.AttemptTimeout = "http://127.0.0.1", 2*time.Second })
		var goroutines sync.WaitGroup
		var succeeded atomic.Int64
		operations := append(stub.Repeatable(), stub.Creates()...)
		for i := range 64 {
			goroutines.Go(func() {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(1+i%10)*time.Second)
				defer cancel()
				if operations[i%len(operations)].Run(ctx, client) == nil {
					succeeded.Add(1)
				}
			})
		}
		goroutines.Wait()
		require.Positive(t, succeeded.Load())
		transport.CloseIdleConnections()
		synctest.Wait()
		require.Equal(t, n.opened.Load(), n.closed.Load())
		stop()
		wait(time.Minute) // for the slowest handler
	})
}

// unwell answers the i-th request, often badly.
func unwell(i int64, w http.ResponseWriter) {
	switch i % 7 {
	case 1:
		w.WriteHeader(http.StatusServiceUnavailable)
	case 2:
		panic(http.ErrAbortHandler) // closes the connection
	case 3:
		w.Header().Set("Content-Length", "1000")
		fmt.Fprint(w, `{"id":"d`)
	case 4:
		wait(5 * time.Second)
	default:
		fmt.Fprint(w, `{"id":"d1","value":[]}`)
	}
}

// network is an HTTP server behind connections in memory, which are counted.
type network struct {
	conns          chan net.Conn
	done           chan struct{}
	opened, closed atomic.Int64
}

// serve answers with handle until the function that it returns is called.
func (n *network) serve(handle func(i int64, w http.ResponseWriter)) (stop func()) {
	var count atomic.Int64
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { handle(count.Add(1), w) })}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(n) })
	return func() {
		_ = server.Close()
		serving.Wait()
	}
}

func (n *network) transport() *http.Transport {
	return &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		select {
		case n.conns <- theirs:
			n.opened.Add(1)
			return &countedConn{Conn: ours, network: n}, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-n.done:
			return nil, net.ErrClosed
		}
	}}
}

// Accept, Close and Addr make the network a net.Listener.
func (n *network) Accept() (net.Conn, error) {
	select {
	case conn := <-n.conns:
		return conn, nil
	case <-n.done:
		return nil, net.ErrClosed
	}
}

func (n *network) Close() error { close(n.done); return nil }

func (n *network) Addr() net.Addr { return &net.TCPAddr{} }

type countedConn struct {
	net.Conn
	network *network
	once    sync.Once
}

func (c *countedConn) Close() error {
	c.once.Do(func() { c.network.closed.Add(1) })
	return c.Conn.Close()
}
