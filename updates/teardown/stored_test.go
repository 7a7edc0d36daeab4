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
	for _, value := range []any{
		target, step, teardown.Plan{Target: target, AudienceID: "a", Steps: []teardown.Step{step, step}},
		teardown.Report{Done: []teardown.Step{step}, Remaining: []teardown.Step{step}},
	} {
		stub.RequireStored(t, value)
		stub.RequireStrict(t, value)
	}
	err := json.Unmarshal([]byte(`{"updatePolicyId":"p","keepAudeince":true}`), new(teardown.Target))
	require.EqualError(t, err, "keepAudeince: unknown property")
}

func TestAPlanAfterNoReportIsThePlan(t *testing.T) {
	t.Parallel()
	plan := &teardown.Plan{Steps: []teardown.Step{{Action: teardown.ActionDeleteAudience, ID: "a"}}}
	require.Equal(t, plan, plan.After(nil))
}
