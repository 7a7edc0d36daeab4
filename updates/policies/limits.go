package policies

import (
	"cmp"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// The documented limits.
const (
	longestName        = 200
	longestDescription = 1500
	longestDeferral    = 30
)

func checkDisplayName(name string) error {
	return cmp.Or(wire.CheckNamed("DisplayName", name), checkLength("DisplayName", name, longestName))
}

func checkDescription(text string) error {
	return checkLength("Description", text, longestDescription)
}

func checkLength(field, text string, longest int) error {
	if n := utf8.RuneCountInString(text); n > longest {
		rule := fmt.Sprintf("must have at most %d characters", longest)
		return wire.OutOfRange(field, n, rule)
	}
	return nil
}

func checkDeferral(field string, days int) error {
	if days < 0 || days > longestDeferral {
		return wire.OutOfRange(field, days, "must be 0 to 30 days")
	}
	return nil
}

func checkGroupIDs(field string, ids []string) error {
	errs := make([]error, len(ids))
	for i, id := range ids {
		errs[i] = call.CheckID(fmt.Sprintf("%s[%d]", field, i), id)
	}
	return errors.Join(errs...)
}
