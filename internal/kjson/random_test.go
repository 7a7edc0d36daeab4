package kjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"
	"github.com/stretchr/testify/require"
)

// A random model is made together with the JSON that should be it: the setters
// get the values, and encoding/json writes the document, so neither side of this
// package has a say in what is right.

func TestEveryModelIsReadAsItsDocumentSays(t *testing.T) {
	t.Parallel()
	for name, create := range constructors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := newMaker(t, 15)
			for range 15 {
				want, document := random.model(name, 3)
				got := mustRead(t, marshaled(t, document), create)
				require.Equal(t, described(want), described(got))
			}
		})
	}
}

func TestEveryModelIsWrittenAsItsDocumentSays(t *testing.T) {
	t.Parallel()
	for name := range constructors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := newMaker(t, 15)
			for range 15 {
				model, document := random.model(name, 3)
				content, err := written(NewSerializationWriterFactory(), model)
				require.NoError(t, err)
				requirePart(t, decoded(t, marshaled(t, document)), decoded(t, content), name)
			}
		})
	}
}

// The stock writer says which members a model sends: those that are read-only it
// does not.
func TestEveryModelIsWrittenWithTheMembersThatTheStockWriterWrites(t *testing.T) {
	t.Parallel()
	for name := range constructors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := newMaker(t, 5)
			for range 5 {
				model, _ := random.model(name, 3)
				content, err := written(NewSerializationWriterFactory(), model)
				require.NoError(t, err)
				stock, err := written(jsonserialization.NewJsonSerializationWriterFactory(), model)
				require.NoError(t, err)
				require.Equal(t, decoded(t, stock), decoded(t, content))
			}
		})
	}
}

func TestEveryModelIsWrittenAgainAsItWasRead(t *testing.T) {
	t.Parallel()
	for name, create := range constructors() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := newMaker(t, 8)
			for range 8 {
				model, _ := random.model(name, 3)
				once, err := written(NewSerializationWriterFactory(), model)
				require.NoError(t, err)
				again, err := written(NewSerializationWriterFactory(), mustRead(t, once, create))
				require.NoError(t, err)
				require.Equal(t, string(once), string(again))
			}
		})
	}
}

// requirePart requires that what was written is in the document, with all items of
// all arrays.
func requirePart(t *testing.T, document, content any, path string) {
	t.Helper()
	switch content := content.(type) {
	case map[string]any:
		require.IsType(t, document, content, path)
		for name, value := range content {
			require.Contains(t, document, name, path)
			requirePart(t, document.(map[string]any)[name], value, path+"."+name)
		}
	case []any:
		require.Len(t, document, len(content), path)
		for i, value := range content {
			requirePart(t, document.([]any)[i], value, fmt.Sprintf("%s[%d]", path, i))
		}
	default:
		require.Equal(t, document, content, path)
	}
}

// maker makes models of random content, at most three in one another.
type maker struct {
	t        *testing.T
	random   *rand.Rand
	known    map[string]serialization.ParsableFactory
	families map[string][]string // the types that may stand for a type, itself included
}

func newMaker(t *testing.T, seed uint64) *maker {
	t.Helper()
	m := &maker{t, rand.New(rand.NewPCG(seed, 0)), constructors(), map[string][]string{}}
	for _, name := range slices.Sorted(maps.Keys(m.known)) {
		model, err := m.known[name](nil)
		require.NoError(t, err)
		for of := reflect.TypeOf(model).Elem(); ; of = of.Field(0).Type {
			m.families[of.Name()] = append(m.families[of.Name()], name)
			if of.NumField() == 0 || !of.Field(0).Anonymous {
				break
			}
		}
	}
	return m
}

// model makes a model of the named type and the document that is the same.
func (m *maker) model(name string, depth int) (serialization.Parsable, map[string]any) {
	model, err := m.known[name](nil)
	require.NoError(m.t, err)
	document := map[string]any{}
	for _, member := range membersOf(model) {
		getter, setter := accessors(m.t, model, member)
		if present := getter.Call(nil)[0]; !present.IsNil() { // the type annotation that the constructor sets
			document[member] = present.Elem().Interface()
			continue
		}
		if member == "@odata.type" || m.random.IntN(5) == 0 {
			continue
		}
		value, plain := m.value(setter.Type().In(0), depth)
		if value.IsValid() {
			setter.Call([]reflect.Value{value})
			document[member] = plain
		}
	}
	m.additional(model, document)
	return model, document
}

func (m *maker) additional(model serialization.Parsable, document map[string]any) {
	holder, ok := model.(serialization.AdditionalDataHolder)
	if !ok || m.random.IntN(2) == 0 {
		return
	}
	for name, raw := range map[string]string{"unknownNull": "null", "unknownObject": `{"a":[1,{"b":"x"}]}`, "unknown@odata.type": `"#x"`} {
		holder.GetAdditionalData()[name] = json.RawMessage(raw)
		document[name] = json.RawMessage(raw)
	}
}

// value makes a value for a setter; it is not valid when the type needs another
// model and the depth is used up.
func (m *maker) value(of reflect.Type, depth int) (value reflect.Value, plain any) {
	switch {
	case of.Kind() == reflect.Pointer:
		plain = m.scalar(of.Elem())
		value = reflect.New(of.Elem())
		value.Elem().Set(reflect.ValueOf(plain))
		return value, plain
	case of.Kind() == reflect.Slice:
		return m.slice(of, depth)
	case depth == 0:
		return reflect.Value{}, nil
	}
	model, document := m.model(m.typeFor(of), depth-1)
	return reflect.ValueOf(model), document
}

func (m *maker) slice(of reflect.Type, depth int) (reflect.Value, any) {
	values, plains := reflect.MakeSlice(of, 0, 3), []any{}
	for range m.random.IntN(4) {
		if of.Elem().Kind() != reflect.Interface {
			plain := m.scalar(of.Elem())
			values, plains = reflect.Append(values, reflect.ValueOf(plain)), append(plains, plain)
			continue
		}
		if value, plain := m.value(of.Elem(), depth); value.IsValid() {
			values, plains = reflect.Append(values, value), append(plains, plain)
		}
	}
	return values, plains
}

func (m *maker) scalar(of reflect.Type) any {
	switch of {
	case reflect.TypeFor[string]():
		texts := []string{"", "plain", `q"u\o/te`, "tab\tline\nnull\x00", "<b>&amp;</b>", "é\u2028😀", "P7D", "true", "100", "{[:,"}
		return texts[m.random.IntN(len(texts))]
	case reflect.TypeFor[bool]():
		return m.random.IntN(2) == 0
	case reflect.TypeFor[int32]():
		return int32(m.random.Uint32())
	case reflect.TypeFor[float64]():
		return m.random.NormFloat64() * 1e3
	case reflect.TypeFor[time.Time]():
		return time.Unix(m.random.Int64N(4e9), 0).UTC()
	}
	require.FailNow(m.t, "no random value", "of type %s", of)
	return nil
}

// typeFor chooses the type that an interface is named after, or one that is
// derived from it.
func (m *maker) typeFor(of reflect.Type) string {
	family := m.families[strings.TrimSuffix(of.Name(), "able")]
	return family[m.random.IntN(len(family))]
}

// membersOf are the names that a model reads, in their order.
func membersOf(model serialization.Parsable) []string {
	return slices.Sorted(maps.Keys(model.GetFieldDeserializers()))
}

func accessors(t testing.TB, model serialization.Parsable, member string) (getter, setter reflect.Value) {
	t.Helper()
	name := accessorName(member)
	getter = reflect.ValueOf(model).MethodByName("Get" + name)
	setter = reflect.ValueOf(model).MethodByName("Set" + name)
	require.True(t, getter.IsValid() && setter.IsValid(), "%T has no accessors for %s", model, member)
	return getter, setter
}

// accessorName is MatchedDevicesOdataNextLink for matchedDevices@odata.nextLink.
func accessorName(member string) string {
	if member == "error" {
		return "ErrorEscaped" // Error is taken by the interface
	}
	var name string
	for _, part := range strings.FieldsFunc(member, func(r rune) bool { return strings.ContainsRune("@.-", r) }) {
		name += strings.ToUpper(part[:1]) + part[1:]
	}
	return name
}

// described is a model as plain values: a map of what its getters return, with the
// name of its type and its additional data.
func described(model serialization.Parsable) any {
	if isNil(model) {
		return nil
	}
	out := map[string]any{"(type)": reflect.TypeOf(model).Elem().Name()}
	for _, member := range membersOf(model) {
		value := reflect.ValueOf(model).MethodByName("Get" + accessorName(member)).Call(nil)[0]
		if !value.IsNil() {
			out[member] = describedValue(value)
		}
	}
	if holder, ok := model.(serialization.AdditionalDataHolder); ok {
		for name, value := range holder.GetAdditionalData() {
			raw, _ := json.Marshal(value)
			out["(additional) "+name] = describedJSON(raw)
		}
	}
	return out
}

func describedValue(value reflect.Value) any {
	switch v := value.Interface().(type) {
	case *time.Time:
		return v.UTC().Format(time.RFC3339Nano)
	case serialization.Parsable:
		return described(v)
	}
	switch {
	case value.Kind() == reflect.Pointer:
		return value.Elem().Interface()
	case value.Type().Elem().Kind() != reflect.Interface:
		return value.Interface()
	}
	items := []any{}
	for i := range value.Len() {
		item, _ := reflect.TypeAssert[serialization.Parsable](value.Index(i))
		items = append(items, described(item))
	}
	return items
}

func describedJSON(raw []byte) any {
	var v any
	_ = json.Unmarshal(raw, &v)
	return v
}

func mustRead(t testing.TB, content []byte, create serialization.ParsableFactory) serialization.Parsable {
	t.Helper()
	item, err := Read(content, create)
	require.NoError(t, err)
	return item
}

// readStock is Read with the stock package.
func readStock(content []byte, create serialization.ParsableFactory) (serialization.Parsable, error) {
	root, err := jsonserialization.NewJsonParseNodeFactory().GetRootParseNode(contentType, content)
	if err != nil {
		return nil, err
	}
	return root.GetObjectValue(create)
}

func marshaled(t testing.TB, v any) []byte {
	t.Helper()
	content, err := json.Marshal(v)
	require.NoError(t, err)
	return content
}

// decoded keeps numbers as they are written: raw JSON may have larger ones than
// float64.
func decoded(t testing.TB, content []byte) any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	var v any
	require.NoError(t, decoder.Decode(&v), "%s", content)
	return v
}
