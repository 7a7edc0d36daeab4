package policies_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// A chain for the wrong kind does not compile. These are the rules that fit.
var (
	_ policies.QualityRule = (*policies.QualityUpdateRule)(nil)
	_ policies.QualityRule = (*policies.RecoveryUpdateRule)(nil)
	_ policies.QualityRule = (*policies.UnknownRule)(nil)
	_ policies.DriverRule  = (*policies.DriverUpdateRule)(nil)
	_ policies.DriverRule  = (*policies.UnknownRule)(nil)
)

func TestARuleOfAnotherKindFitsNoPolicy(t *testing.T) {
	t.Parallel()
	_, fits := policies.Rule(policies.DriverDeferredBy(1)).(policies.QualityRule)
	require.False(t, fits)
	for _, rule := range []policies.Rule{policies.QualityDeferredBy(1, "security", "monthly"), policies.RecoveryDeferredBy(1)} {
		_, fits := rule.(policies.DriverRule)
		require.False(t, fits)
		spec := policies.DriverPolicySpec{DisplayName: "a", Rules: policies.Rules{rule}}
		require.ErrorContains(t, spec.Validate(), "Rules[0] must be a rule for the kind of the policy (got *policies.")
		update := policies.DriverPolicyUpdate{Rules: odata.Set(policies.Rules{rule})}
		require.ErrorIs(t, update.Validate(), apierr.ErrInvalid)
	}
	driver := policies.Rules{policies.DriverDeferredBy(1)}
	require.EqualError(t, policies.QualityPolicySpec{DisplayName: "a", Rules: driver}.Validate(),
		"Rules[0] must be a rule for the kind of the policy (got *policies.DriverUpdateRule)")
	require.ErrorIs(t, policies.QualityPolicyUpdate{Rules: odata.Set(driver)}.Validate(), apierr.ErrInvalid)
}

func TestNilIsRejectedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"id":"x"}`))
	client, ctx := service.Client(t).Policies(), t.Context()
	for _, spec := range []policies.Spec{nil, (*policies.FeaturePolicySpec)(nil)} {
		_, err := client.Create(ctx, spec)
		require.EqualError(t, err, "policies.Create: spec must not be nil")
		_, err = client.EnsurePolicy(ctx, spec)
		require.EqualError(t, err, "policies.EnsurePolicy: spec must not be nil")
	}
	for _, spec := range []policies.RingSpec{nil, (*policies.DriverRingSpec)(nil)} {
		_, err := client.CreateRing(ctx, "x", spec)
		require.EqualError(t, err, "policies.CreateRing: spec must not be nil")
		_, err = client.EnsureRing(ctx, "x", spec)
		require.EqualError(t, err, "policies.EnsureRing: spec must not be nil")
	}
	require.EqualError(t, client.Update(ctx, "x", nil), "policies.Update: u must not be nil")
	require.EqualError(t, client.UpdateRing(ctx, "x", "y", (*policies.DriverRingUpdate)(nil)), "policies.UpdateRing: u must not be nil")
	require.Empty(t, service.Requests())
}

// enrolled puts devices into the group of pilots, and enrolls them.
func enrolled(t *testing.T, client *updates.Client, service *simulator.Server, category audience.Category, devices ...string) {
	t.Helper()
	require.NoError(t, service.PutGroup(pilots, devices...))
	require.NoError(t, client.Devices().Enroll(t.Context(), category, devices, nil))
	service.Advance(time.Hour)
}

func TestAFeatureRingOffersAnApprovedUpdatePartByPart(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	enrolled(t, client, service, audience.CategoryFeature, device1, device2, device3)
	p, r := newRing(t, client, policies.FeaturePolicy("Windows"),
		policies.FeatureRing("Broad").Including(pilots).DeferredBy(14).OfferingEvery(7).OfferingFor(21))
	require.Equal(t, policies.KindFeaturePolicy, p.Kind)
	update, err := client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 25H2")
	require.NoError(t, err)
	_, err = client.Policies().Approve(t.Context(), p.ID, update.ID)
	require.NoError(t, err)
	offered := func() int { return len(service.RingOffers(r.ID)) }

	service.Advance(13 * day)
	require.Equal(t, 0, offered())
	service.Advance(day)
	require.Equal(t, 1, offered())
	service.Advance(7 * day)
	require.Equal(t, 2, offered())
	require.NoError(t, client.Policies().UpdateRing(t.Context(), p.ID, r.ID, policies.FeatureRingUpdate{OfferIntervalDays: odata.Set(0)}))
	service.Advance(time.Minute)
	require.Equal(t, 3, offered(), "an interval of 0 offers to all")
	ring, err := client.Policies().GetRing(t.Context(), p.ID, r.ID)
	require.NoError(t, err)
	require.Equal(t, new(0), ring.(*policies.FeatureUpdateRing).OfferIntervalDays)
	require.Equal(t, new(21), ring.(*policies.FeatureUpdateRing).OfferDurationDays)
}

func TestADriverPolicyApprovesByRuleAndByEntry(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	enrolled(t, client, service, audience.CategoryDriver, device1, device2)
	p, r := newRing(t, client, policies.DriverPolicy("Drivers").Approving(policies.DriverDeferredBy(40)),
		policies.DriverRing("Pilot").Including(pilots).DeferredBy(2))
	require.Equal(t, policies.KindDriverPolicy, p.Kind)
	require.Equal(t, policies.Rules{policies.DriverDeferredBy(40)}, p.Rules)
	byRule, byEntry := service.AddDriver("Contoso", "Display", "1.0"), service.AddDriver("Contoso", "Display", "2.0")
	require.NoError(t, service.MakeApplicable(byRule, []string{"Microsoft"}, device1))
	require.NoError(t, service.MakeApplicable(byEntry, nil, device2))
	_, err := client.Policies().Approve(t.Context(), p.ID, byEntry)
	require.NoError(t, err)
	offered := func() (entries []string) {
		for _, offer := range service.RingOffers(r.ID) {
			entries = append(entries, offer.EntryID)
		}
		return entries
	}
	service.Advance(2 * day)
	require.Equal(t, []string{byEntry}, offered())
	service.Advance(41 * day)
	require.Equal(t, []string{byEntry, byRule}, offered())

	require.NoError(t, client.Policies().Update(t.Context(), p.ID, policies.DriverPolicyUpdate{Rules: odata.Set(policies.Rules{})}))
	require.NoError(t, client.Policies().UpdateRing(t.Context(), p.ID, r.ID, policies.DriverRingUpdate{DeferralDays: odata.Set(100)}))
	p, err = client.Policies().Get(t.Context(), p.ID)
	require.NoError(t, err)
	require.Empty(t, p.Rules)
	ring, err := client.Policies().GetRing(t.Context(), p.ID, r.ID)
	require.NoError(t, err)
	require.IsType(t, &policies.DriverUpdateRing{}, ring)
	require.Equal(t, 100, ring.Common().DeferralDays)
}

// Samples of the documentation have the abstract types.
func TestRingsOfAbstractTypesArePausedAndResumed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy policies.Spec
		ring   policies.RingSpec
		read   policies.Ring
	}{
		"quality": {policies.QualityPolicy("a"), policies.QualityRing("a"), &policies.QualityUpdateRing{}},
		"feature": {policies.FeaturePolicy("a"), policies.FeatureRing("a").OfferingEvery(7), &policies.FeatureUpdateRing{}},
		"driver":  {policies.DriverPolicy("a"), policies.DriverRing("a"), &policies.UnknownRing{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, service := stub.OnSimulator(t, nil)
			service.SetQuirks(simulator.Quirks{AbstractTypes: true})
			p, r := newRing(t, client, c.policy, c.ring)
			require.Equal(t, policies.PolicyKind("policy"), p.Kind)
			require.NoError(t, client.Policies().PauseRing(t.Context(), p.ID, r.ID))
			ring, err := client.Policies().GetRing(t.Context(), p.ID, r.ID)
			require.NoError(t, err)
			require.IsType(t, c.read, ring)
			require.True(t, ring.Common().Paused)
			require.NoError(t, client.Policies().ResumeRing(t.Context(), p.ID, r.ID))
			ring, err = client.Policies().GetRing(t.Context(), p.ID, r.ID)
			require.NoError(t, err)
			require.False(t, ring.Common().Paused)
		})
	}
}

func TestApplicableCatalogsOfAPolicyHaveDevices(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "of drivers", testApplicableCatalogs)
}

func testApplicableCatalogs(t *testing.T) {
	client, service := stub.OnSimulator(t, &simulator.Options{PageSize: 1})
	enrolled(t, client, service, audience.CategoryDriver, device1, device2)
	p, _ := newRing(t, client, policies.DriverPolicy("Drivers"), policies.DriverRing("Pilot").Including(pilots))
	driver := service.AddDriver("Contoso", "Display", "1.0")
	require.NoError(t, service.MakeApplicable(driver, []string{"Microsoft"}, device1))
	require.NoError(t, service.MakeApplicable(driver, nil, device2, device3))
	want := &policies.ApplicableCatalog{EntryID: driver, DeviceCount: new(2), HasRecommended: new(true)}

	all, err := client.Policies().ListApplicableCatalogs(p.ID, nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []*policies.ApplicableCatalog{want}, all)
	got, err := client.Policies().GetApplicableCatalog(t.Context(), p.ID, driver)
	require.NoError(t, err)
	require.Equal(t, want, got)
	devices, err := client.Policies().ListApplicableDevices(p.ID, driver, nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []*audience.ApplicableDevice{{DeviceID: device1, Recommended: true}, {DeviceID: device2}}, devices)
	_, err = client.Policies().GetApplicableCatalog(t.Context(), p.ID, "none")
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

func TestAnApplicableCatalogIsReadWhole(t *testing.T) {
	t.Parallel()
	const driver = `{"@odata.type":"#` + types + `driverUpdateCatalogEntry","id":"e"}`
	service := stub.Answering(stub.Answer(200, `{"id":"e","deviceCount":0,"hasRecommendedDevice":null,"new":1,
		"catalogEntry":`+driver+`,"devices":[null,{"id":"d","isRecommended":true}]}`))
	got, err := service.Client(t).Policies().GetApplicableCatalog(t.Context(), policyID, "e")
	require.NoError(t, err)
	require.Equal(t, &policies.ApplicableCatalog{
		EntryID: "e", DeviceCount: new(0), Extra: stub.Extra("new", "1"),
		Entry:   &catalog.DriverUpdate{Base: catalog.Base{ID: "e", Kind: catalog.KindDriver}},
		Devices: []*audience.ApplicableDevice{{DeviceID: "d", Recommended: true}},
	}, got)
}

func TestListsOfApplicableCatalogsHaveFewerOptions(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[{"id":"e"}]}`))
	client, ctx := service.Client(t).Policies(), t.Context()
	for want, q := range map[string]*odata.Query{
		"Query.Top must be 0 to 2147483647 (got -1); Query.Skip must be 0, because the service does not skip in this list (got 1); " +
			`Query.Expand must be empty, because the service expands nothing in this list (got "a"); ` +
			`Query.Expand must be empty, because the service expands nothing in this list (got "b")`: {Top: -1, Skip: 1, Expand: []string{"a", "b"}},
		"Query.Skip must be 0, because the service does not skip in this list (got 1)":                      {Skip: 1},
		`Query.Expand must be empty, because the service expands nothing in this list (got "catalogEntry")`: {Expand: []string{"catalogEntry"}},
	} {
		_, err := client.ListApplicableCatalogs(policyID, q).First(ctx)
		require.EqualError(t, err, "policies.ListApplicableCatalogs: "+want)
		_, err = client.ListApplicableDevices(policyID, "e", q).First(ctx)
		require.EqualError(t, err, "policies.ListApplicableDevices: "+want)
	}
	require.Empty(t, service.Requests())
	require.NoError(t, firstOf(ctx, client.ListApplicableCatalogs(policyID, &odata.Query{Top: 3, Count: true, Filter: "deviceCount gt 1"})))
	require.Contains(t, service.Last(t).URL.RawQuery, "$top=3")
}
