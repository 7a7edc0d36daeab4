package kjson

import (
	"fmt"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

const contentType = "application/json"

// Read reads a document as one object, with a constructor that chooses its type. It is safe for
// concurrent use.
func Read(content []byte, create serialization.ParsableFactory) (serialization.Parsable, error) {
	doc, err := parse(content)
	if err != nil {
		return nil, err
	}
	defer doc.free()
	return doc.nodes[0].GetObjectValue(create)
}

// NewSerializationWriterFactory returns a factory of JSON writers. The factory is safe for concurrent
// use, a writer is not.
func NewSerializationWriterFactory() serialization.SerializationWriterFactory {
	return writerFactory{}
}

type writerFactory struct{}

func (writerFactory) GetValidContentType() (string, error) { return contentType, nil }

func (writerFactory) GetSerializationWriter(of string) (serialization.SerializationWriter, error) {
	if of != contentType {
		return nil, fmt.Errorf("content type %q found where %s is due", of, contentType)
	}
	return &writer{}, nil
}
