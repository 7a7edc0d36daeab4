package wire

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAValueOfAKnownKindMayNameIt(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"number":1}`: "", `{"type":null,"number":1}`: "", `{"@odata.type":"#microsoft.graph.windowsUpdates.a","number":1}`: "",
		`{"type":"b"}`: `type: must be "a" (got "b")`, `{"type":"a","x":1}`: "x: unknown property",
		`null`: "JSON value is null",
	} {
		type fields inner
		var read fields
		err := UnmarshalKind([]byte(text), &read, "a")
		if want == "" {
			require.NoError(t, err, text)
			require.Equal(t, fields{1}, read, text)
		} else {
			require.EqualError(t, err, want, text)
		}
	}
}

func TestTheKindIsWrittenBeforeTheFields(t *testing.T) {
	t.Parallel()
	type fields struct {
		Name  string          `json:"name,omitempty"`
		Extra json.RawMessage `json:"extra,omitempty"`
	}
	for want, value := range map[string]fields{
		`{"type":"a"}`:                            {},
		`{"type":"a","name":"\u003c"}`:            {Name: "<"},
		`{"type":"a","name":"b","extra":{"c":1}}`: {Name: "b", Extra: json.RawMessage(`{"c": 1}`)},
	} {
		text, err := MarshalKind("a", value)
		require.NoError(t, err)
		require.Equal(t, want, string(text))
	}
	_, err := MarshalKind("a", fields{Extra: json.RawMessage("{")})
	require.Error(t, err)
}

func TestRulesAreReadOneByOne(t *testing.T) {
	t.Parallel()
	wrong := errors.New("wrong")
	read := func(text []byte) (string, error) {
		if string(text) == "0" {
			return "", wrong
		}
		return string(text), nil
	}
	rules, err := UnmarshalList([]byte(`[1,null]`), read)
	require.NoError(t, err)
	require.Equal(t, []string{"1", "null"}, rules)
	rules, err = UnmarshalList([]byte(`[]`), read)
	require.NoError(t, err)
	require.Equal(t, []string{}, rules)
	rules, err = UnmarshalList([]byte(`null`), read)
	require.NoError(t, err)
	require.Nil(t, rules)
	_, err = UnmarshalList([]byte(`[1,0]`), read)
	require.ErrorIs(t, err, wrong)
	require.EqualError(t, err, "1: wrong")
	_, err = UnmarshalList([]byte(`{}`), read)
	require.ErrorAs(t, err, new(*json.UnmarshalTypeError))
}
