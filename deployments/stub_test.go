package deployments_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
)

const (
	entryID      = "c5f3a1c2-0000-4000-8000-000000000001"
	deploymentID = "00000000-0000-4000-8000-0000000000f1"
	audienceID   = "00000000-0000-4000-8000-0000000000a1"
)

// answer is a reply. One with status 200 has the id that every deployment has, so
// that tests need not repeat it.
func answer(status int, body string) stub.Reply {
	return stub.Answer(status, identified(status, body))
}

func identified(status int, body string) string {
	var members map[string]json.RawMessage
	if status != 200 || json.Unmarshal([]byte(body), &members) != nil || members["id"] != nil || members["value"] != nil {
		return body
	}
	members["id"] = json.RawMessage(`"` + deploymentID + `"`)
	text, _ := json.Marshal(members)
	return string(text)
}

// as is the value with the type that it must have.
func as[T any](t *testing.T, value any) T {
	t.Helper()
	typed, ok := value.(T)
	require.Truef(t, ok, "the value is a %T", value)
	return typed
}
