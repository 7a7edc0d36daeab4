package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/microsoft/kiota-abstractions-go/serialization"

	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// Null is the value in additional data that is sent as an explicit null.
var Null = json.RawMessage("null")

// Extra is the additional data of a generated model as JSON, without the annotations of OData
// about the response itself; nil when there is none. A type that is no text is in it, because
// it could not be read.
func Extra(model serialization.AdditionalDataHolder) map[string]json.RawMessage {
	var extra map[string]json.RawMessage
	data := model.GetAdditionalData()
	for name, value := range data {
		raw, ok := value.(json.RawMessage)
		if !ok || strings.Contains(name, "@odata.") && !isUnreadType(name, raw) {
			continue
		}
		if extra == nil {
			extra = make(map[string]json.RawMessage, len(data))
		}
		extra[name] = raw
	}
	return extra
}

func isUnreadType(name string, raw json.RawMessage) bool {
	return name == "@odata.type" && !bytes.HasPrefix(raw, []byte{'"'}) && string(raw) != string(Null)
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

// CheckExtra rejects properties of Extra that are not JSON, and those that a field which is
// set sends already.
func CheckExtra(field string, extra map[string]json.RawMessage, sent map[string]bool) error {
	if len(extra) == 0 {
		return nil // most often, and without the iterators
	}
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		at := fmt.Sprintf("%s.Extra[%q]", field, name)
		if !json.Valid(extra[name]) {
			errs = append(errs, &apierr.FieldError{Field: at, Rule: "must be JSON"})
		}
		if sent[name] || name == "" {
			errs = append(errs, &apierr.FieldError{Field: at, Rule: "must be the name of a property that no field sends"})
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

// TakeInto moves members out of extra into a generated model without values, as far as they can be read
// as those of a response are. It returns what is left, nil for nothing.
func TakeInto(model Model, extra map[string]json.RawMessage, names ...string) map[string]json.RawMessage {
	taken := map[string]json.RawMessage{}
	for _, name := range names {
		if raw, ok := extra[name]; ok {
			taken[name] = raw
		}
	}
	if !fill(model, taken) {
		return extra
	}
	unread := Extra(model)
	for name := range taken {
		if _, ok := unread[name]; !ok {
			extra = Without(extra, name)
		}
	}
	return extra
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

// Unread returns the known properties that are in extra, in the order of the names. They were
// sent in a form that could not be read.
func Unread(extra map[string]json.RawMessage, known ...string) []string {
	return slices.DeleteFunc(known, func(name string) bool { return extra[name] == nil })
}
