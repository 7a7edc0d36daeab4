package stub

import (
	"fmt"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
)

// Behind returns applicable content whose devices are on the pages of a link.
func Behind(entryID, link string) string {
	return fmt.Sprintf(`{"catalogEntryId":%q,"matchedDevices":[],"matchedDevices@odata.nextLink":%q}`, entryID, link)
}

// Pairs returns entry and device of each match, and the one error that may end them.
func Pairs(t testing.TB, matches iter.Seq2[audience.Match, error]) (got []string, failure error) {
	t.Helper()
	for match, err := range matches {
		require.NoError(t, failure, "nothing follows an error")
		if failure = err; err != nil {
			require.Zero(t, match)
			continue
		}
		got = append(got, match.EntryID+" "+match.Device.DeviceID)
	}
	return got, failure
}
