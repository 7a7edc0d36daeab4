package deployments

import (
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func writeSpec(s Spec) models.Deploymentable {
	w := models.NewDeployment()
	w.SetContent(writeContent(s.Kind, s.EntryID))
	if s.AudienceID != "" {
		audience := models.NewDeploymentAudience()
		audience.SetId(&s.AudienceID)
		w.SetAudience(audience)
	}
	w.SetSettings(writeSettings(s.Settings))
	wire.AddExtra(w, s.Extra)
	return w
}

func writeContent(kind catalog.Kind, entryID string) models.CatalogContentable {
	entry := models.NewCatalogEntry()
	entry.SetOdataType(wire.LongType(string(kind)))
	entry.SetId(&entryID)
	content := models.NewCatalogContent()
	content.SetCatalogEntry(entry)
	return content
}

// writeSettings is nil when there is nothing to send.
func writeSettings(s Settings) models.DeploymentSettingsable {
	if s.isZero() {
		return nil
	}
	w := models.NewDeploymentSettings()
	if !s.Schedule.isZero() {
		w.SetSchedule(writeSchedule(s.Schedule))
	}
	if !s.Monitoring.isZero() {
		w.SetMonitoring(writeMonitoring(s.Monitoring))
	}
	if !s.Applicability.isZero() {
		w.SetContentApplicability(writeApplicability(s.Applicability))
	}
	if !s.UserExperience.isZero() {
		w.SetUserExperience(writeExperience(s.UserExperience))
	}
	if !s.Expedite.isZero() {
		w.SetExpedite(writeExpedite(s.Expedite))
	}
	wire.AddExtra(w, s.Extra)
	return w
}

func (s Settings) isZero() bool {
	return s.Schedule.isZero() && s.Monitoring.isZero() && s.Applicability.isZero() &&
		s.UserExperience.isZero() && s.Expedite.isZero() && len(s.Extra) == 0
}

func (s Schedule) isZero() bool {
	return s.Start.IsZero() && s.Rollout == nil && len(s.Extra) == 0
}

func (m Monitoring) isZero() bool { return m.Rules == nil && len(m.Extra) == 0 }

func (a Applicability) isZero() bool {
	return a.OfferWhileRecommendedBy == nil && a.Safeguard.isZero() && len(a.Extra) == 0
}

func (s Safeguard) isZero() bool { return s.DisabledProfiles == nil && len(s.Extra) == 0 }

func (e Expedite) isZero() bool { return !e.Expedited && !e.ReadinessTest && len(e.Extra) == 0 }

func (e UserExperience) isZero() bool {
	return e.OfferAsOptional == nil && e.DaysUntilForcedReboot == nil && e.Hotpatch == nil && len(e.Extra) == 0
}

func writeUpdate(u Update) models.Deploymentable {
	w := models.NewDeployment()
	if u.State != "" {
		state := models.NewDeploymentState()
		state.SetRequestedValue(new(string(u.State)))
		w.SetState(state)
	}
	if u.changesSettings() {
		w.SetSettings(writeChanges(u))
	}
	return w
}

func writeChanges(u Update) models.DeploymentSettingsable {
	w := models.NewDeploymentSettings()
	wire.Apply(w, "schedule", u.Schedule, func(s Schedule) { w.SetSchedule(writeSchedule(s)) })
	wire.Apply(w, "monitoring", u.Monitoring, func(m Monitoring) { w.SetMonitoring(writeMonitoring(m.replacing())) })
	wire.Apply(w, "contentApplicability", u.Applicability, func(a Applicability) { w.SetContentApplicability(writeApplicability(a)) })
	wire.Apply(w, "expedite", u.Expedite, func(e Expedite) { w.SetExpedite(writeExpedite(e)) })
	wire.Apply(w, "userExperience", u.UserExperience, func(e UserExperience) { w.SetUserExperience(writeExperience(e)) })
	wire.AddExtra(w, u.Extra)
	return w
}

// replacing says that there are no rules, where a new deployment says nothing.
func (m Monitoring) replacing() Monitoring {
	if m.Rules == nil {
		m.Rules = []MonitoringRule{}
	}
	return m
}

func writeSchedule(s Schedule) models.ScheduleSettingsable {
	w := models.NewScheduleSettings()
	w.SetStartDateTime(wire.Sent(s.Start))
	if s.Rollout != nil {
		w.SetGradualRollout(writeRollout(s.Rollout))
	}
	wire.AddExtra(w, s.Extra)
	return w
}

func writeRollout(r Rollout) models.GradualRolloutSettingsable {
	w := writeRolloutKind(r)
	if steps := r.Common(); steps.BetweenOffers != 0 {
		w.SetDurationBetweenOffers(new(steps.BetweenOffers.String()))
	}
	wire.AddExtra(w, r.Common().Extra)
	return w
}

func writeRolloutKind(r Rollout) models.GradualRolloutSettingsable {
	switch r := r.(type) {
	case *RateDriven:
		w := models.NewRateDrivenRolloutSettings()
		w.SetDevicesPerOffer(new(int32(r.DevicesPerOffer)))
		return w
	case *DateDriven:
		w := models.NewDateDrivenRolloutSettings()
		w.SetEndDateTime(wire.Sent(r.End))
		return w
	case *DurationDriven:
		w := models.NewDurationDrivenRolloutSettings()
		if r.Length != 0 {
			w.SetDurationUntilDeploymentEnd(new(r.Length.String()))
		}
		return w
	}
	w := models.NewGradualRolloutSettings()
	if unknown, ok := r.(*UnknownRollout); ok {
		w.SetOdataType(wire.LongType(unknown.Type))
	}
	return w
}

func writeMonitoring(m Monitoring) models.MonitoringSettingsable {
	w := models.NewMonitoringSettings()
	rules := make([]models.MonitoringRuleable, len(m.Rules))
	for i, rule := range m.Rules {
		rules[i] = writeRule(rule)
	}
	if m.Rules != nil {
		w.SetMonitoringRules(rules)
	}
	wire.AddExtra(w, m.Extra)
	return w
}

func writeRule(r MonitoringRule) models.MonitoringRuleable {
	w := models.NewMonitoringRule()
	w.SetSignal(new(string(r.Signal)))
	w.SetAction(new(string(r.Action)))
	if r.Threshold != 0 {
		w.SetThreshold(new(int32(r.Threshold)))
	}
	wire.AddExtra(w, r.Extra)
	return w
}

func writeExperience(e UserExperience) models.UserExperienceSettingsable {
	w := models.NewUserExperienceSettings()
	w.SetOfferAsOptional(e.OfferAsOptional)
	w.SetIsHotpatchEnabled(e.Hotpatch)
	if e.DaysUntilForcedReboot != nil {
		w.SetDaysUntilForcedReboot(new(int32(*e.DaysUntilForcedReboot)))
	}
	wire.AddExtra(w, e.Extra)
	return w
}

func writeApplicability(a Applicability) models.ContentApplicabilitySettingsable {
	w := models.NewContentApplicabilitySettings()
	w.SetOfferWhileRecommendedBy(a.OfferWhileRecommendedBy)
	if !a.Safeguard.isZero() {
		w.SetSafeguard(writeSafeguard(a.Safeguard))
	}
	wire.AddExtra(w, a.Extra)
	return w
}

func writeSafeguard(s Safeguard) models.SafeguardSettingsable {
	w := models.NewSafeguardSettings()
	if s.DisabledProfiles != nil {
		w.SetDisabledSafeguardProfiles(wire.Each(s.DisabledProfiles, writeProfile))
	}
	wire.AddExtra(w, s.Extra)
	return w
}

func writeProfile(p SafeguardProfile) models.SafeguardProfileable {
	w := models.NewSafeguardProfile()
	w.SetCategory(new(string(p.Category)))
	wire.AddExtra(w, p.Extra)
	return w
}

// writeExpedite says nothing of a readiness test that is none.
func writeExpedite(e Expedite) models.ExpediteSettingsable {
	w := models.NewExpediteSettings()
	w.SetIsExpedited(&e.Expedited)
	if e.ReadinessTest {
		w.SetIsReadinessTest(&e.ReadinessTest)
	}
	wire.AddExtra(w, e.Extra)
	return w
}
