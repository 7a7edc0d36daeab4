package deployments

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
)

// read has a value in each field, with a rollout of each kind.
func read() []*Deployment {
	start := time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC)
	steps := RolloutBase{BetweenOffers: 7}
	var all []*Deployment
	for _, rollout := range []Rollout{
		&RateDriven{steps, 100}, &DateDriven{steps, start.AddDate(0, 1, 0)}, &DurationDriven{steps, 28},
	} {
		settings := Settings{}.StartingAt(start).RollingOut(rollout).PausingOnRollbacks(5).DisregardingLikelyIssues().
			OfferedWhileRecommendedBy("Microsoft").OfferedAsOptional().RestartingWithin(2).OfferingHotpatches()
		settings.Expedite = Expedite{Expedited: true, ReadinessTest: true}
		all = append(all, &Deployment{
			ID:       "d",
			State:    State{StatePaused, RequestNone, []Reason{{Value: ReasonPausedByMonitoring}}, nil},
			Content:  Content{EntryID: "e", Kind: catalog.KindFeature, Entry: &catalog.FeatureUpdate{}},
			Settings: settings, Audience: audience.Audience{ID: "a"}, Created: start, Modified: start,
		})
	}
	return all
}

// unreadCase is a deployment of which one property could not be read.
type unreadCase struct {
	path     string // such as settings.schedule.gradualRollout
	property string // its last name
	all      *Deployment
	unread   *Deployment
}

// unreadCases has a case for each property of a deployment, its state, and its settings.
func unreadCases(t *testing.T) (cases []unreadCase) {
	t.Helper()
	for i, all := range read() {
		for _, path := range paths(reflect.ValueOf(all).Elem(), "") {
			unread := read()[i]
			hide(reflect.ValueOf(unread).Elem(), strings.Split(path, "."))
			cases = append(cases, unreadCase{path, path[strings.LastIndex(path, ".")+1:], all, unread})
		}
	}
	require.Len(t, cases, 99, "each property is in the cases")
	return cases
}

// paths are those of all fields that can be unread. Entries and audiences are of other packages.
func paths(v reflect.Value, prefix string) (found []string) {
	for field, value := range v.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		switch {
		case field.Anonymous:
			found = append(found, paths(value, prefix)...)
		case name == "extra" || field.Type == reflect.TypeFor[catalog.Entry]() || v.Type() == reflect.TypeFor[Content]():
		default:
			found = append(found, prefix+name)
			if inner := within(value); inner.Kind() == reflect.Struct && inner.Type() != reflect.TypeFor[time.Time]() && name != "audience" {
				found = append(found, paths(inner, prefix+name+".")...)
			}
		}
	}
	return found
}

// within is the first item of a list, or what a pointer or interface holds.
func within(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Slice:
		return within(v.Index(0))
	case reflect.Pointer, reflect.Interface:
		return within(v.Elem())
	}
	return v
}

// hide moves a property into Extra, in a form that cannot be read.
func hide(v reflect.Value, path []string) {
	field := fieldOf(v, path[0])
	if len(path) > 1 {
		hide(within(field), path[1:])
		return
	}
	field.SetZero()
	extra := map[string]json.RawMessage{path[0]: json.RawMessage(`"weekly"`)}
	v.FieldByName("Extra").Set(reflect.ValueOf(extra))
}

func fieldOf(v reflect.Value, property string) reflect.Value {
	for field, value := range v.Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == property {
			return value
		}
		if field.Anonymous {
			if inner := fieldOf(value, property); inner.IsValid() {
				return inner
			}
		}
	}
	return reflect.Value{}
}

// zeroed is the deployment as it would be if what could not be read were zero.
func (c unreadCase) zeroed() *Deployment {
	zeroed := *c.unread
	text, _ := json.Marshal(zeroed.Settings)
	var settings Settings
	_ = json.Unmarshal([]byte(strings.ReplaceAll(string(text), `"extra":{"`+c.property+`":"weekly"}`, `"extra":{}`)), &settings)
	zeroed.Settings = settings
	return &zeroed
}

func (c unreadCase) isIn(path string) bool {
	return c.path == path || strings.HasPrefix(c.path, path+".")
}

func TestUnreadNamesEachPropertyThatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range unreadCases(t) {
		v := reflect.ValueOf(c.unread).Elem()
		for _, name := range strings.Split(c.path, ".")[:strings.Count(c.path, ".")] {
			v = within(fieldOf(v, name))
		}
		reader, ok := reflect.TypeAssert[interface{ Unread() []string }](v.Addr())
		require.True(t, ok, c.path)
		require.Equal(t, []string{c.property}, reader.Unread(), c.path)
	}
	require.Empty(t, (&RateDriven{DevicesPerOffer: 1, RolloutBase: RolloutBase{Extra: map[string]json.RawMessage{oldRate: nil}}}).Unread())
	old := RolloutBase{Extra: map[string]json.RawMessage{oldRate: json.RawMessage(`"many"`)}}
	require.Equal(t, []string{oldRate}, (&RateDriven{RolloutBase: old}).Unread())
	require.Empty(t, (&UnknownRollout{RolloutBase: old}).Unread(), "of an unknown kind nothing else is known")
	content := Content{Extra: map[string]json.RawMessage{"catalogEntry": json.RawMessage(`7`)}}
	require.Equal(t, []string{"catalogEntry"}, content.Unread())
}

func TestATimetableIsNotComputedFromAnUnreadProperty(t *testing.T) {
	t.Parallel()
	for _, c := range unreadCases(t) {
		want, err := c.all.Settings.Timetable(1000, c.all.Created)
		require.NoError(t, err)
		got, err := c.unread.Settings.Timetable(1000, c.all.Created)
		if c.isIn("settings.schedule") {
			require.ErrorContains(t, err, c.property, c.path)
			require.Zero(t, got, c.path)
		} else if c.path != "settings" { // nothing is left that could say so
			require.NoError(t, err, c.path)
			want.Warnings, got.Warnings = nil, nil
			require.Equal(t, want, got, c.path)
		}
	}
}

func TestSettingsAreNotContainedInWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range unreadCases(t) {
		if !c.isIn("settings") {
			continue
		}
		require.True(t, c.all.Settings.ContainedIn(c.all.Settings))
		require.False(t, c.all.Settings.ContainedIn(c.unread.Settings), c.path)
		if strings.Count(c.path, ".") > 1 && !c.isIn("settings.userExperience") && !c.isIn("settings.monitoring.monitoringRules") {
			zeroed := c.zeroed().Settings
			require.NotEqual(t, c.unread.Settings, zeroed, c.path)
			require.False(t, zeroed.ContainedIn(c.unread.Settings), c.path)
		}
	}
}

// Empty lists and false are sent, and an unread property is neither.
func TestWhatIsEmptyIsNotContainedInWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	unread := func(name string) map[string]json.RawMessage {
		return map[string]json.RawMessage{name: json.RawMessage("7")}
	}
	noRules := Settings{Monitoring: Monitoring{Rules: []MonitoringRule{}}}
	noVendors := Settings{Applicability: Applicability{OfferWhileRecommendedBy: []string{}}}
	noProfiles := Settings{Applicability: Applicability{Safeguard: Safeguard{DisabledProfiles: []SafeguardProfile{}}}}
	ineligible := Settings{}.FallingBackWhenIneligible()
	threshold := Settings{}.FallingBackWhenIneligible()
	threshold.Monitoring.Rules[0].Extra = unread("threshold")
	for name, c := range map[string]struct{ sent, read Settings }{
		"monitoring":    {noRules, Settings{Extra: unread("monitoring")}},
		"rules":         {noRules, Settings{Monitoring: Monitoring{Extra: unread("monitoringRules")}}},
		"applicability": {noVendors, Settings{Extra: unread("contentApplicability")}},
		"vendors":       {noVendors, Settings{Applicability: Applicability{Extra: unread("offerWhileRecommendedBy")}}},
		"safeguard":     {noProfiles, Settings{Applicability: Applicability{Extra: unread("safeguard")}}},
		"profiles": {noProfiles, Settings{Applicability: Applicability{
			Safeguard: Safeguard{Extra: unread("disabledSafeguardProfiles")},
		}}},
		"threshold": {ineligible, threshold},
	} {
		require.True(t, c.sent.ContainedIn(c.sent), name)
		require.False(t, c.sent.ContainedIn(c.read), name)
		require.True(t, c.sent.EquivalentTo(c.read), name)
	}
}

func TestARemovalIsNotAppliedToWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	var removals Update
	require.NoError(t, json.Unmarshal([]byte(`{"schedule":null,"monitoring":null,"contentApplicability":null,
		"userExperience":null,"expedite":null}`), &removals))
	require.True(t, removals.isAppliedTo(&Deployment{}))
	unread := func(name string) map[string]json.RawMessage {
		return map[string]json.RawMessage{name: json.RawMessage("7")}
	}
	require.False(t, removals.isAppliedTo(&Deployment{Extra: unread("settings")}))
	for _, part := range new(Settings).parts() {
		_, property := part.names()
		require.False(t, removals.isAppliedTo(&Deployment{Settings: Settings{Extra: unread(property)}}), property)
	}
	require.True(t, removals.isAppliedTo(&Deployment{Settings: Settings{Extra: unread("new")}}))
}

// What could not be read may be anything, so it is no difference either.
func TestWhatCouldNotBeReadMayBeEquivalent(t *testing.T) {
	t.Parallel()
	for _, c := range unreadCases(t) {
		if c.path == "settings" { // nothing is left that could say so
			continue
		}
		require.True(t, c.all.Settings.EquivalentTo(c.unread.Settings), c.path)
		require.True(t, c.unread.Settings.EquivalentTo(c.all.Settings), c.path)
		require.True(t, Spec{Kind: catalog.KindFeature, EntryID: "e", AudienceID: "a", Settings: c.all.Settings}.matches(c.unread), c.path)
	}
	whole := &Deployment{Extra: map[string]json.RawMessage{"settings": json.RawMessage("7")}}
	require.True(t, Spec{EntryID: "e", Settings: read()[0].Settings}.matches(whole))
}

func TestAPauseIsNotLaidToARuleByWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	for _, reasons := range [][]Reason{nil, {{Value: ReasonPausedByMonitoring}}} {
		for _, c := range unreadCases(t) {
			if c.path != "state" && !c.isIn("state.reasons") {
				c.unread.State.Reasons = slices.Clone(reasons)
			}
			rule, paused := c.unread.PausedByMonitoring()
			switch c.path {
			case "state", "state.effectiveValue", "settings", "settings.monitoring", "settings.monitoring.monitoringRules",
				"settings.monitoring.monitoringRules.action", "state.reasons", "state.reasons.value":
				require.False(t, paused, c.path)
			case "state.requestedValue":
				require.Equal(t, reasons != nil, paused, c.path)
			default:
				require.True(t, paused, c.path)
			}
			if c.property == "threshold" {
				require.NotContains(t, rule.pauseError().Error(), "0%")
				require.ErrorContains(t, rule.pauseError(), "unknown threshold")
			}
		}
	}
}

// A start that could not be read may be in the future.
func TestADeploymentIsNotTakenForStartedByAnUnreadStart(t *testing.T) {
	t.Parallel()
	for _, c := range unreadCases(t) {
		o := observation{deployment: c.unread, settled: true}
		c.unread.Settings.Schedule.Start = time.Time{}
		if c.path != "state" && c.path != "state.effectiveValue" {
			c.unread.State.Effective = StateOffering
		}
		err := o.unreachable(StateScheduled)
		switch c.path {
		case "settings", "settings.schedule", "settings.schedule.startDateTime":
			require.NoError(t, err, c.path)
		case "state", "state.effectiveValue":
			require.EqualError(t, err, c.path+" could not be read, so it is unknown in which state the deployment is")
		default:
			require.ErrorIs(t, err, ErrStateUnreachable, c.path)
		}
	}
}

func TestWhatCouldNotBeReadIsPrintedAsUnknown(t *testing.T) {
	t.Parallel()
	for _, c := range unreadCases(t) {
		if c.path == "id" || c.path == "createdDateTime" || c.path == "lastModifiedDateTime" {
			continue // an ID that could not be read is an error, and the times are not printed
		}
		text := c.unread.String()
		require.Contains(t, text, "unknown "+c.property, c.path)
		require.NotContains(t, text, "0001-01-01", c.path)
		require.NotRegexp(t, `\b0 (devices|days)|simultaneously|unknown state`, strings.ReplaceAll(text, "unknown state;", ""), c.path)
	}
}

// A lost create is not surely what could not be compared, and the doubt names it.
func TestADeploymentIsInDoubtByWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range unreadCases(t) {
		why := doubt(c.unread.matchUnread())
		if c.isIn("settings") || c.path == "content" || c.path == "audience" {
			require.Equal(t, "has a property that could not be read: "+c.path, why)
		} else {
			require.Empty(t, why, c.path)
		}
		require.Empty(t, doubt(c.all.matchUnread()))
	}
}

// pauseDecides are the properties without which it is unknown whether a rule paused.
var pauseDecides = []string{
	"state", "state.effectiveValue", "state.requestedValue", "state.reasons", "state.reasons.value", "settings",
	"settings.monitoring", "settings.monitoring.monitoringRules", "settings.monitoring.monitoringRules.action",
}

func TestWhatDecidesAboutAPauseIsNamedIfItCouldNotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range unreadCases(t) {
		if c.path != "state" && !c.isIn("state.reasons") {
			c.unread.State.Reasons = nil
		}
		unread := c.unread.pauseUnread()
		if slices.Contains(pauseDecides, c.path) {
			require.Equal(t, []string{c.path}, unread, c.path)
		} else {
			require.Empty(t, unread, c.path)
		}
		c.unread.Settings.Monitoring = Monitoring{}
		if c.isIn("state") {
			require.Empty(t, c.unread.pauseUnread(), "without a rule none has paused")
		}
	}
	asked := read()[0]
	asked.State = State{Effective: StatePaused, Requested: RequestPaused}
	asked.Settings.Monitoring = Monitoring{Extra: map[string]json.RawMessage{"monitoringRules": json.RawMessage("7")}}
	require.Empty(t, asked.pauseUnread(), "a requested pause needs no rule")
	asked.State.Effective = StateOffering
	require.Empty(t, asked.pauseUnread(), "nothing is paused")
}

// Warnings say that a property could not be read, and nothing that depends on it.
func TestWarningsSayWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range unreadCases(t) {
		if !c.isIn("settings") || c.path == "settings" {
			continue
		}
		spec := Spec{Kind: catalog.KindQuality, Settings: c.all.Settings}
		before := spec.Warnings(c.all.Created)
		spec.Settings = c.unread.Settings
		warnings := spec.Warnings(c.all.Created)
		unread := Warning{"Settings." + strings.TrimPrefix(c.path, "settings."), "could not be read, so it is unknown what it does"}
		require.Contains(t, warnings, unread)
		require.Subset(t, before, slices.DeleteFunc(warnings, func(w Warning) bool { return w == unread }), c.path)
	}
}
