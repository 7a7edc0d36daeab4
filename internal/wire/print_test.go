package wire_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

func TestPartsArePrintedInOneLine(t *testing.T) {
	t.Parallel()
	require.Equal(t, "a; b c", wire.Line("; ", "a", "", "b\nc"))
	require.Equal(t, `a\u001b[31m\u202e b`, wire.Line("", "a\x1b[31m\u202e\r\nb"))
	require.Empty(t, wire.Line("; "))
	require.Equal(t, "1, P7D", wire.Listed([]any{1, "P7D"}))
	require.Equal(t, []string{"0 groups", "1 group", "2 groups"}, []string{
		wire.Counted(0, "group"), wire.Counted(1, "group"), wire.Counted(2, "group"),
	})
	require.Equal(t, "kind a", wire.Named("kind", "a"))
	require.Empty(t, wire.Named("kind", ""))
	require.Equal(t, "extra a, b", wire.ExtraNames(map[string]json.RawMessage{"b": nil, "a": nil}))
	require.Empty(t, wire.ExtraNames(nil))
	require.Equal(t, "1 day", wire.Known(nil, "days", "1 day"))
	require.Equal(t, "unknown days", wire.Known(map[string]json.RawMessage{"days": {}}, "days", "0 days"))
}

func TestChangesArePrintedIfTheyChangeSomething(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"days 3", "days null", ""}, []string{
		wire.Changed("days", odata.Set(3), strconv.Itoa), wire.Changed("days", odata.Null[int](), strconv.Itoa),
		wire.Changed("days", odata.Change[int]{}, strconv.Itoa),
	})
}
