package main

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/recording"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

const version = "Windows 11, version 24H2"

func devices() []string {
	return []string{
		"00000000-0000-4000-8000-0000000000d1",
		"00000000-0000-4000-8000-0000000000d2",
		"00000000-0000-4000-8000-0000000000d3",
	}
}

// onSimulator runs a test of the tool on a simulator that applies writes late. Time
// is that of a bubble, so nothing is waited for.
func onSimulator(t *testing.T, test func(t *testing.T, tool *tool, service *simulator.Server)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		service := simulator.New(&simulator.Options{Lag: 20 * time.Second})
		test(t, mustConnect(t, service.Credential(), service.Transport()), service)
	})
}

func mustConnect(t *testing.T, cred azcore.TokenCredential, through http.RoundTripper) *tool {
	t.Helper()
	tool, err := connect(cred, through, nil)
	require.NoError(t, err)
	return tool
}

func TestARolloutStartsOnItsDayAndStopsOnRollbacks(t *testing.T) {
	t.Parallel()
	onSimulator(t, func(t *testing.T, tool *tool, service *simulator.Server) {
		start := time.Now().Add(48 * time.Hour)
		d, err := tool.deploy(t.Context(), plan{version: version, devices: devices(), start: start, perWeek: 100})
		require.NoError(t, err)
		require.Equal(t, deployments.StateScheduled, d.State.Effective)
		require.Empty(t, service.Offers(d.ID))

		ctx, cancel := context.WithDeadline(t.Context(), start.Add(24*time.Hour))
		defer cancel()
		d, err = tool.client.Deployments().WaitForState(ctx, d.ID, deployments.StateOffering, nil)
		require.NoError(t, err)
		require.Len(t, service.Offers(d.ID), 3)

		require.NoError(t, service.ReportRollback(d.ID, devices()[0]))
		var out strings.Builder
		require.ErrorIs(t, tool.follow(ctx, d.ID, &out), errHarm)
		require.Contains(t, out.String(), "paused\n")

		require.NoError(t, tool.goOn(ctx, d.ID))
		_, err = tool.client.Deployments().WaitForState(ctx, d.ID, deployments.StateOffering, nil)
		require.NoError(t, err)
	})
}

func TestAPlanBecomesTheRolloutThatItNames(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	require.Equal(t, start, plan{start: start}.settings().Schedule.Start)
	require.Nil(t, plan{start: start}.settings().Schedule.Rollout)
	require.Equal(t, deployments.ByRate(20, 7), plan{perWeek: 20}.settings().Schedule.Rollout)
}

func TestADryRunSendsNoWrite(t *testing.T) {
	t.Parallel()
	onSimulator(t, func(t *testing.T, tool *tool, service *simulator.Server) {
		requests, err := tool.preview(t.Context(), plan{version: version, devices: devices()})
		require.NoError(t, err)
		require.Len(t, requests, 3)
		require.Contains(t, requests[2].String(), devices()[2])
		for _, sent := range service.Requests() {
			require.Equal(t, http.MethodGet, sent.Method)
		}
	})
}

func TestAnExpeditedUpdateReachesDevicesThatAreNotEnrolled(t *testing.T) {
	t.Parallel()
	onSimulator(t, func(t *testing.T, tool *tool, service *simulator.Server) {
		d, err := tool.expedite(t.Context(), devices())
		require.NoError(t, err)
		service.Advance(time.Hour)
		require.Len(t, service.Offers(d.ID), 3)
	})
}

func TestOnlyRecommendedDriversAreApproved(t *testing.T) {
	t.Parallel()
	onSimulator(t, func(t *testing.T, tool *tool, service *simulator.Server) {
		made, err := tool.client.Audiences().Create(t.Context())
		require.NoError(t, err)
		policy, err := tool.client.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(made.ID).EnrollingIn(audience.CategoryDriver))
		require.NoError(t, err)
		require.NoError(t, tool.client.Audiences().AddDevices(t.Context(), audience.ByID(made.ID), devices(), nil))
		require.NoError(t, tool.client.Devices().Enroll(t.Context(), audience.CategoryDriver, devices(), nil))
		require.NoError(t, service.MakeApplicable(service.AddDriver("Contoso", "Firmware", "2.0"), []string{"Microsoft"}, devices()[:2]...))
		require.NoError(t, service.MakeApplicable(service.AddDriver("Fabrikam", "OtherHardware", "7.1"), nil, devices()[2]))
		service.Advance(time.Hour)

		approved, err := tool.approveDrivers(t.Context(), policy.ID)
		require.NoError(t, err)
		require.Equal(t, []string{"Contoso - Firmware - 2.0"}, approved)
	})
}

func TestPilotsGetSecurityUpdatesFirst(t *testing.T) {
	t.Parallel()
	onSimulator(t, func(t *testing.T, tool *tool, _ *simulator.Server) {
		id, err := tool.makeRings(t.Context(), "00000000-0000-4000-8000-0000000000e1", "00000000-0000-4000-8000-0000000000e2")
		require.NoError(t, err)
		rings, err := tool.client.Policies().ListRings(id, nil).Collect(t.Context(), 10)
		require.NoError(t, err)
		require.Len(t, rings, 2)
		require.Equal(t, []int{0, 7}, []int{rings[0].Common().DeferralDays, rings[1].Common().DeferralDays})
	})
}

func TestSolvedIssuesAreLeftOut(t *testing.T) {
	t.Parallel()
	onSimulator(t, func(t *testing.T, tool *tool, service *simulator.Server) {
		before, err := tool.openIssues(t.Context())
		require.NoError(t, err)
		_, err = service.AddKnownIssue(map[string]any{"id": "WI1", "title": "Solved", "resolvedDateTime": "2026-01-01T00:00:00Z"})
		require.NoError(t, err)
		_, err = service.AddKnownIssue(map[string]any{"id": "WI2", "title": "Printers stop"})
		require.NoError(t, err)

		after, err := tool.openIssues(t.Context())
		require.NoError(t, err)
		require.Equal(t, append(before, "Printers stop"), after)
	})
}

func TestErrorsSayWhatToDo(t *testing.T) {
	t.Parallel()
	forbidden, throttled := simulator.Status(http.StatusForbidden), simulator.Throttle().RetryAfter(time.Hour)
	cases := map[string]struct {
		failure *simulator.Failure
		plan    plan
		want    string
	}{
		"no such update": {plan: plan{version: "Windows 12"}, want: "check the name"},
		"nonsense":       {plan: plan{version: version, perWeek: 1 << 40}, want: "correct Settings.Schedule.Rollout.DevicesPerOffer"},
		"forbidden":      {failure: &forbidden, plan: plan{version: version}, want: "ask an administrator"},
		"throttled":      {failure: &throttled, plan: plan{version: version}, want: "try again later"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onSimulator(t, func(t *testing.T, tool *tool, service *simulator.Server) {
				if c.failure != nil {
					service.FailNext(1, *c.failure)
				}
				_, err := tool.create(t.Context(), c.plan)
				require.Equal(t, c.want, advice(err))
			})
		})
	}
}

func TestALostResponseDoesNotDeployTwice(t *testing.T) {
	t.Parallel()
	onSimulator(t, func(t *testing.T, tool *tool, service *simulator.Server) {
		lost := simulator.Match{Method: http.MethodPost, Path: "/deployments"}
		service.FailNext(1, simulator.Break().AfterEffect(), lost)
		_, err := tool.create(t.Context(), plan{version: version, devices: devices()})
		require.NoError(t, err)
		all, err := tool.client.Deployments().List(nil).Collect(t.Context(), 10)
		require.NoError(t, err)
		require.Len(t, all, 1)
	})
}

func TestDevicesThatDoNotArriveAreCounted(t *testing.T) {
	t.Parallel()
	onSimulator(t, func(t *testing.T, tool *tool, service *simulator.Server) {
		made, err := tool.client.Audiences().Create(t.Context())
		require.NoError(t, err)
		require.NoError(t, service.SetOwnedByIntune(made.ID))
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()

		wanted := audience.Membership{Members: audience.Devices(devices()...)}
		err = tool.client.Audiences().WaitForMembers(ctx, audience.ByID(made.ID), wanted, nil)
		require.Equal(t, "3 devices did not arrive", advice(err))
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestARouteWithoutAMethodIsReached(t *testing.T) {
	t.Parallel()
	onSimulator(t, func(t *testing.T, tool *tool, _ *simulator.Server) {
		n, err := tool.count(t.Context(), "/catalog/entries?$top=2")
		require.NoError(t, err)
		require.Equal(t, 2, n)
		_, err = tool.count(t.Context(), "/moons")
		require.ErrorIs(t, err, apierr.ErrNotFound)
	})
}

func TestEachAttemptIsCountedAndLogged(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service, out := simulator.New(nil), &bytes.Buffer{}
		logger := slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		tool, err := connect(service.Credential(), service.Transport(), logger)
		require.NoError(t, err)
		service.FailNext(1, simulator.Status(http.StatusServiceUnavailable))

		_, err = tool.openIssues(t.Context())
		require.NoError(t, err)
		require.EqualValues(t, 2, tool.sent.count.Load())
		require.Equal(t, 2, strings.Count(out.String(), `"msg":"request","op":"knownIssues.List"`))
		require.Equal(t, 1, strings.Count(out.String(), `"msg":"wait","op":"knownIssues.List"`))
	})
}

func TestWhatWasReadIsReplayed(t *testing.T) {
	t.Parallel()
	file, service := filepath.Join(t.TempDir(), "issues.txtar"), simulator.New(nil)
	rec := recording.Record(file, recording.WithTransport(service.Transport()), recording.WithCredential(service.Credential()))
	recorded, err := mustConnect(t, rec.Credential(), rec.Transport()).openIssues(t.Context())
	require.NoError(t, err)
	require.NoError(t, rec.Close())

	rec, err = recording.Replay(file)
	require.NoError(t, err)
	replayed, err := mustConnect(t, rec.Credential(), rec.Transport()).openIssues(t.Context())
	require.NoError(t, err)
	require.NoError(t, rec.Close())
	require.NotEmpty(t, recorded)
	require.Equal(t, recorded, replayed)
}

func TestAMissingTokenIsNamed(t *testing.T) {
	t.Parallel()
	service := simulator.New(nil)
	tool := mustConnect(t, &variable{name: "A_VARIABLE_THAT_NOBODY_SETS"}, service.Transport())
	_, err := tool.openIssues(t.Context())
	require.ErrorContains(t, err, "A_VARIABLE_THAT_NOBODY_SETS is not set")
	require.Empty(t, service.Requests())
}

func TestACredentialOfOnesOwnLinksNoAzidentity(t *testing.T) {
	t.Parallel()
	linked, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	require.NoError(t, err)
	require.Contains(t, string(linked), "github.com/winupdates/winupdates-go/updates\n")
	require.NotContains(t, string(linked), "azidentity")
	require.NotContains(t, string(linked), "microsoft-authentication-library")
}
