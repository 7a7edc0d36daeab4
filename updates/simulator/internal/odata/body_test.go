package odata_test

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func bodyOf(t *testing.T, text string) *odata.Body {
	t.Helper()
	in, err := library().ReadBody([]byte(text))
	require.NoError(t, err)
	return in
}

func TestABodyIsAnObjectOrNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", " \n", "{}"} {
		require.Empty(t, bodyOf(t, text).Names())
	}
	for _, text := range []string{"null", "[]", "5", `{"a":`, `{} {}`, "\x00"} {
		_, err := library().ReadBody([]byte(text))
		requireRejected(t, err)
	}
}

func TestPropertiesAreReadWithTheirTypes(t *testing.T) {
	t.Parallel()
	in := bodyOf(t, `{"@odata.type":"#example.books.novel","text":"x","flag":true,"number":-7,"digits":"8",
		"time":"2025-01-01T01:00:00+01:00","days":"P30D","texts":["a","b"],"child":{"text":"y"},"children":[{"flag":false}],"null":null}`)
	require.Equal(t, "novel", in.Kind())
	require.Equal(t, "x", *in.Text("text"))
	require.Equal(t, "x", *in.Word("text", "w", "x"))
	require.Equal(t, "x", *in.UpTo(1, "text"))
	require.True(t, *in.Flag("flag"))
	require.Equal(t, -7, *in.Number("number"))
	require.Equal(t, 8, *in.Number("digits"))
	require.Equal(t, time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC), *in.Instant("time"))
	require.Equal(t, 30, *in.Days("days", 30))
	require.Equal(t, []string{"a", "b"}, in.Texts("texts"))
	require.Equal(t, "y", *in.Child("child").Text("text"))
	require.False(t, *in.Children("children")[0].Flag("flag"))
	require.Empty(t, in.Child("child").Kind())
	require.True(t, in.Sent("null"))
	require.True(t, in.IsNull("null"))
	require.False(t, in.IsNull("text"))
	require.False(t, in.IsNull("none"))
	require.False(t, in.Sent("none"))
	require.NotContains(t, in.Names(), "@odata.type")
	require.Len(t, in.Names(), 10)
	in.Require("text", "child")
	in.RejectNull("text", "none")
	require.NoError(t, in.Err())
}

// readers are the methods that read a property.
func readers() map[string]func(in *odata.Body, name string) any {
	return map[string]func(in *odata.Body, name string) any{
		"text":     func(in *odata.Body, name string) any { return in.Text(name) },
		"word":     func(in *odata.Body, name string) any { return in.Word(name, "a", "b") },
		"short":    func(in *odata.Body, name string) any { return in.UpTo(3, name) },
		"flag":     func(in *odata.Body, name string) any { return in.Flag(name) },
		"number":   func(in *odata.Body, name string) any { return in.Number(name) },
		"time":     func(in *odata.Body, name string) any { return in.Instant(name) },
		"days":     func(in *odata.Body, name string) any { return in.Days(name, 30) },
		"texts":    func(in *odata.Body, name string) any { return in.Texts(name) },
		"child":    func(in *odata.Body, name string) any { return in.Child(name) },
		"children": func(in *odata.Body, name string) any { return in.Children(name) },
	}
}

func TestAPropertyThatIsAbsentOrNullReadsAsNil(t *testing.T) {
	t.Parallel()
	for kind, read := range readers() {
		in := bodyOf(t, `{"null":null}`)
		require.Nil(t, read(in, "null"), kind)
		require.Nil(t, read(in, "none"), kind)
		require.NoError(t, in.Err(), kind)
	}
}

func TestAPropertyThatDoesNotFitIsRejected(t *testing.T) {
	t.Parallel()
	values := map[string][]string{
		"text":     {`5`, `{}`, `["x"]`, `true`},
		"word":     {`"c"`, `"A"`, `""`, `5`},
		"short":    {`"four"`, `"äöüß"`, `5`},
		"flag":     {`"true"`, `1`, `{}`},
		"number":   {`1.5`, `2147483648`, `-2147483648`, `1e300`, `"2147483648"`, `"x"`, `""`, `true`},
		"time":     {`"2025-01-01"`, `"now"`, `5`},
		"days":     {`"P31D"`, `"P0D"`, `"P1W"`, `"PT24H"`, `"P-1D"`, `"P1.5D"`, `"1D"`, `"P1"`, `"P2147483648D"`, `5`},
		"texts":    {`"x"`, `[5]`, `["x",null]`, `{}`},
		"child":    {`"x"`, `[]`, `5`},
		"children": {`{}`, `[5]`, `[{},null]`, `"x"`},
	}
	for kind, read := range readers() {
		for _, value := range values[kind] {
			in := bodyOf(t, `{"value":`+value+`}`)
			require.Nil(t, read(in, "value"), kind+" "+value)
			requireRejected(t, in.Err())
			require.Equal(t, "Parameter 'value' in payload has a value that does not match schema", in.Err().Error())
		}
	}
	require.Equal(t, "äöü", *bodyOf(t, `{"value":"äöü"}`).UpTo(3, "value"))
	require.Equal(t, -2147483647, *bodyOf(t, `{"value":-2147483647}`).Number("value"))
}

func TestTheFirstErrorIsKeptAlsoOfObjectsInside(t *testing.T) {
	t.Parallel()
	in := bodyOf(t, `{"children":[{"inner":{"first":5}}],"second":null,"third":1}`)
	in.Children("children")[0].Child("inner").Text("first")
	in.RejectNull("second")
	in.Text("third")
	in.Reject(odata.BadRequest("The fourth."))
	require.Contains(t, in.Err().Error(), "'first'")
}

func TestRequiredPropertiesAreSentAndNotNull(t *testing.T) {
	t.Parallel()
	for _, check := range []func(in *odata.Body){
		func(in *odata.Body) { in.Require("text", "null") },
		func(in *odata.Body) { in.Require("none") },
		func(in *odata.Body) { in.RejectNull("text", "null") },
	} {
		in := bodyOf(t, `{"text":"x","null":null}`)
		check(in)
		requireRejected(t, in.Err())
	}
}

func TestNamesOfABodyLeaveAnnotationsOut(t *testing.T) {
	t.Parallel()
	in := bodyOf(t, `{"@odata.type":"x","b@odata.context":"y","b":1,"a":null}`)
	require.Equal(t, []string{"a", "b"}, slices.Sorted(slices.Values(in.Names())))
}

func TestTimesAreInUTCWithUpToSevenDigits(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("", 3600)
	require.Equal(t, "2025-01-01T00:00:00.0000001Z", odata.Timestamp(time.Date(2025, 1, 1, 1, 0, 0, 100, east)))
	require.Equal(t, "2025-01-01T00:00:00Z", odata.OptionalTimestamp(time.Date(2025, 1, 1, 1, 0, 0, 99, east)))
	require.Nil(t, odata.OptionalTimestamp(time.Time{}))
	_, ok := odata.ParseTime("2025-01-01")
	require.False(t, ok)
}

func TestAnObjectSaysItsType(t *testing.T) {
	t.Parallel()
	for name, want := range map[any]string{
		"#example.books.novel": "novel", "example.books.novel": "novel", "#novel": "novel",
		"#other.novel": "other.novel", nil: "work", 5: "work",
	} {
		require.Equal(t, want, odata.TypeOf(namespace, odata.Object{"@odata.type": name}, "work"))
	}
}

func TestATimeIsMovedNoFurtherThanATimestampReaches(t *testing.T) {
	t.Parallel()
	at := time.Date(2025, 1, 31, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		months, days int
		want         string
	}{
		{0, 0, "2025-01-31T12:00:00Z"},
		{1, 0, "2025-03-03T12:00:00Z"},
		{0, -31, "2024-12-31T12:00:00Z"},
		{-13, 1, "2024-01-01T12:00:00Z"},
		{95699, 0, "9999-12-31T12:00:00Z"},
		{95700, 0, "9999-12-31T23:59:59.9999999Z"},
		{math.MaxInt32, 0, "9999-12-31T23:59:59.9999999Z"},
		{0, math.MaxInt32, "9999-12-31T23:59:59.9999999Z"},
		{-24300, 0, "0001-01-01T00:00:00Z"},
		{math.MinInt32, 0, "0001-01-01T00:00:00Z"},
		{0, math.MinInt32, "0001-01-01T00:00:00Z"},
		{math.MaxInt, 0, "9999-12-31T23:59:59.9999999Z"},
		{math.MinInt, 0, "0001-01-01T00:00:00Z"},
		{0, math.MaxInt, "9999-12-31T23:59:59.9999999Z"},
		{0, math.MinInt, "0001-01-01T00:00:00Z"},
	} {
		require.Equal(t, c.want, odata.Timestamp(odata.Shift(at, c.months, c.days)), c)
	}
}
