package updates_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/recording"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/tenant"
)

// failed is the error of a call, which must be of a class.
func failed(t *testing.T, err, class error) *apierr.Error {
	t.Helper()
	require.ErrorIs(t, err, class)
	var e *apierr.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.RequestID)
	return e
}

func TestARejectedRequestSaysWhatTheServiceSays(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		s.meanwhile(t, func(service *simulator.Server) error { return service.RemoveWorkspace("reports") })
		_, err := s.client.Tenant().CreateConnection(t.Context(), tenant.LogAnalyticsWorkspace{
			Subscription: "00000000-0000-4000-8000-0000000000f1", ResourceGroup: "updates", Workspace: "reports",
		})

		e := failed(t, err, apierr.ErrInvalid)
		require.Equal(t, http.StatusBadRequest, e.Status)
		require.Equal(t, "BadRequest", e.Code)
		require.Equal(t, "The specified workspace was not able to be linked. Verify that the key properties are correct.", e.Message)
		require.Equal(t, 1, e.Attempts)
		require.False(t, e.OutcomeUnknown)
	})
}

const accessDenied = `{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges to complete the operation.",` +
	`"innerError":{"date":"2025-12-01T09:00:00","request-id":"0d4f2f1e-7a3b-4c5d-9e8f-1a2b3c4d5e6f",` +
	`"client-request-id":"7c9e6679-7425-40de-944b-e07fc1f90ae7"}}}`

func TestADeniedCallSaysWhatToCheck(t *testing.T) {
	t.Parallel()
	answers := stub.Answering(stub.Answer(http.StatusForbidden, accessDenied, "request-id", "0d4f2f1e-7a3b-4c5d-9e8f-1a2b3c4d5e6f"))
	onPaper(t, "Microsoft Graph error responses", answers, func(t *testing.T, s *take) {
		_, err := s.client.Deployments().Get(t.Context(), kiosk)

		e := failed(t, err, apierr.ErrForbidden)
		require.Equal(t, "Authorization_RequestDenied", e.Code)
		require.Contains(t, e.Advice, "WindowsUpdates.Read.All")
		require.Equal(t, 1, e.Attempts)
	})
}

func TestADeviceThatIsNotEnrolledIsNotFound(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		_, err := s.client.Devices().Get(t.Context(), kiosk)

		e := failed(t, err, apierr.ErrNotFound)
		require.Equal(t, http.StatusNotFound, e.Status)
		require.Equal(t, "devices.Get", e.Op)
		require.Equal(t, "NotFound", e.Code)
	})
}

func TestAnAudienceInUseCannotBeDeleted(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		d := s.featureUpdate(t, deployments.Settings{})
		err := s.client.Audiences().Delete(t.Context(), d.Audience.ID)

		e := failed(t, err, apierr.ErrConflict)
		require.Equal(t, http.StatusConflict, e.Status)
		require.Equal(t, 1, e.Attempts, "repeating does not help")

		_, err = s.client.Audiences().Get(t.Context(), audience.ByID(d.Audience.ID))
		require.NoError(t, err)
	})
}

func TestAThrottledCreateWaitsAndIsRepeated(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		s.service.FailNext(1, simulator.Throttle().RetryAfter(90*time.Second),
			simulator.Match{Method: http.MethodPost, Path: "/deployments"})
		start := time.Now()
		d := s.featureUpdate(t, deployments.Settings{})

		require.Equal(t, deployments.StateOffering, d.State.Effective)
		require.Equal(t, 90*time.Second+100*time.Millisecond, time.Since(start), "the next request is sent at the pace")
	})
}

func TestAnUnavailableServiceIsAskedUntilTheAttemptsEnd(t *testing.T) {
	t.Parallel()
	onTape(t, nil, func(t *testing.T, s *take) {
		s.service.FailNext(5, simulator.Status(http.StatusServiceUnavailable).RetryAfter(20*time.Second))
		start := time.Now()
		err := s.client.Deployments().Pause(t.Context(), kiosk)

		e := failed(t, err, apierr.ErrUnavailable)
		require.Equal(t, http.StatusServiceUnavailable, e.Status)
		require.Equal(t, 5, e.Attempts)
		require.Equal(t, 20*time.Second, e.RetryAfter)
		require.Equal(t, 80*time.Second, time.Since(start))
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome, "the pause may have taken effect")
	})
}

func TestNoRecordingHasASecret(t *testing.T) {
	t.Parallel()
	require.NoError(t, recording.Check(".."), "of all recordings of the module")
}

func TestEveryRecordingSaysWhereItComesFrom(t *testing.T) {
	t.Parallel()
	for _, file := range recordings(t) {
		first, _, _ := strings.Cut(contentOf(t, file), "\n")
		require.Regexp(t, ` · (made on the simulator|follows a documented exchange: .+)$`, first, file)
	}
}

func TestEveryRecordingHasATest(t *testing.T) {
	t.Parallel()
	tests := contentOf(t, "recorded_test.go") + contentOf(t, "recorded_errors_test.go")
	for _, file := range recordings(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		require.Contains(t, tests, "\nfunc "+name+"(t *testing.T) {\n", "rename or delete %s", file)
	}
}

func recordings(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "recordings", "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}
