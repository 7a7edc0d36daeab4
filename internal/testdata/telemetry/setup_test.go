package telemetry_test

import (
	"log/slog"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"github.com/winupdates/winupdates-go/updates"
)

// region setup

func observe(opts *updates.Options, log *slog.Logger, tracers trace.TracerProvider, meters metric.MeterProvider) {
	opts.Logger = log
	opts.TracerProvider = tracers
	opts.MeterProvider = meters
}

// endregion

func TestProvidersOfOptionsReplaceTheGlobalOnes(t *testing.T) {
	own := newTelemetry(t, nil)
	global := newProgram(t, nil)
	opts := &updates.Options{Transport: global.service.Transport()}
	observe(opts, slog.New(slog.DiscardHandler), own.tracers, own.meters)
	client, err := updates.NewClient(global.service.Credential(), opts)
	require.NoError(t, err)
	_, err = client.Deployments().Get(t.Context(), global.deployment.ID)
	require.NoError(t, err)
	require.NotEmpty(t, own.spans())
	require.NotEmpty(t, own.metrics(t))
	require.Empty(t, global.telemetry.spans())
	require.Empty(t, global.telemetry.metrics(t))
}
