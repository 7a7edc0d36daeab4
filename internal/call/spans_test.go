package call

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// Kiota starts a span for each request and one for each body, in which the server's
// address is "https". The test runs alone, because the provider is global.
func TestSpansOfKiotaAreNotSampled(t *testing.T) {
	sampled := &sampled{byScope: map[string][]string{}}
	otel.SetTracerProvider(sampled)
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
		require.Equal(t, map[string][]string{scope: {"test.Get", "test.Create"}}, sampled.byScope)
		clear(sampled.byScope)
	}
}

func createDeployment(ctx context.Context, c *Client) (models.Deploymentable, error) {
	return Do(ctx, c, Op{Name: "test.Create", Kind: Create}, func(ctx context.Context, g *graph.Client) (models.Deploymentable, error) {
		return g.Deployments().Post(ctx, models.NewDeployment(), nil)
	})
}

// sampled has the names of the spans that a parent-based sampler takes.
type sampled struct {
	noop.TracerProvider
	byScope map[string][]string
}

func (s *sampled) Tracer(scope string, _ ...trace.TracerOption) trace.Tracer {
	return sampling{sampled: s, scope: scope}
}

type sampling struct {
	noop.Tracer
	sampled *sampled
	scope   string
}

func (s sampling) Start(ctx context.Context, name string, _ ...trace.SpanStartOption) (context.Context, trace.Span) {
	if parent := trace.SpanContextFromContext(ctx); !parent.IsValid() || parent.IsSampled() {
		s.sampled.byScope[s.scope] = append(s.sampled.byScope[s.scope], name)
	}
	return ctx, noop.Span{}
}
