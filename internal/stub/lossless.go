package stub

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates"
)

// StoredRounds is the number of texts of a kind that a test of what is stored reads.
const StoredRounds = 1000

// RequireLossless requires that stored texts are sent whole, or refused: when they are read, or before a
// request. atLeast so many must be sent, and so many cannot be read. sentAs is for [Lost].
func RequireLossless[T any](
	t testing.TB, text func(seed uint64) []byte, send func(*updates.Client, T) error,
	sentAs func(path, value string) string, atLeast int,
) {
	t.Helper()
	unread, sent := 0, 0
	for seed := range uint64(StoredRounds) {
		text := text(seed)
		var value T
		if json.Unmarshal(text, &value) != nil {
			unread++
			continue
		}
		service := Answering(Answer(201, `{"id":"x"}`))
		if err := send(service.Client(t, NoLimits), value); err != nil {
			require.Empty(t, service.Requests(), "seed %d: %v", seed, err)
			continue
		}
		sent++
		body := service.Only(t).Body
		require.Empty(t, Lost(t, text, []byte(body), sentAs), "seed %d\n%s\n%s", seed, text, body)
	}
	require.Greater(t, sent, atLeast)
	require.Greater(t, unread, atLeast)
}

var kind = regexp.MustCompile(`(gradualrollout|contentfilter|rules\.\d+)\.type$`)

// SentAs is for [Lost]: where a property of a stored deployment, update policy, or approval is in the request.
func SentAs(path, value string) string {
	switch {
	case isZero(path, value):
		return ""
	case path == ".kind":
		return ".content.catalogentry.@odata.type"
	case path == ".entryid":
		return ".content.catalogentry.id"
	case path == ".audienceid":
		return ".audience.id"
	}
	return kind.ReplaceAllString(path, "$1.@odata.type")
}

// isZero reports whether a value is what the property is without it.
func isZero(path, value string) bool {
	switch value {
	case "null", "{}":
		return true
	case "false":
		return strings.HasSuffix(path, ".isexpedited") || strings.HasSuffix(path, ".isreadinesstest")
	}
	return false
}
