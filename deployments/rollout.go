package deployments

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"reflect"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// Rollout offers an update in steps: a *[RateDriven], *[DateDriven], *[DurationDriven], or
// *[UnknownRollout]. Make one with [ByRate], [ByDate], or [ByDuration]. The service chooses
// the order of the devices, so that different hardware comes early.
type Rollout interface {
	// Common returns the fields that all rollouts have.
	Common() *RolloutBase
	rollout()
}

// RolloutBase has the fields that all rollouts have.
type RolloutBase struct {
	// BetweenOffers is the time between two steps, 1 to 30 days; 0 leaves it to the
	// service, which uses one day. A duration that is not whole days is in Extra.
	BetweenOffers Days `json:"durationBetweenOffers,omitempty"`
	// Extra has unknown properties of the rollout.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Common returns the RolloutBase itself.
func (b *RolloutBase) Common() *RolloutBase { return b }

func (b *RolloutBase) rollout() {}

// RateDriven offers the update to a fixed number of devices in each step.
type RateDriven struct {
	RolloutBase
	// DevicesPerOffer is the number of devices in each step, 1 or more.
	DevicesPerOffer int `json:"devicesPerOffer"`
}

// DateDriven offers the update in steps until a date. The service chooses the size of the
// steps so that all current devices have been offered the update by then. Devices that are
// added after the date are offered it immediately.
type DateDriven struct {
	RolloutBase
	// End is the date. It must not be zero.
	End time.Time `json:"endDateTime"`
}

// DurationDriven offers the update in steps over a number of days. The service chooses the
// size of the steps so that all current devices have been offered the update by then.
type DurationDriven struct {
	RolloutBase
	// Length is the number of days, 1 or more. If the service sent a duration that is not
	// whole days, the duration is in Extra and Length is 0.
	Length Days `json:"durationUntilDeploymentEnd"`
}

// UnknownRollout is a rollout of a kind that the SDK does not recognize. Its properties are
// in Extra, so it can be sent back unchanged.
type UnknownRollout struct {
	RolloutBase
	// Kind is the service's name of the kind, without the namespace
	// "microsoft.graph.windowsUpdates"; another namespace stays.
	Kind string `json:"type,omitempty"`
}

// ByRate offers the update to devicesPerOffer more devices every everyDays days. 0 days
// leave the interval to the service, which uses one day.
func ByRate(devicesPerOffer, everyDays int) *RateDriven {
	return &RateDriven{RolloutBase: RolloutBase{BetweenOffers: Days(everyDays)}, DevicesPerOffer: devicesPerOffer}
}

// ByDate offers the update to all current devices by end, with a step every everyDays days. 0 days leave the
// interval to the service, which uses one day. The effect of an end in the past is not documented; the
// simulator offers the update to all devices immediately.
func ByDate(end time.Time, everyDays int) *DateDriven {
	return &DateDriven{RolloutBase: RolloutBase{BetweenOffers: Days(everyDays)}, End: end}
}

// ByDuration offers the update to all current devices within lengthDays days, with a
// step every everyDays days. 0 days between steps leave the interval to the service,
// which uses one day.
func ByDuration(lengthDays, everyDays int) *DurationDriven {
	return &DurationDriven{RolloutBase: RolloutBase{BetweenOffers: Days(everyDays)}, Length: Days(lengthDays)}
}

// The service's names of the kinds, without their namespace.
const (
	rateDriven     = "rateDrivenRolloutSettings"
	dateDriven     = "dateDrivenRolloutSettings"
	durationDriven = "durationDrivenRolloutSettings"
)

// untilEnd is the service's name of [DurationDriven.Length].
const untilEnd = "durationUntilDeploymentEnd"

func checkRollout(field string, r Rollout) error {
	if wire.IsNil(r) {
		return &apierr.FieldError{Field: field, Rule: "must not be a nil pointer"}
	}
	var own error
	sent := map[string]bool{"@odata.type": true, "durationBetweenOffers": r.Common().BetweenOffers != 0}
	switch r := r.(type) {
	case *RateDriven:
		own, sent["devicesPerOffer"] = r.check(field), true
	case *DateDriven:
		own, sent["endDateTime"] = r.check(field), true
	case *DurationDriven:
		own, sent[untilEnd] = r.check(field), r.Length != 0
	case *UnknownRollout:
		own = wire.CheckUnknownKind(field+".Kind", r.Kind, rateDriven, dateDriven, durationDriven)
	default:
		return &apierr.FieldError{Field: field, Value: fmt.Sprintf("%T", r), Rule: "must be a rollout of this package"}
	}
	return errors.Join(r.Common().check(field), own, wire.CheckExtra(field, r.Common().Extra, sent))
}

func (b *RolloutBase) check(field string) error {
	if b.BetweenOffers < 0 || b.BetweenOffers > 30 {
		return wire.OutOfRange(field+".BetweenOffers", int(b.BetweenOffers), "must be 0 to 30 days")
	}
	return nil
}

func (r *RateDriven) check(field string) error {
	if r.DevicesPerOffer < 1 || r.DevicesPerOffer > math.MaxInt32 {
		return wire.OutOfRange(field+".DevicesPerOffer", r.DevicesPerOffer, "must be 1 to 2147483647")
	}
	return nil
}

func (r *DateDriven) check(field string) error {
	if r.End.IsZero() {
		return &apierr.FieldError{Field: field + ".End", Rule: "must not be zero"}
	}
	return checkTime(field+".End", r.End)
}

func (r *DurationDriven) check(field string) error {
	if _, unread := r.Extra[untilEnd]; r.Length < 1 && !unread {
		return wire.OutOfRange(field+".Length", int(r.Length), "must be 1 day or more")
	}
	return nil
}

// copyRollout keeps a caller's later changes out of settings. A rollout of a type of
// another package is kept, so that Validate can reject it.
func copyRollout(r Rollout) Rollout {
	switch r := r.(type) {
	case *RateDriven:
		return copied(r, (*RateDriven).Common)
	case *DateDriven:
		return copied(r, (*DateDriven).Common)
	case *DurationDriven:
		return copied(r, (*DurationDriven).Common)
	case *UnknownRollout:
		return copied(r, (*UnknownRollout).Common)
	}
	return r
}

func copied[T any](r *T, steps func(*T) *RolloutBase) *T {
	if r == nil {
		return nil
	}
	c := *r
	steps(&c).Extra = maps.Clone(steps(&c).Extra)
	return &c
}

func isRolloutAppliedTo(r, read Rollout) bool {
	return (wire.IsNil(r) || len(r.Common().Extra) == 0) && len(rolloutUnread(read)) == 0 &&
		reflect.DeepEqual(known(r), known(read))
}

// rolloutMatches does not compare unknown kinds, and rollouts that could not be read.
func rolloutMatches(r, read Rollout) bool {
	return isUnknown(r) || isUnknown(read) || reflect.DeepEqual(known(r), known(read))
}

// known is the part of a rollout that can be compared, with the interval that the service
// fills in.
func known(r Rollout) Rollout {
	if wire.IsNil(r) {
		return nil
	}
	r = copyRollout(r)
	steps := r.Common()
	steps.BetweenOffers, steps.Extra = cmp.Or(steps.BetweenOffers, 1), nil
	if d, ok := r.(*DateDriven); ok {
		d.End = second(d.End)
	}
	return r
}

// isUnknown reports whether a rollout cannot be compared.
func isUnknown(r Rollout) bool {
	_, ok := r.(*UnknownRollout)
	return ok || len(rolloutUnread(r)) > 0
}
