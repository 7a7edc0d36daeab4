package call_test

import (
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
)

// Everything that a call sends is in one trace, whatever the responses are. Lists are an
// exception: they have a trace for each page.
func TestEveryCallIsOneTrace(t *testing.T) {
	t.Parallel()
	for _, body := range append(strangeBodies,
		`{"id":"x","mdmAppId":"x","value":[]}`, `{"id":"x","mdmAppId":"x","value":[{"id":"x"}]}`, stub.Deployment) {
		for _, reply := range []stub.Reply{stub.Answer(200, body), stub.Answer(202, ""), stub.Answer(404, ""), stub.Answer(503, "")} {
			synctest.Test(t, func(t *testing.T) {
				roots := &roots{}
				s := stub.Answering(reply, stub.Answer(400, ""), stub.Answer(200, body))
				client := s.Client(t, stub.Attempts(2), roots.record)
				for _, c := range everyCall(t.Context(), client) {
					if !isList(c) {
						c.requireEnd(t, "")
						require.LessOrEqual(t, len(roots.take()), 1, c.name)
					}
				}
			})
		}
	}
}

func isList(c publicCall) bool {
	_, isList := c.method.Type().Out(0).MethodByName("Collect")
	return isList || strings.HasSuffix(c.name, ".AllMatches")
}

func TestChunksAreOneTrace(t *testing.T) {
	t.Parallel()
	s, roots := stub.Answering(stub.Answer(202, "")), &roots{}
	client := s.Client(t, roots.record)
	ids, edit := stub.DeviceIDs(3), &audience.EditOptions{ChunkSize: 1}
	require.NoError(t, client.Audiences().AddDevices(t.Context(), audience.ByID("a"), ids, edit))
	require.NoError(t, client.Groups().AddDevices(t.Context(), "g", ids, edit))
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, &audience.EnrollOptions{ChunkSize: 1}))
	require.Len(t, s.Requests(), 9)
	require.Equal(t, []string{"audiences.AddDevices", "groups.AddDevices", "devices.Enroll"}, roots.take())
}

// roots is a tracer that keeps the names of the spans without a parent.
type roots struct {
	noop.TracerProvider
	mu    sync.Mutex
	names []string
	spans uint64
}

func (r *roots) Tracer(string, ...trace.TracerOption) trace.Tracer { return rootTracer{roots: r} }

func (r *roots) record(o *updates.Options) { o.TracerProvider = r }

func (r *roots) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	names := slices.Clone(r.names)
	r.names = nil
	return names
}

type rootTracer struct {
	noop.Tracer
	roots *roots
}

func (t rootTracer) Start(ctx context.Context, name string, _ ...trace.SpanStartOption) (context.Context, trace.Span) {
	t.roots.mu.Lock()
	defer t.roots.mu.Unlock()
	if !trace.SpanContextFromContext(ctx).IsValid() {
		t.roots.names = append(t.roots.names, name)
	}
	t.roots.spans++
	config := trace.SpanContextConfig{TraceID: trace.TraceID{1}, TraceFlags: trace.FlagsSampled}
	binary.BigEndian.PutUint64(config.SpanID[:], t.roots.spans)
	ctx = trace.ContextWithSpanContext(ctx, trace.NewSpanContext(config))
	return ctx, trace.SpanFromContext(ctx)
}

// The golden files of internal/testdata/telemetry have the details.
func TestAttemptsHaveSpansAndMetricsUnlessTheTransportHas(t *testing.T) {
	t.Parallel()
	for _, instrumented := range []bool{false, true} {
		spans, meters := &spans{}, &meters{}
		read := stub.Read()
		client := stub.Answering(read.Success).Client(t, func(o *updates.Options) {
			o.TracerProvider, o.MeterProvider, o.TransportInstrumented = spans, meters, instrumented
		})
		require.NoError(t, read.Run(t.Context(), client))
		told := spans.take()
		require.Contains(t, told, "deployments.Get")
		require.Equal(t, !instrumented, strings.Contains(told, "GET /beta/admin/windows/updates/deployments/{deployment-id}"))
		require.Equal(t, !instrumented, slices.Contains(meters.recorded, "http.client.request.duration"))
	}
}

func TestTheSpanOfACallThatFailedSaysWhy(t *testing.T) {
	t.Parallel()
	spans := &spans{}
	client := stub.Answering(stub.Fail(stub.ErrReset)).Client(t, func(o *updates.Options) { o.TracerProvider = spans })
	err := stub.Read().Run(t.Context(), client)
	require.Error(t, err)
	told := spans.take()
	require.Contains(t, told, "Error "+err.Error())
	require.Contains(t, told, "error.type=no_response")
}

// meters keeps the names of the histograms that were recorded to.
type meters struct {
	metricnoop.MeterProvider
	recorded []string
}

func (m *meters) Meter(string, ...metric.MeterOption) metric.Meter { return meter{meters: m} }

type meter struct {
	metricnoop.Meter
	meters *meters
}

func (m meter) Float64Histogram(name string, _ ...metric.Float64HistogramOption) (metric.Float64Histogram, error) {
	return histogram{meters: m.meters, name: name}, nil
}

type histogram struct {
	metricnoop.Float64Histogram
	meters *meters
	name   string
}

func (histogram) Enabled(context.Context) bool { return true }

func (h histogram) Record(context.Context, float64, ...metric.RecordOption) {
	h.meters.recorded = append(h.meters.recorded, h.name)
}
