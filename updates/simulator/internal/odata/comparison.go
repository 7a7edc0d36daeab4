package odata

import (
	"fmt"
	"strings"
)

// comparison reads a comparison, membership in a list, a Boolean property, or a condition on the items
// of a list.
func (p *filterParser) comparison() predicate {
	if p.peek().kind == wordToken && !isLiteral(p.peek().text) {
		left, found := p.pathOrAny()
		if found != nil || p.err != nil {
			return found
		}
		return p.compare(left)
	}
	return p.compare(p.operand())
}

func (p *filterParser) compare(left operand) predicate {
	if p.accept("in") {
		return p.oneOf(left)
	}
	test, ordered, ok := relation(p.peek().text)
	if !ok || p.peek().kind != wordToken {
		p.need(flagValue, left)
		return func(r row) bool { return left.value(r) == true }
	}
	p.next()
	right := p.operand()
	left, right = folded(left, right)
	p.comparableWith(left, right, ordered)
	return func(r row) bool { return test(left.value(r), right.value(r)) }
}

func (p *filterParser) oneOf(left operand) predicate {
	var options []operand
	p.expect("(")
	for more := true; more && p.err == nil; more = p.accept(",") {
		same, option := folded(left, p.literal())
		p.comparableWith(same, option, false)
		options = append(options, option)
	}
	p.expect(")")
	left, _ = folded(left, left)
	return func(r row) bool {
		value := left.value(r)
		for _, option := range options {
			if equal(value, option.value(r)) {
				return true
			}
		}
		return false
	}
}

// folded turns both operands into texts in lower case if one of them is a word.
func folded(a, b operand) (operand, operand) {
	if a.kind != wordValue && b.kind != wordValue {
		return a, b
	}
	return a.lower(), b.lower()
}

// lower leaves operands alone that are neither words nor texts.
func (o operand) lower() operand {
	if o.kind != wordValue && o.kind != textValue {
		return o
	}
	return operand{textValue, func(r row) any {
		if text, ok := o.value(r).(string); ok {
			return strings.ToLower(text)
		}
		return o.value(r)
	}}
}

// need rejects operands of another type.
func (p *filterParser) need(kind string, operands ...operand) {
	for _, o := range operands {
		if p.err == nil && o.kind != kind {
			p.fail(fmt.Sprintf("A value of type %s is needed, not %s.", kind, o.kind))
		}
	}
}

// comparableWith rejects operands that cannot be compared.
func (p *filterParser) comparableWith(a, b operand, ordered bool) {
	if p.err != nil {
		return
	}
	same := a.kind == b.kind && isValue(a.kind) && !(ordered && a.kind == flagValue)
	withNull := a.kind == nullValue || b.kind == nullValue
	if !same && !withNull {
		p.fail(fmt.Sprintf("Values of types %s and %s cannot be compared.", a.kind, b.kind))
	}
}

func isValue(kind string) bool {
	switch kind {
	case textValue, flagValue, numberValue, timeValue, wordValue, nullValue:
		return true
	}
	return false
}

func (p *filterParser) operand() operand {
	if p.peek().kind != wordToken || isLiteral(p.peek().text) {
		return p.literal()
	}
	o, found := p.pathOrAny()
	if found != nil {
		p.fail("A condition on a list cannot be compared.")
	}
	return o
}

func isLiteral(word string) bool { return word == "true" || word == "false" || word == "null" }

func (p *filterParser) literal() operand {
	if p.err != nil {
		return operand{}
	}
	kind, value, ok := p.peek().literal()
	if !ok {
		p.unexpected()
		return operand{}
	}
	p.next()
	return operand{kind, func(row) any { return value }}
}
