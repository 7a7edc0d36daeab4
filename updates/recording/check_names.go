package recording

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/txtar"
)

// namedSecret is what a value is that stands under the name of a secret.
const namedSecret = "a password, key or token by its name"

// Patterns for names that end like those of secrets, with their values: in JSON, forms,
// connection strings and XML; and at the start of a line, as in a header.
var (
	endingPattern = sync.OnceValue(func() string {
		return `(?:` + strings.Join(secretRules().endings, "|") + `)s?`
	})
	namePattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)` + endingPattern() + `$`)
	})
	pairPattern = sync.OnceValue(func() *regexp.Regexp {
		const value = `([^=\s"',;&<>}\]\\][^\s"',;&<>}\]\\]*)`
		return regexp.MustCompile(`(?i)` + endingPattern() +
			`(?:\\?["'\]]*\s*=\s*["']?|\\?["']\s*:[\s\["'\\{]*)` + value +
			`|<[\w.:-]*` + endingPattern() + `>\s*([^<\s]+)`)
	})
	headerPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)^\s*[\w.-]*` + endingPattern() + `:\s+(?:[a-z]+\s+)?([^\s"',;]+)`)
	})
)

// nameForm is how names look: they have no spaces.
var nameForm = regexp.MustCompile(`^[\w.$-]{2,64}$`)

func isSecretName(name string) bool {
	return nameForm.MatchString(name) && namePattern().MatchString(name)
}

// leastPIN is the smallest number of digits of a number that is a password.
const leastPIN = 4

// isHarmlessValue is whether a value may stand under the name of a secret.
func (c *secretCheck) isHarmlessValue(value string) bool {
	switch value {
	case "", "true", "false", "null", "{", "[":
		return true
	}
	return isFake(value) || isPlainFake(value) || isNumber(value) && countDigits(value) < leastPIN ||
		known().isConstant(value) || slices.Contains(c.names, value)
}

// hasNamedSecret is whether a text has pairs of such a name and a value.
func (c *secretCheck) hasNamedSecret(text, lower string) bool {
	found := false
	for _, ending := range secretRules().endings {
		eachNear(text, lower, ending, func(near string) { found = found || c.hasPair(near) })
	}
	return found || c.inJSON([]byte(text)) != nil
}

func (c *secretCheck) hasPair(text string) bool {
	for _, match := range pairPattern().FindAllStringSubmatch(text, -1) {
		if !c.isHarmlessValue(match[1] + match[2]) {
			return true
		}
	}
	match := headerPattern().FindStringSubmatch(text)
	return match != nil && !c.isHarmlessValue(match[1])
}

// inMessages looks at the bodies of the messages of a file.
func (c *secretCheck) inMessages(text []byte) []error {
	var errs []error
	archive := txtar.Parse(text)
	line := 1 + bytes.Count(archive.Comment, []byte("\n"))
	for _, member := range archive.Files {
		head, body, _ := bytes.Cut(member.Data, []byte("\n\n"))
		first := line + 3 + bytes.Count(head, []byte("\n"))
		for _, at := range c.inJSON(body) {
			number := first + bytes.Count(body[:at], []byte("\n"))
			errs = append(errs, fmt.Errorf("line %d (%s) has %s", number, member.Name, namedSecret))
		}
		line += 1 + bytes.Count(member.Data, []byte("\n"))
	}
	return errs
}

// inJSON returns where JSON has values under the names of secrets: those of a member
// and all below it, and those of objects and arrays that have such a name as a value,
// as in {"name": "Authorization", "value": "…"}.
func (c *secretCheck) inJSON(text []byte) []int {
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return nil
	}
	w := &nameWalk{check: c, tokens: json.NewDecoder(bytes.NewReader(text))}
	w.tokens.UseNumber()
	for w.tokens.More() && w.err == nil {
		w.value(false)
	}
	if w.err != nil {
		return nil
	}
	slices.Sort(w.found)
	return slices.Compact(w.found)
}

// nameWalk reads JSON by its tokens, which have places.
type nameWalk struct {
	check  *secretCheck
	tokens *json.Decoder
	depth  int
	found  []int
	err    error
}

// deepestWalk bounds how deep JSON is read; deeper values are not.
const deepestWalk = 10_000

var errTooDeep = errors.New("too deep")

// scalar is a text or number and its place.
type scalar struct {
	text string
	at   int
}

// value reads a value, and returns it where it is a text or number. Below the name of a
// secret all of them are found.
func (w *nameWalk) value(secret bool) *scalar {
	token := w.next()
	switch token := token.(type) {
	case json.Delim:
		w.inside(token, secret)
		return nil
	case string:
		return w.scalar(token, secret)
	case json.Number:
		return w.scalar(token.String(), secret)
	}
	return nil
}

func (w *nameWalk) next() json.Token {
	token, err := w.tokens.Token()
	if err != nil {
		w.err = err
	}
	return token
}

func (w *nameWalk) scalar(text string, secret bool) *scalar {
	s := &scalar{text, int(w.tokens.InputOffset()) - 1}
	if secret && !w.check.isHarmlessValue(text) {
		w.found = append(w.found, s.at)
	}
	return s
}

// inside reads the members of an object, or the items of an array.
func (w *nameWalk) inside(open json.Delim, secret bool) {
	if w.depth++; w.depth > deepestWalk {
		w.err = errTooDeep
	}
	defer func() { w.depth-- }()
	var scalars []*scalar
	for w.err == nil && w.tokens.More() {
		below := secret
		if open == '{' {
			name, _ := w.next().(string)
			below = below || isSecretName(name)
		}
		if s := w.value(below); s != nil {
			scalars = append(scalars, s)
		}
	}
	w.next() // the end
	named := func(s *scalar) bool { return isSecretName(s.text) && !w.check.isHarmlessValue(s.text) }
	if !slices.ContainsFunc(scalars, named) {
		return
	}
	for _, s := range scalars {
		if !isSecretName(s.text) && !w.check.isHarmlessValue(s.text) {
			w.found = append(w.found, s.at)
		}
	}
}
