package policies

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// RingKind is the kind of a ring.
type RingKind string

// KindQualityRing is the kind of a ring of a policy for quality updates.
const KindQualityRing RingKind = "qualityUpdateRing"

// Ring is a part of the devices of a policy, which gets updates at the same time. It has
// the devices of the included Microsoft Entra groups, except those of the excluded
// groups.
type Ring struct {
	// ID identifies the ring within its policy.
	ID string `json:"id"`
	// Kind is [KindQualityRing], an unknown kind, or in some responses the abstract
	// "ring". It is empty if the service omitted it.
	Kind RingKind `json:"kind,omitempty"`
	// DisplayName is the display name.
	DisplayName string `json:"displayName,omitempty"`
	// Description says what the ring is for.
	Description string `json:"description,omitempty"`
	// Included are the groups whose devices are in the ring.
	Included RingGroups `json:"includedGroupAssignment,omitzero"`
	// Excluded are the groups whose devices are not in the ring, even if an included
	// group has them.
	Excluded RingGroups `json:"excludedGroupAssignment,omitzero"`
	// DeferralDays is the number of days, 0 to 30, that the ring waits in addition to the
	// rules of the policy. How the two add up is not documented.
	DeferralDays int `json:"deferralInDays"`
	// Paused says whether the ring is paused.
	Paused bool `json:"isPaused"`
	// Hotpatch says whether the ring offers hotpatches, which need no restart, to
	// eligible devices. Nil means that the service did not say.
	Hotpatch *bool `json:"isHotpatchEnabled,omitempty"`
	// Created is when the ring was created.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Modified is when the ring was last changed.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has unknown properties.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
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

// RingSpec is a ring to create.
//
// The methods return a changed copy, so calls can be chained.
type RingSpec struct {
	// DisplayName is the display name, 1 to 200 characters.
	DisplayName string `json:"displayName"`
	// Description says what the ring is for, at most 1,500 characters.
	Description string `json:"description"`
	// Included are the IDs of the Microsoft Entra groups whose devices are in the ring. A
	// new group may take half a minute until a ring can name it. The response to an
	// unknown group is not documented.
	Included []string `json:"includedGroupIds,omitzero"`
	// Excluded are the IDs of the groups whose devices are not in the ring, even if an
	// included group has them.
	Excluded []string `json:"excludedGroupIds,omitzero"`
	// DeferralDays is the number of days, 0 to 30, that the ring waits in addition to the
	// rules of the policy.
	DeferralDays int `json:"deferralInDays"`
	// Paused creates the ring paused; [Client.ResumeRing] starts it.
	Paused bool `json:"isPaused"`
	// Hotpatch says whether the ring offers hotpatches, which need no restart, to
	// eligible devices. Nil leaves it to the service and is not sent.
	Hotpatch *bool `json:"isHotpatchEnabled,omitempty"`
	// Extra has additional properties to send.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Including adds groups to Included.
func (s RingSpec) Including(groupIDs ...string) RingSpec {
	s = s.copied()
	s.Included = append(s.Included, groupIDs...)
	return s
}

// Excluding adds groups to Excluded.
func (s RingSpec) Excluding(groupIDs ...string) RingSpec {
	s = s.copied()
	s.Excluded = append(s.Excluded, groupIDs...)
	return s
}

// DeferredBy sets DeferralDays, 0 to 30.
func (s RingSpec) DeferredBy(days int) RingSpec {
	s = s.copied()
	s.DeferralDays = days
	return s
}

// StartingPaused sets Paused.
func (s RingSpec) StartingPaused() RingSpec {
	s = s.copied()
	s.Paused = true
	return s
}

// OfferingHotpatches sets Hotpatch to true.
func (s RingSpec) OfferingHotpatches() RingSpec {
	s = s.copied()
	s.Hotpatch = new(true)
	return s
}

// WithholdingHotpatches sets Hotpatch to false, which brings restarts back to devices that get
// hotpatches by default.
func (s RingSpec) WithholdingHotpatches() RingSpec {
	s = s.copied()
	s.Hotpatch = new(false)
	return s
}

func (s RingSpec) copied() RingSpec {
	s.Included, s.Excluded, s.Extra = slices.Clone(s.Included), slices.Clone(s.Excluded), maps.Clone(s.Extra)
	if s.Hotpatch != nil {
		s.Hotpatch = new(*s.Hotpatch)
	}
	return s
}

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem.
func (s RingSpec) Validate() error {
	return errors.Join(
		checkDisplayName(s.DisplayName),
		checkDescription(s.Description),
		checkGroupIDs("Included", s.Included),
		checkGroupIDs("Excluded", s.Excluded),
		checkDeferral("DeferralDays", s.DeferralDays),
		wire.CheckExtra("RingSpec", s.Extra, map[string]bool{
			"@odata.type": true, "displayName": true, "description": true, includedGroups: true, excludedGroups: true,
			"deferralInDays": true, "isPaused": true, "isHotpatchEnabled": s.Hotpatch != nil,
		}),
	)
}

// RingUpdate is a change of a ring. Fields that are not set are not changed.
type RingUpdate struct {
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

// Validate reports values that the service would reject, without a request. The error is
// apierr.ErrInvalid and joins an [apierr.FieldError] for each problem. An update that
// changes nothing is invalid.
func (u RingUpdate) Validate() error {
	sent := u.sent()
	if len(sent) == 0 && len(u.Extra) == 0 {
		return &apierr.FieldError{Field: "RingUpdate", Rule: "must change something"}
	}
	sent["@odata.type"] = true
	days, _ := u.DeferralDays.Value()
	return errors.Join(
		wire.CheckSet("DisplayName", u.DisplayName, checkDisplayName),
		wire.CheckSet("Description", u.Description, checkDescription),
		wire.CheckSet("Included", u.Included, func(ids []string) error { return checkGroupIDs("Included", ids) }),
		wire.CheckSet("Excluded", u.Excluded, func(ids []string) error { return checkGroupIDs("Excluded", ids) }),
		checkDeferral("DeferralDays", days),
		wire.CheckSet("Paused", u.Paused, func(bool) error { return nil }),
		wire.CheckSet("Hotpatch", u.Hotpatch, func(bool) error { return nil }),
		wire.CheckExtra("RingUpdate", u.Extra, sent),
	)
}

// sent has the properties that the fields send.
func (u RingUpdate) sent() map[string]bool {
	sent := map[string]bool{
		"displayName": !u.DisplayName.IsUnset(), "description": !u.Description.IsUnset(),
		includedGroups: !u.Included.IsUnset(), excludedGroups: !u.Excluded.IsUnset(),
		"deferralInDays": !u.DeferralDays.IsUnset(), "isPaused": !u.Paused.IsUnset(),
		"isHotpatchEnabled": !u.Hotpatch.IsUnset(),
	}
	maps.DeleteFunc(sent, func(_ string, is bool) bool { return !is })
	return sent
}

// isAppliedTo reports whether a ring has everything that the update sets. Properties in
// Extra cannot be compared.
func (u RingUpdate) isAppliedTo(r *Ring) bool {
	return len(u.Extra) == 0 &&
		wire.Holds(u.DisplayName, func(name string) bool { return name == r.DisplayName }) &&
		wire.Holds(u.Description, func(text string) bool { return text == r.Description }) &&
		wire.Holds(u.Included, func(ids []string) bool { return groupsAppliedTo(ids, r.Included) }) &&
		wire.Holds(u.Excluded, func(ids []string) bool { return groupsAppliedTo(ids, r.Excluded) }) &&
		(u.DeferralDays.IsNull() && r.DeferralDays == 0 && r.Extra["deferralInDays"] == nil ||
			wire.Holds(u.DeferralDays, func(days int) bool { return days == r.DeferralDays })) &&
		wire.Holds(u.Paused, func(is bool) bool { return is == r.Paused }) &&
		wire.Holds(u.Hotpatch, func(is bool) bool { return r.Hotpatch != nil && is == *r.Hotpatch })
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
