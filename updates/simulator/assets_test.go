package simulator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestEnrollmentGoesThroughItsStates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Minute})
		n.enroll("feature", deviceA)
		require.Equal(t, "enrolling", n.enrollment(deviceA, "feature"))
		require.Equal(t, "notEnrolled", n.enrollment(deviceA, "quality"))
		<-time.After(time.Minute)
		require.Equal(t, "enrolled", n.enrollment(deviceA, "feature"))
		n.unenroll("feature", deviceA)
		require.Equal(t, "unenrolling", n.enrollment(deviceA, "feature"))
		<-time.After(time.Minute)
		require.Equal(t, "notEnrolled", n.enrollment(deviceA, "feature"))
	})
}

func TestANewEnrollmentIsNotEndedByAnOlderUnenrollment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Minute})
		n.enroll("feature", deviceA)
		<-time.After(time.Minute)
		id := n.deploy(`{}`)
		n.add(id, deviceA)
		n.unenroll("feature", deviceA)
		<-time.After(30 * time.Second)
		n.enroll("feature", deviceA)
		require.Equal(t, "enrolling", n.enrollment(deviceA, "feature"))
		<-time.After(30 * time.Second)
		require.Equal(t, "enrolling", n.enrollment(deviceA, "feature"))
		<-time.After(30 * time.Second)
		require.Equal(t, "enrolled", n.enrollment(deviceA, "feature"))
		require.Equal(t, []string{deviceA}, ids(n.list("/deployments/"+id+"/audience/members")))
	})
}

func TestADeviceHasTheShapeThatIsDocumented(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		n.mustAccept(n.post("/updatableAssets/enrollAssets", `{"updateCategory":"driver","assets":`+typed(deviceA)+`}`))
		require.NoError(t, n.FailRegistration(deviceA, "missingTrustType"))
		require.NoError(t, n.FailRegistration(deviceA, "missingTrustType"))
		require.JSONEq(t, `{
			"@odata.context": "https://graph.example/beta/$metadata#admin/windows/updates/updatableAssets/$entity",
			"@odata.type": "#microsoft.graph.windowsUpdates.azureADDevice",
			"id": "`+deviceA+`",
			"enrollment": {
				"driver": {"enrollmentState": "enrolled", "lastModifiedDateTime": "2000-01-01T00:00:00Z"},
				"feature": {"enrollmentState": "notEnrolled", "lastModifiedDateTime": null},
				"quality": {"enrollmentState": "notEnrolled", "lastModifiedDateTime": null}
			},
			"errors": [{"@odata.type": "#microsoft.graph.windowsUpdates.azureADDeviceRegistrationError", "reason": "missingTrustType"}]
		}`, n.get("/updatableAssets/"+deviceA).text)
	})
}

func TestARegistrationErrorWaitsForItsDevice(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	require.NoError(t, n.FailRegistration(deviceA, "invalidAzureADJoin"))
	require.Empty(t, n.list("/updatableAssets"))
	n.enroll("feature", deviceA)
	require.Len(t, n.list("/updatableAssets")[0]["errors"], 1)
	require.Equal(t, "enrolled", n.enrollment(deviceA, "feature"))
	n.mustAccept(n.delete("/updatableAssets/" + deviceA))
	n.enroll("feature", deviceA)
	require.Empty(t, n.list("/updatableAssets")[0]["errors"])
}

func TestUnenrollingTakesADeviceOutOfTheAudiencesOfItsCategory(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", deviceA, deviceB)
	n.enroll("driver", deviceA)
	id, other := n.deploy(`{}`), n.audience()
	n.add(id, deviceA, deviceB)
	n.mustAccept(n.update(other, `{"addMembers":`+typed(deviceA)+`}`))
	n.unenroll("driver", deviceA)
	require.Equal(t, []string{deviceA, deviceB}, ids(n.list("/deployments/"+id+"/audience/members")))
	n.mustAccept(n.post("/updatableAssets/unenrollAssets", `{"updateCategory":"feature","assets":`+typed(deviceA, stranger)+`}`))
	require.Equal(t, []string{deviceB}, ids(n.list("/deployments/"+id+"/audience/members")))
	require.Equal(t, []string{deviceA}, ids(n.list("/deploymentAudiences/"+other+"/members")))
	require.Equal(t, []string{deviceA, deviceB}, ids(n.list("/updatableAssets")))
}

func TestADeletedDeviceIsRemovedEverywhere(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.enroll("feature", deviceA)
	group, audience := n.group(deviceA, deviceB), n.audience()
	n.mustAccept(n.update(audience, `{"addMembers":`+typed(deviceA)+`,"addExclusions":`+typed(deviceA)+`}`))
	r := n.delete("/updatableAssets/" + deviceA)
	require.Equal(t, http.StatusAccepted, r.status)
	require.Empty(t, r.text)
	require.Equal(t, http.StatusNotFound, n.get("/updatableAssets/"+deviceA).status)
	require.Empty(t, n.list("/deploymentAudiences/"+audience+"/members"))
	require.Empty(t, n.list("/deploymentAudiences/"+audience+"/exclusions"))
	require.Equal(t, []string{deviceB}, ids(n.list("/updatableAssets/"+group+"/"+namespace+"updatableAssetGroup/members")))
	require.Equal(t, http.StatusNotFound, n.delete("/updatableAssets/"+deviceA).status)
}

func TestADeletedGroupLeavesItsDevices(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	group := n.group(deviceA)
	n.mustAccept(n.delete("/updatableAssets/" + group))
	require.Equal(t, []string{deviceA}, ids(n.list("/updatableAssets")))
}

func TestDevicesAndGroupsAreListedTogetherAndApart(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	group := n.group(deviceA, deviceB)
	require.Equal(t, []string{group, deviceA, deviceB}, ids(n.list("/updatableAssets")))
	require.Equal(t, []string{deviceA, deviceB}, ids(n.list("/updatableAssets/"+namespace+"azureADDevice")))
	require.Equal(t, []string{group}, ids(n.list("/updatableAssets/"+namespace+"updatableAssetGroup")))
	require.Equal(t, []string{group}, ids(n.list("/updatableAssets?$filter=isof('"+namespace+"updatableAssetGroup')")))
	require.Len(t, n.list("/updatableAssets/"+namespace+"azureADDevice?$select=id,errors"), 2)
}

func TestMembersOfAGroupAreAddedAndRemoved(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	group := n.group(deviceA)
	path := "/updatableAssets/" + group
	n.mustAccept(n.post(path+"/addMembers", `{"assets":`+typed(deviceA, deviceB)+`}`))
	n.mustAccept(n.post(path+"/removeMembers", `{"assets":`+typed(deviceA, stranger)+`}`))
	n.mustAccept(n.post(path+"/addMembersById", byID([]string{deviceC}, `"ids"`)))
	require.Equal(t, []string{deviceB, deviceC}, ids(n.list(path+"/"+namespace+"updatableAssetGroup/members")))
	n.mustAccept(n.post(path+"/removeMembersById", byID([]string{deviceB, deviceC}, `"ids"`)))
	require.Empty(t, n.list(path+"/"+namespace+"updatableAssetGroup/members"))
}

func TestMembersOfAGroupAreReadInOneWayOnly(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	path := "/updatableAssets/" + n.group(deviceA)
	require.Equal(t, http.StatusBadRequest, n.get(path+"?$expand=members").status)
	require.Equal(t, http.StatusMethodNotAllowed, n.get(path+"/"+namespace+"updatableAssetGroup").status)
	require.Equal(t, http.StatusNotFound, n.get("/updatableAssets/"+deviceA+"/"+namespace+"updatableAssetGroup/members").status)
}

func TestRequestsAboutAssetsThatAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	group := n.group()
	other := n.group()
	asGroup := `[{"@odata.type":"#` + namespace + `updatableAssetGroup","id":"` + other + `"}]`
	for name, c := range map[string]struct {
		path, body string
		status     int
	}{
		"creating a device":        {"", `{"@odata.type":"#` + namespace + `azureADDevice","id":"` + deviceA + `"}`, http.StatusBadRequest},
		"creating nothing":         {"", `{}`, http.StatusBadRequest},
		"enrolling a group":        {"/enrollAssets", `{"updateCategory":"feature","assets":` + asGroup + `}`, http.StatusBadRequest},
		"enrolling in nothing":     {"/enrollAssets", `{"assets":` + typed(deviceA) + `}`, http.StatusBadRequest},
		"enrolling in the unknown": {"/enrollAssetsById", byID([]string{deviceA}, `"updateCategory":"moon","ids"`), http.StatusBadRequest},
		"enrolling without a type": {"/enrollAssetsById", `{"updateCategory":"feature","ids":["` + deviceA + `"]}`, http.StatusBadRequest},
		"a group in a group":       {"/" + group + "/addMembers", `{"assets":` + asGroup + `}`, http.StatusBadRequest},
		"a group as a device":      {"/" + group + "/addMembersById", byID([]string{other}, `"ids"`), http.StatusBadRequest},
		"members of nothing":       {"/nothing/addMembers", `{"assets":[]}`, http.StatusNotFound},
		"members, not JSON":        {"/" + group + "/addMembers", `assets`, http.StatusBadRequest},
		"enrollment, not JSON":     {"/enrollAssets", `assets`, http.StatusBadRequest},
		"group, not JSON":          {"", `assets`, http.StatusBadRequest},
	} {
		require.Equal(t, c.status, n.post("/updatableAssets"+c.path, c.body).status, name)
	}
	require.Equal(t, []string{group, other}, ids(n.list("/updatableAssets")))
}
