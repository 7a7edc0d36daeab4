package catalog

import (
	"encoding/json"
	"fmt"

	"github.com/winupdates/winupdates-go/internal/call"
)

// answer says whether an entry matches: yes, no, or unknown because a property that decides could not be
// read. Its zero value is no.
type answer struct {
	yes    bool
	unread string // the property, after those that it lies in; empty if the answer is known
}

func known(yes bool) answer { return answer{yes: yes} }

// decidedBy is the answer that a property gives.
func decidedBy(property string, extra map[string]json.RawMessage, yes bool) answer {
	if extra[property] != nil {
		return answer{unread: property}
	}
	return known(yes)
}

// in names the property that the unread one lies in.
func (a answer) in(property string) answer {
	if a.unread != "" {
		a.unread = property + "." + a.unread
	}
	return a
}

// allOf is no if one answer is no, whatever is unknown.
func allOf(answers ...answer) answer {
	all := known(true)
	for _, a := range answers {
		switch {
		case a == known(false):
			return a
		case all.unread == "":
			all = a
		}
	}
	return all
}

// anyOf is yes if one answer is yes, whatever is unknown.
func anyOf[T any](items []T, ask func(T) answer) answer {
	var any answer
	for _, item := range items {
		switch a := ask(item); {
		case a.yes:
			return a
		case any.unread == "":
			any = a
		}
	}
	return any
}

// undecided is the error of a search that does not know whether an entry matches.
func (a answer) undecided(op string, entry Entry) error {
	err := fmt.Errorf("it is unknown whether entry %q matches: its %s could not be read", entry.Common().ID, a.unread)
	return call.Invalid(op, err)
}
