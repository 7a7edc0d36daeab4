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

func TestASyncOfNothingTakesTwoPollsAndIsVerifiedByLists(t *testing.T) {
	t.Parallel()
	for status, isVerified := range map[int]bool{http.StatusOK: true, http.StatusNotFound: false} {
		synctest.Test(t, func(t *testing.T) {
			empty := stub.Serving(func(req *http.Request) (int, string) {
				if strings.HasSuffix(req.URL.Path, "/members") {
					return status, stub.NoItems
				}
				return http.StatusOK, `{"id":"a"}`
			})
			opts := &audience.SyncOptions{RemovalLimit: audience.RemoveAll}
			report, err := empty.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), nil, opts)
			require.NoError(t, err)
			require.Equal(t, isVerified, report.Verified)
			require.Equal(t, 2, report.Polls)
			require.Equal(t, !isVerified, strings.Contains(report.String(), "not verified\nthe service returned 404 for the members"))

			opts.SkipVerification = true
			report, err = empty.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), nil, opts)
			require.NoError(t, err)
			require.False(t, report.Verified)
		})
	}
}

func TestARemovalIsNotVerifiedByA404(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		removed := false
		vanishing := stub.Serving(func(req *http.Request) (int, string) {
			switch {
			case req.Method == http.MethodPost:
				removed = true
				return http.StatusAccepted, ""
			case !strings.HasSuffix(req.URL.Path, "/members"):
				return http.StatusOK, `{"id":"a"}`
			case removed:
				return http.StatusNotFound, `{}`
			}
			return http.StatusOK, stub.Page("", `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"`+device1+`"}`)
		})
		opts := &audience.SyncOptions{RemovalLimit: audience.RemoveAll, VerifyTimeout: time.Hour}
		report, err := vanishing.Client(t, stub.NoLimits).Audiences().Sync(t.Context(), audience.ByID("a"), nil, opts)
		require.ErrorContains(t, err, "the service returned 404 for the members: ")
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
