package deployments_test

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// own is a rollout that is none of the package's.
type own struct{ deployments.RolloutBase }

func rule(signal deployments.Signal, threshold int, action deployments.Action) deployments.Settings {
	return monitored(deployments.MonitoringRule{Signal: signal, Threshold: threshold, Action: action})
}

func reboot(days int) deployments.Settings {
	return deployments.Settings{UserExperience: deployments.UserExperience{DaysUntilForcedReboot: &days}}
}

const (
	everyRule     = "must be 0 to 30 days"
	rateRule      = "must be 1 to 2147483647"
	thresholdRule = "must be 1 to 100 percent"
	nilRule       = "must not be a nil pointer"
)

func TestSettingsThatTheServiceRejectsAreRejected(t *testing.T) {
	t.Parallel()
	tooMany := stub.MoreThanInt32()
	for name, c := range map[string]struct {
		settings           deployments.Settings
		field, value, rule string
	}{
		"no time between steps":  {rolling(deployments.ByRate(1, -1)), "Schedule.Rollout.BetweenOffers", "-1", everyRule},
		"too long between steps": {rolling(deployments.ByRate(1, 31)), "Schedule.Rollout.BetweenOffers", "31", everyRule},
		"too long, by date":      {rolling(deployments.ByDate(start, 31)), "Schedule.Rollout.BetweenOffers", "31", everyRule},
		"too long, by duration":  {rolling(deployments.ByDuration(1, 31)), "Schedule.Rollout.BetweenOffers", "31", everyRule},
		"too long, unknown": {
			rolling(&deployments.UnknownRollout{Kind: "x", RolloutBase: deployments.RolloutBase{BetweenOffers: 31}}),
			"Schedule.Rollout.BetweenOffers", "31", everyRule,
		},
		"no devices":           {rolling(deployments.ByRate(0, 7)), "Schedule.Rollout.DevicesPerOffer", "0", rateRule},
		"less than no devices": {rolling(deployments.ByRate(-5, 7)), "Schedule.Rollout.DevicesPerOffer", "-5", rateRule},
		"more devices than fit": {
			rolling(deployments.ByRate(tooMany, 7)), "Schedule.Rollout.DevicesPerOffer", strconv.Itoa(tooMany),
			rateRule,
		},
		"no end":              {rolling(deployments.ByDate(time.Time{}, 7)), "Schedule.Rollout.End", "", "must not be zero"},
		"no length":           {rolling(deployments.ByDuration(0, 1)), "Schedule.Rollout.Length", "0", "must be 1 day or more"},
		"less than no length": {rolling(deployments.ByDuration(-2, 1)), "Schedule.Rollout.Length", "-2", "must be 1 day or more"},
		"nil rate":            {rolling((*deployments.RateDriven)(nil)), "Schedule.Rollout", "", nilRule},
		"nil date":            {rolling((*deployments.DateDriven)(nil)), "Schedule.Rollout", "", nilRule},
		"nil duration":        {rolling((*deployments.DurationDriven)(nil)), "Schedule.Rollout", "", nilRule},
		"nil unknown":         {rolling((*deployments.UnknownRollout)(nil)), "Schedule.Rollout", "", nilRule},
		"rollout of another package": {
			rolling(&own{}), "Schedule.Rollout", "*deployments_test.own", "must be a rollout of this package",
		},
		"embedded rollout": {
			rolling(&deployments.RolloutBase{}), "Schedule.Rollout", "*deployments.RolloutBase",
			"must be a rollout of this package",
		},
		"no signal": {rule("", 5, deployments.ActionAlertError), "Monitoring.Rules[0].Signal", "", "must not be empty"},
		"no action": {rule(deployments.SignalRollback, 5, ""), "Monitoring.Rules[0].Action", "", "must not be empty"},
		"ineligible pauses": {
			rule(deployments.SignalIneligible, 0, deployments.ActionPauseDeployment), "Monitoring.Rules[0].Action",
			`"pauseDeployment"`, "must be ActionOfferFallback with SignalIneligible",
		},
		"ineligible alerts": {
			rule(deployments.SignalIneligible, 0, deployments.ActionAlertError), "Monitoring.Rules[0].Action", `"alertError"`,
			"must be ActionOfferFallback with SignalIneligible",
		},
		"rollback falls back": {
			rule(deployments.SignalRollback, 5, deployments.ActionOfferFallback), "Monitoring.Rules[0].Action", `"offerFallback"`,
			"must be ActionPauseDeployment or ActionAlertError with SignalRollback",
		},
		"ineligible with a threshold": {
			rule(deployments.SignalIneligible, 5, deployments.ActionOfferFallback), "Monitoring.Rules[0].Threshold", "5",
			"must be 0 with SignalIneligible",
		},
		"rollback without threshold": {
			rule(deployments.SignalRollback, 0, deployments.ActionPauseDeployment), "Monitoring.Rules[0].Threshold", "0",
			thresholdRule,
		},
		"threshold too high": {
			rule(deployments.SignalRollback, 101, deployments.ActionAlertError), "Monitoring.Rules[0].Threshold", "101",
			thresholdRule,
		},
		"the second rule": {
			deployments.Settings{}.PausingOnRollbacks(5).AlertingOnRollbacks(-1), "Monitoring.Rules[1].Threshold",
			"-1", thresholdRule,
		},
		"restart in the past": {reboot(-1), "UserExperience.DaysUntilForcedReboot", "-1", "must be 0 to 2147483647"},
		"only a test": {
			deployments.Settings{Expedite: deployments.Expedite{ReadinessTest: true}}, "Expedite.ReadinessTest",
			"true", "must be false unless Expedited is true",
		},
		"no category": {
			disregarding(deployments.SafeguardProfile{}), "Applicability.Safeguard.DisabledProfiles[0].Category", "",
			"must not be empty",
		},
		"restart never": {
			reboot(tooMany), "UserExperience.DaysUntilForcedReboot", strconv.Itoa(tooMany), "must be 0 to 2147483647",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := []apierr.FieldError{{Field: "Settings." + c.field, Value: c.value, Rule: c.rule}}
			require.Equal(t, want, problems(c.settings.Validate()))
			require.Equal(t, want, problems(deployments.ForFeature(entryID).With(c.settings).Validate()), "in a spec")
			want[0].Field = c.field
			require.Equal(t, want, problems(updateOf(c.settings).Validate()), "in an update")
		})
	}
}

func updateOf(s deployments.Settings) deployments.Update {
	return deployments.Update{
		Schedule: odata.Set(s.Schedule), Monitoring: odata.Set(s.Monitoring), Applicability: odata.Set(s.Applicability),
		UserExperience: odata.Set(s.UserExperience), Expedite: odata.Set(s.Expedite),
	}
}

func TestSpecsThatTheServiceRejectsAreRejected(t *testing.T) {
	t.Parallel()
	const isID = "must be an ID of the service"
	for name, c := range map[string]struct {
		spec deployments.Spec
		want []apierr.FieldError
	}{
		"kind with #": {
			deployments.Spec{EntryID: entryID, Kind: "#" + namespace + "featureUpdateCatalogEntry"},
			[]apierr.FieldError{
				{
					Field: "Kind", Value: `"#` + namespace + `featureUpdateCatalogEntry"`,
					Rule: "must be a name without its namespace, such as featureUpdateCatalogEntry",
				},
			},
		},
		"no kind":     {deployments.Spec{EntryID: entryID}, []apierr.FieldError{{Field: "Kind", Rule: "must not be empty"}}},
		"no entry":    {deployments.ForFeature(""), []apierr.FieldError{{Field: "EntryID", Rule: "must not be empty"}}},
		"blank entry": {deployments.ForFeature("\t"), []apierr.FieldError{{Field: "EntryID", Rule: "must not be empty"}}},
		"no id":       {deployments.ForFeature(".."), []apierr.FieldError{{Field: "EntryID", Value: `".."`, Rule: isID}}},
		"blank audience": {
			deployments.ForFeature(entryID).ToAudience(" "),
			[]apierr.FieldError{{Field: "AudienceID", Rule: "must not be empty"}},
		},
		"spaces": {deployments.ForFeature(entryID).ToAudience("a "), []apierr.FieldError{{Field: "AudienceID", Value: `"a "`, Rule: isID}}},
		"several": {
			deployments.Spec{AudienceID: "."}.With(rolling(deployments.ByRate(0, 99)).PausingOnRollbacks(0).AlertingOnRollbacks(200)),
			[]apierr.FieldError{
				{Field: "Kind", Rule: "must not be empty"},
				{Field: "EntryID", Rule: "must not be empty"},
				{Field: "AudienceID", Value: `"."`, Rule: isID},
				{Field: "Settings.Schedule.Rollout.BetweenOffers", Value: "99", Rule: everyRule},
				{Field: "Settings.Schedule.Rollout.DevicesPerOffer", Value: "0", Rule: rateRule},
				{Field: "Settings.Monitoring.Rules[0].Threshold", Value: "0", Rule: thresholdRule},
				{Field: "Settings.Monitoring.Rules[1].Threshold", Value: "200", Rule: thresholdRule},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := c.spec.Validate()
			require.ErrorIs(t, err, apierr.ErrInvalid)
			require.Equal(t, c.want, problems(err))
		})
	}
}

func TestOnlyFeatureUpdatesCanBeMonitored(t *testing.T) {
	t.Parallel()
	want := []apierr.FieldError{{Field: "Settings.Monitoring.Rules", Rule: "must be empty except for feature updates"}}
	for _, kind := range []catalog.Kind{catalog.KindQuality, catalog.KindDriver, catalog.KindRecovery} {
		for _, settings := range []deployments.Settings{
			deployments.Settings{}.PausingOnRollbacks(5), deployments.Settings{}.AlertingOnRollbacks(5),
			deployments.Settings{}.FallingBackWhenIneligible(),
		} {
			require.Equal(t, want, problems(deployments.Spec{Kind: kind, EntryID: "x"}.With(settings).Validate()), kind)
		}
		without := deployments.Settings{Monitoring: deployments.Monitoring{Rules: []deployments.MonitoringRule{}}}
		require.NoError(t, deployments.Spec{Kind: kind, EntryID: "x"}.With(without).Validate(), kind)
	}
}

func TestOnlyQualityUpdatesCanBeExpedited(t *testing.T) {
	t.Parallel()
	want := []apierr.FieldError{{Field: "Settings.Expedite.Expedited", Value: "true", Rule: "must be false except for quality updates"}}
	for _, kind := range []catalog.Kind{catalog.KindFeature, catalog.KindDriver, catalog.KindRecovery} {
		for _, settings := range []deployments.Settings{expedited, readinessTest} {
			require.Equal(t, want, problems(deployments.Spec{Kind: kind, EntryID: "x"}.With(settings).Validate()), kind)
		}
	}
}

func TestAnUpdateThatChangesNothingIsRejected(t *testing.T) {
	t.Parallel()
	want := []apierr.FieldError{{Field: "Update", Rule: "must change something"}}
	require.Equal(t, want, problems(deployments.Update{}.Validate()))
	require.Equal(t, want, problems(deployments.Update{Extra: map[string]json.RawMessage{}}.Validate()))
}

func TestWhatIsOnlyUnwisePasses(t *testing.T) {
	t.Parallel()
	past, latest := start.AddDate(-20, 0, 0), time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)
	future := deployments.Spec{Kind: "quantumUpdateCatalogEntry", EntryID: "x"}
	for name, spec := range map[string]deployments.Spec{
		"zero settings":             deployments.ForFeature("not a guid"),
		"kind of the future":        future,
		"monitored future":          future.With(deployments.Settings{}.PausingOnRollbacks(5)),
		"latest start":              deployments.ForFeature("x").With(deployments.Settings{}.StartingAt(latest)),
		"start in the past":         deployments.ForFeature("x").With(deployments.Settings{}.StartingAt(past)),
		"end in the past":           deployments.ForFeature("x").With(rolling(deployments.ByDate(past, 1))),
		"steps longer than rollout": deployments.ForFeature("x").With(rolling(deployments.ByDuration(1, 30))),
		"smallest rollout":          deployments.ForFeature("x").With(rolling(deployments.ByRate(1, 1))),
		"largest rollout":           deployments.ForFeature("x").With(rolling(deployments.ByRate(math.MaxInt32, 30))),
		"service's own step":        deployments.ForFeature("x").With(rolling(deployments.ByRate(1, 0))),
		"unknown rollout":           deployments.ForFeature("x").With(rolling(&deployments.UnknownRollout{Kind: "lunarRolloutSettings"})),
		"same rule twice":           deployments.ForFeature("x").With(monitored(deployments.PauseOnRollbacks(1), deployments.PauseOnRollbacks(100))),
		"all three rules": deployments.ForFeature("x").
			With(deployments.Settings{}.PausingOnRollbacks(5).AlertingOnRollbacks(5).FallingBackWhenIneligible()),
		"unknown signal":            deployments.ForFeature("x").With(rule("slow", 0, deployments.ActionOfferFallback)),
		"unknown signal pauses":     deployments.ForFeature("x").With(rule("slow", 500, deployments.ActionPauseDeployment)),
		"unknown action":            deployments.ForFeature("x").With(rule(deployments.SignalRollback, 5, "callSomebody")),
		"unknown action, no signal": deployments.ForFeature("x").With(rule(deployments.SignalIneligible, 0, "callSomebody")),
		"restart at once":           deployments.ForFeature("x").With(reboot(0)),
		"quality, not expedited":    {Kind: catalog.KindQuality, EntryID: "x"},
		"expedited future":          future.With(expedited),
		"quality past safeguards":   deployments.ForExpedited("x").With(deployments.Settings{}.DisregardingLikelyIssues()),
		"unknown safeguard":         deployments.ForFeature("x").With(disregarding(deployments.SafeguardProfile{Category: "meteors"})),
		"feature by a vendor":       deployments.ForFeature("x").With(deployments.Settings{}.OfferedWhileRecommendedBy("")),
		"hotpatched feature":        deployments.ForFeature("x").With(deployments.Settings{}.OfferingHotpatches()),
		"feature with a restart":    deployments.ForFeature("x").With(reboot(math.MaxInt32)),
	} {
		require.NoError(t, spec.Validate(), name)
	}
	require.NoError(t, deployments.Update{State: "hibernated"}.Validate(), "unknown state")
}

func TestNothingIsSentOfWhatIsRejected(t *testing.T) {
	t.Parallel()
	bad := rolling(deployments.ByRate(0, 7))
	for name, c := range map[string]struct {
		op   string
		send func(context.Context, deployments.Client) error
	}{
		"create": {"deployments.Create", func(ctx context.Context, c deployments.Client) error {
			_, err := c.Create(ctx, deployments.ForFeature(entryID).With(bad))
			return err
		}},
		"update": {"deployments.Update", func(ctx context.Context, c deployments.Client) error {
			return c.Update(ctx, deploymentID, updateOf(bad))
		}},
		"update of nothing": {"deployments.Update", func(ctx context.Context, c deployments.Client) error {
			return c.Update(ctx, deploymentID, deployments.Update{})
		}},
		"rules": {"deployments.SetMonitoringRules", func(ctx context.Context, c deployments.Client) error {
			return c.SetMonitoringRules(ctx, deploymentID, deployments.PauseOnRollbacks(0))
		}},
		"get":     {"deployments.Get", func(ctx context.Context, c deployments.Client) error { _, err := c.Get(ctx, ""); return err }},
		"delete":  {"deployments.Delete", func(ctx context.Context, c deployments.Client) error { return c.Delete(ctx, "..") }},
		"pause":   {"deployments.Pause", func(ctx context.Context, c deployments.Client) error { return c.Pause(ctx, " ") }},
		"archive": {"deployments.Archive", func(ctx context.Context, c deployments.Client) error { return c.Archive(ctx, "") }},
		"resume":  {"deployments.Resume", func(ctx context.Context, c deployments.Client) error { return c.Resume(ctx, "") }},
		"reschedule": {
			"deployments.Reschedule",
			func(ctx context.Context, c deployments.Client) error { return c.Reschedule(ctx, "a ", start) },
		},
		"clear": {
			"deployments.ClearMonitoringRules",
			func(ctx context.Context, c deployments.Client) error { return c.ClearMonitoringRules(ctx, ".") },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(answer(200, `{"id":"x"}`))
			err := c.send(t.Context(), service.Client(t).Deployments())
			require.ErrorIs(t, err, apierr.ErrInvalid)
			require.ErrorContains(t, err, c.op)
			require.NotEmpty(t, problems(err))
			require.Empty(t, service.Requests())
		})
	}
}

func TestTheZeroClientReturnsErrors(t *testing.T) {
	t.Parallel()
	var c deployments.Client
	require.ErrorContains(t, c.Pause(t.Context(), deploymentID), "updates.NewClient")
	_, err := c.Create(t.Context(), deployments.ForFeature(entryID))
	require.ErrorContains(t, err, "updates.NewClient")
	_, err = c.List(nil).First(t.Context())
	require.ErrorContains(t, err, "updates.NewClient")
}

func TestAnErrorNamesEachFieldOnOneLine(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(201, `{}`))
	_, err := service.Client(t).Deployments().Create(t.Context(), deployments.Spec{})
	require.EqualError(t, err, "deployments.Create: Kind must not be empty; EntryID must not be empty")
}

// problems are the fields that an error names, however they are joined.
func problems(err error) []apierr.FieldError {
	switch err := any(err).(type) {
	case nil:
		return nil
	case *apierr.FieldError:
		return []apierr.FieldError{*err}
	case interface{ Unwrap() []error }:
		var all []apierr.FieldError
		for _, one := range err.Unwrap() {
			all = append(all, problems(one)...)
		}
		return all
	}
	return problems(errors.Unwrap(err))
}
