package deployments_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// warned are the specs that are sent and warned about, at the time start.
func warned() map[string]deployments.Spec {
	none, day := deployments.Settings{}, 24*time.Hour
	feature, expedited := deployments.ForFeature(entryID), deployments.ForExpedited(entryID)
	driver := deployments.Spec{Kind: catalog.KindDriver, EntryID: entryID}
	return map[string]deployments.Spec{
		"Settings.Schedule.Start: has passed, so offering begins as soon as there are members": feature.With(none.StartingAt(start.Add(-1))),
		"Settings.Schedule.Rollout.End: has passed, so all devices are offered the update immediately": feature.With(
			none.RollingOut(deployments.ByDate(start, 1))),
		"Settings.Schedule.Rollout.End: leaves time for one step, so all devices are offered the update simultaneously": feature.With(
			none.StartingAt(start.Add(day)).RollingOut(deployments.ByDate(start.Add(8*day), 7))),
		"Settings.Schedule.Rollout.Length: leaves time for one step, so all devices are offered the update simultaneously": feature.With(
			none.RollingOut(deployments.ByDuration(1, 0))),
		"Settings.Monitoring.Rules[1]: offers Windows 10, version 22H2, which has been out of support since 2025-10-14 without Extended Security Updates": feature.With(
			none.PausingOnRollbacks(5).FallingBackWhenIneligible()),
		"Settings.Applicability.Safeguard.DisabledProfiles: devices that are likely to have a problem are offered the update": feature.With(
			none.DisregardingLikelyIssues()),
		"Settings.UserExperience.DaysUntilForcedReboot: is ignored unless the update is expedited": feature.With(none.RestartingWithin(0)),
		"Settings.UserExperience.DaysUntilForcedReboot: is ignored by a readiness test, which installs nothing": deployments.ForReadinessTest(
			entryID).With(none.RestartingWithin(0)),
		"Settings.UserExperience.DaysUntilForcedReboot: restarts devices as soon as the update is installed": expedited.With(
			none.RestartingWithin(0)),
		"Settings.UserExperience.Hotpatch: is ignored except in update policies":                                      feature.With(none.WithholdingHotpatches()),
		"Settings.UserExperience.OfferAsOptional: is ignored except for feature updates":                              expedited.With(none.OfferedAsRequired()),
		"Settings.Applicability.OfferWhileRecommendedBy: is ignored except for drivers":                               feature.With(none.OfferedWhileRecommendedBy("a")),
		"Settings.Applicability.Safeguard.DisabledProfiles: is ignored except for feature updates":                    expedited.With(disregarding(deployments.SafeguardProfile{Category: "other"})),
		"Kind: the service documents no deployments of drivers; approve them with package updatepolicies or policies": driver,
		"Settings.Expedite.Expedited: the service documents only expedited deployments of quality updates; approve others with package updatepolicies or policies": {
			Kind: catalog.KindQuality, EntryID: entryID,
		},
	}
}

func TestWhatIsPerhapsNotMeantIsWarnedAboutAndSent(t *testing.T) {
	t.Parallel()
	for want, spec := range warned() {
		warnings := spec.Warnings(start)
		require.Len(t, warnings, 1, want)
		require.Equal(t, want, warnings[0].String())
		require.NoError(t, spec.Validate(), want)
		service := stub.Answering(answer(201, `{"id":"d"}`))
		_, err := service.Client(t).Deployments().Create(t.Context(), spec)
		require.NoError(t, err, want)
	}
}

func TestWhatIsMeantIsNotWarnedAbout(t *testing.T) {
	t.Parallel()
	none, day := deployments.Settings{}, 24*time.Hour
	future := deployments.Spec{Kind: "quantumUpdateCatalogEntry", EntryID: "x"}
	for name, spec := range map[string]deployments.Spec{
		"nothing":             deployments.ForFeature(entryID),
		"a start":             deployments.ForFeature(entryID).With(none.StartingAt(start)),
		"a rate":              deployments.ForFeature(entryID).With(none.RollingOut(deployments.ByRate(100, 7))),
		"two steps":           deployments.ForFeature(entryID).With(none.RollingOut(deployments.ByDate(start.Add(7*day+1), 7))),
		"a length":            deployments.ForFeature(entryID).With(none.RollingOut(deployments.ByDuration(2, 0))),
		"an unknown rollout":  deployments.ForFeature(entryID).With(none.RollingOut(&deployments.UnknownRollout{Kind: "x"})),
		"rules":               deployments.ForFeature(entryID).With(none.PausingOnRollbacks(1).AlertingOnRollbacks(1)),
		"optional":            deployments.ForFeature(entryID).With(none.OfferedAsOptional()),
		"expedited":           deployments.ForExpedited(entryID).With(none.RestartingWithin(1)),
		"a readiness test":    deployments.ForReadinessTest(entryID),
		"what is not known":   future.With(none.OfferedAsOptional().OfferedWhileRecommendedBy("a")),
		"no vendors":          deployments.ForFeature(entryID).With(none.OfferedWhileRecommendedBy()),
		"an unknown property": {Kind: catalog.KindFeature, EntryID: entryID, Settings: deployments.Settings{Extra: stub.Extra("new", "1")}},
	} {
		require.Nil(t, spec.Warnings(start), name)
	}
	fallback := none.FallingBackWhenIneligible()
	require.Nil(t, fallback.Warnings(time.Date(2025, 10, 13, 0, 0, 0, 0, time.UTC)))
}

func TestATimetablePrintsItsWarnings(t *testing.T) {
	t.Parallel()
	passed := timetable(t, rolling(deployments.ByDate(firstOfMay, 1)), 100)
	require.Equal(t, "100 devices, about 100 every 1 day: 1 step from 2026-05-01 to 2026-05-01\n"+
		"2026-05-01  ########################################  100  100 %\n"+
		"warning: Settings.Schedule.Rollout.End: has passed, so all devices are offered the update immediately\n", passed.String())
	covering := timetable(t, rolling(deployments.ByRate(100, 7)), 100)
	require.Equal(t, []deployments.Warning{{
		Field: "Settings.Schedule.Rollout.DevicesPerOffer", Text: "covers all devices, so they are offered the update simultaneously",
	}}, covering.Warnings)
	require.Empty(t, timetable(t, rolling(deployments.ByRate(100, 7)), 101).Warnings)
	require.Empty(t, timetable(t, rolling(deployments.ByRate(1, 7)), 1).Warnings, "one device is no surprise")
}

func TestATimetableThatOutlivesTheUpdateIsWarnedAbout(t *testing.T) {
	t.Parallel()
	weekly := timetable(t, rolling(deployments.ByRate(10, 7)), 30) // until the 15th
	last := weekly.Last().At
	entry := &catalog.FeatureUpdate{Base: catalog.Base{DeployableUntil: last}}
	require.Empty(t, weekly.For(entry, last).Warnings)
	require.Empty(t, weekly.For(nil, time.Time{}).Warnings)
	require.Empty(t, weekly.For(&catalog.FeatureUpdate{}, time.Time{}).Warnings)
	entry.DeployableUntil = last.Add(-time.Second)
	require.Equal(t, []deployments.Warning{
		{Field: "Settings.Schedule", Text: "the last step begins on 2026-05-15, but the update is deployable until 2026-05-15"},
		{Field: "Settings.Schedule", Text: "the last step begins on 2026-05-15, but the update is in service until 2026-05-10"},
	}, weekly.For(entry, last.AddDate(0, 0, -5)).Warnings)
	require.Empty(t, weekly.Warnings, "a copy is returned")
}

func TestATimetableSaysThatTheEndOfAnUpdateIsUnknown(t *testing.T) {
	t.Parallel()
	table := timetable(t, rolling(deployments.ByRate(10, 7)), 30)
	entry := &catalog.QualityUpdate{Base: catalog.Base{Extra: stub.Extra("deployableUntilDateTime", `"soon"`)}}
	require.Equal(t, []deployments.Warning{{
		Field: "Settings.Schedule", Text: "deployableUntilDateTime of the update could not be read, so it is unknown whether the last step begins in time",
	}}, table.For(entry, time.Time{}).Warnings)
	require.Empty(t, table.For((*catalog.QualityUpdate)(nil), time.Time{}).Warnings, "a search that failed returns nil")
}

// The error class of a warning would be a contradiction.
func TestAWarningIsNoError(t *testing.T) {
	t.Parallel()
	require.NotImplements(t, (*error)(nil), deployments.Warning{})
	spec := deployments.ForFeature("").With(rolling(deployments.ByDate(start, 1)))
	require.ErrorIs(t, spec.Validate(), apierr.ErrInvalid)
	require.Len(t, spec.Warnings(start), 1, "warnings of an invalid spec are returned too")
}

// Warnings are printed before anything is deployed.
func ExampleSpec_Warnings() {
	now := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	spec := deployments.ForFeature("c5f3a1c2-0000-4000-8000-000000000001").With(deployments.Settings{}.
		RollingOut(deployments.ByDate(now.AddDate(-1, 1, 0), 7)).
		RestartingWithin(2))
	for _, warning := range spec.Warnings(now) {
		fmt.Println(warning)
	}
	// Output:
	// Settings.Schedule.Rollout.End: has passed, so all devices are offered the update immediately
	// Settings.UserExperience.DaysUntilForcedReboot: is ignored unless the update is expedited
}

// A rollout that ends after the update can be deployed is printed with a warning.
func ExampleTimetable_For() {
	now := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	table, err := deployments.Settings{}.RollingOut(deployments.ByRate(100, 7)).Timetable(300, now)
	if err != nil {
		fmt.Println(err)
		return
	}
	entry := &catalog.FeatureUpdate{Base: catalog.Base{DeployableUntil: time.Date(2026, 12, 10, 0, 0, 0, 0, time.UTC)}}
	fmt.Print(table.For(entry, time.Time{}))
	// Output:
	// 300 devices, 100 every 7 days: 3 steps from 2026-12-01 to 2026-12-15
	// 2026-12-01  #############                             100   33 %
	// 2026-12-08  ##########################                200   66 %
	// 2026-12-15  ########################################  300  100 %
	// warning: Settings.Schedule: the last step begins on 2026-12-15, but the update is deployable until 2026-12-10
}
