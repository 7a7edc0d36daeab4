package updatepolicies_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

func TestANewStartKeepsTheRolloutOfAPolicy(t *testing.T) {
	t.Parallel()
	n := newTenant(t)
	weekly := deployments.Settings{}.StartingAt(n.Now().Add(2 * day)).RollingOut(deployments.ByRate(1, 7))
	policy := n.policy(t, updatepolicies.Spec{}.With(weekly))
	for _, start := range []time.Time{n.Now().Add(5 * day).Truncate(time.Second), {}} {
		require.NoError(t, n.client.UpdatePolicies().Reschedule(t.Context(), policy.ID, start))

		read, err := n.client.UpdatePolicies().Get(t.Context(), policy.ID)
		require.NoError(t, err)
		require.Equal(t, weekly.StartingAt(start), read.Settings)
	}
}

func TestANewStartKeepsTheRolloutOfAnApproval(t *testing.T) {
	t.Parallel()
	n := newTenant(t)
	weekly := deployments.Settings{}.StartingAt(n.Now().Add(2 * day)).RollingOut(deployments.ByRate(1, 7))
	policy := n.policy(t, updatepolicies.Spec{})
	approval := n.approve(t, policy.ID, updatepolicies.ForDriver(n.driver(t)).With(weekly))
	for _, start := range []time.Time{n.Now().Add(5 * day).Truncate(time.Second), {}} {
		require.NoError(t, n.client.UpdatePolicies().RescheduleApproval(t.Context(), policy.ID, approval.ID, start))

		read, err := n.client.UpdatePolicies().GetApproval(t.Context(), policy.ID, approval.ID)
		require.NoError(t, err)
		require.Equal(t, weekly.StartingAt(start), read.Settings)
		require.Equal(t, weekly.Schedule.Rollout, n.deploymentOf(t, policy.ID, approval.ID).Settings.Schedule.Rollout)
	}
}

func TestOnePartOfSettingsIsRemovedAndTheOthersStay(t *testing.T) {
	t.Parallel()
	n := newTenant(t)
	ctx, client := t.Context(), n.client.UpdatePolicies()
	start := deployments.Settings{}.StartingAt(n.Now().Add(2 * day).Truncate(time.Second))
	required := deployments.Settings{}.OfferedAsRequired()
	both := start.OfferedAsRequired()
	policy := n.policy(t, updatepolicies.Spec{}.With(both))
	approval := n.approve(t, policy.ID, updatepolicies.ForDriver(n.driver(t)).With(both))
	withoutSchedule := deployments.Update{Schedule: odata.Null[deployments.Schedule]()}

	require.NoError(t, client.UpdateSettings(ctx, policy.ID, withoutSchedule))
	require.NoError(t, client.UpdateApprovalSettings(ctx, policy.ID, approval.ID, withoutSchedule))

	read, err := client.Get(ctx, policy.ID)
	require.NoError(t, err)
	require.Equal(t, required, read.Settings)
	approved, err := client.GetApproval(ctx, policy.ID, approval.ID)
	require.NoError(t, err)
	require.Equal(t, required, approved.Settings)
	require.NoError(t, client.UpdateSettings(ctx, policy.ID, deployments.Update{Schedule: odata.Set(start.Schedule)}))
	read, err = client.Get(ctx, policy.ID)
	require.NoError(t, err)
	require.Equal(t, both, read.Settings)
}

func TestARolloutThatCannotBeReadIsSentBackWithANewStart(t *testing.T) {
	t.Parallel()
	const schedule = `"deploymentSettings":{"schedule":{"startDateTime":"2026-12-01T08:00:00Z","gradualRollout":{"@odata.type":"#` + types +
		`lunarRollout","phase":"full"}}}`
	const want = `{"deploymentSettings":{"schedule":{"startDateTime":"2026-12-02T08:00:00Z","gradualRollout":{"@odata.type":"#` + types +
		`lunarRollout","phase":"full"}}}}`
	service := stub.Answering(stub.Answer(200, `{"id":"x",`+schedule+`}`))
	require.NoError(t, service.Client(t, stub.NoLimits).UpdatePolicies().Reschedule(t.Context(), "x", time.Date(2026, 12, 2, 8, 0, 0, 0, time.UTC)))
	require.JSONEq(t, want, service.Last(t).Body)
}

func TestAChangeOfSettingsIsCheckedFirst(t *testing.T) {
	t.Parallel()
	paused := deployments.Update{State: deployments.RequestPaused}
	for want, change := range map[string]func(context.Context, updatepolicies.Client) error{
		"updatePolicies.UpdateSettings: Update must change something": func(ctx context.Context, c updatepolicies.Client) error {
			return c.UpdateSettings(ctx, "x", deployments.Update{})
		},
		`updatePolicies.UpdateSettings: Update.State must be empty in an update of settings (got "paused")`: func(
			ctx context.Context, c updatepolicies.Client,
		) error {
			return c.UpdateSettings(ctx, "x", paused)
		},
		`updatePolicies.UpdateApprovalSettings: Update.State must be empty in an update of settings (got "paused")`: func(
			ctx context.Context, c updatepolicies.Client,
		) error {
			return c.UpdateApprovalSettings(ctx, "x", "y", paused)
		},
		"updatePolicies.UpdateApprovalSettings: approvalID must not be empty": func(ctx context.Context, c updatepolicies.Client) error {
			return c.UpdateApprovalSettings(ctx, "x", "", deployments.Update{Monitoring: odata.Null[deployments.Monitoring]()})
		},
		"updatePolicies.Reschedule: id must not be empty": func(ctx context.Context, c updatepolicies.Client) error {
			return c.Reschedule(ctx, "", time.Time{})
		},
		"updatePolicies.RescheduleApproval: policyID must not be empty": func(ctx context.Context, c updatepolicies.Client) error {
			return c.RescheduleApproval(ctx, "", "y", time.Time{})
		},
	} {
		service := stub.Answering(stub.Answer(200, `{"id":"x"}`))
		err := change(t.Context(), service.Client(t, stub.NoLimits).UpdatePolicies())
		require.EqualError(t, err, want)
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.Empty(t, service.Requests())
	}
}

func TestALostChangeOfSettingsIsSettledByReading(t *testing.T) {
	t.Parallel()
	remove := deployments.Update{Schedule: odata.Null[deployments.Schedule]()}
	for read, done := range map[string]bool{
		`{"id":"x","deploymentSettings":{"schedule":null}}`:                                     true,
		`{"id":"x","deploymentSettings":{"schedule":{"startDateTime":"2026-12-01T08:00:00Z"}}}`: false,
	} {
		for _, change := range []func(context.Context, updatepolicies.Client) error{
			func(ctx context.Context, c updatepolicies.Client) error { return c.UpdateSettings(ctx, "x", remove) },
			func(ctx context.Context, c updatepolicies.Client) error {
				return c.UpdateApprovalSettings(ctx, "p", "x", remove)
			},
		} {
			service := stub.Answering(stub.Answer(503, ``), stub.Answer(409, `{"error":{"code":"x"}}`), stub.Answer(200, read))
			err := change(t.Context(), service.Client(t, stub.Attempts(2), stub.NoLimits).UpdatePolicies())
			require.Equal(t, done, err == nil, "%s: %v", read, err)
			require.Equal(t, !done, errors.Is(err, apierr.ErrUnknownOutcome))
		}
	}
}
