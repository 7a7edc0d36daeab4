// Package faults has a small service whose faults are switches: responses that fail or are
// lost, copies that lag behind, and other programs that change something in the meantime.
// It keeps its state in memory and shares no code with package simulator, so that the two do
// not have the same mistakes.
package faults
