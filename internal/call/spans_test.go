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

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// The adapter would read it, and put what is wrong with it into its spans. The test runs
// alone, as the tracer is the whole process's.
func TestTheAdapterReadsNothingOfAnErrorsBody(t *testing.T) {
	spans := &spans{}
	otel.SetTracerProvider(spans)
	t.Cleanup(func() { otel.SetTracerProvider(noop.NewTracerProvider()) })
	for _, status := range []int{302, 400, 404, 503} {
		client := newClient(t, answer(status, `{"id":7,"error":7}`, nil))
		_, err := getDeployment(t.Context(), client)
		require.Equal(t, status, apierr.StatusOf(err))
		require.NotEmpty(t, spans.told.String())
		require.NotContains(t, spans.told.String(), "a number found", status)
	}
}

// spans is a tracer that keeps what it is told as one text.
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
