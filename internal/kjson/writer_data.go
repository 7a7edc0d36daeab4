package kjson

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// WriteAdditionalData writes properties sorted by name. Nil is null, and a json.RawMessage is
// unchanged if it is JSON. Other types are errors.
func (w *writer) WriteAdditionalData(value map[string]any) error {
	if len(value) == 0 {
		return nil // most objects: sorting nothing still costs three allocations
	}
	for _, key := range slices.Sorted(maps.Keys(value)) {
		if err := checkName(key); err != nil {
			return w.failed("", err)
		}
		if err := w.put(key, func() error { return w.additional(value[key]) }); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) additional(value any) error {
	switch v := value.(type) {
	case nil:
		w.out.Null()
		return nil
	case json.RawMessage:
		return w.raw(v)
	}
	return fmt.Errorf("additional data of type %T cannot be written", value)
}

// raw writes existing JSON, or null if it is empty.
func (w *writer) raw(value json.RawMessage) error {
	if len(value) == 0 {
		w.out.Null()
		return nil
	}
	doc, err := parse(value)
	if err != nil {
		return err
	}
	defer doc.free()
	w.out.Raw(doc.nodes[0].raw())
	return nil
}
