package simulator_test

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// rolledOut is a deployment with settings that was offered to twenty devices.
func rolledOut(n *tenant, settings string) string {
	n.enroll("feature", devices(20)...)
	id := n.deploy(settings)
	n.add(id, devices(20)...)
	return id
}

func TestRollbacksBelowTheThresholdDoNotPause(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := rolledOut(n, monitored(`{"signal":"rollback","threshold":6,"action":"pauseDeployment"}`))
	require.NoError(t, n.ReportRollback(id, devices(1)...))
	require.Equal(t, "offering", n.state(id))
}

func TestRollbacksAtTheThresholdPause(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := rolledOut(n, monitored(pauseAt5))
	require.NoError(t, n.ReportRollback(id, devices(1)...))
	require.Equal(t, "paused pausedByMonitoring", n.state(id))
	n.enroll("feature", late)
	n.add(id, late)
	require.NotContains(t, n.offered(id), late)
}

func TestARepeatedReportOfADeviceCountsOnce(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := rolledOut(n, monitored(`{"signal":"rollback","threshold":6,"action":"pauseDeployment"}`))
	require.NoError(t, n.ReportRollback(id, devices(1)...))
	require.NoError(t, n.ReportRollback(id, devices(1)...))
	require.Equal(t, "offering", n.state(id))
	require.NoError(t, n.ReportRollback(id, devices(2)...))
	require.Equal(t, "paused pausedByMonitoring", n.state(id))
}

func TestAPauseByMonitoringIsNotLiftedByARequest(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := rolledOut(n, monitored(pauseAt5))
	require.NoError(t, n.ReportRollback(id, devices(1)...))
	n.mustAccept(n.patch("/deployments/"+id, `{"state":{"requestedValue":"paused"}}`))
	require.Equal(t, "paused pausedByRequest pausedByMonitoring", n.state(id))
	n.mustAccept(n.patch("/deployments/"+id, `{"state":{"requestedValue":"none"}}`))
	require.Equal(t, "paused pausedByMonitoring", n.state(id))
}

func TestAPauseByMonitoringIsLiftedByTheRule(t *testing.T) {
	t.Parallel()
	for name, settings := range map[string]string{
		"rules removed":      `{"monitoring":{"monitoringRules":[]}}`,
		"monitoring cleared": `{"monitoring":null}`,
		"settings cleared":   `null`,
		"threshold raised":   monitored(`{"signal":"rollback","threshold":6,"action":"pauseDeployment"}`),
		"action changed":     monitored(alertAt5),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newTenant(t, nil)
			id := rolledOut(n, monitored(pauseAt5))
			require.NoError(t, n.ReportRollback(id, devices(1)...))
			n.mustAccept(n.patch("/deployments/"+id, `{"settings":`+settings+`}`))
			require.Equal(t, "offering", n.state(id))
		})
	}
}

func TestARaisedThresholdPausesAgainWhenItIsReached(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := rolledOut(n, monitored(pauseAt5))
	require.NoError(t, n.ReportRollback(id, devices(1)...))
	n.mustAccept(n.patch("/deployments/"+id, `{"settings":`+monitored(`{"signal":"rollback","threshold":10,"action":"pauseDeployment"}`)+
		`}`))
	require.NoError(t, n.ReportRollback(id, devices(2)...))
	require.Equal(t, "paused pausedByMonitoring", n.state(id))
}

func TestAnAlertIsRaisedOnceAndDoesNotPause(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := rolledOut(n, monitored(alertAt5))
	require.Empty(t, n.Alerts())
	require.NoError(t, n.ReportRollback(id, devices(1)...))
	require.NoError(t, n.ReportRollback(id, devices(2)...))
	require.Equal(t, "offering", n.state(id))
	alerts := n.Alerts()
	require.Len(t, alerts, 1)
	require.Equal(t, id, alerts[0].DeploymentID)
	require.Equal(t, 5, alerts[0].Threshold)
	require.InDelta(t, 5.0, alerts[0].Percentage, 1e-9)
	require.False(t, alerts[0].At.IsZero())
}

func TestAnAlertIsRaisedAgainWhenItsRuleComesBack(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := rolledOut(n, monitored(alertAt5))
	require.NoError(t, n.ReportRollback(id, devices(1)...))
	n.mustAccept(n.patch("/deployments/"+id, `{"settings":{"monitoring":null}}`))
	n.mustAccept(n.patch("/deployments/"+id, `{"settings":`+monitored(alertAt5)+`}`))
	require.Len(t, n.Alerts(), 2)
}

func TestIneligibleDevicesAreOfferedTheFallback(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", deviceA, deviceB)
	id := n.deploy(monitored(fallback))
	n.add(id, deviceA, deviceB)
	require.NoError(t, n.ReportIneligible(id, deviceB))
	offers := n.Offers(id)
	require.Len(t, offers, 3)
	require.Equal(t, deviceB, offers[2].DeviceID)
	require.True(t, offers[2].Fallback)
	require.False(t, offers[0].Fallback)
	n.Advance(week)
	require.Len(t, n.Offers(id), 3)
}

func TestIneligibleDevicesWaitForARuleBeforeTheyAreOfferedAnything(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", devices(3)...)
	id := n.deploy(gradual("rateDriven", `"devicesPerOffer":1`))
	n.mustAccept(n.patch("/deployments/"+id, `{"settings":`+monitored(pauseAt5)+`}`))
	n.add(id, devices(3)...)
	first := n.offered(id)[0]
	for _, device := range devices(3) {
		if device != first {
			require.NoError(t, n.ReportIneligible(id, device))
		}
	}
	n.Advance(week)
	require.Equal(t, []string{first}, n.offered(id))
	n.mustAccept(n.patch("/deployments/"+id, `{"settings":`+monitored(fallback)+`}`))
	require.Len(t, n.Offers(id), 3)
}

func TestAFallbackDoesNotCountAsAnOfferOfTheContent(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", deviceA, deviceB)
	id := n.deploy(`{"monitoring":{"monitoringRules":[` + fallback + `]},"schedule":{"startDateTime":"9999-01-01T00:00:00Z"}}`)
	n.add(id, deviceA, deviceB)
	require.NoError(t, n.ReportIneligible(id, deviceB))
	n.mustAccept(n.patch("/deployments/"+id, `{"settings":{"schedule":null}}`))
	n.enroll("quality", late)
	require.Len(t, n.Offers(id), 2)
	require.ErrorContains(t, n.ReportRollback(id, deviceB), "has not offered")
}

func TestSignalsAboutUnknownObjectsAreErrorsAndChangeNothing(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := rolledOut(n, monitored(pauseAt5))
	require.ErrorContains(t, n.ReportRollback("nothing", deviceA), `deployment "nothing" does not exist`)
	require.ErrorContains(t, n.ReportIneligible("nothing", deviceA), `deployment "nothing" does not exist`)
	require.ErrorContains(t, n.OutdateContent("nothing"), `catalog entry "nothing" does not exist`)
	require.ErrorContains(t, n.ReportIneligible(id, stranger), "is not in the audience")
	require.ErrorContains(t, n.ReportRollback(id, devices(1)[0], stranger), "has not offered")
	require.Equal(t, "offering", n.state(id))
	require.Error(t, n.FailRegistration("", "missingTrustType"))
	require.Error(t, n.FailRegistration(deviceA, ""))
}
