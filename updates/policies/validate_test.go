package policies_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
)

// named has all that a quality update policy needs.
var named = policies.Spec{DisplayName: "a"}

func TestProblemsOfAPolicyAreNamed(t *testing.T) {
	t.Parallel()
	withExtra := policies.RecoveryDeferredBy(1)
	withExtra.Extra = stub.Extra("deferralInDays", "2")
	for _, c := range []struct {
		want string
		spec policies.Spec
	}{
		{"DisplayName must not be empty", policies.Spec{}},
		{
			"DisplayName must have at most 200 characters (got 201)",
			policies.Spec{DisplayName: strings.Repeat("ü", 201)},
		},
		{
			"Description must have at most 1500 characters (got 1501)",
			policies.Spec{DisplayName: "a", Description: strings.Repeat("ü", 1501)},
		},
		{"Rules[0] must not be nil", named.Approving(nil)},
		{"Rules[1] must not be nil", named.Approving(policies.RecoveryDeferredBy(0), (*policies.QualityUpdateRule)(nil))},
		{"Rules[0].DeferralDays must be 0 to 30 days (got 31)", named.Approving(policies.RecoveryDeferredBy(31))},
		{
			"Rules[0].DeferralDays must be 0 to 30 days (got -1)",
			named.Approving(policies.QualityDeferredBy(-1, catalog.ClassificationAll, catalog.CadenceMonthly)),
		},
		{"Rules[0].Classification must not be empty", named.Approving(policies.QualityDeferredBy(1, "", catalog.CadenceMonthly))},
		{"Rules[0].Cadence must not be empty", named.Approving(policies.QualityDeferredBy(1, catalog.ClassificationAll, ""))},
		{"Rules[0] must be a rule of this package (got *policies_test.ownRule)", named.Approving(&ownRule{})},
		{`Rules[0].Extra["deferralInDays"] must be the name of a member that no field sends`, named.Approving(withExtra)},
		{
			`Spec.Extra["displayName"] must be the name of a member that no field sends`,
			policies.Spec{DisplayName: "a", Extra: stub.Extra("displayName", "1")},
		},
		{`Spec.Extra["new"] must be JSON`, policies.Spec{DisplayName: "a", Extra: stub.Extra("new", "{")}},
	} {
		require.EqualError(t, c.spec.Validate(), c.want)
		require.ErrorIs(t, c.spec.Validate(), apierr.ErrInvalid)
	}
}

// ownRule is a rule that another package declared.
type ownRule struct{ policies.RecoveryUpdateRule }

func TestTheLimitsThemselvesPass(t *testing.T) {
	t.Parallel()
	require.NoError(t, policies.Spec{DisplayName: strings.Repeat("ü", 200), Description: strings.Repeat("ü", 1500)}.
		Approving(policies.QualityDeferredBy(30, "new", "new"), &policies.UnknownRule{Kind: "lunarRule"}).Validate())
	require.NoError(t, policies.RingSpec{DisplayName: "a"}.DeferredBy(30).Validate())
}

func TestProblemsOfARingAreNamed(t *testing.T) {
	t.Parallel()
	ring := policies.RingSpec{DisplayName: "a"}
	for want, spec := range map[string]policies.RingSpec{
		"DisplayName must not be empty":                          {},
		"DisplayName must have at most 200 characters (got 201)": {DisplayName: strings.Repeat("a", 201)},
		"Description must have at most 1500 characters (got 1501)": {
			DisplayName: "a", Description: strings.Repeat("a", 1501),
		},
		"Included[1] must not be empty":                                               ring.Including("g", ""),
		`Excluded[0] must be an id of the service (got " g")`:                         ring.Excluding(" g"),
		"DeferralDays must be 0 to 30 days (got 31)":                                  ring.DeferredBy(31),
		`RingSpec.Extra["isPaused"] must be the name of a member that no field sends`: {DisplayName: "a", Extra: stub.Extra("isPaused", "true")},
		"DisplayName must not be empty\nDeferralDays must be 0 to 30 days (got -1)":   policies.RingSpec{}.DeferredBy(-1),
	} {
		require.EqualError(t, spec.Validate(), want)
	}
}

func TestProblemsOfAChangeAreNamed(t *testing.T) {
	t.Parallel()
	for want, update := range map[string]interface{ Validate() error }{
		"Update must change something":     policies.Update{},
		"RingUpdate must change something": policies.RingUpdate{},
		"DisplayName must not be null":     policies.Update{DisplayName: odata.Null[string]()},
		"Description must not be null":     policies.Update{Description: odata.Null[string]()},
		"Rules must not be null":           policies.Update{Rules: odata.Null[policies.Rules]()},
		"Rules[0].DeferralDays must be 0 to 30 days (got 31)": policies.Update{
			Rules: odata.Set(policies.Rules{policies.RecoveryDeferredBy(31)}),
		},
		"DisplayName must not be empty":              policies.RingUpdate{DisplayName: odata.Set("")},
		"Included must not be null":                  policies.RingUpdate{Included: odata.Null[[]string]()},
		"Excluded[0] must not be empty":              policies.RingUpdate{Excluded: odata.Set([]string{""})},
		"DeferralDays must be 0 to 30 days (got 31)": policies.RingUpdate{DeferralDays: odata.Set(31)},
		"Paused must not be null":                    policies.RingUpdate{Paused: odata.Null[bool]()},
		"Hotpatch must not be null":                  policies.RingUpdate{Hotpatch: odata.Null[bool]()},
		`RingUpdate.Extra["isPaused"] must be the name of a member that no field sends`: policies.RingUpdate{
			Paused: odata.Set(true), Extra: stub.Extra("isPaused", "true"),
		},
	} {
		require.EqualError(t, update.Validate(), want)
	}
	require.NoError(t, policies.RingUpdate{DeferralDays: odata.Null[int]()}.Validate())
	require.NoError(t, policies.RingUpdate{Extra: stub.Extra("isPaused", "true")}.Validate())
}

func TestInvalidInputOfAPolicyIsNotSent(t *testing.T) {
	t.Parallel()
	for name, send := range map[string]func(context.Context, policies.Client) error{
		"policies.Create: DisplayName": func(ctx context.Context, c policies.Client) error {
			_, err := c.Create(ctx, policies.Spec{})
			return err
		},
		"policies.Update: Update": func(ctx context.Context, c policies.Client) error {
			return c.Update(ctx, "x", policies.Update{})
		},
		"policies.Get: id": func(ctx context.Context, c policies.Client) error {
			_, err := c.Get(ctx, "")
			return err
		},
		"policies.CreateRing: DisplayName": func(ctx context.Context, c policies.Client) error {
			_, err := c.CreateRing(ctx, "x", policies.RingSpec{})
			return err
		},
		"policies.CreateRing: policyID": func(ctx context.Context, c policies.Client) error {
			_, err := c.CreateRing(ctx, "", pilotRing)
			return err
		},
		"policies.UpdateRing: RingUpdate": func(ctx context.Context, c policies.Client) error {
			return c.UpdateRing(ctx, "x", "y", policies.RingUpdate{})
		},
		"policies.PauseRing: ringID": func(ctx context.Context, c policies.Client) error {
			return c.PauseRing(ctx, "x", "")
		},
		"policies.Approve: entryID": func(ctx context.Context, c policies.Client) error {
			_, err := c.Approve(ctx, "x", "")
			return err
		},
		"policies.SuspendApproval: approvalID": func(ctx context.Context, c policies.Client) error {
			return c.SuspendApproval(ctx, "x", "..")
		},
		"policies.ListMatchedDevices: entryID": func(ctx context.Context, c policies.Client) error {
			return firstOf(ctx, c.ListMatchedDevices("x", "", nil))
		},
	} {
		service := stub.Answering(stub.Answer(200, `{"id":"x"}`))
		err := send(t.Context(), service.Client(t).Policies())
		require.ErrorIs(t, err, apierr.ErrInvalid, name)
		require.ErrorContains(t, err, name)
		require.Empty(t, service.Requests(), name)
	}
}

func TestAChainOfAQualityPolicyEqualsItsLiteral(t *testing.T) {
	t.Parallel()
	require.Equal(t, policies.Spec{
		DisplayName: "a",
		Rules: policies.Rules{
			&policies.QualityUpdateRule{
				RuleBase: policies.RuleBase{DeferralDays: 3}, Classification: "security", Cadence: "monthly",
			},
			&policies.RecoveryUpdateRule{RuleBase: policies.RuleBase{DeferralDays: 4}},
		},
	}, named.Approving(policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly)).Approving(policies.RecoveryDeferredBy(4)))
	require.Equal(t, policies.RingSpec{
		DisplayName: "a", Included: []string{"x", "b"}, Excluded: []string{"c", "d"}, DeferralDays: 5, Paused: true, Hotpatch: new(true),
	},
		policies.RingSpec{DisplayName: "a"}.Including("x").Including("b").Excluding("c").Excluding("d").DeferredBy(5).StartingPaused().
			OfferingHotpatches())
}

func TestACopyOfAQualityPolicyIsIndependent(t *testing.T) {
	t.Parallel()
	rule := policies.RecoveryDeferredBy(1)
	rule.Extra = stub.Extra("a", "1")
	spec := named.Approving(rule)
	spec.Extra = stub.Extra("b", "1")
	other := spec.Approving()

	rule.DeferralDays, rule.Extra["a"] = 2, nil
	spec.Rules[0].Common().DeferralDays, spec.Extra["b"] = 3, nil

	require.Equal(t, 1, other.Rules[0].Common().DeferralDays)
	require.JSONEq(t, "1", string(other.Rules[0].Common().Extra["a"]))
	require.JSONEq(t, "1", string(other.Extra["b"]))

	groups := []string{"g"}
	ring := policies.RingSpec{Extra: stub.Extra("c", "1")}.Including(groups...).Excluding(groups...)
	copied := ring.OfferingHotpatches()
	groups[0], ring.Included[0], ring.Excluded[0], ring.Extra["c"] = "h", "h", "h", nil
	require.Equal(t, policies.RingSpec{Included: []string{"g"}, Excluded: []string{"g"}, Hotpatch: new(true), Extra: stub.Extra("c", "1")}, copied)
}
