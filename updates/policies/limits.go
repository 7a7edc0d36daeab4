package policies

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/idset"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// The documented limits.
const (
	longestName        = 200
	longestDescription = 1500
	longestDeferral    = 30 // of quality updates
)

// unlimited is the largest number that can be sent, for days without a documented limit.
const unlimited = math.MaxInt32

// zeroGUID is the ID of no group.
const zeroGUID = "00000000-0000-0000-0000-000000000000"

// validate validates what a caller passes, and rejects nil.
func validate(field string, input interface{ Validate() error }) error {
	if wire.IsNil(input) {
		return &apierr.FieldError{Field: field, Rule: "must not be nil"}
	}
	return input.Validate()
}

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

func checkDays(field string, days, longest int) error {
	if days < 0 || days > longest {
		return wire.OutOfRange(field, days, fmt.Sprintf("must be 0 to %d days", longest))
	}
	return nil
}

func checkOptionalDays(field string, days *int) error {
	if days == nil {
		return nil
	}
	return checkDays(field, *days, unlimited)
}

// groupIDRule says what a group ID is, and how to find that of a group by its name.
const groupIDRule = "must be the ID of a Microsoft Entra group, a GUID with hyphens and not its name, " +
	"for which GET /groups?$filter=displayName eq 'NAME' of Microsoft Graph returns the id"

func checkGroupIDs(field string, ids []string) error {
	errs := make([]error, len(ids))
	for i, id := range ids {
		errs[i] = checkGroupID(fmt.Sprintf("%s[%d]", field, i), id)
	}
	return errors.Join(errs...)
}

func checkGroupID(field, id string) error {
	if strings.TrimSpace(id) == "" {
		return call.CheckID(field, id)
	}
	if idset.IsGUID(id) && id != zeroGUID {
		return nil
	}
	return &apierr.FieldError{Field: field, Value: `"` + id + `"`, Rule: groupIDRule}
}
