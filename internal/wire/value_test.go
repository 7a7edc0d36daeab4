package wire

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph/models"
)

func TestTheNameOfATypeIsShortHereAndLongThere(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ sent, short, long string }{
		{"#microsoft.graph.windowsUpdates.catalogContent", "catalogContent", "#microsoft.graph.windowsUpdates.catalogContent"},
		{"microsoft.graph.windowsUpdates.catalogContent", "catalogContent", "#microsoft.graph.windowsUpdates.catalogContent"},
		{"#microsoft.graph.other", "microsoft.graph.other", "#microsoft.graph.other"},
		{"catalogContent", "catalogContent", "#microsoft.graph.windowsUpdates.catalogContent"},
	} {
		short := ShortType(&c.sent)
		require.Equal(t, c.short, short)
		require.Equal(t, c.long, *LongType(short))
	}
	require.Empty(t, ShortType(nil))
	require.Nil(t, LongType(""), "no type is sent for no name")
}

func TestAQuoteInALiteralDoesNotEndIt(t *testing.T) {
	t.Parallel()
	require.Equal(t, `'a''b'`, Quote("a'b"))
}

func TestTheRestOfAListIsWhereTheServiceSays(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		``:                           "",
		`null`:                       "",
		`"https://example.com/?a=b"`: "https://example.com/?a=b",
		`7`:                          "7",
	} {
		w := models.NewDeploymentAudience()
		if sent != "" {
			w.SetAdditionalData(map[string]any{"members@odata.nextLink": json.RawMessage(sent)})
		}
		require.Equal(t, want, Rest(w, "members"), sent)
		require.Empty(t, Rest(w, "exclusions"), sent)
	}
}

func TestADayOfYear1IsNoTimeWhateverItsHour(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]time.Time{
		"0001-01-01T00:00:00Z":          {},
		"0001-01-01T08:30:00.5Z":        {},
		"0001-12-31T23:59:59Z":          {},
		"0001-01-01T00:00:00-08:00":     {},
		"0002-01-01T00:00:00Z":          time.Date(2, 1, 1, 0, 0, 0, 0, time.UTC),
		"2026-11-29T10:00:00.125+02:00": time.Date(2026, 11, 29, 8, 0, 0, 125_000_000, time.UTC),
	} {
		sentTime, err := time.Parse(time.RFC3339Nano, sent)
		require.NoError(t, err)
		require.Equal(t, want, Time(&sentTime), sent)
	}
	require.Zero(t, Time(nil))
}
