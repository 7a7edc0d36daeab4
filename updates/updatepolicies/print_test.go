package updatepolicies_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

func TestValuesPrintOneReadableLine(t *testing.T) {
	t.Parallel()
	weekly := deployments.Settings{}.RollingOut(deployments.ByRate(100, 7))
	rules := updatepolicies.Rules{
		updatepolicies.DriversStartingAfter(7),
		updatepolicies.QualityStartingAfter(0, catalog.ClassificationSecurity, catalog.CadenceMonthly),
		updatepolicies.RemediationsStartingAfter(1, updatepolicies.RemediationInPlaceUpgrade),
		&updatepolicies.UnknownRule{Kind: "lunarRule"}, approving(&updatepolicies.UnknownFilter{Kind: "lunarFilter"}), approving(nil),
	}
	const listed = "drivers 7 days after approval, security monthly quality updates, " +
		"inPlaceUpgrade remediations 1 day after approval, unknown rule lunarRule, unknown filter lunarFilter, no updates"
	driver := deployments.Content{Kind: catalog.KindDriver, EntryID: "e"}
	started := updatepolicies.EntryState{
		EntryID: "e", Kind: catalog.KindDriver, State: updatepolicies.StateScheduled,
		Start: time.Date(2026, 12, 1, 6, 0, 0, 0, time.UTC), Duplicates: []*updatepolicies.Approval{{}},
	}
	for want, value := range map[string]any{
		"update policy p for audience a; " + listed + "; enrolling in driver; " + weekly.String() + "; extra new": &updatepolicies.Policy{
			ID: "p", Audience: audience.Audience{ID: "a"}, Rules: rules, AutoEnroll: []audience.Category{audience.CategoryDriver},
			Settings: weekly, Extra: stub.Extra("new", "1"),
		},
		"update policy for audience a; " + weekly.String(): updatepolicies.ForAudience("a").With(weekly),
		"settings null; rules none": updatepolicies.Update{
			Settings: odata.Null[deployments.Settings](), Rules: odata.Set(updatepolicies.Rules{}),
		},
		"approval a of driverUpdate e, revoked":                            &updatepolicies.Approval{ID: "a", Content: driver, Revoked: true},
		"approval of driverUpdate e; " + weekly.String():                   updatepolicies.ForDriver("e").With(weekly),
		"driverUpdate e: scheduled from 2026-12-01T06:00:00Z, 1 duplicate": started,
	} {
		require.Equal(t, want, fmt.Sprint(value))
	}
}

func approving(f updatepolicies.Filter) updatepolicies.Rule {
	return &updatepolicies.ApprovalRule{Filter: f}
}
