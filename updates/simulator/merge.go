package simulator

import "cmp"

// over merges the settings of an approval over those of its policy, property by property. If both have
// a value, the approval's counts.
func (s settings) over(base settings) settings {
	return settings{
		schedule:      s.schedule.over(base.schedule),
		monitoring:    cmp.Or(s.monitoring, base.monitoring),
		applicability: s.applicability.over(base.applicability),
		experience:    s.experience.over(base.experience),
		expedite:      cmp.Or(s.expedite, base.expedite),
	}
}

// over treats a rollout to all devices immediately as none, because the service adds it where none was
// sent.
func (s *schedule) over(base *schedule) *schedule {
	if s == nil || base == nil {
		return cmp.Or(s, base)
	}
	merged := &schedule{cmp.Or(s.start, base.start), s.rollout}
	if !s.rollout.isGradual() {
		merged.rollout = base.rollout
	}
	return merged
}

func (a *applicability) over(base *applicability) *applicability {
	if a == nil || base == nil {
		return cmp.Or(a, base)
	}
	merged := &applicability{a.recommendedBy, cmp.Or(a.safeguard, base.safeguard)}
	if a.recommendedBy == nil {
		merged.recommendedBy = base.recommendedBy
	}
	return merged
}

func (e *experience) over(base *experience) *experience {
	if e == nil || base == nil {
		return cmp.Or(e, base)
	}
	return &experience{
		daysUntilReboot: cmp.Or(e.daysUntilReboot, base.daysUntilReboot),
		hotpatch:        cmp.Or(e.hotpatch, base.hotpatch),
		optional:        cmp.Or(e.optional, base.optional),
	}
}
