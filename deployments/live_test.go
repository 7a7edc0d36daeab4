package deployments_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
)

// The response is one of a tenant, of July 2026. What it has as null is nothing in the value that was read.
func TestALiveResponseIsReadWhole(t *testing.T) {
	t.Parallel()
	live, err := os.ReadFile("testdata/live.response.json")
	require.NoError(t, err)
	d, err := stub.Answering(stub.Answer(200, string(live))).Client(t).Deployments().List(nil).First(t.Context())
	require.NoError(t, err)
	require.Empty(t, d.Unread())
	read, err := json.Marshal(d)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"id": "a964123e-df58-4910-a0cb-483ebfb2f2d6",
		"state": {"effectiveValue": "offering", "requestedValue": "none", "reasons": []},
		"content": {
			"kind": "qualityUpdateCatalogEntry",
			"entry": {
				"id": "", "kind": "qualityUpdateCatalogEntry", "releaseDateTime": "2026-07-14T00:00:00Z", "isExpeditable": false,
				"qualityUpdateCadence": "monthly", "qualityUpdateClassification": "security"
			}
		},
		"settings": {"userExperience": {"daysUntilForcedReboot": 0}, "expedite": {"isExpedited": true}},
		"audience": {"id": "7f48457d-4be7-48b6-98b2-a6c760305eda"},
		"createdDateTime": "2026-07-21T22:26:29.2238015Z",
		"lastModifiedDateTime": "2026-07-24T18:02:31.0492953Z"
	}`, string(read))
}
