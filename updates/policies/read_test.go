package policies_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
)

func getQuality(t *testing.T, body string) *policies.Policy {
	t.Helper()
	policy, err := stub.Answering(stub.Answer(200, body)).Client(t).Policies().Get(t.Context(), policyID)
	require.NoError(t, err, body)
	return policy
}

func getRing(t *testing.T, body string) policies.Ring {
	t.Helper()
	ring, err := stub.Answering(stub.Answer(200, body)).Client(t).Policies().GetRing(t.Context(), policyID, ringID)
	require.NoError(t, err, body)
	return ring
}

func getQualityApproval(t *testing.T, body string) *policies.Approval {
	t.Helper()
	approval, err := stub.Answering(stub.Answer(200, body)).Client(t).Policies().GetApproval(t.Context(), policyID, approvalID)
	require.NoError(t, err, body)
	return approval
}

func TestEachFormOfAQualityPolicyIsRead(t *testing.T) {
	t.Parallel()
	rule := policies.QualityDeferredBy(3, "security", "monthly")
	strange := &policies.UnknownRule{Kind: "lunarApprovalRule"}
	strange.DeferralDays, strange.Extra = 4, stub.Extra("phase", `"full"`)
	const members = `"deferralInDays":3,"classification":"security","cadence":"monthly"`
	for name, c := range map[string]struct {
		body string
		want policies.Policy
	}{
		"5.4 rule without a hash": {
			`"approvalRules":[{"@odata.type":"` + types + `qualityUpdateApprovalRule",` + members + `}]`,
			policies.Policy{Rules: policies.Rules{rule}},
		},
		"rule with a hash": {
			`"approvalRules":[{"@odata.type":"#` + types + `qualityUpdateApprovalRule",` + members + `}]`,
			policies.Policy{Rules: policies.Rules{rule}},
		},
		"recovery, without a hash": {
			`"approvalRules":[{"@odata.type":"` + types + `recoveryApprovalRule","deferralInDays":9}]`,
			policies.Policy{Rules: policies.Rules{policies.RecoveryDeferredBy(9)}},
		},
		"rule of an unknown type": {
			`"approvalRules":[null,{"@odata.type":"#` + types + `lunarApprovalRule","deferralInDays":4,"phase":"full"}]`,
			policies.Policy{Rules: policies.Rules{strange}},
		},
		"rule with texts": {
			`"approvalRules":[{"@odata.type":"#` + types + `recoveryApprovalRule","deferralInDays":"9"}]`,
			policies.Policy{Rules: policies.Rules{policies.RecoveryDeferredBy(9)}},
		},
		"no rules": {`"approvalRules":[]`, policies.Policy{Rules: policies.Rules{}}},
		"nothing":  {`"approvalRules":null,"displayName":null,"createdDateTime":null`, policies.Policy{}},
		"5.12 enrollment in samples": {
			`"isAutoEnrollDevices":"Boolean"`, policies.Policy{Extra: stub.Extra("isAutoEnrollDevices", `"Boolean"`)},
		},
		"5.19 abstract type": {
			`"@odata.type":"#` + types + `policy","displayName":"a","new":{"b":[1.50]}`,
			policies.Policy{Kind: "policy", DisplayName: "a", Extra: stub.Extra("new", `{"b":[1.50]}`)},
		},
		"5.19 type without a hash": {
			`"@odata.type":"` + types + `qualityUpdatePolicy","displayName":"a"`,
			policies.Policy{Kind: policies.KindQualityPolicy, DisplayName: "a"},
		},
		"for feature updates": {
			`"@odata.type":"#` + types + `featureUpdatePolicy","displayName":"a","approvalRules":[]`,
			policies.Policy{Kind: policies.KindFeaturePolicy, DisplayName: "a", Rules: policies.Rules{}},
		},
		"for drivers": {
			`"@odata.type":"#` + types + `driverUpdatePolicy","vendor":"b",
			"approvalRules":[{"@odata.type":"#` + types + `driverUpdateApprovalRule","deferralInDays":60,"classification":"x"}]`,
			policies.Policy{
				Kind: policies.KindDriverPolicy, Extra: stub.Extra("vendor", `"b"`), Rules: policies.Rules{
					&policies.DriverUpdateRule{RuleBase: policies.RuleBase{DeferralDays: 60, Extra: stub.Extra("classification", `"x"`)}},
				},
			},
		},
		"another kind of policy": {
			`"@odata.type":"#` + types + `lunarUpdatePolicy","displayName":"a","vendor":"b"`,
			policies.Policy{Kind: "lunarUpdatePolicy", DisplayName: "a", Extra: stub.Extra("vendor", `"b"`)},
		},
		"5.33 year 1": {
			`"createdDateTime":"0001-01-01T00:00:00Z","lastModifiedDateTime":"2026-12-01T08:00:00.1234567Z"`,
			policies.Policy{Modified: time.Date(2026, 12, 1, 8, 0, 0, 123456700, time.UTC)},
		},
		"all that can be expanded": {`"rings":[{"id":"r"}],"approvals":[{"id":"a"}],"applicableContent":[{"catalogEntryId":"e"}],
			"applicableCatalogs":[{"id":"e"}]`,
			policies.Policy{
				Rings: policies.Rings{&policies.UnknownRing{RingBase: policies.RingBase{ID: "r"}}}, Approvals: []*policies.Approval{{ID: "a"}},
				ApplicableContent:  []*audience.ApplicableContent{{EntryID: "e"}},
				ApplicableCatalogs: []*policies.ApplicableCatalog{{EntryID: "e"}},
			}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.want.ID = policyID
			require.Equal(t, &c.want, getQuality(t, `{"id":"`+policyID+`",`+c.body+`}`))
		})
	}
}

// A ring of an abstract type, or of none, is of the kind that its own properties name.
func TestEachKindOfARingIsRead(t *testing.T) {
	t.Parallel()
	base := policies.RingBase{ID: ringID}
	with := func(extra map[string]json.RawMessage) policies.RingBase {
		return policies.RingBase{ID: ringID, Extra: extra}
	}
	typed := func(name string) string { return `"@odata.type":"#` + types + name + `"` }
	both := map[string]json.RawMessage{"isHotpatchEnabled": []byte(`true`), "offerIntervalInDays": []byte(`1`)}
	for name, c := range map[string]struct {
		body string
		want policies.Ring
	}{
		"quality": {typed("qualityUpdateRing") + `,"isHotpatchEnabled":true`, &policies.QualityUpdateRing{RingBase: base, Hotpatch: new(true)}},
		"5.19 type without a hash": {
			`"@odata.type":"` + types + `qualityUpdateRing","isHotpatchEnabled":false`,
			&policies.QualityUpdateRing{RingBase: base, Hotpatch: new(false)},
		},
		"feature": {
			typed("featureUpdateRing") + `,"offerIntervalInDays":0,"offerDurationInDays":28`,
			&policies.FeatureUpdateRing{RingBase: base, OfferIntervalDays: new(0), OfferDurationDays: new(28)},
		},
		"feature, not a word": {typed("featureUpdateRing"), &policies.FeatureUpdateRing{RingBase: base}},
		"driver":              {typed("driverUpdateRing"), &policies.DriverUpdateRing{RingBase: base}},
		"driver with the property of others": {
			typed("driverUpdateRing") + `,"isHotpatchEnabled":"maybe"`,
			&policies.DriverUpdateRing{RingBase: with(stub.Extra("isHotpatchEnabled", `"maybe"`))},
		},
		"5.19 abstract": {typed("ring"), &policies.UnknownRing{RingBase: base, Kind: "ring"}},
		"5.19 abstract, quality": {
			typed("ring") + `,"isHotpatchEnabled":true,"new":1`,
			&policies.QualityUpdateRing{RingBase: with(stub.Extra("new", "1")), Hotpatch: new(true)},
		},
		"abstract, an interval": {
			typed("ring") + `,"offerIntervalInDays":7`, &policies.FeatureUpdateRing{RingBase: base, OfferIntervalDays: new(7)},
		},
		"abstract, a duration": {
			typed("ring") + `,"offerDurationInDays":7`, &policies.FeatureUpdateRing{RingBase: base, OfferDurationDays: new(7)},
		},
		"abstract, numbers in other forms": {
			typed("ring") + `,"offerIntervalInDays":7.0,"offerDurationInDays":"28"`,
			&policies.FeatureUpdateRing{RingBase: base, OfferIntervalDays: new(7), OfferDurationDays: new(28)},
		},
		"abstract, a truth value in another form": {
			typed("ring") + `,"isHotpatchEnabled":"True"`, &policies.QualityUpdateRing{RingBase: base, Hotpatch: new(true)},
		},
		"abstract, a number that is too large": {
			typed("ring") + `,"offerIntervalInDays":3000000000,"offerDurationInDays":7`,
			&policies.FeatureUpdateRing{RingBase: with(stub.Extra("offerIntervalInDays", "3000000000")), OfferDurationDays: new(7)},
		},
		"abstract, null": {typed("ring") + `,"offerIntervalInDays":null`, &policies.FeatureUpdateRing{RingBase: base}},
		"abstract, of two kinds": {
			typed("ring") + `,"isHotpatchEnabled":true,"offerIntervalInDays":1`, &policies.UnknownRing{RingBase: with(both), Kind: "ring"},
		},
		"abstract, unread": {
			typed("ring") + `,"isHotpatchEnabled":"maybe"`,
			&policies.QualityUpdateRing{RingBase: with(stub.Extra("isHotpatchEnabled", `"maybe"`))},
		},
		"no type":          {`"isPaused":false`, &policies.UnknownRing{RingBase: base}},
		"no type, quality": {`"isHotpatchEnabled":true`, &policies.QualityUpdateRing{RingBase: base, Hotpatch: new(true)}},
		"no type, feature": {`"offerDurationInDays":0`, &policies.FeatureUpdateRing{RingBase: base, OfferDurationDays: new(0)}},
		"unknown": {
			typed("lunarRing") + `,"isHotpatchEnabled":true`,
			&policies.UnknownRing{RingBase: with(stub.Extra("isHotpatchEnabled", `true`)), Kind: "lunarRing"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, c.want, getRing(t, `{"id":"`+ringID+`",`+c.body+`}`))
		})
	}
}

func TestEachFormOfARingIsRead(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want policies.RingBase
	}{
		"nulls":  {`"deferralInDays":null,"isPaused":null,"includedGroupAssignment":null`, policies.RingBase{}},
		"values": {`"displayName":"a","description":"b","deferralInDays":60,"isPaused":true`, policies.RingBase{DisplayName: "a", Description: "b", DeferralDays: 60, Paused: true}},
		"5.4 groups without a hash": {`"includedGroupAssignment":{"@odata.type":"` + types +
			`includedGroupAssignment","assignments":[null,{"groupId":"g"}]},
			"excludedGroupAssignment":{"@odata.type":"#` + types + `excludedGroupAssignment","assignments":[]}`, policies.RingBase{
			Included: policies.RingGroups{Assigned: []policies.AssignedGroup{{GroupID: "g"}}},
			Excluded: policies.RingGroups{Assigned: []policies.AssignedGroup{}},
		}},
		"groups with a link to more": {
			`"includedGroupAssignment":{"assignments":[{"groupId":"g"}],"assignments@odata.nextLink":"https://graph.microsoft.com/n"}`,
			policies.RingBase{Included: policies.RingGroups{Assigned: []policies.AssignedGroup{{GroupID: "g"}}, Incomplete: true}},
		},
		"groups with more": {`"includedGroupAssignment":{"scope":"all","assignments":[{"groupId":"g","group":{"id":"g"}}]}`, policies.RingBase{
			Included: policies.RingGroups{
				Assigned: []policies.AssignedGroup{{GroupID: "g", Extra: stub.Extra("group", `{"id":"g"}`)}}, Extra: stub.Extra("scope", `"all"`),
			},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.want.ID = ringID
			for _, kind := range []string{"qualityUpdateRing", "featureUpdateRing", "driverUpdateRing", "ring", "lunarRing"} {
				got := getRing(t, `{"id":"`+ringID+`","@odata.type":"#`+types+kind+`",`+c.body+`}`)
				require.Equal(t, &c.want, got.Common(), kind)
			}
		})
	}
}

func TestTheGroupsOfARingHaveIDs(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{}, policies.RingGroups{}.IDs())
	require.Equal(t, []string{"a", "b"}, policies.RingGroups{Assigned: []policies.AssignedGroup{{GroupID: "a"}, {GroupID: "b"}}}.IDs())
}

func TestAnApprovalIsReadWhole(t *testing.T) {
	t.Parallel()
	got := getQualityApproval(t, `{"id":"a","catalogEntryId":"e","status":"pondered","createdDateTime":"2026-12-01T08:00:00Z","by":"x",
		"catalogEntry":{"@odata.type":"#`+types+`recoveryUpdateCatalogEntry","id":"e","catalogName":"n"}}`)
	require.Equal(t, &policies.Approval{
		ID: "a", EntryID: "e", Status: "pondered", Created: time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC), Extra: stub.Extra("by", `"x"`),
		Entry: &catalog.RecoveryUpdate{Base: catalog.Base{ID: "e", Kind: catalog.KindRecovery}, CatalogName: "n"},
	}, got)
	stub.RequireStored(t, *got)
}

func TestAResponseWithoutAnIDIsAnError(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`{}`, `{"value":{}}`, ``, `[]`} {
		_, err := stub.Answering(stub.Answer(200, body)).Client(t).Policies().GetRing(t.Context(), policyID, ringID)
		require.Error(t, err, body)
	}
}

func TestTheQueryOfAListIsSent(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[{"id":"x"}]}`))
	list := service.Client(t).Policies().List(&odata.Query{Filter: "isof('microsoft.graph.windowsUpdates.qualityUpdatePolicy')", Top: 3, Count: true})
	items, err := list.Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, items, 1)
	require.Contains(t, service.Last(t).URL.RawQuery, "$filter=isof%28")
	require.Contains(t, service.Last(t).URL.RawQuery, "$top=3")
}

func TestTheDevicesThatNeedAnUpdateAreListed(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[{"deviceId":"d","recommendedBy":["Microsoft"],"new":1}]}`))
	devices, err := service.Client(t).Policies().ListMatchedDevices(policyID, "e", nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []*audience.DeviceMatch{{DeviceID: "d", RecommendedBy: []string{"Microsoft"}, Extra: stub.Extra("new", "1")}}, devices)
}
