package answers

import (
	"cmp"
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

// Random returns a response to an operation that the description allows.
func (d *Description) Random(op Operation, random *rand.Rand) Answer {
	return d.RandomWith(op, random, Change{})
}

// Failure returns an error of the service.
func (d *Description) Failure(random *rand.Rand) Answer {
	body, err := json.Marshal(d.object("odataError", random, Change{}, maxDepth))
	if err != nil {
		panic(err) // it is made of maps, lists, and plain values
	}
	return Answer{[]int{400, 401, 403, 404, 409, 410, 429, 500, 503}[random.IntN(9)], body}
}

// Change changes one property of all objects of a type.
type Change struct {
	Type, Property string
	Absent         bool // otherwise the property has another type than described
}

// RandomWith returns the response of [Description.Random] for the same random numbers, with a change.
func (d *Description) RandomWith(op Operation, random *rand.Rand, c Change) Answer {
	if op.schema == "" {
		return Answer{Status: op.status}
	}
	body, err := json.Marshal(d.object(op.schema, random, c, maxDepth))
	if err != nil {
		panic(err) // it is made of maps, lists, and plain values
	}
	return Answer{op.status, body}
}

// Changes are the properties of the types that a response to an operation can have, without those that an
// object is known by.
func (d *Description) Changes(op Operation) []Change {
	found := map[Change]bool{}
	d.collect(op.schema, found)
	return slices.SortedFunc(maps.Keys(found), func(a, b Change) int {
		return cmp.Or(strings.Compare(a.Type, b.Type), strings.Compare(a.Property, b.Property))
	})
}

func (d *Description) collect(name string, found map[Change]bool) {
	types := slices.Collect(maps.Values(d.subtypes(name)))
	for _, name := range append(types, name) {
		for property, s := range d.properties(name) {
			c := Change{Type: name, Property: property}
			if found[c] || name == "" {
				continue
			}
			if property != "id" && property != "value" && !strings.Contains(property, "@odata.") {
				found[c] = true
			}
			if s.Items != nil {
				s = s.Items
			}
			if of := d.typeOf(s); of != "" && !d.isCollected(of, found) {
				d.collect(of, found)
			}
		}
	}
}

func (d *Description) isCollected(name string, found map[Change]bool) bool {
	for c := range found {
		if c.Type == name {
			return true
		}
	}
	return false
}

// to is the object with the change.
func (c Change) to(name string, object map[string]any) map[string]any {
	if name != c.Type || object[c.Property] == nil {
		return object
	}
	if c.Absent {
		delete(object, c.Property)
		return object
	}
	object[c.Property] = []any{[]any{7}} // neither a value, nor an object, nor a list of these
	return object
}

// maxDepth is how many objects lie in one another.
const maxDepth = 7

// object is an object of a type, or of one that is derived from it.
func (d *Description) object(name string, random *rand.Rand, c Change, depth int) map[string]any {
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
			o[property] = d.value(property, properties[property], random, c, depth-1)
		}
	}
	return c.to(name, o)
}

func (d *Description) value(property string, s *schema, random *rand.Rand, c Change, depth int) any {
	if name := d.typeOf(s); name != "" {
		return d.object(name, random, c, depth)
	}
	switch s.Type {
	case "array":
		items := make([]any, random.IntN(4))
		for i := range items {
			items[i] = d.value(property, s.Items, random, c, depth)
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
		return []string{"x", "00000000-0000-4000-8000-000000000000"}[random.IntN(2)]
	}
	return fmt.Sprintf("text %d", random.IntN(5))
}
