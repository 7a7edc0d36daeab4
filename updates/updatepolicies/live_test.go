package updatepolicies_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
)

// The response is one of a tenant, of July 2026. What it has as null is nothing in the value that was read, and
// a time of year 1 is none.
func TestALiveResponseIsReadWhole(t *testing.T) {
	t.Parallel()
	live, err := os.ReadFile("testdata/live.response.json")
	require.NoError(t, err)
	p, err := stub.Answering(stub.Answer(200, string(live))).Client(t).UpdatePolicies().List(nil).First(t.Context())
	require.NoError(t, err)
	require.Empty(t, p.Unread())
	read, err := json.Marshal(p)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"id": "0fa55cf5-4598-4fe3-b6c1-a724e5035f9d",
		"audience": {"id": "9c6c8e6b-e85b-4cd5-8b96-73cbc4aac678"},
		"deploymentSettings": {"userExperience": {"offerAsOptional": false, "isHotpatchEnabled": true}},
		"complianceChangeRules": [{
			"type": "contentApprovalRule",
			"createdDateTime": "2026-07-21T21:16:03.9736656Z",
			"lastModifiedDateTime": "2026-07-21T21:16:03.9736656Z",
			"contentFilter": {"type": "qualityUpdateFilter", "classification": "security", "cadence": "monthly"},
			"extra": {"durationBeforeDeploymentStart": "PT0S"}
		}],
		"autoEnrollmentUpdateCategories": ["quality"],
		"createdDateTime": "2025-10-09T12:35:44.5615718Z"
	}`, string(read))
}
