package recording_test

import (
	"crypto/tls"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/recording"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const device = "00000000-0000-4000-8000-0000000000d1"

// onTape runs use with a client that records the simulator, and then with one that
// replays it, each in a bubble of its own.
func onTape(t *testing.T, service func() *simulator.Server, use func(t *testing.T, client *updates.Client)) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.txtar")
	synctest.Test(t, func(t *testing.T) {
		s := service()
		rec := recording.Record(file, recording.WithTransport(s.Transport()), recording.WithCredential(s.Credential()))
		use(t, clientOf(t, rec))
		require.NoError(t, rec.Close())
	})
	synctest.Test(t, func(t *testing.T) {
		rec, err := recording.Replay(file)
		require.NoError(t, err)
		use(t, clientOf(t, rec))
		require.NoError(t, rec.Close())
	})
}

func clientOf(t *testing.T, rec *recording.Recorder) *updates.Client {
	t.Helper()
	client, err := updates.NewClient(rec.Credential(), &updates.Options{Transport: rec.Transport()})
	require.NoError(t, err)
	return client
}

func TestAFlowOfTheSDKIsReplayed(t *testing.T) {
	t.Parallel()
	service := func() *simulator.Server { return simulator.New(&simulator.Options{PageSize: 2}) }
	onTape(t, service, func(t *testing.T, client *updates.Client) {
		ctx := t.Context()
		entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
		require.NoError(t, err)
		all, err := client.Catalog().ListFeatureUpdates(catalog.FeatureQuery{}).Collect(ctx, 100)
		require.NoError(t, err)
		require.Len(t, all, 8)
		require.NoError(t, client.Devices().Enroll(ctx, audience.CategoryFeature, []string{device}, nil))
		d, err := client.Deployments().Create(ctx, deployments.ForFeature(entry.ID))
		require.NoError(t, err)
		require.NoError(t, client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), []string{device}, nil))
		require.NoError(t, client.Deployments().Pause(ctx, d.ID))
		d, err = client.Deployments().Get(ctx, d.ID)
		require.NoError(t, err)
		require.Equal(t, deployments.StatePaused, d.State.Effective)
		require.NoError(t, client.Deployments().Delete(ctx, d.ID))
		_, err = client.Deployments().Get(ctx, d.ID)
		require.ErrorIs(t, err, apierr.ErrNotFound)
	})
}

func TestAThrottledCreateIsReplayedWithItsWait(t *testing.T) {
	t.Parallel()
	service := func() *simulator.Server {
		s := simulator.New(nil)
		s.FailNext(1, simulator.Throttle().RetryAfter(90*time.Second), simulator.Match{Method: "POST"})
		return s
	}
	onTape(t, service, func(t *testing.T, client *updates.Client) {
		entry, err := client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
		require.NoError(t, err)
		start := time.Now()
		d, err := client.Deployments().Create(t.Context(), deployments.ForFeature(entry.ID))
		require.NoError(t, err)
		require.NotEmpty(t, d.ID)
		require.Equal(t, 90*time.Second, time.Since(start))
	})
}

func TestTheSDKGivesUpAtOnceOnARequestThatWasNotRecorded(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.txtar")
	require.NoError(t, os.WriteFile(file, []byte("# recorded 2026-11-22T08:00:00Z · recorder 1\n-- end --\n"), 0o644))
	calls := map[string]func(*testing.T, *updates.Client) error{
		"deployments.Get": func(t *testing.T, c *updates.Client) error {
			_, err := c.Deployments().Get(t.Context(), device)
			return err
		},
		"deployments.List": func(t *testing.T, c *updates.Client) error {
			_, err := c.Deployments().List(nil).First(t.Context())
			return err
		},
		"deployments.Create": func(t *testing.T, c *updates.Client) error {
			_, err := c.Deployments().Create(t.Context(), deployments.ForFeature("entry"))
			return err
		},
		"deployments.Pause": func(t *testing.T, c *updates.Client) error {
			return c.Deployments().Pause(t.Context(), device)
		},
		"deployments.Delete": func(t *testing.T, c *updates.Client) error {
			return c.Deployments().Delete(t.Context(), device)
		},
	}
	for op, call := range calls {
		t.Run(op, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				network := &counter{}
				rec, err := recording.Replay(file, recording.WithTransport(network))
				require.NoError(t, err)
				start := time.Now()
				err = call(t, clientOf(t, rec))

				require.ErrorContains(t, err, op+": recording: ")
				require.ErrorIs(t, err, recording.ErrNotRecorded)
				require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
				var posed *tls.CertificateVerificationError
				require.NotErrorAs(t, err, &posed)
				var e *apierr.Error
				require.ErrorAs(t, err, &e)
				require.Equal(t, 1, e.Attempts)
				require.Zero(t, time.Since(start))
				require.Zero(t, network.requests)
				require.ErrorIs(t, rec.Close(), recording.ErrNotRecorded)
			})
		})
	}
}

// counter is a network that must not be used.
type counter struct{ requests int }

func (c *counter) RoundTrip(*http.Request) (*http.Response, error) {
	c.requests++
	return nil, errors.New("the network was used")
}

func TestNoTokenOfTheSDKIsRecorded(t *testing.T) {
	t.Parallel()
	s := simulator.New(nil)
	s.FailNext(1, simulator.Status(http.StatusForbidden))
	rec := recording.Record(filepath.Join(t.TempDir(), "recordings", "a.txtar"), recording.WithTransport(s.Transport()),
		recording.WithCredential(s.Credential()))
	_, err := clientOf(t, rec).Deployments().Get(t.Context(), device)
	require.ErrorIs(t, err, apierr.ErrForbidden)
	require.NoError(t, rec.Close())
}
