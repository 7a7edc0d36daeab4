package deployments_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

func TestAMemberInExtraThatIsNoJSONIsRejectedByName(t *testing.T) {
	t.Parallel()
	bad := map[string]json.RawMessage{"good": json.RawMessage("1"), "bad": json.RawMessage("{")}
	rollout := deployments.ByRate(1, 1)
	rollout.Extra = bad
	for field, spec := range map[string]deployments.Spec{
		"Spec":                      {Extra: bad},
		"Settings":                  {Settings: deployments.Settings{Extra: bad}},
		"Settings.Schedule":         {Settings: deployments.Settings{Schedule: deployments.Schedule{Extra: bad}}},
		"Settings.Schedule.Rollout": {Settings: deployments.Settings{Schedule: deployments.Schedule{Rollout: rollout}}},
		"Settings.Monitoring":       {Settings: deployments.Settings{Monitoring: deployments.Monitoring{Extra: bad}}},
		"Settings.UserExperience":   {Settings: deployments.Settings{UserExperience: deployments.UserExperience{Extra: bad}}},
		"Settings.Applicability":    {Settings: deployments.Settings{Applicability: deployments.Applicability{Extra: bad}}},
		"Settings.Applicability.Safeguard": {
			Settings: deployments.Settings{Applicability: deployments.Applicability{Safeguard: deployments.Safeguard{Extra: bad}}},
		},
		"Settings.Expedite": {Settings: deployments.Settings{Expedite: deployments.Expedite{Extra: bad}}},
		"Settings.Applicability.Safeguard.DisabledProfiles[0]": {Settings: deployments.Settings{Applicability: deployments.Applicability{
			Safeguard: deployments.Safeguard{DisabledProfiles: []deployments.SafeguardProfile{{Category: "likelyIssues", Extra: bad}}},
		}}},
		"Settings.Monitoring.Rules[0]": {
			Settings: deployments.Settings{
				Monitoring: deployments.Monitoring{
					Rules: []deployments.MonitoringRule{
						{Signal: deployments.SignalRollback, Threshold: 1, Action: deployments.ActionAlertError, Extra: bad},
					},
				},
			},
		},
	} {
		spec.Kind, spec.EntryID = "featureUpdateCatalogEntry", entryID
		err := spec.Validate()
		require.ErrorIs(t, err, apierr.ErrInvalid, field)
		require.EqualError(t, err, field+`.Extra["bad"] must be JSON`)
	}
}

func TestAMemberInExtraThatAFieldSendsTooIsRejected(t *testing.T) {
	t.Parallel()
	twice := map[string]json.RawMessage{"schedule": call("null"), "monitoring": call("null")}
	settings := deployments.Settings{Schedule: deployments.Schedule{Start: start}, Extra: twice}
	require.EqualError(t, settings.Validate(), `Settings.Extra["schedule"] must be the name of a property that no field sends`)
	update := deployments.Update{Monitoring: odata.Null[deployments.Monitoring](), Extra: twice}
	require.EqualError(t, update.Validate(), `Update.Extra["monitoring"] must be the name of a property that no field sends`)
	rules := deployments.Monitoring{Extra: stub.Extra("monitoringRules", "[]")}
	require.NoError(t, deployments.Settings{Monitoring: rules}.Validate())
	update = deployments.Update{Monitoring: odata.Set(rules)}
	require.EqualError(t, update.Validate(), `Monitoring.Extra["monitoringRules"] must be the name of a property that no field sends`,
		"an update without rules sends that there are none")
}

// sentNames are the members that the fields of settings send, in the order of extras.
var sentNames = [][]string{
	{"schedule", "monitoring", "contentApplicability", "userExperience", "expedite"},
	{"startDateTime", "gradualRollout"},
	{"@odata.type", "durationBetweenOffers", "devicesPerOffer"},
	{"monitoringRules"},
	{"signal", "threshold", "action"},
	{"offerWhileRecommendedBy", "safeguard"},
	{"disabledSafeguardProfiles"},
	{"category"},
	{"offerAsOptional", "daysUntilForcedReboot", "isHotpatchEnabled"},
	{"isExpedited", "isReadinessTest"},
}

func TestNoFieldThatIsSetCanBeInExtraToo(t *testing.T) {
	t.Parallel()
	all := settingsWithoutExtra().OfferedAsOptional().RestartingWithin(1)
	all.Expedite.ReadinessTest = true
	require.NoError(t, all.Validate())
	for i, names := range sentNames {
		for _, name := range names {
			s := all.Clone()
			*extras(&s)[i] = stub.Extra(name, "1")
			require.ErrorContains(t, s.Validate(), `.Extra["`+name+`"] must be the name of a property that no field sends`)
		}
	}
	byDate, byLength := deployments.ByDate(start, 1), deployments.ByDuration(1, 1)
	byDate.Extra, byLength.Extra = stub.Extra("endDateTime", "1"), stub.Extra("durationUntilDeploymentEnd", "1")
	require.ErrorContains(t, rolling(byDate).Validate(), `.Extra["endDateTime"]`)
	require.ErrorContains(t, rolling(byLength).Validate(), `.Extra["durationUntilDeploymentEnd"]`)
}

func TestAFieldThatIsNotSetCanBeInExtra(t *testing.T) {
	t.Parallel()
	rate, length := deployments.ByRate(1, 0), &deployments.DurationDriven{}
	rate.Extra, length.Extra = stub.Extra("durationBetweenOffers", `"PT5H"`), stub.Extra("durationUntilDeploymentEnd", `"P1M"`)
	for name, settings := range map[string]deployments.Settings{
		"rate":          rolling(rate),
		"length":        rolling(length),
		"settings":      {Extra: members(sentNames[0]...)},
		"schedule":      {Schedule: deployments.Schedule{Extra: members(sentNames[1]...)}},
		"monitoring":    {Monitoring: deployments.Monitoring{Extra: members(sentNames[3]...)}},
		"applicability": {Applicability: deployments.Applicability{Extra: members(sentNames[5]...)}},
		"safeguard": {
			Applicability: deployments.Applicability{Safeguard: deployments.Safeguard{Extra: members(sentNames[6]...)}},
		},
		"experience": {UserExperience: deployments.UserExperience{Extra: members(sentNames[8]...)}},
		"expedite":   {Expedite: deployments.Expedite{Extra: members("isReadinessTest")}},
		"threshold": monitored(deployments.MonitoringRule{
			Signal: deployments.SignalIneligible, Action: deployments.ActionOfferFallback, Extra: members("threshold"),
		}),
	} {
		require.NoError(t, settings.Validate(), name)
	}
}

func members(names ...string) map[string]json.RawMessage {
	extra := map[string]json.RawMessage{}
	for _, name := range names {
		extra[name] = json.RawMessage("1")
	}
	return extra
}

func call(text string) json.RawMessage { return json.RawMessage(text) }

// After a lost response and a rejection nothing is known of members that the SDK
// does not know whether they have taken effect.
func TestARejectionOfUnknownMembersStays(t *testing.T) {
	t.Parallel()
	for name, update := range map[string]deployments.Update{
		"of the settings":      {Extra: stub.Extra("a", "1")},
		"of the expedite":      {Expedite: odata.Set(deployments.Expedite{Expedited: true, Extra: stub.Extra("a", "1")})},
		"of the applicability": {Applicability: odata.Set(deployments.Applicability{Extra: stub.Extra("a", "1")})},
		"of the experience":    {UserExperience: odata.Set(deployments.UserExperience{Extra: stub.Extra("a", "1")})},
		"of the monitoring":    {Monitoring: odata.Set(deployments.Monitoring{Extra: stub.Extra("a", "1")})},
	} {
		err := settling(t, `{}`).Update(t.Context(), deploymentID, update)
		require.ErrorIs(t, err, apierr.ErrInvalid, name)
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome, name)
	}
}

func TestAChangeThatShowsHasTakenEffect(t *testing.T) {
	t.Parallel()
	shown := `{"settings":{
		"expedite":{"isExpedited":true,"isReadinessTest":false},
		"contentApplicability":{"offerWhileRecommendedBy":["microsoft"],"safeguard":{"disabledSafeguardProfiles":[{"category":"likelyIssues"}]}}
	}}`
	wanted := expedited.DisregardingLikelyIssues().OfferedWhileRecommendedBy("Microsoft")
	asTest := wanted.Clone()
	asTest.Expedite = readinessTest.Expedite
	update := deployments.Update{Expedite: odata.Set(wanted.Expedite), Applicability: odata.Set(wanted.Applicability)}
	require.NoError(t, settling(t, shown).Update(t.Context(), deploymentID, update))
	for name, other := range map[string]deployments.Settings{
		"test":          asTest,
		"not expedited": {Applicability: wanted.Applicability},
		"vendor":        wanted.OfferedWhileRecommendedBy("Contoso"),
		"no vendor":     wanted.OfferedWhileRecommendedBy(),
		"no profiles": {
			Expedite:      wanted.Expedite,
			Applicability: deployments.Applicability{OfferWhileRecommendedBy: []string{"Microsoft"}},
		},
		"nothing": {},
	} {
		update := deployments.Update{Expedite: odata.Set(other.Expedite), Applicability: odata.Set(other.Applicability)}
		require.ErrorIs(t, settling(t, shown).Update(t.Context(), deploymentID, update), apierr.ErrUnknownOutcome, name)
	}
}

func TestWhatTheServiceFillsInDoesNotHideAChange(t *testing.T) {
	t.Parallel()
	read := `{"settings":{"userExperience":{"offerAsOptional":true,"isHotpatchEnabled":false,"daysUntilForcedReboot":0}}}`
	optional := deployments.Update{UserExperience: odata.Set(deployments.UserExperience{OfferAsOptional: new(true)})}
	require.NoError(t, settling(t, read).Update(t.Context(), deploymentID, optional))
	cleared := deployments.Update{UserExperience: odata.Null[deployments.UserExperience]()}
	require.ErrorIs(t, settling(t, read).Update(t.Context(), deploymentID, cleared), apierr.ErrUnknownOutcome)
}

// settling is a client whose PATCH loses its answer, is then refused, and is
// followed by a deployment that reads like this.
func settling(t *testing.T, read string) deployments.Client {
	t.Helper()
	service := stub.Answering(answer(503, ``), answer(400, `{"error":{"code":"BadRequest"}}`), answer(200, read))
	return service.Client(t, stub.Attempts(2), stub.NoLimits).Deployments()
}

func TestWhatCannotBeWrittenIsRejected(t *testing.T) {
	t.Parallel()
	far := time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	for field, settings := range map[string]deployments.Settings{
		"Settings.Schedule.Start":       {Schedule: deployments.Schedule{Start: far}},
		"Settings.Schedule.Rollout.End": {Schedule: deployments.Schedule{Rollout: deployments.ByDate(far, 1)}},
		"Settings.Monitoring.Rules[0].Threshold": {
			Monitoring: deployments.Monitoring{Rules: []deployments.MonitoringRule{
				{Signal: "new", Action: "x", Threshold: stub.MoreThanInt32()},
			}},
		},
	} {
		var refused *apierr.FieldError
		require.ErrorAs(t, settings.Validate(), &refused)
		require.Equal(t, field, refused.Field)
	}
	rollout := deployments.ByRate(1, 1)
	rollout.Extra = stub.Extra("@odata.type", `"#x"`)
	require.ErrorIs(t, deployments.Settings{}.RollingOut(rollout).Validate(), apierr.ErrInvalid)
}

func TestASpanOfNoDaysIsKept(t *testing.T) {
	t.Parallel()
	read := rollout(t, typed("rateDriven", `"durationBetweenOffers":"P0D","devicesPerOffer":1`))
	require.Equal(t, stub.Extra("durationBetweenOffers", `"P0D"`), read.Common().Extra)
}

func TestATimeThatCannotBeWrittenAgainIsKept(t *testing.T) {
	t.Parallel()
	const late = `"9999-12-31T23:59:59-05:00"`
	service := stub.Answering(answer(200, `{"id":"1","createdDateTime":`+late+`}`))
	d, err := service.Client(t).Deployments().Get(t.Context(), deploymentID)
	require.NoError(t, err)
	require.Zero(t, d.Created)
	require.JSONEq(t, late, string(d.Extra["createdDateTime"]))
}
