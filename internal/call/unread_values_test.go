package call_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/answers"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// said is what the methods of a value and of those in it say.
type said struct {
	texts map[string]string     // by the place of the value, the type, and the method
	given map[reflect.Type]bool // the types of which inputs were asked with one value
}

// TestNoMethodOfAValueTakesAPropertyThatCouldNotBeReadForItsZero finds values in what calls return.
func TestNoMethodOfAValueTakesAPropertyThatCouldNotBeReadForItsZero(t *testing.T) {
	first, rounds := numberFrom(t, "UNREAD_SEED", 2), numberFrom(t, "UNREAD", 1)
	text, err := os.ReadFile("../openapi/windowsupdates.yaml")
	require.NoError(t, err)
	service, err := answers.Read(text)
	require.NoError(t, err)
	matter, wrong := 0, []string{}
	for seed := first; seed < first+rounds; seed++ {
		synctest.Test(t, func(t *testing.T) {
			d := &described{service: service, seed: uint64(seed), made: map[madeFor]answers.Answer{}}
			seen := map[string]bool{}
			for _, call := range everyCall(t.Context(), stub.NewClient(t, stub.Token{}, d, stub.Attempts(1))) {
				if !returnsObjects(call.method.Type()) {
					continue
				}
				d.asked = map[string]answers.Operation{}
				whole := d.say(t, call, answers.Change{})
				route := fmt.Sprint(slices.Sorted(maps.Keys(d.asked)), call.method.Type().Out(0))
				if seen[route] {
					continue // another call has given the same values
				}
				seen[route] = true
				for _, change := range d.changes() {
					change.Absent = true
					absent := d.say(t, call, change)
					change.Absent = false
					unread := d.say(t, call, change)
					for place, of := range absent.texts {
						if before, ok := whole.texts[place]; ok && before != of {
							matter++
							if now, ok := unread.texts[place]; ok && now == of {
								_, method, _ := strings.Cut(place, " ")
								wrong = append(wrong, method+" "+change.Property)
							}
						}
					}
				}
			}
		})
	}
	t.Logf("%d times a property mattered", matter)
	wrong = slices.DeleteFunc(wrong, func(one string) bool {
		method, property, _ := strings.Cut(one, " ")
		return isListed(alikeValues, method, property)
	})
	slices.Sort(wrong)
	require.Empty(t, slices.Compact(wrong), "UNREAD_SEED=%d and %d more", first, rounds-1)
}

// returnsObjects reports whether a call returns values that may have properties that could not be read.
func returnsObjects(method reflect.Type) bool {
	if method.NumOut() == 0 {
		return false
	}
	result := method.Out(0)
	if collect, ok := result.MethodByName("Collect"); ok {
		result = collect.Type.Out(0).Elem()
	}
	return mayBeUnread(result) || result.Kind() == reflect.Slice && mayBeUnread(result.Elem()) || result.Kind() == reflect.Func
}

// mayBeUnread reports whether a type, or what it points to, may have properties that could not be read.
func mayBeUnread(of reflect.Type) bool {
	return listedAPI().mayBeUnread([]string{strings.TrimPrefix(of.String(), "*")})
}

// say makes a call, and asks what it returns.
func (d *described) say(t *testing.T, call publicCall, change answers.Change) said {
	t.Helper()
	d.change, d.sent = change, nil
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s := said{map[string]string{}, map[reflect.Type]bool{}}
	for _, result := range call.run(ctx, call.within(ctx)) {
		s.ask("", result)
	}
	return s
}

func (s said) ask(place string, value reflect.Value) {
	if value.IsValid() && !value.Type().Implements(reflect.TypeFor[error]()) {
		s.askInputs(place, value)
		s.askItself(place, value)
	}
}

func (s said) askItself(place string, value reflect.Value) {
	if value.Kind() != reflect.Interface && value.Kind() != reflect.Pointer && mayBeUnread(value.Type()) {
		pointer := reflect.New(value.Type())
		pointer.Elem().Set(value)
		s.askMethods(place, pointer)
	}
	switch value.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !value.IsNil() {
			s.ask(place, value.Elem())
		}
	case reflect.Slice:
		for i := range value.Len() {
			s.ask(fmt.Sprint(place, "/", i), value.Index(i))
		}
	case reflect.Struct:
		if !isObject(reflect.PointerTo(value.Type())) {
			return // what is in it was read elsewhere, and chosen
		}
		for i := range value.NumField() {
			field := value.Type().Field(i)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if field.IsExported() && field.Name != "Extra" && !isIn(value, name) {
				s.ask(place+"/"+field.Name, value.Field(i))
			}
		}
	}
}

// askInputs asks values of a caller in which a value is, and methods that take it, for the first value of a
// type.
func (s said) askInputs(place string, value reflect.Value) {
	if isNil := value.Kind() == reflect.Pointer && value.IsNil(); isNil || s.given[value.Type()] {
		return // a call that returns nothing has an error, which is compared elsewhere
	}
	s.given[value.Type()] = true
	for i, input := range inputsWith(value.Interface()) {
		pointer := reflect.New(reflect.TypeOf(input))
		pointer.Elem().Set(reflect.ValueOf(input))
		s.askMethods(fmt.Sprint(place, "/input", i), pointer)
	}
	if entry, ok := reflect.TypeAssert[catalog.Entry](value); ok && value.Kind() == reflect.Pointer {
		s.texts[place+" deployments.Timetable.For"] = outliving().For(entry, time.Time{}).String()
	}
}

// isIn reports whether a property is in Extra of a value. Its field cannot know that it was not read.
func isIn(value reflect.Value, property string) bool {
	field := value.FieldByName("Extra")
	if !field.IsValid() {
		return false
	}
	extra, ok := reflect.TypeAssert[map[string]json.RawMessage](field)
	return ok && extra[property] != nil
}

func (s said) askMethods(place string, value reflect.Value) {
	for i := range value.NumMethod() {
		method := value.Type().Method(i)
		if isPlumbing(method.Name) || compares(value.Type().Elem(), method) {
			continue
		}
		var out []string
		if method.Type.NumOut() == 1 && method.Type.Out(0) == value.Type().Elem() { // a copy, with what was not read
			s.texts[place+" "+value.Type().Elem().String()+"."+method.Name] = ""
			continue
		}
		for _, result := range value.Method(i).Call(argumentsOf(value.Method(i).Type())) {
			text, _ := json.Marshal(result.Interface())
			out = append(out, string(text), fmt.Sprint(result))
		}
		s.texts[place+" "+value.Type().Elem().String()+"."+method.Name] = strings.Join(out, "\n")
	}
}

// argumentsOf are those of a method of a value, without variadic ones.
func argumentsOf(method reflect.Type) (args []reflect.Value) {
	for i := range method.NumIn() {
		if i < method.NumIn()-1 || !method.IsVariadic() {
			args = append(args, argument(context.Background(), method.In(i)))
		}
	}
	return args
}

// isPlumbing reports whether a method says nothing: it gives the value itself, or its JSON, or names what
// could not be read.
func isPlumbing(method string) bool {
	return slices.Contains([]string{
		"Unread", "Common", "MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "IsEnrollmentUnread",
	}, method)
}

// compares reports whether a method compares a value with another one of its type: true and false can mean
// both, and tests of the package hold it.
func compares(of reflect.Type, method reflect.Method) bool {
	for i := 1; i < method.Type.NumIn(); i++ {
		if method.Type.In(i) == of {
			return true
		}
	}
	return false
}
