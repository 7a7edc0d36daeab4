package simulator_test

import (
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// approvalOf is the body that approves an entry of a kind, with settings in JSON.
func approvalOf(kind, entryID, settings string) string {
	if settings == "" {
		settings = "null"
	}
	return `{"@odata.type":"#` + approvalCast + `","content":{"@odata.type":"#` + namespace +
		`catalogContent","catalogEntry":{"@odata.type":"#` +
		namespace + kind + `UpdateCatalogEntry","id":"` + entryID + `"}},"deploymentSettings":` + settings + `}`
}

// approve approves a driver and returns the deployment that is made for it.
func (n *tenant) approve(policy, driver, settings string) string {
	r := n.post("/updatePolicies/"+policy+"/complianceChanges", approvalOf("driver", driver, settings))
	require.Equal(n.t, http.StatusCreated, r.status, r.text)
	return n.deploymentsOf(policy, r.body["id"].(string))[0]
}

// approvals are the IDs of the approvals of a policy.
func (n *tenant) approvals(policy string) []string {
	return ids(n.list("/updatePolicies/" + policy + "/complianceChanges"))
}

// approvalAt is the path of the one approval of a policy.
func (n *tenant) approvalAt(policy string) string {
	found := n.approvals(policy)
	require.Len(n.t, found, 1)
	return "/updatePolicies/" + policy + "/complianceChanges/" + found[0]
}

func (n *tenant) deploymentsOf(policy, approval string) []string {
	r := n.get("/updatePolicies/" + policy + "/complianceChanges/" + approval + "/" + approvalCast + "?$expand=deployments")
	require.Equal(n.t, http.StatusOK, r.status, r.text)
	found := []string{}
	for _, d := range r.body["deployments"].([]any) {
		found = append(found, d.(object)["id"].(string))
	}
	return found
}

func TestAnApprovalIsEchoedAsTheServiceDoes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		driver := n.AddDriver("Contoso", "Firmware", "1.2.3")
		policy := n.updatePolicy(n.audience(), ``)
		path := "/updatePolicies/" + policy + "/complianceChanges"
		r := n.post(path, approvalOf("driver", driver, `{"schedule":{"startDateTime":"2026-12-01T08:00:00Z"}}`))
		require.Equal(t, http.StatusCreated, r.status, r.text)
		id := r.body["id"].(string)
		require.JSONEq(t, `{
			"@odata.context": "https://graph.example/beta/$metadata#admin/windows/updates/updatePolicies('`+policy+
			`')/complianceChanges/$entity",
			"@odata.type": "#microsoft.graph.windowsUpdates.contentApproval",
			"id": "`+id+`",
			"createdDateTime": "2000-01-01T00:00:00Z",
			"isRevoked": false,
			"revokedDateTime": "0001-01-01T00:00:00Z",
			"content": {
				"@odata.type": "#microsoft.graph.windowsUpdates.catalogContent",
				"catalogEntry@odata.context": "https://graph.example/beta/$metadata#admin/windows/updates/updatePolicies('`+policy+
			`')/complianceChanges('`+id+
			`')/microsoft.graph.windowsUpdates.contentApproval/content/microsoft.graph.windowsUpdates.catalogContent/catalogEntry/$entity",
				"catalogEntry": {
					"@odata.type": "#microsoft.graph.windowsUpdates.driverUpdateCatalogEntry",
					"id": "`+driver+`",
					"displayName": "Contoso - Firmware - 1.2.3",
					"deployableUntilDateTime": null,
					"releaseDateTime": "0001-01-01T00:00:00Z",
					"description": "Contoso Firmware driver update",
					"driverClass": "Firmware",
					"manufacturer": "Contoso",
					"provider": "Contoso",
					"setupInformationFile": null,
					"version": "1.2.3",
					"versionDateTime": "2000-01-01T00:00:00Z"
				}
			},
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
		for _, one := range []string{path + "/" + id, path + "/" + id + "/" + approvalCast, path + "('" + id + "')/$/" + approvalCast} {
			require.JSONEq(t, r.text, n.get(one).text, one)
		}
		delete(r.body, "@odata.context")
		require.Equal(t, []object{r.body}, n.list(path))
		require.Equal(t, []object{r.body}, n.list(path+"/"+approvalCast))
	})
}

func TestAnApprovalMakesADeploymentForTheAudienceOfItsPolicy(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	driver, audience := n.driverFor(deviceA), n.audienceOf(deviceA)
	policy := n.updatePolicy(audience, ``)
	deployment := n.approve(policy, driver, ``)
	listed := n.list("/deployments")
	require.Equal(t, []string{deployment}, ids(listed))
	require.Equal(t, audience, listed[0]["audience"].(object)["id"])
	require.Equal(t, driver, listed[0]["content"].(object)["catalogEntry"].(object)["id"])
	require.Equal(t, "offering", n.state(deployment))

	path := n.approvalAt(policy)
	for _, query := range []string{
		path + "?$expand=" + approvalCast + "/deployments",
		path + "/$/" + approvalCast + "?$expand=deployments",
		path + "/" + approvalCast + "?$expand=deployments",
	} {
		require.Equal(t, []any{any(listed[0])}, n.get(query).body["deployments"], query)
	}
	require.Equal(t, http.StatusBadRequest, n.get(path+"?$expand=deployments").status)
	require.NotContains(t, n.get(path).body, "deployments")
	n.mustAccept(n.delete("/deployments/" + deployment))
	require.Empty(t, n.get(path + "/" + approvalCast + "?$expand=deployments").body["deployments"])
}

func TestSettingsOfAnApprovalGoBeforeThoseOfItsPolicy(t *testing.T) {
	t.Parallel()
	const all = `{"schedule":{"startDateTime":"2030-01-01T00:00:00Z","gradualRollout":{"@odata.type":"#` + namespace +
		`rateDrivenRolloutSettings","devicesPerOffer":9,"durationBetweenOffers":"P3D"}},
		"contentApplicability":{"offerWhileRecommendedBy":["Microsoft"],"safeguard":{"disabledSafeguardProfiles":[]}},
		"userExperience":{"daysUntilForcedReboot":2,"offerAsOptional":true}}`
	for name, test := range map[string]struct{ policy, approval, path, want string }{
		"only the policy's": {
			all, ``, "schedule", `{"startDateTime":"2030-01-01T00:00:00Z","gradualRollout":{"@odata.type":"#` + namespace +
				`rateDrivenRolloutSettings","devicesPerOffer":9,"durationBetweenOffers":"P3D"}}`,
		},
		"only the approval's": {``, all, "userExperience", `{"daysUntilForcedReboot":2,"offerAsOptional":true,"isHotpatchEnabled":null}`},
		"a start and a rollout": {
			all, `{"schedule":{"startDateTime":"2031-01-01T00:00:00Z"}}`, "schedule",
			`{"startDateTime":"2031-01-01T00:00:00Z","gradualRollout":{"@odata.type":"#` + namespace +
				`rateDrivenRolloutSettings","devicesPerOffer":9,"durationBetweenOffers":"P3D"}}`,
		},
		"two rollouts": {
			all, gradual("rateDriven", `"devicesPerOffer":4`), "schedule",
			`{"startDateTime":"2030-01-01T00:00:00Z","gradualRollout":{"@odata.type":"#` + namespace +
				`rateDrivenRolloutSettings","devicesPerOffer":4,"durationBetweenOffers":"P1D"}}`,
		},
		"vendors": {
			all, `{"contentApplicability":{"offerWhileRecommendedBy":["Contoso"]}}`, "contentApplicability",
			`{"offerWhileRecommendedBy":["Contoso"],"safeguard":{"disabledSafeguardProfiles":[]}}`,
		},
		"a safeguard": {
			all, `{"contentApplicability":{"safeguard":{"disabledSafeguardProfiles":[{"category":"likelyIssues"}]}}}`,
			"contentApplicability",
			`{"offerWhileRecommendedBy":["Microsoft"],"safeguard":{"disabledSafeguardProfiles":[{"category":"likelyIssues"}]}}`,
		},
		"an experience": {
			all, `{"userExperience":{"offerAsOptional":false}}`, "userExperience",
			`{"daysUntilForcedReboot":2,"offerAsOptional":false,"isHotpatchEnabled":null}`,
		},
	} {
		n := newTenant(t, nil)
		members := ``
		if test.policy != "" {
			members = `"deploymentSettings":` + test.policy
		}
		deployment := n.approve(n.updatePolicy(n.audience(), members), n.AddDriver("Contoso", "Net", "1"), test.approval)
		settings := n.get("/deployments/" + deployment).body["settings"].(object)
		require.JSONEq(t, test.want, text(settings[test.path]), name)
	}
}

func TestChangedSettingsReachWhatWasApproved(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy := n.updatePolicy(n.audience(), ``)
	deployment := n.approve(policy, n.AddDriver("Contoso", "Net", "1"), ``)
	require.Equal(t, "offering", n.state(deployment))
	later := n.Now().Add(day).Format(time.RFC3339)
	require.Equal(t, http.StatusOK,
		n.patch("/updatePolicies/"+policy, `{"deploymentSettings":{"schedule":{"startDateTime":"`+later+`"}}}`).status)
	require.Equal(t, "scheduled scheduledByOfferWindow", n.state(deployment))
	path := n.approvalAt(policy)
	r := n.patch(path, `{"@odata.type":"#`+approvalCast+`","deploymentSettings":{"schedule":{"startDateTime":"2020-01-01T00:00:00Z"}}}`)
	require.Equal(t, http.StatusOK, r.status, r.text)
	require.JSONEq(t, r.text, n.get(path).text)
	require.Equal(t, "offering", n.state(deployment))
	require.Equal(t, http.StatusOK, n.patch(path, `{"deploymentSettings":null}`).status)
	require.Equal(t, "scheduled scheduledByOfferWindow", n.state(deployment))
}

func TestAChangedRolloutDividesTheDevicesAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		audience := n.audienceOf(devices(4)...)
		policy := n.updatePolicy(audience, ``)
		deployment := n.approve(policy, n.driverFor(devices(8)...), gradual("dateDriven", `"endDateTime":"2000-01-05T00:00:00Z"`))
		require.Len(t, n.Offers(deployment), 1)
		n.mustAccept(n.patch("/deployments/"+deployment, `{"state":{"requestedValue":"paused"}}`))
		n.enroll("driver", devices(8)...)
		n.mustAccept(n.update(audience, `{"addMembers":`+typed(devices(8)...)+`}`))
		r := n.patch(n.approvalAt(policy), `{"deploymentSettings":`+gradual("dateDriven", `"endDateTime":"2000-01-09T00:00:00Z"`)+`}`)
		require.Equal(t, http.StatusOK, r.status, r.text)
		n.mustAccept(n.patch("/deployments/"+deployment, `{"state":{"requestedValue":"none"}}`))
		require.Len(t, n.Offers(deployment), 1)
		<-time.After(7 * day)
		require.Len(t, n.Offers(deployment), 8)
	})
}

func TestARevocationIsFinalAndArchivesTheDeployment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Hour})
		audience := n.audience()
		policy := n.updatePolicy(audience, ``)
		deployment := n.approve(policy, n.AddDriver("Contoso", "Net", "1"), ``)
		path := n.approvalAt(policy)
		<-time.After(time.Minute)
		r := n.patch(path, `{"@odata.type":"#`+approvalCast+`","isRevoked":true}`)
		require.Equal(t, http.StatusOK, r.status, r.text)
		require.Equal(t, true, r.body["isRevoked"])
		require.Equal(t, "2000-01-01T00:01:00Z", r.body["revokedDateTime"])
		require.JSONEq(t, r.text, n.get(path).text)
		require.Equal(t, "archived", n.state(deployment))
		require.Equal(t, "2000-01-01T00:01:00Z", n.get("/deployments/" + deployment).body["lastModifiedDateTime"])
		require.Contains(t, n.delete("/deploymentAudiences/"+audience).message(), "being used by deployments")

		<-time.After(time.Minute)
		for _, body := range []string{`{"isRevoked":false}`, `{"isRevoked":true}`, `{"deploymentSettings":{}}`} {
			require.Equal(t, http.StatusBadRequest, n.patch(path, body).status, body)
		}
		require.JSONEq(t, r.text, n.get(path).text)
		require.Equal(t, http.StatusOK, n.patch("/updatePolicies/"+policy, `{"deploymentSettings":{}}`).status)
		require.Equal(t, http.StatusNoContent, n.delete(path).status)
		require.Equal(t, "2000-01-01T00:01:00Z", n.get("/deployments/" + deployment).body["lastModifiedDateTime"])
	})
}

func TestADeletedApprovalLeavesAnArchivedDeployment(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	audience := n.audience()
	policy := n.updatePolicy(audience, ``)
	deployment := n.approve(policy, n.AddDriver("Contoso", "Net", "1"), ``)
	path := n.approvalAt(policy)
	r := n.delete(path)
	require.Equal(t, http.StatusNoContent, r.status)
	require.Empty(t, r.text)
	require.Equal(t, http.StatusNotFound, n.get(path).status)
	require.Empty(t, n.approvals(policy))
	require.Equal(t, "archived", n.state(deployment))

	require.Equal(t, http.StatusNoContent, n.delete("/updatePolicies/"+policy).status)
	require.Equal(t, http.StatusConflict, n.delete("/deploymentAudiences/"+audience).status)
	n.mustAccept(n.delete("/deployments/" + deployment))
	require.Equal(t, http.StatusNoContent, n.delete("/deploymentAudiences/"+audience).status)
}

func TestAChangeOfAnApprovalHasExactlyOneProperty(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy := n.updatePolicy(n.audience(), ``)
	n.approve(policy, n.AddDriver("Contoso", "Net", "1"), ``)
	path := n.approvalAt(policy)
	before := n.get(path).text
	for _, body := range []string{
		`{}`, `{"@odata.type":"#` + approvalCast + `"}`, `{"isRevoked":true,"deploymentSettings":{}}`, `{"isRevoked":true,"id":"x"}`,
		`{"content":{}}`, `{"revokedDateTime":"2026-01-01T00:00:00Z"}`, `{"isRevoked":false}`, `{"isRevoked":null}`, `{"isRevoked":"true"}`,
		`{"deploymentSettings":5}`, `{"deploymentSettings":` + monitored(pauseAt5) + `}`,
		`{"deploymentSettings":{"expedite":{"isExpedited":true}}}`,
	} {
		require.Equal(t, http.StatusBadRequest, n.patch(path, body).status, body)
	}
	require.Equal(t, before, n.get(path).text)
}

func TestApprovalsThatAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	driver := n.AddDriver("Contoso", "Net", "1")
	policy := n.updatePolicy(n.audience(), `"deploymentSettings":`+monitored(pauseAt5))
	path := "/updatePolicies/" + policy + "/complianceChanges"
	for body, status := range map[string]int{
		`{}`: http.StatusBadRequest,
		`{"@odata.type":"#` + approvalCast + `"}`:                              http.StatusBadRequest,
		`{"@odata.type":"#` + namespace + `complianceChange","content":{}}`:    http.StatusBadRequest,
		approvalOf("driver", "nothing", ``):                                    http.StatusNotFound,
		approvalOf("feature", driver, ``):                                      http.StatusBadRequest,
		approvalOf("feature", n.entry("Windows 11, version 21H2"), ``):         http.StatusBadRequest,
		approvalOf("driver", driver, `{"monitoring":{"monitoringRules":[5]}}`): http.StatusBadRequest,
		approvalOf("driver", driver, ``):                                       http.StatusBadRequest, // monitored by the policy
	} {
		require.Equal(t, status, n.post(path, body).status, body)
	}
	require.Empty(t, n.approvals(policy))
	require.Empty(t, n.list("/deployments"))
	require.Equal(t, http.StatusCreated, n.post(path, approvalOf("driver", driver, `{"monitoring":{"monitoringRules":[]}}`)).status)
	require.Equal(t, http.StatusCreated, n.post(path, approvalOf("feature", n.entry(version24), ``)).status)
}

func TestSettingsThatDoNotGoWithWhatWasApprovedAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy := n.updatePolicy(n.audience(), ``)
	n.approve(policy, n.AddDriver("Contoso", "Net", "1"), ``)
	body := `{"deploymentSettings":` + monitored(alertAt5) + `}`
	require.Equal(t, http.StatusBadRequest, n.patch("/updatePolicies/"+policy, body).status)
	n.patch(n.approvalAt(policy), `{"isRevoked":true}`)
	require.Equal(t, http.StatusOK, n.patch("/updatePolicies/"+policy, body).status)
}

func TestSeveralApprovalsOfOneEntryAreKept(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		driver, policy := n.AddDriver("Contoso", "Net", "1"), n.updatePolicy(n.audience(), ``)
		n.approve(policy, driver, ``)
		first := n.approvals(policy)[0]
		<-time.After(time.Minute)
		n.approve(policy, driver, ``)
		n.approve(policy, n.AddDriver("Contoso", "Net", "2"), ``)
		path := "/updatePolicies/" + policy + "/complianceChanges"
		n.patch(path+"/"+first, `{"isRevoked":true}`)

		require.Equal(t, first, n.approvals(policy)[0])
		require.Equal(t, first, ids(n.list(path + "?orderby=createdDateTime%20desc"))[2])
		entry := approvalCast + "/content/" + namespace + "catalogContent/catalogEntry/id"
		require.Len(t, n.list(path+"?$filter="+url.QueryEscape(entry+" eq '"+driver+"'")), 2)
		require.Len(t, n.list(path+"/"+approvalCast+"?$filter=isRevoked%20eq%20false&$top=1"), 1)
		require.Len(t, n.list(path+"?$filter="+url.QueryEscape("isof('"+approvalCast+"') and isRevoked eq false")), 2)
	})
}

func TestQuirksApplyToPoliciesAndApprovals(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	policy := n.updatePolicy(n.audience(), `"complianceChangeRules":[`+rule("driver", ``)+`]`)
	n.approve(policy, n.AddDriver("Contoso", "Net", "1"), gradual("rateDriven", `"devicesPerOffer":7`))
	changes := "/updatePolicies/" + policy + "/complianceChanges"
	one := n.approvalAt(policy)
	before := n.get(one).text

	n.SetQuirks(simulator.Quirks{UnknownTypes: true})
	items := n.list(changes)
	require.Equal(t, "#"+namespace+"complianceChangeV2", items[0]["@odata.type"])
	require.Len(t, items, 2)
	require.Len(t, n.list(changes+"/"+approvalCast), 1)
	rules := n.get("/updatePolicies/" + policy).body["complianceChangeRules"]
	require.Contains(t, text(rules), "driverUpdateFilterV2")
	require.Equal(t, http.StatusOK, n.patch("/updatePolicies/"+policy, `{"complianceChangeRules":`+text(rules)+`}`).status)

	n.SetQuirks(simulator.Quirks{EmptyPages: true})
	sizes, _ := n.walk(changes)
	require.Equal(t, []int{0, 1}, sizes)

	n.SetQuirks(simulator.Quirks{NullItems: true, TypesWithoutHash: true, WrapSingle: true, LegacyFormats: true})
	require.Nil(t, n.get(changes).body["value"].([]any)[0])
	wrapped := n.get(one).body
	require.Len(t, wrapped, 1)
	approval := wrapped["value"].(object)
	require.Equal(t, approvalCast, approval["@odata.type"])
	require.Equal(t, "String (timestamp)", approval["createdDateTime"])
	require.Contains(t, text(approval["deploymentSettings"]), `"devicePerOffer":7`)
	require.Nil(t, n.get("/updatePolicies/" + policy).body["value"].(object)["complianceChangeRules"].([]any)[0])
	require.Contains(t, n.patch("/updatePolicies/"+policy, `{}`).body, "value")

	n.SetQuirks(simulator.Quirks{})
	require.Equal(t, before, n.get(one).text)
}
