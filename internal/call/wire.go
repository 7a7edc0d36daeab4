package call

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/microsoft/kiota-abstractions-go/serialization"

	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/kjson"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// factories are what reads and writes JSON for the generated models. They belong
// to the client; nothing is registered for the whole process.
func factories() (serialization.ParseNodeFactory, serialization.SerializationWriterFactory) {
	return quietFactory{kjson.NewParseNodeFactory()}, kjson.NewSerializationWriterFactory()
}

// Entry carries a catalog entry from one area to the reader in package catalog.
type Entry struct {
	Model models.CatalogEntryable
}

// Audience carries an audience from one area to the reader in package audience. A
// nil Model is none.
type Audience struct {
	Model models.DeploymentAudienceable
}

// ApplicableContent carries applicable content from one area to the reader in
// package audience.
type ApplicableContent struct {
	Model models.ApplicableContentable
}

// DeviceMatch carries a device that an update applies to from one area to the
// reader in package audience.
type DeviceMatch struct {
	Model models.ApplicableContentDeviceMatchable
}

// Settings carries the settings of a deployment between the areas that have them
// and package deployments. A nil Model is none.
type Settings struct {
	Model models.DeploymentSettingsable
}

// Content carries the content of a deployment or an approval likewise.
type Content struct {
	Model models.DeployableContentable
}

// Deployment carries a deployment likewise.
type Deployment struct {
	Model models.Deploymentable
}

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

// Rest is where the service keeps the rest of a list that lies in an answer; empty
// where it sent all.
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

// Time is what p points to, in UTC. The service sends a day of year 1 for no
// time, which is the zero time.
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

// Null is the value in additional data that is sent as an explicit null.
var Null = json.RawMessage("null")

// Extra is the additional data of a generated model as JSON, without what OData
// says about the answer itself; nil when there is none.
func Extra(model serialization.AdditionalDataHolder) map[string]json.RawMessage {
	var extra map[string]json.RawMessage
	for name, value := range model.GetAdditionalData() {
		raw, ok := value.(json.RawMessage)
		if !ok || strings.Contains(name, "@odata.") {
			continue
		}
		if extra == nil {
			extra = map[string]json.RawMessage{}
		}
		extra[name] = raw
	}
	return extra
}

// Keep adds a member to extra, which may be nil. A value that is no JSON is left
// out.
func Keep(extra map[string]json.RawMessage, name string, value any) map[string]json.RawMessage {
	raw, err := json.Marshal(value)
	if err != nil {
		return extra
	}
	if extra == nil {
		extra = map[string]json.RawMessage{}
	}
	extra[name] = raw
	return extra
}

// CheckExtra refuses members of Extra that are no JSON, and those that a field
// which is set sends already.
func CheckExtra(field string, extra map[string]json.RawMessage, sent map[string]bool) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		at := fmt.Sprintf("%s.Extra[%q]", field, name)
		if !json.Valid(extra[name]) {
			errs = append(errs, &apierr.FieldError{Field: at, Rule: "must be JSON"})
		}
		if sent[name] || name == "" {
			errs = append(errs, &apierr.FieldError{Field: at, Rule: "must be the name of a member that no field sends"})
		}
	}
	return errors.Join(errs...)
}

// Take moves a member out of extra into what has no value yet, unless it is of
// another type. It returns what is left, nil for nothing.
func Take[T comparable](extra map[string]json.RawMessage, name string, into *T) map[string]json.RawMessage {
	var none T
	raw, ok := extra[name]
	if !ok || *into != none {
		return extra
	}
	var value T // on the heap, so not before it is needed
	if json.Unmarshal(raw, &value) != nil {
		return extra
	}
	*into = value
	return Without(extra, name)
}

// Without removes a member from extra and returns what is left, nil for nothing.
func Without(extra map[string]json.RawMessage, name string) map[string]json.RawMessage {
	delete(extra, name)
	if len(extra) == 0 {
		return nil
	}
	return extra
}

// Apply sets a member, sends an explicit null for it, or leaves it out.
func Apply[T any](model serialization.AdditionalDataHolder, name string, c odata.Change[T], set func(T)) {
	if value, ok := c.Value(); ok {
		set(value)
	} else if c.IsNull() {
		model.GetAdditionalData()[name] = Null
	}
}

// AddExtra puts members that a caller gave into what is sent.
func AddExtra(model serialization.AdditionalDataHolder, extra map[string]json.RawMessage) {
	for name, raw := range extra {
		model.GetAdditionalData()[name] = raw
	}
}
