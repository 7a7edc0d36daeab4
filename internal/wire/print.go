package wire

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/escape"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Line joins the texts that are not empty into one line, whatever values of the service are in them.
func Line(separator string, texts ...string) string {
	known := slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return text == "" })
	return escape.Line(strings.Join(known, separator))
}

// Listed is a line with all items, as fmt prints them.
func Listed[T any](items []T) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = fmt.Sprint(item)
	}
	return Line(", ", texts...)
}

// Counted is a number with its noun, which has a plural in s.
func Counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// Named is a label with a value, or empty if there is no value.
func Named(label, value string) string {
	if value == "" {
		return ""
	}
	return label + " " + value
}

// Changed is a label with what a change sets, or empty if it sets nothing.
func Changed[T any](label string, c odata.Change[T], text func(T) string) string {
	if value, ok := c.Value(); ok {
		return label + " " + text(value)
	}
	if c.IsNull() {
		return label + " null"
	}
	return ""
}

// ExtraNames has the names of unknown properties, or is empty if there are none.
func ExtraNames(extra map[string]json.RawMessage) string {
	if len(extra) == 0 {
		return ""
	}
	return "extra " + strings.Join(slices.Sorted(maps.Keys(extra)), ", ")
}

// Known is a text about a property, or says that the property could not be read.
func Known(extra map[string]json.RawMessage, property, text string) string {
	if extra[property] != nil {
		return "unknown " + property
	}
	return text
}
