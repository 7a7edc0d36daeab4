package simulator_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFiltersReachIntoDeploymentsAndDevices(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", deviceA)
	n.add(n.deploy(`{}`), deviceA, deviceB)
	paused := n.deploy(`{"schedule":{"startDateTime":"2030-01-01T00:00:00Z"}}`)
	n.patch("/deployments/"+paused, `{"state":{"requestedValue":"paused"}}`)
	require.NoError(t, n.FailRegistration(deviceB, "missingTrustType"))
	audience := n.get("/deployments/" + paused).body["audience"].(object)["id"].(string)
	device := namespace + "azureADDevice/"
	for filter, path := range map[string]string{
		"audience/id eq '" + audience + "'":                                                                     "/deployments",
		"state/effectiveValue eq 'paused'":                                                                      "/deployments",
		"state/reasons/any(r:r/value eq 'pausedByRequest')":                                                     "/deployments",
		"settings/schedule/startDateTime gt 2029-01-01":                                                         "/deployments",
		device + "enrollment/feature/enrollmentState eq 'enrolled'":                                             "/updatableAssets",
		device + "errors/any(e:e/" + namespace + "azureADDeviceRegistrationError/reason eq 'missingTrustType')": "/updatableAssets",
	} {
		r := n.filtered(path, filter)
		require.Equal(t, http.StatusOK, r.status, r.text)
		require.Len(t, r.body["value"], 1, filter)
	}
	content := "content/" + namespace + "catalogContent/catalogEntry/" + namespace + "featureUpdateCatalogEntry/version" +
		" eq '" + version24 + "'"
	require.Len(t, n.filtered("/deployments", content).body["value"], 2)
	require.Equal(t, http.StatusBadRequest, n.filtered("/updatableAssets", "errors/any(e:true)").status)
	require.Equal(t, http.StatusOK, n.filtered("/updatableAssets/"+namespace+"azureADDevice", "errors/any(e:true)").status)
}
