package kjson

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
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
	n, err := NewParseNodeFactory().GetRootParseNode(contentType, []byte(content))
	require.NoError(t, err)
	return n
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
		{json: `1`, err: "a number found where a text is due"},
		{json: `true`, err: "a boolean found where a text is due"},
		{json: `{}`, err: "an object found where a text is due"},
		{json: `["a"]`, err: "an array found where a text is due"},
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
		{json: `"no"`, err: `"no" is not a boolean`},
		{json: `""`, err: `"" is not a boolean`},
		{json: `0`, err: "a number found where a boolean is due"},
		{json: `[]`, err: "an array found where a boolean is due"},
	})
}

func TestIntegersAreExact(t *testing.T) {
	t.Parallel()
	testReadings(t, serialization.ParseNode.GetInt64Value, []reading{
		{json: `null`},
		{json: `0`, want: int64(0)},
		{json: `-0`, want: int64(0)},
		{json: `9007199254740993`, want: int64(9007199254740993)},
		{json: `9223372036854775807`, want: int64(math.MaxInt64)},
		{json: `-9223372036854775808`, want: int64(math.MinInt64)},
		{json: `9223372036854775807.000`, want: int64(math.MaxInt64)},
		{json: `0.00e-5`, want: int64(0)},
		{json: `1.0`, want: int64(1)},
		{json: `1e2`, want: int64(100)},
		{json: `-1.25E+2`, want: int64(-125)},
		{json: `1200e-2`, want: int64(12)},
		{json: `0.001e3`, want: int64(1)},
		{json: `0e999999999999`, want: int64(0)},
		{json: `"100"`, want: int64(100)},
		{json: `"1e2"`, want: int64(100)},
		{json: `9223372036854775808`, err: `"9223372036854775..." is not an integer of this size`},
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
		{json: `true`, err: "a boolean found where a number is due"},
		{json: `{}`, err: "an object found where a number is due"},
	})
}

func TestIntegersMustFit(t *testing.T) {
	t.Parallel()
	t.Run("int32", func(t *testing.T) {
		t.Parallel()
		testReadings(t, serialization.ParseNode.GetInt32Value, []reading{
			{json: `null`}, {json: `2147483647`, want: int32(math.MaxInt32)},
			{json: `2147483648`, err: `"2147483648" is not an integer of this size`},
		})
	})
	t.Run("int8", func(t *testing.T) {
		t.Parallel()
		testReadings(t, serialization.ParseNode.GetInt8Value, []reading{
			{json: `null`}, {json: `-128`, want: int8(-128)}, {json: `128`, err: `"128" is not an integer of this size`},
		})
	})
	t.Run("byte", func(t *testing.T) {
		t.Parallel()
		testReadings(t, serialization.ParseNode.GetByteValue, []reading{
			{json: `null`}, {json: `255`, want: byte(255)}, {json: `-0`, want: byte(0)},
			{json: `-1`, err: `"-1" is not an integer of this size`},
		})
	})
}

func TestNumbersAreTheNearest(t *testing.T) {
	t.Parallel()
	t.Run("float64", func(t *testing.T) {
		t.Parallel()
		testReadings(t, serialization.ParseNode.GetFloat64Value, []reading{
			{json: `null`}, {json: `9.8`, want: 9.8}, {json: `"9.8"`, want: 9.8}, {json: `1e-999`, want: 0.0},
			{json: `1e999`, err: `"1e999" is not a number of this size`}, {json: `"x"`, err: `"x" is not a number`},
			{json: `[]`, err: "an array found where a number is due"},
		})
	})
	t.Run("float32", func(t *testing.T) {
		t.Parallel()
		testReadings(t, serialization.ParseNode.GetFloat32Value, []reading{
			{json: `null`}, {json: `0.1`, want: float32(0.1)}, {json: `1e39`, err: `"1e39" is not a number of this size`},
		})
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
		{json: `"0001-01-01T08:00:00Z"`, want: time.Date(1, 1, 1, 8, 0, 0, 0, time.UTC)},
		{json: `"0001-12-31T23:59:59.5Z"`, want: time.Date(1, 12, 31, 23, 59, 59, 5e8, time.UTC)},
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
		{json: `1674115081`, err: "a number found where a text is due"},
		{json: `{}`, err: "an object found where a text is due"},
	})
}

func TestDatesAreRead(t *testing.T) {
	t.Parallel()
	testReadings(t, serialization.ParseNode.GetDateOnlyValue, []reading{
		{json: `null`}, {json: `""`},
		{json: `"2023-01-19"`, want: *serialization.NewDateOnly(time.Date(2023, 1, 19, 0, 0, 0, 0, time.UTC))},
		{json: `" "`, err: `" " is not a date`},
		{json: `"19.01.2023"`, err: `"19.01.2023" is not a date`},
		{json: `1`, err: "a number found where a text is due"},
	})
}

func TestTimesOfDayAreRead(t *testing.T) {
	t.Parallel()
	testReadings(t, serialization.ParseNode.GetTimeOnlyValue, []reading{
		{json: `null`}, {json: `""`},
		{json: `"07:58:01.5"`, want: *serialization.NewTimeOnly(time.Date(0, 1, 1, 7, 58, 1, 5e8, time.UTC))},
		{json: `"7 o'clock"`, err: `"7 o'clock" is not a time of day`},
		{json: `"07:58:01.5555555555"`, err: `"07:58:01.5555555..." is not a time of day`},
	})
}

func TestDurationsAreReadAsTheyAre(t *testing.T) {
	t.Parallel()
	const what = " is not a duration of years, weeks, days, hours, minutes and seconds"
	testReadings(t, serialization.ParseNode.GetISODurationValue, []reading{
		{json: `null`}, {json: `""`},
		{json: `"P7D"`, want: *serialization.NewDuration(0, 0, 7, 0, 0, 0, 0)},
		{json: `"P1W"`, want: *serialization.NewDuration(0, 1, 0, 0, 0, 0, 0)},
		{json: `"P1Y2DT3H4M5.06S"`, want: *serialization.NewDuration(1, 0, 2, 3, 4, 5, 60)},
		{json: `"PT30S"`, want: *serialization.NewDuration(0, 0, 0, 0, 0, 30, 0)},
		{json: `"PT0S"`, want: *serialization.NewDuration(0, 0, 0, 0, 0, 0, 0)},
		{json: `"P"`, err: `"P"` + what},
		{json: `"P1DT"`, err: `"P1DT"` + what},
		{json: `"P1M"`, err: `"P1M"` + what},
		{json: `"-P1D"`, err: `"-P1D"` + what},
		{json: `"P99999999999D"`, err: `"P99999999999D"` + what},
		{json: `"a week"`, err: `"a week"` + what},
	})
}

func TestUUIDsAreRead(t *testing.T) {
	t.Parallel()
	const id = "d9049ddb-0ca8-4bc1-bd3c-41a456ef300f"
	testReadings(t, serialization.ParseNode.GetUUIDValue, []reading{
		{json: `null`}, {json: `""`}, {json: `"String (identifier)"`},
		{json: `"` + id + `"`, want: uuid.MustParse(id)},
		{json: `"x"`, err: `"x" is not a UUID`},
		{json: `1`, err: "a number found where a text is due"},
	})
}

func TestBytesAreReadFromBase64(t *testing.T) {
	t.Parallel()
	for _, r := range []struct {
		json, err string
		want      []byte
	}{
		{json: `null`},
		{json: `""`, want: []byte{}},
		{json: `"aGk="`, want: []byte("hi")},
		{json: `"?"`, err: `a.b: "?" is not base64`},
		{json: `[1]`, err: "a.b: an array found where a text is due"},
	} {
		got, err := nodeOf(t, r.json).GetByteArrayValue()
		if r.err != "" {
			require.EqualError(t, err, r.err)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, r.want, got)
	}
}

var errNoColour = errors.New("not a colour")

func colour(s string) (any, error) {
	if s != "red" {
		return nil, errNoColour
	}
	return len(s), nil
}

func TestEnumsAreReadWithTheirParser(t *testing.T) {
	t.Parallel()
	for _, r := range []struct {
		json, err string
		want      any
	}{
		{json: `null`},
		{json: `"red"`, want: 3},
		{json: `"rot"`, err: "a.b: not a colour"},
		{json: `1`, err: "a.b: a number found where a text is due"},
	} {
		got, err := nodeOf(t, r.json).GetEnumValue(colour)
		if r.err != "" {
			require.EqualError(t, err, r.err)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, r.want, got)
	}
	_, err := nodeOf(t, `"rot"`).GetEnumValue(colour)
	require.ErrorIs(t, err, errNoColour)
	_, err = nodeOf(t, `"red"`).GetEnumValue(nil)
	require.EqualError(t, err, "no parser was given")
}

func TestListsOfEnumsLeaveOutNull(t *testing.T) {
	t.Parallel()
	got, err := nodeOf(t, `["red",null]`).GetCollectionOfEnumValues(colour)
	require.NoError(t, err)
	require.Equal(t, []any{3}, got)
	got, err = nodeOf(t, `null`).GetCollectionOfEnumValues(colour)
	require.NoError(t, err)
	require.Nil(t, got)
	_, err = nodeOf(t, `["red","rot"]`).GetCollectionOfEnumValues(colour)
	require.EqualError(t, err, "a.b[1]: not a colour")
	_, err = nodeOf(t, `"red"`).GetCollectionOfEnumValues(colour)
	require.EqualError(t, err, "a.b: a text found where an array is due")
	_, err = nodeOf(t, `[]`).GetCollectionOfEnumValues(nil)
	require.EqualError(t, err, "no parser was given")
}

func TestListsOfPlainValuesAreReadByTheNameOfTheirType(t *testing.T) {
	t.Parallel()
	const id = "d9049ddb-0ca8-4bc1-bd3c-41a456ef300f"
	for name, r := range map[string]struct {
		json string
		want any
	}{
		"string":      {`"a"`, new("a")},
		"bool":        {`true`, new(true)},
		"int8":        {`-1`, new(int8(-1))},
		"uint8":       {`1`, new(int8(1))},
		"byte":        {`255`, new(byte(255))},
		"int32":       {`1`, new(int32(1))},
		"int64":       {`1`, new(int64(1))},
		"float32":     {`1`, new(float32(1))},
		"float64":     {`1`, new(float64(1))},
		"time":        {`"0001-01-01T00:00:00Z"`, new(time.Time)},
		"timeonly":    {`"00:00:00"`, serialization.NewTimeOnly(time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC))},
		"dateonly":    {`"2023-01-19"`, serialization.NewDateOnly(time.Date(2023, 1, 19, 0, 0, 0, 0, time.UTC))},
		"isoduration": {`"P1D"`, serialization.NewDuration(0, 0, 1, 0, 0, 0, 0)},
		"uuid":        {`"` + id + `"`, new(uuid.MustParse(id))},
		"base64":      {`"aGk="`, []byte("hi")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := nodeOf(t, `[null,`+r.json+`,null]`).GetCollectionOfPrimitiveValues(name)
			require.NoError(t, err)
			require.Equal(t, []any{r.want}, got)
			_, err = nodeOf(t, `[{}]`).GetCollectionOfPrimitiveValues(name)
			require.ErrorContains(t, err, "a.b[0]: an object found where ")
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
	got, err = nodeOf(t, `["",null]`).GetCollectionOfPrimitiveValues("time")
	require.NoError(t, err)
	require.Empty(t, got)
	_, err = nodeOf(t, `{}`).GetCollectionOfPrimitiveValues("string")
	require.EqualError(t, err, "a.b: an object found where an array is due")
	_, err = nodeOf(t, `[]`).GetCollectionOfPrimitiveValues("colour")
	require.EqualError(t, err, `"colour" is not a type of plain values`)
}

func TestRawValuesHaveNoWhiteSpace(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{
		`null`: `null`, `1.50`: `1.50`, ` "a b" `: `"a b"`, "{ \"<\" : [ 1 ,\n2 ] }": `{"<":[1,2]}`,
	} {
		got, err := nodeOf(t, written).GetRawValue()
		require.NoError(t, err)
		requireText(t, want, got.(json.RawMessage))
	}
}

func TestChildrenAreFoundByName(t *testing.T) {
	t.Parallel()
	n := root(t, `{"a":1,"A":2,"b\u0022":3,"a":4,"c":null}`)
	for name, want := range map[string]string{"a": "4", "A": "2", `b"`: "3", "c": "null"} {
		child, err := n.GetChildNode(name)
		require.NoError(t, err)
		raw, err := child.GetRawValue()
		require.NoError(t, err)
		requireText(t, want, raw.(json.RawMessage))
	}
	for _, node := range []serialization.ParseNode{n, root(t, `["x"]`), root(t, `"x"`)} {
		child, err := node.GetChildNode("x")
		require.NoError(t, err)
		require.Nil(t, child)
	}
}

func TestUntypedValuesKeepTheirKind(t *testing.T) {
	t.Parallel()
	got, err := root(t, `{"o":{"n":null},"a":[true,"s"],"i":9007199254740993,"f":1.5}`).
		GetObjectValue(serialization.CreateUntypedNodeFromDiscriminatorValue)
	require.NoError(t, err)
	require.Equal(t, serialization.NewUntypedObject(map[string]serialization.UntypedNodeable{
		"o": serialization.NewUntypedObject(map[string]serialization.UntypedNodeable{"n": serialization.NewUntypedNull()}),
		"a": serialization.NewUntypedArray([]serialization.UntypedNodeable{
			serialization.NewUntypedBoolean(true), serialization.NewUntypedString("s"),
		}),
		"i": serialization.NewUntypedLong(9007199254740993),
		"f": serialization.NewUntypedDouble(1.5),
	}), got)
	for _, content := range []string{`{"a":[1e999]}`, `[{"a":1e999}]`} {
		_, err = root(t, content).GetObjectValue(serialization.CreateUntypedNodeFromDiscriminatorValue)
		require.ErrorContains(t, err, `"1e999" is not a number of this size`)
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
		_, err := NewParseNodeFactory().GetRootParseNode(contentType, []byte(content))
		require.EqualError(t, err, want, "%s", content)
	}
	for _, content := range []string{levels(maxDepth), deepObject(maxDepth), "\uFEFF{}", " 1 \r\n\t", `""`} {
		_, err := NewParseNodeFactory().GetRootParseNode(contentType, []byte(content))
		require.NoError(t, err, "%s", content)
	}
}

func levels(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }

func deepObject(n int) string { return strings.Repeat(`{"a":`, n) + "0" + strings.Repeat("}", n) }

func TestTheFactoriesServeJSONAlone(t *testing.T) {
	t.Parallel()
	nodes, writers := NewParseNodeFactory(), NewSerializationWriterFactory()
	for _, valid := range []func() (string, error){nodes.GetValidContentType, writers.GetValidContentType} {
		got, err := valid()
		require.NoError(t, err)
		require.Equal(t, "application/json", got)
	}
	for _, other := range []string{"", "text/plain"} {
		_, err := nodes.GetRootParseNode(other, []byte("{}"))
		require.ErrorContains(t, err, "where application/json is due")
		_, err = writers.GetSerializationWriter(other)
		require.ErrorContains(t, err, "where application/json is due")
	}
}
