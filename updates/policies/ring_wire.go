package policies

import (
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// The properties of a ring that have its groups.
const (
	includedGroups = "includedGroupAssignment"
	excludedGroups = "excludedGroupAssignment"
)

// readRing also finds the property of quality rings in a ring without a kind or of an
// unknown kind.
func readRing(w models.Ringable) *Ring {
	r := &Ring{
		ID:           wire.Value(w.GetId()),
		Kind:         RingKind(wire.ShortType(w.GetOdataType())),
		DisplayName:  wire.Value(w.GetDisplayName()),
		Description:  wire.Value(w.GetDescription()),
		Included:     readRingGroups(w.GetIncludedGroupAssignment()),
		Excluded:     readRingGroups(w.GetExcludedGroupAssignment()),
		DeferralDays: int(wire.Value(w.GetDeferralInDays())),
		Paused:       wire.Value(w.GetIsPaused()),
		Created:      wire.Time(w.GetCreatedDateTime()),
		Modified:     wire.Time(w.GetLastModifiedDateTime()),
		Extra:        wire.Extra(w),
	}
	if quality, ok := w.(models.QualityUpdateRingable); ok {
		r.Hotpatch = quality.GetIsHotpatchEnabled()
	} else {
		r.Extra = wire.Take(r.Extra, "isHotpatchEnabled", &r.Hotpatch)
	}
	return r
}

func readRingGroups(w models.GroupAssignmentable) RingGroups {
	if w == nil {
		return RingGroups{}
	}
	return RingGroups{
		Assigned: wire.Each(w.GetAssignments(), func(w models.AssignedGroupable) AssignedGroup {
			return AssignedGroup{GroupID: wire.Value(w.GetGroupId()), Extra: wire.Extra(w)}
		}),
		Incomplete: wire.Rest(w, "assignments") != "",
		Extra:      wire.Extra(w),
	}
}

func writeRing(s RingSpec) models.Ringable {
	w := models.NewQualityUpdateRing()
	w.SetDisplayName(&s.DisplayName)
	w.SetDescription(&s.Description)
	w.SetIncludedGroupAssignment(writeRingGroups(s.Included))
	w.SetExcludedGroupAssignment(writeRingGroups(s.Excluded))
	w.SetDeferralInDays(new(int32(s.DeferralDays)))
	w.SetIsPaused(&s.Paused)
	w.SetIsHotpatchEnabled(s.Hotpatch)
	wire.AddExtra(w, s.Extra)
	return w
}

func writeRingUpdate(u RingUpdate) models.Ringable {
	w := models.NewQualityUpdateRing()
	wire.Apply(w, "displayName", u.DisplayName, func(name string) { w.SetDisplayName(&name) })
	wire.Apply(w, "description", u.Description, func(text string) { w.SetDescription(&text) })
	wire.Apply(w, includedGroups, u.Included, func(ids []string) {
		w.SetIncludedGroupAssignment(writeRingGroups(ids))
	})
	wire.Apply(w, excludedGroups, u.Excluded, func(ids []string) {
		w.SetExcludedGroupAssignment(writeRingGroups(ids))
	})
	wire.Apply(w, "deferralInDays", u.DeferralDays, func(days int) { w.SetDeferralInDays(new(int32(days))) })
	wire.Apply(w, "isPaused", u.Paused, func(is bool) { w.SetIsPaused(&is) })
	wire.Apply(w, "isHotpatchEnabled", u.Hotpatch, func(is bool) { w.SetIsHotpatchEnabled(&is) })
	wire.AddExtra(w, u.Extra)
	return w
}

// isReported reports whether a ring has each property that the update sets and whose zero
// value could be meant. A deferral that was removed is not reported.
func (u RingUpdate) isReported(w models.Ringable) bool {
	_, setsDays := u.DeferralDays.Value()
	return (u.Description.IsUnset() || w.GetDescription() != nil) &&
		(u.Paused.IsUnset() || w.GetIsPaused() != nil) && (!setsDays || w.GetDeferralInDays() != nil)
}

// writeRingGroups writes no groups as an empty list.
func writeRingGroups(ids []string) models.GroupAssignmentable {
	groups := make([]models.AssignedGroupable, len(ids))
	for i, id := range ids {
		group := models.NewAssignedGroup()
		group.SetGroupId(&id)
		groups[i] = group
	}
	w := models.NewGroupAssignment()
	w.SetAssignments(groups)
	return w
}
