package deployments

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (d Deployment) Unread() []string {
	return wire.Unread(d.Extra, "id", "state", "content", "settings", "audience", "createdDateTime",
		"lastModifiedDateTime")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (c Content) Unread() []string { return wire.Unread(c.Extra, "catalogEntry") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (s State) Unread() []string {
	return wire.Unread(s.Extra, "effectiveValue", "requestedValue", "reasons")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (r Reason) Unread() []string { return wire.Unread(r.Extra, "value") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero. Each part has a method of the same name for its own properties.
func (s Settings) Unread() []string {
	return wire.Unread(s.Extra, "schedule", "monitoring", "contentApplicability", "userExperience", "expedite")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (s Schedule) Unread() []string { return wire.Unread(s.Extra, "startDateTime", "gradualRollout") }

// Unread names the known properties that could not be read, among them a duration that is
// not whole days. They are in Extra, and their fields are zero.
func (b RolloutBase) Unread() []string { return wire.Unread(b.Extra, "durationBetweenOffers") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (r RateDriven) Unread() []string {
	if r.DevicesPerOffer != 0 {
		return r.RolloutBase.Unread()
	}
	return wire.Unread(r.Extra, "durationBetweenOffers", "devicesPerOffer", oldRate)
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (r DateDriven) Unread() []string {
	return wire.Unread(r.Extra, "durationBetweenOffers", "endDateTime")
}

// Unread names the known properties that could not be read, among them a duration that is
// not whole days. They are in Extra, and their fields are zero.
func (r DurationDriven) Unread() []string {
	return wire.Unread(r.Extra, "durationBetweenOffers", untilEnd)
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (m Monitoring) Unread() []string { return wire.Unread(m.Extra, "monitoringRules") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (r MonitoringRule) Unread() []string {
	return wire.Unread(r.Extra, "signal", "threshold", "action")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (a Applicability) Unread() []string {
	return wire.Unread(a.Extra, "offerWhileRecommendedBy", "safeguard")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (s Safeguard) Unread() []string { return wire.Unread(s.Extra, "disabledSafeguardProfiles") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (p SafeguardProfile) Unread() []string { return wire.Unread(p.Extra, "category") }

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (e UserExperience) Unread() []string {
	return wire.Unread(e.Extra, "offerAsOptional", "daysUntilForcedReboot", "isHotpatchEnabled")
}

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (e Expedite) Unread() []string { return wire.Unread(e.Extra, "isExpedited", "isReadinessTest") }

// compared is the result of a comparison of a property, or ifUnread if one of the two values
// could not be read.
func compared(property string, equal, ifUnread bool, extras ...map[string]json.RawMessage) bool {
	for _, extra := range extras {
		if extra[property] != nil {
			return ifUnread
		}
	}
	return equal
}

// rolloutUnread names the properties of a rollout that could not be read.
func rolloutUnread(r Rollout) []string {
	reader, ok := r.(interface{ Unread() []string })
	if !ok || wire.IsNil(r) {
		return nil
	}
	return reader.Unread()
}

// scheduleUnread names the properties of the schedule that could not be read, by their paths.
func (s Settings) scheduleUnread() []string {
	names := wire.Unread(s.Extra, "schedule")
	names = append(names, under("schedule.", s.Schedule.Unread())...)
	return append(names, under("schedule.gradualRollout.", rolloutUnread(s.Schedule.Rollout))...)
}

// expediteUnread names the properties without which it is unknown whether an update is
// expedited.
func (s Settings) expediteUnread() []string {
	names := wire.Unread(s.Extra, "expedite")
	return append(names, under("expedite.", wire.Unread(s.Expedite.Extra, "isExpedited"))...)
}

// allUnread names the properties that could not be read of settings and all in them, by
// their paths.
func (s Settings) allUnread() []string {
	names := wire.Unread(s.Extra, "monitoring", "contentApplicability", "userExperience", "expedite")
	names = append(names, s.scheduleUnread()...)
	names = append(names, under("monitoring.", s.Monitoring.Unread())...)
	for _, rule := range s.Monitoring.Rules {
		names = append(names, under("monitoring.monitoringRules.", rule.Unread())...)
	}
	names = append(names, under("contentApplicability.", s.Applicability.Unread())...)
	names = append(names, under("contentApplicability.safeguard.", s.Applicability.Safeguard.Unread())...)
	for _, profile := range s.Applicability.Safeguard.DisabledProfiles {
		names = append(names, under("contentApplicability.safeguard.disabledSafeguardProfiles.", profile.Unread())...)
	}
	names = append(names, under("userExperience.", s.UserExperience.Unread())...)
	return append(names, under("expedite.", s.Expedite.Unread())...)
}

// stateUnread names the properties of the effective state that could not be read.
func (d *Deployment) stateUnread() []string {
	names := wire.Unread(d.Extra, "state")
	return append(names, under("state.", wire.Unread(d.State.Extra, "effectiveValue"))...)
}

// startUnread names the properties of the start that could not be read.
func (d *Deployment) startUnread() []string {
	names := wire.Unread(d.Extra, "settings")
	names = append(names, under("settings.", wire.Unread(d.Settings.Extra, "schedule"))...)
	return append(names, under("settings.schedule.", wire.Unread(d.Settings.Schedule.Extra, "startDateTime"))...)
}

// matchUnread names the properties without which it is unknown whether a deployment matches a
// spec.
func (d *Deployment) matchUnread() []string {
	names := wire.Unread(d.Extra, "content", "settings", "audience")
	return append(names, under("settings.", d.Settings.allUnread())...)
}

// pauseUnread names the properties without which it is unknown whether a monitoring rule
// paused the deployment; nil if it is known.
func (d *Deployment) pauseUnread() []string {
	if d.State.Effective != StatePaused && len(d.stateUnread()) == 0 {
		return nil
	}
	rules := d.rulesUnread()
	if len(rules) == 0 && !d.hasPausingRule() {
		return nil
	}
	names := append(d.stateUnread(), under("state.", d.State.reasonUnread())...)
	if d.hasPausingRule() || !d.State.maybePausedByRule() && len(names) == 0 {
		return names
	}
	return append(names, rules...)
}

// rulesUnread names the properties of the monitoring rules that could not be read, as far as
// they decide whether a rule pauses.
func (d *Deployment) rulesUnread() []string {
	names := wire.Unread(d.Extra, "settings")
	names = append(names, under("settings.", wire.Unread(d.Settings.Extra, "monitoring"))...)
	names = append(names, under("settings.monitoring.", d.Settings.Monitoring.Unread())...)
	for _, rule := range d.Settings.Monitoring.Rules {
		names = append(names, under("settings.monitoring.monitoringRules.", wire.Unread(rule.Extra, "action"))...)
	}
	return names
}

// reasonUnread names the properties without which it is unknown why a deployment is paused.
func (s State) reasonUnread() []string {
	if s.HasReason(ReasonPausedByMonitoring) {
		return nil
	}
	names := wire.Unread(s.Extra, "reasons")
	for _, reason := range s.Reasons {
		names = append(names, under("reasons.", reason.Unread())...)
	}
	if len(s.Reasons) == 0 {
		names = append(names, wire.Unread(s.Extra, "requestedValue")...)
	}
	return names
}

func under(path string, names []string) []string {
	for i := range names {
		names[i] = path + names[i]
	}
	return names
}

// unreadError says what is unknown because of properties that could not be read.
func unreadError(names []string, unknown string) error {
	return fmt.Errorf("%s could not be read, so it is unknown %s", strings.Join(names, ", "), unknown)
}
