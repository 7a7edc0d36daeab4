package deployments

import (
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readSettings(w models.DeploymentSettingsable) Settings {
	if w == nil {
		return Settings{}
	}
	return Settings{
		Schedule:       readSchedule(w.GetSchedule()),
		Monitoring:     readMonitoring(w.GetMonitoring()),
		Applicability:  readApplicability(w.GetContentApplicability()),
		UserExperience: readExperience(w.GetUserExperience()),
		Expedite:       readExpedite(w.GetExpedite()),
		Extra:          wire.Extra(w),
	}
}

func readSchedule(w models.ScheduleSettingsable) Schedule {
	if w == nil {
		return Schedule{}
	}
	return Schedule{Start: wire.Time(w.GetStartDateTime()), Rollout: readRollout(w.GetGradualRollout()), Extra: wire.Extra(w)}
}

func readMonitoring(w models.MonitoringSettingsable) Monitoring {
	if w == nil {
		return Monitoring{}
	}
	return Monitoring{Rules: wire.Each(w.GetMonitoringRules(), readRule), Extra: wire.Extra(w)}
}

func readRule(w models.MonitoringRuleable) MonitoringRule {
	return MonitoringRule{
		Signal:    Signal(wire.Value(w.GetSignal())),
		Threshold: int(wire.Value(w.GetThreshold())),
		Action:    Action(wire.Value(w.GetAction())),
		Extra:     wire.Extra(w),
	}
}

func readApplicability(w models.ContentApplicabilitySettingsable) Applicability {
	if w == nil {
		return Applicability{}
	}
	return Applicability{
		OfferWhileRecommendedBy: w.GetOfferWhileRecommendedBy(),
		Safeguard:               readSafeguard(w.GetSafeguard()),
		Extra:                   wire.Extra(w),
	}
}

func readSafeguard(w models.SafeguardSettingsable) Safeguard {
	if w == nil {
		return Safeguard{}
	}
	return Safeguard{DisabledProfiles: wire.Each(w.GetDisabledSafeguardProfiles(), readProfile), Extra: wire.Extra(w)}
}

func readProfile(w models.SafeguardProfileable) SafeguardProfile {
	return SafeguardProfile{Category: SafeguardCategory(wire.Value(w.GetCategory())), Extra: wire.Extra(w)}
}

func readExperience(w models.UserExperienceSettingsable) UserExperience {
	if w == nil {
		return UserExperience{}
	}
	e := UserExperience{OfferAsOptional: w.GetOfferAsOptional(), Hotpatch: w.GetIsHotpatchEnabled(), Extra: wire.Extra(w)}
	if days := w.GetDaysUntilForcedReboot(); days != nil {
		e.DaysUntilForcedReboot = new(int(*days))
	}
	return e
}

func readExpedite(w models.ExpediteSettingsable) Expedite {
	if w == nil {
		return Expedite{}
	}
	return Expedite{
		Expedited:     wire.Value(w.GetIsExpedited()),
		ReadinessTest: wire.Value(w.GetIsReadinessTest()),
		Extra:         wire.Extra(w),
	}
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

func writeSchedule(s Schedule) models.ScheduleSettingsable {
	w := models.NewScheduleSettings()
	w.SetStartDateTime(wire.Sent(s.Start))
	if s.Rollout != nil {
		w.SetGradualRollout(writeRollout(s.Rollout))
	}
	wire.AddExtra(w, s.Extra)
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
