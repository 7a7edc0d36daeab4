package policies_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/policies"
)

// A known property in Extra is one that could not be read; its field is zero.
func TestUnreadNamesKnownPropertiesInExtra(t *testing.T) {
	t.Parallel()
	for want, got := range map[string][]string{
		"approvalRules":       (&policies.Policy{Extra: stub.Extra("approvalRules", "7")}).Unread(),
		"isPaused":            (&policies.DriverUpdateRing{RingBase: policies.RingBase{Extra: stub.Extra("isPaused", `"maybe"`)}}).Unread(),
		"assignments":         policies.RingGroups{Extra: stub.Extra("assignments", "7")}.Unread(),
		"groupId":             policies.AssignedGroup{Extra: stub.Extra("groupId", "7")}.Unread(),
		"catalogEntryId":      (&policies.Approval{Extra: stub.Extra("catalogEntryId", "7")}).Unread(),
		"classification":      (&policies.QualityUpdateRule{RuleBase: policies.RuleBase{Extra: stub.Extra("classification", "7")}}).Unread(),
		"deferralInDays":      (&policies.RecoveryUpdateRule{RuleBase: policies.RuleBase{Extra: stub.Extra("deferralInDays", `"x"`)}}).Unread(),
		"isHotpatchEnabled":   getRing(t, `{"id":"x","isHotpatchEnabled":"maybe","new":1}`).Unread(),
		"offerIntervalInDays": getRing(t, `{"id":"x","@odata.type":"#`+types+`featureUpdateRing","offerIntervalInDays":"P1D"}`).Unread(),
		"offerDurationInDays": getRing(t, `{"id":"x","offerDurationInDays":1.5}`).Unread(),
		"deviceCount":         policies.ApplicableCatalog{Extra: stub.Extra("deviceCount", `"x"`)}.Unread(),
	} {
		require.Equal(t, []string{want}, got, want)
	}
	require.Equal(t, []string{"isPaused", "isHotpatchEnabled"}, policies.QualityUpdateRing{RingBase: policies.RingBase{Extra: map[string]json.RawMessage{
		"isHotpatchEnabled": []byte("7"), "isPaused": []byte("7"), "offerIntervalInDays": []byte("7"),
	}}}.Unread())
	require.Equal(t, []string{"offerDurationInDays"}, policies.FeatureUpdateRing{RingBase: policies.RingBase{
		Extra: stub.Extra("offerDurationInDays", "7.5"),
	}}.Unread())
	require.Equal(t, "driver ring r, included 0 groups, excluded 0 groups, unknown deferralInDays, extra deferralInDays",
		policies.DriverUpdateRing{RingBase: policies.RingBase{ID: "r", Extra: stub.Extra("deferralInDays", `"x"`)}}.String())
	require.Empty(t, policies.RingBase{Extra: stub.Extra("new", "1")}.Unread())
	require.Empty(t, (&policies.RecoveryUpdateRule{RuleBase: policies.RuleBase{Extra: stub.Extra("classification", "1")}}).Unread())
}
