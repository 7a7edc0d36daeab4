package policies_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/policies"
)

const (
	ringMembers = `"id":"r","displayName":"a","description":"b","deferralInDays":3,"isPaused":false,"createdDateTime":"2026-12-01T08:00:00Z",
		"lastModifiedDateTime":"2026-12-02T08:00:00Z","includedGroupAssignment":{"assignments":[{"groupId":"g"}]},
		"excludedGroupAssignment":{"assignments":[]}`
	catalogMembers = `"id":"e","deviceCount":2,"hasRecommendedDevice":true,"catalogEntry":{"@odata.type":"#` + types +
		`driverUpdateCatalogEntry","id":"e"},"devices":[{"id":"d","isRecommended":true}]`
)

// wholeRings are rings of all kinds, with all of their properties.
func wholeRings() map[string]string {
	rings := map[string]string{}
	for kind, own := range map[string]string{
		"qualityUpdateRing": `,"isHotpatchEnabled":true`, "featureUpdateRing": `,"offerIntervalInDays":7,"offerDurationInDays":28`,
		"driverUpdateRing": ``, "ring": `,"isHotpatchEnabled":true`, "lunarRing": `,"offerIntervalInDays":7`,
	} {
		rings[kind] = `{"@odata.type":"#` + types + kind + `",` + ringMembers + own + `}`
	}
	return rings
}

func wholePolicies() map[string]string {
	found := map[string]string{}
	for kind, rule := range map[string]string{
		"qualityUpdatePolicy": `"@odata.type":"#` + types + `qualityUpdateApprovalRule","classification":"security","cadence":"monthly",`,
		"featureUpdatePolicy": `"@odata.type":"#` + types + `recoveryApprovalRule",`,
		"driverUpdatePolicy":  `"@odata.type":"#` + types + `driverUpdateApprovalRule",`, "policy": ``,
	} {
		found[kind] = `{"@odata.type":"#` + types + kind + `","id":"p","displayName":"a","description":"b",
			"approvalRules":[{` + rule + `"deferralInDays":3}],"rings":[{` + ringMembers + `}],
			"approvals":[{"id":"a","catalogEntryId":"e","status":"approved"}],"applicableContent":[{"catalogEntryId":"e"}],
			"applicableCatalogs":[{` + catalogMembers + `}],"createdDateTime":"2026-12-01T08:00:00Z"}`
	}
	return found
}

// mutation is an answer in which one property has another value, or is missing.
type mutation struct {
	property string // at the top
	text     string
}

// mutations replaces each value in a document, one at a time, by values of all sorts.
func mutations(t *testing.T, text string) []mutation {
	t.Helper()
	var all []mutation
	whole := stub.Exact(t, text).(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(whole)) {
		mutate(whole[name], func(value any) { whole[name] = value }, func() {
			changed, err := json.Marshal(whole)
			require.NoError(t, err)
			all = append(all, mutation{name, string(changed)})
		})
	}
	return all
}

// mutate sets a value, and each value inside of it, to others. At the end it is as before.
func mutate(value any, set func(any), note func()) {
	for _, other := range []any{nil, true, "x", json.Number("7"), json.Number("-1.5"), json.Number("1e400"), []any{}, []any{nil, "x"}, map[string]any{}} {
		set(other)
		note()
	}
	set(value)
	switch inner := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(inner)) {
			mutate(inner[name], func(value any) { inner[name] = value }, note)
		}
	case []any:
		for i := range inner {
			mutate(inner[i], func(value any) { inner[i] = value }, note)
		}
	}
}

func TestMutatedRingsAreReadAndLoseNothing(t *testing.T) {
	t.Parallel()
	for kind, text := range wholeRings() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for _, m := range mutations(t, text) {
				ring, err := stub.Answering(stub.Answer(200, m.text)).Client(t).Policies().GetRing(t.Context(), policyID, ringID)
				if err != nil {
					require.Equal(t, "id", m.property, m.text)
					continue
				}
				requireOneLine(t, ring)
				stored, err := json.Marshal(ring)
				require.NoError(t, err, m.text)
				back, err := policies.UnmarshalRing(stored)
				require.NoError(t, err, m.text)
				require.Equal(t, ring, back, m.text)
			}
		})
	}
}

func TestMutatedPoliciesAreReadAndLoseNothing(t *testing.T) {
	t.Parallel()
	for kind, text := range wholePolicies() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for _, m := range mutations(t, text) {
				policy, err := stub.Answering(stub.Answer(200, m.text)).Client(t).Policies().Get(t.Context(), policyID)
				if err != nil {
					require.Equal(t, "id", m.property, m.text)
					continue
				}
				requireOneLine(t, policy)
				stub.RequireStored(t, *policy)
			}
		})
	}
}

func TestMutatedApplicableCatalogsAreReadAndLoseNothing(t *testing.T) {
	t.Parallel()
	for _, m := range mutations(t, `{`+catalogMembers+`}`) {
		found, err := stub.Answering(stub.Answer(200, m.text)).Client(t).Policies().GetApplicableCatalog(t.Context(), policyID, "e")
		if err != nil {
			require.Equal(t, "id", m.property, m.text)
			continue
		}
		requireOneLine(t, found)
		stub.RequireStored(t, *found)
	}
}

func requireOneLine(t *testing.T, value any) {
	t.Helper()
	require.NotEmpty(t, fmt.Sprint(value))
	require.NotContains(t, fmt.Sprint(value), "\n")
}

// A property that could not be read is never overwritten, whatever else differs.
func TestMutatedRingsAreOverwrittenOnlyWhereTheyWereRead(t *testing.T) {
	t.Parallel()
	specs := map[string]policies.RingSpec{
		"qualityUpdateRing": policies.QualityRing("a").Including(pilots).Excluding(everybody).DeferredBy(9).WithholdingHotpatches(),
		"featureUpdateRing": policies.FeatureRing("a").Including(pilots).Excluding(everybody).DeferredBy(9).OfferingEvery(0).OfferingFor(1),
		"driverUpdateRing":  policies.DriverRing("a").Including(pilots).Excluding(everybody).DeferredBy(9),
	}
	for kind, spec := range specs {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			refused := map[string]bool{}
			for _, m := range mutations(t, wholeRings()[kind]) {
				service := stub.Answering(stub.Answer(200, `{"value":[`+m.text+`]}`), stub.Answer(200, `{"id":"r"}`))
				_, err := service.Client(t).Policies().EnsureRing(t.Context(), "x", spec)
				if ring := firstRing(t, m.text); ring != nil && slices.Contains(ring.Unread(), m.property) && isSpecified(m.property) {
					require.Error(t, err, m.text)
					require.Len(t, service.Requests(), 1, "nothing is changed: %s", m.text)
					refused[m.property] = true
				}
			}
			require.GreaterOrEqual(t, len(refused), 5, refused)
		})
	}
}

// isSpecified reports whether a spec has the property, and compares it.
func isSpecified(property string) bool {
	return !slices.Contains([]string{"createdDateTime", "lastModifiedDateTime", "isPaused"}, property)
}

func firstRing(t *testing.T, text string) policies.Ring {
	t.Helper()
	ring, err := stub.Answering(stub.Answer(200, text)).Client(t).Policies().GetRing(t.Context(), policyID, ringID)
	if err != nil {
		return nil
	}
	return ring
}
