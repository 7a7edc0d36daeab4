package deployments_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
)

// What is stored is sent, or refused: nothing gets lost on the way.
func TestNoMemberOfAStoredSpecIsLost(t *testing.T) {
	t.Parallel()
	text := func(seed uint64) []byte { r := seeded(seed); return r.Stored(t, r.spec()) }
	stub.RequireLossless(t, text, func(c *updates.Client, spec deployments.Spec) error {
		_, err := c.Deployments().Create(t.Context(), spec)
		return err
	}, stub.SentAs, stub.StoredRounds/10)
}

// Settings are sent alone by updates, whose null is sent.
func TestNoMemberOfAStoredUpdateIsLost(t *testing.T) {
	t.Parallel()
	read, sent := 0, 0
	for seed := range uint64(stub.StoredRounds) {
		r := seeded(seed)
		text := r.Stored(t, r.settings())
		var u deployments.Update
		if json.Unmarshal(text, &u) != nil {
			continue
		}
		read++
		service := stub.Answering(answer(202, ""))
		if err := service.Client(t, stub.NoLimits).Deployments().Update(t.Context(), deploymentID, u); err != nil {
			require.Empty(t, service.Requests(), "seed %d: %v", seed, err)
			continue
		}
		sent++
		body := service.Only(t).Body
		within := slices.Concat([]byte(`{"settings":`), text, []byte("}"))
		lost := stub.Lost(t, within, []byte(body), func(path, value string) string {
			if strings.Count(path, ".") == 2 && value == "null" && path != ".settings.extra" {
				return path // it removes the part
			}
			return stub.SentAs(path, value)
		})
		require.Empty(t, lost, "seed %d\n%s\n%s", seed, text, body)
	}
	require.Greater(t, sent, stub.StoredRounds/10)
	require.Greater(t, stub.StoredRounds-read, stub.StoredRounds/10, "texts are refused, too")
}
