package deployments_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// pausedWith is a deployment that is paused without a request, with these rules.
func pausedWith(rules string) string {
	return `{"state":{"effectiveValue":"paused","requestedValue":"none","reasons":[]},"settings":{"monitoring":{"monitoringRules":` + rules + `}}}`
}

func TestOnlyARuleThatPausesHasPaused(t *testing.T) {
	t.Parallel()
	pause := deployments.PauseOnRollbacks(5)
	reasons := func(value deployments.ReasonValue) []deployments.Reason { return []deployments.Reason{{Value: value}} }
	paused := deployments.State{Effective: deployments.StatePaused, Requested: deployments.RequestNone}
	for name, c := range map[string]struct {
		state deployments.State
		rules []deployments.MonitoringRule
		want  bool
	}{
		"no reasons":        {paused, []deployments.MonitoringRule{deployments.AlertOnRollbacks(1), pause}, true},
		"reason":            {deployments.State{Effective: "paused", Requested: "paused", Reasons: reasons("pausedByMonitoring")}, []deployments.MonitoringRule{pause}, true},
		"other reason":      {deployments.State{Effective: "paused", Requested: "none", Reasons: reasons("pausedByRequest")}, []deployments.MonitoringRule{pause}, false},
		"no rules":          {paused, nil, false},
		"rules cleared":     {deployments.State{Effective: "paused", Reasons: reasons("pausedByMonitoring")}, nil, false},
		"rules that do not": {paused, []deployments.MonitoringRule{deployments.AlertOnRollbacks(5), deployments.FallBackWhenIneligible()}, false},
		"requested":         {deployments.State{Effective: "paused", Requested: "paused"}, []deployments.MonitoringRule{pause}, false},
		"offering":          {deployments.State{Effective: "offering", Requested: "none"}, []deployments.MonitoringRule{pause}, false},
	} {
		d := &deployments.Deployment{State: c.state, Settings: monitored(c.rules...)}
		rule, ok := d.PausedByMonitoring()
		require.Equal(t, c.want, ok, name)
		if ok {
			require.Equal(t, pause, rule, name)
		}
	}
}

func TestAPauseWithoutARuleIsNoRulesDoing(t *testing.T) {
	t.Parallel()
	for _, rules := range []string{"null", "[]", `[{"signal":"rollback","threshold":5,"action":"alertError"}]`} {
		stub.InBubble(t, rules, func(t *testing.T) {
			service := stub.Answering(slices.Repeat([]stub.Reply{answer(200, pausedWith(rules))}, 100)...)
			failed, _ := failedWait(t, service.Client(t), deploymentID, deployments.StateOffering)
			require.NotErrorIs(t, failed, deployments.ErrPausedByMonitoring)
			require.NotErrorIs(t, failed, deployments.ErrStateUnreachable)
		})
	}
}

func TestResumeNamesTheRuleThatPaused(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(200, pausedWith(`[{"signal":"rollback","threshold":5,"action":"pauseDeployment"}]`)))
	err := service.Client(t).Deployments().Resume(t.Context(), deploymentID)
	require.ErrorIs(t, err, deployments.ErrPausedByMonitoring)
	require.ErrorContains(t, err, "(rollback at 5%)")
	require.Len(t, service.Requests(), 1)
}

func TestWhatHasEndedIsNotResumed(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"archived", "faulted"} {
		service := stub.Answering(answer(200, `{"state":{"effectiveValue":"`+state+`"}}`))
		err := service.Client(t).Deployments().Resume(t.Context(), deploymentID)
		require.ErrorIs(t, err, deployments.ErrStateUnreachable)
		require.ErrorContains(t, err, "deployments.Resume: state can no longer be reached: the deployment is "+state)
		require.Len(t, service.Requests(), 1)
	}
}

// The rule was set while a pause that had been requested was ending, or an old copy lacked it.
func TestAPauseByARuleSettlesFromWhenTheRuleIsReported(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "a rule that comes later", func(t *testing.T) {
		began := time.Now()
		service := stub.Serving(func(*http.Request) (int, string) {
			if time.Since(began) < 3*time.Minute {
				return 200, `{"id":"d1",` + pausedWith("[]")[1:]
			}
			return 200, `{"id":"d1",` + pausedWith(`[{"signal":"rollback","threshold":5,"action":"pauseDeployment"}]`)[1:]
		})
		failed, _ := failedWait(t, service.Client(t), deploymentID, deployments.StateOffering)
		require.ErrorIs(t, failed, deployments.ErrPausedByMonitoring)
		require.GreaterOrEqual(t, time.Since(began), 5*time.Minute)
	})
	stub.InBubble(t, "a start that goes", func(t *testing.T) {
		began := time.Now()
		service := stub.Serving(func(*http.Request) (int, string) {
			start := "null"
			if time.Since(began) < 3*time.Minute {
				start = `"2100-01-01T00:00:00Z"`
			}
			return 200, `{"id":"d1","state":{"effectiveValue":"offering","requestedValue":"none"},` +
				`"settings":{"schedule":{"startDateTime":` + start + `}}}`
		})
		failed, _ := failedWait(t, service.Client(t), deploymentID, deployments.StateScheduled)
		require.ErrorIs(t, failed, deployments.ErrStateUnreachable)
		require.GreaterOrEqual(t, time.Since(began), 5*time.Minute)
	})
}
