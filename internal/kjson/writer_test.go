package kjson

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

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

var someTime = time.Date(2024, 10, 8, 19, 0, 0, 123400000, time.FixedZone("", 2*60*60))

func TestValuesAreWrittenAsMembers(t *testing.T) {
	t.Parallel()
	testWritings(t, []writing{
		{"a text", func(w sw) error { return w.WriteStringValue("a", new("b")) }, `"a":"b"`, ""},
		{"a boolean", func(w sw) error { return w.WriteBoolValue("a", new(false)) }, `"a":false`, ""},
		{"an int32", func(w sw) error { return w.WriteInt32Value("a", new(int32(math.MinInt32))) }, `"a":-2147483648`, ""},
		{"a time", func(w sw) error { return w.WriteTimeValue("a", &someTime) }, `"a":"2024-10-08T17:00:00.1234Z"`, ""},
		{"the zero time", func(w sw) error { return w.WriteTimeValue("a", new(time.Time)) }, `"a":"0001-01-01T00:00:00Z"`, ""},
		{"an object", func(w sw) error { return w.WriteObjectValue("a", models.NewEntity()) }, `"a":{}`, ""},
		{"without a name", func(w sw) error { return w.WriteStringValue("", new("b")) }, `"b"`, ""},
	})
}

func TestNilIsLeftOut(t *testing.T) {
	t.Parallel()
	for _, write := range []func(w sw) error{
		func(w sw) error { return w.WriteStringValue("a", nil) },
		func(w sw) error { return w.WriteBoolValue("a", nil) },
		func(w sw) error { return w.WriteInt32Value("a", nil) },
		func(w sw) error { return w.WriteTimeValue("a", nil) },
		func(w sw) error { return w.WriteObjectValue("a", nil) },
		func(w sw) error { return w.WriteObjectValue("a", (*models.Entity)(nil)) },
		func(w sw) error { return w.WriteAdditionalData(nil) },
		func(w sw) error { return w.WriteCollectionOfObjectValues("a", nil) },
		func(w sw) error { return w.WriteCollectionOfStringValues("a", nil) },
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
	testWritings(t, []writing{
		{"texts", func(w sw) error { return w.WriteCollectionOfStringValues("a", []string{"b", ""}) }, `"a":["b",""]`, ""},
		{"no texts", func(w sw) error { return w.WriteCollectionOfStringValues("a", []string{}) }, `"a":[]`, ""},
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
			w.WriteAdditionalData(map[string]any{"e": nil}),
		)
	}}))
	content, err := w.GetSerializedContent()
	require.NoError(t, err)
	requireText(t, `{"a":"{","b":["[",":",","],"c":{},"d":[{},{}],"e":null}`, content)
}

func TestAdditionalDataIsRawJSON(t *testing.T) {
	t.Parallel()
	testWritings(t, []writing{
		{"nil", data("a", nil), `"a":null`, ""},
		{"no JSON", data("a", json.RawMessage(nil)), `"a":null`, ""},
		{"JSON", data("a", json.RawMessage(` {"<": 1e2}`)), `"a":{"<": 1e2}`, ""},
	})
}

func TestAdditionalDataIsInOrder(t *testing.T) {
	t.Parallel()
	e := entity("1")
	e.SetAdditionalData(map[string]any{"c": json.RawMessage("1"), "a": json.RawMessage("2"), "b": nil, `"`: json.RawMessage("3")})
	content, err := written(NewSerializationWriterFactory(), e)
	require.NoError(t, err)
	requireText(t, `{"id":"1","\"":3,"a":2,"b":null,"c":1}`, content)
}

func TestWhatJSONCannotHoldIsAnErrorThatNamesItsPlace(t *testing.T) {
	t.Parallel()
	const notUTF8 = "a string that is not UTF-8 cannot be written"
	broken := errors.New("broken")
	itself := &fake{}
	itself.write = func(w sw) error { return w.WriteObjectValue("", itself) }
	inside := &fake{}
	inside.write = func(w sw) error { return w.WriteCollectionOfObjectValues("", []serialization.Parsable{inside}) }
	testWritings(t, []writing{
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
		{"bad raw JSON", data("a", json.RawMessage(`{"b":}`)), "", "a: the content is not JSON: unexpected byte 125 '}' at 5"},
		{"two raw values", data("a", json.RawMessage(`1,"b":2`)), "", "a: the content is not one JSON value: more follows it"},
		{"bad bytes in raw JSON", data("a", json.RawMessage("\"\xff\"")), "", "a: the content is not UTF-8"},
		{"a name that is not UTF-8", data("\xff", 1), "", notUTF8},
		{"no name", data("", 1), "", "a property without a name cannot be written"},
		{"not raw JSON", data("a", new("b")), "", "a: additional data of type *string cannot be written"},
		{"more objects", func(w sw) error { return w.WriteObjectValue("a", entity("1"), entity("2")) }, "", "a: merging objects is not supported"},
		{
			"an object in itself", func(w sw) error { return w.WriteObjectValue("a", itself) }, "",
			"a: more than 100 levels cannot be written",
		},
		{
			"an object in its own list", func(w sw) error { return w.WriteObjectValue("a", inside) }, "",
			"a" + strings.Repeat("[0]", maxDepth/2) + ": more than 100 levels cannot be written",
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
	require.EqualError(t, err, "a: a string that is not UTF-8 cannot be written")
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

func TestAClosedWriterStartsAgain(t *testing.T) {
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
	require.Equal(t, decoded(t, marshaled(t, flatAudience(members))), decoded(t, content))
}

func data(name string, value any) func(w sw) error {
	return func(w sw) error { return w.WriteAdditionalData(map[string]any{name: value}) }
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
