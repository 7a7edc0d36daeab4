package updatepolicies_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

func TestWhatAPolicyDoesNotDoIsWarnedAboutAndSent(t *testing.T) {
	t.Parallel()
	none, drivers := deployments.Settings{}, updatepolicies.DriversStartingAfter(0)
	all := updatepolicies.QualityStartingAfter(0, "", "")
	outOfBand := updatepolicies.QualityStartingAfter(0, catalog.ClassificationSecurity, catalog.CadenceOutOfBand)
	const hotpatch = "Settings.UserExperience.Hotpatch: is ignored unless a rule approves monthly security updates"
	policy := updatepolicies.ForAudience(audienceID)
	for name, c := range map[string]struct {
		spec updatepolicies.Spec
		want []string
	}{
		"nothing":                  {policy, nil},
		"hotpatches, by no rule":   {policy.With(none.OfferingHotpatches()), []string{hotpatch}},
		"of drivers":               {policy.Approving(drivers).With(none.OfferingHotpatches()), []string{hotpatch}},
		"of updates out of band":   {policy.Approving(outOfBand).With(none.WithholdingHotpatches()), []string{hotpatch}},
		"of all quality updates":   {policy.Approving(drivers, all).With(none.OfferingHotpatches()), nil},
		"by an unknown rule":       {policy.Approving(&updatepolicies.UnknownRule{Kind: "lunarRule"}).With(none.OfferingHotpatches()), nil},
		"the settings have theirs": {policy.With(none.StartingAt(start.Add(-1))), []string{"Settings.Schedule.Start: has passed, so offering begins as soon as there are members"}},
	} {
		var got []string
		for _, warning := range c.spec.Warnings(start) {
			got = append(got, warning.String())
		}
		require.Equal(t, c.want, got, name)
		require.NoError(t, c.spec.Validate(), name)
		_, err := stub.Answering(stub.Answer(201, `{"id":"p"}`)).Client(t, stub.NoLimits).UpdatePolicies().Create(t.Context(), c.spec)
		require.NoError(t, err, name)
	}
}

// Such a rule cannot be sent, but it may be the one.
func TestARuleWhoseFilterCouldNotBeReadMayApproveHotpatches(t *testing.T) {
	t.Parallel()
	rule := &updatepolicies.ApprovalRule{RuleBase: updatepolicies.RuleBase{Extra: stub.Extra("contentFilter", "7")}}
	policy := updatepolicies.ForAudience(audienceID).Approving(rule).With(deployments.Settings{}.OfferingHotpatches())
	require.Empty(t, policy.Warnings(start))
}

func TestWhatAnApprovalDoesNotDoIsWarnedAboutAndSent(t *testing.T) {
	t.Parallel()
	none, quality := deployments.Settings{}, updatepolicies.ForQuality(driverID)
	for want, spec := range map[string]updatepolicies.ApprovalSpec{
		"": quality.With(none.OfferingHotpatches()),
		"Settings.UserExperience.Hotpatch: is ignored except for quality updates":                  updatepolicies.ForDriver(driverID).With(none.OfferingHotpatches()),
		"Settings.UserExperience.OfferAsOptional: is ignored except for feature updates":           quality.With(none.OfferedAsOptional()),
		"Settings.Applicability.OfferWhileRecommendedBy: is ignored except for drivers":            quality.With(none.OfferedWhileRecommendedBy("a")),
		"Settings.UserExperience.DaysUntilForcedReboot: is ignored unless the update is expedited": quality.With(none.RestartingWithin(0)),
	} {
		warnings := spec.Warnings(start)
		if want == "" {
			require.Empty(t, warnings)
		} else {
			require.Len(t, warnings, 1)
			require.Equal(t, want, warnings[0].String())
		}
		require.NoError(t, spec.Validate(), want)
		_, err := stub.Answering(stub.Answer(201, `{"id":"c"}`)).Client(t, stub.NoLimits).UpdatePolicies().Approve(t.Context(), policyID, spec)
		require.NoError(t, err)
	}
}

// A driver needs no restart within days, and the approval says so before it is sent.
func ExampleApprovalSpec_Warnings() {
	now := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	for _, warning := range updatepolicies.ForDriver("driver").With(deployments.Settings{}.RestartingWithin(2)).Warnings(now) {
		fmt.Println(warning)
	}
	// Output: Settings.UserExperience.DaysUntilForcedReboot: is ignored unless the update is expedited
}

// Hotpatches need a rule for monthly security updates.
func ExampleSpec_Warnings() {
	now := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	spec := updatepolicies.ForAudience("audience").Approving(updatepolicies.DriversStartingAfter(7))
	for _, warning := range spec.With(deployments.Settings{}.OfferingHotpatches()).Warnings(now) {
		fmt.Println(warning)
	}
	// Output: Settings.UserExperience.Hotpatch: is ignored unless a rule approves monthly security updates
}
