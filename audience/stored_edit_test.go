package audience_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// A list whose name is misspelled would change other devices than meant: an exclusion less, or none removed.
func TestStoredEditsLoseNoProperty(t *testing.T) {
	t.Parallel()
	some, other := audience.Devices(stub.DeviceIDs(2)...), audience.Groups("g")
	missing := audience.MissingMember{
		Member: some[0], Errors: []audience.RegistrationError{{Reason: audience.ReasonInvalidJoin}},
		Excluded: true, IsGroup: true, Unregistered: true,
	}
	for _, value := range []any{
		audience.Edit{AddMembers: some, RemoveMembers: other, AddExclusions: other, RemoveExclusions: some},
		audience.Membership{Members: some, Exclusions: other}, some[0], missing,
	} {
		stub.RequireStored(t, value)
		stub.RequireStrict(t, value)
	}
	var plan audience.SyncPlan
	const stored = `{"audience":"audience/a","desired":1,"current":1,"add":[{"kind":"updatableAssetGroup","id":"g"}],` +
		`"remove":[{"kind":"updatableAssetGroup","id":"h"}]}`
	require.NoError(t, json.Unmarshal([]byte(stored), &plan))
	for path, text := range stub.WithUnknown(t, stored) {
		require.ErrorContains(t, json.Unmarshal([]byte(text), new(audience.SyncPlan)), "unknown property", path)
	}
	for text, problem := range map[string]string{
		`{"members":[{"kind":"azureADDevice","id":"a","id":"b"}]}`: "members.0.id: property is given twice",
		`{"members":[],"exclusion":[]}`:                            "exclusion: unknown property",
		`{"exclusions":[],"excluſions":[]}`:                        "excluſions: property is given twice",
	} {
		err := json.Unmarshal([]byte(text), new(audience.Membership))
		require.ErrorContains(t, err, problem)
		require.NotContains(t, err.Error(), "extra", "these have none")
	}
}
