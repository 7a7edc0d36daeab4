package odata_test

import (
	"encoding/json"
	"testing"
	"testing/quick"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/odata"
)

// patch has a change of each kind of value.
type patch struct {
	Name  odata.Change[string]         `json:"name,omitzero"`
	Count odata.Change[int64]          `json:"count,omitzero"`
	Parts odata.Change[map[string]int] `json:"parts,omitzero"`
}

func TestAChangeIsWrittenAndReadAsItIs(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]patch{
		`{}`:                           {},
		`{"name":null}`:                {Name: odata.Null[string]()},
		`{"name":""}`:                  {Name: odata.Set("")},
		`{"count":0,"parts":{}}`:       {Count: odata.Set(int64(0)), Parts: odata.Set(map[string]int{})},
		`{"name":"a","parts":{"b":1}}`: {Name: odata.Set("a"), Parts: odata.Set(map[string]int{"b": 1})},
	} {
		written, err := json.Marshal(want)
		require.NoError(t, err)
		require.Equal(t, text, string(written))
		require.Equal(t, want, read(t, text))
	}
}

func read(t *testing.T, text string) patch {
	t.Helper()
	var p patch
	require.NoError(t, json.Unmarshal([]byte(text), &p), text)
	return p
}

func TestNoChangeIsLostOnTheWayThroughJSON(t *testing.T) {
	t.Parallel()
	require.NoError(t, quick.Check(func(name string, count int64, nameKind, countKind uint8) bool {
		want := patch{Name: change(name, nameKind), Count: change(count, countKind)}
		text, err := json.Marshal(want)
		var got patch
		return err == nil && json.Unmarshal(text, &got) == nil && got.Name == want.Name && got.Count == want.Count
	}, nil))
}

// change is one of the three that there are.
func change[T any](value T, kind uint8) odata.Change[T] {
	return []odata.Change[T]{{}, odata.Null[T](), odata.Set(value)}[kind%3]
}

func TestAnUnsetChangeIsNeverWrittenAsNull(t *testing.T) {
	t.Parallel()
	_, err := json.Marshal(struct{ Name odata.Change[string] }{})
	require.ErrorContains(t, err, "omitzero")
}

func TestAChangeThatCannotBeReadStaysWhatItWas(t *testing.T) {
	t.Parallel()
	p := patch{Count: odata.Set(int64(7))}
	require.Error(t, json.Unmarshal([]byte(`{"count":"seven"}`), &p))
	require.Equal(t, odata.Set(int64(7)), p.Count)
}

func TestNullReplacesWhatWasSet(t *testing.T) {
	t.Parallel()
	p := patch{Count: odata.Set(int64(7))}
	require.NoError(t, json.Unmarshal([]byte(`{"count": null }`), &p))
	require.Equal(t, odata.Null[int64](), p.Count)
}

func TestStoredJSONNeverLosesAProperty(t *testing.T) {
	t.Parallel()
	var q odata.Query
	require.ErrorContains(t, json.Unmarshal([]byte(`{"Filter":"a","Skp":1}`), &q), "Skp")
	require.NoError(t, json.Unmarshal([]byte(`{"Filter":"a","Top":1}`), &q))
	require.Equal(t, odata.Query{Filter: "a", Top: 1}, q)
	var c odata.Change[struct{ Name string }]
	require.ErrorContains(t, json.Unmarshal([]byte(`{"Name":"a","Nam":1}`), &c), "Nam")
	require.True(t, c.IsUnset())
}
