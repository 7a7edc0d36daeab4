package audience_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// requireWhole requires that a stored value comes back, and that no property of it is lost.
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

// A list whose name is misspelled would change other devices than meant: an exclusion less, or none removed.
func TestStoredEditsLoseNoProperty(t *testing.T) {
	t.Parallel()
	some, other := audience.Devices(stub.DeviceIDs(2)...), audience.Groups("g")
	requireWhole(t, some[0])
	requireWhole(t, audience.Edit{AddMembers: some, RemoveMembers: other, AddExclusions: other, RemoveExclusions: some})
	requireWhole(t, audience.Membership{Members: some, Exclusions: other})
	requireWhole(t, audience.MissingMember{
		Member: some[0], Errors: []audience.RegistrationError{{Reason: audience.ReasonInvalidJoin}},
		Excluded: true, IsGroup: true, Unregistered: true,
	})
	var plan audience.SyncPlan
	const stored = `{"audience":"audience/a","desired":1,"current":1,"add":[{"kind":"updatableAssetGroup","id":"g"}],` +
		`"remove":[{"kind":"updatableAssetGroup","id":"h"}]}`
	require.NoError(t, json.Unmarshal([]byte(stored), &plan))
	for path, text := range stub.WithUnknown(t, stored) {
		require.ErrorContains(t, json.Unmarshal([]byte(text), new(audience.SyncPlan)), "unknown property", path)
	}
	for text, problem := range map[string]string{
		`{"members":[{"kind":"azureADDevice","id":"a","id":"b"}]}`: "members.id: property is given twice",
		`{"members":[],"exclusion":[]}`:                            "exclusion: unknown property",
		`{"exclusions":[],"excluſions":[]}`:                        "excluſions: property is given twice",
	} {
		err := json.Unmarshal([]byte(text), new(audience.Membership))
		require.ErrorContains(t, err, problem)
		require.NotContains(t, err.Error(), "extra", "these have none")
	}
}
