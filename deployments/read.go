package deployments

import (
	"encoding/json"
	"strings"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

func readDeployment(w models.Deploymentable) *Deployment {
	return &Deployment{
		ID:       call.Value(w.GetId()),
		State:    readState(w.GetState()),
		Content:  readContent(w.GetContent()),
		Settings: readSettings(w.GetSettings()),
		Audience: readAudience(w.GetAudience()),
		Created:  call.Time(w.GetCreatedDateTime()),
		Modified: call.Time(w.GetLastModifiedDateTime()),
		Extra:    call.Extra(w),
	}
}

func readState(w models.DeploymentStateable) State {
	if w == nil {
		return State{}
	}
	s := State{
		Effective: EffectiveState(call.Value(w.GetEffectiveValue())),
		Requested: RequestedState(call.Value(w.GetRequestedValue())),
		Reasons: call.Each(w.GetReasons(), func(w models.DeploymentStateReasonable) Reason {
			return Reason{Value: ReasonValue(call.Value(w.GetValue())), Extra: call.Extra(w)}
		}),
		Extra: call.Extra(w),
	}
	if s.Effective == "" {
		s.Extra = take(s.Extra, "value", &s.Effective) // its name in answers before 2024
	}
	return s
}

func readContent(w models.DeployableContentable) Content {
	content, ok := w.(models.CatalogContentable)
	if !ok {
		return unknownContent(w)
	}
	c := Content{Entry: catalog.ReadEntry(call.Entry{Model: content.GetCatalogEntry()}), Extra: call.Extra(content)}
	if c.Entry != nil {
		c.EntryID, c.Kind = c.Entry.Common().ID, c.Entry.Common().Kind
	}
	return c
}

func unknownContent(w models.DeployableContentable) Content {
	if w == nil {
		return Content{}
	}
	return Content{Extra: call.Extra(w)}
}

func readAudience(w models.DeploymentAudienceable) Audience {
	if w == nil {
		return Audience{}
	}
	return Audience{ID: call.Value(w.GetId()), Extra: call.Extra(w)}
}

func readSettings(w models.DeploymentSettingsable) Settings {
	if w == nil {
		return Settings{}
	}
	return Settings{
		Schedule:       readSchedule(w.GetSchedule()),
		Monitoring:     readMonitoring(w.GetMonitoring()),
		UserExperience: readExperience(w.GetUserExperience()),
		Extra:          readOtherSettings(w),
	}
}

func readSchedule(w models.ScheduleSettingsable) Schedule {
	if w == nil {
		return Schedule{}
	}
	return Schedule{Start: call.Time(w.GetStartDateTime()), Rollout: readRollout(w.GetGradualRollout()), Extra: call.Extra(w)}
}

func readRollout(w models.GradualRolloutSettingsable) Rollout {
	if w == nil {
		return nil
	}
	steps := RolloutBase{Extra: call.Extra(w)}
	steps.BetweenOffers = readDays(&steps, "durationBetweenOffers", w.GetDurationBetweenOffers())
	switch w := w.(type) {
	case models.RateDrivenRolloutSettingsable:
		return readRate(steps, w)
	case models.DateDrivenRolloutSettingsable:
		return &DateDriven{RolloutBase: steps, End: call.Time(w.GetEndDateTime())}
	case models.DurationDrivenRolloutSettingsable:
		length := readDays(&steps, untilEnd, w.GetDurationUntilDeploymentEnd())
		return &DurationDriven{RolloutBase: steps, Length: length}
	}
	return &UnknownRollout{RolloutBase: steps, Type: strings.TrimPrefix(strings.TrimPrefix(call.Value(w.GetOdataType()), "#"), typePrefix[1:])}
}

// readRate is nil for 0 devices in each step, which is how the service says "all at
// once".
func readRate(steps RolloutBase, w models.RateDrivenRolloutSettingsable) Rollout {
	devices := int(call.Value(w.GetDevicesPerOffer()))
	if devices == 0 {
		steps.Extra = take(steps.Extra, "devicePerOffer", &devices) // its name on the service's pages
	}
	if devices == 0 {
		return nil
	}
	return &RateDriven{RolloutBase: steps, DevicesPerOffer: devices}
}

// untilEnd is the service's name of [DurationDriven.Length].
const untilEnd = "durationUntilDeploymentEnd"

// readDays keeps a span that is not whole days in Extra.
func readDays(steps *RolloutBase, name string, text *string) Days {
	if text == nil {
		return 0
	}
	days, ok := parseDays(*text)
	if ok {
		return days
	}
	steps.Extra = with(steps.Extra, name, *text)
	return 0
}

func readMonitoring(w models.MonitoringSettingsable) Monitoring {
	if w == nil {
		return Monitoring{}
	}
	return Monitoring{Rules: call.Each(w.GetMonitoringRules(), readRule), Extra: call.Extra(w)}
}

func readRule(w models.MonitoringRuleable) MonitoringRule {
	return MonitoringRule{
		Signal:    Signal(call.Value(w.GetSignal())),
		Threshold: int(call.Value(w.GetThreshold())),
		Action:    Action(call.Value(w.GetAction())),
		Extra:     call.Extra(w),
	}
}

func readExperience(w models.UserExperienceSettingsable) UserExperience {
	if w == nil {
		return UserExperience{}
	}
	e := UserExperience{OfferAsOptional: w.GetOfferAsOptional(), Hotpatch: w.GetIsHotpatchEnabled(), Extra: call.Extra(w)}
	if days := w.GetDaysUntilForcedReboot(); days != nil {
		e.DaysUntilForcedReboot = new(int(*days))
	}
	return e
}

// take moves a member that has another name by now out of extra, and returns what
// is left.
func take[T any](extra map[string]json.RawMessage, name string, into *T) map[string]json.RawMessage {
	raw, ok := extra[name]
	if !ok || json.Unmarshal(raw, into) != nil {
		return extra
	}
	delete(extra, name)
	if len(extra) == 0 {
		return nil
	}
	return extra
}
