package policies

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// RingSpec is a ring to create: a [QualityRingSpec], [FeatureRingSpec], or [DriverRingSpec],
// for the kind of the policy. Make one with [QualityRing], [FeatureRing], or [DriverRing].
type RingSpec interface {
	// Validate reports values that the service would reject, without a request. The error is
	// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
	Validate() error
	base() RingSpecBase
	compare(*comparison, Ring) (RingUpdate, bool)
	sentRing
}

// RingSpecBase has the fields of all rings to create.
type RingSpecBase struct {
	// DisplayName is the display name, 1 to 200 characters.
	DisplayName string `json:"displayName"`
	// Description says what the ring is for, at most 1,500 characters.
	Description string `json:"description"`
	// Included are the IDs of the Microsoft Entra groups whose devices are in the ring, GUIDs with hyphens. It
	// can take half a minute until a ring can name a new group. The response to an unknown group is not
	// documented.
	Included []string `json:"includedGroupIds,omitzero"`
	// Excluded are the IDs of the groups whose devices are not in the ring, even if an
	// included group has them.
	Excluded []string `json:"excludedGroupIds,omitzero"`
	// DeferralDays is the number of days that the ring waits in addition to the rules of the policy. It is 0
	// to 30 for quality updates, and 0 or more for others.
	DeferralDays int `json:"deferralInDays"`
	// Paused creates the ring paused; [Client.ResumeRing] starts it.
	Paused bool `json:"isPaused"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// QualityRingSpec is a ring of a policy for quality updates to create.
//
// The methods return a changed copy, so calls can be chained.
type QualityRingSpec struct {
	RingSpecBase
	// Hotpatch says whether the ring offers hotpatches, which need no restart, to
	// eligible devices. Nil leaves it to the service and is not sent.
	Hotpatch *bool `json:"isHotpatchEnabled,omitempty"`
}

// FeatureRingSpec is a ring of a policy for feature updates to create. Whether the service
// requires both the interval and the duration is not documented.
//
// The methods return a changed copy, so calls can be chained.
type FeatureRingSpec struct {
	RingSpecBase
	// OfferIntervalDays is the number of days between two steps, each of which offers the update to another
	// part of the devices. It is 0 or more; 0 offers the update to all devices simultaneously. Nil leaves it
	// to the service and is not sent.
	OfferIntervalDays *int `json:"offerIntervalInDays,omitempty"`
	// OfferDurationDays is the number of days in which all devices are offered the update,
	// 0 or more. Nil leaves it to the service and is not sent.
	OfferDurationDays *int `json:"offerDurationInDays,omitempty"`
}

// DriverRingSpec is a ring of a policy for drivers to create.
//
// The methods return a changed copy, so calls can be chained.
type DriverRingSpec struct {
	RingSpecBase
}

// QualityRing returns the spec of a ring for quality updates, with a display name of 1 to 200
// characters.
func QualityRing(displayName string) QualityRingSpec {
	return QualityRingSpec{RingSpecBase: RingSpecBase{DisplayName: displayName}}
}

// FeatureRing returns the spec of a ring for feature updates, with a display name of 1 to 200
// characters.
func FeatureRing(displayName string) FeatureRingSpec {
	return FeatureRingSpec{RingSpecBase: RingSpecBase{DisplayName: displayName}}
}

// DriverRing returns the spec of a ring for drivers, with a display name of 1 to 200
// characters.
func DriverRing(displayName string) DriverRingSpec {
	return DriverRingSpec{RingSpecBase{DisplayName: displayName}}
}

func (b RingSpecBase) base() RingSpecBase { return b }

func (b RingSpecBase) copied() RingSpecBase {
	b.Included, b.Excluded, b.Extra = slices.Clone(b.Included), slices.Clone(b.Excluded), maps.Clone(b.Extra)
	return b
}

// check checks the fields of all kinds. own are the properties that only this kind sends.
func (b RingSpecBase) check(typeName string, longest int, own map[string]bool) error {
	sent := map[string]bool{
		"@odata.type": true, "displayName": true, "description": true, includedGroups: true, excludedGroups: true,
		"deferralInDays": true, "isPaused": true,
	}
	maps.Copy(sent, own)
	return errors.Join(
		checkDisplayName(b.DisplayName),
		checkDescription(b.Description),
		checkGroupIDs("Included", b.Included),
		checkGroupIDs("Excluded", b.Excluded),
		checkDays("DeferralDays", b.DeferralDays, longest),
		wire.CheckExtra(typeName, b.Extra, sent),
	)
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (s QualityRingSpec) Validate() error {
	return s.check("QualityRingSpec", longestDeferral, map[string]bool{hotpatch: s.Hotpatch != nil})
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (s FeatureRingSpec) Validate() error {
	return errors.Join(
		checkOptionalDays("OfferIntervalDays", s.OfferIntervalDays),
		checkOptionalDays("OfferDurationDays", s.OfferDurationDays),
		s.check("FeatureRingSpec", unlimited, map[string]bool{
			offerInterval: s.OfferIntervalDays != nil, offerDuration: s.OfferDurationDays != nil,
		}),
	)
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (s DriverRingSpec) Validate() error { return s.check("DriverRingSpec", unlimited, nil) }

// compare returns the change that makes a ring as specified, and whether the ring is of this
// kind.
func (s QualityRingSpec) compare(c *comparison, ring Ring) (RingUpdate, bool) {
	r, ok := ring.(*QualityUpdateRing)
	if !ok {
		return nil, false
	}
	u := s.RingSpecBase.compare(c, &r.RingBase)
	return QualityRingUpdate{
		Description: u.description, Included: u.included, Excluded: u.excluded, DeferralDays: u.deferralDays,
		Hotpatch: compareOptional(c, hotpatch, r.Hotpatch, s.Hotpatch), Extra: u.extra,
	}, true
}

func (s FeatureRingSpec) compare(c *comparison, ring Ring) (RingUpdate, bool) {
	r, ok := ring.(*FeatureUpdateRing)
	if !ok {
		return nil, false
	}
	u := s.RingSpecBase.compare(c, &r.RingBase)
	return FeatureRingUpdate{
		Description: u.description, Included: u.included, Excluded: u.excluded, DeferralDays: u.deferralDays,
		OfferIntervalDays: compareOptional(c, offerInterval, r.OfferIntervalDays, s.OfferIntervalDays),
		OfferDurationDays: compareOptional(c, offerDuration, r.OfferDurationDays, s.OfferDurationDays),
		Extra:             u.extra,
	}, true
}

func (s DriverRingSpec) compare(c *comparison, ring Ring) (RingUpdate, bool) {
	r, ok := ring.(*DriverUpdateRing)
	if !ok {
		return nil, false
	}
	u := s.RingSpecBase.compare(c, &r.RingBase)
	return DriverRingUpdate{
		Description: u.description, Included: u.included, Excluded: u.excluded, DeferralDays: u.deferralDays,
		Extra: u.extra,
	}, true
}

// compare leaves out the pause, which administrators change.
func (b RingSpecBase) compare(c *comparison, r *RingBase) ringChange {
	groups := func(property string, from RingGroups, to []string) odata.Change[[]string] {
		return compare(c, property, from.IDs(), append([]string{}, to...), groupsAppliedTo(to, from))
	}
	return ringChange{
		description:  compare(c, "description", r.Description, b.Description, r.Description == b.Description),
		included:     groups(includedGroups, r.Included, b.Included),
		excluded:     groups(excludedGroups, r.Excluded, b.Excluded),
		deferralDays: compare(c, "deferralInDays", r.DeferralDays, b.DeferralDays, r.DeferralDays == b.DeferralDays),
		extra:        compareExtra(c, r.Extra, b.Extra),
	}
}
