// Package wire has the functions that reading and writing the generated models share.
package wire

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// Namespace is what the service's names of its types begin with, after the hash of a
// derived type.
const Namespace = "microsoft.graph.windowsUpdates."

// ShortType is the name of a type without its namespace; empty for none.
func ShortType(name *string) string {
	return strings.TrimPrefix(strings.TrimPrefix(Value(name), "#"), Namespace)
}

// LongType puts the service's namespace in front of a name that has none; nil for no
// name.
func LongType(name string) *string {
	switch {
	case name == "":
		return nil
	case strings.Contains(name, "."):
		return new("#" + name)
	}
	return new("#" + Namespace + name)
}

// Quote writes a text as a literal of OData, for a filter.
func Quote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", "''") + "'"
}

// Rest is the link to the rest of a list that is in a response; empty where it sent all.
func Rest(w serialization.AdditionalDataHolder, list string) string {
	raw, _ := w.GetAdditionalData()[list+"@odata.nextLink"].(json.RawMessage)
	var link string
	if raw != nil && json.Unmarshal(raw, &link) != nil {
		return string(raw) // no link, and refused as one
	}
	return link
}

// Each reads the items of a collection and leaves out nulls; nil for a collection
// that was not sent.
func Each[W, T any](items []W, read func(W) T) []T {
	if items == nil {
		return nil
	}
	out := make([]T, 0, len(items))
	for _, item := range items {
		if any(item) != nil {
			out = append(out, read(item))
		}
	}
	return out
}

// Value is what p points to, or the zero value.
func Value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

// Copied is a pointer to a copy of what p points to; nil for nil.
func Copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}

// Time is what p points to, in UTC. The service sends a day of year 1 for no
// time, which is the zero time. Any other time of that year is not read, but kept.
func Time(p *time.Time) time.Time {
	if p == nil || p.Year() <= 1 {
		return time.Time{}
	}
	return p.UTC()
}

// Sent is what is sent for t: nil for the zero time, else UTC.
func Sent(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC())
}
