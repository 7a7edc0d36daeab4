package deployments

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
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

// part is one of the parts of Settings. Each is also compared with one that was read:
// isAppliedTo reports whether that surely has all of it, and matches whether it may be
// what became of it. Of members in Extra nobody can tell.
type part interface {
	// names returns the name of its field in Settings and Update, and that in JSON.
	names() (field, property string)
	isZero() bool
	check(field string) error
	// detach copies what the part points to.
	detach()
	writer
}

// parts is the one list of them. [Update.changes] has their changes.
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

// DisregardingLikelyIssues adds [SafeguardLikelyIssues] to
// Applicability.Safeguard.DisabledProfiles, unless it is there: the update is
// offered also where a problem is likely.
func (s Settings) DisregardingLikelyIssues() Settings {
	s = s.copied()
	profiles := &s.Applicability.Safeguard.DisabledProfiles
	if !slices.ContainsFunc(*profiles, func(p SafeguardProfile) bool { return p.Category == SafeguardLikelyIssues }) {
		*profiles = append(*profiles, SafeguardProfile{Category: SafeguardLikelyIssues})
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

// Validate says what the service would refuse, without asking it: nil, or an
// error that is apierr.ErrInvalid and joins an [apierr.FieldError] for each
// problem. What is only unwise, or not documented, passes.
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

// ContainedIn reports whether settings that were read certainly have all that s sets:
// what the service fills in by itself does not matter, and of members in Extra
// nobody can tell. Use it to see whether a change has been applied.
func (s Settings) ContainedIn(read Settings) bool {
	return len(s.Extra) == 0 &&
		(s.Schedule.isZero() || s.Schedule.isAppliedTo(read.Schedule)) &&
		(s.Monitoring.isZero() || s.Monitoring.isAppliedTo(read.Monitoring)) &&
		(s.Applicability.isZero() || s.Applicability.isAppliedTo(read.Applicability)) &&
		(s.UserExperience.isZero() || s.UserExperience.isAppliedTo(read.UserExperience)) &&
		(s.Expedite.isZero() || s.Expedite.isAppliedTo(read.Expedite))
}

// EquivalentTo reports whether settings that were read may be s as it was sent, and nothing
// more. Unlike with ContainedIn, what is zero in s must be absent from read too, save in
// UserExperience, where the service fills in what was left to it. Members in Extra,
// and a rollout of a kind that this version does not know on either side, cannot be
// compared and are not. Use it to find, among what is listed, what was made with
// certain settings, or to notice that somebody has changed or added some since.
func (s Settings) EquivalentTo(read Settings) bool {
	return s.Schedule.matches(read.Schedule) && s.Monitoring.matches(read.Monitoring) &&
		s.Applicability.matches(read.Applicability) && s.UserExperience.matches(read.UserExperience) &&
		s.Expedite.matches(read.Expedite)
}
