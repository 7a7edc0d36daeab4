package policies_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/policies"
)

func TestStoredValuesDropNoProperty(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		for _, value := range thrown(seed, 11).storable() {
			stub.RequireStrict(t, value, "catalogEntry", "applicableContent") // of other packages
		}
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
