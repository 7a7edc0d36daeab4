package wire

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAKindIsRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{`{}`: "", `{"type":null}`: "", `{"type":"a","x":1}`: "a"} {
		kind, err := KindOf([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, want, kind, text)
	}
	for _, text := range []string{`null`, `7`, `{"type":7}`, `{`} {
		_, err := KindOf([]byte(text))
		require.Error(t, err, text)
	}
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
	rules, err := UnmarshalRules([]byte(`[1,null]`), read)
	require.NoError(t, err)
	require.Equal(t, []string{"1", "null"}, rules)
	rules, err = UnmarshalRules([]byte(`[]`), read)
	require.NoError(t, err)
	require.Equal(t, []string{}, rules)
	rules, err = UnmarshalRules([]byte(`null`), read)
	require.NoError(t, err)
	require.Nil(t, rules)
	_, err = UnmarshalRules([]byte(`[1,0]`), read)
	require.ErrorIs(t, err, wrong)
	require.EqualError(t, err, "read rule 1: wrong")
	_, err = UnmarshalRules([]byte(`{}`), read)
	require.ErrorAs(t, err, new(*json.UnmarshalTypeError))
}
