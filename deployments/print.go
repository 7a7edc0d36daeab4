package deployments

import (
	"fmt"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// String returns ID, content, audience, state, and settings in one line.
func (d Deployment) String() string {
	text := fmt.Sprintf("deployment %s of %v", d.ID, d.Content)
	if d.Audience.ID != "" {
		text += " to audience " + d.Audience.ID
	}
	return wire.Line("; ", text, d.State.String(), d.Settings.String(), wire.ExtraNames(d.Extra))
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
	text := string(s.Effective)
	if text == "" {
		text = "unknown state"
	}
	if s.Requested != "" && s.Requested != RequestNone {
		text += ", requested " + string(s.Requested)
	}
	if len(s.Reasons) > 0 {
		text += " (" + wire.Listed(s.Reasons) + ")"
	}
	return wire.Line(", ", text, wire.ExtraNames(s.Extra))
}

// String returns the value.
func (r Reason) String() string { return wire.Line(", ", string(r.Value), wire.ExtraNames(r.Extra)) }

// String returns kind, entry, audience, and settings in one line.
func (s Spec) String() string {
	text := wire.Line(" ", "deployment of", shortKind(string(s.Kind)), s.EntryID)
	if s.AudienceID != "" {
		text += " to audience " + s.AudienceID
	}
	return wire.Line("; ", text, s.Settings.String(), wire.ExtraNames(s.Extra))
}

// String returns the settings in one line, such as "100 devices every 7 days, rollback at 5%:
// pauseDeployment".
func (s Settings) String() string {
	return wire.Line(", ", s.Schedule.String(), s.Monitoring.String(), s.Applicability.String(),
		s.UserExperience.String(), s.Expedite.String(), wire.ExtraNames(s.Extra))
}

// String returns rollout and start.
func (s Schedule) String() string {
	text := "all devices simultaneously"
	if s.Rollout != nil {
		text = fmt.Sprint(s.Rollout)
	}
	if !s.Start.IsZero() {
		text += " from " + timestamp(s.Start)
	}
	return wire.Line(", ", text, wire.ExtraNames(s.Extra))
}

// String returns the rollout, such as "100 devices every 7 days".
func (r RateDriven) String() string {
	return wire.Line(" ", counted(r.DevicesPerOffer, "device"), r.RolloutBase.text())
}

// String returns the rollout, such as "every 7 days until 2026-12-24T06:00:00Z".
func (r DateDriven) String() string { return r.text() + " until " + timestamp(r.End) }

// String returns the rollout, such as "every 7 days for 28 days".
func (r DurationDriven) String() string {
	return r.text() + " for " + counted(int(r.Length), "day")
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
	return wire.Line(", ", every, wire.ExtraNames(b.Extra))
}

// String returns the rules; empty for none.
func (m Monitoring) String() string {
	return wire.Line(", ", wire.Listed(m.Rules), wire.ExtraNames(m.Extra))
}

// String returns the rule, such as "rollback at 5%: pauseDeployment".
func (r MonitoringRule) String() string {
	signal := string(r.Signal)
	if r.Threshold != 0 {
		signal += fmt.Sprintf(" at %d%%", r.Threshold)
	}
	return wire.Line(", ", signal+": "+string(r.Action), wire.ExtraNames(r.Extra))
}

// String returns the applicability; empty if nothing is set.
func (a Applicability) String() string {
	vendors := ""
	if len(a.OfferWhileRecommendedBy) > 0 {
		vendors = "recommended by " + strings.Join(a.OfferWhileRecommendedBy, " or ")
	}
	return wire.Line(", ", vendors, a.Safeguard.String(), wire.ExtraNames(a.Extra))
}

// String returns the safeguard holds that are disregarded; empty for none.
func (s Safeguard) String() string {
	holds := ""
	if len(s.DisabledProfiles) > 0 {
		holds = "disregarding " + wire.Listed(s.DisabledProfiles)
	}
	return wire.Line(", ", holds, wire.ExtraNames(s.Extra))
}

// String returns the category.
func (p SafeguardProfile) String() string {
	return wire.Line(", ", string(p.Category), wire.ExtraNames(p.Extra))
}

// String returns the user experience; empty if nothing is set.
func (e UserExperience) String() string {
	days := ""
	if e.DaysUntilForcedReboot != nil {
		days = "restart within " + counted(*e.DaysUntilForcedReboot, "day")
	}
	return wire.Line(", ", either(e.OfferAsOptional, "optional", "required"), days,
		either(e.Hotpatch, "with hotpatches", "without hotpatches"), wire.ExtraNames(e.Extra))
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
	return wire.Line(", ", text, wire.ExtraNames(e.Extra))
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
