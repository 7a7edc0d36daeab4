package updatepolicies_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// alikePolicy is a policy as the service lists it when it was made from rich.
func alikePolicy(t *testing.T) map[string]any {
	t.Helper()
	const text = `{"id":"p","createdDateTime":"2026-12-01T08:00:00Z","audience":{"id":"` + audienceID + `"},
		"autoEnrollmentUpdateCategories":["driver","quality"],
		"complianceChangeRules":[
			{"@odata.type":"#` + types + `contentApprovalRule","contentFilter":{"@odata.type":"#` + types + `driverUpdateFilter"},"durationBeforeDeploymentStart":"P3D"},
			{"@odata.type":"#` + types + `contentApprovalRule","contentFilter":{"@odata.type":"#` + types + `remediationUpdateFilter","remediationType":"inPlaceUpgrade"},"durationBeforeDeploymentStart":"P1D"},
			{"@odata.type":"#` + types + `contentApprovalRule","contentFilter":{"@odata.type":"#` + types + `qualityUpdateFilter","classification":"security","cadence":"monthly"},"durationBeforeDeploymentStart":"P7D"}],
		"deploymentSettings":{"schedule":{"gradualRollout":{"@odata.type":"#` + types + `rateDrivenRolloutSettings","durationBetweenOffers":"P1D","devicesPerOffer":100}},
			"userExperience":{"isHotpatchEnabled":true,"offerAsOptional":false}}}`
	var policy map[string]any
	require.NoError(t, json.Unmarshal([]byte(text), &policy))
	return policy
}

// findAlike searches one policy for what a spec may have made.
func findAlike(t *testing.T, policy map[string]any, spec updatepolicies.Spec) error {
	t.Helper()
	text, err := json.Marshal(map[string]any{"value": []any{policy}})
	require.NoError(t, err)
	_, err = stub.Answering(stub.Answer(200, string(text))).Client(t).UpdatePolicies().FindCreated(t.Context(), spec, time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC))
	return err
}

// rule is a rule of a policy as the service lists it, and filter its filter.
func rule(policy map[string]any, i int) map[string]any {
	return policy["complianceChangeRules"].([]any)[i].(map[string]any)
}

func filter(policy map[string]any, i int) map[string]any {
	return rule(policy, i)["contentFilter"].(map[string]any)
}

func TestAPolicyThatIsSomethingElseIsNotFound(t *testing.T) {
	t.Parallel()
	settings := func(p map[string]any) map[string]any { return p["deploymentSettings"].(map[string]any) }
	for name, change := range map[string]func(p map[string]any){
		"another audience":       func(p map[string]any) { p["audience"] = map[string]any{"id": "other"} },
		"no categories":          func(p map[string]any) { p["autoEnrollmentUpdateCategories"] = []any{} },
		"another category":       func(p map[string]any) { p["autoEnrollmentUpdateCategories"] = []any{"driver", "feature"} },
		"one more category":      func(p map[string]any) { p["autoEnrollmentUpdateCategories"] = []any{"driver", "quality", "feature"} },
		"no rules":               func(p map[string]any) { p["complianceChangeRules"] = []any{} },
		"one rule less":          func(p map[string]any) { p["complianceChangeRules"] = p["complianceChangeRules"].([]any)[1:] },
		"more days":              func(p map[string]any) { rule(p, 0)["durationBeforeDeploymentStart"] = "P4D" },
		"no days":                func(p map[string]any) { delete(rule(p, 0), "durationBeforeDeploymentStart") },
		"not security":           func(p map[string]any) { filter(p, 2)["classification"] = "nonSecurity" },
		"not monthly":            func(p map[string]any) { filter(p, 2)["cadence"] = "outOfBand" },
		"another remediation":    func(p map[string]any) { filter(p, 1)["remediationType"] = "lunar" },
		"another kind of filter": func(p map[string]any) { filter(p, 1)["@odata.type"] = "#" + types + "driverUpdateFilter" },
		"no settings":            func(p map[string]any) { delete(p, "deploymentSettings") },
		"no rollout":             func(p map[string]any) { delete(settings(p), "schedule") },
		"no hotpatches": func(p map[string]any) {
			settings(p)["userExperience"] = map[string]any{"isHotpatchEnabled": false}
		},
		"a start": func(p map[string]any) {
			settings(p)["schedule"].(map[string]any)["startDateTime"] = "2026-12-09T08:00:00Z"
		},
		"monitoring": func(p map[string]any) {
			settings(p)["monitoring"] = map[string]any{"monitoringRules": []any{map[string]any{"signal": "rollback", "threshold": 5, "action": "alertError"}}}
		},
		"vendors": func(p map[string]any) {
			settings(p)["contentApplicability"] = map[string]any{"offerWhileRecommendedBy": []any{"Microsoft"}}
		},
		"safeguards": func(p map[string]any) {
			settings(p)["contentApplicability"] = map[string]any{"safeguard": map[string]any{"disabledSafeguardProfiles": []any{map[string]any{"category": "likelyIssues"}}}}
		},
		"expedited": func(p map[string]any) { settings(p)["expedite"] = map[string]any{"isExpedited": true} },
		"older":     func(p map[string]any) { p["createdDateTime"] = "2026-12-01T07:59:59Z" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policy := alikePolicy(t)
			require.NoError(t, findAlike(t, policy, rich(audienceID)))
			change(policy)
			require.ErrorIs(t, findAlike(t, policy, rich(audienceID)), apierr.ErrNotFound)
		})
	}
}

func TestWhatCannotBeComparedIsNotCompared(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(p map[string]any){
		"no audience":       func(p map[string]any) { delete(p, "audience") },
		"an id in capitals": func(p map[string]any) { p["audience"] = map[string]any{"id": "00000000-0000-4000-8000-0000000000A1"} },
		"no word of rules":  func(p map[string]any) { delete(p, "complianceChangeRules") },
		"no word of categories": func(p map[string]any) {
			delete(p, "autoEnrollmentUpdateCategories")
		},
		"members that are new": func(p map[string]any) { p["new"], rule(p, 0)["new"], filter(p, 0)["new"] = 1, 1, 1 },
		"a rule of a new kind": func(p map[string]any) { rule(p, 0)["@odata.type"] = "#" + types + "lunarRule" },
		"a filter of a new kind": func(p map[string]any) {
			filter(p, 0)["@odata.type"] = "#" + types + "lunarFilter"
		},
		"no filter": func(p map[string]any) { delete(rule(p, 0), "contentFilter") },
		"a rollout of a new kind": func(p map[string]any) {
			schedule := p["deploymentSettings"].(map[string]any)["schedule"].(map[string]any)
			schedule["gradualRollout"] = map[string]any{"@odata.type": "#" + types + "lunarRolloutSettings"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			policy := alikePolicy(t)
			change(policy)
			require.NoError(t, findAlike(t, policy, rich(audienceID)))
		})
	}
}

func TestWhatASpecLeavesToTheServiceIsNotCompared(t *testing.T) {
	t.Parallel()
	added := stub.Extra("later", `1`)
	spec := updatepolicies.ForAudience(audienceID).EnrollingIn(audience.CategoryDriver, audience.CategoryQuality).
		Approving(updatepolicies.DriversStartingAfter(0), updatepolicies.QualityStartingAfter(0, "", ""), updatepolicies.RemediationsStartingAfter(0, updatepolicies.RemediationInPlaceUpgrade)).
		With(deployments.Settings{}.RollingOut(deployments.ByRate(100, 0)))
	require.NoError(t, findAlike(t, alikePolicy(t), spec))

	spec.Extra, spec.Settings.Extra, spec.Settings.Schedule.Extra = added, added, added
	spec.Settings.UserExperience.Extra = added
	spec.Rules[0].Common().Extra = added
	require.NoError(t, findAlike(t, alikePolicy(t), spec))

	spec.Rules[1] = &updatepolicies.ApprovalRule{Filter: &updatepolicies.UnknownFilter{Kind: "lunarFilter"}}
	spec.Rules[2] = &updatepolicies.UnknownRule{Kind: "lunarRule"}
	require.NoError(t, findAlike(t, alikePolicy(t), spec))
}

func TestApprovalsAreDistinguished(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 12, 9, 8, 0, 0, 0, time.UTC)
	spec := updatepolicies.ForDriver("Driver").With(deployments.Settings{}.StartingAt(start).OfferedWhileRecommendedBy("Microsoft"))
	spec.Extra, spec.Settings.Applicability.Extra = stub.Extra("later", `1`), stub.Extra("later", `1`)
	const (
		content  = `"content":{"@odata.type":"#` + types + `catalogContent","catalogEntry":{"@odata.type":"#` + types + `driverUpdateCatalogEntry","id":"driver"}}`
		other    = `"content":{"@odata.type":"#` + types + `catalogContent","catalogEntry":{"@odata.type":"#` + types + `driverUpdateCatalogEntry","id":"other"}}`
		settings = `"deploymentSettings":{"schedule":{"startDateTime":"2026-12-09T08:00:00Z"},"contentApplicability":{"offerWhileRecommendedBy":["microsoft"]}}`
	)
	for name, c := range map[string]struct {
		members string
		alike   bool
	}{
		"the same":            {content + `,` + settings, true},
		"revoked since":       {content + `,"isRevoked":true,` + settings, true},
		"another update":      {other + `,` + settings, false},
		"no settings":         {content, false},
		"another start":       {content + `,"deploymentSettings":{"schedule":{"startDateTime":"2026-12-10T08:00:00Z"},"contentApplicability":{"offerWhileRecommendedBy":["microsoft"]}}`, false},
		"of no known vendors": {content + `,"deploymentSettings":{"schedule":{"startDateTime":"2026-12-09T08:00:00Z"}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, `{"value":[{"@odata.type":"#`+types+`contentApproval","id":"c","createdDateTime":"2026-12-01T08:00:00Z",`+c.members+`}]}`))
			found, err := service.Client(t).UpdatePolicies().FindCreatedApproval(t.Context(), policyID, spec, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
			if !c.alike {
				require.ErrorIs(t, err, apierr.ErrNotFound)
				return
			}
			require.NoError(t, err)
			require.Equal(t, "c", found.ID)
		})
	}
}

// An approval that does not say of which update it is may be that of another one.
func TestAnApprovalOfAnUnnamedUpdateIsACandidateOnly(t *testing.T) {
	t.Parallel()
	const content = `"content":{"@odata.type":"#` + types + `catalogContent","catalogEntry":{"@odata.type":"#` + types
	for name, c := range map[string]struct {
		members string
		want    error
	}{
		"no content":   {`"new":1`, apierr.ErrAmbiguous},
		"an empty id":  {content + `driverUpdateCatalogEntry","id":""}}`, apierr.ErrAmbiguous},
		"another kind": {content + `qualityUpdateCatalogEntry","id":""}}`, apierr.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, `{"value":[{"@odata.type":"#`+types+`contentApproval","id":"c",`+
				`"createdDateTime":"2026-12-01T08:00:00Z",`+c.members+`}]}`))
			_, err := service.Client(t).UpdatePolicies().FindCreatedApproval(
				t.Context(), policyID, updatepolicies.ForDriver("e"), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
			require.ErrorIs(t, err, c.want)
			if errors.Is(err, apierr.ErrAmbiguous) {
				requireCandidates(t, err, "c")
			}
		})
	}
}

// An approval that does not name its update has the one with the same date, classification,
// and cadence.
func TestAnApprovalOfAnUnnamedUpdateIsKnownByWhatIsSaidOfIt(t *testing.T) {
	t.Parallel()
	const (
		head = `"content":{"@odata.type":"#` + types + `catalogContent","catalogEntry":{"@odata.type":"#` + types + `qualityUpdateCatalogEntry","id":"",`
		july = `"releaseDateTime":"2026-07-14T00:00:00Z","qualityUpdateClassification":"security","qualityUpdateCadence":"monthly"}`
		june = `"releaseDateTime":"2026-06-09T00:00:00Z","qualityUpdateClassification":"security","qualityUpdateCadence":"monthly"}`
	)
	for content, want := range map[string]error{head + july: nil, head + june: apierr.ErrNotFound} {
		service := stub.Answering(
			stub.Answer(200, `{"value":[{"@odata.type":"#`+types+`contentApproval","id":"c","createdDateTime":"2026-12-01T08:00:00Z",`+content+`}}]}`),
			stub.Answer(200, `{"@odata.type":"#`+types+`qualityUpdateCatalogEntry","id":"e",`+july))
		found, err := service.Client(t).UpdatePolicies().FindCreatedApproval(
			t.Context(), policyID, updatepolicies.ForQuality("e"), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
		require.ErrorIs(t, err, want)
		require.Equal(t, want == nil, found != nil)
		require.Equal(t, "GET /catalog/entries/e", service.Last(t).Route())
	}
}

func TestPropertiesWithinSettingsThatCannotBeComparedAreNot(t *testing.T) {
	t.Parallel()
	spec := updatepolicies.ForFeature("e").With(deployments.Settings{}.AlertingOnRollbacks(5).DisregardingLikelyIssues().OfferedAsOptional())
	spec.Settings.Monitoring.Extra, spec.Settings.Monitoring.Rules[0].Extra = stub.Extra("later", `1`), stub.Extra("later", `1`)
	spec.Settings.Applicability.Safeguard.Extra = stub.Extra("later", `1`)
	spec.Settings.Applicability.Safeguard.DisabledProfiles[0].Extra = stub.Extra("later", `1`)
	spec.Settings.Expedite.Extra = stub.Extra("later", `1`)
	service := stub.Answering(stub.Answer(200, `{"value":[{"@odata.type":"#`+types+`contentApproval","id":"c","createdDateTime":"2026-12-01T08:00:00Z",
		"content":{"catalogEntry":{"id":"e"}},"deploymentSettings":{
		"monitoring":{"new":1,"monitoringRules":[{"new":1,"signal":"rollback","threshold":5,"action":"alertError"}]},
		"contentApplicability":{"new":1,"safeguard":{"new":1,"disabledSafeguardProfiles":[{"new":1,"category":"likelyIssues"}]}},
		"userExperience":{"new":1,"offerAsOptional":true}}}]}`))
	found, err := service.Client(t).UpdatePolicies().FindCreatedApproval(t.Context(), policyID, spec, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	require.Equal(t, "c", found.ID)
}

func TestAPolicyThatWasFoundHasItsAudience(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[{"id":"p","createdDateTime":"2026-12-01T08:00:00Z","complianceChangeRules":[]}]}`))
	found, err := service.Client(t).UpdatePolicies().FindCreated(t.Context(), updatepolicies.ForAudience(audienceID), time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	require.NoError(t, err)
	require.Equal(t, audienceID, found.Audience.ID)
	require.Equal(t, "$expand=audience", service.Last(t).URL.RawQuery)
}
