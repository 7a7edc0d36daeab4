package call_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// longWaits answers some requests with 503 and a Retry-After of a day.
type longWaits struct {
	next   http.RoundTripper
	answer func(req *http.Request, n int) bool // n counts the requests
	count  int
	hits   int
}

func (w *longWaits) RoundTrip(req *http.Request) (*http.Response, error) {
	w.count++
	if w.answer(req, w.count) {
		w.hits++
		return stub.Answer(503, "{}", "Retry-After", "86400")(req)
	}
	return w.next.RoundTrip(req)
}

func aDeployment(t *testing.T, client *updates.Client) *deployments.Deployment {
	t.Helper()
	entry, err := client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
	require.NoError(t, err)
	return stub.Made[deployments.Deployment](t)(client.Deployments().Create(t.Context(), deployments.ForFeature(entry.ID)))
}

// aWait is a method that polls. It returns what is called after some preparation.
type aWait func(t *testing.T, client *updates.Client) func(context.Context) error

func waits() map[string]aWait {
	ids := stub.DeviceIDs(1)
	wanted := audience.Membership{Members: audience.Devices(ids...)}
	return map[string]aWait{
		"WaitForState": func(t *testing.T, client *updates.Client) func(context.Context) error {
			id := aDeployment(t, client).ID
			return func(ctx context.Context) error {
				_, err := client.Deployments().WaitForState(ctx, id, deployments.StateOffering, nil)
				return err
			}
		},
		"WaitForDeletion": func(t *testing.T, client *updates.Client) func(context.Context) error {
			id := aDeployment(t, client).ID
			require.NoError(t, client.Deployments().Delete(t.Context(), id))
			return func(ctx context.Context) error { return client.Deployments().WaitForDeletion(ctx, id, nil) }
		},
		"WaitForMembers": func(t *testing.T, client *updates.Client) func(context.Context) error {
			of := audience.OfDeployment(aDeployment(t, client).ID)
			require.NoError(t, client.Audiences().AddDevices(t.Context(), of, ids, nil))
			return func(ctx context.Context) error { return client.Audiences().WaitForMembers(ctx, of, wanted, nil) }
		},
		"WaitForEnrollment": func(t *testing.T, client *updates.Client) func(context.Context) error {
			require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, nil))
			return func(ctx context.Context) error {
				_, err := client.Devices().WaitForEnrollment(ctx, audience.CategoryFeature, ids, audience.StateEnrolled, nil)
				return err
			}
		},
	}
}

func TestAWaitAsksAgainAfterTheLongestRetryAfter(t *testing.T) {
	t.Parallel()
	for name, prepare := range waits() {
		for limit, options := range map[time.Duration]stub.Change{
			2 * time.Minute: func(*updates.Options) {},
			5 * time.Minute: func(o *updates.Options) { o.Retry.MaxRetryAfter = 5 * time.Minute },
		} {
			stub.InBubble(t, name+" "+limit.String(), func(t *testing.T) {
				service := simulator.New(nil)
				w := &longWaits{next: service.Transport(), answer: func(*http.Request, int) bool { return false }}
				wait := prepare(t, stub.NewClient(t, service.Credential(), w, options))
				first := w.count
				w.answer = func(_ *http.Request, n int) bool { return n == first+1 }
				began := time.Now()
				require.NoError(t, wait(t.Context()))
				require.Equal(t, 1, w.hits)
				require.GreaterOrEqual(t, time.Since(began), limit)
				require.Less(t, time.Since(began), limit+time.Minute)
			})
		}
		stub.InBubble(t, name+", whose deadline is earlier", func(t *testing.T) {
			service := simulator.New(nil)
			w := &longWaits{next: service.Transport(), answer: func(*http.Request, int) bool { return false }}
			wait := prepare(t, stub.NewClient(t, service.Credential(), w))
			w.answer = func(*http.Request, int) bool { return true }
			began := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
			defer cancel()
			err := wait(ctx)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.ErrorContains(t, err, "503")
			require.Equal(t, 30*time.Second, time.Since(began))
		})
	}
}

func TestSyncAsksAgainAfterTheLongestRetryAfter(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "the first poll", func(t *testing.T) {
		service, sent := simulator.New(nil), false
		w := &longWaits{next: service.Transport()}
		w.answer = func(req *http.Request, _ int) bool {
			first := sent && req.Method == http.MethodGet && w.hits == 0
			sent = sent || strings.Contains(req.URL.Path, "updateAudience")
			return first
		}
		client := stub.NewClient(t, service.Credential(), w)
		of := audience.OfDeployment(aDeployment(t, client).ID)
		began := time.Now()
		report, err := client.Audiences().Sync(t.Context(), of, audience.Devices(stub.DeviceIDs(1)...), nil)
		require.NoError(t, err)
		require.True(t, report.Verified)
		require.Equal(t, 1, w.hits)
		require.Less(t, time.Since(began), 10*time.Minute)
	})
}

func TestCreateOnceAsksAgainAfterTheLongestRetryAfter(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "after a lost response", func(t *testing.T) {
		service, lost := simulator.New(nil), false
		w := &longWaits{next: service.Transport()}
		w.answer = func(req *http.Request, _ int) bool { return lost && req.Method == http.MethodGet && w.hits == 0 }
		client := stub.NewClient(t, service.Credential(), roundTripper(func(req *http.Request) (*http.Response, error) {
			resp, err := w.RoundTrip(req)
			if req.Method == http.MethodPost && !lost {
				lost = true
				return nil, stub.ErrReset
			}
			return resp, err
		}))
		entry, err := client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
		require.NoError(t, err)
		began := time.Now()
		d, err := client.Deployments().CreateOnce(t.Context(), deployments.ForFeature(entry.ID), nil)
		require.NoError(t, err)
		require.NotEmpty(t, d.ID)
		require.Equal(t, 1, w.hits)
		require.Less(t, time.Since(began), 10*time.Minute)
	})
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestAWaitEndsIfTheServiceIsDownForTooLong(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "a day", func(t *testing.T) {
		service := simulator.New(nil)
		w := &longWaits{next: service.Transport(), answer: func(*http.Request, int) bool { return false }}
		wait := waits()["WaitForState"](t, stub.NewClient(t, service.Credential(), w))
		w.answer = func(*http.Request, int) bool { return true }
		began := time.Now()
		require.ErrorIs(t, wait(t.Context()), apierr.ErrUnavailable)
		require.GreaterOrEqual(t, time.Since(began), 14*time.Minute, "eight polls, at least two minutes apart")
		require.Less(t, time.Since(began), 20*time.Minute)
	})
}
