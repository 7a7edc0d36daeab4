package deployments

import (
	"cmp"
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func readDeployment(w models.Deploymentable) *Deployment {
	return &Deployment{
		ID:       wire.Value(w.GetId()),
		State:    readState(w.GetState()),
		Content:  readContent(w.GetContent()),
		Settings: readSettings(w.GetSettings()),
		Audience: audience.Internal.ReadAudience(w.GetAudience()),
		Created:  wire.Time(w.GetCreatedDateTime()),
		Modified: wire.Time(w.GetLastModifiedDateTime()),
		Extra:    wire.Extra(w),
	}
}

func readState(w models.DeploymentStateable) State {
	if w == nil {
		return State{}
	}
	s := State{
		Effective: EffectiveState(wire.Value(w.GetEffectiveValue())),
		Requested: RequestedState(wire.Value(w.GetRequestedValue())),
		Reasons: wire.Each(w.GetReasons(), func(w models.DeploymentStateReasonable) Reason {
			return Reason{Value: ReasonValue(wire.Value(w.GetValue())), Extra: wire.Extra(w)}
		}),
		Extra: wire.Extra(w),
	}
	s.Extra = wire.Take(s.Extra, "value", &s.Effective) // its name in answers before 2024
	return s
}

func readContent(w models.DeployableContentable) Content {
	if w == nil {
		return Content{}
	}
	extra := wire.Extra(w)
	if content, ok := w.(models.CatalogContentable); ok && content.GetCatalogEntry() != nil {
		return readCatalogContent(content.GetCatalogEntry(), extra)
	}
	if entry := nested(extra); entry != nil {
		return readCatalogContent(entry, wire.Without(extra, "catalogEntry"))
	}
	if entry := flattened(extra, wire.Value(w.GetOdataType())); entry != nil {
		return readCatalogContent(entry, nil)
	}
	return Content{Extra: extra}
}

func readCatalogContent(w models.CatalogEntryable, extra map[string]json.RawMessage) Content {
	entry := catalog.Internal.ReadEntry(w)
	return Content{EntryID: entry.Common().ID, Kind: entry.Common().Kind, Entry: entry, Extra: extra}
}

// nested is the entry of a content whose type was left out; nil when there is none.
func nested(members map[string]json.RawMessage) models.CatalogEntryable {
	var entry map[string]json.RawMessage
	if json.Unmarshal(members["catalogEntry"], &entry) != nil || !hasID(entry) {
		return nil
	}
	return parseEntry(members["catalogEntry"])
}

// flattened is the entry whose members stand in the content itself, as the
// service's pages show it in places; nil when there is none.
func flattened(members map[string]json.RawMessage, typeName string) models.CatalogEntryable {
	if !hasID(members) {
		return nil
	}
	if strings.HasSuffix(typeName, "CatalogEntry") {
		members = wire.Keep(maps.Clone(members), "@odata.type", typeName)
	}
	text, err := json.Marshal(members)
	if err != nil {
		return nil
	}
	return parseEntry(text)
}

func hasID(members map[string]json.RawMessage) bool {
	var id string
	return json.Unmarshal(members["id"], &id) == nil && id != ""
}

// parseEntry is nil for what cannot be read as an entry.
func parseEntry(text []byte) models.CatalogEntryable {
	return wire.Parse[models.CatalogEntryable](text, models.CreateCatalogEntryFromDiscriminatorValue)
}

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

func readRollout(w models.GradualRolloutSettingsable) Rollout {
	if w == nil {
		return nil
	}
	steps := RolloutBase{Extra: wire.Extra(w)}
	steps.BetweenOffers = readDays(&steps, "durationBetweenOffers", w.GetDurationBetweenOffers())
	switch w := w.(type) {
	case models.RateDrivenRolloutSettingsable:
		return readRate(steps, w)
	case models.DateDrivenRolloutSettingsable:
		return &DateDriven{RolloutBase: steps, End: wire.Time(w.GetEndDateTime())}
	case models.DurationDrivenRolloutSettingsable:
		length := readDays(&steps, untilEnd, w.GetDurationUntilDeploymentEnd())
		return &DurationDriven{RolloutBase: steps, Length: length}
	}
	return &UnknownRollout{RolloutBase: steps, Type: wire.ShortType(w.GetOdataType())}
}

// readRate is nil for 0 devices in each step, which is how the service says "all at
// once". With members that nobody knows it may mean something else, and is kept.
func readRate(steps RolloutBase, w models.RateDrivenRolloutSettingsable) Rollout {
	devices := int(wire.Value(w.GetDevicesPerOffer()))
	if devices == 0 {
		devices = readOldRate(&steps)
	}
	switch {
	case devices != 0:
		return &RateDriven{RolloutBase: steps, DevicesPerOffer: devices}
	case len(steps.Extra) > 0:
		return &UnknownRollout{RolloutBase: steps, Type: rateDriven}
	}
	return nil
}

// readOldRate reads the name that the service's pages have, as a number or as text.
func readOldRate(steps *RolloutBase) int {
	const name = "devicePerOffer"
	var number json.Number
	if json.Unmarshal(steps.Extra[name], &number) != nil {
		return 0
	}
	devices, err := strconv.ParseInt(cmp.Or(number.String(), "0"), 10, 32)
	if err != nil {
		return 0
	}
	steps.Extra = wire.Without(steps.Extra, name)
	return int(devices)
}

// untilEnd is the service's name of [DurationDriven.Length].
const untilEnd = "durationUntilDeploymentEnd"

// readDays keeps a span that is not whole days in Extra.
func readDays(steps *RolloutBase, name string, text *string) Days {
	if text == nil {
		return 0
	}
	days, ok := parseDays(*text)
	if ok && days != 0 {
		return days
	}
	steps.Extra = wire.Keep(steps.Extra, name, *text)
	return 0
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
