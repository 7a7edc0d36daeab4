package deployments

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// String returns ID, content, audience, state, and settings on one line.
func (d Deployment) String() string {
	text := wire.Line(" ", "deployment", d.ID, "of", wire.Known(d.Extra, "content", d.Content.String()),
		wire.Known(d.Extra, "audience", wire.Named("to audience", d.Audience.ID)))
	return wire.Line("; ", text, wire.Known(d.Extra, "state", d.State.String()),
		wire.Known(d.Extra, "settings", d.Settings.String()), wire.ExtraNames(d.Extra))
}

// String returns kind and ID of the entry, such as "featureUpdate c5f3a1c2-…".
func (c Content) String() string {
	if c.EntryID == "" && c.Kind == "" {
		return wire.Line(", ", "unknown content", wire.ExtraNames(c.Extra))
	}
	return wire.Line(", ", wire.Line(" ", shortKind(string(c.Kind)), c.EntryID), wire.ExtraNames(c.Extra))
}

// String returns the state, such as "paused, requested paused (pausedByRequest)".
func (s State) String() string {
	text := wire.Known(s.Extra, "effectiveValue", cmp.Or(string(s.Effective), "unknown state"))
	requested := ""
	if s.Requested != RequestNone {
		requested = wire.Named("requested", string(s.Requested))
	}
	text = wire.Line(", ", text, wire.Known(s.Extra, "requestedValue", requested))
	if len(s.Reasons) > 0 {
		text += " (" + wire.Listed(s.Reasons) + ")"
	}
	return wire.Line(", ", text, wire.Known(s.Extra, "reasons", ""), wire.ExtraNames(s.Extra))
}

// String returns the value.
func (r Reason) String() string {
	return wire.Line(", ", wire.Known(r.Extra, "value", string(r.Value)), wire.ExtraNames(r.Extra))
}

// String returns kind, entry, audience, and settings on one line.
func (s Spec) String() string {
	text := wire.Line(" ", "deployment of", shortKind(string(s.Kind)), s.EntryID)
	if s.AudienceID != "" {
		text += " to audience " + s.AudienceID
	}
	return wire.Line("; ", text, s.Settings.String(), wire.ExtraNames(s.Extra))
}

// String returns the settings on one line, such as "100 devices every 7 days, rollback at 5%:
// pauseDeployment".
func (s Settings) String() string {
	return wire.Line(", ", wire.Known(s.Extra, "schedule", s.Schedule.String()),
		wire.Known(s.Extra, "monitoring", s.Monitoring.String()),
		wire.Known(s.Extra, "contentApplicability", s.Applicability.String()),
		wire.Known(s.Extra, "userExperience", s.UserExperience.String()),
		wire.Known(s.Extra, "expedite", s.Expedite.String()), wire.ExtraNames(s.Extra))
}

// String returns rollout and start.
func (s Schedule) String() string {
	text := "all devices simultaneously"
	if s.Rollout != nil {
		text = fmt.Sprint(s.Rollout)
	}
	start := ""
	if !s.Start.IsZero() {
		start = "from " + timestamp(s.Start)
	}
	text = wire.Line(" ", wire.Known(s.Extra, "gradualRollout", text), wire.Known(s.Extra, "startDateTime", start))
	return wire.Line(", ", text, wire.ExtraNames(s.Extra))
}

// String returns the rollout, such as "100 devices every 7 days".
func (r RateDriven) String() string {
	devices := counted(r.DevicesPerOffer, "device")
	if r.DevicesPerOffer == 0 {
		devices = wire.Known(r.Extra, oldRate, wire.Known(r.Extra, "devicesPerOffer", devices))
	}
	return wire.Line(" ", devices, r.RolloutBase.text())
}

// String returns the rollout, such as "every 7 days until 2026-12-24T06:00:00Z".
func (r DateDriven) String() string {
	return r.text() + " until " + wire.Known(r.Extra, "endDateTime", timestamp(r.End))
}

// String returns the rollout, such as "every 7 days for 28 days".
func (r DurationDriven) String() string {
	return r.text() + " for " + wire.Known(r.Extra, untilEnd, counted(int(r.Length), "day"))
}

// String returns the kind and the interval.
func (r UnknownRollout) String() string {
	return wire.Line(" ", "unknown rollout", r.Kind, r.RolloutBase.text())
}

// text is no String method, which the kinds would inherit.
func (b RolloutBase) text() string {
	every := "every day"
	if b.BetweenOffers > 1 {
		every = "every " + counted(int(b.BetweenOffers), "day")
	}
	return wire.Line(", ", wire.Known(b.Extra, "durationBetweenOffers", every), wire.ExtraNames(b.Extra))
}

// String returns the rules; empty for none.
func (m Monitoring) String() string {
	return wire.Line(", ", wire.Known(m.Extra, "monitoringRules", wire.Listed(m.Rules)), wire.ExtraNames(m.Extra))
}

// String returns the rule, such as "rollback at 5%: pauseDeployment".
func (r MonitoringRule) String() string {
	return wire.Line(", ", r.trigger()+": "+wire.Known(r.Extra, "action", string(r.Action)), wire.ExtraNames(r.Extra))
}

// trigger is the signal with its threshold.
func (r MonitoringRule) trigger() string {
	threshold := ""
	if r.Threshold != 0 {
		threshold = fmt.Sprintf("at %d%%", r.Threshold)
	}
	return wire.Line(" ", wire.Known(r.Extra, "signal", string(r.Signal)), wire.Known(r.Extra, "threshold", threshold))
}

// String returns the applicability; empty if nothing is set.
func (a Applicability) String() string {
	vendors := ""
	if len(a.OfferWhileRecommendedBy) > 0 {
		vendors = "recommended by " + strings.Join(a.OfferWhileRecommendedBy, " or ")
	}
	return wire.Line(", ", wire.Known(a.Extra, "offerWhileRecommendedBy", vendors),
		wire.Known(a.Extra, "safeguard", a.Safeguard.String()), wire.ExtraNames(a.Extra))
}

// String returns the safeguard holds that are disregarded; empty for none.
func (s Safeguard) String() string {
	holds := ""
	if len(s.DisabledProfiles) > 0 {
		holds = "disregarding " + wire.Listed(s.DisabledProfiles)
	}
	return wire.Line(", ", wire.Known(s.Extra, "disabledSafeguardProfiles", holds), wire.ExtraNames(s.Extra))
}

// String returns the category.
func (p SafeguardProfile) String() string {
	return wire.Line(", ", wire.Known(p.Extra, "category", string(p.Category)), wire.ExtraNames(p.Extra))
}

// String returns the user experience; empty if nothing is set.
func (e UserExperience) String() string {
	days := ""
	if e.DaysUntilForcedReboot != nil {
		days = "restart within " + counted(*e.DaysUntilForcedReboot, "day")
	}
	return wire.Line(", ", wire.Known(e.Extra, "offerAsOptional", either(e.OfferAsOptional, "optional", "required")),
		wire.Known(e.Extra, "daysUntilForcedReboot", days),
		wire.Known(e.Extra, "isHotpatchEnabled", either(e.Hotpatch, "with hotpatches", "without hotpatches")),
		wire.ExtraNames(e.Extra))
}

// String returns "expedited" or "readiness test"; empty for neither.
func (e Expedite) String() string {
	text := ""
	switch {
	case e.ReadinessTest:
		text = "readiness test"
	case e.Expedited:
		text = "expedited"
	}
	return wire.Line(", ", wire.Known(e.Extra, "isExpedited", text), wire.Known(e.Extra, "isReadinessTest", ""),
		wire.ExtraNames(e.Extra))
}

func either(value *bool, yes, no string) string {
	switch {
	case value == nil:
		return ""
	case *value:
		return yes
	}
	return no
}

// shortKind leaves out the ending that the service's names of kinds have in common.
func shortKind(kind string) string { return strings.TrimSuffix(kind, "CatalogEntry") }

func timestamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
