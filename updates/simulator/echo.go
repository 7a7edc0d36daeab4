package simulator

import (
	"strconv"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// object renders the settings as the service does: all parts are present, and null if not set.
func (s settings) object() object {
	o := object{"schedule": nil, "monitoring": nil, "contentApplicability": nil, "userExperience": nil, "expedite": nil}
	if s.schedule != nil {
		o["schedule"] = s.schedule.object()
	}
	if s.monitoring != nil {
		o["monitoring"] = s.monitoring.object()
	}
	if s.applicability != nil {
		o["contentApplicability"] = s.applicability.object()
	}
	if s.experience != nil {
		o["userExperience"] = s.experience.object()
	}
	if s.expedite != nil {
		o["expedite"] = object{"isExpedited": s.expedite.expedited, "isReadinessTest": s.expedite.readinessTest}
	}
	return o
}

func (s *schedule) object() object {
	o := object{"startDateTime": nil, "gradualRollout": s.rollout.object()}
	if s.start != nil {
		o["startDateTime"] = odata.Timestamp(*s.start)
	}
	return o
}

func (r *rollout) object() object {
	o := object{"@odata.type": "#" + namespace + r.kind, "durationBetweenOffers": inDays(r.every)}
	switch r.kind {
	case rateDriven:
		o["devicesPerOffer"] = r.devices
	case dateDriven:
		o["endDateTime"] = odata.Timestamp(r.end)
	case durationDriven:
		o["durationUntilDeploymentEnd"] = inDays(r.lasts)
	}
	return o
}

// noDays is how the service writes a duration of zero.
const noDays = "PT0S"

func inDays(n int) string {
	if n == 0 {
		return noDays
	}
	return "P" + strconv.Itoa(n) + "D"
}

func (m *monitoring) object() object {
	rules := []any{}
	for _, r := range m.rules {
		rules = append(rules, object{
			"@odata.type": "#" + namespace + "monitoringRule",
			"signal":      r.signal,
			"action":      r.action,
			"threshold":   orNull(r.threshold),
		})
	}
	return object{"monitoringRules": rules}
}

func (a *applicability) object() object {
	vendors := []any{}
	for _, vendor := range a.recommendedBy {
		vendors = append(vendors, vendor)
	}
	o := object{"offerWhileRecommendedBy": vendors, "safeguard": nil}
	if a.safeguard != nil {
		profiles := []any{}
		for _, category := range *a.safeguard {
			profiles = append(profiles, object{"category": category})
		}
		o["safeguard"] = object{"disabledSafeguardProfiles": profiles}
	}
	return o
}

func (e *experience) object() object {
	return object{
		"daysUntilForcedReboot": orNull(e.daysUntilReboot),
		"isHotpatchEnabled":     orNull(e.hotpatch),
		"offerAsOptional":       orNull(e.optional),
	}
}
