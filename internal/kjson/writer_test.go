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

	"github.com/winupdates/winupdates-go/internal/graph/models"
)

type sw = serialization.SerializationWriter

// writing is a call of a writer and its content, or the error.
type writing struct {
	name  string
	write func(w sw) error
	want  string
	err   string
}

func testWritings(t *testing.T, writings []writing) {
	t.Helper()
	for _, c := range writings {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWriter(t)
			err := c.write(w)
			content, contentErr := w.GetSerializedContent()
			if c.err != "" {
				require.EqualError(t, err, c.err)
				require.EqualError(t, contentErr, c.err)
				require.Nil(t, content)
				return
			}
			require.NoError(t, err)
			require.NoError(t, contentErr)
			require.Equal(t, c.want, string(content))
		})
	}
}

func newWriter(t *testing.T) sw {
	t.Helper()
	w, err := NewSerializationWriterFactory().GetSerializationWriter(contentType)
	require.NoError(t, err)
	return w
}

var (
	someTime = time.Date(2024, 10, 8, 19, 0, 0, 123400000, time.FixedZone("", 2*60*60))
	someID   = uuid.MustParse("D9049DDB-0ca8-4bc1-bd3c-41a456ef300f")
)

func TestValuesAreWrittenAsMembers(t *testing.T) {
	t.Parallel()
	testWritings(t, []writing{
		{"a text", func(w sw) error { return w.WriteStringValue("a", new("b")) }, `"a":"b"`, ""},
		{"a boolean", func(w sw) error { return w.WriteBoolValue("a", new(false)) }, `"a":false`, ""},
		{"an int8", func(w sw) error { return w.WriteInt8Value("a", new(int8(-128))) }, `"a":-128`, ""},
		{"a byte", func(w sw) error { return w.WriteByteValue("a", new(byte(255))) }, `"a":255`, ""},
		{"an int32", func(w sw) error { return w.WriteInt32Value("a", new(int32(math.MinInt32))) }, `"a":-2147483648`, ""},
		{"an int64", func(w sw) error { return w.WriteInt64Value("a", new(int64(math.MinInt64))) }, `"a":-9223372036854775808`, ""},
		{"a float32", func(w sw) error { return w.WriteFloat32Value("a", new(float32(0.1))) }, `"a":0.1`, ""},
		{"a float64", func(w sw) error { return w.WriteFloat64Value("a", new(1e21)) }, `"a":1e+21`, ""},
		{"bytes", func(w sw) error { return w.WriteByteArrayValue("a", []byte("hi")) }, `"a":"aGk="`, ""},
		{"a time", func(w sw) error { return w.WriteTimeValue("a", &someTime) }, `"a":"2024-10-08T17:00:00.1234Z"`, ""},
		{"the zero time", func(w sw) error { return w.WriteTimeValue("a", new(time.Time)) }, `"a":"0001-01-01T00:00:00Z"`, ""},
		{"a date", func(w sw) error { return w.WriteDateOnlyValue("a", serialization.NewDateOnly(someTime)) }, `"a":"2024-10-08"`, ""},
		{
			"a time of day", func(w sw) error { return w.WriteTimeOnlyValue("a", serialization.NewTimeOnly(someTime)) },
			`"a":"19:00:00.1234"`, "",
		},
		{
			"a whole time of day", func(w sw) error { return w.WriteTimeOnlyValue("a", serialization.NewTimeOnly(time.Time{})) },
			`"a":"00:00:00"`, "",
		},
		{"a duration", func(w sw) error {
			return w.WriteISODurationValue("a", serialization.NewDuration(1, 0, 7, 25, 4, 5, 60))
		}, `"a":"P1Y7DT25H4M5.06S"`, ""},
		{"no duration", func(w sw) error {
			return w.WriteISODurationValue("a", serialization.NewDuration(0, 0, 0, 0, 0, 0, 0))
		}, `"a":"PT0S"`, ""},
		{"milliseconds", func(w sw) error {
			return w.WriteISODurationValue("a", serialization.NewDuration(0, 0, 0, 0, 0, 0, 61500))
		}, `"a":"PT61.5S"`, ""},
		{"a UUID", func(w sw) error { return w.WriteUUIDValue("a", &someID) }, `"a":"d9049ddb-0ca8-4bc1-bd3c-41a456ef300f"`, ""},
		{"null", func(w sw) error { return w.WriteNullValue("a") }, `"a":null`, ""},
		{"anything", func(w sw) error { return w.WriteAnyValue("a", map[string]any{"<": []int{1}}) }, `"a":{"<":[1]}`, ""},
		{"an object", func(w sw) error { return w.WriteObjectValue("a", models.NewEntity()) }, `"a":{}`, ""},
		{"without a name", func(w sw) error { return w.WriteStringValue("", new("b")) }, `"b"`, ""},
	})
}

func TestNilIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, write := range []func(w sw) error{
		func(w sw) error { return w.WriteStringValue("a", nil) },
		func(w sw) error { return w.WriteBoolValue("a", nil) },
		func(w sw) error { return w.WriteInt8Value("a", nil) },
		func(w sw) error { return w.WriteByteValue("a", nil) },
		func(w sw) error { return w.WriteInt32Value("a", nil) },
		func(w sw) error { return w.WriteInt64Value("a", nil) },
		func(w sw) error { return w.WriteFloat32Value("a", nil) },
		func(w sw) error { return w.WriteFloat64Value("a", nil) },
		func(w sw) error { return w.WriteByteArrayValue("a", nil) },
		func(w sw) error { return w.WriteTimeValue("a", nil) },
		func(w sw) error { return w.WriteDateOnlyValue("a", nil) },
		func(w sw) error { return w.WriteTimeOnlyValue("a", nil) },
		func(w sw) error { return w.WriteISODurationValue("a", nil) },
		func(w sw) error { return w.WriteUUIDValue("a", nil) },
		func(w sw) error { return w.WriteAnyValue("a", nil) },
		func(w sw) error { return w.WriteObjectValue("a", nil) },
		func(w sw) error { return w.WriteObjectValue("a", (*models.Entity)(nil)) },
		func(w sw) error { return w.WriteAdditionalData(nil) },
		func(w sw) error { return w.WriteCollectionOfObjectValues("a", nil) },
		func(w sw) error { return w.WriteCollectionOfStringValues("a", nil) },
		func(w sw) error { return w.WriteCollectionOfByteValues("a", nil) },
		func(w sw) error { return w.WriteCollectionOfTimeValues("a", nil) },
	} {
		w := newWriter(t)
		require.NoError(t, write(w))
		content, err := w.GetSerializedContent()
		require.NoError(t, err)
		require.Equal(t, []byte{}, content)
	}
}

func TestListsOfEachKindAreWritten(t *testing.T) {
	t.Parallel()
	week := *serialization.NewDuration(0, 1, 0, 0, 0, 0, 0)
	testWritings(t, []writing{
		{"texts", func(w sw) error { return w.WriteCollectionOfStringValues("a", []string{"b", ""}) }, `"a":["b",""]`, ""},
		{"no texts", func(w sw) error { return w.WriteCollectionOfStringValues("a", []string{}) }, `"a":[]`, ""},
		{"booleans", func(w sw) error { return w.WriteCollectionOfBoolValues("a", []bool{true, false}) }, `"a":[true,false]`, ""},
		{"int8", func(w sw) error { return w.WriteCollectionOfInt8Values("a", []int8{-1, 2}) }, `"a":[-1,2]`, ""},
		{"bytes", func(w sw) error { return w.WriteCollectionOfByteValues("a", []byte{1, 255}) }, `"a":[1,255]`, ""},
		{"int32", func(w sw) error { return w.WriteCollectionOfInt32Values("a", []int32{1, 2}) }, `"a":[1,2]`, ""},
		{"int64", func(w sw) error { return w.WriteCollectionOfInt64Values("a", []int64{1, 2}) }, `"a":[1,2]`, ""},
		{"float32", func(w sw) error { return w.WriteCollectionOfFloat32Values("a", []float32{0.1, 2}) }, `"a":[0.1,2]`, ""},
		{"float64", func(w sw) error { return w.WriteCollectionOfFloat64Values("a", []float64{0.1, 2}) }, `"a":[0.1,2]`, ""},
		{
			"times", func(w sw) error { return w.WriteCollectionOfTimeValues("a", []time.Time{someTime}) },
			`"a":["2024-10-08T17:00:00.1234Z"]`, "",
		},
		{"dates", func(w sw) error {
			return w.WriteCollectionOfDateOnlyValues("a", []serialization.DateOnly{*serialization.NewDateOnly(someTime)})
		}, `"a":["2024-10-08"]`, ""},
		{"times of day", func(w sw) error {
			return w.WriteCollectionOfTimeOnlyValues("a", []serialization.TimeOnly{*serialization.NewTimeOnly(someTime)})
		}, `"a":["19:00:00.1234"]`, ""},
		{"durations", func(w sw) error {
			return w.WriteCollectionOfISODurationValues("a", []serialization.ISODuration{week, week})
		}, `"a":["P1W","P1W"]`, ""},
		{
			"UUIDs", func(w sw) error { return w.WriteCollectionOfUUIDValues("a", []uuid.UUID{someID}) },
			`"a":["d9049ddb-0ca8-4bc1-bd3c-41a456ef300f"]`, "",
		},
		{"objects", func(w sw) error {
			return w.WriteCollectionOfObjectValues("a", []serialization.Parsable{entity("1"), nil, (*models.Entity)(nil), entity("2")})
		}, `"a":[{"id":"1"},null,null,{"id":"2"}]`, ""},
		{"without a name", func(w sw) error { return w.WriteCollectionOfObjectValues("", []serialization.Parsable{}) }, `[]`, ""},
	})
}

func TestTextIsEscapedNoMoreThanNeeded(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`q"b\`: `"q\"b\\"`, "\n\r\t\b\x00\x1f": `"\n\r\t\u0008\u0000\u001f"`, "</a>&é\u2028😀\x7f": "\"</a>&é\u2028😀\x7f\"",
		"{[:,": `"{[:,"`,
	} {
		w := newWriter(t)
		require.NoError(t, w.WriteStringValue("", &text))
		content, err := w.GetSerializedContent()
		require.NoError(t, err)
		require.Equal(t, want, string(content))
		require.Equal(t, text, decoded(t, content))
	}
}

func TestCommasStandBetweenValuesOnly(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	require.NoError(t, w.WriteObjectValue("", &fake{write: func(w sw) error {
		return errors.Join(
			w.WriteStringValue("none", nil),
			w.WriteStringValue("a", new("{")),
			w.WriteCollectionOfStringValues("b", []string{"[", ":", ","}),
			w.WriteObjectValue("c", models.NewEntity()),
			w.WriteObjectValue("none", nil),
			w.WriteCollectionOfObjectValues("d", []serialization.Parsable{models.NewEntity(), models.NewEntity()}),
			w.WriteNullValue("e"),
		)
	}}))
	content, err := w.GetSerializedContent()
	require.NoError(t, err)
	requireText(t, `{"a":"{","b":["[",":",","],"c":{},"d":[{},{}],"e":null}`, content)
}

func TestMoreObjectsAreMergedIntoOne(t *testing.T) {
	t.Parallel()
	more := models.NewUpdateAudienceByIdBody()
	more.SetAddMembers([]string{"x"})
	testWritings(t, []writing{
		{"two", func(w sw) error { return w.WriteObjectValue("a", entity("1"), more) }, `"a":{"id":"1","addMembers":["x"]}`, ""},
		{"nil and one", func(w sw) error { return w.WriteObjectValue("a", nil, more) }, `"a":{"addMembers":["x"]}`, ""},
		{"one and nil", func(w sw) error { return w.WriteObjectValue("a", entity("1"), nil, (*models.Entity)(nil)) }, `"a":{"id":"1"}`, ""},
		{
			"broken", func(w sw) error { return w.WriteObjectValue("a", entity("1"), entity("\xff")) }, "",
			"a.id: a text that is not UTF-8 cannot be written",
		},
	})
}

func TestAdditionalDataTakesEveryKind(t *testing.T) {
	t.Parallel()
	week := serialization.NewDuration(0, 1, 0, 0, 0, 0, 0)
	date, clock := serialization.NewDateOnly(someTime), serialization.NewTimeOnly(someTime)
	const at, id = `"2024-10-08T17:00:00.1234Z"`, `"d9049ddb-0ca8-4bc1-bd3c-41a456ef300f"`
	for _, c := range []struct {
		value any
		want  string
	}{
		{nil, `null`}, {(*string)(nil), `null`}, {(*time.Time)(nil), `null`}, {(*models.Entity)(nil), `null`},
		{json.RawMessage(nil), `null`},
		{json.RawMessage(` {"<": 1e2}`), `{"<": 1e2}`}, {new(json.RawMessage(`1`)), `1`},
		{"<", `"<"`}, {new("b"), `"b"`}, {true, `true`}, {new(false), `false`},
		{byte(1), `1`}, {new(byte(1)), `1`}, {int8(1), `1`}, {new(int8(1)), `1`}, {int32(1), `1`}, {new(int32(1)), `1`}, {int64(1), `1`},
		{new(int64(1)), `1`},
		{1, `1`}, {uint64(math.MaxUint64), `18446744073709551615`}, {json.Number("1.50"), `1.50`},
		{float32(0.1), `0.1`}, {new(float32(0.1)), `0.1`}, {0.1, `0.1`}, {new(0.1), `0.1`},
		{someID, id}, {&someID, id}, {someTime, at}, {&someTime, at}, {*week, `"P1W"`}, {week, `"P1W"`},
		{*date, `"2024-10-08"`}, {date, `"2024-10-08"`}, {*clock, `"19:00:00.1234"`}, {clock, `"19:00:00.1234"`},
		{entity("1"), `{"id":"1"}`}, {[]serialization.Parsable{entity("1"), nil}, `[{"id":"1"},null]`},
		{[]string{"<"}, `["<"]`}, {[]bool{true}, `[true]`}, {[]byte{1}, `[1]`}, {[]int8{1}, `[1]`}, {[]int32{1}, `[1]`},
		{[]int64{1}, `[1]`},
		{[]float32{0.1}, `[0.1]`}, {[]float64{0.1}, `[0.1]`}, {[]uuid.UUID{someID}, `[` + id + `]`},
		{[]time.Time{someTime}, `[` + at + `]`},
		{[]serialization.ISODuration{*week}, `["P1W"]`}, {[]serialization.DateOnly{*date}, `["2024-10-08"]`},
		{[]serialization.TimeOnly{*clock}, `["19:00:00.1234"]`},
		{[]string{}, `[]`}, {serialization.NewUntypedString("b"), `"b"`},
		{map[string]any{"b": nil}, `{"b":null}`}, {[]any{"<", 1}, `["<",1]`}, {struct{ A int }{1}, `{"A":1}`},
	} {
		w := newWriter(t)
		require.NoError(t, w.WriteAdditionalData(map[string]any{"a": c.value}), "%T", c.value)
		content, err := w.GetSerializedContent()
		require.NoError(t, err)
		require.Equal(t, `"a":`+c.want, string(content), "%T", c.value)
	}
}

func TestNilSlicesInAdditionalDataAreLeftOut(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	require.NoError(t, w.WriteAdditionalData(map[string]any{
		"a": []string(nil), "b": []byte(nil), "c": []bool(nil), "d": []uuid.UUID(nil), "e": []serialization.Parsable(nil),
		"f": []time.Time(nil),
	}))
	content, err := w.GetSerializedContent()
	require.NoError(t, err)
	require.Empty(t, content)
}

func TestAdditionalDataIsInOrder(t *testing.T) {
	t.Parallel()
	e := entity("1")
	e.SetAdditionalData(map[string]any{"c": 1, "a": json.RawMessage("2"), "b": nil, `"`: 3})
	content, err := written(NewSerializationWriterFactory(), e)
	require.NoError(t, err)
	requireText(t, `{"id":"1","\"":3,"a":2,"b":null,"c":1}`, content)
}

func TestUntypedValuesAreWrittenAsTheirKind(t *testing.T) {
	t.Parallel()
	value := serialization.NewUntypedObject(map[string]serialization.UntypedNodeable{
		"a": serialization.NewUntypedArray([]serialization.UntypedNodeable{
			serialization.NewUntypedBoolean(true), serialization.NewUntypedString("s"), serialization.NewUntypedNull(), nil,
		}),
		"n": serialization.NewUntypedArray([]serialization.UntypedNodeable{
			serialization.NewUntypedInteger(1), serialization.NewUntypedLong(2), serialization.NewUntypedFloat(0.1),
			serialization.NewUntypedDouble(0.1),
		}),
		"z": serialization.NewUntypedNode("?"), "o": serialization.NewUntypedObject(nil), "u": &serialization.UntypedString{},
		"v": (*serialization.UntypedString)(nil),
	})
	testWritings(t, []writing{
		{
			"all kinds", func(w sw) error { return w.WriteObjectValue("", value) },
			`{"a":[true,"s",null,null],"n":[1,2,0.1,0.1],"o":{},"u":null,"v":null,"z":null}`, "",
		},
		{"no number", func(w sw) error {
			return w.WriteObjectValue("a",
				serialization.NewUntypedArray([]serialization.UntypedNodeable{serialization.NewUntypedDouble(math.Inf(1))}))
		}, "", "a[0]: an infinity, or what is not a number, cannot be written"},
		{"no number in an object", func(w sw) error {
			return w.WriteObjectValue("a",
				serialization.NewUntypedObject(map[string]serialization.UntypedNodeable{
					"b": serialization.NewUntypedFloat(float32(math.Inf(1))),
				}))
		}, "", "a.b: an infinity, or what is not a number, cannot be written"},
		{"no name", func(w sw) error {
			return w.WriteObjectValue("a", serialization.NewUntypedObject(map[string]serialization.UntypedNodeable{"": nil}))
		}, "", "a: a member without a name cannot be written"},
	})
}

func TestAChoiceOfTypesWritesItself(t *testing.T) {
	t.Parallel()
	testWritings(t, []writing{
		{"a text", func(w sw) error { return w.WriteObjectValue("a", &choice{new("b")}) }, `"a":"b"`, ""},
		{"nothing", func(w sw) error { return w.WriteObjectValue("a", &choice{}) }, `"a":null`, ""},
		{"in a list", func(w sw) error {
			return w.WriteCollectionOfObjectValues("a", []serialization.Parsable{&choice{new("b")}, &choice{}})
		}, `"a":["b",null]`, ""},
	})
}

func TestWhatJSONCannotHoldIsAnErrorThatNamesItsPlace(t *testing.T) {
	t.Parallel()
	const notNumber, notUTF8 = "an infinity, or what is not a number, cannot be written", "a text that is not UTF-8 cannot be written"
	broken := errors.New("broken")
	itself := &fake{}
	itself.write = func(w sw) error { return w.WriteObjectValue("", itself) }
	deep := serialization.NewUntypedArray(nil)
	for range maxDepth {
		deep = serialization.NewUntypedArray([]serialization.UntypedNodeable{deep})
	}
	additional := func(name string, value any) func(w sw) error {
		return func(w sw) error { return w.WriteAdditionalData(map[string]any{name: value}) }
	}
	testWritings(t, []writing{
		{"NaN", func(w sw) error { return w.WriteFloat64Value("a", new(math.NaN())) }, "", "a: " + notNumber},
		{
			"an infinity", func(w sw) error { return w.WriteCollectionOfFloat32Values("a", []float32{1, float32(math.Inf(-1))}) }, "",
			"a[1]: " + notNumber,
		},
		{"bad text", func(w sw) error { return w.WriteStringValue("a", new("\xff")) }, "", "a: " + notUTF8},
		{
			"bad texts", func(w sw) error { return w.WriteCollectionOfStringValues("a", []string{"", "\xed\xa0\x80"}) }, "",
			"a[1]: " + notUTF8,
		},
		{"a text inside", func(w sw) error {
			return w.WriteCollectionOfObjectValues("a", []serialization.Parsable{nil, entity("\xff")})
		}, "", "a[1].id: " + notUTF8},
		{
			"a far year", func(w sw) error { return w.WriteTimeValue("a", new(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC))) }, "",
			"a: a year before 0 or after 9999 cannot be written",
		},
		{
			"a year before 0", func(w sw) error { return w.WriteTimeValue("a", new(time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC))) }, "",
			"a: a year before 0 or after 9999 cannot be written",
		},
		{"a negative duration", func(w sw) error {
			return w.WriteISODurationValue("a", serialization.NewDuration(0, 0, -1, 0, 0, 0, 0))
		}, "", "a: a negative duration cannot be written"},
		{"months", func(w sw) error {
			months, err := serialization.ParseISODuration("P2M")
			return errors.Join(err, w.WriteISODurationValue("a", months))
		}, "", "a: a duration with months cannot be written"},
		{"bad raw JSON", additional("a", json.RawMessage(`{"b":}`)), "", "a: the content is not JSON: unexpected byte 125 '}' at 5"},
		{"two raw values", additional("a", json.RawMessage(`1,"b":2`)), "", "a: the content is not one JSON value: more follows it"},
		{"bad bytes in raw JSON", additional("a", json.RawMessage("\"\xff\"")), "", "a: the content is not UTF-8"},
		{"a name that is not UTF-8", additional("\xff", 1), "", notUTF8},
		{"no name", additional("", 1), "", "a member without a name cannot be written"},
		{"a function", additional("a", func() {}), "", "a: json: unsupported type: func()"},
		{
			"an object in itself", func(w sw) error { return w.WriteObjectValue("a", itself) }, "",
			"a: more than 100 levels cannot be written",
		},
		{
			"a deep list", func(w sw) error { return w.WriteObjectValue("a", deep) }, "",
			"a" + strings.Repeat("[0]", maxDepth) + ": more than 100 levels cannot be written",
		},
		{"the model's own", func(w sw) error {
			return w.WriteObjectValue("a", &fake{write: func(sw) error { return broken }})
		}, "", "a: broken"},
	})
}

func TestThereIsNoContentOnceSomethingFailed(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	require.Error(t, w.WriteStringValue("a", new("\xff")))
	require.NoError(t, w.WriteStringValue("b", new("c")))
	_, err := w.GetSerializedContent()
	require.EqualError(t, err, "a: a text that is not UTF-8 cannot be written")
}

func TestContentsAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	require.NoError(t, w.WriteStringValue("", new("first")))
	first, err := w.GetSerializedContent()
	require.NoError(t, err)
	require.NoError(t, w.WriteStringValue("", new("second")))
	both, err := w.GetSerializedContent()
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, w.WriteStringValue("", new("third")))
	third, err := w.GetSerializedContent()
	require.NoError(t, err)
	require.NoError(t, w.Close())
	require.NoError(t, w.Close())
	require.Equal(t, []string{`"first"`, `"first","second"`, `"third"`}, []string{string(first), string(both), string(third)})
}

func TestAClosedWriterStartsAnew(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	require.Error(t, w.WriteObjectValue("a", &fake{write: func(w sw) error {
		return w.WriteCollectionOfStringValues("", []string{"\xff"})
	}}))
	require.NoError(t, w.Close())
	content, err := w.GetSerializedContent()
	require.NoError(t, err)
	require.Equal(t, []byte{}, content)
	require.NoError(t, w.WriteObjectValue("", entity("1")))
	content, err = w.GetSerializedContent()
	require.NoError(t, err)
	requireText(t, `{"id":"1"}`, content)
}

func TestCallbacksAreCalledAroundEachObject(t *testing.T) {
	t.Parallel()
	w := newWriter(t)
	var calls []string
	note := func(when string) serialization.ParsableAction {
		return func(item serialization.Parsable) error {
			calls = append(calls, when+" "+idOf(item.(models.Entityable)))
			return nil
		}
	}
	require.Nil(t, w.GetOnBeforeSerialization())
	require.NoError(t, w.SetOnBeforeSerialization(note("before")))
	require.NoError(t, w.SetOnAfterObjectSerialization(note("after")))
	require.NoError(t, w.SetOnStartObjectSerialization(func(item serialization.Parsable, w sw) error {
		return errors.Join(note("start")(item), w.WriteBoolValue("started", new(true)))
	}))
	require.NoError(t, w.GetOnBeforeSerialization()(entity("x")))
	require.NoError(t, w.GetOnAfterObjectSerialization()(entity("x")))
	require.NotNil(t, w.GetOnStartObjectSerialization())
	calls = nil
	require.NoError(t, w.WriteObjectValue("", entity("1"), entity("2")))
	content, err := w.GetSerializedContent()
	require.NoError(t, err)
	requireText(t, `{"started":true,"id":"1","started":true,"id":"2"}`, content)
	require.Equal(t, []string{"before 1", "start 1", "after 1", "before 2", "start 2", "after 2"}, calls)

	refused := errors.New("refused")
	require.NoError(t, w.SetOnStartObjectSerialization(func(serialization.Parsable, sw) error { return refused }))
	require.ErrorIs(t, w.WriteObjectValue("a", entity("1")), refused)
}

func TestABodyIsWrittenAsTheServiceTakesIt(t *testing.T) {
	t.Parallel()
	content, err := written(NewSerializationWriterFactory(), audienceBody(2))
	require.NoError(t, err)
	const device = `"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice"`
	requireText(t, `{"addMembers":[{"id":"`+deviceID(0)+`",`+device+`},{"id":"`+deviceID(1)+`",`+device+`}]}`, content)
}

func TestALongBodyIsWrittenWhole(t *testing.T) {
	t.Parallel()
	const members = 2000
	content, err := written(NewSerializationWriterFactory(), audienceBody(members))
	require.NoError(t, err)
	require.Equal(t, members, strings.Count(string(content), `"id":`))
	require.Equal(t, decoded(t, marshalled(t, flatAudience(members))), decoded(t, content))
}

// fake is an object that writes whatever a test wants.
type fake struct{ write func(w sw) error }

func (f *fake) Serialize(w sw) error { return f.write(w) }
func (*fake) GetFieldDeserializers() map[string]func(serialization.ParseNode) error {
	return nil
}

func entity(id string) *models.Entity {
	e := models.NewEntity()
	e.SetId(&id)
	return e
}

// requireText compares JSON to the letter.
func requireText(t *testing.T, want string, got []byte) {
	t.Helper()
	require.Equal(t, want, string(got))
}
