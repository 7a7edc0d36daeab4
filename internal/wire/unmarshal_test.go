package wire

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

type outer struct {
	Name  string `json:"name"`
	Flag  *bool  `json:"flag,omitempty"`
	Inner inner  `json:"inner,omitzero"`
	Plain []struct {
		Number int `json:"number"`
	} `json:"plain,omitempty"`
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

func (o *outer) UnmarshalJSON(text []byte) error {
	type fields outer
	return Unmarshal(text, (*fields)(o))
}

type inner struct {
	Number int `json:"number"`
}

func (i *inner) UnmarshalJSON(text []byte) error {
	type fields inner
	return Unmarshal(text, (*fields)(i))
}

func TestStoredInputIsReadOrRejectedWithItsPath(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{}`:   "",
		`null`: "",
		`{"name":"a","flag":false,"inner":{"number":1},"extra":{"new":{"name":1}}}`: "",
		`{"NAME":"a"}`:                      "",
		`{"nam":""}`:                        `nam: unknown property; to send it, put it in "extra"`,
		`{"name":"a","flg":false}`:          `flg: unknown property; to send it, put it in "extra"`,
		`{"inner":{"number":1,"new":null}}`: `inner.new: unknown property`,
		`{"plain":[{"nub er":1}]}`:          `plain.0.nub er: unknown property`,
		`{"name":"a","Name":"b"}`:           "Name: property is given twice",
		`{"inner":{"number":1,"number":2}}`: "inner.number: property is given twice",
		`{"extra":{"a":1,"a":2}}`:           "extra.a: property is given twice",
		`{"inner":{"number":"1"}}`:          "inner.number: json: cannot unmarshal string into Go struct field fields.number of type int",
		`{"name":7,"inner":{"number":1.5}}`: "name: json: cannot unmarshal number into Go struct field fields.name of type string",
		`7`:                                 "json: cannot unmarshal number into Go value of type wire.fields",
		`[]`:                                "json: cannot unmarshal array into Go value of type wire.fields",
	} {
		err := json.Unmarshal([]byte(text), &outer{})
		if want == "" {
			require.NoError(t, err, text)
		} else {
			require.EqualError(t, err, want, text)
		}
	}
}

func TestAKindIsReadInEachSpelling(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"type":"a","x":1}`, `{"x":1,"type":"#microsoft.graph.windowsUpdates.a"}`, `{"@odata.type":"a","x":1}`,
		`{"@odata.type":"#microsoft.graph.windowsUpdates.a","x":1}`, `{"@odata.type":"microsoft.graph.windowsUpdates.a","type":"a","x":1}`,
	} {
		kind, rest, err := SplitKind([]byte(text))
		require.NoError(t, err, text)
		require.Equal(t, "a", kind, text)
		require.JSONEq(t, `{"x":1}`, string(rest), text)
	}
	kind, _, err := SplitKind([]byte(`{"type":null}`))
	require.NoError(t, err)
	require.Empty(t, kind)
	for text, want := range map[string]string{
		`null`: "JSON value is null", `7`: "cannot unmarshal", `{"type":7}`: "type: json: cannot unmarshal", `{"type":"a","type":"b"}`: "given twice",
		`{"type":"#microsoft.graph.windowsUpdates.microsoft.graph.windowsUpdates.a"}`: "type: must have its namespace once",
		`{"type":"a","@odata.type":"b"}`:                                              `@odata.type: must be the kind that "type" names (got "b")`,
	} {
		_, _, err := SplitKind([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

func TestAnUnknownKindIsNoneOfTheKnown(t *testing.T) {
	t.Parallel()
	require.NoError(t, CheckUnknownKind("Kind", "lunar", "a", "b"))
	require.NoError(t, CheckUnknownKind("Kind", "other.namespace.a", "a", "b"))
	for kind, want := range map[string]string{
		"":                                 "Kind must not be empty",
		"#lunar":                           "Kind must not begin with # (got \"#lunar\")",
		"a":                                "Kind must not be a kind that has a type of its own (got \"a\")",
		"B":                                "Kind must not be a kind that has a type of its own (got \"B\")",
		"microsoft.graph.windowsUpdates.a": "Kind must not be a kind that has a type of its own (got \"microsoft.graph.windowsUpdates.a\")",
	} {
		require.EqualError(t, CheckUnknownKind("Kind", kind, "a", "b"), want)
	}
}

type listed struct {
	Items []inner `json:"items,omitempty"`
	Kinds kinds   `json:"kinds,omitempty"`
	Text  string  `json:"text,omitempty"`
	Count int     `json:"count,omitempty"`
	Flag  bool    `json:"flag,omitempty"`
}

func (l *listed) UnmarshalJSON(text []byte) error {
	type fields listed
	return Unmarshal(text, (*fields)(l))
}

type kinds []inner

func (k *kinds) UnmarshalJSON(text []byte) error {
	list, err := UnmarshalList(text, func(item []byte) (i inner, err error) { return i, json.Unmarshal(item, &i) })
	*k = list
	return err
}

func TestAStoredValueThatMeansNoneIsRejected(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"text":null,"count":null,"flag":false,"items":null,"kinds":null}`: "",
		`{"TEXT":""}`:   `TEXT: must be omitted instead of a value that means none (got "")`,
		`{"count":0}`:   "count: must be omitted instead of a value that means none (got 0)",
		`{"items":[]}`:  "items: must be omitted instead of a value that means none (got [])",
		`{"kinds":[ ]}`: "kinds: must be omitted instead of a value that means none (got [ ])",
	} {
		err := json.Unmarshal([]byte(text), &listed{Text: "before", Count: 7})
		if want == "" {
			require.NoError(t, err, text)
		} else {
			require.EqualError(t, err, want, text)
		}
	}
}

func TestAStoredItemIsRejectedWithItsIndex(t *testing.T) {
	t.Parallel()
	for _, list := range []string{"items", "kinds"} {
		err := json.Unmarshal([]byte(`{"`+list+`":[{"number":1},{"number":1,"nummer":2}]}`), &listed{})
		require.EqualError(t, err, list+".1.nummer: unknown property", list)
	}
	require.EqualError(t, json.Unmarshal([]byte(`{"itmes":[{"number":1}]}`), &listed{}), "itmes: unknown property")
}
