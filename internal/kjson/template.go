package kjson

import (
	"reflect"
	"sync"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// template is a model that is read in place of others of its type. Generated code
// makes a map of closures for each object that it reads, one for each member, which
// costs more than all else. Those of a template are made once: they assign to the
// template, and its content is then copied into the object.
type template struct {
	home   *sync.Pool
	item   serialization.Parsable
	value  reflect.Value // what item points to
	fields fields
}

var templates sync.Map // from the type of a model to the *sync.Pool of its templates

// borrow takes a template that nothing else uses, such as an object of the same type
// around this one. It begins with what the constructor of the item has set.
func borrow(item serialization.Parsable) *template {
	value := reflect.ValueOf(item).Elem()
	home, found := templates.Load(value.Type())
	if !found {
		home, _ = templates.LoadOrStore(value.Type(), new(sync.Pool))
	}
	t, found := home.(*sync.Pool).Get().(*template)
	if !found {
		t = newTemplate(value.Type(), home.(*sync.Pool))
	}
	t.value.Set(value)
	return t
}

func newTemplate(of reflect.Type, home *sync.Pool) *template {
	pointer := reflect.New(of)
	item := pointer.Interface().(serialization.Parsable)
	return &template{home, item, pointer.Elem(), item.GetFieldDeserializers()}
}

// copyTo makes the item what was read.
func (t *template) copyTo(item serialization.Parsable) {
	reflect.ValueOf(item).Elem().Set(t.value)
}

// giveBack empties the template, so that it keeps nothing alive.
func (t *template) giveBack() {
	t.value.SetZero()
	t.home.Put(t)
}
