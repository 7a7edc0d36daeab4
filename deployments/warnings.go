package deployments

import (
	"fmt"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// Warning is about a value that is valid, but is ignored by the service or perhaps not meant.
// Warnings never keep a call from being sent; print them before you deploy.
type Warning struct {
	// Field is the path of the value, such as "Settings.Schedule.Rollout.End".
	Field string `json:"field"`
	// Text says what happens.
	Text string `json:"text"`
}

// String returns field and text on one line.
func (w Warning) String() string { return wire.Line(": ", w.Field, w.Text) }

// endOfWindows10 is the end of service of Windows 10, version 22H2, the last one.
var endOfWindows10 = time.Date(2025, 10, 14, 0, 0, 0, 0, time.UTC)

// Warnings returns values that are valid, but perhaps not meant. An example is a rollout whose end has
// passed, which offers the update to all devices immediately. Use it before you deploy; [Settings.Timetable]
// includes the warnings. now is when the deployment is created. Nil means that there are none.
func (s Settings) Warnings(now time.Time) []Warning {
	var all []Warning
	for _, name := range s.allUnread() {
		all = append(all, Warning{"Settings." + name, "could not be read, so it is unknown what it does"})
	}
	all = append(all, s.Schedule.warnings(now)...)
	all = append(all, s.Monitoring.warnings(now)...)
	if slices.ContainsFunc(s.Applicability.Safeguard.DisabledProfiles, disregardsLikelyIssues) {
		const text = "devices that are likely to have a problem are offered the update"
		all = append(all, Warning{"Settings.Applicability.Safeguard.DisabledProfiles", text})
	}
	return append(all, s.restartWarnings()...)
}

func disregardsLikelyIssues(p SafeguardProfile) bool { return p.Category == SafeguardLikelyIssues }

func (s Schedule) warnings(now time.Time) []Warning {
	var all []Warning
	if !s.Start.IsZero() && s.Start.Before(now) {
		const text = "has passed, so offering begins as soon as there are members"
		all = append(all, Warning{"Settings.Schedule.Start", text})
	}
	if len(s.Unread()) > 0 || len(rolloutUnread(s.Rollout)) > 0 || wire.IsNil(s.Rollout) {
		return all
	}
	start, every := wire.Later(s.Start, now), s.Rollout.Common().BetweenOffers
	switch r := s.Rollout.(type) {
	case *DateDriven:
		if !r.End.After(start) {
			const text = "has passed, so all devices are offered the update immediately"
			return append(all, Warning{"Settings.Schedule.Rollout.End", text})
		}
		return append(all, oneStepWarnings("Settings.Schedule.Rollout.End", wire.DaysUntil(start, r.End), every)...)
	case *DurationDriven:
		return append(all, oneStepWarnings("Settings.Schedule.Rollout.Length", int64(r.Length), every)...)
	}
	return all
}

func oneStepWarnings(field string, days int64, every Days) []Warning {
	if wire.TakesSteps(days, every) {
		return nil
	}
	return []Warning{{field, "leaves time for one step, so all devices are offered the update simultaneously"}}
}

func (m Monitoring) warnings(now time.Time) []Warning {
	for i, rule := range m.Rules {
		if rule.Action == ActionOfferFallback && now.After(endOfWindows10) {
			text := "offers Windows 10, version 22H2, which has been out of support since " + date(endOfWindows10) +
				" without Extended Security Updates"
			return []Warning{{fmt.Sprintf("Settings.Monitoring.Rules[%d]", i), text}}
		}
	}
	return nil
}

func (s Settings) restartWarnings() []Warning {
	const field = "Settings.UserExperience.DaysUntilForcedReboot"
	days := s.UserExperience.DaysUntilForcedReboot
	switch {
	case days == nil || len(s.expediteUnread()) > 0:
		return nil
	case !s.Expedite.Expedited:
		return []Warning{{field, "is ignored unless the update is expedited"}}
	case s.Expedite.ReadinessTest:
		return []Warning{{field, "is ignored by a readiness test, which installs nothing"}}
	case *days == 0:
		return []Warning{{field, "restarts devices as soon as the update is installed"}}
	}
	return nil
}

// Warnings returns the warnings of the settings, and what the service is documented to ignore
// for the kind of the entry. Use it before [Client.Create].
func (s Spec) Warnings(now time.Time) []Warning {
	all := append(s.Settings.Warnings(now), s.Settings.kindWarnings(s.Kind)...)
	if s.Settings.UserExperience.Hotpatch != nil {
		all = append(all, Warning{"Settings.UserExperience.Hotpatch", "is ignored except in update policies"})
	}
	switch {
	case s.Kind == catalog.KindDriver:
		const text = "the service documents no deployments of drivers; approve them with package updatepolicies or policies"
		all = append(all, Warning{"Kind", text})
	case s.Kind == catalog.KindQuality && !s.Settings.Expedite.Expedited && len(s.Settings.expediteUnread()) == 0:
		const text = "the service documents only expedited deployments of quality updates; " +
			"approve others with package updatepolicies or policies"
		all = append(all, Warning{"Settings.Expedite.Expedited", text})
	}
	return all
}

// kindWarnings are about parts that the service ignores for a kind. There are no warnings about an unknown
// kind.
func (s Settings) kindWarnings(kind catalog.Kind) []Warning {
	var all []Warning
	ignored := func(field string, isSet bool, only catalog.Kind, updates string) {
		isOther := kind != only && slices.Contains(knownKinds, kind)
		if isSet && isOther {
			all = append(all, Warning{"Settings." + field, "is ignored except for " + updates})
		}
	}
	hasVendors := len(s.Applicability.OfferWhileRecommendedBy) > 0
	hasProfiles := len(s.Applicability.Safeguard.DisabledProfiles) > 0
	ignored("Applicability.OfferWhileRecommendedBy", hasVendors, catalog.KindDriver, "drivers")
	ignored("Applicability.Safeguard.DisabledProfiles", hasProfiles, catalog.KindFeature, "feature updates")
	ignored("UserExperience.OfferAsOptional", s.UserExperience.OfferAsOptional != nil, catalog.KindFeature,
		"feature updates")
	return all
}

// For returns a copy that also warns if the rollout outlives the update, or if the end of the update could
// not be read. Pass the entry from the catalog, or nil, and the end of service of its version, from
// catalog.ProductClient. If the end of service is unknown, pass the zero time.
func (t Timetable) For(entry catalog.Entry, endOfService time.Time) Timetable {
	t.Warnings = slices.Clone(t.Warnings)
	if !wire.IsNil(entry) {
		t = t.endingWith(entry.Common())
	}
	return t.endingBy(endOfService, "in service until")
}

func (t Timetable) endingWith(entry *catalog.Base) Timetable {
	if len(wire.Unread(entry.Extra, "deployableUntilDateTime")) > 0 {
		const text = "deployableUntilDateTime of the update could not be read, so it is unknown whether the last step begins in time"
		t.Warnings = append(t.Warnings, Warning{"Settings.Schedule", text})
	}
	return t.endingBy(entry.DeployableUntil, "deployable until")
}

// endingBy warns if the last step begins later. The zero time is none.
func (t Timetable) endingBy(end time.Time, what string) Timetable {
	if last := t.Last().At; !end.IsZero() && last.After(end) {
		text := fmt.Sprintf("the last step begins on %s, but the update is %s %s", date(last), what, date(end))
		t.Warnings = append(t.Warnings, Warning{"Settings.Schedule", text})
	}
	return t
}
