package kjson

import (
	"time"

	"github.com/google/uuid"
	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// unsupported is the error of a method that generated code does not call.
type unsupported string

func (u unsupported) Error() string { return string(u) + " is not supported" }

// unsupportedNode has the methods of a node that no generated code calls.
type unsupportedNode struct{}

func (unsupportedNode) GetCollectionOfEnumValues(serialization.EnumFactory) ([]any, error) {
	return nil, unsupported("GetCollectionOfEnumValues")
}
func (unsupportedNode) GetEnumValue(serialization.EnumFactory) (any, error) {
	return nil, unsupported("GetEnumValue")
}
func (unsupportedNode) GetInt8Value() (*int8, error)   { return nil, unsupported("GetInt8Value") }
func (unsupportedNode) GetByteValue() (*byte, error)   { return nil, unsupported("GetByteValue") }
func (unsupportedNode) GetInt64Value() (*int64, error) { return nil, unsupported("GetInt64Value") }
func (unsupportedNode) GetFloat32Value() (*float32, error) {
	return nil, unsupported("GetFloat32Value")
}
func (unsupportedNode) GetISODurationValue() (*serialization.ISODuration, error) {
	return nil, unsupported("GetISODurationValue")
}
func (unsupportedNode) GetTimeOnlyValue() (*serialization.TimeOnly, error) {
	return nil, unsupported("GetTimeOnlyValue")
}
func (unsupportedNode) GetDateOnlyValue() (*serialization.DateOnly, error) {
	return nil, unsupported("GetDateOnlyValue")
}
func (unsupportedNode) GetUUIDValue() (*uuid.UUID, error) { return nil, unsupported("GetUUIDValue") }
func (unsupportedNode) GetByteArrayValue() ([]byte, error) {
	return nil, unsupported("GetByteArrayValue")
}
func (unsupportedNode) GetRawValue() (any, error)                                  { return nil, unsupported("GetRawValue") }
func (unsupportedNode) GetOnBeforeAssignFieldValues() serialization.ParsableAction { return nil }
func (unsupportedNode) SetOnBeforeAssignFieldValues(serialization.ParsableAction) error {
	return unsupported("SetOnBeforeAssignFieldValues")
}
func (unsupportedNode) GetOnAfterAssignFieldValues() serialization.ParsableAction { return nil }
func (unsupportedNode) SetOnAfterAssignFieldValues(serialization.ParsableAction) error {
	return unsupported("SetOnAfterAssignFieldValues")
}

// unsupportedWriter has the methods of a writer that no generated code calls.
type unsupportedWriter struct{}

func (unsupportedWriter) WriteInt8Value(string, *int8) error   { return unsupported("WriteInt8Value") }
func (unsupportedWriter) WriteByteValue(string, *byte) error   { return unsupported("WriteByteValue") }
func (unsupportedWriter) WriteInt64Value(string, *int64) error { return unsupported("WriteInt64Value") }
func (unsupportedWriter) WriteFloat32Value(string, *float32) error {
	return unsupported("WriteFloat32Value")
}
func (unsupportedWriter) WriteFloat64Value(string, *float64) error {
	return unsupported("WriteFloat64Value")
}
func (unsupportedWriter) WriteDateOnlyValue(string, *serialization.DateOnly) error {
	return unsupported("WriteDateOnlyValue")
}
func (unsupportedWriter) WriteTimeOnlyValue(string, *serialization.TimeOnly) error {
	return unsupported("WriteTimeOnlyValue")
}
func (unsupportedWriter) WriteISODurationValue(string, *serialization.ISODuration) error {
	return unsupported("WriteISODurationValue")
}
func (unsupportedWriter) WriteUUIDValue(string, *uuid.UUID) error {
	return unsupported("WriteUUIDValue")
}
func (unsupportedWriter) WriteByteArrayValue(string, []byte) error {
	return unsupported("WriteByteArrayValue")
}
func (unsupportedWriter) WriteAnyValue(string, any) error { return unsupported("WriteAnyValue") }
func (unsupportedWriter) WriteNullValue(string) error     { return unsupported("WriteNullValue") }
func (unsupportedWriter) WriteCollectionOfBoolValues(string, []bool) error {
	return unsupported("WriteCollectionOfBoolValues")
}
func (unsupportedWriter) WriteCollectionOfInt8Values(string, []int8) error {
	return unsupported("WriteCollectionOfInt8Values")
}
func (unsupportedWriter) WriteCollectionOfByteValues(string, []byte) error {
	return unsupported("WriteCollectionOfByteValues")
}
func (unsupportedWriter) WriteCollectionOfInt32Values(string, []int32) error {
	return unsupported("WriteCollectionOfInt32Values")
}
func (unsupportedWriter) WriteCollectionOfInt64Values(string, []int64) error {
	return unsupported("WriteCollectionOfInt64Values")
}
func (unsupportedWriter) WriteCollectionOfFloat32Values(string, []float32) error {
	return unsupported("WriteCollectionOfFloat32Values")
}
func (unsupportedWriter) WriteCollectionOfFloat64Values(string, []float64) error {
	return unsupported("WriteCollectionOfFloat64Values")
}
func (unsupportedWriter) WriteCollectionOfTimeValues(string, []time.Time) error {
	return unsupported("WriteCollectionOfTimeValues")
}
func (unsupportedWriter) WriteCollectionOfDateOnlyValues(string, []serialization.DateOnly) error {
	return unsupported("WriteCollectionOfDateOnlyValues")
}
func (unsupportedWriter) WriteCollectionOfTimeOnlyValues(string, []serialization.TimeOnly) error {
	return unsupported("WriteCollectionOfTimeOnlyValues")
}
func (unsupportedWriter) WriteCollectionOfISODurationValues(string, []serialization.ISODuration) error {
	return unsupported("WriteCollectionOfISODurationValues")
}
func (unsupportedWriter) WriteCollectionOfUUIDValues(string, []uuid.UUID) error {
	return unsupported("WriteCollectionOfUUIDValues")
}
func (unsupportedWriter) GetOnBeforeSerialization() serialization.ParsableAction { return nil }
func (unsupportedWriter) SetOnBeforeSerialization(serialization.ParsableAction) error {
	return unsupported("SetOnBeforeSerialization")
}
func (unsupportedWriter) GetOnAfterObjectSerialization() serialization.ParsableAction { return nil }
func (unsupportedWriter) SetOnAfterObjectSerialization(serialization.ParsableAction) error {
	return unsupported("SetOnAfterObjectSerialization")
}
func (unsupportedWriter) GetOnStartObjectSerialization() serialization.ParsableWriter { return nil }
func (unsupportedWriter) SetOnStartObjectSerialization(serialization.ParsableWriter) error {
	return unsupported("SetOnStartObjectSerialization")
}
