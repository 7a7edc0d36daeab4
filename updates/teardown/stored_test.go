package teardown_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/teardown"
)

// A target whose keepAudience is misspelled would delete the audience.
func TestStoredTeardownsLoseNoProperty(t *testing.T) {
	t.Parallel()
	target := teardown.Target{UpdatePolicyID: "p", AudienceID: "a", Also: []string{"d"}, KeepAudience: true}
	step := teardown.Step{Action: teardown.ActionDeleteApproval, ID: "c", UpdatePolicyID: "p", Note: "n", Deleted: true}
	requireWhole(t, target)
	requireWhole(t, step)
	requireWhole(t, teardown.Plan{Target: target, AudienceID: "a", Steps: []teardown.Step{step, step}})
	requireWhole(t, teardown.Report{Done: []teardown.Step{step}, Remaining: []teardown.Step{step}})
	err := json.Unmarshal([]byte(`{"updatePolicyId":"p","keepAudeince":true}`), new(teardown.Target))
	require.EqualError(t, err, "keepAudeince: unknown property")
}

func requireWhole[T any](t *testing.T, value T) {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	var back T
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, value, back)
	for path, text := range stub.WithUnknown(t, string(text)) {
		require.ErrorContains(t, json.Unmarshal([]byte(text), new(T)), "unknown property", path)
	}
	twice := string(text[:len(text)-1]) + `,` + string(text[1:])
	require.ErrorContains(t, json.Unmarshal([]byte(twice), new(T)), "property is given twice", twice)
}

func TestAPlanAfterNoReportIsThePlan(t *testing.T) {
	t.Parallel()
	plan := &teardown.Plan{Steps: []teardown.Step{{Action: teardown.ActionDeleteAudience, ID: "a"}}}
	require.Equal(t, plan, plan.After(nil))
}
