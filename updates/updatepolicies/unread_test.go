package updatepolicies_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// A known property in Extra is one that could not be read; its field is zero.
func TestUnreadNamesKnownPropertiesInExtra(t *testing.T) {
	t.Parallel()
	for want, got := range map[string][]string{
		"audience":  (&updatepolicies.Policy{Extra: stub.Extra("audience", "7")}).Unread(),
		"isRevoked": (&updatepolicies.Approval{Extra: stub.Extra("isRevoked", `"no"`)}).Unread(),
		"durationBeforeDeploymentStart": (&updatepolicies.ApprovalRule{RuleBase: updatepolicies.RuleBase{
			Extra: stub.Extra("durationBeforeDeploymentStart", `"PT12H"`),
		}}).Unread(),
		"createdDateTime": (&updatepolicies.UnknownRule{RuleBase: updatepolicies.RuleBase{Extra: stub.Extra("createdDateTime", "7")}}).Unread(),
		"cadence":         (&updatepolicies.QualityFilter{FilterBase: updatepolicies.FilterBase{Extra: stub.Extra("cadence", "7")}}).Unread(),
		"remediationType": (&updatepolicies.RemediationFilter{FilterBase: updatepolicies.FilterBase{Extra: stub.Extra("remediationType", "7")}}).Unread(),
	} {
		require.Equal(t, []string{want}, got, want)
	}
	require.Equal(t, "approval a of unknown content; unknown deploymentSettings; extra deploymentSettings",
		updatepolicies.Approval{ID: "a", Extra: stub.Extra("deploymentSettings", "7")}.String())
	require.Empty(t, (&updatepolicies.Approval{Extra: stub.Extra("@odata.type", `"lunar"`)}).Unread())
}
