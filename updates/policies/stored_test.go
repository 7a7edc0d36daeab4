package policies_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/policies"
)

func TestStoredValuesDropNoProperty(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		r := thrown(seed, 11)
		requireStrict(t, r.qualityPolicySpec())
		requireStrict(t, r.featurePolicySpec())
		requireStrict(t, r.driverPolicySpec())
		requireStrict(t, r.qualityPolicyUpdate())
		requireStrict(t, r.featurePolicyUpdate())
		requireStrict(t, r.driverPolicyUpdate())
		requireStrict(t, *r.policy())
		requireStrict(t, r.qualityRingSpec())
		requireStrict(t, r.featureRingSpec())
		requireStrict(t, r.driverRingSpec())
		requireStrict(t, r.qualityRingUpdate())
		requireStrict(t, r.featureRingUpdate())
		requireStrict(t, r.driverRingUpdate())
		requireStrict(t, r.rings())
		requireStrict(t, *r.applicableCatalog())
		requireStrict(t, r.ensured())
		requireStrict(t, *r.approval())
		requireStrict(t, r.assigned())
	}
}

// indexes are those of items, which not all paths have.
var indexes = regexp.MustCompile(`\b\d+\.`)

// requireStrict requires an error with the path of each unknown property. Entries and
// applicable content belong to other packages.
func requireStrict[T any](t *testing.T, value T) {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	for path, text := range stub.WithUnknown(t, string(text), "catalogEntry", "applicableContent") {
		err := json.Unmarshal([]byte(text), new(T))
		require.Error(t, err, text)
		problem, _ := strings.CutSuffix(err.Error(), `; to send it, put it in "extra"`) // which not all types have
		require.Equal(t, indexes.ReplaceAllString(path, "")+": unknown property", indexes.ReplaceAllString(problem, ""), text)
	}
}

func TestAStoredPropertyIsNotGivenTwice(t *testing.T) {
	t.Parallel()
	for text, into := range map[string]any{
		`{"displayName":"a","displayName":"b"}`:                           &policies.QualityPolicySpec{},
		`{"approvalRules":[{"type":"recoveryApprovalRule","type":"x"}]}`:  &policies.QualityPolicySpec{},
		`{"includedGroupAssignment":{"assignments":[],"assignments":[]}}`: &policies.QualityUpdateRing{},
		`{"assignments":[{"groupId":"a","GroupID":"b"}]}`:                 &policies.RingGroups{},
	} {
		require.ErrorContains(t, json.Unmarshal([]byte(text), into), "property is given twice", text)
	}
}

func TestARuleHasItsKindInEachSpelling(t *testing.T) {
	t.Parallel()
	const monthly = `"deferralInDays":3,"classification":"security","cadence":"monthly"}]`
	want := policies.Rules{policies.QualityDeferredBy(3, "security", "monthly")}
	for _, name := range []string{"type", "@odata.type"} {
		for _, before := range []string{"", "#", types, "#" + types} {
			text := fmt.Sprintf(`[{%q:"%squalityUpdateApprovalRule",`, name, before) + monthly
			var rules policies.Rules
			require.NoError(t, json.Unmarshal([]byte(text), &rules), text)
			require.Equal(t, want, rules, text)
		}
	}
	var rules policies.Rules
	require.NoError(t, json.Unmarshal([]byte(`[{"@odata.type":"#`+types+`lunarRule"}]`), &rules))
	require.Equal(t, policies.Rules{&policies.UnknownRule{Kind: "lunarRule"}}, rules)
	require.ErrorContains(t, json.Unmarshal([]byte(`{"type":"recoveryApprovalRule"}`), &policies.QualityUpdateRule{}), "type: ")
}

func TestAnUnknownRuleHasAKindOfItsOwn(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"", "#lunarRule", "recoveryApprovalRule", types + "qualityUpdateApprovalRule", "#" + types + "lunarRule"} {
		err := named.Approving(&policies.UnknownRule{Kind: kind}).Validate()
		require.ErrorIs(t, err, apierr.ErrInvalid, kind)
		require.ErrorContains(t, err, "Rules[0].Kind must not ", kind)
	}
	require.NoError(t, named.Approving(&policies.UnknownRule{Kind: "other.recoveryApprovalRule"}).Validate())
}
