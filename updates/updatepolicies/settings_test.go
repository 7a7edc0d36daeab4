package updatepolicies_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
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
