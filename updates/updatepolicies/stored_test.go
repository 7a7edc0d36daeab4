package updatepolicies_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
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
		r := seeded(seed)
		requireStrict(t, r.spec())
		requireStrict(t, r.update())
		requireStrict(t, r.policy())
		requireStrict(t, r.approvalSpec())
		requireStrict(t, *r.approval())
		requireStrict(t, r.state())
	}
}

// indexes are those of items, which not all paths have.
var indexes = regexp.MustCompile(`\b\d+\.`)

// requireStrict requires an error with the path of each unknown property. Settings, content,
// and deployments belong to other packages.
func requireStrict[T any](t *testing.T, value T) {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	for path, text := range stub.WithUnknown(t, string(text), "deploymentSettings", "content", "deployments", "audience") {
		err := json.Unmarshal([]byte(text), new(T))
		require.Error(t, err, text)
		problem, _ := strings.CutSuffix(err.Error(), `; to send it, put it in "extra"`) // which not all types have
		require.Equal(t, indexes.ReplaceAllString(path, "")+": unknown property", indexes.ReplaceAllString(problem, ""), text)
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
