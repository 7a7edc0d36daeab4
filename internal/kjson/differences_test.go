package kjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph/models"
)

// difference is one way in which reading differs from the stock package. The
// fuzz target accepts these and no others, and a test holds each to its example.
type difference struct {
	what    string
	why     string
	example string // read as a page of catalog entries, or else as a body by ids
	is      func(c comparison) bool
}

// differences is the one place that lists them.
func differences() []difference {
	return []difference{
		{
			"bytes that are not UTF-8 are an error, stock puts U+FFFD", "a name that was changed on the way is not found",
			"{\"value\":[{\"displayName\":\"\xff\"}]}", ours("not UTF-8"),
		},
		{
			"more than 100 levels are an error", "nothing that the service sends is nearly as deep",
			`{"x":` + strings.Repeat("[", 101) + strings.Repeat("]", 101) + `}`, ours("levels deep"),
		},
		{
			"a byte order mark is passed over, stock calls it invalid", "some tools write one",
			"\uFEFF{}", func(c comparison) bool { return bytes.HasPrefix(c.content, byteOrderMark) },
		},
		{
			"what is not an object is an error where one is due, stock gives an empty one", "an empty answer would pass for a good one",
			`{"value":[[]]}`, ours("instead of an object"),
		},
		{
			"null is an error at the root, stock gives nothing", "nil with nil is unexpected",
			`null`, ours("null instead of an object"),
		},
		{
			"{\"value\":{...}} is read as the object in it", "published pages show single entities like that",
			`{"value":{"memberEntityType":"x"}}`, func(c comparison) bool {
				root, err := parse(c.content)
				return err == nil && root.nodes[0].is(object) && root.nodes[0].wrapped() != nil
			},
		},
		{
			"a time without zone is in UTC, stock takes the machine's zone if there are no fractions", "the service has no other zone",
			`{"value":[{"releaseDateTime":"2024-10-08T00:00:00.5"}]}`, both(stock("parsing time"),
				holdsText(`\d[Tt]\d\d:\d\d:\d\d(\.\d+)?$`)),
		},
		{
			"a time may have a small t or z, or be a date alone", "RFC 3339 allows the one, older pages show the other",
			`{"value":[{"releaseDateTime":"2024-10-08"}]}`, both(stock("parsing time"), holdsText(`^\d{4}-\d\d-\d\d($|t|.*z$)`)),
		},
		{
			"a time may have no seconds", "OData lets them be left out",
			`{"value":[{"releaseDateTime":"2024-10-08T00:00Z"}]}`, both(stock("parsing time"),
				holdsText(`^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d($|[Zz+-])`)),
		},
		{
			"an empty text or a placeholder is no time", "published pages show both",
			`{"value":[{"releaseDateTime":"String (timestamp)"}]}`, both(stock("parsing time"),
				holdsText(`^$|^String \((timestamp|identifier)\)$`)),
		},
		{
			"an hour has two digits, and a fraction a point and at most nine digits",
			"RFC 3339 says so, time.Parse is more lenient",
			`{"value":[{"releaseDateTime":"2024-10-08T0:00:00,5Z"}]}`, hasUnread,
		},
		{
			"a boolean may be written as a text", "a published page does",
			`{"value":[{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","isExpeditable":"false"}]}`,
			stock("not compatible with type bool"),
		},
		{
			"a property of a wrong type is additional data, stock refuses all, or takes an object where an array is due for an empty one",
			"one property must not hide a list", `{"@odata.count":"many"}`, hasUnread,
		},
		{
			"null among unknown members is kept", "the caller may have to tell it from nothing",
			`{"x":null}`, alikeWithoutNull,
		},
		{
			"a number of any size among unknown members is kept", "nothing here has to understand it",
			`{"x":1e999}`, stock("cannot unmarshal number"),
		},
		{
			"null among texts and integers is left out, stock gives empty texts and 0", "there is no device without an id",
			`{"addMembers":["a",null]}`, alikeWithoutNull,
		},
	}
}

// comparison is what the two packages make of the same content.
type comparison struct {
	content           []byte
	ours, stock       any
	oursErr, stockErr error
	unread            []string // that ours could not read
}

func compare(content []byte, create serialization.ParsableFactory) (c comparison) {
	c.content = content
	item, unread, err := ReadAndName(content, create)
	c.ours, c.oursErr, c.unread = described(item), err, unread
	defer func() {
		if p := recover(); p != nil {
			c.stockErr = fmt.Errorf("stock panics: %v", p)
		}
	}()
	item, err = readStock(content, create)
	c.stock, c.stockErr = described(item), err
	return c
}

// same also says yes when both refuse, each with its own words.
func (c comparison) same() bool {
	if c.oursErr != nil || c.stockErr != nil {
		return c.oursErr != nil && c.stockErr != nil
	}
	return reflect.DeepEqual(c.ours, c.stock)
}

func (c comparison) explained() bool {
	for _, d := range differences() {
		if d.is(c) {
			return true
		}
	}
	return false
}

// ours is a difference in which only this package refuses.
func ours(message string) func(comparison) bool {
	return func(c comparison) bool {
		return c.stockErr == nil && c.oursErr != nil && strings.Contains(c.oursErr.Error(), message)
	}
}

// stock is a difference in which only the stock package refuses.
func stock(message string) func(comparison) bool {
	return func(c comparison) bool {
		return c.oursErr == nil && c.stockErr != nil && strings.Contains(c.stockErr.Error(), message)
	}
}

// hasUnread is a difference in a property that could not be read.
func hasUnread(c comparison) bool { return c.oursErr == nil && len(c.unread) > 0 }

func both(a, b func(comparison) bool) func(comparison) bool {
	return func(c comparison) bool { return a(c) && b(c) }
}

// holdsText says whether a text of the content has the form.
func holdsText(form string) func(comparison) bool {
	pattern := regexp.MustCompile(form)
	return func(c comparison) bool {
		doc, err := parse(c.content)
		if err != nil {
			return false
		}
		for i := range doc.nodes {
			if n := &doc.nodes[i]; n.is(text) && pattern.MatchString(unquote(n.raw())) {
				return true
			}
		}
		return false
	}
}

// alikeWithoutNull is a difference in what null becomes.
func alikeWithoutNull(c comparison) bool {
	return c.oursErr == nil && c.stockErr == nil && reflect.DeepEqual(withoutNull(c.ours), withoutNull(c.stock))
}

// withoutNull leaves out additional data that is null, and what the stock package
// makes of null in lists of plain values.
func withoutNull(v any) any {
	switch v := v.(type) {
	case []string:
		return slices.DeleteFunc(slices.Clone(v), func(s string) bool { return s == "" })
	case []int32:
		return slices.DeleteFunc(slices.Clone(v), func(i int32) bool { return i == 0 })
	case map[string]any:
		out := map[string]any{}
		for name, value := range v {
			if value != nil {
				out[name] = withoutNull(value)
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = withoutNull(value)
		}
		return out
	}
	return v
}

func TestEachDifferenceToTheStockPackageHasAnExample(t *testing.T) {
	t.Parallel()
	for _, d := range differences() {
		t.Run(d.what, func(t *testing.T) {
			t.Parallel()
			c := compare([]byte(d.example), models.CreateCatalogEntryPageFromDiscriminatorValue)
			if c.same() {
				c = compare([]byte(d.example), models.CreateUpdateAudienceByIdBodyFromDiscriminatorValue)
			}
			require.False(t, c.same(), "%s is read alike", d.example)
			require.True(t, d.is(c), "ours: %v\nstock: %v", c.oursErr, c.stockErr)
			require.NotEmpty(t, d.why)
		})
	}
}

// writerDifference is one way in which writing differs; an empty result is an error.
type writerDifference struct {
	what, why   string
	write       func(w serialization.SerializationWriter) error
	ours, stock string
}

func writerDifferences() []writerDifference {
	type w = serialization.SerializationWriter
	moment := time.Date(2024, 10, 8, 1, 0, 0, 5e8, time.FixedZone("", 3600))
	return []writerDifference{
		{
			"times are in UTC with their digits", "what was read can be sent back unchanged",
			func(w w) error { return w.WriteTimeValue("a", &moment) }, `"a":"2024-10-08T00:00:00.5Z"`, `"a":"2024-10-08T01:00:00+01:00"`,
		},
		{
			"a text that is not UTF-8 is an error", "a name that was changed on the way is not found",
			func(w w) error { return w.WriteStringValue("a", new("\xff")) }, "", `"a":"\ufffd"`,
		},
		{
			"names are escaped", "additional data may have any",
			data(`"`, json.RawMessage("true")), `"\"":true`, `""":true`,
		},
		{
			"nothing is escaped for HTML", "raw JSON goes out as it came",
			data("a", json.RawMessage(`"<"`)), `"a":"<"`, `"a":"\u003c"`,
		},
	}
}

func TestEachDifferenceToTheStockWriterHasAnExample(t *testing.T) {
	t.Parallel()
	for _, d := range writerDifferences() {
		t.Run(d.what, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, d.ours, contentOf(t, NewSerializationWriterFactory(), d.write))
			require.Equal(t, d.stock, contentOf(t, jsonserialization.NewJsonSerializationWriterFactory(), d.write))
			require.NotEqual(t, d.ours, d.stock, d.why)
		})
	}
}

// contentOf is what a writer has after a call, empty if that failed.
func contentOf(t *testing.T, writers serialization.SerializationWriterFactory, write func(serialization.SerializationWriter) error) string {
	t.Helper()
	w, err := writers.GetSerializationWriter(contentType)
	require.NoError(t, err)
	if err := write(w); err != nil {
		return ""
	}
	content, err := w.GetSerializedContent()
	require.NoError(t, err)
	return string(content)
}
