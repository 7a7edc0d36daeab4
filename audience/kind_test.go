package audience_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// An asset is there, so that it is not a device must be known to say that there is none.
func TestAnAssetThatIsNeitherDeviceNorGroupSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for body, c := range map[string]struct {
		want     string
		notFound bool
	}{
		`{"id":"1","@odata.type":"#microsoft.graph.windowsUpdates.printer"}`: {
			`devices.Get: not found: the asset is not a device: its kind is "printer"`, true,
		},
		`{"id":"1","@odata.type":"` + strings.Repeat("x", 1<<20) + `"}`: {
			`devices.Get: not found: the asset is not a device: its kind is "` + strings.Repeat("x", 100) + `"`, true,
		},
		`{"id":"1"}`: {"devices.Get: the response does not say whether the asset is a device: it has no @odata.type", false},
		`{"id":"1","@odata.type":5}`: {
			"devices.Get: the response does not say whether the asset is a device: its @odata.type is not a string", false,
		},
	} {
		client := stub.NewClient(t, stub.Token{}, stub.Answering(stub.Answer(200, body)))
		_, err := client.Devices().Get(t.Context(), "1")
		require.EqualError(t, err, c.want)
		if c.notFound {
			require.ErrorIs(t, err, apierr.ErrNotFound)
		} else {
			require.NotErrorIs(t, err, apierr.ErrNotFound)
		}
	}
}
