package main

import (
	"bytes"
	"io"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

var november = time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)

func connect(t *testing.T, service *simulator.Server) catalog.Client {
	t.Helper()
	client, err := updates.NewClient(service.Credential(), &updates.Options{
		Transport: service.Transport(), Retry: updates.RetryOptions{MaxAttempts: 1},
	})
	require.NoError(t, err)
	return client.Catalog()
}

func TestTheTableHasWhatCanBeDeployed(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), connect(t, simulator.New(nil)), november, &out))
	require.Equal(t, string(want), out.String())
}

func TestWhatIsMissingIsADash(t *testing.T) {
	t.Parallel()
	service := simulator.New(&simulator.Options{Empty: true})
	_, err := service.AddEntry(map[string]any{
		"@odata.type": "#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry", "isExpeditable": true, "shortName": "2026.11 B",
		"releaseDateTime": "2026-11-10T00:00:00Z",
	})
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), connect(t, service), november, &out))
	require.Regexp(t, `2026\.11 B +- +2026-11-10 +- +-\n$`, out.String())
}

func TestAnErrorEndsTheTable(t *testing.T) {
	t.Parallel()
	service := simulator.New(nil)
	client := connect(t, service)
	service.FailNext(1, simulator.Status(503))
	require.ErrorIs(t, run(t.Context(), client, november, io.Discard), apierr.ErrUnavailable)
	service.FailNext(1, simulator.Status(503))
	_, err := urgentLines(t.Context(), client, november)
	require.ErrorIs(t, err, apierr.ErrUnavailable)
}
