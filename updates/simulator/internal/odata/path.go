package odata

import (
	"fmt"
	"slices"
	"strings"
)

// path leads from an object to a value, as in state/effectiveValue. A segment with a dot is a cast:
// for objects of other types the path has no value.
type path struct {
	schema Schema
	steps  []step
	kind   string // type of the value at the end
}

type step struct {
	name string // of a property; empty for a cast
	cast string // short name of a type
	from string // declared type before the step
}

// newPath checks a path against the type at which it begins.
func (s Schema) newPath(kind string, segments []string) (path, error) {
	p := path{schema: s, kind: kind}
	for _, segment := range segments {
		if err := p.extend(segment); err != nil {
			return path{}, err
		}
	}
	if len(p.steps) == 0 || p.steps[len(p.steps)-1].cast != "" {
		return path{}, BadRequest("A path must end in a property.")
	}
	return p, nil
}

func (p *path) extend(segment string) error {
	if strings.Contains(segment, ".") {
		cast, err := p.schema.castType(segment, p.kind)
		p.steps = append(p.steps, step{cast: cast, from: p.kind})
		p.kind = cast
		return err
	}
	kind, ok := p.schema.property(p.kind, segment)
	if !ok {
		return BadRequest(fmt.Sprintf("Could not find a property named '%s' on type '%s'.", segment,
			p.schema.Namespace+p.kind))
	}
	p.steps = append(p.steps, step{name: segment, from: p.kind})
	p.kind = kind
	return nil
}

// castType checks the name of a type that derives from another.
func (s Schema) castType(name, from string) (string, error) {
	short, ok := strings.CutPrefix(name, s.Namespace)
	if _, known := s.Types[short]; !ok || !known || !s.derives(short, from) {
		return "", BadRequest(fmt.Sprintf("The type '%s' is not a type of '%s'.", name, s.Namespace+from))
	}
	return short, nil
}

// property is the first step to a property, which each path has.
func (p path) property() step {
	return p.steps[slices.IndexFunc(p.steps, func(s step) bool { return s.name != "" })]
}

// follow returns the value at the end, in the form that is compared, or nil.
func (p path) follow(value any) any {
	for _, s := range p.steps {
		o, ok := value.(Object)
		if !ok {
			return nil
		}
		if s.name != "" {
			value = o[s.name]
		} else if !p.schema.derives(p.schema.typeOf(o, s.from), s.cast) {
			return nil
		}
	}
	return asValue(value, p.kind)
}

// asValue converts a JSON value to the form that is compared.
func asValue(value any, kind string) any {
	switch v := value.(type) {
	case int:
		return float64(v)
	case string:
		if t, ok := ParseTime(v); ok && kind == timeValue {
			return t
		}
	}
	return value
}
