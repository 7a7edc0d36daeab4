package deployments_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
)

func TestSettingsShowWhenAllThatIsSetIsThere(t *testing.T) {
	t.Parallel()
	read := rolling(deployments.ByRate(100, 1)).StartingAt(start.UTC()).PausingOnRollbacks(5).
		OfferedWhileRecommendedBy("microsoft").OfferingHotpatches().AsExpedited()
	for name, c := range map[string]struct {
		sent  deployments.Settings
		shown bool
	}{
		"nothing":              {deployments.Settings{}, true},
		"all":                  {read, true},
		"in another zone":      {rolling(deployments.ByRate(100, 0)).StartingAt(start), true},
		"part":                 {deployments.Settings{}.OfferingHotpatches(), true},
		"vendor in other case": {deployments.Settings{}.OfferedWhileRecommendedBy("Microsoft"), true},
		"other rollout":        {rolling(deployments.ByRate(99, 1)).StartingAt(start), false},
		"other start":          {rolling(deployments.ByRate(100, 1)), false},
		"other rules":          {deployments.Settings{}.PausingOnRollbacks(6), false},
		"other vendor":         {deployments.Settings{}.OfferedWhileRecommendedBy("Contoso"), false},
		"other experience":     {deployments.Settings{}.WithholdingHotpatches(), false},
		"other hurry":          {deployments.Settings{}.AsReadinessTest(), false},
		"unknown":              {deployments.Settings{Extra: extra("a", "1")}, false},
	} {
		require.Equal(t, c.shown, c.sent.ShownIn(read), name)
	}
}

func TestACloneSharesNothing(t *testing.T) {
	t.Parallel()
	for seed := range uint64(rounds) {
		original := seeded(seed).settings()
		want, err := json.Marshal(original)
		require.NoError(t, err)
		clone := original.Clone()
		require.Equal(t, original, clone, "seed %d", seed)

		for i := range clone.Monitoring.Rules {
			clone.Monitoring.Rules[i] = deployments.MonitoringRule{}
		}
		for _, members := range []map[string]json.RawMessage{clone.Extra, clone.Schedule.Extra, clone.UserExperience.Extra} {
			for name := range members {
				members[name] = json.RawMessage(`"other"`)
			}
		}
		if clone.UserExperience.Hotpatch != nil {
			*clone.UserExperience.Hotpatch = !*clone.UserExperience.Hotpatch
		}
		got, err := json.Marshal(original)
		require.NoError(t, err)
		require.Equal(t, string(want), string(got), "seed %d", seed)
	}
}
