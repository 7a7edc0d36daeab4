package call_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// stuck is a body that knows no context: after its text it waits until it is closed.
type stuck struct {
	text   io.Reader
	closed chan struct{}
	once   sync.Once
}

func (b *stuck) Read(p []byte) (int, error) {
	if n, err := b.text.Read(p); err == nil {
		return n, nil
	}
	<-b.closed
	return 0, errors.New("closed")
}

func (b *stuck) Close() error {
	b.once.Do(func() { close(b.closed) })
	return nil
}

func stuckAfter(status int, text string) stub.Reply {
	return func(req *http.Request) (*http.Response, error) {
		resp, err := stub.Answer(status, "")(req)
		resp.Body = &stuck{text: strings.NewReader(text), closed: make(chan struct{})}
		return resp, err
	}
}

func TestEveryReadOfABodyEndsWithItsAttempt(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 202, 204, 206, 301, 400, 401, 404, 429, 503, 599} {
		for _, text := range []string{"", `{"id":`, stub.Deployment} {
			for _, op := range []stub.Operation{stub.Read(), stub.Action(), stub.Create()} {
				stub.InBubble(t, fmt.Sprint(status, " ", text, " ", op.Name), func(t *testing.T) {
					s := stub.Answering(stuckAfter(status, text))
					client := stub.NewClient(t, stub.Token{}, s, func(o *updates.Options) { o.AttemptTimeout = 10 * time.Second })
					ctx, cancel := context.WithTimeout(t.Context(), 25*time.Second)
					defer cancel()
					began := time.Now()
					require.Error(t, op.Run(ctx, client))
					require.LessOrEqual(t, time.Since(began), 25*time.Second)
					require.Zero(t, s.BodiesLeftOpen())
					for _, pause := range s.Waits() {
						require.GreaterOrEqual(t, pause, 10*time.Second)
						require.LessOrEqual(t, pause, 13*time.Second)
					}
				})
			}
		}
	}
}

func TestACallOfItsOwnEndsAReadOfABody(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "after five seconds", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(5*time.Second, cancel)
		began := time.Now()
		err := stub.Read().Run(ctx, stub.NewClient(t, stub.Token{}, stub.Answering(stuckAfter(200, "{"))))
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, 5*time.Second, time.Since(began))
	})
}

// overAConnection answers each request with a text and leaves the connection open.
func overAConnection(t *testing.T, answer string, op stub.Operation) (took time.Duration, err error) {
	t.Helper()
	n := &network{conns: make(chan net.Conn), done: make(chan struct{})}
	var open []net.Conn
	stop := n.serve(func(_ int64, w http.ResponseWriter) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		open = append(open, conn)
		_, _ = io.WriteString(conn, answer)
	})
	transport := n.transport()
	client := stub.NewClient(t, stub.Token{}, transport, stub.Attempts(1), func(o *updates.Options) {
		o.Endpoint, o.AttemptTimeout = "http://127.0.0.1", time.Minute
	})
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	began := time.Now()
	err = op.Run(ctx, client)
	took = time.Since(began)
	transport.CloseIdleConnections()
	for _, conn := range open {
		_ = conn.Close()
	}
	stop()
	return took, err
}

func TestAConnectionThatSwitchesProtocolsDoesNotHoldACall(t *testing.T) {
	t.Parallel()
	const switches = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
	for _, op := range []stub.Operation{stub.Read(), stub.Action(), stub.Create()} {
		stub.InBubble(t, op.Name, func(t *testing.T) {
			took, err := overAConnection(t, switches, op)
			require.ErrorContains(t, err, "101: the response is neither a result nor an error")
			require.Equal(t, 101, apierr.StatusOf(err))
			require.Zero(t, took, "its body is no answer")
		})
	}
}

func TestAResponseThatStopsOnAnOpenConnectionEndsWithTheContext(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]string{
		"before the body":        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
		"in the body":            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
		"before the trailers":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\nd\r\n{\"id\":\"d1\"}  \r\n0\r\n",
		"in the trailers":        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n0\r\nX-A: 1",
		"in the body of a 404":   "HTTP/1.1 404 Not Found\r\nContent-Length: 100\r\n\r\n{",
		"in the chunks of a 503": "HTTP/1.1 503 Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"e",
		"in early hints":         "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n",
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			took, err := overAConnection(t, answer, stub.Read())
			require.Error(t, err)
			require.Equal(t, 10*time.Second, took)
		})
	}
}
