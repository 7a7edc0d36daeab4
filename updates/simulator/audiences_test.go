package simulator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

func (n *tenant) audience() string {
	r := n.post("/deploymentAudiences", `{}`)
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	return r.body["id"].(string)
}

func (n *tenant) update(audience, body string) response {
	return n.post("/deploymentAudiences/"+audience+"/updateAudience", body)
}

// typed is a list of devices in JSON.
func typed(ids ...string) string {
	text := ""
	for _, id := range ids {
		if text += `{"@odata.type":"#` + namespace + `azureADDevice","id":"` + id + `"}`; id != ids[len(ids)-1] {
			text += ","
		}
	}
	return "[" + text + "]"
}

func TestANewAudienceIsEmpty(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, body := range []string{``, `{}`} {
		r := n.post("/deploymentAudiences", body)
		require.Equal(t, http.StatusCreated, r.status)
		require.Equal(t, []any{}, r.body["applicableContent"])
		id := r.body["id"].(string)
		require.JSONEq(t, r.text, n.get("/deploymentAudiences/"+id).text)
		for _, list := range []string{
			"members", "exclusions", "applicableContent", "applicableContent?$expand=catalogEntry,matchedDevices",
		} {
			require.Empty(t, n.list("/deploymentAudiences/"+id+"/"+list), list)
		}
	}
	require.Len(t, n.list("/deploymentAudiences"), 2)
}

func TestMembersAreAddedAndRemoved(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.audience()
	r := n.update(id, `{"addMembers":`+typed(deviceA, deviceB, deviceC)+`,"addExclusions":`+typed(deviceD)+`}`)
	require.Equal(t, http.StatusAccepted, r.status)
	require.Empty(t, r.text)
	n.mustAccept(n.update(id, `{"addMembers":`+typed(deviceA)+`,"removeMembers":`+typed(deviceB, stranger)+
		`,"removeExclusions":[],"addExclusions":null}`))
	require.Equal(t, []string{deviceA, deviceC}, ids(n.list("/deploymentAudiences/"+id+"/members")))
	require.Equal(t, []string{deviceD}, ids(n.list("/deploymentAudiences/"+id+"/exclusions")))
	n.mustAccept(n.update(id, `{"removeExclusions":`+typed(deviceD)+`}`))
	require.Empty(t, n.list("/deploymentAudiences/"+id+"/exclusions"))
}

func TestAnAudienceIsReachedThroughItsDeployment(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(`{}`)
	audience := n.get("/deployments/" + id + "/audience").body["id"].(string)
	n.mustAccept(n.post("/deployments/"+id+"/audience/updateAudience", `{"addMembers":`+typed(deviceA)+`}`))
	n.edit(id, "addExclusions", deviceB)
	require.Equal(t, []string{deviceA}, ids(n.list("/deployments/"+id+"/audience/members")))
	require.Equal(t, []string{deviceA}, ids(n.list("/deploymentAudiences/"+audience+"/members")))
	require.Equal(t, []string{deviceB}, ids(n.list("/deployments/"+id+"/audience/exclusions")))
	require.Empty(t, n.list("/deployments/"+id+"/audience/applicableContent?$expand=catalogEntry,matchedDevices"))
	require.Equal(t, http.StatusMethodNotAllowed, n.delete("/deployments/"+id+"/audience").status)
}

func TestAddingMakesRecordsAndRemovingDoesNot(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	n.mustAccept(n.update(n.audience(), `{"addMembers":`+typed(deviceA)+`,"addExclusions":`+typed(deviceB)+`,"removeMembers":`+typed(deviceC)+`}`))
	require.Equal(t, []string{deviceA, deviceB}, ids(n.list("/updatableAssets")))
	require.Equal(t, "notEnrolled", n.enrollment(deviceB, "feature"))
}

func TestAGroupIsListedAsAGroup(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id, group := n.audience(), n.group(deviceA)
	body := `{"addMembers":[{"@odata.type":"#` + namespace + `updatableAssetGroup","id":"` + group + `"}]}`
	n.mustAccept(n.update(id, body))
	members := n.list("/deploymentAudiences/" + id + "/members")
	require.Equal(t, []object{{"@odata.type": "#" + namespace + "updatableAssetGroup", "id": group}}, members)
}

func TestAChangeOfAnAudienceTakesEffectAfterTheLag(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Minute})
		id := n.audience()
		n.mustAccept(n.update(id, `{"addMembers":`+typed(deviceA)+`}`))
		<-time.After(time.Minute - time.Second)
		require.Empty(t, n.list("/deploymentAudiences/"+id+"/members"))
		require.Equal(t, http.StatusNotFound, n.get("/updatableAssets/"+deviceA).status)
		<-time.After(time.Second)
		require.Equal(t, []string{deviceA}, ids(n.list("/deploymentAudiences/"+id+"/members")))
	})
}

func TestChangesTakeEffectInTheOrderInWhichTheyWereSent(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Minute})
		id := n.audience()
		n.mustAccept(n.update(id, `{"addMembers":`+typed(deviceA, deviceB)+`}`))
		n.mustAccept(n.update(id, `{"removeMembers":`+typed(deviceA)+`}`))
		<-time.After(time.Hour)
		require.Equal(t, []string{deviceB}, ids(n.list("/deploymentAudiences/"+id+"/members")))
	})
}

func TestAnAudienceInUseCannotBeDeleted(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(`{}`)
	audience := n.get("/deployments/" + id).body["audience"].(object)["id"].(string)
	n.patch("/deployments/"+id, `{"state":{"requestedValue":"archived"}}`)
	r := n.delete("/deploymentAudiences/" + audience)
	require.Equal(t, http.StatusConflict, r.status)
	require.Contains(t, r.message(), "being used by deployments")

	free := n.audience()
	r = n.delete("/deploymentAudiences/" + free)
	require.Equal(t, http.StatusNoContent, r.status)
	require.Empty(t, r.text)
	require.Equal(t, http.StatusNotFound, n.get("/deploymentAudiences/"+free).status)
}

func TestUpdatesOfAnAudienceThatAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id, group := n.audience(), n.group()
	n.enroll("feature", deviceA)
	path := "/deploymentAudiences/" + id
	for name, body := range map[string]string{
		"abstract type":   `{"addMembers":[{"@odata.type":"#` + namespace + `updatableAsset","id":"` + deviceA + `"}]}`,
		"no type":         `{"addMembers":[{"id":"` + deviceA + `"}]}`,
		"no id":           `{"addMembers":[{"@odata.type":"#` + namespace + `azureADDevice"}]}`,
		"empty id":        `{"removeMembers":` + typed("") + `}`,
		"no object":       `{"addMembers":["` + deviceA + `"]}`,
		"no list":         `{"addMembers":{}}`,
		"unknown group":   `{"addExclusions":[{"@odata.type":"#` + namespace + `updatableAssetGroup","id":"nothing"}]}`,
		"group as device": `{"addMembers":` + typed(group) + `}`,
		"device as group": `{"addMembers":[{"@odata.type":"#` + namespace + `updatableAssetGroup","id":"` + deviceA + `"}]}`,
		"not JSON":        `{"addMembers":`,
		"two objects":     `{}{}`,
	} {
		require.Equal(t, http.StatusBadRequest, n.post(path+"/updateAudience", body).status, name)
	}
	for name, body := range map[string]string{
		"no type":  `{"addMembers":["` + deviceA + `"]}`,
		"abstract": `{"memberEntityType":"#` + namespace + `updatableAsset","addMembers":["` + deviceA + `"]}`,
		"objects":  `{"memberEntityType":"#` + namespace + `azureADDevice","addMembers":` + typed(deviceA) + `}`,
		"empty id": `{"memberEntityType":"#` + namespace + `azureADDevice","addMembers":[""]}`,
	} {
		require.Equal(t, http.StatusBadRequest, n.post(path+"/updateAudienceById", body).status, name)
	}
	require.Empty(t, n.list(path+"/members"))
}

func TestAnAudienceThatDoesNotExistAnswers404(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, path := range []string{"", "/members", "/exclusions", "/applicableContent"} {
		require.Equal(t, http.StatusNotFound, n.get("/deploymentAudiences/nothing"+path).status, path)
	}
	for _, path := range []string{"/deploymentAudiences/nothing/updateAudience", "/deployments/nothing/audience/updateAudienceById"} {
		require.Equal(t, http.StatusNotFound, n.post(path, `{}`).status, path)
	}
	require.Equal(t, http.StatusNotFound, n.delete("/deploymentAudiences/nothing").status)
	require.Equal(t, http.StatusNotFound, n.get("/deployments/nothing/audience").status)
}
