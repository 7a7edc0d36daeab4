package simulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestBothWaysToWriteAKeyAndAnAction(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.audience()
	for _, path := range []string{
		"/deploymentAudiences/" + id + "/updateAudience",
		"/deploymentAudiences('" + id + "')/updateAudience",
		"/deploymentAudiences(%27" + id + "%27)/" + namespace + "updateAudience",
		"/deploymentAudiences/" + id + "/" + namespace + "updateAudience",
		"/deploymentAudiences/" + id + "/updateaudience",
		"/deploymentAudiences/" + id + "/UpdateAudience/",
	} {
		require.Equal(t, http.StatusAccepted, n.post(path, `{}`).status, path)
	}
	require.Equal(t, http.StatusOK, n.get("/updatableAssets/?$filter=id%20eq%20'x'").status)
}

func TestKeysAreDecoded(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, id := range []string{"a/b", "it's", "x(y)"} {
		_, err := n.AddEntry(object{"@odata.type": "#" + driverCast, "id": id})
		require.NoError(t, err)
	}
	for path, id := range map[string]string{
		"/catalog/entries/a%2Fb":      "a/b",
		"/catalog/entries('it''s')":   "it's",
		"/catalog/entries/it's":       "it's",
		"/catalog/entries('x(y)')":    "x(y)",
		"/catalog/entries('a%2Fb')":   "a/b",
		"/catalog/entries(%27a%2Fb')": "a/b",
	} {
		r := n.get(path)
		require.Equal(t, http.StatusOK, r.status, path)
		require.Equal(t, id, r.body["id"], path)
	}
}

func TestPathsThatDoNotExist(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, path := range []string{
		"", "/", "/nothing", "/Deployments", "/catalog", "/deployments/a/b", "/deployments//audience", "/deployments/..",
		"/deployments/a/audience/nothing", "/updatableAssets/" + namespace + "moon/members", "/catalog/entries/a/b",
		"/deployments()", "/(", "/)", "/deployments('", "/$metadata",
	} {
		r := n.get(path)
		require.Equal(t, http.StatusNotFound, r.status, path)
		require.Equal(t, "NotFound", r.code(), path)
	}
	for _, address := range []string{
		"https://graph.example/", "https://graph.example/v2.0/admin/windows/updates/deployments", "https://graph.example",
	} {
		r := n.request(http.MethodGet, "", "")
		var err error
		r.URL, err = url.Parse(address)
		require.NoError(t, err)
		require.Equal(t, http.StatusNotFound, n.do(r).status, address)
	}
}

// The service is in beta only, and says so in its own way.
func TestTheReleasedVersionHasNoWindowsUpdates(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, path := range []string{"/data/deviceProfiles", "/deployments/x", ""} {
		r := n.request(http.MethodGet, "", "")
		var err error
		r.URL, err = url.Parse("https://graph.example/v1.0/admin/windows/updates" + path)
		require.NoError(t, err)
		got := n.do(r)
		require.Equal(t, http.StatusBadRequest, got.status, path)
		require.Contains(t, got.text, "Resource not found for the segment 'windows'")
	}
}

func TestMethodsThatARouteDoesNotHave(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for path, method := range map[string]string{
		"/catalog/entries":                                http.MethodPost,
		"/catalog/entries/x":                              http.MethodDelete,
		"/deployments":                                    http.MethodPut,
		"/deployments/x":                                  http.MethodPost,
		"/deploymentAudiences/x":                          http.MethodPatch,
		"/deploymentAudiences/x/members":                  http.MethodPost,
		"/deploymentAudiences/x/updateAudience":           http.MethodGet,
		"/updatableAssets/x":                              http.MethodPatch,
		"/updatableAssets/enrollAssets":                   http.MethodGet,
		"/updatableAssets/" + namespace + "azureADDevice": http.MethodPost,
		"/updatableAssets/x/addMembers":                   http.MethodGet,
		"/policies/x/rings/y":                             http.MethodPut,
		"/policies/x/applicableContent":                   http.MethodPost,
		"/products":                                       http.MethodPost,
		"/products/1104":                                  http.MethodPatch,
		"/knownIssues/x":                                  http.MethodDelete,
		"/resourceConnections/x":                          http.MethodPatch,
		"/tenantSettings":                                 http.MethodDelete,
		"/tenantSettings/mdmAppSettings/x":                http.MethodDelete,
	} {
		r := n.send(method, path, `{}`)
		require.Equal(t, http.StatusMethodNotAllowed, r.status, path)
		require.Equal(t, "MethodNotAllowed", r.code(), path)
	}
}

func TestARequestWithoutATokenOfThisSimulatorIsRejected(t *testing.T) {
	t.Parallel()
	n, other := newTenant(t, nil), newTenant(t, nil)
	for name, header := range map[string]string{
		"none":          "",
		"no bearer":     "Basic " + n.token(),
		"no token":      "Bearer ",
		"no JWT":        "Bearer abc",
		"another one's": "Bearer " + other.token(),
		"cut":           "Bearer " + n.token()[:50],
		"altered":       "Bearer x" + n.token(),
		"unsigned":      "Bearer " + n.token()[:strings.LastIndex(n.token(), ".")+1],
	} {
		r := n.request(http.MethodGet, "/nothing", "")
		r.Header.Set("Authorization", header)
		got := n.do(r)
		require.Equal(t, http.StatusUnauthorized, got.status, name)
		require.Equal(t, "InvalidAuthenticationToken", got.code(), name)
		require.Contains(t, got.header.Get("WWW-Authenticate"), "Bearer", name)
	}
	r := n.request(http.MethodGet, "/deployments", "")
	r.Header.Set("Authorization", "bearer "+n.token())
	require.Equal(t, http.StatusOK, n.do(r).status)
}

func TestAnErrorHasTheEnvelopeOfGraph(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.request(http.MethodGet, "/deployments/nothing", "")
	r.Header.Set("Client-Request-Id", "mine")
	got := n.do(r)
	inner := got.body["error"].(object)["innerError"].(object)
	require.Equal(t, "mine", inner["client-request-id"])
	require.Equal(t, got.header.Get("Request-Id"), inner["request-id"])
	require.Regexp(t, `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$`, inner["date"])
	require.Equal(t, "Requested resource 'deployment' not found.", got.message())
}

func TestEveryAnswerSaysWhichRequestItAnswers(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	first, second := n.get("/deployments"), n.get("/nothing")
	for _, r := range []response{first, second} {
		require.Regexp(t, `^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, r.header.Get("Request-Id"))
		require.Equal(t, r.header.Get("Request-Id"), r.header.Get("Client-Request-Id"))
		_, err := http.ParseTime(r.header.Get("Date"))
		require.NoError(t, err)
	}
	require.NotEqual(t, first.header.Get("Request-Id"), second.header.Get("Request-Id"))
}
