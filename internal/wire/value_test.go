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
