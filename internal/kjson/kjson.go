package kjson

import (
	"fmt"
	"maps"
	"slices"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

const contentType = "application/json"

// Read is [ReadAndName] without the names.
func Read(content []byte, create serialization.ParsableFactory) (serialization.Parsable, error) {
	item, _, err := ReadAndName(content, create)
	return item, err
}

// ReadAndName reads a document as one object, with a constructor that chooses its type. unread are the
// paths of properties that could not be read, one for each name and at most maxNames. It is safe for concurrent use.
func ReadAndName(
	content []byte, create serialization.ParsableFactory,
) (item serialization.Parsable, unread []string, err error) {
	doc, err := parse(content)
	if err != nil {
		return nil, nil, err
	}
	defer doc.free()
	item, err = doc.nodes[0].GetObjectValue(create)
	if err != nil {
		return nil, nil, placed(err)
	}
	if len(doc.unread) > 0 { // seldom
		unread = slices.Sorted(maps.Values(doc.unread))
	}
	return item, unread, nil
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
		return nil, fmt.Errorf("content type %q instead of %s", of, contentType)
	}
	return &writer{}, nil
}
