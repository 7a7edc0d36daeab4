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

func TestWhatWasAcceptedBeforeIsNotUnsentWhenItIsSentAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began, ids := time.Now(), stub.DeviceIDs(3)
		service := stub.Serving(func(req *http.Request) (int, string) {
			isLate := time.Since(began) > 10*time.Minute
			switch {
			case req.Method == http.MethodPost && isLate:
				return http.StatusBadRequest, `{}`
			case req.Method == http.MethodPost:
				return http.StatusAccepted, ""
			case strings.HasSuffix(req.URL.Path, "/members") && !isLate:
				return http.StatusOK, stub.Page("", `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"`+ids[2]+`"}`)
			}
			return http.StatusOK, stub.NoItems // another program has removed the last one
		})
		opts := &audience.SyncOptions{ChunkSize: 1}
		report, err := service.Client(t, stub.NoLimits).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(ids...), opts)
		require.Error(t, err)
		require.Equal(t, wanting(ids[:2]...), report.Sent.AddMembers)
		require.Empty(t, report.Failed)
		require.Equal(t, wanting(ids[2]), report.Unsent.AddMembers)
	})
}
