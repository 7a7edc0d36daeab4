package answers

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
)

// Answer is a response.
type Answer struct {
	Status int
	Body   []byte
}

// Random returns an answer to an operation that the description allows.
func (d *Description) Random(op Operation, random *rand.Rand) Answer {
	if op.schema == "" {
		return Answer{Status: op.status}
	}
	body, err := json.Marshal(d.object(op.schema, random, maxDepth))
	if err != nil {
		panic(err) // it is made of maps, lists, and plain values
	}
	return Answer{op.status, body}
}

// maxDepth is how many objects lie in one another.
const maxDepth = 7

// object is an object of a type, or of one that is derived from it.
func (d *Description) object(name string, random *rand.Rand, depth int) map[string]any {
	o := map[string]any{}
	if types := d.subtypes(name); len(types) > 0 {
		annotation := slices.Sorted(maps.Keys(types))[random.IntN(len(types))]
		name, o["@odata.type"] = types[annotation], annotation
	}
	properties := d.properties(name)
	for _, property := range slices.Sorted(maps.Keys(properties)) {
		switch {
		case strings.HasSuffix(property, "@odata.nextLink"), o[property] != nil: // one in ten pages is not the last
			if random.IntN(10) == 0 && o[property] == nil {
				o[property] = fmt.Sprintf("https://graph.microsoft.com/beta/admin/windows/updates/x?$skiptoken=%d", random.IntN(3))
			}
		case property == "@odata.type":
		case property != "id" && property != "value" && random.IntN(4) == 0: // not sent
		case depth > 0:
			o[property] = d.value(property, properties[property], random, depth-1)
		}
	}
	return o
}

func (d *Description) value(property string, s *schema, random *rand.Rand, depth int) any {
	if name := d.typeOf(s); name != "" {
		return d.object(name, random, depth)
	}
	switch s.Type {
	case "array":
		items := make([]any, random.IntN(4))
		for i := range items {
			items[i] = d.value(property, s.Items, random, depth)
		}
		return items
	case "boolean":
		return random.IntN(2) == 0
	case "integer":
		return random.IntN(100)
	case "number":
		return float64(random.IntN(100)) / 10
	}
	return text(property, s, random)
}

// typeOf is the type that a property is of; empty for a plain one.
func (d *Description) typeOf(s *schema) string {
	for _, part := range append([]*schema{s}, s.AllOf...) {
		if name := part.reference(); name != "" {
			return name
		}
	}
	return ""
}

var knownValues = regexp.MustCompile(`Known values: ([^.]*)\.`)

func text(property string, s *schema, random *rand.Rand) string {
	if match := knownValues.FindStringSubmatch(s.Description); match != nil {
		values := strings.Split(match[1], ", ")
		return values[random.IntN(len(values))]
	}
	switch {
	case s.Format == "date-time":
		return fmt.Sprintf("20%02d-%02d-%02dT10:00:00Z", random.IntN(60), 1+random.IntN(12), 1+random.IntN(28))
	case strings.HasPrefix(property, "duration"):
		return fmt.Sprintf("P%dD", random.IntN(20))
	case strings.HasSuffix(strings.ToLower(property), "id"):
		return fmt.Sprintf("00000000-0000-4000-8000-%012d", random.IntN(5))
	}
	return fmt.Sprintf("text %d", random.IntN(5))
}
