package call

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func TestARetryAfterIsFollowedUpToItsBound(t *testing.T) {
	t.Parallel()
	for header, sent := range map[string]int{"59": 2, "60": 2, "61": 1} {
		t.Run(header, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				requests, began := 0, time.Now()
				cfg := config(func(r *http.Request) (*http.Response, error) {
					if requests++; requests == 1 {
						return answer(429, "{}", http.Header{"Retry-After": {header}})(r)
					}
					return answer(200, `{"id":"d1"}`, nil)(r)
				})
				cfg.Retry.MaxAttempts, cfg.Retry.MaxRetryAfter = 2, time.Minute
				client, err := New(cfg)
				require.NoError(t, err)
				_, err = getDeployment(t.Context(), client)
				require.Equal(t, sent, requests)
				if sent == 1 {
					require.ErrorIs(t, err, apierr.ErrThrottled)
					require.Zero(t, time.Since(began))
					return
				}
				require.NoError(t, err)
				wait, err := time.ParseDuration(header + "s")
				require.NoError(t, err)
				require.Equal(t, wait, time.Since(began))
			})
		})
	}
}

// refusal is an error of a transport that no repetition fixes, as package azcore
// marks them.
type refusal struct{}

func (refusal) Error() string { return "refused by the transport" }
func (refusal) NonRetriable() {}

func TestAnErrorThatSaysSoIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{Read, Set, Update, Delete, Create} {
		requests := 0
		cfg := config(func(*http.Request) (*http.Response, error) {
			requests++
			return nil, fmt.Errorf("transport: %w", refusal{})
		})
		cfg.Retry.MaxAttempts = 3
		client, err := New(cfg)
		require.NoError(t, err)
		err = Exec(t.Context(), client, Op{Name: "test.Delete", Kind: kind}, deleteDeployment)
		require.Equal(t, 1, requests)
		require.ErrorIs(t, err, refusal{})
		require.ErrorIs(t, err, apierr.ErrUnavailable)
		require.Equal(t, kind != Read, errors.Is(err, apierr.ErrUnknownOutcome), "it does not say that nothing was sent")
	}
}

func deleteDeployment(ctx context.Context, g *graph.Client) error {
	return g.Deployments().ByDeploymentId("d1").Delete(ctx, nil)
}
