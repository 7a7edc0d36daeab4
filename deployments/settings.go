package deployments

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Settings are how, when, and under which conditions an update is offered. Start from the
// zero Settings, which offer it to all members simultaneously, as soon as there are any.
// Zero parts are not sent.
//
// The methods return a changed copy, so they chain; each sets the field that its
// documentation names.
type Settings struct {
	// Schedule is when, and how fast, the update is offered.
	Schedule Schedule `json:"schedule,omitzero"`
	// Monitoring has rules that react to problems. It is for feature updates only.
	Monitoring Monitoring `json:"monitoring,omitzero"`
	// Applicability is which devices the update applies to. It is for feature updates
	// and drivers.
	Applicability Applicability `json:"contentApplicability,omitzero"`
	// UserExperience is how users of the devices experience the update.
	UserExperience UserExperience `json:"userExperience,omitzero"`
	// Expedite expedites the update. It is for quality updates only.
	Expedite Expedite `json:"expedite,omitzero"`
	// Extra has unknown properties of the settings.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// part is one of the parts of Settings. Each part also compares itself with a part that
// was read: isAppliedTo reports whether that certainly has all of it, and matches whether
// it may be what the service made of it. The two differ in what a property that could not be
// read counts as. Extra cannot be compared.
type part interface {
	// names returns the names of its field in Settings and Update, and in JSON.
	names() (field, property string)
	isZero() bool
	check(field string) error
	// detach copies what the part points to.
	detach()
	writer
}

// parts is the only list of the parts. [Update.changes] has their changes.
func (s *Settings) parts() []part {
	return []part{&s.Schedule, &s.Monitoring, &s.Applicability, &s.UserExperience, &s.Expedite}
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

// PausingOnRollbacks adds a rule to Monitoring.Rules, or replaces that of an earlier call. The service
// pauses the deployment when percent of the devices, 1 to 100, roll the update back.
func (s Settings) PausingOnRollbacks(percent int) Settings {
	return s.monitoredBy(PauseOnRollbacks(percent))
}

// AlertingOnRollbacks adds a rule to Monitoring.Rules, or replaces that of an earlier call. The service
// raises an alert when percent of the devices, 1 to 100, roll the update back. The alert is in Windows
// Update for Business reports, not in this API.
func (s Settings) AlertingOnRollbacks(percent int) Settings {
	return s.monitoredBy(AlertOnRollbacks(percent))
}

// FallingBackWhenIneligible adds a rule to Monitoring.Rules: devices that are not eligible for the deployed
// Windows 11 are offered Windows 10, version 22H2. That version is out of support without Extended Security
// Updates (ESU).
func (s Settings) FallingBackWhenIneligible() Settings {
	return s.monitoredBy(FallBackWhenIneligible())
}

// OfferedAsOptional sets UserExperience.OfferAsOptional to true.
func (s Settings) OfferedAsOptional() Settings {
	s = s.copied()
	s.UserExperience.OfferAsOptional = new(true)
	return s
}

// OfferedAsRequired sets UserExperience.OfferAsOptional to false, and false is sent.
func (s Settings) OfferedAsRequired() Settings {
	s = s.copied()
	s.UserExperience.OfferAsOptional = new(false)
	return s
}

// RestartingWithin sets UserExperience.DaysUntilForcedReboot; 0 restarts a device
// immediately. It is for expedited updates.
func (s Settings) RestartingWithin(days int) Settings {
	s = s.copied()
	s.UserExperience.DaysUntilForcedReboot = &days
	return s
}

// DisregardingLikelyIssues adds [SafeguardLikelyIssues] to
// Applicability.Safeguard.DisabledProfiles, unless the list has it: devices on which a
// problem is likely are offered the update too.
func (s Settings) DisregardingLikelyIssues() Settings {
	s = s.copied()
	profiles := &s.Applicability.Safeguard.DisabledProfiles
	if !slices.ContainsFunc(*profiles, func(p SafeguardProfile) bool { return p.Category == SafeguardLikelyIssues }) {
		*profiles = append(*profiles, SafeguardProfile{Category: SafeguardLikelyIssues})
	}
	return s
}

// OfferedWhileRecommendedBy sets Applicability.OfferWhileRecommendedBy: a driver is offered to a device as
// long as one of the vendors, such as "Microsoft", recommends the driver for it. Without vendors, an empty
// list is sent.
func (s Settings) OfferedWhileRecommendedBy(vendors ...string) Settings {
	s = s.copied()
	s.Applicability.OfferWhileRecommendedBy = append([]string{}, vendors...)
	return s
}

// OfferingHotpatches sets UserExperience.Hotpatch to true. It is for update policies.
func (s Settings) OfferingHotpatches() Settings {
	s = s.copied()
	s.UserExperience.Hotpatch = new(true)
	return s
}

// WithholdingHotpatches sets UserExperience.Hotpatch to false, and false is sent. It is for
// update policies.
func (s Settings) WithholdingHotpatches() Settings {
	s = s.copied()
	s.UserExperience.Hotpatch = new(false)
	return s
}

// monitoredBy replaces the rule with the same signal and action, if there is one.
func (s Settings) monitoredBy(rule MonitoringRule) Settings {
	s = s.copied()
	isSame := func(r MonitoringRule) bool { return r.Signal == rule.Signal && r.Action == rule.Action }
	if i := slices.IndexFunc(s.Monitoring.Rules, isSame); i >= 0 {
		s.Monitoring.Rules[i] = rule
		return s
	}
	s.Monitoring.Rules = append(s.Monitoring.Rules, rule)
	return s
}

// with returns a copy in which the parts that other sets, and its Extra, replace those of s.
func (s Settings) with(other Settings) Settings {
	merged, other := s.copied(), other.copied()
	set := func(p part) bool { return !p.isZero() }
	if set(&other.Schedule) {
		merged.Schedule = other.Schedule
	}
	if set(&other.Monitoring) {
		merged.Monitoring = other.Monitoring
	}
	if set(&other.Applicability) {
		merged.Applicability = other.Applicability
	}
	if set(&other.UserExperience) {
		merged.UserExperience = other.UserExperience
	}
	if set(&other.Expedite) {
		merged.Expedite = other.Expedite
	}
	if len(other.Extra) > 0 {
		merged.Extra = other.Extra
	}
	return merged
}

// Validate checks the settings locally, without a request. The error is apierr.ErrInvalid
// and joins an [apierr.FieldError] for each value that the service is known to reject.
func (s Settings) Validate() error {
	var errs []error
	sent := map[string]bool{}
	for _, p := range s.parts() {
		field, property := p.names()
		errs = append(errs, p.check("Settings."+field))
		sent[property] = !p.isZero()
	}
	return errors.Join(append(errs, wire.CheckExtra("Settings", s.Extra, sent))...)
}

func (s Settings) isZero() bool {
	return len(s.Extra) == 0 && !slices.ContainsFunc(s.parts(), func(p part) bool { return !p.isZero() })
}

// Clone returns a copy that shares nothing with s that can be changed.
func (s Settings) Clone() Settings { return s.copied() }

// copied shares nothing with s that can be changed.
func (s Settings) copied() Settings {
	for _, p := range s.parts() {
		p.detach()
	}
	s.Extra = maps.Clone(s.Extra)
	return s
}

// ContainedIn reports whether read certainly has every value that s sets. Use it to check
// whether a change has been applied. Values that the service fills in are ignored. Extra
// cannot be compared and does not count as equal, nor does a property that could not be read;
// see [Settings.Unread].
func (s Settings) ContainedIn(read Settings) bool {
	contained := func(p part, isApplied bool) bool {
		_, property := p.names()
		return p.isZero() || compared(property, isApplied, false, read.Extra)
	}
	return len(s.Extra) == 0 &&
		contained(&s.Schedule, s.Schedule.isAppliedTo(read.Schedule)) &&
		contained(&s.Monitoring, s.Monitoring.isAppliedTo(read.Monitoring)) &&
		contained(&s.Applicability, s.Applicability.isAppliedTo(read.Applicability)) &&
		contained(&s.UserExperience, s.UserExperience.isAppliedTo(read.UserExperience)) &&
		contained(&s.Expedite, s.Expedite.isAppliedTo(read.Expedite))
}

// EquivalentTo reports whether read may be what the service made of s. Use it to find a
// deployment by its settings, or to detect that another program has changed some.
//
// Unlike [Settings.ContainedIn], a value that is zero in s must be absent from read too.
// UserExperience is the exception: the service fills in values that s leaves out. Extra,
// unknown kinds of rollouts, and properties that could not be read are not compared.
func (s Settings) EquivalentTo(read Settings) bool {
	equivalent := func(p part, matches bool) bool {
		_, property := p.names()
		return compared(property, matches, true, s.Extra, read.Extra)
	}
	return equivalent(&s.Schedule, s.Schedule.matches(read.Schedule)) &&
		equivalent(&s.Monitoring, s.Monitoring.matches(read.Monitoring)) &&
		equivalent(&s.Applicability, s.Applicability.matches(read.Applicability)) &&
		equivalent(&s.UserExperience, s.UserExperience.matches(read.UserExperience)) &&
		equivalent(&s.Expedite, s.Expedite.matches(read.Expedite))
}
