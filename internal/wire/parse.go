package wire

import (
	"encoding/json"

	"github.com/microsoft/kiota-abstractions-go/serialization"

	"github.com/winupdates/winupdates-go/internal/kjson"
)

// Parse reads JSON as a generated model; nil for what cannot be read as one.
func Parse[T serialization.Parsable](text []byte, create serialization.ParsableFactory) T {
	var none T
	value, err := kjson.Read(text, create)
	if err != nil {
		return none
	}
	model, _ := value.(T)
	return model
}

// Model is a generated model.
type Model interface {
	serialization.Parsable
	serialization.AdditionalDataHolder
}

// fill reads members into a model, and reports whether they are JSON.
func fill(model Model, members map[string]json.RawMessage) bool {
	text, err := json.Marshal(members)
	if err != nil {
		return false
	}
	_, err = kjson.Read(text, func(serialization.ParseNode) (serialization.Parsable, error) { return model, nil })
	return err == nil
}
