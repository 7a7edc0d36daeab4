package call

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

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
