package simulator_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	root      = "https://graph.example/beta/admin/windows/updates"
	namespace = "microsoft.graph.windowsUpdates."
	version24 = "Windows 11, version 24H2"
)

// Device IDs, which are GUIDs.
const (
	deviceA  = "00000000-0000-4000-8000-00000000000a"
	deviceB  = "00000000-0000-4000-8000-00000000000b"
	deviceC  = "00000000-0000-4000-8000-00000000000c"
	deviceD  = "00000000-0000-4000-8000-00000000000d"
	late     = "00000000-0000-4000-8000-0000000000f1"
	stranger = "00000000-0000-4000-8000-0000000000f2"
)

type object = map[string]any

// tenant is a simulator with a caller.
type tenant struct {
	*simulator.Server
	t testing.TB
}

// response is an answer that was read.
type response struct {
	status int
	header http.Header
	text   string
	body   object
}

func newTenant(t testing.TB, opts *simulator.Options) *tenant {
	return &tenant{simulator.New(opts), t}
}

func (n *tenant) get(path string) response { return n.send(http.MethodGet, path, "") }

// list returns the items of a list that must succeed.
func (n *tenant) list(path string) []object {
	r := n.get(path)
	require.Equal(n.t, http.StatusOK, r.status, r.text)
	items := []object{}
	for _, item := range r.body["value"].([]any) {
		items = append(items, item.(object))
	}
	return items
}

func (n *tenant) filtered(path, filter string) response {
	return n.get(path + "?$filter=" + url.QueryEscape(filter))
}

func (n *tenant) post(path, body string) response { return n.send(http.MethodPost, path, body) }

func (n *tenant) patch(path, body string) response { return n.send(http.MethodPatch, path, body) }

func (n *tenant) delete(path string) response { return n.send(http.MethodDelete, path, "") }

func (n *tenant) send(method, path, body string) response {
	return n.do(n.request(method, path, body))
}

// request makes a request that is authenticated.
func (n *tenant) request(method, path, body string) *http.Request {
	r, err := http.NewRequest(method, root+path, strings.NewReader(body))
	require.NoError(n.t, err)
	r.Header.Set("Authorization", "Bearer "+n.token())
	return r
}

func (n *tenant) token() string {
	token, err := n.Credential().GetToken(context.Background(), policy.TokenRequestOptions{})
	require.NoError(n.t, err)
	return token.Token
}

func (n *tenant) do(r *http.Request) response {
	answer, err := n.Transport().RoundTrip(r)
	require.NoError(n.t, err)
	text, err := io.ReadAll(answer.Body)
	require.NoError(n.t, err)
	require.NoError(n.t, answer.Body.Close())
	got := response{answer.StatusCode, answer.Header, string(text), nil}
	if len(text) > 0 {
		require.NoError(n.t, json.Unmarshal(text, &got.body), got.text)
	}
	return got
}

// entry returns the ID of the feature update of a version.
func (n *tenant) entry(version string) string {
	filter := namespace + "featureUpdateCatalogEntry/version eq '" + version + "'"
	found := n.list("/catalog/entries?$filter=" + url.QueryEscape(filter))
	require.Len(n.t, found, 1)
	return found[0]["id"].(string)
}

// quality returns the ID of the quality update of a short name.
func (n *tenant) quality(name string) string {
	filter := namespace + "qualityUpdateCatalogEntry/shortName eq '" + name + "'"
	found := n.list("/catalog/entries?$filter=" + url.QueryEscape(filter))
	require.Len(n.t, found, 1)
	return found[0]["id"].(string)
}

// deploy creates a deployment of Windows 11, version 24H2, with settings in JSON.
func (n *tenant) deploy(settings string) string {
	r := n.post("/deployments", deploymentOf("feature", n.entry(version24), settings))
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	return r.body["id"].(string)
}

func deploymentOf(kind, entryID, settings string) string {
	return `{"content":{"@odata.type":"#` + namespace + `catalogContent","catalogEntry":{"@odata.type":"#` +
		namespace + kind + `UpdateCatalogEntry","id":"` + entryID + `"}},"settings":` + settings + `}`
}

// gradual is a schedule with a rollout in JSON.
func gradual(kind, members string) string {
	return `{"schedule":{"gradualRollout":{"@odata.type":"#` + namespace + kind + `RolloutSettings",` + members + `}}}`
}

// monitored are settings with rules in JSON.
func monitored(rules string) string { return `{"monitoring":{"monitoringRules":[` + rules + `]}}` }

const (
	pauseAt5 = `{"signal":"rollback","threshold":5,"action":"pauseDeployment"}`
	alertAt5 = `{"signal":"rollback","threshold":5,"action":"alertError"}`
	fallback = `{"signal":"ineligible","action":"offerFallback"}`
)

func (n *tenant) enroll(category string, ids ...string) {
	n.mustAccept(n.post("/updatableAssets/enrollAssetsById", byID(ids, `"updateCategory":"`+category+`","ids"`)))
}

func (n *tenant) unenroll(category string, ids ...string) {
	n.mustAccept(n.post("/updatableAssets/unenrollAssetsById", byID(ids, `"updateCategory":"`+category+`","ids"`)))
}

// add adds devices to the audience of a deployment.
func (n *tenant) add(deploymentID string, ids ...string) { n.edit(deploymentID, "addMembers", ids...) }

func (n *tenant) edit(deploymentID, list string, ids ...string) {
	n.mustAccept(n.post("/deployments/"+deploymentID+"/audience/updateAudienceById", byID(ids, `"`+list+`"`)))
}

func (n *tenant) mustAccept(r response) {
	require.Equal(n.t, http.StatusAccepted, r.status, r.text)
}

// byID is a body that names devices in a list by their IDs.
func byID(ids []string, list string) string {
	text, _ := json.Marshal(ids)
	return `{"memberEntityType":"#` + namespace + `azureADDevice",` + list + `:` + string(text) + `}`
}

// group makes a group of devices.
func (n *tenant) group(ids ...string) string {
	r := n.post("/updatableAssets", `{"@odata.type":"#`+namespace+`updatableAssetGroup"}`)
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	id := r.body["id"].(string)
	n.mustAccept(n.post("/updatableAssets/"+id+"/addMembersById", byID(ids, `"ids"`)))
	return id
}

// enrollment is the state of a device in a category.
func (n *tenant) enrollment(id, category string) string {
	r := n.get("/updatableAssets/" + id)
	require.Equal(n.t, http.StatusOK, r.status, r.text)
	return r.body["enrollment"].(object)[category].(object)["enrollmentState"].(string)
}

// state is a deployment's effective state with its reasons, joined by spaces.
func (n *tenant) state(deploymentID string) string {
	r := n.do(n.preferring(n.request(http.MethodGet, "/deployments/"+deploymentID, "")))
	require.Equal(n.t, http.StatusOK, r.status, r.text)
	state := r.body["state"].(object)
	words := []string{state["effectiveValue"].(string)}
	for _, reason := range state["reasons"].([]any) {
		words = append(words, reason.(object)["value"].(string))
	}
	return strings.Join(words, " ")
}

func (n *tenant) preferring(r *http.Request) *http.Request {
	r.Header.Set("Prefer", "include-unknown-enum-members")
	return r
}

// offered are the devices that a deployment has offered something to.
func (n *tenant) offered(deploymentID string) []string {
	ids := []string{}
	for _, offer := range n.Offers(deploymentID) {
		ids = append(ids, offer.DeviceID)
	}
	return ids
}

// ids are the IDs of items.
func ids(items []object) []string {
	found := []string{}
	for _, item := range items {
		found = append(found, item["id"].(string))
	}
	return found
}

// code is the code in an error's envelope.
func (r response) code() string { return r.body["error"].(object)["code"].(string) }

// message is the message in an error's envelope.
func (r response) message() string { return r.body["error"].(object)["message"].(string) }

// text is a value in JSON.
func text(value any) string {
	encoded, _ := json.Marshal(value)
	return string(encoded)
}
