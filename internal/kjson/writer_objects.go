package kjson

import (
	"fmt"
	"reflect"
	"strconv"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// WriteObjectValue writes an object, with the members of more objects in it. It
// leaves out an item that is nil, and writes nothing if there is nothing else.
func (w *writer) WriteObjectValue(key string, item serialization.Parsable, additionalValuesToMerge ...serialization.Parsable) error {
	if isNil(item) && len(additionalValuesToMerge) == 0 {
		return nil
	}
	return w.put(key, func() error { return w.item(item, additionalValuesToMerge...) })
}

// item writes an object in the form that its type has; null for nil.
func (w *writer) item(item serialization.Parsable, more ...serialization.Parsable) error {
	if isNil(item) {
		if len(more) > 0 {
			return w.object(item, more)
		}
		w.out.Null()
		return nil
	}
	switch v := item.(type) {
	case serialization.UntypedNodeable:
		return w.untyped(v)
	case serialization.ComposedTypeWrapper:
		return w.choice(item)
	}
	return w.object(item, more)
}

// object writes the members of one or more objects as those of one.
func (w *writer) object(item serialization.Parsable, more []serialization.Parsable) error {
	return w.braces(func() error {
		if err := w.members(item); err != nil {
			return err
		}
		for _, item := range more {
			if err := w.members(item); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *writer) members(item serialization.Parsable) error {
	if isNil(item) {
		return nil
	}
	abstractions.InvokeParsableAction(w.before, item)
	if err := abstractions.InvokeParsableWriter(w.start, item, w); err != nil {
		return err
	}
	err := item.Serialize(w)
	abstractions.InvokeParsableAction(w.after, item)
	return err
}

func (w *writer) braces(members func() error) error {
	if err := w.enter(); err != nil {
		return err
	}
	w.out.ObjStart()
	err := members()
	w.out.ObjEnd()
	w.depth--
	return err
}

// choice writes one of several types, which writes itself as a value without a
// name; null if it writes nothing.
func (w *writer) choice(item serialization.Parsable) error {
	before := len(w.out.Buf)
	err := w.members(item)
	if err == nil && len(w.out.Buf) == before {
		w.out.Null()
	}
	return err
}

// array writes brackets around items, each told its index.
func (w *writer) array(count int, item func(i int) error) error {
	if err := w.enter(); err != nil {
		return err
	}
	w.out.ArrStart()
	for i := range count {
		if err := w.put("", func() error { return item(i) }); err != nil {
			return w.failed("["+strconv.Itoa(i)+"]", err)
		}
	}
	w.out.ArrEnd()
	w.depth--
	return nil
}

// enter keeps objects that lie in themselves from being written without end.
func (w *writer) enter() error {
	if w.depth == maxDepth {
		return fmt.Errorf("more than %d levels cannot be written", maxDepth)
	}
	w.depth++
	return nil
}

// isNil also says yes to a nil pointer in an interface.
func isNil(item serialization.Parsable) bool {
	if item == nil {
		return true
	}
	v := reflect.ValueOf(item)
	return v.Kind() == reflect.Pointer && v.IsNil()
}
