package recording

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// secretPrefix begins the environment variables that have the values of secrets.
const secretPrefix = "UPDATES_SECRET_"

// leastSecret is the smallest length of a secret in bytes: shorter ones would be
// found everywhere.
const leastSecret = 6

var secretName = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// secrets are the values that must not be in a recording.
type secrets struct {
	getenv func(string) string

	mu     sync.Mutex
	values map[string]string // by name
	errs   []error
}

func newSecrets(getenv func(string) string) *secrets {
	return &secrets{getenv: getenv, values: map[string]string{}}
}

// value returns the value behind a name, or the name and keeps what is wrong.
func (s *secrets) value(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if value, known := s.values[name]; known {
		return value
	}
	variable := secretPrefix + strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	value := strings.TrimSpace(s.getenv(variable))
	if err := s.check(name, variable, value); err != nil {
		s.errs = append(s.errs, err)
		return name
	}
	s.values[name] = value
	return value
}

func (s *secrets) check(name, variable, value string) error {
	switch {
	case !secretName.MatchString(name):
		return fmt.Errorf("recording: Secret(%q): a name has lower-case letters, digits and single - between them", name)
	case value == "":
		return fmt.Errorf("recording: Secret(%q): set the environment variable %s to the value in your tenant",
			name, variable)
	case len(value) < leastSecret || !utf8.ValidString(value):
		return fmt.Errorf("recording: Secret(%q): the value in %s must be text of at least %d characters", name,
			variable, leastSecret)
	}
	for other, taken := range s.values {
		if strings.EqualFold(taken, value) {
			return fmt.Errorf("recording: Secret(%q): it has the value of Secret(%q)", name, other)
		}
	}
	return nil
}

// err is what is wrong with the secrets that were asked for.
func (s *secrets) err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.errs...)
}

// known returns names by value in lower case, and a pattern that finds the values,
// longer ones first; nil where there are none.
func (s *secrets) known() (map[string]string, *regexp.Regexp) {
	s.mu.Lock()
	defer s.mu.Unlock()
	names := make(map[string]string, len(s.values))
	for name, value := range s.values {
		names[strings.ToLower(value)] = name
	}
	if len(names) == 0 {
		return names, nil
	}
	values := slices.SortedFunc(maps.Keys(names), func(a, b string) int {
		return cmp.Or(len(b)-len(a), strings.Compare(a, b))
	})
	for i, value := range values {
		values[i] = regexp.QuoteMeta(value)
	}
	return names, regexp.MustCompile(`(?i)` + strings.Join(values, "|"))
}
