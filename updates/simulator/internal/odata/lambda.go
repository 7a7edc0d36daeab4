package odata

import (
	"maps"
	"strings"
)

// pathOrAny reads a path, or a path and the condition any() on its list.
func (p *filterParser) pathOrAny() (operand, predicate) {
	variable := p.variable()
	var segments []string
	for more := true; more; more = p.accept("/") {
		if t := p.peek(); t.kind != wordToken {
			p.unexpected()
			return operand{}, nil
		}
		name := p.next().text
		if name == "any" && p.accept("(") {
			return operand{}, p.any(variable, segments)
		}
		segments = append(segments, name)
	}
	found, err := p.schema.newPath(p.types[variable], segments)
	if err != nil {
		p.fail(err.Error())
	}
	return operand{found.kind, func(r row) any { return found.follow(r[variable]) }}, nil
}

// variable reads the name of a variable and the slash after it, or nothing.
func (p *filterParser) variable() string {
	name := p.peek().text
	if _, ok := p.types[name]; !ok || name == "" {
		return ""
	}
	p.next()
	p.expect("/")
	return name
}

// any reads what follows any(.
func (p *filterParser) any(variable string, segments []string) predicate {
	list, err := p.schema.newPath(p.types[variable], segments)
	item, ok := strings.CutPrefix(list.kind, "[]")
	if err != nil || !ok {
		p.fail("any is for lists.")
		return nil
	}
	name := p.peek().text
	if _, taken := p.types[name]; taken || p.peek().kind != wordToken {
		p.unexpected()
		return nil
	}
	p.next()
	p.expect(":")
	p.types[name] = item
	inner := p.expression()
	delete(p.types, name)
	p.expect(")")
	return func(r row) bool { return anyOf(list.follow(r[variable]), r, name, inner) }
}

func anyOf(list any, r row, name string, inner predicate) bool {
	items, _ := list.([]any)
	for _, item := range items {
		with := maps.Clone(r)
		with[name] = item
		if inner(with) {
			return true
		}
	}
	return false
}
