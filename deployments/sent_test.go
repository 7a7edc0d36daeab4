package deployments_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// everything has each field of the settings.
var everything = deployments.Settings{
	Schedule: deployments.Schedule{
		Start: start,
		Rollout: &deployments.RateDriven{
			RolloutBase:     deployments.RolloutBase{BetweenOffers: 30, Extra: stub.Extra("a", `1`)},
			DevicesPerOffer: 1000000,
		},
		Extra: stub.Extra("b", `"text"`),
	},
	Monitoring: deployments.Monitoring{
		Rules: []deployments.MonitoringRule{
			{Signal: deployments.SignalRollback, Threshold: 100, Action: deployments.ActionAlertError, Extra: stub.Extra("c", `[1,2]`)},
		},
		Extra: stub.Extra("d", `{"deep":{"er":null}}`),
	},
	UserExperience: deployments.UserExperience{
		OfferAsOptional: new(true), DaysUntilForcedReboot: new(0), Hotpatch: new(false), Extra: stub.Extra("e", `null`),
	},
	Applicability: deployments.Applicability{
		OfferWhileRecommendedBy: []string{"Microsoft", "Contoso"},
		Safeguard: deployments.Safeguard{
			DisabledProfiles: []deployments.SafeguardProfile{{Category: deployments.SafeguardLikelyIssues, Extra: stub.Extra("g", `{}`)}},
			Extra:            stub.Extra("h", `[]`),
		},
		Extra: stub.Extra("i", `-0.10`),
	},
	Expedite: deployments.Expedite{Expedited: true, ReadinessTest: true, Extra: stub.Extra("j", `""`)},
	Extra:    stub.Extra("f", `12345678901234567890`),
}

func TestOnlyWhatIsSetIsSent(t *testing.T) {
	t.Parallel()
	const content = `{"catalogEntry":{"id":"` + entryID + `"}}`
	feature := deployments.ForFeature(entryID)
	for name, c := range map[string]struct {
		spec deployments.Spec
		want string
	}{
		"nothing":       {feature, `{"content":` + content + `}`},
		"zero settings": {feature.With(deployments.Settings{}), `{"content":` + content + `}`},
		"audience":      {feature.ToAudience(audienceID), `{"content":` + content + `,"audience":{"id":"` + audienceID + `"}}`},
		"extra": {
			deployments.Spec{Kind: catalog.KindFeature, EntryID: entryID, Extra: stub.Extra("new", "7")},
			`{"content":` + content + `,"new":7}`,
		},
		"start": settings(deployments.Settings{}.StartingAt(start), `{"schedule":{"startDateTime":"2026-12-01T08:00:00Z"}}`),
		"rate":  settings(rolling(deployments.ByRate(5, 0)), `{"schedule":{"gradualRollout":{"devicesPerOffer":5}}}`),
		"date": settings(rolling(deployments.ByDate(start, 0)),
			`{"schedule":{"gradualRollout":{"endDateTime":"2026-12-01T08:00:00Z"}}}`),
		"duration": settings(rolling(deployments.ByDuration(1, 0)),
			`{"schedule":{"gradualRollout":{"durationUntilDeploymentEnd":"P1D"}}}`),
		"days, not weeks": settings(rolling(deployments.ByRate(1, 14)),
			`{"schedule":{"gradualRollout":{"devicesPerOffer":1,"durationBetweenOffers":"P14D"}}}`),
		"fallback": settings(deployments.Settings{}.FallingBackWhenIneligible(),
			`{"monitoring":{"monitoringRules":[{"signal":"ineligible","action":"offerFallback"}]}}`),
		"no rules": settings(monitored(), `{"monitoring":{"monitoringRules":[]}}`),
		"optional": settings(deployments.Settings{}.OfferedAsOptional(), `{"userExperience":{"offerAsOptional":true}}`),
		"required": settings(deployments.Settings{}.OfferedAsRequired(), `{"userExperience":{"offerAsOptional":false}}`),
		"forced at once": settings(deployments.Settings{UserExperience: deployments.UserExperience{DaysUntilForcedReboot: new(0)}},
			`{"userExperience":{"daysUntilForcedReboot":0}}`),
		"no hotpatch": settings(deployments.Settings{UserExperience: deployments.UserExperience{Hotpatch: new(false)}},
			`{"userExperience":{"isHotpatchEnabled":false}}`),
		"expedited":      settings(expedited, `{"expedite":{"isExpedited":true}}`),
		"readiness test": settings(readinessTest, `{"expedite":{"isExpedited":true,"isReadinessTest":true}}`),
		"likely issues": settings(deployments.Settings{}.DisregardingLikelyIssues(),
			`{"contentApplicability":{"safeguard":{"disabledSafeguardProfiles":[{"category":"likelyIssues"}]}}}`),
		"no safeguards": settings(disregarding([]deployments.SafeguardProfile{}...),
			`{"contentApplicability":{"safeguard":{"disabledSafeguardProfiles":[]}}}`),
		"vendor": settings(deployments.Settings{}.OfferedWhileRecommendedBy("Microsoft"),
			`{"contentApplicability":{"offerWhileRecommendedBy":["Microsoft"]}}`),
		"no vendors": settings(deployments.Settings{}.OfferedWhileRecommendedBy(),
			`{"contentApplicability":{"offerWhileRecommendedBy":[]}}`),
		"unknown expedite": settings(deployments.Settings{Expedite: deployments.Expedite{Extra: stub.Extra("a", "1")}},
			`{"expedite":{"isExpedited":false,"a":1}}`),
		"everything": settings(everything, `{
			"schedule": {
				"startDateTime": "2026-12-01T08:00:00Z",
				"gradualRollout": {"durationBetweenOffers": "P30D", "devicesPerOffer": 1000000, "a": 1},
				"b": "text"
			},
			"monitoring": {
				"monitoringRules": [{"signal": "rollback", "threshold": 100, "action": "alertError", "c": [1, 2]}],
				"d": {"deep": {"er": null}}
			},
			"userExperience": {"offerAsOptional": true, "daysUntilForcedReboot": 0, "isHotpatchEnabled": false, "e": null},
			"contentApplicability": {
				"offerWhileRecommendedBy": ["Microsoft", "Contoso"],
				"safeguard": {"disabledSafeguardProfiles": [{"category": "likelyIssues", "g": {}}], "h": []},
				"i": -0.10
			},
			"expedite": {"isExpedited": true, "isReadinessTest": true, "j": ""},
			"f": 12345678901234567890
		}`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(answer(201, `{"id":"x"}`))
			_, err := service.Client(t, stub.NoLimits).Deployments().Create(t.Context(), c.spec)
			require.NoError(t, err)
			require.Equal(t, stub.Exact(t, c.want), withoutTypes(stub.Exact(t, service.Last(t).Body)))
		})
	}
}

func TestOnlyWhatIsChangedIsSent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		update deployments.Update
		want   string
	}{
		"state":          {deployments.Update{State: deployments.RequestPaused}, `{"state":{"requestedValue":"paused"}}`},
		"null schedule":  {deployments.Update{Schedule: odata.Null[deployments.Schedule]()}, `{"settings":{"schedule":null}}`},
		"empty schedule": {deployments.Update{Schedule: odata.Set(deployments.Schedule{})}, `{"settings":{"schedule":{}}}`},
		"schedule": {
			deployments.Update{Schedule: odata.Set(deployments.Schedule{Start: start})},
			`{"settings":{"schedule":{"startDateTime":"2026-12-01T08:00:00Z"}}}`,
		},
		"null monitoring": {deployments.Update{Monitoring: odata.Null[deployments.Monitoring]()}, `{"settings":{"monitoring":null}}`},
		"nil rules": {
			deployments.Update{Monitoring: odata.Set(deployments.Monitoring{})},
			`{"settings":{"monitoring":{"monitoringRules":[]}}}`,
		},
		"no rules": {
			deployments.Update{Monitoring: odata.Set(monitored().Monitoring)},
			`{"settings":{"monitoring":{"monitoringRules":[]}}}`,
		},
		"null experience": {
			deployments.Update{UserExperience: odata.Null[deployments.UserExperience]()},
			`{"settings":{"userExperience":null}}`,
		},
		"empty experience": {
			deployments.Update{UserExperience: odata.Set(deployments.UserExperience{})},
			`{"settings":{"userExperience":{}}}`,
		},
		"extra":         {deployments.Update{Extra: stub.Extra("new", "null")}, `{"settings":{"new":null}}`},
		"null expedite": {deployments.Update{Expedite: odata.Null[deployments.Expedite]()}, `{"settings":{"expedite":null}}`},
		"not expedited": {
			deployments.Update{Expedite: odata.Set(deployments.Expedite{})},
			`{"settings":{"expedite":{"isExpedited":false}}}`,
		},
		"expedited": {
			deployments.Update{Expedite: odata.Set(deployments.Expedite{Expedited: true})},
			`{"settings":{"expedite":{"isExpedited":true}}}`,
		},
		"null fit": {
			deployments.Update{Applicability: odata.Null[deployments.Applicability]()},
			`{"settings":{"contentApplicability":null}}`,
		},
		"empty fit": {
			deployments.Update{Applicability: odata.Set(deployments.Applicability{})},
			`{"settings":{"contentApplicability":{}}}`,
		},
		"safeguards": {
			deployments.Update{Applicability: odata.Set(deployments.Settings{}.DisregardingLikelyIssues().Applicability)},
			`{"settings":{"contentApplicability":{"safeguard":{"disabledSafeguardProfiles":[{"category":"likelyIssues"}]}}}}`,
		},
		"state and setting": {
			deployments.Update{State: deployments.RequestNone, Extra: stub.Extra("a", "1")},
			`{"state":{"requestedValue":"none"},"settings":{"a":1}}`,
		},
		"all settings": {deployments.Update{
			Schedule:       odata.Set(rolling(deployments.ByRate(1, 1)).Schedule),
			Monitoring:     odata.Set(deployments.Settings{}.PausingOnRollbacks(1).Monitoring),
			UserExperience: odata.Set(deployments.Settings{}.OfferedAsOptional().UserExperience),
		}, `{"settings":{
			"schedule":{"gradualRollout":{"devicesPerOffer":1,"durationBetweenOffers":"P1D"}},
			"monitoring":{"monitoringRules":[{"signal":"rollback","threshold":1,"action":"pauseDeployment"}]},
			"userExperience":{"offerAsOptional":true}
		}}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(answer(202, ""))
			require.NoError(t, service.Client(t, stub.NoLimits).Deployments().Update(t.Context(), deploymentID, c.update))
			got := service.Last(t)
			require.Equal(t, "PATCH /deployments/"+deploymentID, got.Method+" "+got.Path)
			require.Equal(t, stub.Exact(t, c.want), withoutTypes(stub.Exact(t, got.Body)))
		})
	}
}

func TestTimesAreSentInUTC(t *testing.T) {
	t.Parallel()
	west := time.Date(2026, 12, 31, 23, 30, 15, 0, time.FixedZone("west", -7*60*60))
	service := stub.Answering(answer(201, `{"id":"x"}`))
	_, err := service.Client(t).Deployments().Create(t.Context(),
		deployments.ForFeature(entryID).With(rolling(deployments.ByDate(west, 1)).StartingAt(west)))
	require.NoError(t, err)
	require.Equal(t, stub.Exact(t, `{
		"startDateTime": "2027-01-01T06:30:15Z",
		"gradualRollout": {"durationBetweenOffers": "P1D", "endDateTime": "2027-01-01T06:30:15Z"}
	}`), member(t, withoutTypes(stub.Exact(t, service.Last(t).Body)), "settings", "schedule"))
}

// settings is a case of a new deployment: what it has and what is sent for it.
func settings(s deployments.Settings, want string) struct {
	spec deployments.Spec
	want string
} {
	return struct {
		spec deployments.Spec
		want string
	}{ofNewKind(s), `{"content":{"catalogEntry":{"id":"` + entryID + `"}},"settings":` + want + `}`}
}

// ofNewKind has settings of all kinds of updates, which only an update of a kind that
// are not known yet may have together.
func ofNewKind(s deployments.Settings) deployments.Spec {
	return deployments.Spec{Kind: "quantumUpdateCatalogEntry", EntryID: entryID}.With(s)
}

func rolling(r deployments.Rollout) deployments.Settings {
	return deployments.Settings{}.RollingOut(r)
}

func monitored(rules ...deployments.MonitoringRule) deployments.Settings {
	return deployments.Settings{Monitoring: deployments.Monitoring{Rules: append([]deployments.MonitoringRule{}, rules...)}}
}

// withoutTypes takes the type annotations out of a body.
func withoutTypes(body any) any {
	switch body := body.(type) {
	case map[string]any:
		delete(body, "@odata.type")
		for name := range body {
			body[name] = withoutTypes(body[name])
		}
	case []any:
		for i := range body {
			body[i] = withoutTypes(body[i])
		}
	}
	return body
}

// member is the member of a body behind names.
func member(t *testing.T, body any, names ...string) any {
	t.Helper()
	for _, name := range names {
		body = as[map[string]any](t, body)[name]
	}
	return body
}
