package odata

import (
	"fmt"
)

// maxDepth is how deeply a filter may nest.
const maxDepth = 64

// predicate decides on a row of values by the names of variables. The filtered object has the empty
// name.
type predicate func(row) bool

type row map[string]any

// operand is a value in a comparison.
type operand struct {
	kind  string
	value func(row) any
}

// parseFilter reads a $filter over objects of a type. It rejects what doc.go does not list.
func (s Schema) parseFilter(text, kind string) (predicate, error) {
	tokens, err := scan(text)
	if err != nil {
		return nil, err
	}
	p := &filterParser{schema: s, tokens: tokens, types: map[string]string{"": kind}}
	found := p.expression()
	if p.err == nil && p.peek().kind != endToken {
		p.unexpected()
	}
	return found, p.err
}

// filterParser goes through the tokens once. After an error it returns nil
// predicates, and its tokens are at their end.
type filterParser struct {
	schema Schema
	tokens []token
	types  map[string]string // of the variables
	depth  int
	err    error
}

func (p *filterParser) peek() token { return p.tokens[0] }

func (p *filterParser) next() token {
	t := p.tokens[0]
	if t.kind != endToken {
		p.tokens = p.tokens[1:]
	}
	return t
}

// accept takes a token if it is the given mark or word.
func (p *filterParser) accept(text string) bool {
	t := p.peek()
	if t.text != text || t.kind != markToken && t.kind != wordToken {
		return false
	}
	p.next()
	return true
}

func (p *filterParser) expect(text string) {
	if !p.accept(text) {
		p.unexpected()
	}
}

func (p *filterParser) unexpected() {
	p.fail(fmt.Sprintf("Syntax error at position %d.", p.peek().position))
}

func (p *filterParser) fail(message string) {
	if p.err == nil {
		p.err = BadRequest("Invalid filter clause: " + message)
	}
	p.tokens = []token{{kind: endToken}}
}

func (p *filterParser) expression() predicate {
	if p.depth++; p.depth > maxDepth {
		p.fail("It is nested too deeply.")
	}
	defer func() { p.depth-- }()
	left := p.conjunction()
	for p.accept("or") {
		left = either(left, p.conjunction())
	}
	return left
}

func (p *filterParser) conjunction() predicate {
	left := p.negation()
	for p.accept("and") {
		left = both(left, p.negation())
	}
	return left
}

func either(a, b predicate) predicate { return func(r row) bool { return a(r) || b(r) } }

func both(a, b predicate) predicate { return func(r row) bool { return a(r) && b(r) } }

func (p *filterParser) negation() predicate {
	negative := false
	for p.accept("not") {
		negative = !negative
	}
	inner := p.primary()
	if negative {
		return func(r row) bool { return !inner(r) }
	}
	return inner
}

func (p *filterParser) primary() predicate {
	if p.accept("(") {
		inner := p.expression()
		p.expect(")")
		return inner
	}
	if len(p.tokens) > 1 && p.peek().kind == wordToken && p.tokens[1].text == "(" && p.tokens[1].kind == markToken {
		return p.function()
	}
	return p.comparison()
}
