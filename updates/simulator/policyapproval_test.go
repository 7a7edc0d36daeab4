package simulator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// decide approves or suspends an update and returns the path of the approval.
func (n *tenant) decide(policyID, entryID, status string) string {
	r := n.post("/policies/"+policyID+"/approvals", `{"catalogEntryId":"`+entryID+`","status":"`+status+`"}`)
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	return "/policies/" + policyID + "/approvals/" + r.body["id"].(string)
}

func TestAnApprovalIsSentBackAsItWasMade(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		policy, entry := n.qualityPolicy(), n.quality("2025.11 B")
		r := n.post("/policies/"+policy+"/approvals", `{"catalogEntryId":"`+entry+`","status":"approved"}`)
		require.Equal(t, http.StatusCreated, r.status)
		want := `{"@odata.context":"https://graph.example/beta/$metadata#admin/windows/updates/policies('` + policy +
			`')/approvals/$entity",
			"id":"` + r.body["id"].(string) + `","catalogEntryId":"` + entry + `","status":"approved",
			"createdDateTime":"2000-01-01T00:00:00Z","lastModifiedDateTime":"2000-01-01T00:00:00Z"}`
		require.JSONEq(t, want, r.text)
		path := "/policies/" + policy + "/approvals/" + r.body["id"].(string)
		require.JSONEq(t, want, n.get(path).text)
		expanded := n.get(path + "?$expand=catalogEntry").body["catalogEntry"].(object)
		require.Equal(t, "2025.11 B", expanded["shortName"])
		require.NotContains(t, expanded, "productRevisions")

		n.Advance(time.Hour)
		changed := n.patch(path, `{"status":"suspended"}`)
		require.Equal(t, http.StatusOK, changed.status)
		require.Equal(t, "suspended", changed.body["status"])
		require.Equal(t, "2000-01-01T01:00:00Z", changed.body["lastModifiedDateTime"])
		require.Len(t, n.filtered("/policies/"+policy+"/approvals", "status eq 'suspended'").body["value"], 1)
		require.Empty(t, n.filtered("/policies/"+policy+"/approvals", "status eq 'approved'").body["value"])
	})
}

func TestTheLaterOfTwoApprovalsAtATimeDecides(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Empty: true})
		require.NoError(t, n.PutGroup("in", devices(1)...))
		policy, kept, offered := n.qualityPolicy(), n.month("kept", 1, nil), n.month("offered", 2, nil)
		ring := n.ring(policy, "")
		for _, status := range []string{"suspended", "approved"} {
			n.decide(policy, offered, status)
		}
		for _, status := range []string{"approved", "suspended"} {
			n.decide(policy, kept, status)
		}
		n.Advance(3 * day)
		require.Equal(t, []string{"offered to 0 on day 2"}, n.offers(ring))
	})
}

func TestApprovalsInAPolicyThatAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy, update := n.qualityPolicy(), n.quality("2025.11 B")
	path := "/policies/" + policy + "/approvals"
	for body, want := range map[string]int{
		`{"status":"approved"}`:                                               http.StatusBadRequest,
		`{"catalogEntryId":"` + update + `"}`:                                 http.StatusBadRequest,
		`{"catalogEntryId":"` + update + `","status":"revoked"}`:              http.StatusBadRequest,
		`{"catalogEntryId":5,"status":"approved"}`:                            http.StatusBadRequest,
		`{"catalogEntryId":"` + n.entry(version24) + `","status":"approved"}`: http.StatusBadRequest,
		`{"catalogEntryId":"0123456789abcdef","status":"approved"}`:           http.StatusNotFound,
		`null`: http.StatusBadRequest,
	} {
		require.Equal(t, want, n.post(path, body).status, body)
	}
	require.Empty(t, n.list(path))
	approval := n.decide(policy, update, "approved")
	require.Equal(t, http.StatusBadRequest, n.patch(approval, `{"status":null}`).status)
	require.Equal(t, http.StatusBadRequest, n.patch(approval, `{"status":"x"}`).status)
	require.Equal(t, http.StatusBadRequest, n.patch(approval, `[`).status)
	require.Equal(t, http.StatusNotFound, n.patch(path+"/x", `{}`).status)
	require.Equal(t, http.StatusNotFound, n.get(path+"/x").status)
}

func TestAnApprovalCannotBeDeleted(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy := n.qualityPolicy()
	approval := n.decide(policy, n.quality("2025.11 B"), "approved")
	r := n.delete(approval)
	require.Equal(t, http.StatusBadRequest, r.status)
	require.Equal(t, "Deleting an approval is not supported.", r.message())
	require.Equal(t, http.StatusOK, n.get(approval).status)
	require.Equal(t, http.StatusNotFound, n.delete("/policies/"+policy+"/approvals/x").status)
}

func TestAManualApprovalDoesNotWaitForTheRule(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		require.NoError(t, n.PutGroup("in", deviceA))
		policy := n.qualityPolicy(monthlySecurity)
		ring := n.ring(policy, `"deferralInDays":1`)
		n.month("may", 1, nil)
		n.month("D", 6, object{"qualityUpdateClassification": "nonSecurity"})
		n.Advance(2 * day)
		n.decide(policy, "may", "approved")
		n.decide(policy, "D", "approved")
		n.Advance(30 * day)
		require.Equal(t, []string{"may to a on day 3", "D to a on day 7"}, n.offers(ring))
	})
}

func TestASuspendedUpdateIsNotOffered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		n.month("may", -30, nil)
		june := n.month("june", 1, nil)
		require.NoError(t, n.PutGroup("in", deviceA))
		policy := n.qualityPolicy(monthlySecurity)
		approval := n.decide(policy, june, "suspended")
		ring := n.ring(policy, "")
		n.Advance(10 * day)
		require.Equal(t, []string{"may to a on day 0"}, n.offers(ring))

		n.patch(approval, `{"status":"approved"}`)
		require.Equal(t, []string{"may to a on day 0", "june to a on day 10"}, n.offers(ring))
		n.patch(approval, `{"status":"suspended"}`)
		require.NoError(t, n.PutGroup("in", deviceA, deviceB))
		require.Equal(t, []string{"may to a on day 0", "june to a on day 10", "may to b on day 10"}, n.offers(ring))
	})
}

func TestOfSeveralApprovalsTheOneChangedLastDecides(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		require.NoError(t, n.PutGroup("in", deviceA))
		may := n.month("may", 0, nil)
		policy := n.qualityPolicy()
		ring := n.ring(policy, "")
		first := n.decide(policy, may, "suspended")
		n.Advance(time.Hour)
		n.decide(policy, may, "suspended")
		n.Advance(day)
		require.Empty(t, n.offers(ring))
		n.patch(first, `{"status":"approved"}`)
		require.Len(t, n.RingOffers(ring), 1)
	})
}

func TestApprovingAgainDoesNotDelayAnUpdate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		require.NoError(t, n.PutGroup("in", deviceA))
		policy := n.qualityPolicy()
		ring := n.ring(policy, `"deferralInDays":5`)
		approval := n.decide(policy, n.month("may", 0, nil), "approved")
		n.Advance(2 * day)
		require.Equal(t, http.StatusOK, n.patch(approval, `{"status":"approved"}`).status)
		n.Advance(30 * day)
		require.Equal(t, []string{"may to a on day 5"}, n.offers(ring))
	})
}
