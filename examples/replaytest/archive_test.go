package main

import (
	"bytes"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/recording"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const guid = `[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`

// The recording was made on the simulator, in which a deployment went wrong
// first; replaying needs neither. On a tenant of yours, leave out both, and give
// recording.WithCredential your credential.
//
// In the bubble the time is always the same, and so is the file when it is recorded
// again.
func TestWhatMonitoringPausedIsArchived(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := simulator.New(nil)
		rec := recording.Open(t,
			recording.WithTransport(service.Transport()),
			recording.WithCredential(service.Credential()),
			recording.WithNote("made on the simulator"))
		if rec.IsRecording() {
			require.NoError(t, goWrong(t.Context(), service))
		}
		client, err := updates.NewClient(rec.Credential(), &updates.Options{Transport: rec.Transport()})
		require.NoError(t, err)

		var out bytes.Buffer
		require.NoError(t, archive(t.Context(), client, &out))
		require.Regexp(t, "^"+guid+` was paused by monitoring and is archived now
`+guid+` is offering
$`, out.String())
	})
}

func TestNoRecordingHasASecret(t *testing.T) {
	t.Parallel()
	require.NoError(t, recording.Check("testdata"))
}

func TestTheProgramRunsOnTheSimulator(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, run(t.Context(), &out))
	require.Contains(t, out.String(), "is archived now")
}
