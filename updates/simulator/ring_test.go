package simulator_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// ring creates a ring that includes the group "in" without the group "out", with
// further members in JSON.
func (n *tenant) ring(policyID, members string) string {
	r := n.post("/policies/"+policyID+"/rings", ringOf(members))
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	return r.body["id"].(string)
}

func ringOf(members string) string {
	if members != "" {
		members = "," + members
	}
	return `{"@odata.type":"#` + namespace + `qualityUpdateRing","displayName":"Pilot","description":"First","isPaused":false,
		"includedGroupAssignment":{"assignments":[{"groupId":"in"}]},
		"excludedGroupAssignment":{"assignments":[{"groupId":"out"}]}` + members + `}`
}

func TestARingIsSentBackAsItWasMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		policy := n.qualityPolicy()
		r := n.post("/policies/"+policy+"/rings", ringOf(`"isHotpatchEnabled":true`))
		id := r.body["id"].(string)
		want := `{"@odata.context":"https://graph.example/beta/$metadata#admin/windows/updates/policies('` + policy + `')/rings/$entity",
			"@odata.type":"#` + namespace + `qualityUpdateRing","id":"` + id + `","displayName":"Pilot","description":"First",
			"createdDateTime":"2000-01-01T00:00:00Z","lastModifiedDateTime":"2000-01-01T00:00:00Z",
			"deferralInDays":null,"isPaused":false,"isHotpatchEnabled":true,
			"includedGroupAssignment":{"@odata.type":"#` + namespace + `includedGroupAssignment","assignments":[{"groupId":"in"}]},
			"excludedGroupAssignment":{"@odata.type":"#` + namespace + `excludedGroupAssignment","assignments":[{"groupId":"out"}]}}`
		require.JSONEq(t, want, r.text)
		require.JSONEq(t, want, n.get("/policies/"+policy+"/rings/"+id).text)
		require.Equal(t, []string{id}, ids(n.list("/policies/"+policy+"/rings")))
	})
}

func TestARingIsChangedInParts(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	path := "/policies/" + n.qualityPolicy() + "/rings"
	r := n.post(path, ringOf(`"deferralInDays":5`))
	path += "/" + r.body["id"].(string)
	r = n.patch(path, `{"excludedGroupAssignment":{"assignments":[]},"isPaused":true}`)
	require.Equal(t, http.StatusOK, r.status)
	require.Empty(t, r.body["excludedGroupAssignment"].(object)["assignments"])
	require.Len(t, r.body["includedGroupAssignment"].(object)["assignments"], 1)
	require.Equal(t, true, r.body["isPaused"])
	require.EqualValues(t, 5, r.body["deferralInDays"])
	require.Nil(t, n.patch(path, `{"deferralInDays":null}`).body["deferralInDays"])
	require.Equal(t, r.body["displayName"], n.get(path).body["displayName"])

	require.Equal(t, http.StatusNoContent, n.delete(path).status)
	require.Equal(t, http.StatusNotFound, n.get(path).status)
	require.Equal(t, http.StatusNotFound, n.patch(path, `{}`).status)
	require.Equal(t, http.StatusNotFound, n.delete(path).status)
}

func TestRingsThatAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy := n.qualityPolicy()
	path := "/policies/" + policy + "/rings"
	for name, body := range map[string]string{
		"another type":      strings.Replace(ringOf(""), "qualityUpdateRing", "moonRing", 1),
		"no type":           strings.Replace(ringOf(""), "@odata.type", "type", 1),
		"no name":           strings.Replace(ringOf(""), "displayName", "name", 1),
		"no inclusions":     strings.Replace(ringOf(""), "includedGroupAssignment", "included", 1),
		"no exclusions":     strings.Replace(ringOf(""), "excludedGroupAssignment", "excluded", 1),
		"no assignments":    strings.Replace(ringOf(""), "assignments", "groups", 1),
		"no group id":       strings.Replace(ringOf(""), `"groupId":"in"`, "", 1),
		"no pause":          strings.Replace(ringOf(""), "isPaused", "paused", 1),
		"long deferral":     ringOf(`"deferralInDays":31`),
		"broken deferral":   ringOf(`"deferralInDays":1.5`),
		"hotpatch is null":  ringOf(`"isHotpatchEnabled":null`),
		"no list of groups": strings.Replace(ringOf(""), `[{"groupId":"in"}]`, `"in"`, 1),
	} {
		require.Equal(t, http.StatusBadRequest, n.post(path, body).status, name)
	}
	require.Empty(t, n.list(path))
	id := n.ring(policy, "")
	for _, body := range []string{`{"isPaused":null}`, `{"includedGroupAssignment":null}`, `{"deferralInDays":-1}`, `]`} {
		require.Equal(t, http.StatusBadRequest, n.patch(path+"/"+id, body).status, body)
	}
}

// month adds a monthly security update that is released some days from now.
func (n *tenant) month(name string, days int, members object) string {
	entry := object{
		"@odata.type": "#" + qualityCast, "id": name, "shortName": name, "releaseDateTime": n.Now().AddDate(0, 0, days),
		"qualityUpdateCadence": "monthly", "qualityUpdateClassification": "security",
	}
	maps.Copy(entry, members)
	id, err := n.AddEntry(entry)
	require.NoError(n.t, err)
	return id
}

// offers are what a ring has offered, as "entry to a on day 3": a is how the device's ID
// ends, and days are counted from the beginning of the time of synctest.
func (n *tenant) offers(ringID string) []string {
	found := []string{}
	for _, o := range n.RingOffers(ringID) {
		on := o.At.Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).Hours() / 24
		found = append(found, fmt.Sprintf("%s to %s on day %g", o.EntryID, o.DeviceID[len(o.DeviceID)-1:], on))
	}
	return found
}

func TestTheDeferralsOfRuleAndRingAddUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		require.NoError(t, n.PutGroup("in", deviceB, deviceA, deviceC))
		require.NoError(t, n.PutGroup("out", deviceC))
		policy := n.qualityPolicy(monthlySecurity)
		first, second := n.ring(policy, ""), n.ring(policy, `"deferralInDays":4`)
		n.month("may", 2, nil)
		n.Advance(5*day - 1)
		require.Empty(t, n.offers(first))
		n.Advance(1)
		require.Equal(t, []string{"may to a on day 5", "may to b on day 5"}, n.offers(first))
		require.Empty(t, n.offers(second))
		n.Advance(10 * day)
		require.Equal(t, []string{"may to a on day 9", "may to b on day 9"}, n.offers(second))
		require.Len(t, n.offers(first), 2)
	})
}

func TestARuleApprovesWhatItSelects(t *testing.T) {
	t.Parallel()
	rule := func(cadence, classification string) string {
		return `{"@odata.type":"#` + namespace + `qualityUpdateApprovalRule","deferralInDays":0,"cadence":"` + cadence +
			`","classification":"` + classification + `"}`
	}
	for name, c := range map[string]struct {
		rules []string
		want  []string
	}{
		"security":      {[]string{rule("monthly", "security")}, []string{"B"}},
		"non-security":  {[]string{rule("monthly", "nonSecurity")}, []string{"D"}},
		"all":           {[]string{rule("monthly", "all")}, []string{"B", "D"}},
		"out of band":   {[]string{rule("outOfBand", "security")}, []string{"OOB"}},
		"recovery":      {[]string{anyRecovery}, []string{"recovery"}},
		"several rules": {[]string{rule("outOfBand", "all"), rule("monthly", "security"), anyRecovery}, []string{"B", "OOB", "recovery"}},
		"no rules":      {nil, nil},
	} {
		synctest.Test(t, func(t *testing.T) {
			n := newTenant(t, nil)
			require.NoError(t, n.PutGroup("in", deviceA))
			ring := n.ring(n.qualityPolicy(c.rules...), "")
			n.month("B", 1, nil)
			n.month("D", 2, object{"qualityUpdateClassification": "nonSecurity"})
			n.month("OOB", 3, object{"qualityUpdateCadence": "outOfBand"})
			n.month("recovery", 4, object{"@odata.type": "#" + namespace + "recoveryUpdateCatalogEntry"})
			n.month("feature", 4, object{"@odata.type": "#" + featureCast})
			n.Advance(30 * day)
			var got []string
			for _, o := range n.RingOffers(ring) {
				got = append(got, o.EntryID)
			}
			require.Equal(t, c.want, got, name)
		})
	}
}

func TestTheEarliestOfSeveralRulesApproves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		require.NoError(t, n.PutGroup("in", deviceA))
		ring := n.ring(n.qualityPolicy(strings.Replace(monthlySecurity, "3", "2", 1), monthlySecurity), "")
		n.month("may", 1, nil)
		n.Advance(30 * day)
		require.Equal(t, []string{"may to a on day 3"}, n.offers(ring))
	})
}

func TestAPausedRingOffersNothingUntilItGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		require.NoError(t, n.PutGroup("in", deviceA))
		policy := n.qualityPolicy(monthlySecurity)
		ring := n.ring(policy, "")
		n.month("may", 1, nil)
		n.Advance(2 * day)
		n.patch("/policies/"+policy+"/rings/"+ring, `{"isPaused":true}`)
		n.Advance(10 * day)
		require.Empty(t, n.offers(ring))
		n.patch("/policies/"+policy+"/rings/"+ring, `{"isPaused":false}`)
		require.Equal(t, []string{"may to a on day 12"}, n.offers(ring))
	})
}

func TestANewRingOffersTheNewestUpdateOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		n.month("june", -10, nil)
		n.month("may", -40, nil)
		require.NoError(t, n.PutGroup("in", deviceA))
		ring := n.ring(n.qualityPolicy(monthlySecurity), "")
		require.Equal(t, []string{"june to a on day 0"}, n.offers(ring))
		n.month("july", -1, nil)
		n.Advance(2 * day)
		require.NoError(t, n.PutGroup("in", deviceA, deviceB))
		require.Equal(t, []string{"june to a on day 0", "july to a on day 2", "july to b on day 2"}, n.offers(ring))
		require.NoError(t, n.PutGroup("in"))
		require.Len(t, n.offers(ring), 3)
	})
}

func TestAnOutdatedUpdateIsNotOffered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		require.NoError(t, n.PutGroup("in", deviceA))
		ring := n.ring(n.qualityPolicy(monthlySecurity), "")
		n.month("may", 1, object{"deployableUntilDateTime": n.Now().AddDate(0, 0, 3)})
		require.NoError(t, n.OutdateContent(n.month("june", 2, nil)))
		n.Advance(30 * day)
		require.Empty(t, n.offers(ring))
	})
}

func TestHotpatchesNeedARingThatTakesThem(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		require.NoError(t, n.PutGroup("in", deviceA))
		policy := n.qualityPolicy(monthlySecurity)
		cold, hot := n.ring(policy, `"isHotpatchEnabled":false`), n.ring(policy, `"isHotpatchEnabled":true`)
		n.month("may", 0, object{"productRevisions": []any{object{"isHotpatchUpdate": false}, object{"isHotpatchUpdate": true}}})
		n.Advance(5 * day)
		n.month("june", 0, object{"productRevisions": []any{object{"isHotpatchUpdate": false}}})
		n.Advance(5 * day)
		var got []bool
		for _, o := range append(n.RingOffers(cold), n.RingOffers(hot)...) {
			got = append(got, o.Hotpatch)
		}
		require.Equal(t, []bool{false, false, true, false}, got)
	})
}
