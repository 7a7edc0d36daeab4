package call

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"time"
)

const (
	// maxBody is the largest answer that is read: more than a hundred times a
	// full page of the catalog.
	maxBody = 64 << 20
	// maxErrorBody is how much is read of an error.
	maxErrorBody = 1 << 20
)

// attempt sends one request through the user's transport and reads the whole
// answer, so that a body that breaks off is a failed attempt and not a surprise
// for a reader further up.
type attempt struct {
	next    http.RoundTripper
	timeout time.Duration
	log     *slog.Logger
}

func (t *attempt) RoundTrip(req *http.Request) (*http.Response, error) {
	rec := recordOf(req.Context())
	rec.attempts++
	ctx, cancel := context.WithTimeout(req.Context(), t.timeout)
	defer cancel()
	ctx, watch := watchConnection(ctx)
	start := time.Now()
	resp, body, err := exchange(t.next, req.WithContext(ctx))
	if resp != nil {
		rec.answered(resp, body)
	}
	if err != nil {
		sent := resp != nil || watch.mayHaveSent(err)
		err = t.explain(req.Context(), ctx, err)
		rec.failed(err, sent)
	}
	t.report(req, rec, resp, time.Since(start))
	if err != nil {
		return nil, err
	}
	return forAdapter(req, resp, body), nil
}

// exchange returns a complete answer or an error, with the answer too where it
// had begun.
func exchange(next http.RoundTripper, req *http.Request) (*http.Response, []byte, error) {
	resp, err := next.RoundTrip(req)
	switch {
	case err != nil:
		return nil, nil, err
	case resp == nil:
		return nil, nil, errors.New("the transport returned neither an answer nor an error")
	case resp.Body == nil:
		return resp, nil, nil
	}
	defer resp.Body.Close()
	body, err := readAnswer(resp)
	return resp, body, err
}

// readAnswer reads a whole body. Of anything but a success what is there of it is
// enough.
func readAnswer(resp *http.Response) ([]byte, error) {
	if !isSuccess(resp.StatusCode) {
		body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
		return body, nil
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("the answer broke off after %d bytes: %w", len(body), err)
	case len(body) > maxBody:
		return nil, errTooLarge
	case resp.StatusCode != http.StatusAccepted && isPage(body):
		return nil, errPage
	}
	return body, nil
}

// isPage reports whether a body is HTML. The service never sends any with a success,
// save perhaps what nobody reads with 202: a proxy or a sign-in page has answered.
func isPage(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, "\ufeff \t\r\n"), []byte("<"))
}

// explain tells the end of the attempt's own time from the end of the caller's.
func (t *attempt) explain(caller, own context.Context, err error) error {
	if caller.Err() != nil {
		return caller.Err()
	}
	if own.Err() != nil {
		return fmt.Errorf("no complete answer within %v", t.timeout)
	}
	return err
}

// report logs one attempt: no header, no query, no body.
func (t *attempt) report(req *http.Request, rec *record, resp *http.Response, took time.Duration) {
	attrs := []slog.Attr{
		slog.String("op", rec.op.Name),
		slog.String("method", req.Method),
		slog.String("path", req.URL.Path),
		slog.Int("attempt", rec.attempts),
		slog.Duration("took", took),
		slog.String("client_request_id", rec.clientRequestID),
	}
	if rec.err != nil {
		attrs = append(attrs, slog.String("error", scrub(plain(rec.err).Error())))
	} else {
		attrs = append(attrs, slog.Int("status", resp.StatusCode), slog.String("request_id", short(resp.Header.Get("request-id"))))
	}
	t.log.LogAttrs(req.Context(), slog.LevelDebug, "request", attrs...)
}

// forAdapter is the answer that the adapter sees. It reads JSON or nothing, and
// only the bodies of successes: errors are made from the record. Of the headers
// it needs the type and a challenge that it can read; without a Location nothing
// is ever redirected.
func forAdapter(req *http.Request, resp *http.Response, body []byte) *http.Response {
	header := http.Header{}
	if claims := challengeClaims(resp); claims != "" {
		header.Set("WWW-Authenticate", `Bearer claims="`+claims+`"`)
	}
	if !isSuccess(resp.StatusCode) {
		body = nil
	}
	if len(body) > 0 {
		header.Set("Content-Type", "application/json")
	}
	return &http.Response{
		Status: resp.Status, StatusCode: resp.StatusCode, Proto: resp.Proto,
		ProtoMajor: resp.ProtoMajor, ProtoMinor: resp.ProtoMinor, Request: req,
		Header: header, ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}
}
