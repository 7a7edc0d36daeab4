package policies

import (
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// The properties of rings that are named in several places.
const (
	includedGroups = "includedGroupAssignment"
	excludedGroups = "excludedGroupAssignment"
	hotpatch       = "isHotpatchEnabled"
	offerInterval  = "offerIntervalInDays"
	offerDuration  = "offerDurationInDays"
)

// abstractRing is the kind of rings that some responses have instead of their own kind.
const abstractRing = "ring"

func readRing(w models.Ringable) Ring {
	base := readRingBase(w)
	switch w := w.(type) { // by structs, as the interfaces of kinds without own methods match all kinds
	case *models.QualityUpdateRing:
		return &QualityUpdateRing{base, w.GetIsHotpatchEnabled()}
	case *models.FeatureUpdateRing:
		interval, duration := readNumber(w.GetOfferIntervalInDays()), readNumber(w.GetOfferDurationInDays())
		return &FeatureUpdateRing{base, interval, duration}
	case *models.DriverUpdateRing:
		return &DriverUpdateRing{base}
	}
	return ringByProperties(base, wire.ShortType(w.GetOdataType()))
}

// ringByProperties returns a ring whose type is abstract or absent as the kind that its own
// properties name.
func ringByProperties(base RingBase, kind string) Ring {
	if kind != "" && kind != abstractRing {
		return &UnknownRing{base, kind}
	}
	_, quality := base.Extra[hotpatch]
	_, hasInterval := base.Extra[offerInterval]
	_, hasDuration := base.Extra[offerDuration]
	feature := hasInterval || hasDuration
	switch {
	case quality && !feature:
		w := models.NewQualityUpdateRing()
		base.Extra = wire.TakeInto(w, base.Extra, hotpatch)
		return &QualityUpdateRing{base, w.GetIsHotpatchEnabled()}
	case feature && !quality:
		w := models.NewFeatureUpdateRing()
		base.Extra = wire.TakeInto(w, base.Extra, offerInterval, offerDuration)
		return &FeatureUpdateRing{base, readNumber(w.GetOfferIntervalInDays()), readNumber(w.GetOfferDurationInDays())}
	}
	return &UnknownRing{base, kind}
}

func readRingBase(w models.Ringable) RingBase {
	return RingBase{
		ID:           wire.Value(w.GetId()),
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
}

func readNumber(days *int32) *int {
	if days == nil {
		return nil
	}
	return new(int(*days))
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

// sentRing is a ring to create that can be sent.
type sentRing interface {
	write() models.Ringable
}

func (s QualityRingSpec) write() models.Ringable {
	w := models.NewQualityUpdateRing()
	s.writeTo(w)
	w.SetIsHotpatchEnabled(s.Hotpatch)
	return w
}

func (s FeatureRingSpec) write() models.Ringable {
	w := models.NewFeatureUpdateRing()
	s.writeTo(w)
	w.SetOfferIntervalInDays(writeDays(s.OfferIntervalDays))
	w.SetOfferDurationInDays(writeDays(s.OfferDurationDays))
	return w
}

func (s DriverRingSpec) write() models.Ringable {
	w := models.NewDriverUpdateRing()
	s.writeTo(w)
	return w
}

func (b RingSpecBase) writeTo(w models.Ringable) {
	w.SetDisplayName(&b.DisplayName)
	w.SetDescription(&b.Description)
	w.SetIncludedGroupAssignment(writeRingGroups(b.Included))
	w.SetExcludedGroupAssignment(writeRingGroups(b.Excluded))
	w.SetDeferralInDays(new(int32(b.DeferralDays)))
	w.SetIsPaused(&b.Paused)
	wire.AddExtra(w, b.Extra)
}

func writeDays(days *int) *int32 {
	if days == nil {
		return nil
	}
	return new(int32(*days))
}

// sentRingUpdate is a change of a ring that can be sent.
type sentRingUpdate interface {
	write() models.Ringable
	isReported(models.Ringable) bool
}

func (u QualityRingUpdate) write() models.Ringable {
	w := models.NewQualityUpdateRing()
	wire.Apply(w, hotpatch, u.Hotpatch, func(is bool) { w.SetIsHotpatchEnabled(&is) })
	u.common().writeTo(w)
	return w
}

func (u FeatureRingUpdate) write() models.Ringable {
	w := models.NewFeatureUpdateRing()
	wire.Apply(w, offerInterval, u.OfferIntervalDays, func(n int) { w.SetOfferIntervalInDays(writeDays(&n)) })
	wire.Apply(w, offerDuration, u.OfferDurationDays, func(n int) { w.SetOfferDurationInDays(writeDays(&n)) })
	u.common().writeTo(w)
	return w
}

func (u DriverRingUpdate) write() models.Ringable {
	w := models.NewDriverUpdateRing()
	u.common().writeTo(w)
	return w
}

func (u unknownRingUpdate) write() models.Ringable {
	w := models.NewRing()
	w.SetOdataType(wire.LongType(u.kind))
	u.writeTo(w)
	return w
}

func (u ringChange) writeTo(w models.Ringable) {
	wire.Apply(w, "displayName", u.displayName, func(name string) { w.SetDisplayName(&name) })
	wire.Apply(w, "description", u.description, func(text string) { w.SetDescription(&text) })
	wire.Apply(w, includedGroups, u.included, func(ids []string) {
		w.SetIncludedGroupAssignment(writeRingGroups(ids))
	})
	wire.Apply(w, excludedGroups, u.excluded, func(ids []string) {
		w.SetExcludedGroupAssignment(writeRingGroups(ids))
	})
	wire.Apply(w, "deferralInDays", u.deferralDays, func(days int) { w.SetDeferralInDays(new(int32(days))) })
	wire.Apply(w, "isPaused", u.paused, func(is bool) { w.SetIsPaused(&is) })
	wire.AddExtra(w, u.extra)
}

func (u QualityRingUpdate) isReported(w models.Ringable) bool { return u.common().isReported(w) }

func (u FeatureRingUpdate) isReported(w models.Ringable) bool { return u.common().isReported(w) }

func (u DriverRingUpdate) isReported(w models.Ringable) bool { return u.common().isReported(w) }

// isReported reports whether a ring has each property that the update sets and whose zero
// value could be meant. A deferral that was removed is not reported.
func (u ringChange) isReported(w models.Ringable) bool {
	_, setsDays := u.deferralDays.Value()
	return (u.description.IsUnset() || w.GetDescription() != nil) &&
		(u.paused.IsUnset() || w.GetIsPaused() != nil) && (!setsDays || w.GetDeferralInDays() != nil)
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
