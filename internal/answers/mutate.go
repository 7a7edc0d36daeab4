package answers

import (
	"bytes"
	"encoding/json"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
)

// Mutate changes a response: its values, its form, its length, or its status.
func Mutate(a Answer, random *rand.Rand) Answer {
	if random.IntN(20) == 0 {
		a.Status = []int{200, 202, 204, 302, 400, 403, 404, 409, 410, 429, 500, 503}[random.IntN(12)]
	}
	var document any
	if json.Unmarshal(a.Body, &document) != nil {
		a.Body = []byte(strange(random))
		return a
	}
	for range 1 + random.IntN(4) {
		document = mutated(document, random)
	}
	body, err := json.Marshal(document)
	if err != nil {
		panic(err) // it is made of maps, lists, and plain values
	}
	a.Body = mutatedText(body, random)
	return a
}

// mutated changes one value that lies somewhere in a document.
func mutated(value any, random *rand.Rand) any {
	switch v := value.(type) {
	case map[string]any:
		if name := anyName(v, random); name != "" && random.IntN(8) > 0 {
			return changed(v, name, random)
		}
	case []any:
		if len(v) > 0 && random.IntN(8) > 0 {
			i := random.IntN(len(v))
			v[i] = mutated(v[i], random)
			return v
		}
	}
	return otherValue(value, random)
}

// changed changes a property, removes it, gives it another name, or goes into it.
func changed(object map[string]any, name string, random *rand.Rand) any {
	switch random.IntN(12) {
	case 0:
		delete(object, name)
	case 1:
		object[name+"x"] = object[name]
		delete(object, name)
	case 2:
		object["@odata.type"] = []any{7, "#x", "#microsoft.graph.windowsUpdates.new", nil, ""}[random.IntN(5)]
	case 3:
		object[name+"@odata.nextLink"] = []any{7, "https://evil.example/", "https://graph.microsoft.com/x y", ""}[random.IntN(4)]
	default:
		object[name] = mutated(object[name], random)
	}
	return object
}

func anyName(object map[string]any, random *rand.Rand) string {
	n := random.IntN(max(1, len(object)))
	for name := range sortedNames(object) {
		if n--; n < 0 {
			return name
		}
	}
	return ""
}

// otherValue is a value of another type or size.
func otherValue(value any, random *rand.Rand) any {
	others := []any{
		nil, true, 7, -1, 1.5, 1e300, json.Number("99999999999999999999"), "", "x", "String (timestamp)Z", "Integer", "Boolean",
		"0001-01-01T08:00:00Z", "9999-12-31T23:59:59-05:00", "P1W", "P99999999999D", "\u2028\n", []any{}, []any{7}, []any{nil, value},
		map[string]any{}, map[string]any{"value": value}, map[string]any{"id": value}, []any{value, value}, many(value, random),
	}
	return others[random.IntN(len(others))]
}

// most is about the largest size of a mutated body.
const most = 2 << 20

// many repeats a value, seldom so often that the response becomes large.
func many(value any, random *rand.Rand) []any {
	count := 5
	if random.IntN(20) == 0 {
		count = 200_000
	}
	text, _ := json.Marshal(value) // of a document
	count = min(count, most/(len(text)+1))
	items := make([]any, count)
	for i := range items {
		items[i] = value
	}
	return items
}

// mutatedText changes the bytes of one response in ten.
func mutatedText(body []byte, random *rand.Rand) []byte {
	at := random.IntN(len(body) + 1)
	switch random.IntN(60) {
	case 0:
		return body[:at]
	case 1:
		return append(bytes.Clone(body), body[:at]...)
	case 2:
		return append(append(bytes.Clone(body[:at]), byte(random.IntN(256))), body[at:]...)
	case 3:
		return append([]byte("\ufeff"), body...)
	case 4: // each property twice, the second time with other values
		return bytes.ReplaceAll(body, []byte(`{"`), []byte(`{"id":7,"state":7,"`))
	case 5:
		return []byte(strange(random))
	}
	return body
}

func strange(random *rand.Rand) string {
	bodies := []string{"", "null", "{}", "[]", "7", `"x"`, "<html></html>", `{"value":null}`, `{"value":[null]}`, "{", `{"value":[],"x":[`}
	return bodies[random.IntN(len(bodies))]
}

// sortedNames yields the names of an object in an order that is the same in each run.
func sortedNames(object map[string]any) iter.Seq[string] {
	return slices.Values(slices.Sorted(maps.Keys(object)))
}
