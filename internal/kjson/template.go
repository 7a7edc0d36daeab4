package kjson

import (
	"reflect"
	"sync"

	"github.com/microsoft/kiota-abstractions-go/serialization"
)

// template is a model that is read instead of others of its type. Generated code creates a map of
// closures for each object that it reads, one per property, which costs more than all else. The map of
// a template is created once: its closures assign to the template, whose content is then copied.
type template struct {
	home   *sync.Pool
	item   serialization.Parsable
	value  reflect.Value // what item points to
	fields fields
}

var templates sync.Map // from the type of a model to the *sync.Pool of its templates

// borrow takes a template that is not in use, for example by an enclosing object of the same type. It
// starts with what the constructor of the item has set.
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

// copyTo copies what was read to the item.
func (t *template) copyTo(item serialization.Parsable) {
	reflect.ValueOf(item).Elem().Set(t.value)
}

// giveBack empties the template, so that it keeps nothing alive.
func (t *template) giveBack() {
	t.value.SetZero()
	t.home.Put(t)
}
