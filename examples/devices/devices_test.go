package main

import (
	"bytes"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/reports"
)

func TestTheDevicesArePrinted(t *testing.T) {
	t.Parallel()
	want, err := os.ReadFile("testdata/output.txt")
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out, []string{"contoso-01", "CONTOSO-03", "contoso-07"}))
	require.Equal(t, string(want), out.String())
}

func TestAnIDIsNoName(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.ErrorIs(t, run(t.Context(), &out, []string{stub.DeviceID(1)}), apierr.ErrInvalid)
	require.Empty(t, out.String())
}

func TestUnreadableBuildsComeLast(t *testing.T) {
	t.Parallel()
	low, high, unknown := &row{build: "10.0.9.10"}, &row{build: "10.0.10.9"}, &row{build: "unknown"}
	require.Negative(t, compare(high, low))
	require.Positive(t, compare(low, high))
	require.Negative(t, compare(low, unknown))
	require.Zero(t, compare(low, low))
}

func TestOneDeviceCountsOnce(t *testing.T) {
	t.Parallel()
	r := &row{"b", map[string]bool{}, map[string]bool{}, map[string]bool{}}
	r.add(&reports.Profile{DeviceID: "A", Hotpatch: reports.HotpatchReady})
	r.add(&reports.Profile{DeviceID: "a", Model: "M"})
	require.Equal(t, [3]int{1, 1, 1}, [3]int{len(r.devices), len(r.hotpatch), len(r.models)})
}
