package updatepolicies_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

func TestStoredValuesDropNoProperty(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		for _, value := range seeded(seed).storable() {
			stub.RequireStrict(t, value, "deploymentSettings", "content", "deployments", "audience") // of other packages
		}
	}
}

func TestAStoredPropertyIsNotGivenTwice(t *testing.T) {
	t.Parallel()
	for text, into := range map[string]any{
		`{"audienceId":"a","audienceId":"b"}`: &updatepolicies.Spec{},
		`{"complianceChangeRules":[{"type":"contentApprovalRule","contentFilter":null,"contentFilter":null}]}`: &updatepolicies.Spec{},
		`{"contentFilter":{"type":"driverUpdateFilter","type":"driverUpdateFilter"}}`:                          &updatepolicies.ApprovalRule{},
	} {
		require.ErrorContains(t, json.Unmarshal([]byte(text), into), "property is given twice", text)
	}
}

func TestRulesAndFiltersHaveTheirKindsInEachSpelling(t *testing.T) {
	t.Parallel()
	want := updatepolicies.Rules{updatepolicies.QualityStartingAfter(7, catalog.ClassificationSecurity, catalog.CadenceMonthly)}
	for _, name := range []string{"type", "@odata.type"} {
		for _, before := range []string{"", "#", types, "#" + types} {
			text := fmt.Sprintf(`[{%q:"%scontentApprovalRule","durationBeforeDeploymentStart":"P7D","contentFilter":`+
				`{%[1]q:"%[2]squalityUpdateFilter","classification":"security","cadence":"monthly"}}]`, name, before)
			var rules updatepolicies.Rules
			require.NoError(t, json.Unmarshal([]byte(text), &rules), text)
			require.Equal(t, want, rules, text)
		}
	}
	require.ErrorContains(t, json.Unmarshal([]byte(`{"type":"lunarRule"}`), &updatepolicies.ApprovalRule{}), "type: ")
	require.ErrorContains(t, json.Unmarshal([]byte(`{"type":"lunarFilter"}`), &updatepolicies.DriverFilter{}), "type: ")
}

func TestUnknownRulesAndFiltersHaveKindsOfTheirOwn(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"", "#lunar", "contentApprovalRule", types + "ContentApprovalRule", "#" + types + "lunar"} {
		err := updatepolicies.ForAudience(audienceID).Approving(&updatepolicies.UnknownRule{Kind: kind}).Validate()
		require.ErrorIs(t, err, apierr.ErrInvalid, kind)
		require.ErrorContains(t, err, "Rules[0].Kind must not ", kind)
	}
	for _, kind := range []string{"", "#lunar", "driverUpdateFilter", types + "qualityUpdateFilter", "RemediationUpdateFilter", "windowsUpdateFilter"} {
		err := filtering(&updatepolicies.UnknownFilter{Kind: kind}).Validate()
		require.ErrorIs(t, err, apierr.ErrInvalid, kind)
		require.ErrorContains(t, err, "Rules[0].Filter.Kind must not ", kind)
	}
}
