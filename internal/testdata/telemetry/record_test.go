package telemetry_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/winupdates/winupdates-go/updates"
)

// telemetry records what a client and everything below it tell OpenTelemetry and slog.
// The providers are global too, so that spans of other libraries would be seen.
type telemetry struct {
	transport http.RoundTripper
	instead   string // the body of all responses; empty for those of the service
	exporter  *tracetest.InMemoryExporter
	tracers   *sdktrace.TracerProvider
	reader    *metric.ManualReader
	meters    *metric.MeterProvider
	log       bytes.Buffer
}

const scope = "github.com/winupdates/winupdates-go"

func newTelemetry(t *testing.T, next http.RoundTripper) *telemetry {
	t.Helper()
	r := &telemetry{exporter: tracetest.NewInMemoryExporter()}
	r.transport = transport{next, r}
	r.tracers = sdktrace.NewTracerProvider(sdktrace.WithSyncer(r.exporter))
	r.reader = metric.NewManualReader(metric.WithTemporalitySelector(
		func(metric.InstrumentKind) metricdata.Temporality { return metricdata.DeltaTemporality }))
	r.meters = metric.NewMeterProvider(metric.WithReader(r.reader))
	otel.SetTracerProvider(r.tracers)
	otel.SetMeterProvider(r.meters)
	return r
}

func (r *telemetry) options() *updates.Options {
	return &updates.Options{
		Transport: r.transport,
		Logger: slog.New(slog.NewTextHandler(&r.log, &slog.HandlerOptions{
			Level: slog.LevelDebug,
			ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			},
		})),
	}
}

// reset forgets what was recorded so far.
func (r *telemetry) reset(t *testing.T) {
	t.Helper()
	r.metrics(t)
	r.exporter.Reset()
	r.log.Reset()
}

// text is everything that was recorded, with the error of the call.
func (r *telemetry) text(t *testing.T, err error) string {
	t.Helper()
	result := "no error"
	if err != nil {
		result = err.Error()
	}
	return fmt.Sprintf("The call returned: %s\n\nSpans:\n\n%s\nMetrics:\n\n%s\nLog:\n\n%s",
		withoutIDs(result), r.spans(), r.metrics(t), withoutIDs(r.log.String()))
}

// spans is the tree of all spans, of siblings the earlier ones first.
func (r *telemetry) spans() string {
	spans := r.exporter.GetSpans()
	slices.SortStableFunc(spans, func(a, b tracetest.SpanStub) int { return a.StartTime.Compare(b.StartTime) })
	var out strings.Builder
	write(&out, spans, trace.SpanID{}, "")
	return withoutIDs(out.String())
}

func write(out *strings.Builder, spans tracetest.SpanStubs, parent trace.SpanID, indent string) {
	for _, s := range spans {
		if s.Parent.SpanID() != parent {
			continue
		}
		fmt.Fprintf(out, "%s%s%s%s\n", indent, s.Name, kind(s), status(s.Status))
		writeAttributes(out, s.Attributes, indent+"    ")
		write(out, spans, s.SpanContext.SpanID(), indent+"  ")
	}
}

// kind names what is not as most spans are.
func kind(s tracetest.SpanStub) string {
	text := ""
	if s.SpanKind != trace.SpanKindInternal {
		text = " (" + s.SpanKind.String() + ")"
	}
	if s.InstrumentationScope.Name != scope {
		text += " of " + s.InstrumentationScope.Name
	}
	return text
}

func status(s sdktrace.Status) string {
	if s.Code == codes.Unset {
		return ""
	}
	return strings.TrimSuffix(fmt.Sprintf(": %v: %s", s.Code, s.Description), ": ")
}

func writeAttributes(out *strings.Builder, attributes []attribute.KeyValue, indent string) {
	slices.SortFunc(attributes, func(a, b attribute.KeyValue) int { return cmp.Compare(a.Key, b.Key) })
	for _, a := range attributes {
		fmt.Fprintf(out, "%s%s=%s\n", indent, a.Key, a.Value.Emit())
	}
}

// metrics collects what was measured since the last time.
func (r *telemetry) metrics(t *testing.T) string {
	t.Helper()
	var all metricdata.ResourceMetrics
	require.NoError(t, r.reader.Collect(context.Background(), &all))
	var out strings.Builder
	for _, s := range all.ScopeMetrics {
		require.Equal(t, scope, s.Scope.Name)
		for _, m := range s.Metrics {
			writeMetric(t, &out, m)
		}
	}
	return out.String()
}

// writeMetric leaves out how long requests took, because that is not what is tested.
func writeMetric(t *testing.T, out *strings.Builder, m metricdata.Metrics) {
	t.Helper()
	var points []string
	point := func(of attribute.Set, value string) {
		points = append(points, fmt.Sprintf("%s: %s\n    %s\n", m.Name, value, of.Encoded(attribute.DefaultEncoder())))
	}
	switch data := m.Data.(type) {
	case metricdata.Histogram[float64]:
		for _, p := range data.DataPoints {
			point(p.Attributes, fmt.Sprintf("%d recorded", p.Count))
		}
	case metricdata.Sum[float64]:
		for _, p := range data.DataPoints {
			point(p.Attributes, fmt.Sprintf("%g %s", p.Value, m.Unit))
		}
	default:
		t.Errorf("%s is a %T", m.Name, data)
	}
	slices.Sort(points)
	out.WriteString(strings.Join(points, ""))
}

var (
	id     = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	random = regexp.MustCompile(`(wait|took)=[0-9.]*[0-9]{3}[a-zµ]*s`)
)

// withoutIDs replaces what is another one each time.
func withoutIDs(text string) string {
	return random.ReplaceAllString(id.ReplaceAllString(text, "ID"), "$1=…")
}
