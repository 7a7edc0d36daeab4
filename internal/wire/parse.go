package wire

import (
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
