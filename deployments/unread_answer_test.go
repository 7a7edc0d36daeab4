package deployments_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// whole is a deployment with a value in each property.
const whole = `{
	"id":"` + deploymentID + `",
	"createdDateTime":"2026-11-29T08:00:00Z","lastModifiedDateTime":"2026-11-29T08:00:00Z",
	"state":{"effectiveValue":"paused","requestedValue":"none","reasons":[{"value":"pausedByMonitoring"}]},
	"content":{"@odata.type":"#` + namespace + `catalogContent","catalogEntry":{"@odata.type":"#` + namespace + `featureUpdateCatalogEntry","id":"e"}},
	"audience":{"id":"a"},
	"settings":{
		"schedule":{"startDateTime":"2026-12-01T08:00:00Z","gradualRollout":{
			"@odata.type":"#` + namespace + `rateDrivenRolloutSettings","durationBetweenOffers":"P7D","devicesPerOffer":100}},
		"monitoring":{"monitoringRules":[{"signal":"rollback","threshold":5,"action":"pauseDeployment"}]},
		"contentApplicability":{"offerWhileRecommendedBy":["Microsoft"],"safeguard":{"disabledSafeguardProfiles":[{"category":"likelyIssues"}]}},
		"userExperience":{"offerAsOptional":true,"daysUntilForcedReboot":2,"isHotpatchEnabled":true},
		"expedite":{"isExpedited":false,"isReadinessTest":false}}}`

// wholeSpec is what may have made it.
func wholeSpec() deployments.Spec {
	return deployments.ForFeature("e").ToAudience("a").With(deployments.Settings{}.StartingAt(start).
		RollingOut(deployments.ByRate(100, 7)).PausingOnRollbacks(5).OfferedWhileRecommendedBy("Microsoft").
		DisregardingLikelyIssues().OfferedAsOptional().RestartingWithin(2).OfferingHotpatches())
}

// wrongAnswer is the whole deployment with one property of a wrong type.
type wrongAnswer struct{ path, value, body string }

func (w wrongAnswer) isIn(path string) bool {
	return w.path == path || strings.HasPrefix(w.path, path+".")
}

// wrongAnswers has each property of the whole deployment with values of wrong types. The ID and
// parts of the entry and the audience are left out: without them nothing is read.
func wrongAnswers(t *testing.T) (all []wrongAnswer) {
	t.Helper()
	var tree map[string]any
	require.NoError(t, json.Unmarshal([]byte(whole), &tree))
	eachProperty(tree, "", func(path string, set func(any)) {
		for _, value := range []any{7, "weekly", true, []any{7}, map[string]any{"a": 1}} {
			set(value)
			body, err := json.Marshal(tree)
			require.NoError(t, err)
			text, err := json.Marshal(value)
			require.NoError(t, err)
			if !isReadable(path, value) {
				all = append(all, wrongAnswer{path, string(text), string(body)})
			}
		}
	})
	return all
}

// eachProperty calls visit for each property in an object and all in it, and restores its value.
func eachProperty(object map[string]any, prefix string, visit func(path string, set func(any))) {
	for _, name := range slices.Sorted(maps.Keys(object)) {
		old, path := object[name], prefix+name
		if path == "id" || strings.HasPrefix(name, "@") || prefix == "content." || prefix == "audience." {
			continue
		}
		visit(path, func(value any) { object[name] = value })
		object[name] = old
		if list, ok := old.([]any); ok {
			old = list[0]
		}
		if inner, ok := old.(map[string]any); ok {
			eachProperty(inner, path+".", visit)
		}
	}
}

// isReadable reports whether a value is one that the property can have.
func isReadable(path string, value any) bool {
	texts := []string{"effectiveValue", "requestedValue", "value", "signal", "action", "category"}
	booleans := []string{"offerAsOptional", "isHotpatchEnabled", "isExpedited", "isReadinessTest"}
	numbers := []string{"threshold", "daysUntilForcedReboot", "devicesPerOffer"}
	objects := []string{
		"state", "content", "audience", "settings", "schedule", "gradualRollout", "monitoring", "contentApplicability",
		"safeguard", "userExperience", "expedite",
	}
	name := path[strings.LastIndex(path, ".")+1:]
	switch value.(type) {
	case string:
		return slices.Contains(texts, name)
	case bool:
		return slices.Contains(booleans, name)
	case int:
		return slices.Contains(numbers, name)
	case map[string]any:
		return slices.Contains(objects, name)
	}
	return false
}

func TestAPropertyOfAWrongTypeIsUnread(t *testing.T) {
	t.Parallel()
	answers := wrongAnswers(t)
	require.Len(t, answers, 136)
	for _, c := range answers {
		d, err := stub.Answering(stub.Answer(200, c.body)).Client(t).Deployments().Get(t.Context(), deploymentID)
		require.NoError(t, err, "%s %s", c.path, c.value)
		require.Equal(t, []string{c.path}, unreadOf(d), c.value)
	}
	d := get(t, whole)
	require.Empty(t, unreadOf(d))
}

// unreadOf are the paths of all properties of a deployment that could not be read.
func unreadOf(d *deployments.Deployment) (paths []string) {
	note := func(path string, names []string) {
		for _, name := range names {
			paths = append(paths, path+name)
		}
	}
	s := d.Settings
	note("", d.Unread())
	note("content.", d.Content.Unread())
	note("state.", d.State.Unread())
	for _, reason := range d.State.Reasons {
		note("state.reasons.", reason.Unread())
	}
	note("settings.", s.Unread())
	note("settings.schedule.", s.Schedule.Unread())
	switch r := s.Schedule.Rollout.(type) {
	case *deployments.RateDriven:
		note("settings.schedule.gradualRollout.", r.Unread())
	case *deployments.DateDriven:
		note("settings.schedule.gradualRollout.", r.Unread())
	case *deployments.DurationDriven:
		note("settings.schedule.gradualRollout.", r.Unread())
	case *deployments.UnknownRollout:
		note("settings.schedule.gradualRollout.", r.RolloutBase.Unread())
	}
	note("settings.monitoring.", s.Monitoring.Unread())
	for _, rule := range s.Monitoring.Rules {
		note("settings.monitoring.monitoringRules.", rule.Unread())
	}
	note("settings.contentApplicability.", s.Applicability.Unread())
	note("settings.contentApplicability.safeguard.", s.Applicability.Safeguard.Unread())
	for _, profile := range s.Applicability.Safeguard.DisabledProfiles {
		note("settings.contentApplicability.safeguard.disabledSafeguardProfiles.", profile.Unread())
	}
	note("settings.userExperience.", s.UserExperience.Unread())
	note("settings.expedite.", s.Expedite.Unread())
	return paths
}

func TestALostCreateIsNotSurelyWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	for _, c := range wrongAnswers(t) {
		service := stub.Answering(stub.Answer(200, `{"value":[`+c.body+`]}`))
		found, err := service.Client(t).Deployments().FindCreated(t.Context(), wholeSpec(), time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC))
		switch {
		case c.isIn("settings"), c.path == "content", c.path == "audience":
			requireCandidates(t, err, deploymentID)
			require.ErrorContains(t, err, "could not be read: "+c.path)
		case c.path == "createdDateTime":
			requireCandidates(t, err, deploymentID)
			require.ErrorContains(t, err, "has no time")
		default:
			require.NoError(t, err, c.path)
			require.Equal(t, deploymentID, found.ID)
		}
	}
}

func TestResumeSendsNothingIfItIsUnknownWhyADeploymentIsPaused(t *testing.T) {
	t.Parallel()
	decide := []string{
		"state", "state.effectiveValue", "state.requestedValue", "state.reasons", "state.reasons.value", "settings",
		"settings.monitoring", "settings.monitoring.monitoringRules", "settings.monitoring.monitoringRules.action",
	}
	for _, c := range wrongAnswers(t) {
		body := c.body
		if c.path != "state" && !c.isIn("state.reasons") {
			body = strings.Replace(body, `[{"value":"pausedByMonitoring"}]`, "[]", 1)
		}
		service := stub.Answering(stub.Answer(200, body))
		err := service.Client(t).Deployments().Resume(t.Context(), deploymentID)
		require.Error(t, err, c.path)
		require.Len(t, service.Requests(), 1, c.path)
		if slices.Contains(decide, c.path) {
			require.NotErrorIs(t, err, deployments.ErrPausedByMonitoring)
			require.ErrorContains(t, err, "deployments.Resume: "+c.path+" could not be read, so it is unknown")
			require.ErrorContains(t, err, "; to withdraw a requested pause, call Update with RequestNone")
		} else {
			require.ErrorIs(t, err, deployments.ErrPausedByMonitoring, c.path)
		}
	}
}

// A pause that was requested ends, whatever else could not be read.
func TestResumeWithdrawsARequestedPauseWithoutRulesThatCouldBeRead(t *testing.T) {
	t.Parallel()
	service := stub.Answering(
		answer(200, `{"state":{"effectiveValue":"paused","requestedValue":"paused"},"settings":{"monitoring":7}}`), answer(202, ""))
	require.NoError(t, service.Client(t).Deployments().Resume(t.Context(), deploymentID))
	require.JSONEq(t, `{"state":{"requestedValue":"none"}}`, service.Last(t).Body)
}

func TestRescheduleTakesAlongWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	moved := start.Add(time.Hour)
	for _, c := range wrongAnswers(t) {
		service := stub.Answering(stub.Answer(200, c.body), stub.Answer(202, ""))
		err := service.Client(t, stub.NoLimits).Deployments().Reschedule(t.Context(), deploymentID, moved)
		switch c.path {
		case "settings", "settings.schedule", "settings.expedite", "settings.expedite.isExpedited":
			require.ErrorContains(t, err, "deployments.Reschedule: "+c.path+" could not be read, so it is unknown", c.path)
			require.Len(t, service.Requests(), 1, c.path)
			continue
		}
		require.NoError(t, err, c.path)
		want := scheduleOf(t, c.body)
		want["startDateTime"] = json.RawMessage(strconv.Quote(moved.UTC().Format(time.RFC3339)))
		require.Equal(t, jsonOf(t, want), jsonOf(t, scheduleOf(t, service.Last(t).Body)), c.path)
	}
}

func scheduleOf(t *testing.T, body string) map[string]json.RawMessage {
	t.Helper()
	var d struct {
		Settings struct {
			Schedule map[string]json.RawMessage `json:"schedule"`
		} `json:"settings"`
	}
	require.NoError(t, json.Unmarshal([]byte(body), &d))
	return d.Settings.Schedule
}

// jsonOf is a value with its properties in order.
func jsonOf(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	require.NoError(t, err)
	var tree any
	require.NoError(t, json.Unmarshal(text, &tree))
	text, err = json.Marshal(tree)
	require.NoError(t, err)
	return string(text)
}

func TestNoStateIsReachedOrMissedByWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, c := range wrongAnswers(t) {
			client := stub.Answering(stub.Answer(200, c.body)).Client(t).Deployments()
			_, err := client.WaitForState(stub.Within(t, time.Hour), deploymentID, deployments.StateOffering, nil)
			switch c.path {
			case "state", "state.effectiveValue":
				require.ErrorContains(t, err, c.path+" could not be read, so it is unknown in which state the deployment is")
			case "state.reasons", "state.reasons.value", "settings", "settings.monitoring", "settings.monitoring.monitoringRules",
				"settings.monitoring.monitoringRules.action":
				require.NotErrorIs(t, err, deployments.ErrStateUnreachable, c.path)
				require.ErrorContains(t, err, c.path+" could not be read", c.path)
			default:
				require.ErrorIs(t, err, deployments.ErrPausedByMonitoring, c.path)
			}
		}
	})
}

// A state that could not be read is another one than that before, and says what it is.
func TestWatchYieldsAStateThatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := stub.Answering(
			answer(200, `{"state":{"effectiveValue":"offering"}}`), answer(200, `{"state":{"effectiveValue":7}}`),
			answer(200, `{"state":{"effectiveValue":7}}`), answer(200, `{"state":{"effectiveValue":"paused"}}`), answer(403, `{}`))
		var seen []string
		for d, err := range service.Client(t).Deployments().Watch(t.Context(), deploymentID, nil) {
			if err != nil {
				require.ErrorIs(t, err, apierr.ErrForbidden)
				break
			}
			seen = append(seen, strings.Join(append(d.State.Unread(), string(d.State.Effective)), " "))
		}
		require.Equal(t, []string{"offering", "effectiveValue ", "paused"}, seen)
	})
}

// One deployment that could not be read does not hide the others.
func TestAListHasDeploymentsThatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	list := `{"value":[{"id":"a","settings":{"monitoring":{"monitoringRules":[{"signal":"rollback","threshold":"","action":"alertError"}]}}},` + whole + `]}`
	service := stub.Answering(func(req *http.Request) (*http.Response, error) { return stub.Answer(200, list)(req) })
	found, err := service.Client(t).Deployments().List(nil).Collect(t.Context(), 5)
	require.NoError(t, err)
	require.Equal(t, []string{"settings.monitoring.monitoringRules.threshold"}, unreadOf(found[0]))
	require.Empty(t, unreadOf(found[1]))
}
