package simulator_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

const approvalCast = namespace + "contentApproval"

// updatePolicy makes an update policy for an audience, with other members in JSON.
func (n *tenant) updatePolicy(audience, members string) string {
	if members != "" {
		members = "," + members
	}
	r := n.post("/updatePolicies", `{"audience":{"id":"`+audience+`"}`+members+`}`)
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	return r.body["id"].(string)
}

// audienceOfPolicy is the ID of a policy's audience.
func (n *tenant) audienceOfPolicy(id string) string {
	r := n.get("/updatePolicies/" + id + "?$expand=audience")
	require.Equal(n.t, http.StatusOK, r.status, r.text)
	return r.body["audience"].(object)["id"].(string)
}

func TestAnUpdatePolicyIsEchoedAsTheServiceDoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		r := n.post("/updatePolicies", `{"audience":{"id":"`+n.audience()+`"},"complianceChanges":[{"@odata.type":"#`+approvalCast+`"}],
			"complianceChangeRules":[`+rule("driver", `,"durationBeforeDeploymentStart":"P7D"`)+`],
			"deploymentSettings":{"schedule":{"startDateTime":"2026-12-01T08:00:00Z"}}}`)
		require.Equal(t, http.StatusCreated, r.status, r.text)
		id := r.body["id"].(string)
		require.JSONEq(t, `{
			"@odata.context": "https://graph.example/beta/$metadata#admin/windows/updates/updatePolicies/$entity",
			"id": "`+id+`",
			"createdDateTime": "2000-01-01T00:00:00Z",
			"autoEnrollmentUpdateCategories": [],
			"complianceChangeRules": [{
				"@odata.type": "#microsoft.graph.windowsUpdates.contentApprovalRule",
				"contentFilter": {"@odata.type": "#microsoft.graph.windowsUpdates.driverUpdateFilter"},
				"durationBeforeDeploymentStart": "P7D",
				"createdDateTime": "2000-01-01T00:00:00Z",
				"lastEvaluatedDateTime": "0001-01-01T00:00:00Z",
				"lastModifiedDateTime": "2000-01-01T00:00:00Z"
			}],
			"deploymentSettings": {
				"schedule": {
					"startDateTime": "2026-12-01T08:00:00Z",
					"gradualRollout": {
						"@odata.type": "#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",
						"durationBetweenOffers": "P1D", "devicesPerOffer": 0
					}
				},
				"monitoring": null, "contentApplicability": null, "userExperience": null, "expedite": null
			}
		}`, r.text)
		require.JSONEq(t, r.text, n.get("/updatePolicies/"+id).text)
		delete(r.body, "@odata.context")
		r.body["audience"] = object{"id": n.audienceOfPolicy(id)}
		require.Equal(t, []object{r.body}, n.list("/updatePolicies"))
		require.Empty(t, n.list("/updatePolicies/"+id+"/complianceChanges"))
	})
}

func TestTheAudienceOfAPolicyIsSentWhenItIsExpanded(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	audience := n.audience()
	id := n.updatePolicy(audience, ``)
	want := object{"id": audience, "applicableContent": []any{}}
	require.NotContains(t, n.get("/updatePolicies/"+id).body, "audience")
	r := n.get("/updatePolicies/" + id + "?$expand=audience")
	require.Equal(t, want, r.body["audience"])
	require.Contains(t, r.body["audience@odata.context"], "updatePolicies('"+id+"')/audience/$entity")
	require.Equal(t, want, n.list("/updatePolicies?$expand=audience")[0]["audience"])
	require.Equal(t, audience, n.get("/updatePolicies/" + id + "/audience").body["id"])
}

func TestAnAudienceIsNamedInEveryWay(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	audience := n.audience()
	for _, named := range []string{
		`{"id":"` + audience + `"}`,
		`{"@odata.id":"` + audience + `"}`,
		`{"@odata.id":"deploymentAudiences/` + audience + `"}`,
		`{"@odata.id":"` + root + `/deploymentAudiences('` + audience + `')"}`,
	} {
		r := n.post("/updatePolicies", `{"audience":`+named+`}`)
		require.Equal(t, http.StatusCreated, r.status, named)
		require.Equal(t, audience, n.audienceOfPolicy(r.body["id"].(string)), named)
	}
	for _, wrong := range []string{
		`{}`, `{"id":"nothing"}`, `{"@odata.id":"deploymentAudiences/nothing"}`, `{"@odata.id":5}`, `"` + audience + `"`,
	} {
		require.Equal(t, http.StatusBadRequest, n.post("/updatePolicies", `{"audience":`+wrong+`}`).status, wrong)
	}
}

func TestAPolicyWithoutAnAudienceGetsOne(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.post("/updatePolicies", `{}`)
	require.Equal(t, http.StatusCreated, r.status)
	id := r.body["id"].(string)
	n.mustAccept(n.post("/updatePolicies/"+id+"/audience/updateAudience", `{"addMembers":`+typed(deviceA)+`,"addExclusions":`+typed(deviceB)+`}`))
	n.mustAccept(n.post("/updatePolicies('"+id+"')/audience/"+namespace+"updateAudienceById", byID([]string{deviceC}, `"addMembers"`)))
	require.Equal(t, []string{deviceA, deviceC}, ids(n.list("/updatePolicies/"+id+"/audience/members")))
	require.Equal(t, []string{deviceB}, ids(n.list("/updatePolicies/"+id+"/audience/exclusions")))
	require.Len(t, n.list("/deploymentAudiences"), 1)

	gone := n.delete("/updatePolicies/" + id)
	require.Equal(t, http.StatusNoContent, gone.status)
	require.Empty(t, gone.text)
	require.Equal(t, http.StatusNotFound, n.get("/updatePolicies/"+id).status)
	require.Empty(t, n.list("/deploymentAudiences"))
}

func TestAnAudienceOfAPolicyCannotBeDeleted(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	audience := n.audience()
	id := n.updatePolicy(audience, ``)
	r := n.delete("/deploymentAudiences/" + audience)
	require.Equal(t, http.StatusConflict, r.status)
	require.Contains(t, r.message(), "referenced by update policies")
	require.Equal(t, http.StatusNoContent, n.delete("/updatePolicies/"+id).status)
	require.Equal(t, http.StatusNoContent, n.delete("/deploymentAudiences/"+audience).status)
}

func TestDeletingAPolicyArchivesWhatItMade(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.post("/updatePolicies", `{}`)
	id := r.body["id"].(string)
	audience := n.audienceOfPolicy(id)
	deployment := n.approve(id, n.driverFor(deviceA), ``)
	require.Equal(t, http.StatusNoContent, n.delete("/updatePolicies/"+id).status)
	require.Equal(t, "archived", n.state(deployment))
	require.Contains(t, n.delete("/deploymentAudiences/"+audience).message(), "being used by deployments")
	n.mustAccept(n.delete("/deployments/" + deployment))
	require.Equal(t, http.StatusNotFound, n.get("/deploymentAudiences/"+audience).status)
}

func TestChangesOfAPolicy(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Hour})
		id := n.updatePolicy(n.audience(), `"complianceChangeRules":[`+rule("driver", ``)+
			`],"deploymentSettings":{"userExperience":{"isHotpatchEnabled":true}}`)
		<-time.After(time.Minute)
		r := n.patch("/updatePolicies/"+id, `{"deploymentSettings":`+gradual("rateDriven", `"devicesPerOffer":7`)+`}`)
		require.Equal(t, http.StatusOK, r.status, r.text)
		require.JSONEq(t, r.text, n.get("/updatePolicies/"+id).text)
		settings := r.body["deploymentSettings"].(object)
		require.Equal(t, true, settings["userExperience"].(object)["isHotpatchEnabled"])
		require.EqualValues(t, 7, settings["schedule"].(object)["gradualRollout"].(object)["devicesPerOffer"])
		require.Len(t, r.body["complianceChangeRules"], 1)

		r = n.patch("/updatePolicies/"+id, `{"complianceChangeRules":[`+
			rule("driver", `,"durationBeforeDeploymentStart":"P2D","createdDateTime":"1999-01-01T00:00:00Z"`)+`]}`)
		require.Equal(t, http.StatusOK, r.status, r.text)
		changed := r.body["complianceChangeRules"].([]any)[0].(object)
		require.Equal(t, "P2D", changed["durationBeforeDeploymentStart"])
		require.Equal(t, "2000-01-01T00:01:00Z", changed["lastModifiedDateTime"])
		require.NotNil(t, r.body["deploymentSettings"].(object)["schedule"])

		r = n.patch("/updatePolicies/"+id, `{"complianceChangeRules":[],"deploymentSettings":null}`)
		require.Empty(t, r.body["complianceChangeRules"])
		require.Nil(t, r.body["deploymentSettings"].(object)["schedule"])
		require.Equal(t, http.StatusOK, n.patch("/updatePolicies/"+id, `{}`).status)
	})
}

func TestChangesOfAPolicyThatAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	audience := n.audience()
	id := n.updatePolicy(audience, `"complianceChangeRules":[`+rule("driver", ``)+`]`)
	before := n.get("/updatePolicies/" + id).text
	for _, body := range []string{`{"audience":{"id":"` + audience + `"}}`, `{"complianceChanges":[]}`} {
		r := n.patch("/updatePolicies/"+id, body)
		require.Equal(t, http.StatusBadRequest, r.status, body)
		require.Equal(t, "Schema validation failed for resource 'deploymentPolicy'", r.message())
	}
	for _, body := range []string{
		`{"complianceChangeRules":[],"deploymentSettings":{"schedule":5}}`, `{"deploymentSettings":{"expedite":{"isReadinessTest":true}}}`,
		`{`,
		`{"deploymentSettings":null,"complianceChangeRules":[{}]}`,
	} {
		require.Equal(t, http.StatusBadRequest, n.patch("/updatePolicies/"+id, body).status, body)
	}
	require.Equal(t, before, n.get("/updatePolicies/"+id).text)

	n.SetQuirks(simulator.Quirks{RejectRuleUpdates: true})
	r := n.patch("/updatePolicies/"+id, `{"complianceChangeRules":[]}`)
	require.Equal(t, http.StatusBadRequest, r.status)
	require.Equal(t, "Schema validation failed for resource 'deploymentPolicy'", r.message())
	require.Equal(t, before, n.get("/updatePolicies/"+id).text)
	require.Equal(t, http.StatusOK, n.patch("/updatePolicies/"+id, `{"deploymentSettings":{}}`).status)
}

func TestUpdatePoliciesThatAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, body := range []string{
		`{"autoEnrollmentUpdateCategories":["moon"]}`, `{"autoEnrollmentUpdateCategories":"driver"}`, `{"complianceChanges":5}`,
		`{"complianceChangeRules":{}}`, `{"deploymentSettings":[]}`, `[]`,
	} {
		require.Equal(t, http.StatusBadRequest, n.post("/updatePolicies", body).status, body)
	}
	require.Empty(t, n.list("/updatePolicies"))
	require.Empty(t, n.list("/deploymentAudiences"))
}

func TestAPolicyEnrollsTheDevicesOfItsAudience(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Minute})
		n.enroll("driver", deviceA)
		r := n.post("/updatePolicies", `{"autoEnrollmentUpdateCategories":["driver","quality"]}`)
		require.Equal(t, []any{"unknownFutureValue", "quality"}, r.body["autoEnrollmentUpdateCategories"])
		id := r.body["id"].(string)
		asked := n.do(n.preferring(n.request(http.MethodGet, "/updatePolicies/"+id, "")))
		require.Equal(t, []any{"driver", "quality"}, asked.body["autoEnrollmentUpdateCategories"])

		n.mustAccept(n.post("/updatePolicies/"+id+"/audience/updateAudience", `{"addMembers":`+typed(deviceA, deviceB)+`}`))
		require.Equal(t, "enrolling", n.enrollment(deviceA, "driver"))
		<-time.After(time.Minute)
		require.Equal(t, "enrolled", n.enrollment(deviceA, "driver"))
		require.Equal(t, "enrolledWithPolicy", n.enrollment(deviceA, "quality"))
		require.Equal(t, "enrolledWithPolicy", n.enrollment(deviceB, "driver"))
		require.Equal(t, "notEnrolled", n.enrollment(deviceB, "feature"))

		n.unenroll("driver", deviceB)
		require.Equal(t, "unenrolling", n.enrollment(deviceB, "driver"))
		<-time.After(time.Minute)
		require.Equal(t, "notEnrolled", n.enrollment(deviceB, "driver"))
		require.Equal(t, []string{deviceA}, ids(n.list("/updatePolicies/"+id+"/audience/members")))
	})
}

func TestADeviceInAGroupIsEnrolledByAPolicyAgain(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	audience, group := n.audience(), n.group(deviceA)
	n.updatePolicy(audience, `"autoEnrollmentUpdateCategories":["feature"]`)
	body := `{"addMembers":[{"@odata.type":"#` + namespace + `updatableAssetGroup","id":"` + group + `"},` + typed(deviceB, deviceC)[1:] +
		`,"addExclusions":` + typed(deviceC) + `}`
	n.mustAccept(n.update(audience, body))
	n.unenroll("feature", deviceA, deviceB)
	require.Equal(t, "enrolledWithPolicy", n.enrollment(deviceA, "feature"))
	require.Equal(t, "notEnrolled", n.enrollment(deviceB, "feature"))
	require.Equal(t, "notEnrolled", n.enrollment(deviceC, "feature"))
}

func TestAnAudienceOfAPolicyChangesAfterTheLag(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Minute})
		id := n.updatePolicy(n.audience(), ``)
		n.mustAccept(n.post("/updatePolicies/"+id+"/audience/updateAudience", `{"addMembers":`+typed(deviceA)+`}`))
		require.Empty(t, n.list("/updatePolicies/"+id+"/audience/members"))
		<-time.After(time.Minute)
		require.Equal(t, []string{deviceA}, ids(n.list("/updatePolicies/"+id+"/audience/members")))
	})
}

func TestAPolicyThatDoesNotExistAnswers404(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy := n.updatePolicy(n.audience(), ``)
	for _, path := range []string{
		"", "/audience", "/audience/members", "/audience/applicableContent", "/complianceChanges", "/complianceChanges/" + approvalCast,
		"/complianceChanges/x",
	} {
		require.Equal(t, http.StatusNotFound, n.get("/updatePolicies/nothing"+path).status, path)
	}
	for path, method := range map[string]string{
		"/updatePolicies/nothing":                                                  http.MethodPatch,
		"/updatePolicies/nothing/complianceChanges":                                http.MethodPost,
		"/updatePolicies/" + policy + "/complianceChanges/nothing":                 http.MethodPatch,
		"/updatePolicies/nothing/complianceChanges/nothing":                        http.MethodDelete,
		"/updatePolicies/nothing/audience/updateAudience":                          http.MethodPost,
		"/updatePolicies/" + policy + "/complianceChanges/nothing/" + approvalCast: http.MethodGet,
	} {
		require.Equal(t, http.StatusNotFound, n.send(method, path, `{}`).status, path)
	}
	require.Equal(t, http.StatusNotFound, n.delete("/updatePolicies/nothing").status)
	require.Equal(t, http.StatusMethodNotAllowed, n.delete("/updatePolicies/"+policy+"/audience").status)
}

func TestPoliciesAreListedWithOptions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{PageSize: 1})
		first := n.updatePolicy(n.audience(), `"complianceChangeRules":[`+rule("driver", ``)+`]`)
		<-time.After(time.Hour)
		second := n.updatePolicy(n.audience(), ``)
		sizes, _ := n.walk("/updatePolicies?orderby=createdDateTime%20desc&$count=true")
		require.Equal(t, []int{1, 1}, sizes)
		require.Equal(t, []string{second}, ids(n.list("/updatePolicies?orderby=createdDateTime%20desc")))
		filtered := n.filtered("/updatePolicies", "complianceChangeRules/any(r:r/createdDateTime lt 2001-01-01)")
		require.Equal(t, first, filtered.body["value"].([]any)[0].(object)["id"])
		require.Equal(t, []object{{"createdDateTime": "2000-01-01T00:00:00Z"}}, n.list("/updatePolicies?$select=createdDateTime"))
		require.Equal(t, http.StatusBadRequest, n.get("/updatePolicies?$expand=complianceChanges").status)
	})
}
