package deployments

import (
	"encoding/json"
	"maps"
	"math"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// UserExperience is how users of the devices experience an update.
type UserExperience struct {
	// OfferAsOptional is whether a feature update is optional, so that users choose
	// whether to install it. Nil leaves it to the service, which makes it required.
	OfferAsOptional *bool `json:"offerAsOptional,omitempty"`
	// DaysUntilForcedReboot is the number of days from the installation of an expedited quality update to a
	// forced restart. 0 forces the restart immediately; nil leaves the number to the service. It must not be
	// negative.
	DaysUntilForcedReboot *int `json:"daysUntilForcedReboot,omitempty"`
	// Hotpatch is whether hotpatch updates are offered; nil leaves it to the service. It
	// is for update policies that approve monthly security updates.
	Hotpatch *bool `json:"isHotpatchEnabled,omitempty"`
	// Extra has unknown properties of the user experience.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

func (*UserExperience) names() (field, property string) { return "UserExperience", "userExperience" }

func (e UserExperience) isZero() bool {
	return e.OfferAsOptional == nil && e.DaysUntilForcedReboot == nil && e.Hotpatch == nil && len(e.Extra) == 0
}

func (e UserExperience) check(field string) error {
	if days := e.DaysUntilForcedReboot; days != nil && (*days < 0 || *days > math.MaxInt32) {
		return wire.OutOfRange(field+".DaysUntilForcedReboot", *days, "must be 0 to 2147483647")
	}
	return wire.CheckExtra(field, e.Extra, map[string]bool{
		"offerAsOptional":       e.OfferAsOptional != nil,
		"daysUntilForcedReboot": e.DaysUntilForcedReboot != nil,
		"isHotpatchEnabled":     e.Hotpatch != nil,
	})
}

func (e *UserExperience) detach() {
	e.OfferAsOptional = wire.Copied(e.OfferAsOptional)
	e.DaysUntilForcedReboot = wire.Copied(e.DaysUntilForcedReboot)
	e.Hotpatch = wire.Copied(e.Hotpatch)
	e.Extra = maps.Clone(e.Extra)
}

func (e UserExperience) isAppliedTo(read UserExperience) bool {
	return len(e.Extra) == 0 && e.equals(read, false)
}

func (e UserExperience) matches(read UserExperience) bool { return e.equals(read, true) }

// equals compares the values that are set; the service fills in the others.
func (e UserExperience) equals(read UserExperience, ifUnread bool) bool {
	same := func(property string, isUnset, equal bool) bool {
		return isUnset || compared(property, equal, ifUnread, read.Extra)
	}
	return same("offerAsOptional", e.OfferAsOptional == nil, samePointee(e.OfferAsOptional, read.OfferAsOptional)) &&
		same("daysUntilForcedReboot", e.DaysUntilForcedReboot == nil,
			samePointee(e.DaysUntilForcedReboot, read.DaysUntilForcedReboot)) &&
		same("isHotpatchEnabled", e.Hotpatch == nil, samePointee(e.Hotpatch, read.Hotpatch))
}

func samePointee[T comparable](set, have *T) bool {
	return set == nil || have != nil && *set == *have
}
