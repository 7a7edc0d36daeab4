package recording

import (
	"fmt"
	"slices"
	"strings"
)

// finder looks for many values in a text at once.
type finder struct {
	byStart map[string][]string // values by how they start
	what    map[string]string   // of each value, for errors
	starts  [1 << 16]bool       // the first two bytes of a value
}

// leastFound is the smallest length of a value that is looked for: shorter ones are found
// everywhere.
const leastFound = 6

func newFinder() *finder { return &finder{byStart: map[string][]string{}, what: map[string]string{}} }

// add adds a value, in any case, and a GUID without its dashes too.
func (f *finder) add(value, what string) {
	value = strings.ToLower(value)
	if len(value) < leastFound || f.what[value] != "" {
		return
	}
	f.what[value] = what
	start := value[:leastFound]
	f.byStart[start] = append(f.byStart[start], value)
	f.starts[int(value[0])<<8|int(value[1])] = true
	if isGUID(value) {
		f.add(strings.ReplaceAll(value, "-", ""), what)
	}
}

// in names the values that a text has.
func (f *finder) in(text string) []string {
	if f == nil || len(f.what) == 0 {
		return nil
	}
	text = strings.ToLower(text)
	var found []string
	for i := 0; i+leastFound <= len(text); i++ {
		if !f.starts[int(text[i])<<8|int(text[i+1])] {
			continue
		}
		for _, value := range f.byStart[text[i:i+leastFound]] {
			if strings.HasPrefix(text[i:], value) && !isPartOfNumber(text, i, value) {
				found = append(found, f.what[value])
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// overLines finds the values that go over several lines.
func (f *finder) overLines(text string) []error {
	if f == nil {
		return nil
	}
	var errs []error
	lower := strings.ToLower(text)
	for value, what := range f.what {
		if at := strings.Index(lower, value); at >= 0 && strings.Contains(value, "\n") {
			errs = append(errs, fmt.Errorf("line %d has %s", 1+strings.Count(lower[:at], "\n"), what))
		}
	}
	return errs
}

// isPartOfNumber is whether a number was found within a longer one.
func isPartOfNumber(text string, at int, value string) bool {
	if !digits.MatchString(value) {
		return false
	}
	end := at + len(value)
	return at > 0 && isDigit(text[at-1]) || end < len(text) && isDigit(text[end])
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }
