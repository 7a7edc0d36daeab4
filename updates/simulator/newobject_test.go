package simulator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestANewObjectAnswers404AtFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{NewObjectLag: 10 * time.Second})
		deployment := n.post("/deployments", deploymentOf("feature", n.entry(version24), `{}`))
		require.Equal(t, http.StatusCreated, deployment.status)
		id, audience := deployment.body["id"].(string), deployment.body["audience"].(object)["id"].(string)
		ring := n.post("/policies", `{"@odata.type":"#`+namespace+`qualityUpdatePolicy","displayName":"a","description":"b","approvalRules":[]}`)
		paths := []string{
			"/deployments/" + id, "/deploymentAudiences/" + audience, "/deploymentAudiences/" + n.audience(),
			"/updatePolicies/" + n.updatePolicyWithoutAudience(), "/policies/" + ring.body["id"].(string) + "/rings",
		}
		for _, path := range paths {
			r := n.get(path)
			require.Equal(t, http.StatusNotFound, r.status, path)
			require.Equal(t, "NotFound", r.code())
		}
		devices := byID([]string{deviceA}, `"addMembers"`)
		require.Equal(t, http.StatusNotFound, n.post("/deployments/"+id+"/audience/updateAudienceById", devices).status)
		require.Equal(t, http.StatusNotFound, n.delete("/deployments/"+id).status)
		require.Len(t, n.list("/deployments"), 1, "lists have it")

		<-time.After(10*time.Second - time.Microsecond)
		require.Equal(t, http.StatusNotFound, n.get("/deployments/"+id).status)
		<-time.After(time.Microsecond)
		for _, path := range paths {
			require.Equal(t, http.StatusOK, n.get(path).status, path)
		}
		n.mustAccept(n.post("/deployments/"+id+"/audience/updateAudienceById", devices))
	})
}

func (n *tenant) updatePolicyWithoutAudience() string {
	return n.post("/updatePolicies", `{}`).body["id"].(string)
}

func TestANewObjectCanBeUsedImmediatelyByDefault(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	require.Equal(t, http.StatusOK, n.get("/deployments/"+n.deploy(`{}`)).status)
	n = newTenant(t, &simulator.Options{NewObjectLag: -time.Hour})
	require.Equal(t, http.StatusOK, n.get("/deployments/"+n.deploy(`{}`)).status)
}
