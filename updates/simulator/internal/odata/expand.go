package odata

import (
	"fmt"
	"net/url"
	"strings"
)

// expansion is a related object, or a list of them, that is sent along.
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

// Expand adds a whole property to the expansions, if it can be expanded.
func (q *Query) Expand(property string) {
	if _, ok := q.schema.expandable(q.kind, property); !ok {
		return
	}
	kind, _ := q.schema.property(q.kind, property)
	q.expands = append(q.expands, expansion{property, q.schema.NewQuery(strings.TrimPrefix(kind, "[]"))})
}

// nestedOptions reads options separated by semicolons. The caller has checked that all quotes and
// parentheses are closed.
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

// splitOutside splits at a separator outside parentheses and quotes. ok is false if one of these is
// not closed.
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

// expansion returns the expansion of a property of an object of a type.
func (q *Query) expansion(kind, member string) *Query {
	for _, e := range q.expands {
		if e.path == member || e.path == q.schema.Namespace+kind+"/"+member {
			return e.inner
		}
	}
	return nil
}

// omits reports whether a property is sent only on request.
func (q *Query) omits(kind, member string) bool {
	for _, e := range q.schema.Types[q.kind].Expandable {
		if e.Path == member || e.Path == q.schema.Namespace+kind+"/"+member {
			return !e.Unasked && !(e.Brief && q.InList)
		}
	}
	return false
}

// within returns the requested part of an expanded value.
func (q *Query) within(value any) any {
	switch v := value.(type) {
	case Object:
		return q.Shape(v)
	case []any:
		return q.among(v)
	}
	return value
}

// among does not change items that are not objects; only entries added by a test can have them.
func (q *Query) among(items []any) []any {
	q.InList = true
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
