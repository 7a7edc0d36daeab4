package audience_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
)

func TestASyncOfNothingIsVerifiedByTwoPolls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		hidden := stub.Serving(func(req *http.Request) (int, string) {
			if strings.HasSuffix(req.URL.Path, "/members") {
				return http.StatusNotFound, `{}`
			}
			return http.StatusOK, `{"id":"a"}`
		})
		opts := &audience.SyncOptions{RemovalLimit: audience.RemoveAll}
		report, err := hidden.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), nil, opts)
		require.NoError(t, err)
		require.True(t, report.Verified)
		require.Equal(t, 2, report.Polls)

		opts.SkipVerification = true
		report, err = hidden.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), nil, opts)
		require.NoError(t, err)
		require.False(t, report.Verified)
	})
}

func TestIntuneIsNamedOnlyWhereTheMembersAreNotFound(t *testing.T) {
	t.Parallel()
	for status, isNamed := range map[int]bool{http.StatusOK: false, http.StatusNotFound: true} {
		synctest.Test(t, func(t *testing.T) {
			still := stub.Serving(func(req *http.Request) (int, string) {
				switch {
				case strings.HasSuffix(req.URL.Path, "/members"):
					return status, `{"value":[]}`
				case req.Method == http.MethodPost:
					return http.StatusAccepted, ""
				}
				return http.StatusOK, `{"id":"a"}`
			})
			opts := &audience.SyncOptions{VerifyTimeout: time.Hour}
			report, err := still.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(device1), opts)
			require.Error(t, err)
			require.True(t, report.NoEffect)
			require.Equal(t, isNamed, strings.Contains(err.Error(), "Intune"), err)
			require.Equal(t, isNamed, report.Unlisted)
			require.Equal(t, isNamed, strings.Contains(report.String(), "Intune"))
		})
	}
}
