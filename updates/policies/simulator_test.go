package policies_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// newRing makes a policy and a ring of it.
func newRing(
	t *testing.T, client *updates.Client, policy policies.Spec, ring policies.RingSpec,
) (*policies.Policy, *policies.RingBase) {
	t.Helper()
	p, err := client.Policies().Create(t.Context(), policy)
	require.NoError(t, err)
	r, err := client.Policies().CreateRing(t.Context(), p.ID, ring)
	require.NoError(t, err)
	return p, r.Common()
}

// newestQuality is the latest quality update of the catalog.
func newestQuality(t *testing.T, client *updates.Client) *catalog.QualityUpdate {
	t.Helper()
	update, err := client.Catalog().ListQualityUpdates(catalog.QualityQuery{}.OfClassification(catalog.ClassificationSecurity).
		OfCadence(catalog.CadenceMonthly).NewestFirst()).First(t.Context())
	require.NoError(t, err)
	return update
}

func TestAPolicyAndItsRingsLiveAndEnd(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	quality, ctx := client.Policies(), t.Context()
	p, r := newRing(t, client, monthlyPolicy, pilotRing.Excluding(everybody).DeferredBy(2))
	require.Equal(t, policies.KindQualityPolicy, p.Kind)
	require.Equal(t, monthlyPolicy.Rules, p.Rules)
	require.Equal(t, []string{pilots}, r.Included.IDs())
	require.Equal(t, []string{everybody}, r.Excluded.IDs())

	require.NoError(t, quality.Update(ctx, p.ID, policies.QualityPolicyUpdate{
		DisplayName: odata.Set("b"), Rules: odata.Set[policies.Rules](nil),
	}))
	p, err := quality.Get(ctx, p.ID)
	require.NoError(t, err)
	require.Equal(t, "b", p.DisplayName)
	require.Equal(t, monthlyPolicy.Description, p.Description)
	require.Empty(t, p.Rules)

	require.NoError(t,
		quality.UpdateRing(ctx, p.ID, r.ID, policies.QualityRingUpdate{Excluded: odata.Set([]string{}), DeferralDays: odata.Null[int]()}))
	require.NoError(t, quality.PauseRing(ctx, p.ID, r.ID))
	ring, err := quality.GetRing(ctx, p.ID, r.ID)
	require.NoError(t, err)
	require.Equal(t, new(true), ring.(*policies.QualityUpdateRing).Hotpatch)
	r = ring.Common()
	require.True(t, r.Paused)
	require.Empty(t, r.Excluded.IDs())
	require.Equal(t, []string{pilots}, r.Included.IDs())
	require.Zero(t, r.DeferralDays)

	all, err := quality.List(&odata.Query{Filter: "isof('" + types + "qualityUpdatePolicy')"}).Collect(ctx, 10)
	require.NoError(t, err)
	require.Equal(t, []*policies.Policy{p}, all)

	require.NoError(t, quality.DeleteRing(ctx, p.ID, r.ID))
	rings, err := quality.ListRings(p.ID, nil).Collect(ctx, 10)
	require.NoError(t, err)
	require.Empty(t, rings)
	require.NoError(t, quality.Delete(ctx, p.ID))
	_, err = quality.Get(ctx, p.ID)
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

func TestARingOffersWhatARuleApprovesAfterBothDeferrals(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	require.NoError(t, service.PutGroup(pilots, device1, device2))
	require.NoError(t, service.PutGroup(everybody, device2))
	entryID, err := service.AddEntry(map[string]any{
		"@odata.type": "#" + types + "qualityUpdateCatalogEntry", "displayName": "new",
		"releaseDateTime":             time.Now().UTC().Format(time.RFC3339),
		"qualityUpdateClassification": "security", "qualityUpdateCadence": "outOfBand", "isExpeditable": true,
	})
	require.NoError(t, err)
	_, r := newRing(t, client,
		policies.QualityPolicy("a").Approving(policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceOutOfBand)),
		pilotRing.Excluding(everybody).DeferredBy(4))
	offered := func() []string {
		var devices []string
		for _, offer := range service.RingOffers(r.ID) {
			if offer.EntryID == entryID {
				devices = append(devices, offer.DeviceID)
			}
		}
		return devices
	}

	service.Advance(6 * day)
	require.Empty(t, offered())
	service.Advance(1*day + time.Hour)
	require.Equal(t, []string{device1}, offered())
}

func TestASuspendedApprovalStopsOffers(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	quality, ctx := client.Policies(), t.Context()
	require.NoError(t, service.PutGroup(pilots, device1))
	entry := newestQuality(t, client)
	p, r := newRing(t, client, named, pilotRing)

	approval, err := quality.Approve(ctx, p.ID, entry.ID)
	require.NoError(t, err)
	require.Equal(t, policies.StatusApproved, approval.Status)
	require.Equal(t, entry.ID, approval.EntryID)
	service.Advance(day)
	require.Len(t, service.RingOffers(r.ID), 1)

	require.NoError(t, quality.SuspendApproval(ctx, p.ID, approval.ID))
	require.NoError(t, service.PutGroup(pilots, device1, device2))
	service.Advance(day)
	require.Len(t, service.RingOffers(r.ID), 1)
	approval, err = quality.GetApproval(ctx, p.ID, approval.ID)
	require.NoError(t, err)
	require.Equal(t, policies.StatusSuspended, approval.Status)

	require.NoError(t, quality.ResumeApproval(ctx, p.ID, approval.ID))
	service.Advance(day)
	require.Len(t, service.RingOffers(r.ID), 2)
}

func TestAnEntryCanBeSuspendedBeforeARuleApprovesIt(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	require.NoError(t, service.PutGroup(pilots, device1))
	p, r := newRing(t, client, monthlyPolicy, pilotRing.StartingPaused())
	entry := newestQuality(t, client)
	approval, err := client.Policies().Suspend(t.Context(), p.ID, entry.ID)
	require.NoError(t, err)
	require.Equal(t, policies.StatusSuspended, approval.Status)

	require.NoError(t, client.Policies().ResumeRing(t.Context(), p.ID, r.ID))
	service.Advance(day)
	require.NotEmpty(t, service.RingOffers(r.ID), "the one before it is offered")
	for _, offer := range service.RingOffers(r.ID) {
		require.NotEqual(t, entry.ID, offer.EntryID)
	}
	all, err := client.Policies().ListApprovals(p.ID, nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, all, 1)
}

// The documentation says so, and that is why there is no method for it.
func TestTheServiceRejectsTheDeletionOfAnApproval(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	p, _ := newRing(t, client, named, pilotRing)
	approval, err := client.Policies().Approve(t.Context(), p.ID, newestQuality(t, client).ID)
	require.NoError(t, err)
	err = client.Call(t.Context(), "DELETE", "/policies/"+p.ID+"/approvals/"+approval.ID, nil, nil)
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.ErrorContains(t, err, "Deleting an approval is not supported.")
}

func TestOtherNamesOfTypesLoseNothing(t *testing.T) {
	t.Parallel()
	for name, vices := range map[string]simulator.Quirks{
		"abstract":       {AbstractTypes: true},
		"without a hash": {TypesWithoutHash: true},
		"both":           {AbstractTypes: true, TypesWithoutHash: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, service := stub.OnSimulator(t, nil)
			p, r := newRing(t, client, monthlyPolicy.Approving(policies.RecoveryDeferredBy(5)),
				pilotRing.Excluding(everybody).DeferredBy(3))
			service.SetQuirks(vices)

			policy, err := client.Policies().Get(t.Context(), p.ID)
			require.NoError(t, err)
			policy.Kind = p.Kind
			require.Equal(t, p, policy)
			ring, err := client.Policies().GetRing(t.Context(), p.ID, r.ID)
			require.NoError(t, err)
			require.IsType(t, &policies.QualityUpdateRing{}, ring, "it has the property of its kind")
			require.Equal(t, r, ring.Common())
		})
	}
}

func TestUnknownKindsGoBackAsTheyCame(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	p, _ := newRing(t, client, monthlyPolicy, pilotRing)
	service.SetQuirks(simulator.Quirks{UnknownTypes: true, NullItems: true})
	policy, err := client.Policies().Get(t.Context(), p.ID)
	require.NoError(t, err)
	require.IsType(t, &policies.UnknownRule{}, policy.Rules[0])
	require.NoError(t, client.Policies().Update(t.Context(), p.ID, policies.QualityPolicyUpdate{Rules: odata.Set(policy.Rules)}))

	service.SetQuirks(simulator.Quirks{})
	policy, err = client.Policies().Get(t.Context(), p.ID)
	require.NoError(t, err)
	require.Equal(t, p.Rules, policy.Rules)
}

func TestChangesWhoseConnectionBreaksAreDone(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil, stub.Attempts(3)) // a deletion needs two 404s
	quality, ctx := client.Policies(), t.Context()
	p, r := newRing(t, client, monthlyPolicy, pilotRing)
	approval, err := quality.Approve(ctx, p.ID, newestQuality(t, client).ID)
	require.NoError(t, err)
	for _, change := range []func() error{
		func() error { return quality.PauseRing(ctx, p.ID, r.ID) },
		func() error { return quality.SuspendApproval(ctx, p.ID, approval.ID) },
		func() error {
			return quality.Update(ctx, p.ID, policies.QualityPolicyUpdate{DisplayName: odata.Set("b")})
		},
		func() error { return quality.DeleteRing(ctx, p.ID, r.ID) },
		func() error { return quality.Delete(ctx, p.ID) },
	} {
		service.FailNext(1, simulator.Break().AfterEffect())
		require.NoError(t, change())
	}
}

func TestAPolicyListsWhatItsDevicesNeed(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	require.NoError(t, service.PutGroup(pilots, device1, device2))
	require.NoError(t, service.MakeApplicable(newestQuality(t, client).ID, []string{"Microsoft"}, device1, device2))
	p, _ := newRing(t, client, monthlyPolicy, pilotRing)
	content, err := client.Policies().ListApplicableContent(p.ID, nil).Collect(t.Context(), 1000)
	require.NoError(t, err)
	require.NotEmpty(t, content)
	for _, c := range content {
		devices, err := client.Policies().ListMatchedDevices(p.ID, c.EntryID, nil).Collect(t.Context(), 10)
		require.NoError(t, err)
		require.Len(t, devices, 2)
	}
}
