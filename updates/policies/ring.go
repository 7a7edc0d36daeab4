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

// RingKind is the kind of a ring. Unknown kinds are preserved.
type RingKind string

// KindQualityRing is the kind of a ring of a policy for quality updates.
const KindQualityRing RingKind = "qualityUpdateRing"

// Ring is the part of a policy's devices that get updates at the same time: those
// of the included Microsoft Entra groups, without those of the excluded ones.
type Ring struct {
	// ID identifies the ring within its policy.
	ID string `json:"id"`
	// Kind is the kind that the service named: [KindQualityRing], in places the
	// abstract "ring", or a kind of ring that this version does not know; empty when
	// it named none.
	Kind RingKind `json:"kind,omitempty"`
	// DisplayName is a name for people.
	DisplayName string `json:"displayName,omitempty"`
	// Description says what the ring is for.
	Description string `json:"description,omitempty"`
	// Included are the groups whose devices are in the ring.
	Included RingGroups `json:"includedGroupAssignment,omitzero"`
	// Excluded are the groups whose devices are not, though a group includes them.
	Excluded RingGroups `json:"excludedGroupAssignment,omitzero"`
	// DeferralDays is how many days later than the policy's rules the ring gets an
	// update, 0 to 30. How the two add up is not documented.
	DeferralDays int `json:"deferralInDays"`
	// Paused is whether the ring is stopped.
	Paused bool `json:"isPaused"`
	// Hotpatch is whether devices that can take updates without a restart get them.
	Hotpatch bool `json:"isHotpatchEnabled"`
	// Created is when the ring was created, in UTC.
	Created time.Time `json:"createdDateTime,omitzero"`
	// Modified is when it was last changed, in UTC.
	Modified time.Time `json:"lastModifiedDateTime,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// RingGroups are the groups that a ring includes or excludes.
type RingGroups struct {
	// Assigned are the groups, perhaps only the first where Incomplete says so; empty
	// for none, nil when the service sent no list.
	Assigned []AssignedGroup `json:"assignments,omitzero"`
	// Incomplete is whether the service sent only the first of Assigned. No route is
	// known that has the others.
	Incomplete bool `json:"incomplete,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// AssignedGroup is a Microsoft Entra group in a ring.
type AssignedGroup struct {
	// GroupID is the id of the Microsoft Entra group.
	GroupID string `json:"groupId"`
	// Extra has the members that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// IDs are the ids of the groups in Assigned, in the order of the service; empty for
// none.
func (g RingGroups) IDs() []string {
	ids := make([]string, len(g.Assigned))
	for i, group := range g.Assigned {
		ids[i] = group.GroupID
	}
	return ids
}

// RingSpec is a ring to be created.
//
// The methods return a changed copy, so they chain; each changes the field that its
// documentation names.
type RingSpec struct {
	// DisplayName is a name for people, 1 to 200 characters.
	DisplayName string `json:"displayName"`
	// Description says what the ring is for, at most 1,500 characters.
	Description string `json:"description"`
	// Included are the ids of the Microsoft Entra groups whose devices are in the
	// ring; none make a ring without devices. A new group must have reached the
	// service first, for which callers wait half a minute. What the service answers
	// for an id that is no group's is not documented.
	Included []string `json:"includedGroupIds,omitzero"`
	// Excluded are the ids of the groups whose devices are not in the ring, though a
	// group includes them.
	Excluded []string `json:"excludedGroupIds,omitzero"`
	// DeferralDays is how many days later than the policy's rules the ring gets an
	// update, 0 to 30.
	DeferralDays int `json:"deferralInDays"`
	// Paused creates the ring stopped; [Client.ResumeRing] starts it.
	Paused bool `json:"isPaused"`
	// Hotpatch gives updates without a restart to devices that can take them.
	Hotpatch bool `json:"isHotpatchEnabled"`
	// Extra has members to send that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Including adds to Included: the ring has the devices of these Microsoft Entra groups,
// too.
func (s RingSpec) Including(groupIDs ...string) RingSpec {
	s = s.copied()
	s.Included = append(s.Included, groupIDs...)
	return s
}

// Excluding adds to Excluded: the ring has no device of these Microsoft Entra groups
// either.
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

// WithHotpatch sets Hotpatch.
func (s RingSpec) WithHotpatch() RingSpec {
	s = s.copied()
	s.Hotpatch = true
	return s
}

func (s RingSpec) copied() RingSpec {
	s.Included, s.Excluded, s.Extra = slices.Clone(s.Included), slices.Clone(s.Excluded), maps.Clone(s.Extra)
	return s
}

// Validate says what the service would refuse, without asking it: nil, or an
// error that is apierr.ErrInvalid and joins an [apierr.FieldError] for each
// problem.
func (s RingSpec) Validate() error {
	return errors.Join(
		checkDisplayName(s.DisplayName),
		checkDescription(s.Description),
		checkGroupIDs("Included", s.Included),
		checkGroupIDs("Excluded", s.Excluded),
		checkDeferral("DeferralDays", s.DeferralDays),
		wire.CheckExtra("RingSpec", s.Extra, map[string]bool{
			"@odata.type": true, "displayName": true, "description": true, includedGroups: true, excludedGroups: true,
			"deferralInDays": true, "isPaused": true, "isHotpatchEnabled": true,
		}),
	)
}

// RingUpdate is a change of a ring. What it does not name stays as it is. It is
// never made from a ring that was read.
type RingUpdate struct {
	// DisplayName replaces the name, 1 to 200 characters; it cannot be null.
	DisplayName odata.Change[string] `json:"displayName,omitzero"`
	// Description replaces the description, at most 1,500 characters; it cannot be
	// null.
	Description odata.Change[string] `json:"description,omitzero"`
	// Included replaces all included groups, by their Microsoft Entra ids; an empty
	// or nil list removes them. It cannot be null.
	Included odata.Change[[]string] `json:"includedGroupIds,omitzero"`
	// Excluded replaces all excluded groups likewise.
	Excluded odata.Change[[]string] `json:"excludedGroupIds,omitzero"`
	// DeferralDays replaces the deferral, 0 to 30 days; null removes it.
	DeferralDays odata.Change[int] `json:"deferralInDays,omitzero"`
	// Paused stops the ring or lets it go on; it cannot be null.
	Paused odata.Change[bool] `json:"isPaused,omitzero"`
	// Hotpatch turns updates without a restart on or off; it cannot be null.
	Hotpatch odata.Change[bool] `json:"isHotpatchEnabled,omitzero"`
	// Extra has members to send that this version does not know; nil for none.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Validate says what the service would refuse, without asking it: nil, or an
// error that is apierr.ErrInvalid and joins an [apierr.FieldError] for each
// problem. An update that changes nothing is a problem.
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

// sent are the members that the fields send.
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

// isAppliedTo reports whether a ring certainly has what the update sets. Of members in
// Extra nobody can tell.
func (u RingUpdate) isAppliedTo(r *Ring) bool {
	return len(u.Extra) == 0 &&
		wire.Holds(u.DisplayName, func(name string) bool { return name == r.DisplayName }) &&
		wire.Holds(u.Description, func(text string) bool { return text == r.Description }) &&
		wire.Holds(u.Included, func(ids []string) bool { return groupsAppliedTo(ids, r.Included) }) &&
		wire.Holds(u.Excluded, func(ids []string) bool { return groupsAppliedTo(ids, r.Excluded) }) &&
		(u.DeferralDays.IsNull() && r.DeferralDays == 0 ||
			wire.Holds(u.DeferralDays, func(days int) bool { return days == r.DeferralDays })) &&
		wire.Holds(u.Paused, func(is bool) bool { return is == r.Paused }) &&
		wire.Holds(u.Hotpatch, func(is bool) bool { return is == r.Hotpatch })
}

// groupsAppliedTo reports whether a ring certainly has these groups, in any order and
// case, and no others.
func groupsAppliedTo(ids []string, g RingGroups) bool {
	return !g.Incomplete && slices.Equal(groupSet(ids), groupSet(g.IDs()))
}

func groupSet(ids []string) []string {
	set := make([]string, len(ids))
	for i, id := range ids {
		set[i] = strings.ToLower(id)
	}
	slices.Sort(set)
	return slices.Compact(set)
}
