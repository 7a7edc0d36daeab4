package deployments

import (
	"cmp"
	"encoding/json"
	"maps"
	"strconv"
	"strings"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/kjson"
)

func readDeployment(w models.Deploymentable) *Deployment {
	return &Deployment{
		ID:       call.Value(w.GetId()),
		State:    readState(w.GetState()),
		Content:  readContent(w.GetContent()),
		Settings: readSettings(w.GetSettings()),
		Audience: audience.ReadAudience(call.Audience{Model: w.GetAudience()}),
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
	s.Extra = call.Take(s.Extra, "value", &s.Effective) // its name in answers before 2024
	return s
}

func readContent(w models.DeployableContentable) Content {
	if w == nil {
		return Content{}
	}
	extra := call.Extra(w)
	if content, ok := w.(models.CatalogContentable); ok && content.GetCatalogEntry() != nil {
		return contentOf(content.GetCatalogEntry(), extra)
	}
	if entry := nested(extra); entry != nil {
		return contentOf(entry, call.Without(extra, "catalogEntry"))
	}
	if entry := flattened(extra, call.Value(w.GetOdataType())); entry != nil {
		return contentOf(entry, nil)
	}
	return Content{Extra: extra}
}

func contentOf(w models.CatalogEntryable, extra map[string]json.RawMessage) Content {
	entry := catalog.ReadEntry(call.Entry{Model: w})
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
		members = call.Keep(maps.Clone(members), "@odata.type", typeName)
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
	root, err := kjson.NewParseNodeFactory().GetRootParseNode("application/json", text)
	if err != nil {
		return nil
	}
	value, err := root.GetObjectValue(models.CreateCatalogEntryFromDiscriminatorValue)
	if err != nil {
		return nil
	}
	entry, _ := value.(models.CatalogEntryable)
	return entry
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
		Extra:          call.Extra(w),
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
	return &UnknownRollout{RolloutBase: steps, Type: call.ShortType(w.GetOdataType())}
}

// readRate is nil for 0 devices in each step, which is how the service says "all at
// once". With members that nobody knows it may mean something else, and is kept.
func readRate(steps RolloutBase, w models.RateDrivenRolloutSettingsable) Rollout {
	devices := int(call.Value(w.GetDevicesPerOffer()))
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
	steps.Extra = call.Without(steps.Extra, name)
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
	steps.Extra = call.Keep(steps.Extra, name, *text)
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

func readApplicability(w models.ContentApplicabilitySettingsable) Applicability {
	if w == nil {
		return Applicability{}
	}
	return Applicability{
		OfferWhileRecommendedBy: w.GetOfferWhileRecommendedBy(),
		Safeguard:               readSafeguard(w.GetSafeguard()),
		Extra:                   call.Extra(w),
	}
}

func readSafeguard(w models.SafeguardSettingsable) Safeguard {
	if w == nil {
		return Safeguard{}
	}
	return Safeguard{DisabledProfiles: call.Each(w.GetDisabledSafeguardProfiles(), readProfile), Extra: call.Extra(w)}
}

func readProfile(w models.SafeguardProfileable) SafeguardProfile {
	return SafeguardProfile{Category: SafeguardCategory(call.Value(w.GetCategory())), Extra: call.Extra(w)}
}

func readExpedite(w models.ExpediteSettingsable) Expedite {
	if w == nil {
		return Expedite{}
	}
	return Expedite{
		Expedited:     call.Value(w.GetIsExpedited()),
		ReadinessTest: call.Value(w.GetIsReadinessTest()),
		Extra:         call.Extra(w),
	}
}
