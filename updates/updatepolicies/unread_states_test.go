package updatepolicies

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
)

type extra = map[string]json.RawMessage

func TestAStateIsNotConcludedFromAPropertyThatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	text := json.RawMessage(`"soon"`)
	unreadStart := deployments.Settings{Schedule: deployments.Schedule{Extra: extra{"startDateTime": text}}}
	own := deployments.Settings{}.StartingAt(now.Add(time.Hour))
	for name, c := range map[string]struct {
		approval Approval
		policy   Policy
		want     ApprovalState
	}{
		"all is read":                {Approval{}, Policy{}, StateStarted},
		"revoked?":                   {Approval{Extra: extra{"isRevoked": text}}, Policy{}, StateUnknown},
		"created?":                   {Approval{Extra: extra{"createdDateTime": text}}, Policy{}, StateUnknown},
		"settings?":                  {Approval{Extra: extra{"deploymentSettings": text}}, Policy{}, StateUnknown},
		"schedule?":                  {Approval{Settings: deployments.Settings{Extra: extra{"schedule": text}}}, Policy{}, StateUnknown},
		"start?":                     {Approval{Settings: unreadStart}, Policy{}, StateUnknown},
		"revoked, start?":            {Approval{Settings: unreadStart, Revoked: true}, Policy{}, StateRevoked},
		"start of the policy?":       {Approval{}, Policy{Settings: unreadStart}, StateUnknown},
		"settings of the policy?":    {Approval{}, Policy{Extra: extra{"deploymentSettings": text}}, StateUnknown},
		"own start, policy's start?": {Approval{Settings: own}, Policy{Settings: unreadStart}, StateScheduled},
		"something else?":            {Approval{Extra: extra{"new": text}}, Policy{}, StateStarted},
	} {
		c.approval.ID = "a"
		states := groupByEntry([]*Approval{&c.approval}, &c.policy, now)
		require.Len(t, states, 1, name)
		require.Equal(t, c.want, states[0].State, name)
		require.Equal(t, &c.approval, states[0].Approval, name)
	}
}

// What cannot be compared may be what a lost create made, but is not surely that.
func TestAnUnreadPropertyMatchesWithoutBeingSure(t *testing.T) {
	t.Parallel()
	spec := ForAudience("a").Approving(DriversStartingAfter(7)).With(deployments.Settings{}.StartingAt(time.Unix(1, 0)))
	rule := &ApprovalRule{RuleBase: RuleBase{Extra: extra{daysBeforeStart: json.RawMessage(`7`)}}, Filter: &DriverFilter{}}
	policy := (&Policy{Rules: Rules{rule}, Extra: extra{"deploymentSettings": json.RawMessage(`7`)}}).forAudience("a")
	require.True(t, spec.matches(policy))
	require.Equal(t, []string{"deploymentSettings", "complianceChangeRules." + daysBeforeStart}, policy.allUnread())
	require.False(t, ruleIsAppliedTo(DriversStartingAfter(0), rule))
	require.Empty(t, (&Policy{Rules: spec.Rules}).allUnread())
}
