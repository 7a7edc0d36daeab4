package kjson

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/stretchr/testify/require"
)

// reading is one value and what a method makes of it. The error is what follows
// the place, empty for none.
type reading struct {
	json string
	want any // nil for no value
	err  string
}

// testReadings reads each value as a member, so that errors have a place.
func testReadings[T any](t *testing.T, get func(serialization.ParseNode) (*T, error), readings []reading) {
	t.Helper()
	for _, r := range readings {
		t.Run(r.json, func(t *testing.T) {
			t.Parallel()
			got, err := get(nodeOf(t, r.json))
			switch {
			case r.err != "":
				require.EqualError(t, err, "a.b: "+r.err)
				require.Nil(t, got)
			case r.want == nil:
				require.NoError(t, err)
				require.Nil(t, got)
			default:
				require.NoError(t, err)
				require.NotNil(t, got)
				require.Equal(t, r.want, *got)
			}
		})
	}
}

// nodeOf is the node of a value that stands at a.b.
func nodeOf(t testing.TB, value string) serialization.ParseNode {
	t.Helper()
	a, err := root(t, `{"a":{"b":`+value+`}}`).GetChildNode("a")
	require.NoError(t, err)
	b, err := a.GetChildNode("b")
	require.NoError(t, err)
	return b
}

func root(t testing.TB, content string) serialization.ParseNode {
	t.Helper()
	doc, err := parse([]byte(content))
	require.NoError(t, err)
	return &doc.nodes[0]
}

func TestTextsAreReadAsTheyAre(t *testing.T) {
	t.Parallel()
	testReadings(t, serialization.ParseNode.GetStringValue, []reading{
		{json: `null`},
		{json: `""`, want: ""},
		{json: `"a"`, want: "a"},
		{json: `"\"\\\/\b\f\n\r\té"`, want: "\"\\/\b\f\n\r\té"},
		{json: `"\ud83d\ude00"`, want: "😀"},
		{json: `"\ud83d"`, want: "\uFFFD"},
		{json: `"\ud800\ud83d\ude00"`, want: "\uFFFD😀"},
		{json: `"String (timestamp)"`, want: "String (timestamp)"},
		{json: `1`, err: "a number instead of a string"},
		{json: `true`, err: "a Boolean instead of a string"},
		{json: `{}`, err: "an object instead of a string"},
		{json: `["a"]`, err: "an array instead of a string"},
	})
}

func TestBooleansAreReadAlsoFromTexts(t *testing.T) {
	t.Parallel()
	testReadings(t, serialization.ParseNode.GetBoolValue, []reading{
		{json: `null`},
		{json: `true`, want: true},
		{json: `false`, want: false},
		{json: `"true"`, want: true},
		{json: `"False"`, want: false},
		{json: `"no"`, err: `"no" is not a Boolean`},
		{json: `""`, err: `"" is not a Boolean`},
		{json: `0`, err: "a number instead of a Boolean"},
		{json: `[]`, err: "an array instead of a Boolean"},
	})
}

func TestIntegersAreExact(t *testing.T) {
	t.Parallel()
	testReadings(t, serialization.ParseNode.GetInt32Value, []reading{
		{json: `null`},
		{json: `0`, want: int32(0)},
		{json: `-0`, want: int32(0)},
		{json: `2147483647`, want: int32(math.MaxInt32)},
		{json: `-2147483648`, want: int32(math.MinInt32)},
		{json: `2147483647.000`, want: int32(math.MaxInt32)},
		{json: `2e9`, want: int32(2_000_000_000)},
		{json: `0.00e-5`, want: int32(0)},
		{json: `1.0`, want: int32(1)},
		{json: `1e2`, want: int32(100)},
		{json: `-1.25E+2`, want: int32(-125)},
		{json: `1200e-2`, want: int32(12)},
		{json: `0.001e3`, want: int32(1)},
		{json: `0e999999999999`, want: int32(0)},
		{json: `"100"`, want: int32(100)},
		{json: `"1e2"`, want: int32(100)},
		{json: `2147483648`, err: `"2147483648" is not an integer of this size`},
		{json: `-2147483649`, err: `"-2147483649" is not an integer of this size`},
		{json: `21474836.48e2`, err: `"21474836.48e2" is not an integer of this size`},
		{json: `9223372036854775808`, err: `"9223372036854775..." is not an integer of this size`},
		{json: `3e9`, err: `"3e9" is not an integer of this size`},
		{json: `1.5`, err: `"1.5" is not an integer of this size`},
		{json: `1e-1`, err: `"1e-1" is not an integer of this size`},
		{json: `1e19`, err: `"1e19" is not an integer of this size`},
		{json: `1e999999999999`, err: `"1e999999999999" is not an integer of this size`},
		{json: `1e-999999999999`, err: `"1e-999999999999" is not an integer of this size`},
		{json: `""`, err: `"" is not a number`},
		{json: `" 1"`, err: `" 1" is not a number`},
		{json: `"1 2"`, err: `"1 2" is not a number`},
		{json: `"01"`, err: `"01" is not a number`},
		{json: `"NaN"`, err: `"NaN" is not a number`},
		{json: `true`, err: "a Boolean instead of a number"},
		{json: `{}`, err: "an object instead of a number"},
	})
}

func TestNumbersAreTheNearest(t *testing.T) {
	t.Parallel()
	testReadings(t, serialization.ParseNode.GetFloat64Value, []reading{
		{json: `null`}, {json: `9.8`, want: 9.8}, {json: `"9.8"`, want: 9.8}, {json: `1e-999`, want: 0.0},
		{json: `1e999`, err: `"1e999" is not a number of this size`}, {json: `"x"`, err: `"x" is not a number`},
		{json: `[]`, err: "an array instead of a number"},
	})
}

func TestTimesAreReadInUTC(t *testing.T) {
	t.Parallel()
	at := func(h, m, s, ns int) time.Time { return time.Date(2023, 1, 19, h, m, s, ns, time.UTC) }
	testReadings(t, serialization.ParseNode.GetTimeValue, []reading{
		{json: `null`},
		{json: `""`},
		{json: `"String (timestamp)"`},
		{json: `"String (identifier)"`},
		{json: `"2023-01-19T07:58:01Z"`, want: at(7, 58, 1, 0)},
		{json: `"2023-01-19t07:58:01z"`, want: at(7, 58, 1, 0)},
		{json: `"2023-01-19T07:58:01.9721459Z"`, want: at(7, 58, 1, 972145900)},
		{json: `"2023-01-19T07:58:01.123456789+01:30"`, want: at(6, 28, 1, 123456789)},
		{json: `"2023-01-19T07:58:01-01:00"`, want: at(8, 58, 1, 0)},
		{json: `"2023-01-19T07:58:01"`, want: at(7, 58, 1, 0)},
		{json: `"2023-01-19t07:58:01.9721459"`, want: at(7, 58, 1, 972145900)},
		{json: `"2023-01-19"`, want: at(0, 0, 0, 0)},
		{json: `"0001-01-01T00:00:00Z"`, want: time.Time{}},
		{json: `"0001-01-01T00:00:00"`, want: time.Time{}},
		{json: `"0001-06-01"`, want: time.Date(1, 6, 1, 0, 0, 0, 0, time.UTC)},
		{json: `"0001-01-01T00:00:00+08:00"`, want: time.Date(0, 12, 31, 16, 0, 0, 0, time.UTC)},
		{json: `"0001-01-01T08:00:00Z"`, err: `"0001-01-01T08:00..." is a time of year 1, which means none at midnight only`},
		{json: `"0001-12-31T23:59:59.5Z"`, err: `"0001-12-31T23:59..." is a time of year 1, which means none at midnight only`},
		{json: `"0001-01-02T08:00:00+08:00"`, want: time.Date(1, 1, 2, 0, 0, 0, 0, time.UTC)},
		{json: `"2023-01-19T07:58:01.1234567890Z"`, err: `"2023-01-19T07:58..." is not a time`},
		{json: `"2023-01-19T7:58:01Z"`, err: `"2023-01-19T7:58:..." is not a time`},
		{json: `"2023-01-19T7:58:01,5Z"`, err: `"2023-01-19T7:58:..." is not a time`},
		{json: `"2023-01-19T07:58:01,5Z"`, err: `"2023-01-19T07:58..." is not a time`},
		{json: `"2023-01-19 07:58:01Z"`, err: `"2023-01-19 07:58..." is not a time`},
		{json: `"2023-02-30"`, err: `"2023-02-30" is not a time`},
		{json: `"2023-01-19T07:58Z"`, want: at(7, 58, 0, 0)},
		{json: `"2023-01-19T07:58"`, want: at(7, 58, 0, 0)},
		{json: `"2023-01-19t07:58+01:00"`, want: at(6, 58, 0, 0)},
		{json: `"2023-01-19T07:58+0100"`, err: `"2023-01-19T07:58..." is not a time`},
		{json: `"2023-01-19T07:5Z"`, err: `"2023-01-19T07:5Z" is not a time`},
		{json: `"2023-01-19T07:58.5Z"`, err: `"2023-01-19T07:58..." is not a time`},
		{json: `"soon"`, err: `"soon" is not a time`},
		{json: `" "`, err: `" " is not a time`},
		{json: `"0123456789abcdefé"`, err: `"0123456789abcdef..." is not a time`},
		{json: `1674115081`, err: "a number instead of a string"},
		{json: `{}`, err: "an object instead of a string"},
	})
}

func TestListsOfPlainValuesAreReadByTheNameOfTheirType(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]struct {
		json string
		want any
	}{
		"string": {`"a"`, new("a")},
		"int32":  {`1`, new(int32(1))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := nodeOf(t, `[null,`+r.json+`,null]`).GetCollectionOfPrimitiveValues(name)
			require.NoError(t, err)
			require.Equal(t, []any{r.want}, got)
			_, err = nodeOf(t, `[{}]`).GetCollectionOfPrimitiveValues(name)
			require.ErrorContains(t, err, "a.b[0]: an object instead of ")
		})
	}
}

func TestListsOfPlainValuesHaveTheirLimits(t *testing.T) {
	t.Parallel()
	got, err := nodeOf(t, `null`).GetCollectionOfPrimitiveValues("string")
	require.NoError(t, err)
	require.Nil(t, got)
	got, err = nodeOf(t, `[]`).GetCollectionOfPrimitiveValues("string")
	require.NoError(t, err)
	require.Equal(t, []any{}, got)
	_, err = nodeOf(t, `{}`).GetCollectionOfPrimitiveValues("string")
	require.EqualError(t, err, "a.b: an object instead of an array")
	_, err = nodeOf(t, `[]`).GetCollectionOfPrimitiveValues("uuid")
	require.EqualError(t, err, `lists of "uuid" are not supported`)
}

func TestChildrenAreFoundByName(t *testing.T) {
	t.Parallel()
	n := root(t, `{"a":1,"A":2,"b\u0022":3,"a":4,"c":null}`)
	for name, want := range map[string]string{"a": "4", "A": "2", `b"`: "3", "c": "null"} {
		child, err := n.GetChildNode(name)
		require.NoError(t, err)
		requireText(t, want, child.(*node).raw())
	}
	for _, node := range []serialization.ParseNode{n, root(t, `["x"]`), root(t, `"x"`)} {
		child, err := node.GetChildNode("x")
		require.NoError(t, err)
		require.Nil(t, child)
	}
}

func TestADocumentIsOneValueInUTF8(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"":                       "the content is empty",
		"\uFEFF":                 "the content is empty",
		" ":                      "the content is not JSON: it ends too early",
		`{"a":`:                  "the content is not JSON: it ends too early",
		`{"a":1`:                 "the content is not JSON: it ends too early",
		`{"a":1,}`:               "the content is not JSON: unexpected byte 125 '}' at 7",
		`[1,]`:                   "the content is not JSON: unexpected byte 93 ']' at 3",
		`nul`:                    "the content is not JSON: it ends too early",
		`{}{}`:                   "the content is not one JSON value: more follows it",
		`{}{"a":`:                "the content is not one JSON value: more follows it",
		`1 x`:                    "the content is not one JSON value: more follows it",
		"\"\xc3\"":               "the content is not UTF-8",
		"\"\xed\xa0\x80\"":       "the content is not UTF-8",
		"<html></html>":          "the content is not JSON: unexpected byte 60 '<' at 0",
		"\"\x01\"":               "the content is not JSON: unexpected byte 1 '\\x01' at 1",
		deepObject(maxDepth + 1): "the content is not JSON: it is more than 100 levels deep",
		levels(maxDepth + 1):     "the content is not JSON: it is more than 100 levels deep",
	} {
		_, err := parse([]byte(content))
		require.EqualError(t, err, want, "%s", content)
	}
	for _, content := range []string{levels(maxDepth), deepObject(maxDepth), "\uFEFF{}", " 1 \r\n\t", `""`} {
		_, err := parse([]byte(content))
		require.NoError(t, err, "%s", content)
	}
}

func levels(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }

func deepObject(n int) string { return strings.Repeat(`{"a":`, n) + "0" + strings.Repeat("}", n) }

func TestTheFactoryServesJSONAlone(t *testing.T) {
	t.Parallel()
	writers := NewSerializationWriterFactory()
	got, err := writers.GetValidContentType()
	require.NoError(t, err)
	require.Equal(t, "application/json", got)
	for _, other := range []string{"", "text/plain"} {
		_, err = writers.GetSerializationWriter(other)
		require.ErrorContains(t, err, "instead of application/json")
	}
}
