package policies_test

import (
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
		`approval a of entry e, suspended`: &policies.Approval{ID: "a", EntryID: "e", Status: policies.StatusSuspended},
		`g`:                                pilots.Assigned[0],
	} {
		require.Equal(t, want, fmt.Sprint(value))
	}
}
