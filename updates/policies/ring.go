package policies

import (
	"encoding/json"
	"time"
)

// Ring is a set of devices that a policy offers updates to with the same deferral: a *[QualityUpdateRing],
// *[FeatureUpdateRing], *[DriverUpdateRing], or *[UnknownRing]. Its devices are those of the included
// Microsoft Entra groups, except those of the excluded groups.
type Ring interface {
	// Common returns the properties that all rings have.
	Common() *RingBase
	// Unread names the known properties that could not be read.
	Unread() []string
	ring()
}

// Rings is a list of rings that can be unmarshaled from JSON.
type Rings []Ring

// RingBase has the properties of all rings.
type RingBase struct {
	// ID identifies the ring within its policy.
	ID string `json:"id"`
	// DisplayName is the display name.
	DisplayName string `json:"displayName,omitempty"`
	// Description says what the ring is for.
	Description string `json:"description,omitempty"`
	// Included are the groups whose devices are in the ring.
	Included RingGroups `json:"includedGroupAssignment,omitzero"`
	// Excluded are the groups whose devices are not in the ring, even if an included
	// group has them.
	Excluded RingGroups `json:"excludedGroupAssignment,omitzero"`
	// DeferralDays is the number of days that the ring waits in addition to the rules of the
	// policy: 0 to 30 for quality updates. How the two add up is not documented.
	DeferralDays int `json:"deferralInDays"`
	// Paused says whether the ring is paused. That a pause stops drivers is inferred.
	Paused bool `json:"isPaused"`
	// Created is when the ring was created.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Modified is when the ring was last changed.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Common returns b.
func (b *RingBase) Common() *RingBase { return b }

func (b *RingBase) ring() {}

// QualityUpdateRing is a ring of a policy for quality updates.
type QualityUpdateRing struct {
	RingBase
	// Hotpatch says whether the ring offers hotpatches, which need no restart, to
	// eligible devices. Nil means that the service did not send it.
	Hotpatch *bool `json:"isHotpatchEnabled,omitempty"`
}

// FeatureUpdateRing is a ring of a policy for feature updates.
type FeatureUpdateRing struct {
	RingBase
	// OfferIntervalDays is the number of days after which another part of the devices is offered the update;
	// 0 offers the update to all devices simultaneously. Nil means that the service did not send it.
	OfferIntervalDays *int `json:"offerIntervalInDays,omitempty"`
	// OfferDurationDays is the number of days in which all devices are offered the update.
	// Nil means that the service did not send it.
	OfferDurationDays *int `json:"offerDurationInDays,omitempty"`
}

// DriverUpdateRing is a ring of a policy for drivers and firmware.
type DriverUpdateRing struct {
	RingBase
}

// UnknownRing is a ring of a kind that the SDK does not recognize. Some responses have the abstract kind
// "ring", or none. Such a ring is of the kind whose own properties it has. If it has none of them, or those
// of several kinds, its kind is unknown.
type UnknownRing struct {
	RingBase
	// Kind is the service's name of the kind, without the namespace
	// "microsoft.graph.windowsUpdates". It is empty if the service omitted it.
	Kind string `json:"type,omitempty"`
}

// RingGroups are the groups that a ring includes or excludes.
type RingGroups struct {
	// Assigned are the groups. Nil means that the service sent no list.
	Assigned []AssignedGroup `json:"assignments,omitzero"`
	// Incomplete says whether the service sent only a part of the groups. No route is
	// known that returns the others.
	Incomplete bool `json:"incomplete,omitzero"`
	// Extra has unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// AssignedGroup is a Microsoft Entra group in a ring.
type AssignedGroup struct {
	// GroupID is the ID of the Microsoft Entra group.
	GroupID string `json:"groupId"`
	// Extra has unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// IDs returns the IDs of the groups in Assigned, in the order of the service.
func (g RingGroups) IDs() []string {
	ids := make([]string, len(g.Assigned))
	for i, group := range g.Assigned {
		ids[i] = group.GroupID
	}
	return ids
}
