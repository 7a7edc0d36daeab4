package simulator_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	dataProcessing = "areDataProcessorServiceForWindowsFeaturesEnabled"
	intune         = "0000000a-0000-0000-c000-000000000000"
)

func TestATenantHasSettingsFromTheBeginning(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.get("/tenantSettings")
	require.Equal(t, http.StatusOK, r.status)
	require.Equal(t, false, r.body[dataProcessing])
	require.NotContains(t, r.body, "mdmAppSettings")
	require.Equal(t, "https://graph.example/beta/$metadata#admin/windows/updates/tenantSettings/$entity", r.body["@odata.context"])

	changed := n.patch("/tenantSettings", `{"`+dataProcessing+`":true}`)
	require.Equal(t, http.StatusOK, changed.status)
	require.Equal(t, true, changed.body[dataProcessing])
	require.Equal(t, true, n.patch("/tenantSettings", `{}`).body[dataProcessing])
	for _, body := range []string{`{"` + dataProcessing + `":null}`, `{"` + dataProcessing + `":"yes"}`, `[`} {
		require.Equal(t, http.StatusBadRequest, n.patch("/tenantSettings", body).status, body)
	}
	require.Equal(t, true, n.get("/tenantSettings").body[dataProcessing])
}

func TestAnAppHasSettingsOnceTheyAreMade(t *testing.T) {
	t.Parallel()
	const path = "/tenantSettings/mdmAppSettings"
	n := newTenant(t, nil)
	require.Empty(t, n.list(path))
	r := n.post(path, `{"mdmAppId":"`+intune+`","isHotpatchEnabled":true}`)
	require.Equal(t, http.StatusCreated, r.status)
	want := object{"mdmAppId": intune, "isHotpatchEnabled": true}
	require.Equal(t, []object{want}, n.list(path))
	require.Equal(t, []object{{"isHotpatchEnabled": true}}, n.list(path+"?$select=isHotpatchEnabled"))
	require.Equal(t, []any{want}, n.get("/tenantSettings?$expand=mdmAppSettings").body["mdmAppSettings"])

	changed := n.patch(path+"('"+intune+"')", `{"isHotpatchEnabled":false,"mdmAppId":"`+intune+`"}`)
	require.Equal(t, http.StatusOK, changed.status)
	require.Equal(t, false, changed.body["isHotpatchEnabled"])
	require.Equal(t, false, n.get(path + "/0000000A-0000-0000-C000-000000000000").body["isHotpatchEnabled"])
	require.Equal(t, http.StatusMethodNotAllowed, n.delete(path+"/"+intune).status)
}

func TestSettingsOfAppsThatAreRejected(t *testing.T) {
	t.Parallel()
	const path = "/tenantSettings/mdmAppSettings"
	n := newTenant(t, nil)
	for _, body := range []string{
		`{}`, `{"mdmAppId":null}`, `{"mdmAppId":"intune"}`, `{"mdmAppId":5}`, `[`,
		`{"mdmAppId":"00000000-0000-0000-0000-000000000000"}`, `{"mdmAppId":"` + intune + `","isHotpatchEnabled":"yes"}`,
	} {
		require.Equal(t, http.StatusBadRequest, n.post(path, body).status, body)
	}
	require.Equal(t, http.StatusNotFound, n.patch(path+"/"+intune, `{}`).status)
	require.Equal(t, http.StatusNotFound, n.get(path+"/"+intune).status)
	require.Equal(t, http.StatusCreated, n.post(path, `{"mdmAppId":"`+intune+`"}`).status)
	again := n.post(path, `{"mdmAppId":"0000000A-0000-0000-C000-000000000000"}`)
	require.Equal(t, http.StatusConflict, again.status)
	require.Equal(t, "Conflict", again.code())
	for _, body := range []string{`{"mdmAppId":"00000000-0000-4000-8000-000000000001"}`, `{"isHotpatchEnabled":null}`, `x`} {
		require.Equal(t, http.StatusBadRequest, n.patch(path+"/"+intune, body).status, body)
	}
}

func TestTheTenantsSettingsAreWrappedAsOtherSingleObjects(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Quirks: simulator.Quirks{WrapSingle: true}})
	for _, r := range []response{
		n.get("/tenantSettings"), n.patch("/tenantSettings", `{}`),
		n.post("/tenantSettings/mdmAppSettings", `{"mdmAppId":"`+intune+`"}`), n.get("/tenantSettings/mdmAppSettings/" + intune),
		n.post("/policies", qualityPolicyOf("")), n.post("/resourceConnections", connectionBody), n.get("/products/1104"),
		n.get("/knownIssues/WI1000001"),
	} {
		require.Len(t, r.body, 1, r.text)
		require.Contains(t, r.body, "value", r.text)
	}
}
