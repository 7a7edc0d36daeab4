package policies_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
)

func TestValuesPrintOneReadableLine(t *testing.T) {
	t.Parallel()
	security := policies.QualityDeferredBy(1, catalog.ClassificationSecurity, catalog.CadenceMonthly)
	unknown := &policies.UnknownRule{Kind: "lunarRule", RuleBase: policies.RuleBase{Extra: stub.Extra("new", "1")}}
	rules := policies.Rules{security, policies.RecoveryDeferredBy(0), unknown}
	const listed = "security monthly updates after 1 day, recovery updates after 0 days, unknown rule lunarRule after 0 days, extra new"
	pilots := policies.RingGroups{Assigned: []policies.AssignedGroup{{GroupID: "g"}}, Incomplete: true}
	for want, value := range map[string]any{
		`quality policy p "Monthly"; ` + listed + `; extra a`: &policies.Policy{ID: "p", Kind: policies.KindQualityPolicy, DisplayName: "Monthly", Rules: rules, Extra: stub.Extra("a", "1")},
		`quality policy "two lines"`:                          policies.QualityPolicy("two lines"),
		`description "b", rules none`:                         policies.QualityPolicyUpdate{Description: odata.Set("b"), Rules: odata.Set(policies.Rules(nil))},
		`quality ring r "Pilot", included 1 group or more, excluded 0 groups, 2 days, paused`: &policies.QualityUpdateRing{RingBase: policies.RingBase{
			ID: "r", DisplayName: "Pilot", Included: pilots, DeferralDays: 2, Paused: true,
		}},
		`quality ring "Pilot", included 2 groups, excluded 0 groups, 0 days, with hotpatches`: policies.QualityRing("Pilot").Including("a", "b").OfferingHotpatches(),
		`included 0 groups, deferral null, paused false`: policies.QualityRingUpdate{
			Included: odata.Set([]string{}), DeferralDays: odata.Null[int](), Paused: odata.Set(false),
		},
		`feature policy "Windows"; extra new`:           policies.FeaturePolicySpec{DisplayName: "Windows", Extra: stub.Extra("new", "1")},
		`driver policy "Drivers"; drivers after 7 days`: policies.DriverPolicy("Drivers").Approving(policies.DriverDeferredBy(7)),
		`policy p`:                  policies.Policy{ID: "p", Kind: "policy"},
		`name "b"`:                  policies.FeaturePolicyUpdate{DisplayName: odata.Set("b")},
		`rules drivers after 1 day`: policies.DriverPolicyUpdate{Rules: odata.Set(policies.Rules{policies.DriverDeferredBy(1)})},
		`feature ring r "Broad", included 0 groups, excluded 0 groups, 14 days, every 7 days for 28 days`: &policies.FeatureUpdateRing{
			RingBase: policies.RingBase{ID: "r", DisplayName: "Broad", DeferralDays: 14}, OfferIntervalDays: new(7), OfferDurationDays: new(28),
		},
		`feature ring "Broad", included 0 groups, excluded 1 group, 0 days, paused, every 0 days`: policies.FeatureRing("Broad").
			Excluding("a").StartingPaused().OfferingEvery(0),
		`driver ring r, included 0 groups, excluded 0 groups, 60 days`:                       policies.DriverUpdateRing{RingBase: policies.RingBase{ID: "r", DeferralDays: 60}},
		`driver ring "Broad", included 0 groups, excluded 0 groups, 1 day`:                   policies.DriverRing("Broad").DeferredBy(1),
		`unknown ring ring r, included 0 groups, excluded 0 groups, 0 days`:                  policies.UnknownRing{RingBase: policies.RingBase{ID: "r"}, Kind: "ring"},
		`interval 0 days, duration null`:                                                     policies.FeatureRingUpdate{OfferIntervalDays: odata.Set(0), OfferDurationDays: odata.Null[int]()},
		`deferral 3 days, extra new`:                                                         policies.DriverRingUpdate{DeferralDays: odata.Set(3), Extra: stub.Extra("new", "1")},
		`hotpatches false`:                                                                   policies.QualityRingUpdate{Hotpatch: odata.Set(false)},
		`quality ring "a", included 0 groups, excluded 0 groups, 0 days, without hotpatches`: policies.QualityRing("a").WithholdingHotpatches(),
		`entry e, 1 device, recommended for some`:                                            policies.ApplicableCatalog{EntryID: "e", DeviceCount: new(1), HasRecommended: new(true)},
		`entry e, recommended for none`:                                                      policies.ApplicableCatalog{EntryID: "e", HasRecommended: new(false)},
		`Contoso Display 1.2, entry e, 2 devices`: policies.ApplicableCatalog{EntryID: "e", DeviceCount: new(2), Entry: &catalog.DriverUpdate{
			Base: catalog.Base{DisplayName: "Contoso Display"}, Version: "1.2",
		}},
		`entry e, unknown deviceCount, extra deviceCount`: policies.ApplicableCatalog{EntryID: "e", Extra: stub.Extra("deviceCount", `"x"`)},
		`p unchanged`:          policies.Ensured{ID: "p", Outcome: policies.OutcomeUnchanged},
		`approval a, approved`: policies.Approval{ID: "a", Status: policies.StatusApproved},
		`approval a, unknown catalogEntryId, unknown status, extra catalogEntryId, status`: policies.Approval{
			ID: "a", Extra: map[string]json.RawMessage{"catalogEntryId": []byte("7"), "status": []byte("7")},
		},
		`approval a of entry e, suspended`: &policies.Approval{ID: "a", EntryID: "e", Status: policies.StatusSuspended},
		`g`:                                pilots.Assigned[0],
	} {
		require.Equal(t, want, fmt.Sprint(value))
	}
}
