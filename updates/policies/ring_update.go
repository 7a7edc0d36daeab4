package policies

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// RingUpdate is a change of a ring: a [QualityRingUpdate], [FeatureRingUpdate], or
// [DriverRingUpdate], for the kind of the ring. Fields that are not set are not changed.
type RingUpdate interface {
	// Validate reports values that the service would reject, without a request. The error is
	// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
	// changes nothing is invalid.
	Validate() error
	isAppliedTo(Ring) bool
	sentRingUpdate
}

// ringChange is what the updates of all kinds of rings have.
type ringChange struct {
	displayName, description odata.Change[string]
	included, excluded       odata.Change[[]string]
	deferralDays             odata.Change[int]
	paused                   odata.Change[bool]
	extra                    map[string]json.RawMessage
}

// QualityRingUpdate is a change of a ring for quality updates. Fields that are not set are
// not changed.
type QualityRingUpdate struct {
	// DisplayName replaces the display name, 1 to 200 characters. It cannot be null.
	DisplayName odata.Change[string] `json:"displayName,omitzero"`
	// Description replaces the description, at most 1,500 characters. It cannot be null.
	Description odata.Change[string] `json:"description,omitzero"`
	// Included replaces all included groups by those with these IDs; an empty list
	// removes them. It cannot be null.
	Included odata.Change[[]string] `json:"includedGroupIds,omitzero"`
	// Excluded replaces all excluded groups in the same way.
	Excluded odata.Change[[]string] `json:"excludedGroupIds,omitzero"`
	// DeferralDays replaces the deferral, 0 to 30 days; null removes it.
	DeferralDays odata.Change[int] `json:"deferralInDays,omitzero"`
	// Paused pauses or resumes the ring. It cannot be null.
	Paused odata.Change[bool] `json:"isPaused,omitzero"`
	// Hotpatch turns hotpatches on or off. It cannot be null.
	Hotpatch odata.Change[bool] `json:"isHotpatchEnabled,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// FeatureRingUpdate is a change of a ring for feature updates. Fields that are not set are
// not changed.
type FeatureRingUpdate struct {
	// DisplayName replaces the display name, 1 to 200 characters. It cannot be null.
	DisplayName odata.Change[string] `json:"displayName,omitzero"`
	// Description replaces the description, at most 1,500 characters. It cannot be null.
	Description odata.Change[string] `json:"description,omitzero"`
	// Included replaces all included groups by those with these IDs; an empty list
	// removes them. It cannot be null.
	Included odata.Change[[]string] `json:"includedGroupIds,omitzero"`
	// Excluded replaces all excluded groups in the same way.
	Excluded odata.Change[[]string] `json:"excludedGroupIds,omitzero"`
	// DeferralDays replaces the deferral, 0 days or more; null removes it.
	DeferralDays odata.Change[int] `json:"deferralInDays,omitzero"`
	// Paused pauses or resumes the ring. It cannot be null.
	Paused odata.Change[bool] `json:"isPaused,omitzero"`
	// OfferIntervalDays replaces the number of days after which another part of the devices
	// is offered the update, 0 or more; null removes it. That it can be null is inferred.
	OfferIntervalDays odata.Change[int] `json:"offerIntervalInDays,omitzero"`
	// OfferDurationDays replaces the number of days in which all devices are offered the
	// update, 0 or more; null removes it. That it can be null is inferred.
	OfferDurationDays odata.Change[int] `json:"offerDurationInDays,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// DriverRingUpdate is a change of a ring for drivers. Fields that are not set are not
// changed.
type DriverRingUpdate struct {
	// DisplayName replaces the display name, 1 to 200 characters. It cannot be null.
	DisplayName odata.Change[string] `json:"displayName,omitzero"`
	// Description replaces the description, at most 1,500 characters. It cannot be null.
	Description odata.Change[string] `json:"description,omitzero"`
	// Included replaces all included groups by those with these IDs; an empty list
	// removes them. It cannot be null.
	Included odata.Change[[]string] `json:"includedGroupIds,omitzero"`
	// Excluded replaces all excluded groups in the same way.
	Excluded odata.Change[[]string] `json:"excludedGroupIds,omitzero"`
	// DeferralDays replaces the deferral, 0 days or more; null removes it.
	DeferralDays odata.Change[int] `json:"deferralInDays,omitzero"`
	// Paused pauses or resumes the ring. It cannot be null.
	Paused odata.Change[bool] `json:"isPaused,omitzero"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// unknownRingUpdate is a change of what rings of all kinds have. It sends the kind back.
type unknownRingUpdate struct {
	ringChange
	kind string
}

func (u QualityRingUpdate) common() ringChange {
	return ringChange{u.DisplayName, u.Description, u.Included, u.Excluded, u.DeferralDays, u.Paused, u.Extra}
}

func (u FeatureRingUpdate) common() ringChange {
	return ringChange{u.DisplayName, u.Description, u.Included, u.Excluded, u.DeferralDays, u.Paused, u.Extra}
}

func (u DriverRingUpdate) common() ringChange {
	return ringChange{u.DisplayName, u.Description, u.Included, u.Excluded, u.DeferralDays, u.Paused, u.Extra}
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
// changes nothing is invalid.
func (u QualityRingUpdate) Validate() error {
	own := map[string]bool{hotpatch: !u.Hotpatch.IsUnset()}
	return errors.Join(
		wire.CheckSet("Hotpatch", u.Hotpatch, func(bool) error { return nil }),
		u.common().check("QualityRingUpdate", longestDeferral, own),
	)
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
// changes nothing is invalid.
func (u FeatureRingUpdate) Validate() error {
	own := map[string]bool{
		offerInterval: !u.OfferIntervalDays.IsUnset(), offerDuration: !u.OfferDurationDays.IsUnset(),
	}
	return errors.Join(
		checkOfferDays("OfferIntervalDays", u.OfferIntervalDays),
		checkOfferDays("OfferDurationDays", u.OfferDurationDays),
		u.common().check("FeatureRingUpdate", unlimited, own),
	)
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
// changes nothing is invalid.
func (u DriverRingUpdate) Validate() error {
	return u.common().check("DriverRingUpdate", unlimited, nil)
}

func (u unknownRingUpdate) Validate() error { return u.check("update", unlimited, nil) }

func checkOfferDays(field string, c odata.Change[int]) error {
	days, _ := c.Value()
	return checkDays(field, days, unlimited)
}

// pausing returns the change that pauses or resumes a ring, and sends its kind back.
func pausing(ring Ring, paused bool) RingUpdate {
	change := odata.Set(paused)
	switch r := ring.(type) {
	case *QualityUpdateRing:
		return QualityRingUpdate{Paused: change}
	case *FeatureUpdateRing:
		return FeatureRingUpdate{Paused: change}
	case *DriverUpdateRing:
		return DriverRingUpdate{Paused: change}
	case *UnknownRing:
		return unknownRingUpdate{ringChange{paused: change}, r.Kind}
	}
	return unknownRingUpdate{ringChange: ringChange{paused: change}}
}

// check checks the fields of all kinds. own are the properties that only this kind sends.
func (u ringChange) check(typeName string, longest int, own map[string]bool) error {
	sent := u.sent()
	maps.Copy(sent, own)
	maps.DeleteFunc(sent, func(_ string, is bool) bool { return !is })
	if len(sent) == 0 && len(u.extra) == 0 {
		return &apierr.FieldError{Field: typeName, Rule: "must change something"}
	}
	sent["@odata.type"] = true
	days, _ := u.deferralDays.Value()
	return errors.Join(
		wire.CheckSet("DisplayName", u.displayName, checkDisplayName),
		wire.CheckSet("Description", u.description, checkDescription),
		wire.CheckSet("Included", u.included, func(ids []string) error { return checkGroupIDs("Included", ids) }),
		wire.CheckSet("Excluded", u.excluded, func(ids []string) error { return checkGroupIDs("Excluded", ids) }),
		checkDays("DeferralDays", days, longest),
		wire.CheckSet("Paused", u.paused, func(bool) error { return nil }),
		wire.CheckExtra(typeName, u.extra, sent),
	)
}

// sent has the properties of all kinds that the fields send.
func (u ringChange) sent() map[string]bool {
	return map[string]bool{
		"displayName": !u.displayName.IsUnset(), "description": !u.description.IsUnset(),
		includedGroups: !u.included.IsUnset(), excludedGroups: !u.excluded.IsUnset(),
		"deferralInDays": !u.deferralDays.IsUnset(), "isPaused": !u.paused.IsUnset(),
	}
}

func (u QualityRingUpdate) isAppliedTo(ring Ring) bool {
	switch r := ring.(type) {
	case *QualityUpdateRing:
		return u.common().isAppliedTo(ring) && holdsValue(u.Hotpatch, r.Hotpatch)
	case *UnknownRing:
		return u.common().isAppliedTo(ring) && u.Hotpatch.IsUnset()
	}
	return false
}

func (u FeatureRingUpdate) isAppliedTo(ring Ring) bool {
	switch r := ring.(type) {
	case *FeatureUpdateRing:
		return u.common().isAppliedTo(ring) &&
			holdsOptional(u.OfferIntervalDays, r.OfferIntervalDays, r.Extra[offerInterval]) &&
			holdsOptional(u.OfferDurationDays, r.OfferDurationDays, r.Extra[offerDuration])
	case *UnknownRing:
		return u.common().isAppliedTo(ring) && u.OfferIntervalDays.IsUnset() && u.OfferDurationDays.IsUnset()
	}
	return false
}

func (u DriverRingUpdate) isAppliedTo(ring Ring) bool {
	switch ring.(type) {
	case *DriverUpdateRing, *UnknownRing:
		return u.common().isAppliedTo(ring)
	}
	return false
}

// holdsOptional is holdsValue for what can be removed. unread is the value if it could not be
// read.
func holdsOptional[T comparable](c odata.Change[T], read *T, unread json.RawMessage) bool {
	return c.IsNull() && read == nil && unread == nil || holdsValue(c, read)
}

func holdsValue[T comparable](c odata.Change[T], read *T) bool {
	return wire.Holds(c, func(value T) bool { return read != nil && *read == value })
}

// isAppliedTo reports whether a ring has everything that the update sets. Properties in
// Extra cannot be compared.
func (u ringChange) isAppliedTo(ring Ring) bool {
	r := ring.Common()
	return len(u.extra) == 0 &&
		wire.Holds(u.displayName, func(name string) bool { return name == r.DisplayName }) &&
		wire.Holds(u.description, func(text string) bool { return text == r.Description }) &&
		wire.Holds(u.included, func(ids []string) bool { return groupsAppliedTo(ids, r.Included) }) &&
		wire.Holds(u.excluded, func(ids []string) bool { return groupsAppliedTo(ids, r.Excluded) }) &&
		(u.deferralDays.IsNull() && r.DeferralDays == 0 && r.Extra["deferralInDays"] == nil ||
			wire.Holds(u.deferralDays, func(days int) bool { return days == r.DeferralDays })) &&
		wire.Holds(u.paused, func(is bool) bool { return is == r.Paused })
}

// groupsAppliedTo reports whether a ring has exactly these groups, in any order and case.
func groupsAppliedTo(ids []string, g RingGroups) bool {
	return g.Assigned != nil && !g.Incomplete && slices.Equal(groupSet(ids), groupSet(g.IDs()))
}

func groupSet(ids []string) []string {
	set := make([]string, len(ids))
	for i, id := range ids {
		set[i] = strings.ToLower(id)
	}
	slices.Sort(set)
	return slices.Compact(set)
}
