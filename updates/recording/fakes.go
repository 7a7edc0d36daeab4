package recording

import (
	"fmt"
	"regexp"
	"strings"
)

// The forms of fakes. Whoever writes a test may use them too: they tell nothing.
const (
	fakeGUID   = "00000000-0000-4000-8000-"
	fakeDomain = "contoso.example"
	noGUID     = "00000000-0000-0000-0000-000000000000"
)

// fakeForm finds what has the form of a fake.
var fakeForm = regexp.MustCompile(`(?i)` + fakeGUID + `[0-9a-f]{12}|\b(?:user|token|name)-[0-9]+`)

// addFakes adds what has the form of a fake in a text.
func addFakes(taken map[string]bool, text string) {
	if !strings.Contains(text, "-") {
		return
	}
	for _, fake := range fakeForm.FindAllString(text, -1) {
		taken[strings.ToLower(fake)] = true
		taken[strings.ToLower(fake)+"@"+fakeDomain] = true
	}
}

func isFakeGUID(lower string) bool { return strings.HasPrefix(lower, fakeGUID) || lower == noGUID }

// numbering gives fakes to the values of one kind, by first appearance.
type numbering struct {
	format string          // of a fake, with its number
	taken  map[string]bool // fakes that the exchanges have themselves; shared
	fakes  map[string]string
	next   int
}

func newNumbering(format string, taken map[string]bool) *numbering {
	return &numbering{format: format, taken: taken, fakes: map[string]string{}}
}

// of returns the fake of a value, and whether the value is known already.
func (n *numbering) of(value string) (fake string, known bool) {
	if fake, known := n.fakes[value]; known {
		return fake, true
	}
	for fake == "" || n.taken[fake] {
		n.next++
		fake = fmt.Sprintf(n.format, n.next)
	}
	n.fakes[value] = fake
	return fake, false
}
