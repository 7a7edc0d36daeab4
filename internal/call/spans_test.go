package call

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// Kiota starts a span for each request and one for each body, in which the server's
// address is "https". The test runs alone, because the provider is global.
func TestSpansOfKiotaAreNotSampled(t *testing.T) {
	spans := &spans{}
	otel.SetTracerProvider(spans)
	t.Cleanup(func() { otel.SetTracerProvider(noop.NewTracerProvider()) })
	inSpan := trace.ContextWithSpanContext(t.Context(), trace.NewSpanContext(trace.SpanContextConfig{
		TraceID: trace.TraceID{7}, SpanID: trace.SpanID{7}, TraceFlags: trace.FlagsSampled,
	}))
	for _, status := range []int{200, 201, 204, 302, 400, 401, 404, 503} {
		client := newClient(t, answer(status, `{"id":7,"error":7}`, nil))
		_, err := getDeployment(t.Context(), client)
		require.Error(t, err)
		_, err = createDeployment(inSpan, client)
		require.Error(t, err)
		require.Empty(t, spans.told.String())
	}
}

func createDeployment(ctx context.Context, c *Client) (models.Deploymentable, error) {
	return Do(ctx, c, Op{Name: "test.Create", Kind: Create}, func(ctx context.Context, g *graph.Client) (models.Deploymentable, error) {
		return g.Deployments().Post(ctx, models.NewDeployment(), nil)
	})
}

// spans is a tracer with a parent-based sampler. It keeps everything as one string.
type spans struct {
	noop.TracerProvider
	told strings.Builder
}

func (s *spans) Tracer(string, ...trace.TracerOption) trace.Tracer { return tracer{spans: s} }

type tracer struct {
	noop.Tracer
	spans *spans
}

func (t tracer) Start(ctx context.Context, name string, _ ...trace.SpanStartOption) (context.Context, trace.Span) {
	if parent := trace.SpanContextFromContext(ctx); parent.IsValid() && !parent.IsSampled() {
		return ctx, noop.Span{}
	}
	_, _ = fmt.Fprintln(&t.spans.told, name)
	return ctx, span{spans: t.spans}
}

type span struct {
	noop.Span
	spans *spans
}

func (s span) RecordError(err error, _ ...trace.EventOption) { _, _ = fmt.Fprintln(&s.spans.told, err) }

func (s span) SetStatus(_ codes.Code, text string) { _, _ = fmt.Fprintln(&s.spans.told, text) }

func (s span) SetAttributes(attributes ...attribute.KeyValue) {
	_, _ = fmt.Fprintln(&s.spans.told, attributes)
}
