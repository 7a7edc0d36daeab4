package call

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	kiotahttp "github.com/microsoft/kiota-http-go"
	"go.opentelemetry.io/otel/trace"

	"github.com/winupdates/winupdates-go/internal/kjson"
)

// adapter is Kiota's adapter, which authenticates requests and converts them to HTTP,
// with sending and reading of our own. The generated code calls Send and SendNoContent
// only. Nothing is registered for the whole process.
type adapter struct {
	*kiotahttp.NetHttpRequestAdapter
	retry     *retrier
	tokens    *tokens
	origin    *url.URL
	userAgent string
}

func newAdapter(
	cfg Config, tokens *tokens, telemetry *telemetry, provider authentication.AuthenticationProvider,
) (*adapter, error) {
	kiota, err := kiotahttp.NewNetHttpRequestAdapterWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		provider, nil, kjson.NewSerializationWriterFactory(), &http.Client{Transport: nowhere{}})
	if err != nil {
		return nil, err
	}
	kiota.SetBaseUrl(cfg.Endpoint.String() + Root)
	attempt := &attempt{next: cfg.Transport, timeout: cfg.AttemptTimeout, log: cfg.Logger, telemetry: telemetry}
	retry := &retrier{next: attempt, policy: cfg.Retry, throttle: &throttle{}, log: cfg.Logger, telemetry: telemetry}
	return &adapter{kiota, retry, tokens, cfg.Endpoint, cfg.UserAgent}, nil
}

// unsampled is a span that is not sampled.
var unsampled = trace.SpanFromContext(trace.ContextWithSpanContext(context.Background(),
	trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{1}})))

// withoutSpans returns a context for Kiota, whose spans have little and wrong content.
// The parent span in it is not sampled, so a parent-based sampler drops them.
func withoutSpans(ctx context.Context) context.Context {
	parent := trace.SpanContextFromContext(ctx)
	if !parent.IsValid() {
		return trace.ContextWithSpan(ctx, unsampled)
	}
	return trace.ContextWithSpanContext(ctx, parent.WithTraceFlags(0))
}

// nowhere is the transport of the methods of Kiota's adapter that bypass ours.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("the generated code uses a method that this adapter does not have")
}

// Send returns the response as a model, or nil if it is empty or the operation ignores it.
func (a *adapter) Send(ctx context.Context, info *abstractions.RequestInformation, of serialization.ParsableFactory,
	_ abstractions.ErrorMappings,
) (serialization.Parsable, error) {
	rec := recordOf(ctx)
	if err := a.exchange(ctx, rec, info); err != nil || rec.op.accepts || len(rec.body) == 0 {
		return nil, err
	}
	item, unread, err := kjson.ReadAndName(rec.body, of)
	rec.unread = unread
	return item, err
}

// SendNoContent ignores the content of the response.
func (a *adapter) SendNoContent(
	ctx context.Context, info *abstractions.RequestInformation, _ abstractions.ErrorMappings,
) error {
	return a.exchange(ctx, recordOf(ctx), info)
}

// errInRecord represents a failure that is in the record.
var errInRecord = errors.New("the record has the error")

// exchange sends a request until the record has the last response of the call, also with
// another token if the service rejects the first. A rejection that no other token can
// change is the last response.
func (a *adapter) exchange(ctx context.Context, rec *record, info *abstractions.RequestInformation) error {
	if u := addressOf(info); u != nil {
		info.SetUri(*u)
	}
	for {
		req, err := a.request(ctx, rec, info)
		if errors.Is(err, errSameToken) {
			break
		}
		if err != nil {
			rec.refused(err)
			return err
		}
		a.retry.send(req, rec)
		if !a.challenged(rec) {
			break
		}
	}
	if rec.err != nil || !isSuccess(rec.status) {
		return errInRecord
	}
	return nil
}

// request returns the request that all attempts send: only for the service's own origin,
// with a token, readable query names, a length, and the headers of the call.
func (a *adapter) request(
	ctx context.Context, rec *record, info *abstractions.RequestInformation,
) (*http.Request, error) {
	native, err := a.ConvertToNativeRequest(ctx, info)
	if err != nil {
		return nil, err
	}
	req := native.(*http.Request) // Kiota's signature says any
	if !sameOrigin(req.URL, a.origin) {
		return nil, fmt.Errorf("the request to %s://%s was not sent, because the client is for another endpoint",
			req.URL.Scheme, req.URL.Host)
	}
	rec.template, rec.path, rec.request = info.UrlTemplate, req.URL.Path, info.Content
	setBody(req, info.Content)
	if !rec.op.link {
		req.URL.RawQuery = readableNames(req.URL.RawQuery)
	}
	if rec.token != "" { // a dry run has none for changes
		rec.sends(rec.token)
		req.Header.Set("Authorization", "Bearer "+rec.token)
	}
	req.Header.Set("User-Agent", a.userAgent)
	req.Header.Set("client-request-id", rec.clientRequestID)
	req.Header.Set("Prefer", "include-unknown-enum-members")
	return req, nil
}

func setBody(req *http.Request, body []byte) {
	req.Body, req.GetBody, req.ContentLength = nil, nil, int64(len(body))
	if len(body) > 0 {
		req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	}
}
