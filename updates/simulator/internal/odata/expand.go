package odata

import (
	"fmt"
	"net/url"
	"strings"
)

// expansion is a related object, or a list of them, to send along.
type expansion struct {
	path  string // as it was asked for, with its cast
	inner *Query // what of it
}

func (q *Query) setExpand(value string) error {
	items, ok := splitOutside(value, ',')
	if !ok {
		return BadRequest("Invalid $expand clause.")
	}
	for _, item := range items {
		e, err := q.schema.parseExpansion(strings.TrimSpace(item), q.kind)
		if err != nil {
			return err
		}
		q.expands = append(q.expands, e)
	}
	return nil
}

// parseExpansion reads a path with the options in parentheses that may follow it.
func (s Schema) parseExpansion(item, kind string) (expansion, error) {
	name, rest, nested := strings.Cut(item, "(")
	declared, ok := s.expandable(kind, name)
	if !ok || nested && !strings.HasSuffix(rest, ")") {
		return expansion{}, BadRequest(fmt.Sprintf("The property '%s' cannot be expanded.", item))
	}
	to, err := s.newPath(kind, strings.Split(name, "/"))
	if err != nil {
		return expansion{}, err
	}
	inner, err := s.ParseQuery(nestedOptions(strings.TrimSuffix(rest, ")")), strings.TrimPrefix(to.kind, "[]"))
	if err == nil && declared.With != "" {
		inner.Expand(declared.With)
	}
	return expansion{name, inner}, err
}

// Expand adds a property that is sent along, whole. It adds nothing if the property
// cannot be expanded.
func (q *Query) Expand(property string) {
	if _, ok := q.schema.expandable(q.kind, property); !ok {
		return
	}
	kind, _ := q.schema.property(q.kind, property)
	q.expands = append(q.expands, expansion{property, q.schema.NewQuery(strings.TrimPrefix(kind, "[]"))})
}

// nestedOptions reads options that are separated by semicolons. Whoever found their end
// has checked that nothing is left open.
func nestedOptions(text string) url.Values {
	options := url.Values{}
	if text == "" {
		return options
	}
	items, _ := splitOutside(text, ';')
	for _, item := range items {
		name, value, _ := strings.Cut(strings.TrimSpace(item), "=")
		options.Add(name, value)
	}
	return options
}

// splitOutside splits at a separator where it stands outside of parentheses and
// quotes. It is not ok where one of these is left open.
func splitOutside(text string, separator byte) (parts []string, ok bool) {
	depth, begin, quoted := 0, 0, false
	for i := range len(text) {
		switch c := text[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case c == separator && depth == 0:
			parts = append(parts, text[begin:i])
			begin = i + 1
		}
	}
	return append(parts, text[begin:]), depth == 0 && !quoted
}

// expansion finds what is expanded under the name of a member of an object of a
// type.
func (q *Query) expansion(kind, member string) *Query {
	for _, e := range q.expands {
		if e.path == member || e.path == q.schema.Namespace+kind+"/"+member {
			return e.inner
		}
	}
	return nil
}

// omits tells whether a member is one that must be asked for.
func (q *Query) omits(kind, member string) bool {
	for _, e := range q.schema.Types[q.kind].Expandable {
		if e.Path == member || e.Path == q.schema.Namespace+kind+"/"+member {
			return !e.Unasked
		}
	}
	return false
}

// within returns what of the value of an expanded member was asked for.
func (q *Query) within(value any) any {
	switch v := value.(type) {
	case Object:
		return q.Shape(v)
	case []any:
		return q.among(v)
	}
	return value
}

// among keeps items as they are that are no objects, which only an added catalog
// entry can have.
func (q *Query) among(items []any) []any {
	found := q.Find(len(items), func(i int) Object {
		o, _ := items[i].(Object)
		return o
	})
	kept := []any{}
	for _, i := range q.Limit(found) {
		kept = append(kept, q.within(items[i]))
	}
	return kept
}
