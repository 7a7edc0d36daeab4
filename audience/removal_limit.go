package audience

import (
	"math"
	"strconv"

	"github.com/winupdates/winupdates-go/updates/apierr"
)

// RemovalLimit is the largest number of devices that [Client.Sync] and [Client.Apply]
// remove: [RemoveNone], [RemoveAll], or the result of [RemoveUpTo].
type RemovalLimit interface {
	// of returns the limit for an audience with this number of members.
	of(members int) int
}

type removalRule string

// The limits that do not depend on a number.
const (
	// RemoveNone only adds: Sync leaves members that are not in the list alone, and an
	// empty list changes nothing. A plan with removals is not applied.
	RemoveNone removalRule = "none"
	// RemoveAll allows every removal. It also allows an empty list, which removes all
	// devices.
	RemoveAll removalRule = "all"
)

func (r removalRule) of(int) int {
	if r == RemoveAll {
		return math.MaxInt
	}
	return 0
}

type removeUpTo int

// RemoveUpTo allows n removals; a list that requires more is an error. A negative n is
// invalid.
func RemoveUpTo(n int) RemovalLimit { return removeUpTo(n) }

func (n removeUpTo) of(int) int { return int(n) }

// defaultLimit is a tenth of the members, or 10, but at most half of them, rounded up.
type defaultLimit struct{}

func (defaultLimit) of(members int) int { return min(max(10, members/10), (members+1)/2) }

func (o *SyncOptions) removesNone() bool { return o != nil && o.RemovalLimit == RemoveNone }

func (o *SyncOptions) checkRemovals() error {
	if n, ok := o.RemovalLimit.(removeUpTo); ok && n < 0 {
		value := strconv.Itoa(int(n))
		return &apierr.FieldError{Field: "SyncOptions.RemovalLimit", Value: value, Rule: "must not be negative"}
	}
	if o.removesNone() && len(o.RemoveGroups) > 0 {
		return &apierr.FieldError{Field: "SyncOptions.RemoveGroups", Rule: "must be empty with RemoveNone"}
	}
	return nil
}
