package policies

import "github.com/winupdates/winupdates-go/internal/wire"

// DescribedAs sets Description, at most 1,500 characters.
func (s QualityRingSpec) DescribedAs(text string) QualityRingSpec {
	s = s.copied()
	s.Description = text
	return s
}

// Including adds groups to Included.
func (s QualityRingSpec) Including(groupIDs ...string) QualityRingSpec {
	s = s.copied()
	s.Included = append(s.Included, groupIDs...)
	return s
}

// Excluding adds groups to Excluded.
func (s QualityRingSpec) Excluding(groupIDs ...string) QualityRingSpec {
	s = s.copied()
	s.Excluded = append(s.Excluded, groupIDs...)
	return s
}

// DeferredBy sets DeferralDays, 0 to 30.
func (s QualityRingSpec) DeferredBy(days int) QualityRingSpec {
	s = s.copied()
	s.DeferralDays = days
	return s
}

// StartingPaused sets Paused.
func (s QualityRingSpec) StartingPaused() QualityRingSpec {
	s = s.copied()
	s.Paused = true
	return s
}

// OfferingHotpatches sets Hotpatch to true.
func (s QualityRingSpec) OfferingHotpatches() QualityRingSpec {
	s = s.copied()
	s.Hotpatch = new(true)
	return s
}

// WithholdingHotpatches sets Hotpatch to false, which brings restarts back to devices that get
// hotpatches by default.
func (s QualityRingSpec) WithholdingHotpatches() QualityRingSpec {
	s = s.copied()
	s.Hotpatch = new(false)
	return s
}

func (s QualityRingSpec) copied() QualityRingSpec {
	return QualityRingSpec{s.RingSpecBase.copied(), wire.Copied(s.Hotpatch)}
}

// DescribedAs sets Description, at most 1,500 characters.
func (s FeatureRingSpec) DescribedAs(text string) FeatureRingSpec {
	s = s.copied()
	s.Description = text
	return s
}

// Including adds groups to Included.
func (s FeatureRingSpec) Including(groupIDs ...string) FeatureRingSpec {
	s = s.copied()
	s.Included = append(s.Included, groupIDs...)
	return s
}

// Excluding adds groups to Excluded.
func (s FeatureRingSpec) Excluding(groupIDs ...string) FeatureRingSpec {
	s = s.copied()
	s.Excluded = append(s.Excluded, groupIDs...)
	return s
}

// DeferredBy sets DeferralDays, 0 or more.
func (s FeatureRingSpec) DeferredBy(days int) FeatureRingSpec {
	s = s.copied()
	s.DeferralDays = days
	return s
}

// StartingPaused sets Paused.
func (s FeatureRingSpec) StartingPaused() FeatureRingSpec {
	s = s.copied()
	s.Paused = true
	return s
}

// OfferingEvery sets OfferIntervalDays: another part of the devices is offered the update after this number
// of days. 0 offers the update to all devices simultaneously.
func (s FeatureRingSpec) OfferingEvery(days int) FeatureRingSpec {
	s = s.copied()
	s.OfferIntervalDays = &days
	return s
}

// OfferingFor sets OfferDurationDays: all devices are offered the update within this number
// of days.
func (s FeatureRingSpec) OfferingFor(days int) FeatureRingSpec {
	s = s.copied()
	s.OfferDurationDays = &days
	return s
}

func (s FeatureRingSpec) copied() FeatureRingSpec {
	interval, duration := wire.Copied(s.OfferIntervalDays), wire.Copied(s.OfferDurationDays)
	return FeatureRingSpec{s.RingSpecBase.copied(), interval, duration}
}

// DescribedAs sets Description, at most 1,500 characters.
func (s DriverRingSpec) DescribedAs(text string) DriverRingSpec {
	s = s.copied()
	s.Description = text
	return s
}

// Including adds groups to Included.
func (s DriverRingSpec) Including(groupIDs ...string) DriverRingSpec {
	s = s.copied()
	s.Included = append(s.Included, groupIDs...)
	return s
}

// Excluding adds groups to Excluded.
func (s DriverRingSpec) Excluding(groupIDs ...string) DriverRingSpec {
	s = s.copied()
	s.Excluded = append(s.Excluded, groupIDs...)
	return s
}

// DeferredBy sets DeferralDays, 0 or more.
func (s DriverRingSpec) DeferredBy(days int) DriverRingSpec {
	s = s.copied()
	s.DeferralDays = days
	return s
}

// StartingPaused sets Paused.
func (s DriverRingSpec) StartingPaused() DriverRingSpec {
	s = s.copied()
	s.Paused = true
	return s
}

func (s DriverRingSpec) copied() DriverRingSpec { return DriverRingSpec{s.RingSpecBase.copied()} }
