package simulator_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// profile puts a profile and returns its path.
func (n *tenant) profile(p simulator.Profile) string {
	id, err := n.PutProfile(p)
	require.NoError(n.t, err)
	return "/data/deviceProfiles/" + id
}

func TestAProfileIsSentAsItWasPut(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	path := n.profile(simulator.Profile{
		DeviceID: deviceA, Name: "PC-1", Model: "Laptop", Build: "10.0.26200.7171", Status: "upToDate", HotpatchReadiness: "ready",
	})
	id := strings.TrimPrefix(path, "/data/deviceProfiles/")
	require.NotEqual(t, deviceA, id)
	want := `{"@odata.context":"https://graph.example/beta/$metadata#admin/windows/updates/data/deviceProfiles/$entity",
		"@odata.type":"#` + namespace + `deviceProfile","id":"` + id + `","azureAdDeviceId":"` + deviceA + `","deviceName":"PC-1",
		"deviceModel":"Laptop","osBuild":"10.0.26200.7171","osStatus":"upToDate","hotpatchReadiness":"ready"}`
	require.JSONEq(t, want, n.get(path).text)

	n.profile(simulator.Profile{ID: id, DeviceID: deviceA, Name: "#"})
	r := n.get(path)
	require.Equal(t, "#", r.body["deviceName"])
	for _, name := range []string{"deviceModel", "osBuild", "osStatus", "hotpatchReadiness"} {
		require.Contains(t, r.body, name)
		require.Nil(t, r.body[name])
	}
	require.Equal(t, "PC-1", n.get(n.profile(simulator.Profile{DeviceID: deviceA, Name: "PC-1"})).body["deviceName"])
	require.Empty(t, n.get(n.profile(simulator.Profile{DeviceID: deviceB})).body["deviceName"])
	require.Nil(t, n.get(n.profile(simulator.Profile{DeviceID: deviceC, Name: "x", Unnamed: true})).body["deviceName"])
	require.Len(t, n.filtered("/data/deviceProfiles", "azureAdDeviceId eq '"+deviceA+"'").body["value"], 2)
	require.Len(t, n.filtered("/data/deviceProfiles", "deviceName eq null").body["value"], 1)

	require.NoError(t, n.RemoveProfile(id))
	require.Equal(t, http.StatusNotFound, n.get(path).status)
	require.Len(t, n.list("/data/deviceProfiles"), 3)
	require.ErrorContains(t, n.RemoveProfile(id), "does not exist")
	_, err := n.PutProfile(simulator.Profile{DeviceID: "PC-1"})
	require.ErrorContains(t, err, "must be GUIDs")
}

func TestSampleProfilesHaveWhatIsHardToTellApart(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	names, builds, devices := map[string]int{}, map[string]int{}, map[string]bool{}
	for _, p := range simulator.SampleProfiles() {
		n.profile(p)
		devices[p.DeviceID] = true
	}
	for _, p := range n.list("/data/deviceProfiles") {
		name, _ := p["deviceName"].(string)
		build, _ := p["osBuild"].(string)
		names[name]++
		builds[strings.TrimPrefix(build, "10.0.")[:min(5, len(strings.TrimPrefix(build, "10.0.")))]]++
	}
	require.Len(t, devices, len(simulator.SampleProfiles()))
	require.Equal(t, 2, names["CONTOSO-07"])
	require.Equal(t, 2, names[""])
	require.Equal(t, 1, names["#"])
	for _, version := range []string{"19045", "22631", "26100", "26200", "28000", ""} {
		require.Positive(t, builds[version], version)
	}
}

func TestARingAssignsItsDevicesToThePolicy(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	require.NoError(t, n.PutGroup("in", deviceA, deviceB, deviceC))
	require.NoError(t, n.PutGroup("out", deviceC))
	policy := n.policyFor("driver")
	n.ringFor("driver", policy, "")
	n.ringFor("driver", policy, "")
	other := n.policyFor("feature")
	n.ringFor("feature", other, "")
	n.profile(simulator.Profile{DeviceID: deviceA, Name: "old"})
	latest := n.get(n.profile(simulator.Profile{DeviceID: deviceA, Name: "new"})).body

	const assignments = "/data/policyAssignments"
	found := n.list(assignments)
	require.Len(t, found, 4)
	require.Equal(t, policy, found[0]["policyId"])
	require.Equal(t, other, found[2]["policyId"])
	require.Equal(t, deviceA, found[0]["azureAdDeviceId"])
	require.NotContains(t, found[0], "deviceProfile")
	path := assignments + "/" + found[0]["id"].(string)
	require.JSONEq(t, `{"@odata.context":"https://graph.example/beta/$metadata#admin/windows/updates/data/policyAssignments/$entity",
		"@odata.type":"#`+namespace+`policyAssignment","id":"`+found[0]["id"].(string)+`","policyId":"`+policy+`",
		"policyName":"Monthly","azureAdDeviceId":"`+deviceA+`"}`, n.get(path).text)
	require.Equal(t, latest["id"], n.get(path + "/deviceProfile").body["id"])
	require.Equal(t, "new", n.get(path + "?$expand=deviceProfile").body["deviceProfile"].(object)["deviceName"])
	expanded := n.list(assignments + "?$expand=deviceProfile($select=deviceName)&$filter=policyId%20eq%20'" + policy + "'")
	require.Equal(t, "new", expanded[0]["deviceProfile"].(object)["deviceName"])
	require.NotContains(t, expanded[0]["deviceProfile"], "osBuild")
	require.Nil(t, expanded[1]["deviceProfile"])
	require.Equal(t, http.StatusNotFound, n.get(assignments+"/"+found[1]["id"].(string)+"/deviceProfile").status)

	n.delete("/policies/" + policy)
	require.Equal(t, http.StatusNotFound, n.get(path).status)
	require.Len(t, n.list(assignments), 2)
}

// driverTenant has a policy for drivers with a ring that defers them by two days, and a driver that device
// A needs.
func driverTenant(t *testing.T, opts *simulator.Options) (n *tenant, policy, ring, driver string) {
	n = newTenant(t, opts)
	require.NoError(t, n.PutGroup("in", deviceA))
	n.enroll("driver", deviceA)
	driver = n.AddDriver("Contoso", "Display", "31.0.101.5590")
	require.NoError(t, n.MakeApplicable(driver, []string{"Microsoft"}, deviceA))
	policy = n.policyFor("driver")
	return n, policy, n.ringFor("driver", policy, `"deferralInDays":2`), driver
}

// driverState is the state of a driver on device A with its substate.
func (n *tenant) driverState(driver string) string {
	found := n.list("/data/drivers/" + driver + "/deviceStatuses")
	if len(found) == 0 {
		return "none"
	}
	require.Equal(n.t, deviceA, found[0]["aadDeviceId"])
	one := n.get("/data/drivers/" + driver + "/deviceStatuses/" + found[0]["id"].(string))
	require.Equal(n.t, found[0]["clientState"], one.body["clientState"])
	substate, _ := found[0]["clientSubstate"].(string)
	return strings.TrimSpace(found[0]["clientState"].(string) + " " + substate)
}

func TestADriverGoesThroughItsStates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, policy, ring, driver := driverTenant(t, nil)
		require.JSONEq(t, `[{"@odata.type":"#`+namespace+`driverUpdateReport","id":"`+driver+`",
			"displayName":"Contoso - Display - 31.0.101.5590","manufacturer":"Contoso","class":"Display","version":"31.0.101.5590",
			"releaseDateTime":"2000-01-01T00:00:00Z"}]`, text(n.list("/data/drivers")))
		require.Equal(t, driver, n.get("/data/drivers/" + driver).body["id"])
		require.Equal(t, "none", n.driverState(driver))
		approval := n.decide(policy, driver, "approved")
		require.Equal(t, "offering deferred", n.driverState(driver))
		rings := "/policies/" + policy + "/rings/"
		n.patch(rings+ring, `{"isPaused":true}`)
		require.Equal(t, "onHold paused", n.driverState(driver))
		n.patch(approval, `{"status":"suspended"}`)
		require.Equal(t, "notOffering", n.driverState(driver))
		n.patch(approval, `{"status":"approved"}`)
		n.patch(rings+ring, `{"isPaused":false}`)
		n.Advance(3 * day)
		require.Equal(t, "offering offerReady", n.driverState(driver))
		n.patch(approval, `{"status":"suspended"}`)
		require.Equal(t, "cancelled", n.driverState(driver))
		n.patch(approval, `{"status":"approved"}`)
		require.NoError(t, n.ReportDriver(driver, deviceA, "installing", "downloadPaused"))
		require.Equal(t, "installing downloadPaused", n.driverState(driver))

		require.NoError(t, n.Install(deviceA, driver))
		require.Equal(t, "installed", n.driverState(driver))
		require.Empty(t, n.list("/policies/"+policy+"/applicableCatalogs"))
		require.ErrorContains(t, n.Install(deviceA, driver), "does not apply")
		require.NoError(t, n.ReportDriver(driver, deviceA, "uninstalling", ""))
		require.Equal(t, "uninstalling", n.driverState(driver))
		require.NoError(t, n.ReportDriver(driver, deviceA, "installed", ""))
		require.NoError(t, n.Uninstall(deviceA, driver))
		require.Equal(t, "uninstalled", n.driverState(driver))
		require.True(t, n.list("/policies/" + policy + "/applicableCatalogs")[0]["hasRecommendedDevice"].(bool))
		require.ErrorContains(t, n.Uninstall(deviceA, driver), "is not installed")

		n.delete("/policies/" + policy)
		require.Empty(t, n.list("/data/drivers"))
		require.Equal(t, http.StatusNotFound, n.get("/data/drivers/"+driver).status)
	})
}

func TestADriverThatIsInstalledAutomaticallyIsDownloadedFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, policy, _, driver := driverTenant(t, &simulator.Options{InstallWithin: 10 * day})
		n.decide(policy, driver, "approved")
		var states []string
		for range 12 * 24 {
			if state := n.driverState(driver); len(states) == 0 || states[len(states)-1] != state {
				states = append(states, state)
			}
			n.Advance(time.Hour)
		}
		require.Equal(t, []string{
			"offering deferred", "offering offerReady", "offering offerReceived", "installing downloadStart",
			"installing downloadComplete", "installing installStart", "installed",
		}, states)
	})
}

func TestReportsOfDriversThatAreRejected(t *testing.T) {
	t.Parallel()
	n, _, _, driver := driverTenant(t, nil)
	require.ErrorContains(t, n.ReportDriver("none", deviceA, "installed", ""), "does not exist")
	require.ErrorContains(t, n.ReportDriver(n.entry(version24), deviceA, "installed", ""), "does not exist")
	require.ErrorContains(t, n.ReportDriver(driver, "PC-1", "installed", ""), "must be GUIDs")
	require.ErrorContains(t, n.ReportDriver(driver, deviceA, "", "paused"), "must not be empty")
	require.ErrorContains(t, n.Install(deviceA, "none"), "does not exist")
	require.ErrorContains(t, n.Uninstall(deviceA, "none"), "does not exist")
	require.Equal(t, http.StatusNotFound, n.get("/data/drivers/"+driver+"/deviceStatuses/none").status)
	require.Equal(t, http.StatusNotFound, n.get("/data/drivers/none/deviceStatuses").status)
}

func TestSummariesCountADeviceOnce(t *testing.T) {
	t.Parallel()
	n, policy, _, driver := driverTenant(t, nil)
	n.ringFor("driver", policy, "")
	n.ringFor("driver", n.policyFor("driver"), "")
	n.ring(n.qualityPolicy(), "")
	n.enroll("driver", deviceB, deviceC)
	require.NoError(t, n.PutGroup("in", deviceA, deviceB))
	require.NoError(t, n.MakeApplicable(driver, nil, deviceB, deviceC))
	const summaries = "/data/applicableCatalogSummaries"
	require.JSONEq(t, `[{"@odata.type":"#`+namespace+`applicableCatalogSummary","id":"`+driver+`","aggregatedDeviceCount":2,
		"hasRecommendedDevice":true}]`, text(n.list(summaries)))
	require.EqualValues(t, 2, n.get(summaries + "/" + driver).body["aggregatedDeviceCount"])
	require.JSONEq(t, `[{"id":"`+deviceA+`","isRecommended":true},{"id":"`+deviceB+`","isRecommended":false}]`,
		text(n.list(summaries+"/"+driver+"/aggregatedDevices")))
	require.Equal(t, http.StatusNotFound, n.get(summaries+"/"+n.entry(version24)).status)
	require.Equal(t, http.StatusNotFound, n.get(summaries+"/none/aggregatedDevices").status)
}

func TestTheDataAreaCanOnlyBeReadWithDocumentedOptions(t *testing.T) {
	t.Parallel()
	n, _, _, driver := driverTenant(t, nil)
	profile := n.profile(simulator.Profile{DeviceID: deviceA})
	assignment := "/data/policyAssignments/" + n.list("/data/policyAssignments")[0]["id"].(string)
	require.NoError(t, n.ReportDriver(driver, deviceA, "installed", ""))
	statuses := "/data/drivers/" + driver + "/deviceStatuses"
	lists := []string{
		"/data/deviceProfiles", "/data/policyAssignments", "/data/drivers", statuses, "/data/applicableCatalogSummaries",
		"/data/applicableCatalogSummaries/" + driver + "/aggregatedDevices",
	}
	ones := []string{
		profile, assignment, assignment + "/deviceProfile", "/data/drivers/" + driver,
		statuses + "/" + n.list(statuses)[0]["id"].(string), "/data/applicableCatalogSummaries/" + driver,
	}
	for _, path := range append(lists, ones...) {
		require.Equal(t, http.StatusMethodNotAllowed, n.post(path, `{}`).status, path)
		require.Equal(t, http.StatusMethodNotAllowed, n.patch(path, `{}`).status, path)
		require.Equal(t, http.StatusMethodNotAllowed, n.delete(path).status, path)
		require.Equal(t, http.StatusOK, n.get(path+"?$select=id").status, path)
		require.Equal(t, http.StatusBadRequest, n.get(path+"?$skip=0").status, path)
		want := http.StatusBadRequest
		if strings.Contains(path, "policyAssignments") && !strings.HasSuffix(path, "deviceProfile") {
			want = http.StatusOK
		}
		require.Equal(t, want, n.get(path+"?$expand=deviceProfile").status, path)
	}
	for _, path := range lists {
		require.Equal(t, http.StatusOK, n.get(path+"?$count=true&$top=1&$orderby=id&$filter=id%20ne%20null").status, path)
	}
	for _, path := range ones {
		require.Equal(t, http.StatusBadRequest, n.get(path+"?$filter=id%20ne%20null").status, path)
	}
	require.Equal(t, http.StatusNotFound, n.get("/data").status)
}
