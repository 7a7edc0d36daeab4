package call_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// The limits that package updates promises.
const (
	largestAnswer = 64 << 20
	largestError  = 1 << 20
	// underway is what the two ends of a connection may hold besides.
	underway = 32 << 20
)

// calling sends one attempt of a call to a hostile server and returns its error.
// That it returns at all, though its time is not limited, is part of each test.
func calling(t *testing.T, op stub.Operation, serve http.HandlerFunc) error {
	t.Helper()
	server := httptest.NewServer(serve)
	t.Cleanup(server.Close)
	client := stub.NewClient(t, stub.Token{}, server.Client().Transport, stub.Attempts(1), func(o *updates.Options) {
		o.Endpoint, o.AttemptTimeout = server.URL, time.Hour // longer than tests run
	})
	err := op.Run(t.Context(), client)
	if err != nil {
		requireHarmless(t, err)
		require.Less(t, len(err.Error()), 1_000)
	}
	return err
}

// flood writes a text until it is no longer read, and counts the bytes.
func flood(w io.Writer, text string) (written int64) {
	chunk := []byte(strings.Repeat(text, 1+64<<10/len(text)))
	for {
		n, err := w.Write(chunk)
		written += int64(n)
		if err != nil {
			return written
		}
	}
}

func TestAResponseWithoutEndIsReadUpToItsLimit(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		status int
		op     stub.Operation
		limit  int64
		check  func(t *testing.T, err error)
	}{
		"a change that may have taken effect": {http.StatusOK, stub.Action(), largestAnswer, func(t *testing.T, err error) {
			require.ErrorContains(t, err, "the response is larger than 67108864 bytes")
			require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
		}},
		"an error": {http.StatusNotFound, stub.Read(), largestError, func(t *testing.T, err error) {
			require.ErrorIs(t, err, apierr.ErrNotFound)
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			written := make(chan int64, 1)
			test.check(t, calling(t, test.op, func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(test.status)
				written <- flood(w, " ")
			}))
			require.Less(t, <-written, test.limit+underway)
		})
	}
}

func TestOfAnErrorOneMebibyteIsRead(t *testing.T) {
	t.Parallel()
	const head, tail = `{"error":{"message":"`, `"}}`
	fits := head + "found" + tail
	fits += strings.Repeat(" ", largestError-len(fits))
	require.ErrorContains(t, stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(404, fits)))), "found")

	counted := &countingReader{Reader: strings.NewReader(" " + fits + strings.Repeat(" ", largestError))}
	err := stub.Read().Run(t.Context(), stub.NewClient(t, stub.Token{}, stub.Answering(func(req *http.Request) (*http.Response, error) {
		resp, err := stub.Answer(404, "")(req)
		resp.Body = io.NopCloser(counted)
		return resp, err
	})))
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.EqualValues(t, largestError, counted.read)
}

type countingReader struct {
	io.Reader
	read int64
}

func (r *countingReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.read += int64(n)
	return n, err
}

func TestACompressedAnswerIsMeasuredUnpacked(t *testing.T) {
	t.Parallel()
	bomb := packed(t, strings.Repeat(" ", 1<<20))
	for status, want := range map[int]string{200: "the response is larger than 67108864 bytes", 404: "deployments.Get: 404"} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			err := calling(t, stub.Read(), func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Accept-Encoding") != "gzip" {
					http.Error(w, "", http.StatusNotAcceptable)
					return
				}
				w.Header().Set("Content-Encoding", "gzip")
				w.WriteHeader(status)
				flood(w, bomb)
			})
			require.ErrorContains(t, err, want)
		})
	}
}

// packed is a text in gzip. Several of them, one behind the other, are one stream.
func packed(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := io.WriteString(w, text)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.String()
}

func TestAResponseThatDripsEndsWithTheTimeOfItsAttempt(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "a byte a second", func(t *testing.T) {
		n := &network{conns: make(chan net.Conn), done: make(chan struct{})}
		stop := n.serve(func(_ int64, w http.ResponseWriter) {
			for err := error(nil); err == nil; err = http.NewResponseController(w).Flush() {
				wait(time.Second)
				_, _ = io.WriteString(w, " ") // Flush tells
			}
		})
		transport := n.transport()
		client := stub.NewClient(t, stub.Token{}, transport, func(o *updates.Options) {
			o.Endpoint, o.AttemptTimeout = "http://127.0.0.1", time.Minute
			o.Retry = updates.RetryOptions{MaxAttempts: 3, MaxDelay: time.Second}
		})
		start := time.Now()
		err := stub.Read().Run(t.Context(), client)
		require.ErrorContains(t, err, "no complete response within 1m0s")
		require.ErrorIs(t, err, apierr.ErrUnavailable)
		require.Less(t, time.Since(start), 3*time.Minute+2*time.Second)
		transport.CloseIdleConnections()
		stop()
		wait(time.Minute) // for the slowest handler
	})
}

func TestALengthThatIsTooLargeIsABrokenAnswer(t *testing.T) {
	t.Parallel()
	err := calling(t, stub.Read(), func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1099511627776")
		_, _ = io.WriteString(w, stub.Deployment)
	})
	require.ErrorContains(t, err, "the response broke off after")
	require.ErrorIs(t, err, apierr.ErrUnavailable)
}

func TestWhatFollowsALengthThatIsTooSmallReachesNoOtherCall(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) > 1 {
			_, _ = io.WriteString(w, stub.Deployment)
			return
		}
		rawly(w, func(conn net.Conn) {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"+stub.Deployment+
				"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{\"id\":\"evil\"}")
		})
	}))
	t.Cleanup(server.Close)
	newClient := func(attempts int) *updates.Client {
		return stub.NewClient(t, stub.Token{}, server.Client().Transport, stub.Attempts(attempts),
			func(o *updates.Options) { o.Endpoint = server.URL })
	}
	_, err := newClient(1).Deployments().Get(t.Context(), "d1")
	require.ErrorContains(t, err, "the response could not be read")
	// The connection may still be in the pool. What follows in it is no answer then.
	d, err := newClient(2).Deployments().Get(t.Context(), "d1")
	require.NoError(t, err)
	require.Equal(t, "d1", d.ID)
}

// rawly answers without net/http and closes the connection.
func rawly(w http.ResponseWriter, write func(net.Conn)) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer func() { _ = conn.Close() }()
	write(conn)
}

func TestJSONThatIsTooDeepIsAnErrorOrAnErrorWithoutText(t *testing.T) {
	t.Parallel()
	const levels = 100_000
	for _, open := range []string{`[`, `{"error":`, `{"error":{"innerError":`, `{"id":"d1","x":`} {
		for _, status := range []int{200, 404} {
			t.Run(fmt.Sprint(status, open), func(t *testing.T) {
				t.Parallel()
				err := calling(t, stub.Read(), func(w http.ResponseWriter, _ *http.Request) {
					w.WriteHeader(status)
					_, _ = io.WriteString(w, strings.Repeat(open, levels))
				})
				require.Error(t, err)
				require.Equal(t, status, apierr.StatusOf(err))
			})
		}
	}
}

func TestThousandsOfHeadersDoNotMatter(t *testing.T) {
	t.Parallel()
	require.NoError(t, calling(t, stub.Read(), func(w http.ResponseWriter, _ *http.Request) {
		for i := range 10_000 {
			w.Header().Set(fmt.Sprintf("X-%d", i), "secret-header")
		}
		_, _ = io.WriteString(w, stub.Deployment)
	}))
}

func TestHeadersWithoutEndAreABrokenAnswer(t *testing.T) {
	t.Parallel()
	for name, lines := range map[string]struct{ head, line string }{
		"many headers":      {"HTTP/1.1 200 OK\r\n", "X-A: secret-header\r\n"},
		"a long header":     {"HTTP/1.1 200 OK\r\nX-A: ", "secret-header"},
		"a long status":     {"HTTP/1.1 200 ", "secret-status"},
		"early answers":     {"", "HTTP/1.1 100 Continue\r\nX-A: " + strings.Repeat("x", 2_000) + "\r\n\r\n"},
		"empty line breaks": {"", "\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			written := make(chan int64, 1)
			err := calling(t, stub.Read(), func(w http.ResponseWriter, _ *http.Request) {
				rawly(w, func(conn net.Conn) {
					_, _ = io.WriteString(conn, lines.head)
					written <- flood(conn, lines.line)
				})
			})
			require.ErrorIs(t, err, apierr.ErrUnavailable)
			require.Less(t, <-written, int64(10<<20+underway))
		})
	}
}

func TestALongRequestIDIsCut(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 404} {
		err := calling(t, stub.Read(), func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Request-Id", strings.Repeat("x", 100_000))
			w.WriteHeader(status)
		})
		require.ErrorContains(t, err, "(request-id xxx")
	}
}

func TestPagesWithoutEndAndWithoutItemsAreAnError(t *testing.T) {
	t.Parallel()
	var pages atomic.Int64
	err := calling(t, listAll(), func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"value":[null],"@odata.nextLink":"http://%s%s?$skiptoken=%d"}`, r.Host, r.URL.Path, pages.Add(1))
	})
	require.ErrorContains(t, err, "1000 consecutive pages without an item")
	require.EqualValues(t, 1_000, pages.Load())
}

func TestPagesWithoutEndEndWithTheLimitOfTheCaller(t *testing.T) {
	t.Parallel()
	var pages atomic.Int64
	err := calling(t, stub.List(), func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"value":[%s],"@odata.nextLink":"http://%s%s?$skiptoken=%d"}`, stub.Deployment, r.Host, r.URL.Path, pages.Add(1))
	})
	require.ErrorIs(t, err, apierr.ErrTooMany)
	require.EqualValues(t, 11, pages.Load())
}

func TestALongNextLinkIsNotFollowed(t *testing.T) {
	t.Parallel()
	var pages atomic.Int64
	err := calling(t, listAll(), func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"value":[],"@odata.nextLink":"http://%s%s?$skiptoken=%d%s"}`, r.Host, r.URL.Path,
			pages.Add(1), strings.Repeat("x", 1<<20))
	})
	require.ErrorContains(t, err, "the next link is longer than 65536 bytes")
	require.EqualValues(t, 1, pages.Load())
}

func listAll() stub.Operation {
	return stub.Operation{Name: "list without a limit", Run: func(ctx context.Context, c *updates.Client) error {
		for _, err := range c.Deployments().List(nil).All(ctx) {
			if err != nil {
				return err
			}
		}
		return nil
	}, Success: stub.Answer(200, stub.NoItems)}
}
