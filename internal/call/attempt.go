package call

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

const (
	// maxBody is the largest response that is read: more than a hundred times a full page of the catalog.
	maxBody = 64 << 20
	// maxErrorBody is how much is read of an error.
	maxErrorBody = 1 << 20
)

// attempt sends one request through the user's transport and reads the whole response. So a body that breaks
// off is a failed attempt, and no reader further up gets it.
type attempt struct {
	next      http.RoundTripper
	timeout   time.Duration
	log       *slog.Logger
	telemetry *telemetry
}

// send notes the result in the record.
func (t *attempt) send(req *http.Request, rec *record) {
	rec.attempts++
	ctx, cancel := context.WithTimeout(rec.ctx, t.timeout)
	defer cancel()
	ctx, span := t.telemetry.startAttempt(ctx, req, rec)
	ctx, watch := watchConnection(ctx)
	start, status := time.Now(), 0
	resp, body, err := exchange(t.next, ownCopy(ctx, req))
	if resp != nil {
		rec.answered(resp, body)
		status = resp.StatusCode
	}
	rec.proxy = rejectingProxy(t.next, req, status, err)
	if err != nil {
		sent := resp != nil || watch.mayHaveSent(err)
		rec.failed(t.explain(rec.ctx, ctx, err), sent)
	}
	took := time.Since(start)
	t.telemetry.endAttempt(ctx, span, req.Method, rec, status, took)
	t.report(req, rec, took)
}

// ownCopy returns a request that a transport may change.
func ownCopy(ctx context.Context, req *http.Request) *http.Request {
	out := req.Clone(ctx)
	if req.GetBody != nil {
		out.Body, _ = req.GetBody() // over bytes in memory: cannot fail
	}
	return out
}

// exchange returns a complete response or an error, and with the error the response if it had begun.
func exchange(next http.RoundTripper, req *http.Request) (*http.Response, []byte, error) {
	resp, err := next.RoundTrip(req)
	switch {
	case err != nil:
		return nil, nil, err
	case resp == nil:
		return nil, nil, errors.New("the transport returned neither a response nor an error")
	case resp.Body == nil:
		return resp, nil, nil
	}
	defer closeWith(req.Context(), next, resp.Body)()
	if resp.StatusCode < http.StatusOK {
		return resp, nil, nil // 101: the connection is no longer one of HTTP
	}
	body, err := readAnswer(resp)
	return resp, body, err
}

// closeWith closes a body when the context ends, so that a read that does not watch the context ends
// too. The function that it returns closes it earlier.
func closeWith(ctx context.Context, next http.RoundTripper, body io.Closer) (early func()) {
	if endsWithContext(next) || !canClose(body) {
		return func() { _ = body.Close() }
	}
	closed := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(closed)
		_ = body.Close()
	})
	return func() {
		if stop() {
			_ = body.Close()
			return
		}
		<-closed
	}
}

// endsWithContext reports whether reads of bodies of a transport watch the context, as those of net/http do.
func endsWithContext(next http.RoundTripper) bool {
	_, isStandard := next.(*http.Transport)
	return isStandard
}

// The two types of [io.NopCloser].
var nopCloser, nopCloserWriterTo = reflect.TypeOf(io.NopCloser(struct{ io.Reader }{})), reflect.TypeOf(io.NopCloser(&bytes.Reader{}))

// canClose reports whether closing a body does anything. That of most bodies in memory does not.
func canClose(body io.Closer) bool {
	kind := reflect.TypeOf(body)
	return kind != nopCloser && kind != nopCloserWriterTo
}

// readAnswer reads a whole body. Of anything but a success what is there of it is
// enough.
func readAnswer(resp *http.Response) ([]byte, error) {
	if !isSuccess(resp.StatusCode) {
		body, _ := readDecoded(maxErrorBody, resp)
		return body, nil
	}
	body, err := readDecoded(maxBody+1, resp)
	switch {
	case err != nil:
		return nil, fmt.Errorf("the response broke off after %s: %w", wire.Counted(len(body), "byte"), err)
	case len(body) > maxBody:
		return nil, errTooLarge
	case resp.StatusCode != http.StatusAccepted && isPage(body):
		return nil, errPage
	}
	return body, nil
}

// readUpTo reads like io.ReadAll, but into a buffer of the declared length. A buffer
// for a large one grows with what arrives.
func readUpTo(most int64, reader io.Reader, length int64) ([]byte, error) {
	const usual = 512
	size := min(max(length, usual-1), maxErrorBody)
	body, from := make([]byte, 0, size+1), io.LimitReader(reader, most)
	for {
		n, err := from.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err == io.EOF {
			return body, nil
		}
		if err != nil {
			return body, err
		}
		if len(body) == cap(body) {
			body = append(body, 0)[:len(body)]
		}
	}
}

// isPage reports whether a body is HTML. The service never sends any with a success, except perhaps what is
// not read with 202: a proxy or a sign-in page has responded.
func isPage(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, " \t\r\n"), []byte("<"))
}

// explain distinguishes the end of the attempt's own time from that of the caller's.
func (t *attempt) explain(caller, own context.Context, err error) error {
	if caller.Err() != nil {
		return caller.Err()
	}
	if own.Err() != nil {
		return timeoutError(t.timeout)
	}
	return err
}

// timeoutError is the end of the attempt's own time.
type timeoutError time.Duration

func (e timeoutError) Error() string {
	return fmt.Sprintf("no complete response within %v", time.Duration(e))
}

// report logs one attempt: no header, no query, no body.
func (t *attempt) report(req *http.Request, rec *record, took time.Duration) {
	if !t.log.Enabled(rec.ctx, slog.LevelDebug) {
		return
	}
	attrs := []slog.Attr{
		slog.String("op", rec.op.Name),
		slog.String("method", req.Method),
		slog.String("path", rec.printable(req.URL.Path)),
		slog.Int("attempt", rec.attempts),
		slog.Duration("took", took),
		slog.String("client_request_id", rec.clientRequestID),
	}
	if rec.err != nil {
		attrs = append(attrs, slog.String("error", rec.describe(plain(rec.err))))
	} else {
		attrs = append(attrs, slog.Int("status", rec.status), slog.String("request_id", rec.requestID()))
	}
	t.log.LogAttrs(rec.ctx, slog.LevelDebug, "request", attrs...)
}
