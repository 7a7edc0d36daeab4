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
	return Schedule{
		Start: wire.Time(w.GetStartDateTime()), Rollout: readRollout(w.GetGradualRollout()), Extra: wire.Extra(w),
	}
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
	e := UserExperience{
		OfferAsOptional: w.GetOfferAsOptional(), Hotpatch: w.GetIsHotpatchEnabled(), Extra: wire.Extra(w),
	}
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

// writeSettings is nil if there is nothing to send.
func writeSettings(s Settings) models.DeploymentSettingsable {
	if s.isZero() {
		return nil
	}
	w := models.NewDeploymentSettings()
	for _, p := range s.parts() {
		if !p.isZero() {
			p.writeTo(w)
		}
	}
	wire.AddExtra(w, s.Extra)
	return w
}

func writeChanges(u Update) models.DeploymentSettingsable {
	w := models.NewDeploymentSettings()
	for _, c := range u.changes() {
		if _, property := c.names(); c.removed {
			w.GetAdditionalData()[property] = wire.Null
		} else if !c.kept {
			c.writeTo(w)
		}
	}
	wire.AddExtra(w, u.Extra)
	return w
}

// writer is a part that can be written to the settings of a request.
type writer interface {
	writeTo(settings models.DeploymentSettingsable)
}

func (s *Schedule) writeTo(settings models.DeploymentSettingsable) {
	w := models.NewScheduleSettings()
	w.SetStartDateTime(wire.Sent(s.Start))
	if s.Rollout != nil {
		w.SetGradualRollout(writeRollout(s.Rollout))
	}
	wire.AddExtra(w, s.Extra)
	settings.SetSchedule(w)
}

func (m *Monitoring) writeTo(settings models.DeploymentSettingsable) {
	w := models.NewMonitoringSettings()
	rules := make([]models.MonitoringRuleable, len(m.Rules))
	for i, rule := range m.Rules {
		rules[i] = writeRule(rule)
	}
	if m.Rules != nil {
		w.SetMonitoringRules(rules)
	}
	wire.AddExtra(w, m.Extra)
	settings.SetMonitoring(w)
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

func (a *Applicability) writeTo(settings models.DeploymentSettingsable) {
	w := models.NewContentApplicabilitySettings()
	w.SetOfferWhileRecommendedBy(a.OfferWhileRecommendedBy)
	if !a.Safeguard.isZero() {
		w.SetSafeguard(writeSafeguard(a.Safeguard))
	}
	wire.AddExtra(w, a.Extra)
	settings.SetContentApplicability(w)
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

func (e *UserExperience) writeTo(settings models.DeploymentSettingsable) {
	w := models.NewUserExperienceSettings()
	w.SetOfferAsOptional(e.OfferAsOptional)
	w.SetIsHotpatchEnabled(e.Hotpatch)
	if e.DaysUntilForcedReboot != nil {
		w.SetDaysUntilForcedReboot(new(int32(*e.DaysUntilForcedReboot)))
	}
	wire.AddExtra(w, e.Extra)
	settings.SetUserExperience(w)
}

// writeTo omits a ReadinessTest that is false.
func (e *Expedite) writeTo(settings models.DeploymentSettingsable) {
	w := models.NewExpediteSettings()
	w.SetIsExpedited(&e.Expedited)
	if e.ReadinessTest {
		w.SetIsReadinessTest(&e.ReadinessTest)
	}
	wire.AddExtra(w, e.Extra)
	settings.SetExpedite(w)
}
