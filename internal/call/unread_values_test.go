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

	"github.com/winupdates/winupdates-go/internal/answers"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// alikeValues are methods that rightly say the same of a property that is absent and one that could not be
// read, and why.
var alikeValues = map[string]string{
	"policies.Approval.String createdDateTime":       "of several approvals, Approve returns the newest whose time was read",
	"catalog.KnownIssue.IsActive status":             "one whose status could not be read is active, as its comment says",
	"catalog.KnownIssue.IsActive resolvedDateTime":   "one that is not known to be resolved is active, as its comment says",
	"audience.Device.Enrollment enrollment":          enrollmentUnread,
	"audience.Device.Enrollment feature":             enrollmentUnread,
	"audience.Enrollment.IsEnrolled enrollment":      enrollmentUnread,
	"audience.Enrollment.IsEnrolled feature":         enrollmentUnread,
	"audience.Enrollment.IsEnrolled quality":         enrollmentUnread,
	"audience.Enrollment.IsEnrolled driver":          enrollmentUnread,
	"audience.Enrollment.IsEnrolled enrollmentState": enrollmentUnread,
	"reports.Profile.HasName deviceName":             "a name that could not be read is none",
	"policies.RingGroups.IDs assignments":            "the IDs are those that could be read; Unread has the others",
	"policies.RingGroups.IDs groupId":                "the IDs are those that could be read; Unread has the others",
	"catalog.Base.String createdDateTime":            "of several approvals, Approve returns the newest whose time was read",
	"deployments.Deployment.PausedByMonitoring *":    "true is a conclusion, and false is no evidence, as its comment says",
	"deployments.Settings.Validate *":                "what could not be read is sent as it came, and not checked",
}

const enrollmentUnread = "Device.IsEnrollmentUnread says so"

// said is what the methods of a value and of those in it say, by the place of the value, the type, and the
// method.
type said map[string]string

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
					for place, of := range absent {
						if before, ok := whole[place]; ok && before != of {
							matter++
							if now, ok := unread[place]; ok && now == of {
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
		method, _, _ := strings.Cut(one, " ")
		return alikeValues[one] != "" || alikeValues[method+" *"] != ""
	})
	slices.Sort(wrong)
	require.Empty(t, slices.Compact(wrong), "UNREAD_SEED=%d and %d more", first, rounds-1)
}

// returnsObjects reports whether a call reads objects of the service.
func returnsObjects(method reflect.Type) bool {
	if method.NumOut() == 0 {
		return false
	}
	result := method.Out(0)
	if collect, ok := result.MethodByName("Collect"); ok {
		result = collect.Type.Out(0).Elem()
	}
	return isObject(result)
}

// say makes a call, and asks what it returns.
func (d *described) say(t *testing.T, call publicCall, change answers.Change) said {
	t.Helper()
	d.change, d.sent = change, nil
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s := said{}
	for _, result := range call.run(ctx, call.within(ctx)) {
		s.ask("", result)
	}
	return s
}

func (s said) ask(place string, value reflect.Value) {
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
		pointer := reflect.New(value.Type())
		pointer.Elem().Set(value)
		if isObject(pointer.Type()) {
			s.askMethods(place, pointer)
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
		if isPlumbing(value.Type().Elem(), method) {
			continue
		}
		var args []reflect.Value
		for i := 1; i < method.Type.NumIn(); i++ {
			args = append(args, argument(context.Background(), method.Type.In(i)))
		}
		var out []string
		for _, result := range value.Method(i).Call(args) {
			text, _ := json.Marshal(result.Interface())
			out = append(out, string(text), fmt.Sprint(result))
		}
		s[place+" "+value.Type().Elem().String()+"."+method.Name] = strings.Join(out, "\n")
	}
}

// isPlumbing reports whether a method says nothing: it gives the value itself, a copy, or its JSON. Methods that
// compare two values are left out too: true and false can mean both, and tests of their package hold them.
func isPlumbing(of reflect.Type, method reflect.Method) bool {
	switch method.Name {
	case "Unread", "Common", "MarshalJSON", "UnmarshalJSON", "IsEnrollmentUnread":
		return true
	}
	for i := 1; i < method.Type.NumIn(); i++ {
		if method.Type.In(i) == of {
			return true
		}
	}
	return method.Type.NumOut() > 0 && method.Type.Out(0) == of
}
