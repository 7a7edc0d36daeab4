package simulator_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// sample is a request as documentation has it, with made-up IDs. {id} in its path is an object that
// exists.
type sample struct {
	Name, Method, Path string
	Kind               string // of the policy in the path, such as feature
	Source             string
	Body               json.RawMessage
	Response           json.RawMessage // of a GET
}

func samples(t *testing.T, file string) []sample {
	t.Helper()
	read, err := os.ReadFile("testdata/" + file)
	require.NoError(t, err)
	var all []sample
	require.NoError(t, json.Unmarshal(read, &all))
	return all
}

// IDs of the samples.
const (
	sampleQuality  = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	sampleDriver   = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	sampleFeature  = "c5f3a1c2-0000-4000-8000-000000000001"
	sampleAudience = "00000000-0000-4000-8000-0000000000a1"
	sampleGroup    = "00000000-0000-4000-8000-0000000000e1"
)

// sampleTenant has what the samples name.
func sampleTenant(t *testing.T) *tenant {
	n := newTenant(t, nil)
	for kind, id := range map[string]string{"quality": sampleQuality, "feature": sampleFeature, "driver": sampleDriver} {
		_, err := n.AddEntry(object{"@odata.type": "#" + namespace + kind + "UpdateCatalogEntry", "id": id, "version": version24, "isExpeditable": true})
		require.NoError(t, err)
	}
	return n
}

// exists makes an object of the collection in a path that ends in {id}, and returns its ID.
func (n *tenant) exists(path, kind string) string {
	switch {
	case strings.HasSuffix(path, "/complianceChanges"):
		return n.post(path, approvalOf("driver", sampleDriver, `{}`)).body["id"].(string)
	case strings.HasSuffix(path, "/approvals"):
		return n.post(path, `{"catalogEntryId":"`+sampleQuality+`","status":"approved"}`).body["id"].(string)
	case strings.HasSuffix(path, "/rings"):
		return n.post(path, ringOfKind(kind, "")).body["id"].(string)
	}
	switch path {
	case "/deployments":
		return n.post(path, deploymentOf("feature", sampleFeature, `{}`)).body["id"].(string)
	case "/policies":
		return n.policyFor(kind)
	case "/updatableAssets":
		return n.group()
	}
	return n.post(path, `{}`).body["id"].(string)
}

// send fills in the IDs of a sample and sends it. It returns the path of the sample without {id}.
func (s sample) send(n *tenant) (string, response) {
	kind := s.Kind
	if kind == "" {
		kind = "quality"
	}
	path := s.Path
	for strings.Contains(path, "/{id}") {
		before, after, _ := strings.Cut(path, "/{id}")
		path = before + "/" + n.exists(before, kind) + after
	}
	body := string(s.Body)
	if strings.HasPrefix(s.Path, "/deploymentAudiences") {
		body = strings.ReplaceAll(body, sampleGroup, n.group())
	}
	return path, n.send(s.Method, path, strings.ReplaceAll(body, sampleAudience, n.audience()))
}

// status is the status of a response to a valid sample.
func (s sample) status() int {
	last := s.Path[strings.LastIndex(s.Path, "/")+1:]
	isAction := strings.HasPrefix(last, "update") && last != "updatableAssets" && last != "updatePolicies" ||
		strings.HasPrefix(last, "enroll") || strings.HasPrefix(last, "add")
	switch {
	case isAction || s.Method == http.MethodPatch && strings.HasPrefix(s.Path, "/deployments/"):
		return http.StatusAccepted
	case s.Method == http.MethodPost:
		return http.StatusCreated
	}
	return http.StatusOK
}

// requireWithin requires that a value has all that was sent, except types and the audience, which a
// policy has on request.
func requireWithin(t *testing.T, sent, got any, at string) {
	t.Helper()
	switch sent := sent.(type) {
	case object:
		for name, value := range sent {
			if !strings.HasPrefix(name, "@") && at+"/"+name != "/audience" {
				require.Contains(t, got, name, at)
				requireWithin(t, value, got.(object)[name], at+"/"+name)
			}
		}
	case []any:
		require.Len(t, got, len(sent), at)
		for i, item := range sent {
			requireWithin(t, item, got.([]any)[i], at)
		}
	default:
		require.Equal(t, sent, got, at)
	}
}

func TestDocumentedRequestsAreUnderstood(t *testing.T) {
	t.Parallel()
	for file, count := range map[string]int{"requests.json": 30, "policies.json": 8} {
		all := samples(t, file)
		require.Len(t, all, count)
		for _, s := range all {
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				n := sampleTenant(t)
				path, r := s.send(n)
				require.Equal(t, s.status(), r.status, r.text)
				if r.body == nil {
					return // an action
				}
				var sent object
				require.NoError(t, json.Unmarshal(s.Body, &sent))
				requireWithin(t, sent, r.body, "")
				if s.Method == http.MethodPost && r.body["id"] != nil {
					path += "/" + r.body["id"].(string)
				}
				if sent["audience"] != nil {
					require.Equal(t, n.list("/deploymentAudiences")[0]["id"], n.get(path + "/audience").body["id"])
				}
				if s.Path != "/tenantSettings/mdmAppSettings" {
					requireWithin(t, r.body, n.get(path).body, "")
				}
			})
		}
	}
}

func TestActionsOfSamplesHaveTheirEffect(t *testing.T) {
	t.Parallel()
	const first, second = "00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"
	effects := map[string]func(n *tenant, path string){
		"enroll":       func(n *tenant, _ string) { require.Equal(t, "enrolled", n.enrollment(second, "feature")) },
		"enroll by id": func(n *tenant, _ string) { require.Equal(t, "enrolled", n.enrollment(first, "driver")) },
		"update audience by id": func(n *tenant, path string) {
			require.Equal(t, []string{first, second}, ids(n.list(strings.TrimSuffix(path, "/updateAudienceById")+"/members")))
		},
		"update audience": func(n *tenant, path string) {
			require.Contains(t, ids(n.list(strings.TrimSuffix(path, "/updateAudience")+"/members")), first)
		},
		"add group members by id": func(n *tenant, path string) {
			group := strings.TrimSuffix(path, "/addMembersById")
			require.Equal(t, []string{first}, ids(n.list(group+"/"+namespace+"updatableAssetGroup/members")))
		},
	}
	seen := []string{}
	for _, s := range samples(t, "requests.json") {
		if effect, ok := effects[s.Name]; ok {
			n := sampleTenant(t)
			path, _ := s.send(n)
			effect(n, path)
			seen = append(seen, s.Name)
		}
	}
	require.Len(t, seen, len(effects))
}

// TestExchangesOfTheNewerRoutes replaces the IDs that the simulator makes by those of the exchanges.
func TestExchangesOfTheNewerRoutes(t *testing.T) {
	t.Parallel()
	const (
		device     = "66666666-6666-4666-8666-666666666666"
		policy     = "11111111-1111-4111-8111-111111111111"
		assignment = "bc11d699-c171-bde8-e0d6-33a182d12841"
		status     = "88888888-8888-4888-8888-888888888888"
		driver     = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	)
	n := newTenant(t, nil)
	_, err := n.AddEntry(object{
		"@odata.type": "#" + driverCast, "id": driver, "displayName": "Contoso Display Driver 31.0.101.5590", "manufacturer": "Contoso",
		"driverClass": "Display", "version": "31.0.101.5590", "releaseDateTime": "2026-09-15T00:00:00Z",
	})
	require.NoError(t, err)
	require.NoError(t, n.MakeApplicable(driver, []string{"Microsoft"}, device))
	n.enroll("driver", device)
	require.NoError(t, n.PutGroup("in", device))
	n.profile(simulator.Profile{
		ID: "77777777-7777-4777-8777-777777777777", DeviceID: device, Name: "CONTOSO-01", Model: "Surface Laptop 7",
		Build: "10.0.26200.8655", HotpatchReadiness: "ready",
	})
	made := n.policyFor("driver")
	n.patch("/policies/"+made, `{"displayName":"Contoso driver policy"}`)
	n.ringFor("driver", made, "")
	n.decide(made, driver, "approved")
	names := []string{
		policy, made,
		assignment, n.list("/data/policyAssignments")[0]["id"].(string),
		status, n.list("/data/drivers/" + driver + "/deviceStatuses")[0]["id"].(string),
	}
	toMade, toSample := strings.NewReplacer(names...), strings.NewReplacer(reversed(slices.Clone(names))...)

	all := samples(t, "exchanges.json")
	require.Len(t, all, 15)
	documented := 0
	for _, s := range all {
		r := n.get(toMade.Replace(s.Path))
		require.Equal(t, http.StatusOK, r.status, s.Name)
		require.Contains(t, r.body["@odata.context"], "$metadata#admin/windows/updates/", s.Name)
		delete(r.body, "@odata.context")
		require.JSONEq(t, string(s.Response), toSample.Replace(text(r.body)), s.Name)
		require.Contains(t, []string{"documented", "made up, after the tables of the documentation"}, s.Source)
		if s.Source == "documented" {
			documented++
		}
	}
	require.Equal(t, 2, documented)
}
