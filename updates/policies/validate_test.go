package policies_test

import (
	"context"
	"math"
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
var named = policies.QualityPolicy("a")

func TestProblemsOfAPolicyAreNamed(t *testing.T) {
	t.Parallel()
	withExtra := policies.RecoveryDeferredBy(1)
	withExtra.Extra = stub.Extra("deferralInDays", "2")
	for _, c := range []struct {
		want string
		spec policies.Spec
	}{
		{"DisplayName must not be empty", policies.QualityPolicySpec{}},
		{
			"DisplayName must have at most 200 characters (got 201)",
			policies.QualityPolicySpec{DisplayName: strings.Repeat("ü", 201)},
		},
		{
			"Description must have at most 1500 characters (got 1501)",
			policies.QualityPolicySpec{DisplayName: "a", Description: strings.Repeat("ü", 1501)},
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
		{`Rules[0].Extra["deferralInDays"] must be the name of a property that no field sends`, named.Approving(withExtra)},
		{
			`QualityPolicySpec.Extra["displayName"] must be the name of a property that no field sends`,
			policies.QualityPolicySpec{DisplayName: "a", Extra: stub.Extra("displayName", "1")},
		},
		{`QualityPolicySpec.Extra["new"] must be JSON`, policies.QualityPolicySpec{DisplayName: "a", Extra: stub.Extra("new", "{")}},
	} {
		require.EqualError(t, c.spec.Validate(), c.want)
		require.ErrorIs(t, c.spec.Validate(), apierr.ErrInvalid)
	}
}

// ownRule is a rule that another package declared.
type ownRule struct{ policies.RecoveryUpdateRule }

func TestTheLimitsThemselvesPass(t *testing.T) {
	t.Parallel()
	require.NoError(t, policies.QualityPolicySpec{DisplayName: strings.Repeat("ü", 200), Description: strings.Repeat("ü", 1500)}.
		Approving(policies.QualityDeferredBy(30, "new", "new"), &policies.UnknownRule{Kind: "lunarRule"}).Validate())
	require.NoError(t, policies.QualityRing("a").DeferredBy(30).Validate())
	require.NoError(t, policies.FeatureRing("a").DeferredBy(400).OfferingEvery(0).OfferingFor(math.MaxInt32).Validate())
	require.NoError(t, policies.DriverRing("a").DeferredBy(math.MaxInt32).Validate())
	require.NoError(t, policies.DriverPolicy("a").
		Approving(policies.DriverDeferredBy(math.MaxInt32), &policies.UnknownRule{Kind: "lunarRule", RuleBase: policies.RuleBase{DeferralDays: 31}}).
		Validate())
}

func TestProblemsOfARingAreNamed(t *testing.T) {
	t.Parallel()
	ring, extra := policies.QualityRing("a"), policies.QualityRing("a")
	extra.Extra = stub.Extra("isPaused", "true")
	hotpatch := ring.OfferingHotpatches()
	hotpatch.Extra = stub.Extra("isHotpatchEnabled", "false")
	interval := policies.FeatureRing("a").OfferingEvery(1)
	interval.Extra = stub.Extra("offerIntervalInDays", "2")
	for want, spec := range map[string]policies.RingSpec{
		"DisplayName must not be empty":                            policies.DriverRing(""),
		"DisplayName must have at most 200 characters (got 201)":   policies.FeatureRing(strings.Repeat("a", 201)),
		"Description must have at most 1500 characters (got 1501)": ring.DescribedAs(strings.Repeat("a", 1501)),
		"Included[1] must not be empty":                            ring.Including(pilots, ""),
		"DeferralDays must be 0 to 30 days (got 31)":               ring.DeferredBy(31),
		"DeferralDays must be 0 to 2147483647 days (got -1)":       policies.DriverRing("a").DeferredBy(-1),
		"DeferralDays must be 0 to 2147483647 days (got -2)":       policies.FeatureRing("a").DeferredBy(-2),
		"OfferIntervalDays must be 0 to 2147483647 days (got -1)":  policies.FeatureRing("a").OfferingEvery(-1),
		"OfferDurationDays must be 0 to 2147483647 days (got -7)":  policies.FeatureRing("a").OfferingFor(-7),

		`QualityRingSpec.Extra["isPaused"] must be the name of a property that no field sends`:            extra,
		`QualityRingSpec.Extra["isHotpatchEnabled"] must be the name of a property that no field sends`:   hotpatch,
		`FeatureRingSpec.Extra["offerIntervalInDays"] must be the name of a property that no field sends`: interval,
		"DisplayName must not be empty\nDeferralDays must be 0 to 30 days (got -1)":                       policies.QualityRing("").DeferredBy(-1),
	} {
		require.EqualError(t, spec.Validate(), want)
	}
}

// The name of a group is no ID, and would include no device or be rejected without its reason.
func TestWhatIsNoIDOfAGroupIsRejected(t *testing.T) {
	t.Parallel()
	const rule = " must be the ID of a Microsoft Entra group, a GUID with hyphens and not its name, " +
		"for which GET /groups?$filter=displayName eq 'NAME' of Microsoft Graph returns the id"
	const zero = "00000000-0000-0000-0000-000000000000"
	for _, none := range []string{"Pilots", " " + pilots, "{" + pilots + "}", "..", zero} {
		for field, invalid := range map[string]interface{ Validate() error }{
			"Included[1]": policies.QualityRing("a").Including(pilots, none),
			"Excluded[0]": policies.FeatureRing("a").Excluding(none),
			"Included[0]": policies.DriverRingUpdate{Included: odata.Set([]string{none})},
			"Excluded[1]": policies.QualityRingUpdate{Excluded: odata.Set([]string{pilots, none})},
		} {
			require.EqualError(t, invalid.Validate(), field+rule+` (got "`+none+`")`)
		}
	}
	require.NoError(t, policies.DriverRing("a").Including(strings.ToUpper(pilots)).Validate())
}

func TestProblemsOfAChangeAreNamed(t *testing.T) {
	t.Parallel()
	for want, update := range map[string]interface{ Validate() error }{
		"QualityPolicyUpdate must change something": policies.QualityPolicyUpdate{},
		"QualityRingUpdate must change something":   policies.QualityRingUpdate{},
		"DisplayName must not be null":              policies.QualityPolicyUpdate{DisplayName: odata.Null[string]()},
		"Description must not be null":              policies.QualityPolicyUpdate{Description: odata.Null[string]()},
		"Rules must not be null":                    policies.QualityPolicyUpdate{Rules: odata.Null[policies.Rules]()},
		"Rules[0].DeferralDays must be 0 to 30 days (got 31)": policies.QualityPolicyUpdate{
			Rules: odata.Set(policies.Rules{policies.RecoveryDeferredBy(31)}),
		},
		"DisplayName must not be empty":                           policies.QualityRingUpdate{DisplayName: odata.Set("")},
		"Included must not be null":                               policies.QualityRingUpdate{Included: odata.Null[[]string]()},
		"Excluded[0] must not be empty":                           policies.QualityRingUpdate{Excluded: odata.Set([]string{""})},
		"DeferralDays must be 0 to 30 days (got 31)":              policies.QualityRingUpdate{DeferralDays: odata.Set(31)},
		"Paused must not be null":                                 policies.QualityRingUpdate{Paused: odata.Null[bool]()},
		"FeaturePolicyUpdate must change something":               policies.FeaturePolicyUpdate{},
		"DriverPolicyUpdate must change something":                policies.DriverPolicyUpdate{},
		"FeatureRingUpdate must change something":                 policies.FeatureRingUpdate{},
		"DriverRingUpdate must change something":                  policies.DriverRingUpdate{},
		"OfferIntervalDays must be 0 to 2147483647 days (got -1)": policies.FeatureRingUpdate{OfferIntervalDays: odata.Set(-1)},
		"OfferDurationDays must be 0 to 2147483647 days (got -7)": policies.FeatureRingUpdate{OfferDurationDays: odata.Set(-7)},
		"DeferralDays must be 0 to 2147483647 days (got -1)":      policies.DriverRingUpdate{DeferralDays: odata.Set(-1)},
		`FeatureRingUpdate.Extra["offerDurationInDays"] must be the name of a property that no field sends`: policies.FeatureRingUpdate{
			OfferDurationDays: odata.Set(1), Extra: stub.Extra("offerDurationInDays", "2"),
		},
		"Hotpatch must not be null": policies.QualityRingUpdate{Hotpatch: odata.Null[bool]()},
		`QualityRingUpdate.Extra["isPaused"] must be the name of a property that no field sends`: policies.QualityRingUpdate{
			Paused: odata.Set(true), Extra: stub.Extra("isPaused", "true"),
		},
	} {
		require.EqualError(t, update.Validate(), want)
	}
	require.NoError(t, policies.QualityRingUpdate{DeferralDays: odata.Null[int]()}.Validate())
	require.NoError(t, policies.FeatureRingUpdate{OfferIntervalDays: odata.Null[int](), OfferDurationDays: odata.Null[int]()}.Validate())
	require.NoError(t, policies.QualityRingUpdate{Extra: stub.Extra("isPaused", "true")}.Validate())
}

func TestInvalidInputOfAPolicyIsNotSent(t *testing.T) {
	t.Parallel()
	for name, send := range map[string]func(context.Context, policies.Client) error{
		"policies.Create: DisplayName": func(ctx context.Context, c policies.Client) error {
			_, err := c.Create(ctx, policies.QualityPolicySpec{})
			return err
		},
		"policies.Update: QualityPolicyUpdate": func(ctx context.Context, c policies.Client) error {
			return c.Update(ctx, "x", policies.QualityPolicyUpdate{})
		},
		"policies.Get: id": func(ctx context.Context, c policies.Client) error {
			_, err := c.Get(ctx, "")
			return err
		},
		"policies.CreateRing: DisplayName": func(ctx context.Context, c policies.Client) error {
			_, err := c.CreateRing(ctx, "x", policies.QualityRingSpec{})
			return err
		},
		"policies.CreateRing: policyID": func(ctx context.Context, c policies.Client) error {
			_, err := c.CreateRing(ctx, "", pilotRing)
			return err
		},
		"policies.UpdateRing: QualityRingUpdate": func(ctx context.Context, c policies.Client) error {
			return c.UpdateRing(ctx, "x", "y", policies.QualityRingUpdate{})
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
		"policies.GetApplicableCatalog: entryID": func(ctx context.Context, c policies.Client) error {
			_, err := c.GetApplicableCatalog(ctx, "x", "")
			return err
		},
		"policies.ListApplicableDevices: entryID": func(ctx context.Context, c policies.Client) error {
			return firstOf(ctx, c.ListApplicableDevices("x", "..", nil))
		},
		"policies.ListApplicableCatalogs: policyID": func(ctx context.Context, c policies.Client) error {
			return firstOf(ctx, c.ListApplicableCatalogs("", nil))
		},
		"policies.EnsurePolicy: DisplayName": func(ctx context.Context, c policies.Client) error {
			_, err := c.EnsurePolicy(ctx, policies.FeaturePolicy(""))
			return err
		},
		"policies.EnsureRing: policyID": func(ctx context.Context, c policies.Client) error {
			_, err := c.EnsureRing(ctx, "", pilotRing)
			return err
		},
		"policies.EnsureRing: DeferralDays": func(ctx context.Context, c policies.Client) error {
			_, err := c.EnsureRing(ctx, "x", pilotRing.DeferredBy(31))
			return err
		},
		"policies.UpdateRing: OfferIntervalDays": func(ctx context.Context, c policies.Client) error {
			return c.UpdateRing(ctx, "x", "y", policies.FeatureRingUpdate{OfferIntervalDays: odata.Set(-1)})
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
	require.Equal(t, policies.QualityPolicySpec{
		DisplayName: "a",
		Rules: policies.Rules{
			&policies.QualityUpdateRule{
				RuleBase: policies.RuleBase{DeferralDays: 3}, Classification: "security", Cadence: "monthly",
			},
			&policies.RecoveryUpdateRule{RuleBase: policies.RuleBase{DeferralDays: 4}},
		},
	}, named.Approving(policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly)).Approving(policies.RecoveryDeferredBy(4)))
	require.Equal(t, policies.FeaturePolicySpec{DisplayName: "a", Description: "b"}, policies.FeaturePolicy("a").DescribedAs("b"))
	require.Equal(t, policies.DriverPolicySpec{
		DisplayName: "a", Description: "b", Rules: policies.Rules{&policies.DriverUpdateRule{RuleBase: policies.RuleBase{DeferralDays: 60}}},
	}, policies.DriverPolicy("a").DescribedAs("b").Approving(policies.DriverDeferredBy(60)))
}

func TestAChainOfARingEqualsItsLiteral(t *testing.T) {
	t.Parallel()
	base := policies.RingSpecBase{
		DisplayName: "a", Description: "b", Included: []string{"x", "y"}, Excluded: []string{"c", "d"}, DeferralDays: 5, Paused: true,
	}
	require.Equal(t, policies.QualityRingSpec{RingSpecBase: base, Hotpatch: new(true)},
		policies.QualityRing("a").Including("x").Including("y").Excluding("c").Excluding("d").DeferredBy(5).StartingPaused().
			DescribedAs("b").OfferingHotpatches())
	require.Equal(t, policies.QualityRingSpec{RingSpecBase: base, Hotpatch: new(false)},
		policies.QualityRing("a").WithholdingHotpatches().DescribedAs("b").StartingPaused().DeferredBy(5).Excluding("c", "d").Including("x", "y"))
	require.Equal(t, policies.FeatureRingSpec{RingSpecBase: base, OfferIntervalDays: new(0), OfferDurationDays: new(28)},
		policies.FeatureRing("a").DescribedAs("b").Including("x").Including("y").Excluding("c").Excluding("d").DeferredBy(5).
			StartingPaused().OfferingEvery(0).OfferingFor(28))
	require.Equal(t, policies.DriverRingSpec{RingSpecBase: base},
		policies.DriverRing("a").DescribedAs("b").Including("x").Including("y").Excluding("c").Excluding("d").DeferredBy(5).StartingPaused())
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
	ring := policies.QualityRingSpec{RingSpecBase: policies.RingSpecBase{Extra: stub.Extra("c", "1")}}.Including(groups...).Excluding(groups...)
	copied := ring.OfferingHotpatches()
	groups[0], ring.Included[0], ring.Excluded[0], ring.Extra["c"] = "h", "h", "h", nil
	require.Equal(t, policies.QualityRingSpec{
		RingSpecBase: policies.RingSpecBase{Included: []string{"g"}, Excluded: []string{"g"}, Extra: stub.Extra("c", "1")}, Hotpatch: new(true),
	}, copied)
	steps := policies.FeatureRing("a").OfferingEvery(7).OfferingFor(28)
	other7 := steps.Including("g")
	*steps.OfferIntervalDays, *steps.OfferDurationDays = 1, 2
	require.Equal(t, []int{7, 28}, []int{*other7.OfferIntervalDays, *other7.OfferDurationDays})
}
