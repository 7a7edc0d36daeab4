package simulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

const connectionBody = `{"@odata.type":"#` + namespace + `operationalInsightsConnection",
	"azureSubscriptionId":"00000000-0000-4000-8000-0000000000b1","azureResourceGroupName":"updates","workspaceName":"reports"}`

// connect connects the workspace reports.
func (n *tenant) connect() string {
	r := n.post("/resourceConnections", connectionBody)
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	return r.body["id"].(string)
}

func TestAConnectionIsSentBackAsItWasMade(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.post("/resourceConnections", connectionBody)
	require.Equal(t, http.StatusCreated, r.status)
	id := r.body["id"].(string)
	want := strings.Replace(connectionBody, "{",
		`{"@odata.context":"https://graph.example/beta/$metadata#admin/windows/updates/resourceConnections/$entity",
		"id":"`+id+`","state":"connected",`, 1)
	require.JSONEq(t, want, r.text)
	require.JSONEq(t, want, n.get("/resourceConnections/"+id).text)
	require.Equal(t, []string{id}, ids(n.list("/resourceConnections")))
	require.Equal(t, []string{id},
		ids(n.list("/resourceConnections/"+namespace+"operationalInsightsConnection?$filter=workspaceName%20eq%20'reports'")))
	require.Len(t,
		n.filtered("/resourceConnections", "isof('"+namespace+"operationalInsightsConnection') and state eq 'connected'").body["value"], 1)

	require.Equal(t, http.StatusMethodNotAllowed, n.patch("/resourceConnections/"+id, `{}`).status)
	require.Equal(t, http.StatusNoContent, n.delete("/resourceConnections/"+id).status)
	require.Equal(t, http.StatusNotFound, n.get("/resourceConnections/"+id).status)
	require.Equal(t, http.StatusNotFound, n.delete("/resourceConnections/"+id).status)
}

func TestConnectionsThatAreRejected(t *testing.T) {
	t.Parallel()
	const keys = "The specified workspace was not able to be linked. Verify that the key properties are correct."
	n := newTenant(t, nil)
	n.connect()
	require.NoError(t, n.RemoveWorkspace("Gone"))
	require.NoError(t, n.SuspendSubscription("Idle"))
	for name, c := range map[string]struct {
		old, new, message string
		status            int
	}{
		"no type":           {"@odata.type", "type", "Only an operationalInsightsConnection can be created.", 400},
		"no workspace":      {"workspaceName", "name", keys, 400},
		"no subscription":   {"azureSubscriptionId", "subscription", keys, 400},
		"no resource group": {`"updates"`, `""`, keys, 400},
		"lost workspace":    {"reports", "gone", keys, 400},
		"idle subscription": {"00000000-0000-4000-8000-0000000000b1", "idle",
			"The specified workspace was not able to be linked. Verify that the Azure subscription is active.", 403},
		"duplicate": {"reports", "Reports", "The specified resource already exists.", 409},
	} {
		r := n.post("/resourceConnections", strings.Replace(connectionBody, c.old, c.new, 1))
		require.Equal(t, c.status, r.status, name)
		require.Equal(t, c.message, r.message(), name)
	}
	require.Equal(t, http.StatusBadRequest, n.post("/resourceConnections", "[").status)
	require.Len(t, n.list("/resourceConnections"), 1)
}

func TestTheStateOfAConnectionFollowsItsWorkspace(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.connect()
	n.SetQuirks(simulator.Quirks{UnknownValues: true})
	require.Equal(t, "unknownFutureValue", n.get("/resourceConnections/" + id).body["state"])
	n.SetQuirks(simulator.Quirks{})
	require.NoError(t, n.SuspendSubscription("00000000-0000-4000-8000-0000000000B1"))
	require.Equal(t, "notAuthorized", n.get("/resourceConnections/" + id).body["state"])
	require.NoError(t, n.RemoveWorkspace("reports"))
	require.Equal(t, "notFound", n.get("/resourceConnections/" + id).body["state"])
	require.ErrorContains(t, n.RemoveWorkspace(""), "must not be empty")
	require.ErrorContains(t, n.SuspendSubscription(""), "must not be empty")
}
