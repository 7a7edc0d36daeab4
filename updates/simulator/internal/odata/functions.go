package odata

import (
	"fmt"
	"strings"
)

func (p *filterParser) function() predicate {
	name := p.next().text
	p.expect("(")
	if name == "isof" {
		return p.isOf()
	}
	match, ok := textFunction(name)
	if !ok {
		p.fail(fmt.Sprintf("The function '%s' is not supported.", name))
		return nil
	}
	a := p.operand()
	p.expect(",")
	b := p.operand()
	p.expect(")")
	p.need(textValue, a, b)
	return func(r row) bool {
		text, ok := a.value(r).(string)
		part, ok2 := b.value(r).(string)
		return ok && ok2 && match(text, part)
	}
}

func textFunction(name string) (func(text, part string) bool, bool) {
	switch name {
	case "contains":
		return strings.Contains, true
	case "startswith":
		return strings.HasPrefix, true
	case "endswith":
		return strings.HasSuffix, true
	}
	return nil, false
}

// isOf reads what follows isof(.
func (p *filterParser) isOf() predicate {
	t := p.next()
	p.expect(")")
	if t.kind != textToken {
		p.fail("isof needs the name of a type in quotes.")
		return nil
	}
	kind := p.types[""]
	want, err := p.schema.castType(t.text, kind)
	if err != nil {
		p.fail(err.Error())
	}
	return func(r row) bool {
		o, ok := r[""].(Object)
		return ok && p.schema.derives(p.schema.typeOf(o, kind), want)
	}
}
