package policies_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/policies"
)

// A known property in Extra is one that could not be read; its field is zero.
func TestUnreadNamesKnownPropertiesInExtra(t *testing.T) {
	t.Parallel()
	for want, got := range map[string][]string{
		"approvalRules":     (&policies.Policy{Extra: stub.Extra("approvalRules", "7")}).Unread(),
		"isPaused":          (&policies.Ring{Extra: stub.Extra("isPaused", `"maybe"`)}).Unread(),
		"assignments":       policies.RingGroups{Extra: stub.Extra("assignments", "7")}.Unread(),
		"groupId":           policies.AssignedGroup{Extra: stub.Extra("groupId", "7")}.Unread(),
		"catalogEntryId":    (&policies.Approval{Extra: stub.Extra("catalogEntryId", "7")}).Unread(),
		"classification":    (&policies.QualityUpdateRule{RuleBase: policies.RuleBase{Extra: stub.Extra("classification", "7")}}).Unread(),
		"deferralInDays":    (&policies.RecoveryUpdateRule{RuleBase: policies.RuleBase{Extra: stub.Extra("deferralInDays", `"x"`)}}).Unread(),
		"isHotpatchEnabled": getRing(t, `{"id":"x","isHotpatchEnabled":"maybe","new":1}`).Unread(),
	} {
		require.Equal(t, []string{want}, got, want)
	}
	require.Equal(t, "ring r, included 0 groups, excluded 0 groups, unknown deferralInDays, extra deferralInDays",
		policies.Ring{ID: "r", Extra: stub.Extra("deferralInDays", `"x"`)}.String())
	require.Empty(t, (&policies.Ring{Extra: stub.Extra("new", "1")}).Unread())
	require.Empty(t, (&policies.RecoveryUpdateRule{RuleBase: policies.RuleBase{Extra: stub.Extra("classification", "1")}}).Unread())
}
