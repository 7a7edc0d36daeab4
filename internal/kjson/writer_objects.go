package kjson

import (
	"fmt"
	"reflect"
	"strconv"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// WriteObjectValue writes an object, or nothing for nil. It does not support additional objects.
func (w *writer) WriteObjectValue(key string, item serialization.Parsable, more ...serialization.Parsable) error {
	switch {
	case len(more) > 0:
		return w.failed(key, unsupported("merging objects"))
	case isNil(item):
		return nil
	}
	return w.put(key, func() error { return w.item(item) })
}

// item writes an object, or null for nil.
func (w *writer) item(item serialization.Parsable) error {
	if isNil(item) {
		w.out.Null()
		return nil
	}
	return w.braces(func() error { return item.Serialize(w) })
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

// array writes brackets around items; write receives the index of each.
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

// enter limits the depth, so that objects that contain themselves are not written forever.
func (w *writer) enter() error {
	if w.depth == maxDepth {
		return fmt.Errorf("more than %d levels cannot be written", maxDepth)
	}
	w.depth++
	return nil
}

// isNil reports true also for a nil pointer in an interface.
func isNil(item serialization.Parsable) bool {
	if item == nil {
		return true
	}
	v := reflect.ValueOf(item)
	return v.Kind() == reflect.Pointer && v.IsNil()
}
