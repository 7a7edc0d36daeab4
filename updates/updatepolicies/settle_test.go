package updatepolicies_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

const (
	revoked = `{"id":"x","isRevoked":true,"revokedDateTime":"2026-12-01T08:00:00Z"}`
	live    = `{"id":"x","isRevoked":false,"revokedDateTime":"0001-01-01T00:00:00Z"}`
	refusal = `{"error":{"code":"BadRequest","message":"no"}}`
)

func TestARevocationWhoseFirstResponseIsLostIsDone(t *testing.T) {
	t.Parallel()
	answer := stub.Answer
	for name, c := range map[string]struct {
		attempts int
		replies  []stub.Reply
	}{
		"repeated":                     {3, []stub.Reply{answer(503, ""), answer(200, revoked)}},
		"repeated, without a body":     {3, []stub.Reply{answer(503, ""), answer(204, "")}},
		"resent and rejected":          {3, []stub.Reply{answer(503, ""), answer(400, refusal), answer(200, revoked)}},
		"rejected as a conflict":       {3, []stub.Reply{answer(504, ""), answer(409, refusal), answer(200, revoked)}},
		"rejected, and reported later": {3, []stub.Reply{answer(503, ""), answer(400, refusal), answer(200, live), answer(200, revoked)}},
		"rejected with another code":   {3, []stub.Reply{answer(503, ""), answer(422, refusal), answer(200, revoked)}},
		"all answers lost":             {2, []stub.Reply{answer(503, ""), answer(502, ""), answer(200, revoked)}},
		"not repeated":                 {1, []stub.Reply{answer(503, ""), answer(200, revoked)}},
		"the read is repeated, too":    {3, []stub.Reply{answer(503, ""), answer(400, refusal), answer(503, ""), answer(200, revoked)}},
		"throttled after the effect":   {3, []stub.Reply{answer(500, ""), answer(429, ""), answer(200, revoked)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := stub.Answering(c.replies...)
				require.NoError(t, service.Client(t, stub.Attempts(c.attempts), stub.NoLimits).UpdatePolicies().RevokeApproval(t.Context(), policyID, approvalID))
				require.Len(t, service.Requests(), len(c.replies))
				requireOnePropertyPerPatch(t, service)
			})
		})
	}
}

func requireOnePropertyPerPatch(t *testing.T, service *stub.Transport) {
	t.Helper()
	for _, request := range service.Requests() {
		if request.Method == "PATCH" {
			require.Equal(t, stub.Exact(t, `{"@odata.type":"#microsoft.graph.windowsUpdates.contentApproval","isRevoked":true}`),
				stub.Exact(t, request.Body))
		}
	}
}

func TestARevocationThatDoesNotShowIsUnknown(t *testing.T) {
	t.Parallel()
	answer := stub.Answer
	for name, c := range map[string]struct {
		replies []stub.Reply
		status  int
	}{
		"rejected":     {[]stub.Reply{answer(503, ""), answer(400, refusal), answer(200, live)}, 400},
		"lost":         {[]stub.Reply{answer(503, ""), answer(503, ""), answer(200, live)}, 503},
		"not readable": {[]stub.Reply{answer(503, ""), answer(400, refusal), answer(404, refusal)}, 400},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := stub.Answering(c.replies...).Client(t, stub.Attempts(2), stub.NoLimits).UpdatePolicies().RevokeApproval(t.Context(), policyID, approvalID)
				require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
				require.Equal(t, c.status, apierr.StatusOf(err))
				require.ErrorContains(t, err, "updatePolicies.RevokeApproval: ")
			})
		})
	}
}

func TestWhatIsRevokedAlreadyCanBeRevokedAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		status int
		read   stub.Reply
		sent   int
		done   bool
	}{
		"revoked, as 400":        {400, stub.Answer(200, revoked), 2, true},
		"revoked, as 409":        {409, stub.Answer(200, revoked), 2, true},
		"live":                   {400, stub.Answer(200, live), 2, false},
		"not there":              {409, stub.Answer(404, refusal), 2, false},
		"rejected for a person":  {403, stub.Answer(200, revoked), 1, false},
		"the approval is no one": {404, stub.Answer(200, revoked), 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(c.status, refusal), c.read)
			err := service.Client(t, stub.NoLimits).UpdatePolicies().RevokeApproval(t.Context(), policyID, approvalID)
			require.Len(t, service.Requests(), c.sent)
			if c.done {
				require.NoError(t, err)
				return
			}
			require.Equal(t, c.status, apierr.StatusOf(err), "the error is the refusal")
			require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
		})
	}
}

// A lost response is followed by a refusal: the change may have taken effect before.
func TestARejectedChangeOfAPolicyIsSettledByReading(t *testing.T) {
	t.Parallel()
	quality := updatepolicies.QualityStartingAfter(7, catalog.ClassificationSecurity, catalog.CadenceMonthly)
	update := updatepolicies.Update{
		Settings: odata.Set(deployments.Settings{}.StartingAt(start).OfferingHotpatches()),
		Rules:    odata.Set(updatepolicies.Rules{quality, updatepolicies.DriversStartingAfter(0)}),
	}
	const shown = `{"id":"x","deploymentSettings":{
			"schedule":{"startDateTime":"2026-12-01T08:00:00Z",
				"gradualRollout":{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings","durationBetweenOffers":"P1D",
					"devicesPerOffer":0}},
			"userExperience":{"isHotpatchEnabled":true,"offerAsOptional":null}},
		"complianceChangeRules":[
			{"@odata.type":"#microsoft.graph.windowsUpdates.contentApprovalRule","createdDateTime":"2026-12-01T08:00:00Z",
				"durationBeforeDeploymentStart":"P7D","new":1,
				"contentFilter":{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateFilter","classification":"security",
					"cadence":"monthly","new":1}},
			{"@odata.type":"#microsoft.graph.windowsUpdates.contentApprovalRule",
				"contentFilter":{"@odata.type":"#microsoft.graph.windowsUpdates.driverUpdateFilter"}}]}`
	but := func(old, other string) string { return strings.Replace(shown, old, other, 1) }
	removing := updatepolicies.Update{Settings: odata.Null[deployments.Settings](), Rules: odata.Null[updatepolicies.Rules]()}
	odd := updatepolicies.DriversStartingAfter(1)
	odd.Extra = stub.Extra("a", "1")
	for name, c := range map[string]struct {
		update  updatepolicies.Update
		read    string
		settled bool
	}{
		"it shows":               {update, shown, true},
		"nothing shows":          {update, `{"id":"x"}`, false},
		"other start":            {update, but("08:00:00Z", "09:00:00Z"), false},
		"other experience":       {update, but(`"isHotpatchEnabled":true`, `"isHotpatchEnabled":false`), false},
		"other days":             {update, but("P7D", "P8D"), false},
		"other cadence":          {update, but("monthly", "outOfBand"), false},
		"other filter":           {update, but("driverUpdateFilter", "lunarFilter"), false},
		"no filter":              {update, but(`{"@odata.type":"#microsoft.graph.windowsUpdates.driverUpdateFilter"}`, "null"), false},
		"other rule":             {update, but("contentApprovalRule", "lunarRule"), false},
		"everything was removed": {removing, `{"id":"x","deploymentSettings":null,"complianceChangeRules":[]}`, true},
		"settings are there":     {removing, `{"id":"x","deploymentSettings":{"expedite":{"isExpedited":true}}}`, false},
		"rules are there":        {removing, `{"id":"x","complianceChangeRules":[{}]}`, false},
		"rules, not a word":      {removing, `{"id":"x","deploymentSettings":null}`, false},
		"unknown member":         {updatepolicies.Update{Extra: stub.Extra("a", "1")}, `{"id":"x","a":1}`, false},
		"unknown member, rule": {
			updatepolicies.Update{Rules: odata.Set(updatepolicies.Rules{odd})},
			`{"id":"x","complianceChangeRules":[{"@odata.type":"#microsoft.graph.windowsUpdates.contentApprovalRule",` +
				`"durationBeforeDeploymentStart":"P1D","a":1,` +
				`"contentFilter":{"@odata.type":"#microsoft.graph.windowsUpdates.driverUpdateFilter"}}]}`, false,
		},
		"unknown member, filter": {
			updatepolicies.Update{
				Rules: odata.Set(updatepolicies.Rules{
					&updatepolicies.ApprovalRule{Filter: &updatepolicies.DriverFilter{FilterBase: updatepolicies.FilterBase{Extra: stub.Extra("a", "1")}}},
				}),
			},
			`{"id":"x","complianceChangeRules":[{"@odata.type":"#microsoft.graph.windowsUpdates.contentApprovalRule",` +
				`"contentFilter":{"@odata.type":"#microsoft.graph.windowsUpdates.driverUpdateFilter","a":1}}]}`, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := stub.Answering(stub.Answer(503, ""), stub.Answer(409, refusal), stub.Answer(200, c.read))
				err := service.Client(t, stub.Attempts(2), stub.NoLimits).UpdatePolicies().Update(t.Context(), policyID, c.update)
				if c.settled {
					require.NoError(t, err)
					return
				}
				require.ErrorIs(t, err, apierr.ErrConflict)
				require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
			})
		})
	}
}

func TestARejectedChangeOfAnApprovalIsSettledByReading(t *testing.T) {
	t.Parallel()
	set := func(ctx context.Context, c updatepolicies.Client) error {
		return c.MergeApprovalSettings(ctx, policyID, approvalID, deployments.Settings{}.StartingAt(start))
	}
	remove := func(ctx context.Context, c updatepolicies.Client) error {
		return c.ClearApprovalSettings(ctx, policyID, approvalID)
	}
	const started, none = `{"id":"x","deploymentSettings":{"schedule":{"startDateTime":"2026-12-01T08:00:00Z"}}}`,
		`{"id":"x","deploymentSettings":{"schedule":null}}`
	for name, c := range map[string]struct {
		send    func(context.Context, updatepolicies.Client) error
		read    string
		settled bool
	}{
		"set, there": {set, started, true}, "set, not there": {set, none, false},
		"removed": {remove, none, true}, "not removed": {remove, started, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := stub.Answering(stub.Answer(503, ""), stub.Answer(400, refusal), stub.Answer(200, c.read))
				err := c.send(t.Context(), service.Client(t, stub.Attempts(2), stub.NoLimits).UpdatePolicies())
				require.Equal(t, c.settled, err == nil, "%v", err)
			})
		})
	}
}

func TestACreateWhoseResponseIsLostIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	for name, create := range map[string]func(context.Context, updatepolicies.Client) error{
		"policy": func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.Create(ctx, driverPolicy)
			return err
		},
		"approval": func(ctx context.Context, c updatepolicies.Client) error {
			_, err := c.Approve(ctx, policyID, updatepolicies.ForDriver(driverID))
			return err
		},
	} {
		service := stub.Answering(stub.Answer(503, ""), stub.Answer(201, `{"id":"x"}`))
		require.ErrorIs(t, create(t.Context(), service.Client(t, stub.Attempts(3), stub.NoLimits).UpdatePolicies()), apierr.ErrUnknownOutcome, name)
		require.Len(t, service.Requests(), 1, name)
	}
}

// The errors that are known of these routes reach the caller with their texts.
func TestTheServicesRejectionsSayWhatWasRejected(t *testing.T) {
	t.Parallel()
	create := func(ctx context.Context, c updatepolicies.Client) error {
		_, err := c.Create(ctx, driverPolicy)
		return err
	}
	for name, c := range map[string]struct {
		send    func(context.Context, updatepolicies.Client) error
		status  int
		message string
		class   error
	}{
		"a time before the start out of range": {
			create, 400, "Parameter 'durationBeforeDeploymentStart' in payload has a value that does not match schema", apierr.ErrInvalid,
		},
		"an abstract filter": {create, 400, "Schema validation failed for resource 'updatePolicy'", apierr.ErrInvalid},
		"no length":          {create, 411, "Length Required", apierr.ErrInvalid},
		"no permission":      {create, 403, "Insufficient privileges to complete the operation.", apierr.ErrForbidden},
		"other rules": {func(ctx context.Context, c updatepolicies.Client) error {
			return c.SetRules(ctx, policyID, updatepolicies.DriversStartingAfter(7))
		}, 400, "Schema validation failed for resource 'deploymentPolicy'", apierr.ErrInvalid},
		"more than one property": {func(ctx context.Context, c updatepolicies.Client) error {
			return c.ClearApprovalSettings(ctx, policyID, approvalID)
		}, 400, "Exactly one property must be changed.", apierr.ErrInvalid},
	} {
		service := stub.Answering(stub.Answer(c.status, `{"error":{"code":"Refused","message":"`+c.message+`"}}`))
		err := c.send(t.Context(), service.Client(t, stub.NoLimits).UpdatePolicies())
		require.ErrorIs(t, err, c.class, name)
		require.NotErrorIs(t, err, apierr.ErrUnknownOutcome, name)
		require.ErrorContains(t, err, c.message, name)
		require.Len(t, service.Requests(), 1, name)
	}
}
