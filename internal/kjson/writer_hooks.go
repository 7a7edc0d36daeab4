package kjson

import "github.com/microsoft/kiota-abstractions-go/serialization"

// GetOnBeforeSerialization returns what is called with each object before it is
// written.
func (w *writer) GetOnBeforeSerialization() serialization.ParsableAction { return w.before }

// SetOnBeforeSerialization sets what is called with each object before it is
// written; nil for nothing.
func (w *writer) SetOnBeforeSerialization(action serialization.ParsableAction) error {
	w.before = action
	return nil
}

// GetOnAfterObjectSerialization returns what is called with each object after it
// was written.
func (w *writer) GetOnAfterObjectSerialization() serialization.ParsableAction { return w.after }

// SetOnAfterObjectSerialization sets what is called with each object after it was
// written; nil for nothing.
func (w *writer) SetOnAfterObjectSerialization(action serialization.ParsableAction) error {
	w.after = action
	return nil
}

// GetOnStartObjectSerialization returns what is called with each object and its
// writer before the first member.
func (w *writer) GetOnStartObjectSerialization() serialization.ParsableWriter { return w.start }

// SetOnStartObjectSerialization sets what is called with each object and its
// writer before the first member; nil for nothing. It may write members.
func (w *writer) SetOnStartObjectSerialization(action serialization.ParsableWriter) error {
	w.start = action
	return nil
}
