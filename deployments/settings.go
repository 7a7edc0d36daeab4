package deployments

import (
	"encoding/json"
	"maps"
	"slices"
	"time"
)

// Settings are how, when and under which conditions an update is offered. The
// zero Settings offer it to all members at once, as soon as there are any. Parts
// that are zero are not sent.
//
// The methods return a changed copy, so they chain; each sets the field that its
// documentation names.
type Settings struct {
	// Schedule is when and how fast the update is offered.
	Schedule Schedule `json:"schedule,omitzero"`
	// Monitoring watches the deployment. It is for feature updates.
	Monitoring Monitoring `json:"monitoring,omitzero"`
	// Applicability says which devices the update fits. It is for feature updates
	// and drivers.
	Applicability Applicability `json:"contentApplicability,omitzero"`
	// UserExperience is what people at the devices see.
	UserExperience UserExperience `json:"userExperience,omitzero"`
	// Expedite hurries the update. It is for quality updates.
	Expedite Expedite `json:"expedite,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Schedule is when and how fast an update is offered. It is one value: a change
// of one part repeats the other, or loses it.
type Schedule struct {
	// Start is when offering begins; zero begins as soon as the audience has
	// members. A moment in the past begins at once. It is sent in UTC.
	Start time.Time `json:"startDateTime,omitzero"`
	// Rollout offers the update in steps; nil offers it to all members at once.
	Rollout Rollout `json:"gradualRollout,omitempty"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Monitoring watches a deployment of a feature update.
type Monitoring struct {
	// Rules act each on its own. In a [Spec] nil sends nothing and an empty list
	// is sent as such; in an [Update] both remove all rules.
	Rules []MonitoringRule `json:"monitoringRules,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// UserExperience is what people at the devices see.
type UserExperience struct {
	// OfferAsOptional is whether a feature update is offered as optional, for
	// people to choose; nil leaves it to the service, which offers it as
	// required.
	OfferAsOptional *bool `json:"offerAsOptional,omitempty"`
	// DaysUntilForcedReboot is how many days after an expedited quality update
	// a restart is forced; 0 forces it at once, nil leaves it to the service. It
	// must not be negative.
	DaysUntilForcedReboot *int `json:"daysUntilForcedReboot,omitempty"`
	// Hotpatch is whether hotpatch updates are offered. It is for update
	// policies that approve monthly security updates; nil leaves it to the
	// service.
	Hotpatch *bool `json:"isHotpatchEnabled,omitempty"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Applicability says which devices an update fits.
type Applicability struct {
	// OfferWhileRecommendedBy names the vendors, such as "Microsoft", of whom one
	// must recommend a driver for a device, or it is not offered there. Nil sends
	// nothing, an empty list is sent as such.
	OfferWhileRecommendedBy []string `json:"offerWhileRecommendedBy,omitzero"`
	// Safeguard is which holds are disregarded; zero disregards none.
	Safeguard Safeguard `json:"safeguard,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Safeguard is which safeguard holds are disregarded. By default all of them keep
// a feature update from the devices on which it has, or may have, a problem.
type Safeguard struct {
	// DisabledProfiles are the holds that are disregarded. Nil sends nothing, an
	// empty list is sent as such.
	DisabledProfiles []SafeguardProfile `json:"disabledSafeguardProfiles,omitzero"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// SafeguardProfile is a kind of safeguard holds.
type SafeguardProfile struct {
	// Category is the kind. It must not be empty when it is sent.
	Category SafeguardCategory `json:"category"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// SafeguardCategory is a kind of safeguard holds. Unknown values are kept.
type SafeguardCategory string

// LikelyIssues are the holds on devices that are likely to have a problem, as
// machine learning sees it; they exist for Windows 11. Holds for known issues
// cannot be disregarded.
const LikelyIssues SafeguardCategory = "likelyIssues"

// Expedite hurries a quality update: it is offered at once, past deferrals and
// restart settings of the device, which come back afterwards. A device that has
// the update, or a later one, is offered nothing; another one is offered the
// latest update that fits, which can be a later one.
type Expedite struct {
	// Expedited is whether the update is expedited.
	Expedited bool `json:"isExpedited"`
	// ReadinessTest is whether nothing is installed and the devices only report
	// whether they could be expedited. It needs Expedited.
	ReadinessTest bool `json:"isReadinessTest,omitempty"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// StartingAt sets Schedule.Start.
func (s Settings) StartingAt(start time.Time) Settings {
	s = s.copied()
	s.Schedule.Start = start
	return s
}

// RollingOut sets Schedule.Rollout, to a copy of r.
func (s Settings) RollingOut(r Rollout) Settings {
	s = s.copied()
	s.Schedule.Rollout = copyRollout(r)
	return s
}

// PausingOnRollbacks adds a rule to Monitoring.Rules: the deployment is paused
// when the update was rolled back on this percentage of devices, 1 to 100.
func (s Settings) PausingOnRollbacks(percent int) Settings {
	return s.monitoredBy(PauseOnRollbacks(percent))
}

// AlertingOnRollbacks adds a rule to Monitoring.Rules: an alert is raised, in
// reports and not in this API, when the update was rolled back on this percentage
// of devices, 1 to 100.
func (s Settings) AlertingOnRollbacks(percent int) Settings {
	return s.monitoredBy(AlertOnRollbacks(percent))
}

// FallingBackWhenIneligible adds a rule to Monitoring.Rules: devices that cannot
// have the Windows 11 that is deployed are offered Windows 10, version 22H2.
func (s Settings) FallingBackWhenIneligible() Settings {
	return s.monitoredBy(FallBackWhenIneligible())
}

// OfferedAsOptional sets UserExperience.OfferAsOptional to true.
func (s Settings) OfferedAsOptional() Settings {
	s = s.copied()
	s.UserExperience.OfferAsOptional = new(true)
	return s
}

// OfferedAsRequired sets UserExperience.OfferAsOptional to false, which is sent.
func (s Settings) OfferedAsRequired() Settings {
	s = s.copied()
	s.UserExperience.OfferAsOptional = new(false)
	return s
}

// AsExpedited sets Expedite.Expedited to true, and Expedite.ReadinessTest to false:
// the update is installed as soon as possible. It is for quality updates.
func (s Settings) AsExpedited() Settings {
	s = s.copied()
	s.Expedite.Expedited, s.Expedite.ReadinessTest = true, false
	return s
}

// AsReadinessTest sets Expedite.Expedited and Expedite.ReadinessTest to true:
// nothing is installed, and the devices report whether they could be expedited.
func (s Settings) AsReadinessTest() Settings {
	s = s.copied()
	s.Expedite.Expedited, s.Expedite.ReadinessTest = true, true
	return s
}

// RestartingWithin sets UserExperience.DaysUntilForcedReboot; 0 restarts a device
// at once. It is for expedited updates.
func (s Settings) RestartingWithin(days int) Settings {
	s = s.copied()
	s.UserExperience.DaysUntilForcedReboot = &days
	return s
}

// DisregardingLikelyIssues adds [LikelyIssues] to
// Applicability.Safeguard.DisabledProfiles, unless it is there: the update is
// offered also where a problem is likely.
func (s Settings) DisregardingLikelyIssues() Settings {
	s = s.copied()
	profiles := &s.Applicability.Safeguard.DisabledProfiles
	if !slices.ContainsFunc(*profiles, func(p SafeguardProfile) bool { return p.Category == LikelyIssues }) {
		*profiles = append(*profiles, SafeguardProfile{Category: LikelyIssues})
	}
	return s
}

// OfferedWhileRecommendedBy sets Applicability.OfferWhileRecommendedBy: a driver is
// offered to a device as long as one of these vendors, such as "Microsoft",
// recommends it there. Without vendors an empty list is sent.
func (s Settings) OfferedWhileRecommendedBy(vendors ...string) Settings {
	s = s.copied()
	s.Applicability.OfferWhileRecommendedBy = append([]string{}, vendors...)
	return s
}

// OfferingHotpatches sets UserExperience.Hotpatch to true. It is for update
// policies.
func (s Settings) OfferingHotpatches() Settings {
	s = s.copied()
	s.UserExperience.Hotpatch = new(true)
	return s
}

// WithholdingHotpatches sets UserExperience.Hotpatch to false, which is sent.
func (s Settings) WithholdingHotpatches() Settings {
	s = s.copied()
	s.UserExperience.Hotpatch = new(false)
	return s
}

func (s Settings) monitoredBy(rule MonitoringRule) Settings {
	s = s.copied()
	s.Monitoring.Rules = append(s.Monitoring.Rules, rule)
	return s
}

// copied shares nothing with s that can be changed.
func (s Settings) copied() Settings {
	s.Schedule.Rollout = copyRollout(s.Schedule.Rollout)
	s.Schedule.Extra = maps.Clone(s.Schedule.Extra)
	s.Monitoring.Rules = slices.Clone(s.Monitoring.Rules)
	for i := range s.Monitoring.Rules {
		s.Monitoring.Rules[i].Extra = maps.Clone(s.Monitoring.Rules[i].Extra)
	}
	s.Monitoring.Extra = maps.Clone(s.Monitoring.Extra)
	s.Applicability = s.Applicability.copied()
	s.UserExperience = s.UserExperience.copied()
	s.Expedite.Extra = maps.Clone(s.Expedite.Extra)
	s.Extra = maps.Clone(s.Extra)
	return s
}

func (a Applicability) copied() Applicability {
	a.OfferWhileRecommendedBy = slices.Clone(a.OfferWhileRecommendedBy)
	a.Safeguard.DisabledProfiles = slices.Clone(a.Safeguard.DisabledProfiles)
	for i := range a.Safeguard.DisabledProfiles {
		a.Safeguard.DisabledProfiles[i].Extra = maps.Clone(a.Safeguard.DisabledProfiles[i].Extra)
	}
	a.Safeguard.Extra = maps.Clone(a.Safeguard.Extra)
	a.Extra = maps.Clone(a.Extra)
	return a
}

func (e UserExperience) copied() UserExperience {
	e.OfferAsOptional = copyOf(e.OfferAsOptional)
	e.DaysUntilForcedReboot = copyOf(e.DaysUntilForcedReboot)
	e.Hotpatch = copyOf(e.Hotpatch)
	e.Extra = maps.Clone(e.Extra)
	return e
}

func copyOf[T any](p *T) *T {
	if p == nil {
		return nil
	}
	return new(*p)
}
