package call

import (
	"bytes"
	"io"
	"net/http"

	"github.com/microsoft/kiota-abstractions-go/serialization"

	"github.com/winupdates/winupdates-go/internal/kjson"
)

// The adapter writes every error that it meets into a span of OpenTelemetry, where
// the program has installed a tracer. So it meets none that has an address with its
// query, or a part of a body: such errors are in the record.

// statusNoAnswer stands for no answer before the adapter. No service sends it.
const statusNoAnswer = 599

// noAnswerFor is what the adapter sees in place of an error, to which net/http would
// add the address.
func noAnswerFor(req *http.Request) *http.Response {
	return &http.Response{
		Status: "599 No Answer", StatusCode: statusNoAnswer, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Request: req, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(nil)),
	}
}

// factories are what reads and writes JSON for the generated models. They belong
// to the client; nothing is registered for the whole process.
func factories() (serialization.ParseNodeFactory, serialization.SerializationWriterFactory) {
	return quietFactory{kjson.NewParseNodeFactory()}, kjson.NewSerializationWriterFactory()
}

// quietFactory makes nodes whose errors repeat nothing of what they read.
type quietFactory struct {
	serialization.ParseNodeFactory
}

func (f quietFactory) GetRootParseNode(contentType string, content []byte) (serialization.ParseNode, error) {
	node, err := f.ParseNodeFactory.GetRootParseNode(contentType, content)
	if err != nil {
		return nil, unquoted(err)
	}
	return quietNode{node}, nil
}

type quietNode struct {
	serialization.ParseNode
}

func (n quietNode) GetObjectValue(of serialization.ParsableFactory) (serialization.Parsable, error) {
	value, err := n.ParseNode.GetObjectValue(of)
	if err != nil {
		return nil, unquoted(err)
	}
	return value, nil
}
