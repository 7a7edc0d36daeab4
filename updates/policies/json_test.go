package policies_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
)

func TestQualityPoliciesPrintAsJSONWithTheServicesNames(t *testing.T) {
	t.Parallel()
	unknown := &policies.UnknownRule{Kind: "lunarApprovalRule"}
	unknown.Extra = stub.Extra("phase", `"full"`)
	text, err := json.MarshalIndent([]any{
		policies.Policy{
			ID: "p", Kind: policies.KindQualityPolicy, DisplayName: "Monthly", Extra: stub.Extra("new", "null"),
			Rules:   policies.Rules{policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly), unknown},
			Created: time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC),
		},
		monthlyPolicy.Approving(policies.RecoveryDeferredBy(0)),
		policies.QualityPolicyUpdate{Description: odata.Set(""), Rules: odata.Set(policies.Rules{})},
		policies.QualityUpdateRing{RingBase: policies.RingBase{
			ID: "r", Included: policies.RingGroups{Assigned: []policies.AssignedGroup{{GroupID: pilots}}},
		}, Hotpatch: new(true)},
		policies.FeatureUpdateRing{RingBase: policies.RingBase{ID: "r"}, OfferIntervalDays: new(0), OfferDurationDays: new(28)},
		policies.DriverUpdateRing{RingBase: policies.RingBase{ID: "r"}},
		policies.UnknownRing{RingBase: policies.RingBase{ID: "r"}, Kind: "ring"},
		pilotRing,
		policies.QualityRingUpdate{DeferralDays: odata.Null[int](), Paused: odata.Set(false), Excluded: odata.Set([]string{})},
		policies.Approval{ID: "a", EntryID: "e", Status: policies.StatusSuspended},
		policies.FeaturePolicy("Windows"), policies.FeaturePolicyUpdate{DisplayName: odata.Set("b")},
		policies.DriverPolicy("Drivers").Approving(policies.DriverDeferredBy(7)),
		policies.DriverPolicyUpdate{Rules: odata.Set(policies.Rules{policies.DriverDeferredBy(60)})},
		policies.FeatureRing("Broad").Including(pilots).DeferredBy(14).OfferingEvery(7).OfferingFor(28),
		policies.FeatureRingUpdate{OfferIntervalDays: odata.Set(0)}, policies.DriverRing("Broad").DeferredBy(60),
		policies.DriverRingUpdate{Paused: odata.Set(true)},
		policies.ApplicableCatalog{EntryID: "e", DeviceCount: new(0), Devices: []*audience.ApplicableDevice{{DeviceID: "d"}}},
		policies.Ensured{ID: "p", Outcome: policies.OutcomeChanged, Differences: []policies.Difference{
			{Property: "deferralInDays", From: json.RawMessage("null"), To: json.RawMessage("3")},
		}},
	}, "", "\t")
	require.NoError(t, err)
	want, err := os.ReadFile("testdata/printed.json")
	require.NoError(t, err)
	require.Equal(t, string(want), string(text)+"\n")
}

func TestWhatIsNoRuleIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`null`, `3`, `[]`, `{"type":3}`, `{"type":"recoveryApprovalRule","deferralInDays":"x","extra":3}`} {
		var rules policies.Rules
		err := json.Unmarshal([]byte(`[{"type":"lunarRule"},`+text+`]`), &rules)
		require.Regexp(t, `^1[.:]`, err.Error(), text)
		require.Empty(t, rules)
	}
}

func TestNullIsNoListOfRules(t *testing.T) {
	t.Parallel()
	rules := policies.Rules{policies.RecoveryDeferredBy(1)}
	require.NoError(t, json.Unmarshal([]byte(`null`), &rules))
	require.Nil(t, rules)
}

func TestAnApprovalLosesTheEntryItHad(t *testing.T) {
	t.Parallel()
	for text, wrong := range map[string]bool{`{"catalogEntry":null}`: false, `{"catalogEntry":3}`: true} {
		approval := policies.Approval{Entry: &catalog.UnknownEntry{}}
		require.Equal(t, wrong, json.Unmarshal([]byte(text), &approval) != nil, text)
		require.Nil(t, approval.Entry)
	}
}

func TestNothingIsLostOnTheWayThroughJSON(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		for _, value := range thrown(seed, 7).storable() {
			stub.RequireStored(t, value, seed)
		}
	}
}

func TestWhatIsNoRingIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`null`, `3`, `[]`, `{"type":3}`, `{"type":"lunarRing","extra":3}`, `{"type":"driverUpdateRing","isHotpatchEnabled":true}`} {
		_, err := policies.UnmarshalRing([]byte(text))
		require.Error(t, err, text)
		var rings policies.Rings
		require.Error(t, json.Unmarshal([]byte(`[{"type":"ring"},`+text+`]`), &rings), text)
		require.Error(t, json.Unmarshal([]byte(text), new(policies.UnknownRing)), text)
	}
	for _, into := range []any{new(policies.FeatureRingSpec), new(policies.FeatureRingUpdate), new(policies.FeatureUpdateRing)} {
		require.ErrorContains(t, json.Unmarshal([]byte(`{"type":"driverUpdateRing"}`), into), `type: must be "featureUpdateRing" (got "driverUpdateRing")`)
		require.NoError(t, json.Unmarshal([]byte(`{"@odata.type":"#`+types+`featureUpdateRing"}`), into))
	}
	for _, into := range []any{new(policies.DriverPolicySpec), new(policies.DriverPolicyUpdate)} {
		require.ErrorContains(t, json.Unmarshal([]byte(`{"type":"featureUpdatePolicy"}`), into), `type: must be "driverUpdatePolicy"`)
	}
}

func TestARingLosesNothingOnTheWayThroughJSON(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		ring := thrown(seed, 12).ring()
		text, err := json.Marshal(ring)
		require.NoError(t, err)
		read, err := policies.UnmarshalRing(text)
		require.NoError(t, err, string(text))
		require.Equal(t, ring, read, "seed %d", seed)
	}
}

func TestAPolicyOfEachKindComesBackAsItWasSent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := thrown(seed, 8)
		quality, feature, driver := r.qualityPolicySpec(), r.featurePolicySpec(), r.driverPolicySpec()

		got := created(t, quality)
		require.Equal(t, policies.KindQualityPolicy, got.Kind)
		sent := policies.Spec(policies.QualityPolicySpec{
			DisplayName: got.DisplayName, Description: got.Description, Rules: got.Rules, Extra: got.Extra,
		})
		require.Equal(t, quality, sent, "seed %d", seed)

		got = created(t, feature)
		require.Equal(t, policies.KindFeaturePolicy, got.Kind)
		require.Equal(t, policies.Rules{}, got.Rules)
		sent = policies.FeaturePolicySpec{DisplayName: got.DisplayName, Description: got.Description, Extra: got.Extra}
		require.Equal(t, feature, sent, "seed %d", seed)

		got = created(t, driver)
		require.Equal(t, policies.KindDriverPolicy, got.Kind)
		sent = policies.DriverPolicySpec{
			DisplayName: got.DisplayName, Description: got.Description, Rules: got.Rules, Extra: got.Extra,
		}
		require.Equal(t, driver, sent, "seed %d", seed)
	}
}

// created is a policy as it would be read if the service returned what it was sent.
func created(t *testing.T, spec policies.Spec) *policies.Policy {
	t.Helper()
	service := stub.Answering(stub.Answer(201, `{"id":"x"}`))
	_, err := service.Client(t).Policies().Create(t.Context(), spec)
	require.NoError(t, err)
	return getQuality(t, identified(service.Last(t).Body))
}

func TestARingOfEachKindComesBackAsItWasSent(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := thrown(seed, 9)
		quality, feature, driver := r.qualityRingSpec(), r.featureRingSpec(), r.driverRingSpec()

		gotQuality := createdRing(t, quality).(*policies.QualityUpdateRing)
		sent := policies.RingSpec(policies.QualityRingSpec{RingSpecBase: specOf(gotQuality), Hotpatch: gotQuality.Hotpatch})
		require.Equal(t, quality, sent, "seed %d", seed)

		gotFeature := createdRing(t, feature).(*policies.FeatureUpdateRing)
		sent = policies.FeatureRingSpec{
			RingSpecBase:      specOf(gotFeature),
			OfferIntervalDays: gotFeature.OfferIntervalDays, OfferDurationDays: gotFeature.OfferDurationDays,
		}
		require.Equal(t, feature, sent, "seed %d", seed)

		gotDriver := createdRing(t, driver).(*policies.DriverUpdateRing)
		sent = policies.DriverRingSpec{RingSpecBase: specOf(gotDriver)}
		require.Equal(t, driver, sent, "seed %d", seed)
	}
}

func createdRing(t *testing.T, spec policies.RingSpec) policies.Ring {
	t.Helper()
	service := stub.Answering(stub.Answer(201, `{"id":"x"}`))
	_, err := service.Client(t).Policies().CreateRing(t.Context(), "x", spec)
	require.NoError(t, err)
	return getRing(t, identified(service.Last(t).Body))
}

// specOf are the fields of a ring that a spec has.
func specOf(ring policies.Ring) policies.RingSpecBase {
	r := ring.Common()
	return policies.RingSpecBase{
		DisplayName: r.DisplayName, Description: r.Description, Included: r.Included.IDs(), Excluded: r.Excluded.IDs(),
		DeferralDays: r.DeferralDays, Paused: r.Paused, Extra: r.Extra,
	}
}

// identified gives a body the id that every answer has.
func identified(body string) string { return `{"id":"x",` + strings.TrimPrefix(body, "{") }

// What the service writes goes into a policy whole, the rules of unknown kinds and
// including unknown properties, and out again.
func TestADocumentWithRulesIsKeptWhole(t *testing.T) {
	t.Parallel()
	for seed := range uint64(200) {
		r := thrown(seed, 10)
		text := r.rulesDocument()
		read := getQuality(t, `{"id":"x","approvalRules":`+text+`}`)
		service := stub.Answering(stub.Answer(200, `{"id":"x"}`))
		require.NoError(t, service.Client(t).Policies().Update(t.Context(), "x", policies.QualityPolicyUpdate{Rules: odata.Set(read.Rules)}),
			"seed %d", seed)

		sent := stub.Exact(t, service.Last(t).Body).(map[string]any)["approvalRules"]

		require.Equal(t, hashed(stub.Exact(t, text)), hashed(sent), "seed %d: %s", seed, text)
	}
}

// hashed has the names of all types with a hash.
func hashed(document any) any {
	for _, item := range document.([]any) {
		members := item.(map[string]any)
		members["@odata.type"] = "#" + strings.TrimPrefix(members["@odata.type"].(string), "#")
	}
	return document
}

// rulesDocument are rules as the service writes them.
func (r dice) rulesDocument() string {
	rules := []string{}
	for range r.IntN(4) {
		kind := []string{"qualityUpdateApprovalRule", "recoveryApprovalRule", "lunarApprovalRule"}[r.IntN(3)]
		members := []string{
			fmt.Sprintf(`"@odata.type":"%s%s"`, []string{"", "#"}[r.IntN(2)]+types, kind), fmt.Sprintf(`"deferralInDays":%d`, r.days()),
		}
		if kind != "recoveryApprovalRule" {
			members = append(members, `"classification":"strange","cadence":"monthly"`)
		}
		for name, value := range r.Extra() {
			members = append(members, `"`+name+`":`+string(value))
		}
		rules = append(rules, "{"+strings.Join(members, ",")+"}")
	}
	return "[" + strings.Join(rules, ",") + "]"
}
