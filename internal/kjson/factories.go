package kjson

import (
	"fmt"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

const contentType = "application/json"

// NewParseNodeFactory returns a factory of nodes that read JSON. It has no state
// and serves any number of goroutines; each node belongs to one. The content
// must stay as it is while its nodes are in use.
func NewParseNodeFactory() serialization.ParseNodeFactory {
	return nodeFactory{}
}

// NewSerializationWriterFactory returns a factory of writers of JSON. It has no
// state and serves any number of goroutines; each writer belongs to one.
func NewSerializationWriterFactory() serialization.SerializationWriterFactory {
	return writerFactory{}
}

type nodeFactory struct{}

func (nodeFactory) GetValidContentType() (string, error) { return contentType, nil }

func (nodeFactory) GetRootParseNode(of string, content []byte) (serialization.ParseNode, error) {
	if err := check(of); err != nil {
		return nil, err
	}
	doc, err := parse(content)
	if err != nil {
		return nil, err
	}
	return &doc.nodes[0], nil
}

type writerFactory struct{}

func (writerFactory) GetValidContentType() (string, error) { return contentType, nil }

func (writerFactory) GetSerializationWriter(of string) (serialization.SerializationWriter, error) {
	if err := check(of); err != nil {
		return nil, err
	}
	return &writer{}, nil
}

func check(of string) error {
	if of != contentType {
		return fmt.Errorf("content type %q found where %s is due", of, contentType)
	}
	return nil
}
