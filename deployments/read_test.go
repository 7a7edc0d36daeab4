package deployments_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// get reads a deployment that the service answers with.
func get(t *testing.T, body string) *deployments.Deployment {
	t.Helper()
	d, err := stub.Answering(answer(200, body)).Client(t).Deployments().Get(t.Context(), deploymentID)
	require.NoError(t, err)
	require.NotNil(t, d)
	return d
}

// rollout reads a rollout that the service answers with.
func rollout(t *testing.T, body string) deployments.Rollout {
	t.Helper()
	return get(t, `{"settings":{"schedule":{"gradualRollout":`+body+`}}}`).Settings.Schedule.Rollout
}

func TestARealAnswerOfACreateIsReadWhole(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(201, stub.Testdata(t, "created.response.json")))
	d, err := service.Client(t).Deployments().Create(t.Context(), deployments.ForFeature(entryID))
	require.NoError(t, err)
	entry := &catalog.FeatureUpdate{
		Base: catalog.Base{
			ID: entryID, Kind: catalog.KindFeature, DisplayName: "Windows 11, version 24H2",
			DeployableUntil: time.Date(2027, 10, 12, 0, 0, 0, 0, time.UTC),
			Extra:           stub.Extra("servicingChannel", `"general"`),
		},
		Version: "Windows 11, version 24H2",
	}
	require.Equal(t, &deployments.Deployment{
		ID:       deploymentID,
		State:    deployments.State{Effective: deployments.StateOffering, Requested: deployments.RequestNone, Reasons: d.State.Reasons},
		Content:  deployments.Content{EntryID: entryID, Kind: catalog.KindFeature, Entry: entry},
		Audience: audience.Audience{ID: audienceID, ApplicableContent: []audience.ApplicableContent{}},
		Settings: deployments.Settings{
			Schedule: deployments.Schedule{Rollout: deployments.ByRate(100, 7)},
			Monitoring: deployments.Monitoring{Rules: []deployments.MonitoringRule{
				deployments.PauseOnRollbacks(5),
			}},
			UserExperience: deployments.UserExperience{OfferAsOptional: new(false)},
		},
		Created:  time.Date(2026, 11, 22, 7, 58, 1, 972145900, time.UTC),
		Modified: time.Date(2026, 11, 22, 7, 58, 1, 972145900, time.UTC),
		Extra:    stub.Extra("ticket", `"T-1"`),
	}, d)
	require.Empty(t, d.State.Reasons)
}

func TestTheResponseOfThePageIsRead(t *testing.T) {
	t.Parallel()
	body := strings.ReplaceAll(stub.Testdata(t, "create-deployment.response.json"), "String (timestamp)", "2026-11-22T08:00:00Z")
	d := get(t, body)
	require.Equal(t, deployments.StateOffering, d.State.Effective, "state.value is the older name")
	require.Equal(t, stub.Extra("effectiveSinceDate", `"2026-11-22T08:00:00Z"`), d.State.Extra)
	require.Equal(t, deployments.Content{}, d.Content)
	require.Equal(t, deployments.ByRate(100, 7), d.Settings.Schedule.Rollout, "devicePerOffer is the page's name")
	require.Equal(t, []deployments.MonitoringRule{deployments.PauseOnRollbacks(5)}, d.Settings.Monitoring.Rules)
}

func TestTheNewerNameWins(t *testing.T) {
	t.Parallel()
	d := get(t, `{"state":{"effectiveValue":"paused","value":"offering"},
		"settings":{"schedule":{"gradualRollout":{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings","devicesPerOffer":5,"devicePerOffer":9}}}}`)
	require.Equal(t, deployments.StatePaused, d.State.Effective)
	require.Equal(t, stub.Extra("value", `"offering"`), d.State.Extra)
	rate := as[*deployments.RateDriven](t, d.Settings.Schedule.Rollout)
	require.Equal(t, 5, rate.DevicesPerOffer)
	require.Equal(t, stub.Extra("devicePerOffer", "9"), rate.Extra)
}

func TestWhatIsAbsentOrNullIsZero(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{}`,
		`{"state":null,"content":null,"settings":null,"audience":null,"createdDateTime":null,"lastModifiedDateTime":null}`,
		`{"settings":{"schedule":null,"monitoring":null,"contentApplicability":null,"userExperience":null,"expedite":null}}`,
		`{"settings":{"schedule":{"startDateTime":null,"gradualRollout":null},` +
			`"userExperience":{"offerAsOptional":null,"isHotpatchEnabled":null,"daysUntilForcedReboot":null}}}`,
		`{"createdDateTime":"0001-01-01T00:00:00Z","settings":{"schedule":{"startDateTime":"0001-01-01T00:00:00Z"}}}`,
		`{"@odata.context":"x","@odata.etag":"y","audience@odata.context":"z"}`,
	} {
		require.Equal(t, &deployments.Deployment{ID: deploymentID}, get(t, body), body)
	}
}

func TestZeroDevicesPerOfferIsAllAtOnce(t *testing.T) {
	t.Parallel()
	require.Nil(t, rollout(t,
		`{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings","durationBetweenOffers":"P1D","devicesPerOffer":0}`))
	require.Nil(t, rollout(t, `{"@odata.type":"microsoft.graph.windowsUpdates.rateDrivenRolloutSettings","durationBetweenOffers":"P1D"}`))
}

func TestEachKindOfRolloutIsRead(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]deployments.Rollout{
		`{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",` +
			`"durationBetweenOffers":"P7D","devicesPerOffer":100}`: deployments.ByRate(100, 7),
		`{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",` +
			`"durationBetweenOffers":"P1W","devicesPerOffer":100}`: deployments.ByRate(100, 7),
		`{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",` +
			`"durationBetweenOffers":"PT168H","devicesPerOffer":100}`: deployments.ByRate(100, 7),
		`{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",` +
			`"durationBetweenOffers":null,"devicesPerOffer":100}`: deployments.ByRate(100, 0),
		`{"@odata.type":"#microsoft.graph.windowsUpdates.dateDrivenRolloutSettings",` +
			`"durationBetweenOffers":"P1D","endDateTime":"2026-12-01T10:00:00+02:00"}`: deployments.ByDate(start.UTC(), 1),
		`{"@odata.type":"#microsoft.graph.windowsUpdates.durationDrivenRolloutSettings",` +
			`"durationBetweenOffers":"P1D","durationUntilDeploymentEnd":"P14D"}`: deployments.ByDuration(14, 1),
	} {
		require.Equal(t, want, rollout(t, body), body)
	}
}

func TestASpanThatIsNotWholeDaysIsKept(t *testing.T) {
	t.Parallel()
	rate := as[*deployments.RateDriven](t, rollout(t, `{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",`+
		`"durationBetweenOffers":"PT12H","devicesPerOffer":100,"new":true}`))
	require.Zero(t, rate.BetweenOffers)
	require.Equal(t, map[string]json.RawMessage{"durationBetweenOffers": []byte(`"PT12H"`), "new": []byte(`true`)}, rate.Extra)

	duration := as[*deployments.DurationDriven](t,
		rollout(t, `{"@odata.type":"#microsoft.graph.windowsUpdates.durationDrivenRolloutSettings","durationUntilDeploymentEnd":"P1M"}`))
	require.Zero(t, duration.Length)
	require.Equal(t, stub.Extra("durationUntilDeploymentEnd", `"P1M"`), duration.Extra)
}

func TestAnUnknownRolloutIsKept(t *testing.T) {
	t.Parallel()
	require.Equal(t, &deployments.UnknownRollout{
		Kind:        "lunarRolloutSettings",
		RolloutBase: deployments.RolloutBase{BetweenOffers: 2, Extra: stub.Extra("phase", `"full"`)},
	}, rollout(t, `{"@odata.type":"#microsoft.graph.windowsUpdates.lunarRolloutSettings","durationBetweenOffers":"P2D","phase":"full"}`))
	require.Equal(t, &deployments.UnknownRollout{RolloutBase: deployments.RolloutBase{BetweenOffers: 1}},
		rollout(t, `{"durationBetweenOffers":"P1D"}`))
}

func TestUnknownValuesAreKept(t *testing.T) {
	t.Parallel()
	d := get(t, `{
		"state": {"effectiveValue": "hibernated", "requestedValue": "hibernate", "reasons": [{"value": "winter", "since": "December"}]},
		"settings": {"monitoring": {"monitoringRules": [{"signal": "slow", "threshold": 500, "action": "callSomebody", "who": "me"}]}}
	}`)
	require.Equal(t, deployments.State{
		Effective: "hibernated", Requested: "hibernate",
		Reasons: []deployments.Reason{{Value: "winter", Extra: stub.Extra("since", `"December"`)}},
	}, d.State)
	require.True(t, d.State.HasReason("winter"))
	require.False(t, d.State.HasReason(deployments.ReasonPausedByRequest))
	require.Equal(t, []deployments.MonitoringRule{
		{Signal: "slow", Threshold: 500, Action: "callSomebody", Extra: stub.Extra("who", `"me"`)},
	}, d.Settings.Monitoring.Rules)
}

func TestUnknownMembersAreKeptOnEachLevel(t *testing.T) {
	t.Parallel()
	d := get(t, `{
		"a": 1, "@odata.etag": "x", "a@odata.type": "y",
		"state": {"b": "2"},
		"content": {"@odata.type": "#microsoft.graph.windowsUpdates.catalogContent", "c": true},
		"audience": {"id": "q", "d": 4, "applicableContent": []},
		"settings": {"e": 5, "schedule": {"f": 6}, "monitoring": {"g": 7}, "userExperience": {"h": 8}}
	}`)
	require.Equal(t, stub.Extra("a", "1"), d.Extra)
	require.Equal(t, stub.Extra("b", `"2"`), d.State.Extra)
	require.Equal(t, stub.Extra("c", "true"), d.Content.Extra)
	require.Equal(t, audience.Audience{ID: "q", ApplicableContent: []audience.ApplicableContent{}, Extra: stub.Extra("d", "4")}, d.Audience)
	require.Equal(t, stub.Extra("e", "5"), d.Settings.Extra)
	require.Equal(t, stub.Extra("f", "6"), d.Settings.Schedule.Extra)
	require.Equal(t, stub.Extra("g", "7"), d.Settings.Monitoring.Extra)
	require.Equal(t, stub.Extra("h", "8"), d.Settings.UserExperience.Extra)
}

func TestSettingsOfAllContentAreRead(t *testing.T) {
	t.Parallel()
	d := get(t, `{"settings":{
		"contentApplicability":{
			"offerWhileRecommendedBy":["Microsoft",null],
			"safeguard":{"disabledSafeguardProfiles":[null,{"category":"likelyIssues"},{"category":"meteors","size":9}],"sky":"clear"},
			"moon":1
		},
		"expedite":{"isExpedited":true,"isReadinessTest":true,"speed":2}
	}}`)
	require.Equal(t, deployments.Settings{
		Applicability: deployments.Applicability{
			OfferWhileRecommendedBy: []string{"Microsoft"},
			Safeguard: deployments.Safeguard{
				DisabledProfiles: []deployments.SafeguardProfile{
					{Category: deployments.SafeguardLikelyIssues}, {Category: "meteors", Extra: stub.Extra("size", "9")},
				},
				Extra: stub.Extra("sky", `"clear"`),
			},
			Extra: stub.Extra("moon", "1"),
		},
		Expedite: deployments.Expedite{Expedited: true, ReadinessTest: true, Extra: stub.Extra("speed", "2")},
	}, d.Settings)
}

func TestContentOfAllKindsIsRead(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]deployments.Content{
		`{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent","catalogEntry":null}`: {},
		`{"@odata.type":"#microsoft.graph.windowsUpdates.bookContent","title":"T"}`:            {Extra: stub.Extra("title", `"T"`)},
		`{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent",` +
			`"catalogEntry":{"@odata.type":"#microsoft.graph.windowsUpdates.lunarCatalogEntry","id":"x"}}`: {
			EntryID: "x", Kind: "lunarCatalogEntry", Entry: &catalog.UnknownEntry{Base: catalog.Base{ID: "x", Kind: "lunarCatalogEntry"}},
		},
		`{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent",` +
			`"catalogEntry":{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry",` +
			`"id":"q","displayName":null,"isExpeditable":false,"qualityUpdateCadence":"monthly","cveSeverityInformation":null}}`: {
			EntryID: "q", Kind: catalog.KindQuality, Entry: &catalog.QualityUpdate{
				Base: catalog.Base{ID: "q", Kind: catalog.KindQuality}, Cadence: catalog.CadenceMonthly,
			},
		},
	} {
		require.Equal(t, want, get(t, `{"content":`+body+`}`).Content, body)
	}
}

func TestDeploymentsAreListedPageByPage(t *testing.T) {
	t.Parallel()
	service := stub.Answering(
		answer(200, `{"value":[{"id":"1"},{"id":"2"}],`+
			`"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/deployments?$skiptoken=2"}`),
		answer(200, `{"value":[{"id":"3","state":{"effectiveValue":"archived"}}]}`),
	)
	all, err := service.Client(t).Deployments().List(&odata.Query{
		Filter: "audience/id eq 'a'", OrderBy: []string{"createdDateTime desc"},
	}).Collect(t.Context(), 3)
	require.NoError(t, err)
	require.Equal(t,
		[]*deployments.Deployment{{ID: "1"}, {ID: "2"}, {ID: "3", State: deployments.State{Effective: deployments.StateArchived}}},
		all)
	require.Equal(t, []string{
		"GET /deployments?$filter=audience/id eq 'a'&$orderby=createdDateTime desc",
		"GET /deployments?$skiptoken=2",
	}, service.Log())
}

func TestADeploymentThatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	client := stub.Answering(answer(404, `{"error":{"code":"NotFound","message":"no such deployment"}}`)).Client(t)
	d, err := client.Deployments().Get(t.Context(), deploymentID)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.Nil(t, d)
	require.EqualError(t, err, "deployments.Get: 404 NotFound: no such deployment")
}

func TestAResponseWithoutContentIsAnErrorAndNotNil(t *testing.T) {
	t.Parallel()
	client := stub.Answering(answer(201, "")).Client(t)
	d, err := client.Deployments().Create(t.Context(), deployments.ForFeature(entryID))
	require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	require.Nil(t, d)
}
