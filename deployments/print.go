package deployments

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"
)

// String returns ID, content, audience, state, and settings in one line.
func (d Deployment) String() string {
	text := fmt.Sprintf("deployment %s of %v", d.ID, d.Content)
	if d.Audience.ID != "" {
		text += " to audience " + d.Audience.ID
	}
	return joined("; ", text, d.State.String(), d.Settings.String(), unknown(d.Extra))
}

// String returns kind and ID of the entry, such as "featureUpdate c5f3a1c2-…".
func (c Content) String() string {
	if c.EntryID == "" && c.Kind == "" {
		return joined(", ", "unknown content", unknown(c.Extra))
	}
	return joined(", ", joined(" ", shortKind(string(c.Kind)), c.EntryID), unknown(c.Extra))
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
		text += " (" + listed(s.Reasons) + ")"
	}
	return joined(", ", text, unknown(s.Extra))
}

// String returns the value.
func (r Reason) String() string { return joined(", ", string(r.Value), unknown(r.Extra)) }

// String returns kind, entry, audience, and settings in one line.
func (s Spec) String() string {
	text := joined(" ", "deployment of", shortKind(string(s.Kind)), s.EntryID)
	if s.AudienceID != "" {
		text += " to audience " + s.AudienceID
	}
	return joined("; ", text, s.Settings.String(), unknown(s.Extra))
}

// String returns the settings in one line, such as "100 devices every 7 days, rollback at 5%:
// pauseDeployment".
func (s Settings) String() string {
	return joined(", ", s.Schedule.String(), s.Monitoring.String(), s.Applicability.String(),
		s.UserExperience.String(), s.Expedite.String(), unknown(s.Extra))
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
	return joined(", ", text, unknown(s.Extra))
}

// String returns the rollout, such as "100 devices every 7 days".
func (r RateDriven) String() string {
	return joined(" ", counted(r.DevicesPerOffer, "device"), r.RolloutBase.text())
}

// String returns the rollout, such as "every 7 days until 2026-12-24T06:00:00Z".
func (r DateDriven) String() string { return r.text() + " until " + timestamp(r.End) }

// String returns the rollout, such as "every 7 days for 28 days".
func (r DurationDriven) String() string { return r.text() + " for " + counted(int(r.Length), "day") }

// String returns the kind and the interval.
func (r UnknownRollout) String() string {
	return joined(" ", "unknown rollout", r.Kind, r.RolloutBase.text())
}

// text is no String method, which the kinds would inherit.
func (b RolloutBase) text() string {
	every := "every day"
	if b.BetweenOffers > 1 {
		every = "every " + counted(int(b.BetweenOffers), "day")
	}
	return joined(", ", every, unknown(b.Extra))
}

// String returns the rules; empty for none.
func (m Monitoring) String() string { return joined(", ", listed(m.Rules), unknown(m.Extra)) }

// String returns the rule, such as "rollback at 5%: pauseDeployment".
func (r MonitoringRule) String() string {
	signal := string(r.Signal)
	if r.Threshold != 0 {
		signal += fmt.Sprintf(" at %d%%", r.Threshold)
	}
	return joined(", ", signal+": "+string(r.Action), unknown(r.Extra))
}

// String returns the applicability; empty if nothing is set.
func (a Applicability) String() string {
	vendors := ""
	if len(a.OfferWhileRecommendedBy) > 0 {
		vendors = "recommended by " + strings.Join(a.OfferWhileRecommendedBy, " or ")
	}
	return joined(", ", vendors, a.Safeguard.String(), unknown(a.Extra))
}

// String returns the safeguard holds that are disregarded; empty for none.
func (s Safeguard) String() string {
	holds := ""
	if len(s.DisabledProfiles) > 0 {
		holds = "disregarding " + listed(s.DisabledProfiles)
	}
	return joined(", ", holds, unknown(s.Extra))
}

// String returns the category.
func (p SafeguardProfile) String() string { return joined(", ", string(p.Category), unknown(p.Extra)) }

// String returns the user experience; empty if nothing is set.
func (e UserExperience) String() string {
	days := ""
	if e.DaysUntilForcedReboot != nil {
		days = "restart within " + counted(*e.DaysUntilForcedReboot, "day")
	}
	return joined(", ", either(e.OfferAsOptional, "optional", "required"), days,
		either(e.Hotpatch, "with hotpatches", "without hotpatches"), unknown(e.Extra))
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
	return joined(", ", text, unknown(e.Extra))
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

func listed[T fmt.Stringer](items []T) string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = item.String()
	}
	return strings.Join(texts, ", ")
}

func unknown(extra map[string]json.RawMessage) string {
	if len(extra) == 0 {
		return ""
	}
	return "extra " + strings.Join(slices.Sorted(maps.Keys(extra)), ", ")
}

// joined leaves out empty texts, and keeps values of the service in one line.
func joined(separator string, texts ...string) string {
	text := strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), separator)
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
