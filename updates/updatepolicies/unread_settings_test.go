package updatepolicies_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// reschedules are the two ways in which a start is moved here.
var reschedules = map[string]func(context.Context, updatepolicies.Client, time.Time) error{
	"updatePolicies.Reschedule": func(ctx context.Context, c updatepolicies.Client, start time.Time) error {
		return c.Reschedule(ctx, "x", start)
	},
	"updatePolicies.RescheduleApproval": func(ctx context.Context, c updatepolicies.Client, start time.Time) error {
		return c.RescheduleApproval(ctx, "p", "x", start)
	},
}

func TestAStartIsNotMovedWhereItCannotBe(t *testing.T) {
	t.Parallel()
	const until = `{"schedule":{"gradualRollout":{"@odata.type":"#` + types + `dateDrivenRolloutSettings","endDateTime":"2026-11-30T00:00:00Z"}}}`
	for settings, want := range map[string]string{
		`7`:                                 "deploymentSettings could not be read, so it is unknown what a new start would replace",
		`{"schedule":7}`:                    "deploymentSettings.schedule could not be read, so it is unknown what a new start would replace",
		`{"expedite":[]}`:                   "deploymentSettings.expedite could not be read, so it is unknown what a new start would replace",
		`{"expedite":{"isExpedited":7}}`:    "deploymentSettings.expedite.isExpedited could not be read, so it is unknown what a new start would replace",
		`{"expedite":{"isExpedited":true}}`: "Settings.Schedule.Start must be zero for an expedited update (got 2026-12-01T08:00:00Z)",
		until:                               "start must not be after Rollout.End 2026-11-30T00:00:00Z (got 2026-12-01T08:00:00Z)",
	} {
		for op, reschedule := range reschedules {
			service := stub.Answering(stub.Answer(200, `{"id":"x","deploymentSettings":`+settings+`}`), stub.Answer(202, ""))
			require.EqualError(t, reschedule(t.Context(), service.Client(t, stub.NoLimits).UpdatePolicies(), start), op+": "+want)
			require.Len(t, service.Requests(), 1)
		}
	}
}

func TestARolloutThatCouldNotBeReadIsTakenAlong(t *testing.T) {
	t.Parallel()
	for _, reschedule := range reschedules {
		service := stub.Answering(
			stub.Answer(200, `{"id":"x","deploymentSettings":{"schedule":{"startDateTime":7,"gradualRollout":"weekly"}}}`), stub.Answer(202, ""))
		require.NoError(t, reschedule(t.Context(), service.Client(t, stub.NoLimits).UpdatePolicies(), start))
		require.Len(t, service.Requests(), 2)
		require.Contains(t, service.Last(t).Body, `"schedule":{"startDateTime":"2026-12-01T08:00:00Z","gradualRollout":"weekly"}`)
	}
}

// A lost change has not surely been made if the settings cannot be read.
func TestSettingsThatCouldNotBeReadSettleNothing(t *testing.T) {
	t.Parallel()
	rules := deployments.Settings{Monitoring: deployments.Monitoring{Rules: []deployments.MonitoringRule{}}}
	removal := deployments.Update{Monitoring: odata.Null[deployments.Monitoring]()}
	for name, change := range map[string]func(context.Context, updatepolicies.Client) error{
		"MergeSettings":  func(ctx context.Context, c updatepolicies.Client) error { return c.MergeSettings(ctx, "x", rules) },
		"UpdateSettings": func(ctx context.Context, c updatepolicies.Client) error { return c.UpdateSettings(ctx, "x", removal) },
		"MergeApprovalSettings": func(ctx context.Context, c updatepolicies.Client) error {
			return c.MergeApprovalSettings(ctx, "p", "x", rules)
		},
		"UpdateApprovalSettings": func(ctx context.Context, c updatepolicies.Client) error {
			return c.UpdateApprovalSettings(ctx, "p", "x", removal)
		},
		"ClearApprovalSettings": func(ctx context.Context, c updatepolicies.Client) error {
			return c.ClearApprovalSettings(ctx, "p", "x")
		},
		"Update": func(ctx context.Context, c updatepolicies.Client) error {
			return c.Update(ctx, "x", updatepolicies.Update{Settings: odata.Set(rules)})
		},
	} {
		for _, settings := range []string{`7`, `{"monitoring":7}`, `{"monitoring":{"monitoringRules":7}}`} {
			read := `{"id":"x","complianceChangeRules":[],"deploymentSettings":` + settings + `}`
			service := stub.Answering(stub.Answer(503, ``), stub.Answer(409, `{"error":{"code":"x"}}`), stub.Answer(200, read))
			err := change(t.Context(), service.Client(t, stub.Attempts(2), stub.NoLimits).UpdatePolicies())
			require.ErrorIs(t, err, apierr.ErrUnknownOutcome, "%s %s", name, settings)
			require.Equal(t, "GET", strings.Fields(service.Last(t).Route())[0])
		}
	}
}

// What a lost create made may be a policy or an approval with settings that could not be
// read, and is not surely it.
func TestSettingsThatCouldNotBeReadLeaveACandidateInDoubt(t *testing.T) {
	t.Parallel()
	settings := deployments.Settings{}.RollingOut(deployments.ByRate(100, 7))
	since := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	const rate = `{"schedule":{"gradualRollout":{"@odata.type":"#` + types + `rateDrivenRolloutSettings","devicesPerOffer":"many"}}}`
	for written, path := range map[string]string{
		`7`:              "deploymentSettings",
		`{"schedule":7}`: "deploymentSettings.schedule",
		`{"schedule":{"gradualRollout":"weekly"}}`: "deploymentSettings.schedule.gradualRollout",
		rate: "deploymentSettings.schedule.gradualRollout.devicesPerOffer",
	} {
		service := stub.Answering(stub.Answer(200, `{"value":[{"id":"c","createdDateTime":"2026-12-01T08:00:00Z",
			"audience":{"id":"a"},"content":{"@odata.type":"#`+types+`catalogContent","catalogEntry":{"id":"e"}},"deploymentSettings":`+written+`}]}`))
		client := service.Client(t, stub.NoLimits).UpdatePolicies()
		_, policyErr := client.FindCreated(t.Context(), updatepolicies.ForAudience("a").With(settings), since)
		_, approvalErr := client.FindCreatedApproval(t.Context(), policyID, updatepolicies.ForDriver("e").With(settings), since)
		for _, err := range []error{policyErr, approvalErr} {
			requireCandidates(t, err, "c")
			require.ErrorContains(t, err, "c has a property that could not be read: "+path)
		}
	}
}
