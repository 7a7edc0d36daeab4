package deployments

import "github.com/winupdates/winupdates-go/internal/wire"

// Unread names the known properties that could not be read. They are in Extra, and their
// fields are zero.
func (d Deployment) Unread() []string {
	return wire.Unread(d.Extra, "id", "state", "content", "settings", "audience", "createdDateTime", "lastModifiedDateTime")
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
