package simulator_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestACreatedDeploymentHasTheShapeOfARealOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		entryID := n.entry(version24)
		r := n.post("/deployments", deploymentOf("feature", entryID, `{"userExperience":{"offerAsOptional":true}}`))
		require.Equal(t, http.StatusCreated, r.status)
		id := r.body["id"].(string)
		audience := r.body["audience"].(object)["id"].(string)
		want := `{
			"@odata.context": "https://graph.example/beta/$metadata#admin/windows/updates/deployments/$entity",
			"id": "` + id + `",
			"createdDateTime": "2000-01-01T00:00:00Z",
			"lastModifiedDateTime": "2000-01-01T00:00:00Z",
			"state": {"effectiveValue": "offering", "requestedValue": "none", "reasons": []},
			"content": {
				"@odata.type": "#microsoft.graph.windowsUpdates.catalogContent",
				"catalogEntry@odata.context": "https://graph.example/beta/$metadata#admin/windows/updates/deployments('` + id +
			`')/content/microsoft.graph.windowsUpdates.catalogContent/catalogEntry/$entity",
				"catalogEntry": {
					"@odata.type": "#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry",
					"id": "` + entryID + `",
					"displayName": "Windows 11, version 24H2",
					"version": "Windows 11, version 24H2",
					"deployableUntilDateTime": "2033-10-11T00:00:00Z",
					"releaseDateTime": "0001-01-01T00:00:00Z"
				}
			},
			"settings": {
				"schedule": null, "monitoring": null, "contentApplicability": null, "expedite": null,
				"userExperience": {"daysUntilForcedReboot": null, "isHotpatchEnabled": null, "offerAsOptional": true}
			},
			"audience@odata.context": "https://graph.example/beta/$metadata#admin/windows/updates/deployments('` + id +
			`')/audience/$entity",
			"audience": {"id": "` + audience + `", "applicableContent": []}
		}`
		require.JSONEq(t, want, r.text)
		require.JSONEq(t, want, n.get("/deployments/"+id).text)
		require.Equal(t, http.StatusOK, n.get("/deploymentAudiences/"+audience).status)
	})
}

func TestAQualityUpdateInADeploymentIsAStub(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.post("/deployments", deploymentOf("quality", n.quality("2025.11 B"), `{"expedite":{"isExpedited":true}}`))
	entry := r.body["content"].(object)["catalogEntry"].(object)
	require.Equal(t, false, entry["isExpeditable"])
	for _, name := range []string{"displayName", "deployableUntilDateTime", "catalogName", "shortName", "cveSeverityInformation"} {
		require.Contains(t, entry, name)
		require.Nil(t, entry[name], name)
	}
	require.Equal(t, object{"isExpedited": true, "isReadinessTest": false}, r.body["settings"].(object)["expedite"])
}

func TestAReadinessTestIsKeptAndNamedInItsContexts(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	entry := n.quality("2025.11 B")
	r := n.post("/deployments", deploymentOf("quality", entry,
		`{"expedite":{"isExpedited":true,"isReadinessTest":true},"userExperience":{"daysUntilForcedReboot":2}}`))
	require.Equal(t, http.StatusCreated, r.status, r.text)
	id := r.body["id"].(string)
	require.Contains(t, r.body["audience@odata.context"], "deployments('"+id+"_Readiness')/audience/$entity")
	require.Contains(t, r.body["content"].(object)["catalogEntry@odata.context"], "deployments('"+id+"_Readiness')/content/")
	require.JSONEq(t, r.text, n.get("/deployments/"+id).text)
	settings := r.body["settings"].(object)
	require.Equal(t, object{"isExpedited": true, "isReadinessTest": true}, settings["expedite"])
	require.Equal(t, object{"daysUntilForcedReboot": 2.0, "isHotpatchEnabled": nil, "offerAsOptional": nil}, settings["userExperience"])

	plain := n.patch("/deployments/"+id, `{"settings":{"expedite":{"isExpedited":true}}}`)
	require.Equal(t, object{"isExpedited": true, "isReadinessTest": false}, plain.body["settings"].(object)["expedite"])
	require.NotContains(t, plain.text, "_Readiness")
}

func TestSettingsAreEchoedAsTheServiceDoes(t *testing.T) {
	t.Parallel()
	rollout := func(kind, members string) string {
		return `{"startDateTime":null,"gradualRollout":{"@odata.type":"#` + namespace + kind + `RolloutSettings",` + members + `}}`
	}
	allAtOnce := rollout("rateDriven", `"durationBetweenOffers":"P1D","devicesPerOffer":0`)
	for name, c := range map[string]struct{ sent, part, echoed string }{
		"rate": {
			gradual("rateDriven", `"durationBetweenOffers":"P7D","devicesPerOffer":100`), "schedule",
			rollout("rateDriven", `"durationBetweenOffers":"P7D","devicesPerOffer":100`),
		},
		"rate as a string": {
			gradual("rateDriven", `"devicesPerOffer":"100"`), "schedule",
			rollout("rateDriven", `"durationBetweenOffers":"P1D","devicesPerOffer":100`),
		},
		"misspelled rate":    {gradual("rateDriven", `"durationBetweenOffers":"P1D","devicePerOffer":100`), "schedule", allAtOnce},
		"rate in other case": {gradual("rateDriven", `"durationBetweenOffers":"P1D","DevicesPerOffer":100`), "schedule", allAtOnce},
		"date": {
			gradual("dateDriven", `"endDateTime":"2030-01-01T02:00:00.5+02:00"`), "schedule",
			rollout("dateDriven", `"durationBetweenOffers":"P1D","endDateTime":"2030-01-01T00:00:00.5Z"`),
		},
		"duration": {
			gradual("durationDriven", `"durationUntilDeploymentEnd":"P14D"`), "schedule",
			rollout("durationDriven", `"durationBetweenOffers":"P1D","durationUntilDeploymentEnd":"P14D"`),
		},
		"rollout without a kind": {`{"schedule":{"gradualRollout":{"durationBetweenOffers":"P1D"}}}`, "schedule", allAtOnce},
		"rollout of null":        {`{"schedule":{"gradualRollout":null}}`, "schedule", allAtOnce},
		"no rollout": {
			`{"schedule":{"startDateTime":"2030-01-01T00:00:00Z"}}`, "schedule",
			`{"startDateTime":"2030-01-01T00:00:00Z",` + allAtOnce[len(`{"startDateTime":null,`):],
		},
		"schedule of null": {`{"schedule":null}`, "schedule", `null`},
		"rules":            {monitored(pauseAt5 + "," + fallback), "monitoring", monitoringEcho},
		"no rules":         {monitored(``), "monitoring", `{"monitoringRules":[]}`},
		"safeguards": {
			`{"contentApplicability":{"safeguard":{"disabledSafeguardProfiles":[{"category":"likelyIssues"}]}}}`, "contentApplicability",
			`{"offerWhileRecommendedBy":[],"safeguard":{"disabledSafeguardProfiles":[{"category":"likelyIssues"}]}}`,
		},
		"an empty safeguard": {
			`{"contentApplicability":{"safeguard":{}}}`, "contentApplicability",
			`{"offerWhileRecommendedBy":[],"safeguard":{"disabledSafeguardProfiles":[]}}`,
		},
		"vendors": {
			`{"contentApplicability":{"offerWhileRecommendedBy":["Microsoft"]}}`, "contentApplicability",
			`{"offerWhileRecommendedBy":["Microsoft"],"safeguard":null}`,
		},
		"experience": {
			`{"userExperience":{"daysUntilForcedReboot":2,"isHotpatchEnabled":false,"color":"blue"}}`, "userExperience",
			`{"daysUntilForcedReboot":2,"isHotpatchEnabled":false,"offerAsOptional":null}`,
		},
		"a part that is not known": {`{"color":"blue"}`, "color", `null`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newTenant(t, nil)
			r := n.post("/deployments", deploymentOf("feature", n.entry(version24), c.sent))
			require.Equal(t, http.StatusCreated, r.status, r.text)
			echoed, err := json.Marshal(r.body["settings"].(object)[c.part])
			require.NoError(t, err)
			require.JSONEq(t, c.echoed, string(echoed))
		})
	}
}

const monitoringEcho = `{"monitoringRules":[
	{"@odata.type":"#microsoft.graph.windowsUpdates.monitoringRule","signal":"rollback","action":"pauseDeployment","threshold":5},
	{"@odata.type":"#microsoft.graph.windowsUpdates.monitoringRule","signal":"ineligible","action":"offerFallback","threshold":null}]}`

func TestSettingsThatTheServiceRejects(t *testing.T) {
	t.Parallel()
	for name, settings := range map[string]string{
		"weeks":                          gradual("rateDriven", `"durationBetweenOffers":"P1W"`),
		"hours":                          gradual("rateDriven", `"durationBetweenOffers":"PT24H"`),
		"no days":                        gradual("rateDriven", `"durationBetweenOffers":"P0D"`),
		"too many days":                  gradual("rateDriven", `"durationBetweenOffers":"P31D"`),
		"signed days":                    gradual("rateDriven", `"durationBetweenOffers":"P+1D"`),
		"no unit":                        gradual("rateDriven", `"durationBetweenOffers":"P1"`),
		"a number for a duration":        gradual("rateDriven", `"durationBetweenOffers":1`),
		"no devices":                     gradual("rateDriven", `"devicesPerOffer":0`),
		"fewer than no devices":          gradual("rateDriven", `"devicesPerOffer":-1`),
		"half a device":                  gradual("rateDriven", `"devicesPerOffer":0.5`),
		"more devices than 32 bits":      gradual("rateDriven", `"devicesPerOffer":3000000000`),
		"no end date":                    gradual("dateDriven", `"durationBetweenOffers":"P1D"`),
		"an end date that is none":       gradual("dateDriven", `"endDateTime":"tomorrow"`),
		"no length":                      gradual("durationDriven", `"durationBetweenOffers":"P1D"`),
		"a kind that is not known":       gradual("moonDriven", `"durationBetweenOffers":"P1D"`),
		"a start that is none":           `{"schedule":{"startDateTime":"2030-01-01"}}`,
		"a schedule that is no object":   `{"schedule":"now"}`,
		"settings that are no object":    `"all"`,
		"no threshold":                   monitored(`{"signal":"rollback","action":"pauseDeployment"}`),
		"threshold of nothing":           monitored(`{"signal":"rollback","threshold":0,"action":"pauseDeployment"}`),
		"threshold above everything":     monitored(`{"signal":"rollback","threshold":101,"action":"alertError"}`),
		"threshold of ineligible":        monitored(`{"signal":"ineligible","threshold":5,"action":"offerFallback"}`),
		"fallback on rollbacks":          monitored(`{"signal":"rollback","threshold":5,"action":"offerFallback"}`),
		"pause on ineligible":            monitored(`{"signal":"ineligible","action":"pauseDeployment"}`),
		"no signal":                      monitored(`{"threshold":5,"action":"pauseDeployment"}`),
		"no action":                      monitored(`{"threshold":5,"signal":"rollback"}`),
		"an action that is not known":    monitored(`{"signal":"rollback","threshold":5,"action":"explode"}`),
		"rules that are no objects":      `{"monitoring":{"monitoringRules":[1]}}`,
		"rules that are no list":         `{"monitoring":{"monitoringRules":{}}}`,
		"expedited feature update":       `{"expedite":{"isExpedited":true}}`,
		"readiness test not expedited":   `{"expedite":{"isExpedited":false,"isReadinessTest":true}}`,
		"readiness test alone":           `{"expedite":{"isReadinessTest":true}}`,
		"a safeguard that is not known":  `{"contentApplicability":{"safeguard":{"disabledSafeguardProfiles":[{"category":"all"}]}}}`,
		"vendors that are no texts":      `{"contentApplicability":{"offerWhileRecommendedBy":[1]}}`,
		"a flag that is a text":          `{"userExperience":{"offerAsOptional":"true"}}`,
		"a number that is no number":     `{"userExperience":{"daysUntilForcedReboot":"two"}}`,
		"a number that is not a number ": `{"userExperience":{"daysUntilForcedReboot":{}}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newTenant(t, nil)
			r := n.post("/deployments", deploymentOf("feature", n.entry(version24), settings))
			require.Equal(t, http.StatusBadRequest, r.status, r.text)
			require.Equal(t, "BadRequest", r.code())
			require.Empty(t, n.list("/deployments"))
			require.Empty(t, n.list("/deploymentAudiences"))

			id := n.deploy(`{}`)
			require.Equal(t, http.StatusBadRequest, n.patch("/deployments/"+id, `{"settings":`+settings+`}`).status)
		})
	}
}

func TestSettingsThatDoNotGoWithTheContentAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	windows10 := n.entry("Windows 10, version 22H2")
	expeditable, plain := n.quality("2025.11 B"), n.quality("2025.10 D")
	for name, body := range map[string]string{
		"fallback to itself":          deploymentOf("feature", windows10, monitored(fallback)),
		"monitored quality update":    deploymentOf("quality", expeditable, monitored(pauseAt5)),
		"expedite what cannot hasten": deploymentOf("quality", plain, `{"expedite":{"isExpedited":true}}`),
	} {
		require.Equal(t, http.StatusBadRequest, n.post("/deployments", body).status, name)
	}
	for name, body := range map[string]string{
		"monitored Windows 10":        deploymentOf("feature", windows10, monitored(pauseAt5)),
		"quality update with no rule": deploymentOf("quality", expeditable, monitored(``)),
		"not expedited":               deploymentOf("quality", plain, `{"expedite":{"isExpedited":false}}`),
	} {
		require.Equal(t, http.StatusCreated, n.post("/deployments", body).status, name)
	}
}

func TestContentThatCannotBeDeployedIsRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	content := func(text string) string { return `{"content":` + text + `}` }
	for name, c := range map[string]struct {
		body   string
		status int
	}{
		"nothing":           {``, http.StatusBadRequest},
		"null":              {`null`, http.StatusBadRequest},
		"no content":        {`{}`, http.StatusBadRequest},
		"content of null":   {content(`null`), http.StatusBadRequest},
		"content as a text": {content(`"x"`), http.StatusBadRequest},
		"content untyped": {
			content(`{"catalogEntry":{"@odata.type":"#` + namespace + `featureUpdateCatalogEntry","id":"` + n.entry(version24) + `"}}`),
			http.StatusBadRequest,
		},
		"no entry": {content(`{"@odata.type":"#` + namespace + `catalogContent"}`), http.StatusBadRequest},
		"no id": {
			content(`{"@odata.type":"#` + namespace + `catalogContent","catalogEntry":{"@odata.type":"#` + namespace +
				`featureUpdateCatalogEntry"}}`), http.StatusBadRequest,
		},
		"entry untyped": {
			content(`{"@odata.type":"#` + namespace + `catalogContent","catalogEntry":{"id":"` + n.entry(version24) + `"}}`),
			http.StatusBadRequest,
		},
		"no entry and untyped": {
			content(`{"@odata.type":"#` + namespace + `catalogContent","catalogEntry":{"id":"nothing"}}`), http.StatusBadRequest,
		},
		"another type": {deploymentOf("quality", n.entry(version24), `{}`), http.StatusBadRequest},
		"expired":      {deploymentOf("feature", n.entry("Windows 11, version 21H2"), `{}`), http.StatusBadRequest},
		"not there":    {deploymentOf("feature", "nothing", `{}`), http.StatusNotFound},
	} {
		r := n.post("/deployments", c.body)
		require.Equal(t, c.status, r.status, name)
	}
}

func TestTypesMayBeSentWithoutTheirSign(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	body := `{"content":{"@odata.type":"` + namespace + `catalogContent","catalogEntry":{"@odata.type":"` +
		namespace + `featureUpdateCatalogEntry","id":"` + n.entry(version24) + `"}}}`
	require.Equal(t, http.StatusCreated, n.post("/deployments", body).status)
}

func TestADeploymentUsesTheAudienceThatItNames(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	audience := n.post("/deploymentAudiences", ``).body["id"].(string)
	body := deploymentOf("feature", n.entry(version24), `{},"audience":{"id":"`+audience+`"}`)
	r := n.post("/deployments", body)
	require.Equal(t, audience, r.body["audience"].(object)["id"])
	n.mustAccept(n.delete("/deployments/" + r.body["id"].(string)))
	require.Equal(t, http.StatusOK, n.get("/deploymentAudiences/"+audience).status)

	for _, wrong := range []string{`{"id":"nothing"}`, `{}`, `"x"`, `{"id":5}`} {
		body := deploymentOf("feature", n.entry(version24), `{},"audience":`+wrong)
		require.Equal(t, http.StatusBadRequest, n.post("/deployments", body).status, wrong)
	}
}

func TestAPatchReplacesThePartsThatItNames(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		id := n.deploy(`{"schedule":{"startDateTime":"2001-01-01T00:00:00Z"},"userExperience":{"offerAsOptional":true,` +
			`"daysUntilForcedReboot":1}}`)
		<-time.After(time.Hour)
		r := n.patch("/deployments/"+id, `{"settings":{"userExperience":{"daysUntilForcedReboot":3}}}`)
		require.Equal(t, http.StatusAccepted, r.status)
		require.JSONEq(t, n.get("/deployments/"+id).text, r.text)
		settings := r.body["settings"].(object)
		require.Equal(t, "2001-01-01T00:00:00Z", settings["schedule"].(object)["startDateTime"])
		require.Equal(t, object{"daysUntilForcedReboot": 3.0, "offerAsOptional": nil, "isHotpatchEnabled": nil}, settings["userExperience"])
		require.Equal(t, "2000-01-01T01:00:00Z", r.body["lastModifiedDateTime"])
		require.Equal(t, "2000-01-01T00:00:00Z", r.body["createdDateTime"])

		settings = n.patch("/deployments/"+id, `{"settings":{"schedule":null}}`).body["settings"].(object)
		require.Nil(t, settings["schedule"])
		require.NotNil(t, settings["userExperience"])
	})
}

func TestPropertiesThatAPatchCannotChange(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(`{}`)
	for _, body := range []string{
		`{"content":null}`, `{"audience":{"id":"x"}}`, `{"state":{"requestedValue":"offering"}}`,
		`{"state":{"requestedValue":1}}`, `{"state":"paused"}`, `[]`, `{"settings":[]}`,
	} {
		require.Equal(t, http.StatusBadRequest, n.patch("/deployments/"+id, body).status, body)
	}
	n.mustAccept(n.patch("/deployments/"+id,
		`{"id":"other","createdDateTime":"1999-01-01T00:00:00Z","state":{"effectiveValue":"archived"},"color":"blue"}`))
	require.Equal(t, "offering", n.state(id))
	require.Equal(t, http.StatusNotFound, n.patch("/deployments/nothing", `{}`).status)
}

func TestADeletedDeploymentDeletesItsOwnAudience(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.deploy(`{}`)
	r := n.delete("/deployments/" + id)
	require.Equal(t, http.StatusAccepted, r.status)
	require.Empty(t, r.text)
	require.Equal(t, http.StatusNotFound, n.get("/deployments/"+id).status)
	require.Empty(t, n.list("/deploymentAudiences"))
	require.Equal(t, http.StatusNotFound, n.delete("/deployments/"+id).status)
}

func TestAnAudienceThatAnotherDeploymentUsesIsKept(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	first := n.deploy(`{}`)
	audience := n.get("/deployments/" + first).body["audience"].(object)["id"].(string)
	second := n.post("/deployments", deploymentOf("feature", n.entry(version24), `{},"audience":{"id":"`+audience+`"}`))
	require.Equal(t, http.StatusCreated, second.status)
	n.mustAccept(n.delete("/deployments/" + first))
	require.Equal(t, http.StatusOK, n.get("/deploymentAudiences/"+audience).status)
}

func TestADeletionTakesEffectAfterTheLag(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, &simulator.Options{Lag: time.Minute})
		id := n.deploy(`{}`)
		n.mustAccept(n.delete("/deployments/" + id))
		require.Equal(t, http.StatusOK, n.get("/deployments/"+id).status)
		<-time.After(time.Minute)
		require.Equal(t, http.StatusNotFound, n.get("/deployments/"+id).status)
	})
}
