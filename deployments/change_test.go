package deployments_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

const (
	accepted    = `{"id":"` + deploymentID + `"}`
	pausedByOne = `{"state":{"effectiveValue":"paused","requestedValue":"none","reasons":[{"value":"pausedByMonitoring"}]},` + pausingRule
	pausedByTwo = `{"state":{"effectiveValue":"paused","requestedValue":"paused",` +
		`"reasons":[{"value":"pausedByRequest"},{"value":"pausedByMonitoring"}]},` + pausingRule
	pausingRule = `"settings":{"monitoring":{"monitoringRules":[{"signal":"rollback","threshold":5,"action":"pauseDeployment"}]}}}`
)

func TestEachChangeIsOnePatch(t *testing.T) {
	t.Parallel()
	const noRules = `{"settings":{"monitoring":{"monitoringRules":[]}}}`
	for name, c := range map[string]struct {
		send func(context.Context, deployments.Client) error
		want string
	}{
		"pause": {func(ctx context.Context, c deployments.Client) error {
			return c.Pause(ctx, deploymentID)
		}, `{"state":{"requestedValue":"paused"}}`},
		"archive": {func(ctx context.Context, c deployments.Client) error {
			return c.Archive(ctx, deploymentID)
		}, `{"state":{"requestedValue":"archived"}}`},
		"rules": {func(ctx context.Context, c deployments.Client) error {
			return c.SetMonitoringRules(ctx, deploymentID, deployments.PauseOnRollbacks(10), deployments.FallBackWhenIneligible())
		}, `{"settings":{"monitoring":{"monitoringRules":[
			{"signal":"rollback","threshold":10,"action":"pauseDeployment"},{"signal":"ineligible","action":"offerFallback"}
		]}}}`},
		"no rules": {func(ctx context.Context, c deployments.Client) error {
			return c.SetMonitoringRules(ctx, deploymentID)
		}, noRules},
		"clear": {func(ctx context.Context, c deployments.Client) error {
			return c.ClearMonitoringRules(ctx, deploymentID)
		}, noRules},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, answer := range []stub.Reply{answer(202, accepted), answer(202, ""), answer(204, ""), answer(200, "not JSON")} {
				service := stub.Answering(answer)
				require.NoError(t, c.send(t.Context(), service.Client(t).Deployments()))
				require.Len(t, service.Requests(), 1)
				got := service.Last(t)
				require.Equal(t, "PATCH /deployments/"+deploymentID, got.Method+" "+got.Path)
				require.Equal(t, stub.Exact(t, c.want), withoutTypes(stub.Exact(t, got.Body)))
			}
		})
	}
}

func TestDeleteHasNoBody(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(202, ""))
	require.NoError(t, service.Client(t).Deployments().Delete(t.Context(), deploymentID))
	require.Equal(t, []string{"DELETE /deployments/" + deploymentID}, service.Log())
}

func TestResumeAsksForNothingMore(t *testing.T) {
	t.Parallel()
	for _, state := range []string{
		`{}`,
		`{"state":{"effectiveValue":"paused","requestedValue":"paused","reasons":[{"value":"pausedByRequest"}]}}`,
	} {
		service := stub.Answering(answer(200, state), answer(202, ""))
		require.NoError(t, service.Client(t).Deployments().Resume(t.Context(), deploymentID))
		requests := service.Requests()
		require.Len(t, requests, 2)
		require.Equal(t, "GET", requests[0].Method)
		require.Equal(t, stub.Exact(t, `{"state":{"requestedValue":"none"}}`), withoutTypes(stub.Exact(t, requests[1].Body)))
	}
}

func TestResumeSaysThatItCannotLiftAPauseByMonitoring(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(200, pausedByOne))
	err := service.Client(t).Deployments().Resume(t.Context(), deploymentID)
	require.ErrorIs(t, err, deployments.ErrPausedByMonitoring)
	require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
	require.ErrorContains(t, err, "deployments.Resume: ")
	require.ErrorContains(t, err, "ClearMonitoringRules")
	require.ErrorContains(t, err, "SetMonitoringRules")
	require.Len(t, service.Requests(), 1, "there was no pause to withdraw")
}

func TestResumeWithdrawsTheRequestBesideAPauseByMonitoring(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(200, pausedByTwo), answer(202, ""))
	err := service.Client(t).Deployments().Resume(t.Context(), deploymentID)
	require.ErrorIs(t, err, deployments.ErrPausedByMonitoring)
	require.Equal(t, stub.Exact(t, `{"state":{"requestedValue":"none"}}`), withoutTypes(stub.Exact(t, service.Last(t).Body)))
}

func TestAFailedResumeIsNotAPauseByMonitoring(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(200, pausedByTwo), answer(403, `{}`))
	err := service.Client(t).Deployments().Resume(t.Context(), deploymentID)
	require.ErrorIs(t, err, apierr.ErrForbidden)
	require.NotErrorIs(t, err, deployments.ErrPausedByMonitoring)
}

func TestAFailedReadNamesTheChangeItWasFor(t *testing.T) {
	t.Parallel()
	for op, send := range map[string]func(context.Context, deployments.Client) error{
		"deployments.Resume":     func(ctx context.Context, c deployments.Client) error { return c.Resume(ctx, deploymentID) },
		"deployments.Reschedule": func(ctx context.Context, c deployments.Client) error { return c.Reschedule(ctx, deploymentID, start) },
	} {
		service := stub.Answering(answer(404, `{"error":{"code":"NotFound","message":"no such deployment"}}`))
		err := send(t.Context(), service.Client(t).Deployments())
		require.ErrorIs(t, err, apierr.ErrNotFound)
		require.EqualError(t, err, op+" (reading the deployment): 404 NotFound: no such deployment")
		require.Len(t, service.Requests(), 1)
	}
}

func TestRescheduleRepeatsTheRollout(t *testing.T) {
	t.Parallel()
	const unknown = `{"@odata.type":"#microsoft.graph.windowsUpdates.lunarRolloutSettings","durationBetweenOffers":"P2D","phase":"full"}`
	for name, c := range map[string]struct{ read, want string }{
		"no schedule": {`null`, `{"startDateTime":"2026-12-01T08:00:00Z"}`},
		"no rollout":  {`{"startDateTime":"2026-01-01T00:00:00Z","gradualRollout":null}`, `{"startDateTime":"2026-12-01T08:00:00Z"}`},
		"all at once": {
			`{"gradualRollout":` + typed("rateDriven", `"durationBetweenOffers":"P1D","devicesPerOffer":0`) + `}`,
			`{"startDateTime":"2026-12-01T08:00:00Z"}`,
		},
		"by rate": {`{"gradualRollout":` + typed("rateDriven", `"durationBetweenOffers":"P7D","devicesPerOffer":100`) + `}`, ""},
		"by date": {
			`{"gradualRollout":` + typed("dateDriven", `"durationBetweenOffers":"P7D","endDateTime":"2027-01-12T08:00:00Z"`) + `}`,
			"",
		},
		"by duration": {
			`{"gradualRollout":` + typed("durationDriven", `"durationBetweenOffers":"P1D","durationUntilDeploymentEnd":"P14D"`) + `}`,
			"",
		},
		"unreadable span": {
			`{"gradualRollout":` + typed("durationDriven", `"durationBetweenOffers":"PT12H","durationUntilDeploymentEnd":"P1M"`) + `}`,
			"",
		},
		"unknown": {`{"gradualRollout":` + unknown + `}`, ""},
		"unknown members": {
			`{"blackout":"weekends","gradualRollout":` + typed("rateDriven", `"devicesPerOffer":1,"ring":"first"`) + `}`,
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(answer(200, `{"settings":{"schedule":`+c.read+`}}`), answer(202, ""))
			require.NoError(t, service.Client(t).Deployments().Reschedule(t.Context(), deploymentID, start))
			want := stub.Exact(t, c.read)
			if c.want != "" {
				want = stub.Exact(t, c.want)
			} else {
				as[map[string]any](t, want)["startDateTime"] = "2026-12-01T08:00:00Z"
			}
			got := service.Last(t)
			require.Equal(t, "PATCH", got.Method)
			require.Equal(t, map[string]any{"settings": map[string]any{"schedule": want}}, meaning(stub.Exact(t, got.Body)))
		})
	}
}

// typed is a rollout with its type.
func typed(kind, members string) string {
	return `{"@odata.type":"#microsoft.graph.windowsUpdates.` + kind + `RolloutSettings",` + members + `}`
}

func TestRescheduleToNoStartSendsNull(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(200, `{"settings":{"schedule":{"startDateTime":"2026-12-01T08:00:00Z","a":1}}}`), answer(202, ""))
	require.NoError(t, service.Client(t).Deployments().Reschedule(t.Context(), deploymentID, time.Time{}))
	require.Equal(t, stub.Exact(t, `{"settings":{"schedule":{"startDateTime":null,"a":1}}}`), withoutTypes(stub.Exact(t, service.Last(t).Body)))
}

// A lost response is followed by a refusal: the change may have taken effect before.
func TestARejectionAfterALostResponseIsSettledByReading(t *testing.T) {
	t.Parallel()
	settings := rolling(deployments.ByDate(start.Add(time.Millisecond), 0)).
		StartingAt(start.Add(time.Microsecond)).
		PausingOnRollbacks(5).
		OfferedAsOptional()
	update := updateOf(settings)
	update.State = deployments.RequestPaused
	const shown = `{"state":{"requestedValue":"paused"},"settings":{
		"schedule":{"startDateTime":"2026-12-01T08:00:00Z","gradualRollout":{
			"@odata.type":"#microsoft.graph.windowsUpdates.dateDrivenRolloutSettings",
			"durationBetweenOffers":"P1D","endDateTime":"2026-12-01T08:00:00Z"}},
		"monitoring":{"monitoringRules":[{"signal":"rollback","threshold":5,"action":"pauseDeployment"}]},
		"userExperience":{"offerAsOptional":true,"isHotpatchEnabled":null}
	}}`
	but := func(old, other string) string { return strings.Replace(shown, old, other, 1) }
	for name, c := range map[string]struct {
		read    string
		settled bool
	}{
		"it shows":         {shown, true},
		"nothing shows":    {`{}`, false},
		"other state":      {but(`"requestedValue":"paused"`, `"requestedValue":"none"`), false},
		"other start":      {but(`08:00:00Z`, `08:00:01Z`), false},
		"other kind":       {but(`dateDriven`, `lunar`), false},
		"other step":       {but(`P1D`, `P2D`), false},
		"other signal":     {but(`"rollback"`, `"ineligible"`), false},
		"other threshold":  {but(`"threshold":5`, `"threshold":6`), false},
		"other action":     {but(`pauseDeployment`, `alertError`), false},
		"other experience": {but(`"offerAsOptional":true`, `"offerAsOptional":false`), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := stub.Answering(answer(503, ""), answer(http.StatusConflict, `{}`), answer(200, c.read))
				err := service.Client(t, stub.Attempts(3), stub.NoLimits).Deployments().Update(t.Context(), deploymentID, update)
				if c.settled {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, apierr.ErrConflict)
				require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
			})
		})
	}
}

func TestACreateWhoseAnswerIsLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(503, ""), answer(201, accepted))
	_, err := service.Client(t, stub.Attempts(5)).Deployments().Create(t.Context(), deployments.ForFeature(entryID))
	require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	require.Len(t, service.Requests(), 1)
}

func TestAPlainRejectionIsNotRead(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(400, `{"error":{"code":"BadRequest","message":"no"}}`))
	err := service.Client(t).Deployments().Update(t.Context(), deploymentID,
		deployments.Update{Schedule: odata.Null[deployments.Schedule]()})
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
	require.Len(t, service.Requests(), 1)
}
