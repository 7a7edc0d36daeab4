package call

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// scope is the name of the SDK in spans and metrics.
const scope = "github.com/winupdates/winupdates-go"

// telemetry has what the spans and metrics of a client are made with. None of them has a
// query, a body, or a token.
type telemetry struct {
	tracer    trace.Tracer
	duration  metric.Float64Histogram
	throttled metric.Float64Counter
	server    []attribute.KeyValue
	attempts  bool // false if the transport records them
	off       bool // in a dry run
}

// noSpan records nothing.
var noSpan = trace.SpanFromContext(context.Background())

// buckets are those of the HTTP conventions, in seconds.
var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10}

// newTelemetry uses the global providers for those that the configuration does not have.
func newTelemetry(cfg Config) (*telemetry, error) {
	if cfg.TracerProvider == nil {
		cfg.TracerProvider = otel.GetTracerProvider()
	}
	if cfg.MeterProvider == nil {
		cfg.MeterProvider = otel.GetMeterProvider()
	}
	meter := cfg.MeterProvider.Meter(scope, metric.WithInstrumentationVersion(cfg.Version))
	duration, durationErr := meter.Float64Histogram("http.client.request.duration", metric.WithUnit("s"),
		metric.WithDescription("Duration of HTTP client requests."), metric.WithExplicitBucketBoundaries(buckets...))
	throttled, throttledErr := meter.Float64Counter("winupdates.throttle.duration", metric.WithUnit("s"),
		metric.WithDescription("Time that calls waited because the service throttled the client."))
	return &telemetry{
		tracer:    cfg.TracerProvider.Tracer(scope, trace.WithInstrumentationVersion(cfg.Version)),
		duration:  duration,
		throttled: throttled,
		server:    serverOf(cfg.Endpoint),
		attempts:  !cfg.TransportInstrumented,
	}, errors.Join(durationErr, throttledErr)
}

func serverOf(endpoint *url.URL) []attribute.KeyValue {
	number, _ := strconv.Atoi(port(endpoint)) // checked with the options
	return []attribute.KeyValue{attribute.String("server.address", endpoint.Hostname()), attribute.Int("server.port", number)}
}

// operation is what the context of a call inside a larger operation has.
type operation struct {
	name   string
	client *Client
}

type operationKey struct{}

func operationOf(ctx context.Context) *operation {
	o, _ := ctx.Value(operationKey{}).(*operation)
	return o
}

// Span starts the span of an operation that can send several requests, and puts it into the
// context. It returns the function that ends the span with the operation's error:
//
//	defer c.call.Span(&ctx, op)(&err)
//
// Calls of the same name with this context belong to the span; other calls have spans of
// their own below it.
func (c *Client) Span(ctx *context.Context, name string) (end func(*error)) {
	if c == nil || *ctx == nil {
		return func(*error) {}
	}
	within, span := c.telemetry.start(*ctx, name)
	*ctx = context.WithValue(within, operationKey{}, &operation{name, c})
	return func(err *error) { finish(span, *err) }
}

// start starts the span of an operation, unless the context is inside one of that name.
func (t *telemetry) start(ctx context.Context, name string) (context.Context, trace.Span) {
	if outer := operationOf(ctx); t.off || outer != nil && outer.name == name {
		return ctx, noSpan
	}
	return t.tracer.Start(ctx, name)
}

// finish ends the span of an operation.
func finish(span trace.Span, err error) {
	if err != nil && span.IsRecording() {
		span.SetStatus(codes.Error, err.Error())
		span.SetAttributes(attribute.String("error.type", errorType(apierr.StatusOf(err), err)))
	}
	span.End()
}

// startAttempt starts the span of an attempt, if that of its operation is recorded.
func (t *telemetry) startAttempt(ctx context.Context, req *http.Request, rec *record) (context.Context, trace.Span) {
	if !t.attempts || !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, noSpan
	}
	name, path := req.Method, pathTemplate(rec.template)
	attributes := append([]attribute.KeyValue{
		attribute.String("http.request.method", req.Method),
		attribute.StringSlice("http.request.header.client-request-id", []string{rec.clientRequestID}),
	}, t.server...)
	if path != "" {
		name += " " + path
		attributes = append(attributes, attribute.String("url.template", path))
	}
	if rec.attempts > 1 {
		attributes = append(attributes, attribute.Int("http.request.resend_count", rec.attempts-1))
	}
	return t.tracer.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attributes...))
}

// pathTemplate returns the path of a URL template of the generated code, such as
// "/beta/admin/windows/updates/deployments/{deployment-id}"; empty for none.
func pathTemplate(of string) string {
	path, found := strings.CutPrefix(of, "{+baseurl}")
	if !found {
		return ""
	}
	path, _, _ = strings.Cut(path, "{?")
	return Root + strings.ReplaceAll(path, "%2D", "-")
}

// endAttempt ends the span of an attempt and records its duration. status is 0 without a
// response.
func (t *telemetry) endAttempt(ctx context.Context, span trace.Span, method string, rec *record, status int, took time.Duration) {
	outcome := outcomeOf(status, rec.err)
	if span.IsRecording() {
		span.SetAttributes(outcome...)
		if id := rec.requestID(); status != 0 && id != "" {
			span.SetAttributes(attribute.StringSlice("http.response.header.request-id", []string{id}))
		}
		switch {
		case rec.err != nil:
			span.SetStatus(codes.Error, rec.describe(plain(rec.err)))
		case status >= http.StatusBadRequest:
			span.SetStatus(codes.Error, "")
		}
	}
	span.End()
	if t.attempts && t.duration.Enabled(ctx) {
		attributes := append(append(outcome, attribute.String("http.request.method", method)), t.server...)
		t.duration.Record(ctx, took.Seconds(), metric.WithAttributes(attributes...))
	}
}

// outcomeOf has the status of an attempt, if there is a response, and the type of its error,
// if it failed.
func outcomeOf(status int, err error) []attribute.KeyValue {
	var attributes []attribute.KeyValue
	if status != 0 {
		attributes = append(attributes, attribute.Int("http.response.status_code", status))
	}
	switch {
	case err != nil:
		attributes = append(attributes, attribute.String("error.type", errorType(status, &noResponse{&scrubbed{original: err}})))
	case status >= http.StatusBadRequest:
		attributes = append(attributes, attribute.String("error.type", errorType(status, nil)))
	}
	return attributes
}

// errorType classifies a failure by its status, or by a word if that does not say it.
func errorType(status int, err error) string {
	_, isTimeout := errors.AsType[timeoutError](err)
	switch {
	case errors.Is(err, context.Canceled):
		return "canceled"
	case isTimeout, errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case status >= http.StatusMultipleChoices:
		return strconv.Itoa(status)
	case status != 0:
		return "invalid_response"
	case errors.Is(err, apierr.ErrUnavailable):
		return "no_response"
	}
	return "_OTHER" // of the conventions
}

// waitedFor counts a wait that the service has caused by throttling.
func (t *telemetry) waitedFor(ctx context.Context, d time.Duration) {
	if !t.off && t.throttled.Enabled(ctx) {
		t.throttled.Add(ctx, d.Seconds(), metric.WithAttributes(t.server...))
	}
}
