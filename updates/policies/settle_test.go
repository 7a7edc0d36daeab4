package policies_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
)

func TestAQualityChangeWhoseResponseIsLostIsSettledByReading(t *testing.T) {
	t.Parallel()
	const (
		policyShown = `{"id":"x","displayName":"b","description":"c","approvalRules":[
			{"@odata.type":"` + types +
			`qualityUpdateApprovalRule","deferralInDays":3,"classification":"security","cadence":"monthly","new":1}]}`
		ringShown = `{"@odata.type":"#` + types +
			`ring","id":"x","displayName":"b","description":"c","deferralInDays":3,"isPaused":true,"isHotpatchEnabled":true,
			"includedGroupAssignment":{"assignments":[{"groupId":"00000000-0000-4000-8000-0000000000E1"},{"groupId":"` + everybody + `"}]},"excludedGroupAssignment":{"assignments":[]}}`
	)
	const firstGroups = `{"id":"x","includedGroupAssignment":{"assignments":[{"groupId":"` + everybody + `"}],"assignments@odata.nextLink":"n"}}`
	rules := policies.Rules{policies.QualityDeferredBy(3, "security", "monthly")}
	withExtra := policies.QualityDeferredBy(3, "security", "monthly")
	withExtra.Extra = stub.Extra("new", "1")
	updatePolicy := func(u policies.Update) func(context.Context, policies.Client) error {
		return func(ctx context.Context, c policies.Client) error { return c.Update(ctx, "x", u) }
	}
	updateRing := func(u policies.RingUpdate) func(context.Context, policies.Client) error {
		return func(ctx context.Context, c policies.Client) error { return c.UpdateRing(ctx, "x", "y", u) }
	}
	suspend := func(ctx context.Context, c policies.Client) error { return c.SuspendApproval(ctx, "x", "y") }
	reapprove := func(ctx context.Context, c policies.Client) error { return c.ResumeApproval(ctx, "x", "y") }

	for name, c := range map[string]struct {
		change func(context.Context, policies.Client) error
		read   string
		done   bool
	}{
		"names": {
			updatePolicy(policies.QualityPolicyUpdate{DisplayName: odata.Set("b"), Description: odata.Set("c")}), policyShown, true,
		},
		"another name":        {updatePolicy(policies.QualityPolicyUpdate{DisplayName: odata.Set("other")}), policyShown, false},
		"another description": {updatePolicy(policies.QualityPolicyUpdate{Description: odata.Set("other")}), policyShown, false},
		"rules":               {updatePolicy(policies.QualityPolicyUpdate{Rules: odata.Set(rules)}), policyShown, true},
		"no rules": {
			updatePolicy(policies.QualityPolicyUpdate{Rules: odata.Set(policies.Rules{})}), policyShown, false,
		},
		"other rules": {
			updatePolicy(policies.QualityPolicyUpdate{Rules: odata.Set(policies.Rules{policies.RecoveryDeferredBy(3)})}),
			policyShown, false,
		},
		"rules with more": {
			updatePolicy(policies.QualityPolicyUpdate{Rules: odata.Set(policies.Rules{withExtra})}), policyShown, false,
		},
		"unknown members": {updatePolicy(policies.QualityPolicyUpdate{Extra: stub.Extra("new", "1")}), policyShown, false},

		"groups in another order": {
			updateRing(policies.QualityRingUpdate{Included: odata.Set([]string{everybody, pilots, everybody}), Excluded: odata.Set[[]string](nil)}),
			ringShown, true,
		},
		"fewer groups":        {updateRing(policies.QualityRingUpdate{Included: odata.Set([]string{pilots})}), ringShown, false},
		"perhaps more groups": {updateRing(policies.QualityRingUpdate{Included: odata.Set([]string{everybody})}), firstGroups, false},
		"excluded groups":     {updateRing(policies.QualityRingUpdate{Excluded: odata.Set([]string{pilots})}), ringShown, false},
		"all of a ring": {updateRing(policies.QualityRingUpdate{
			DisplayName: odata.Set("b"), Description: odata.Set("c"), DeferralDays: odata.Set(3), Paused: odata.Set(true),
			Hotpatch: odata.Set(true),
		}), ringShown, true},
		"ring's name":        {updateRing(policies.QualityRingUpdate{DisplayName: odata.Set("other")}), ringShown, false},
		"ring's description": {updateRing(policies.QualityRingUpdate{Description: odata.Set("other")}), ringShown, false},
		"another deferral":   {updateRing(policies.QualityRingUpdate{DeferralDays: odata.Set(4)}), ringShown, false},
		"no deferral":        {updateRing(policies.QualityRingUpdate{DeferralDays: odata.Null[int]()}), ringShown, false},
		"the deferral was removed": {
			updateRing(policies.QualityRingUpdate{DeferralDays: odata.Null[int]()}), `{"id":"x","deferralInDays":null}`, true,
		},
		"no hotpatch":            {updateRing(policies.QualityRingUpdate{Hotpatch: odata.Set(false)}), ringShown, false},
		"deferral 0, not a word": {updateRing(policies.QualityRingUpdate{DeferralDays: odata.Set(0)}), `{"id":"x"}`, false},
		"deferral 0":             {updateRing(policies.QualityRingUpdate{DeferralDays: odata.Set(0)}), `{"id":"x","deferralInDays":0}`, true},
		"no groups, not a word":  {updateRing(policies.QualityRingUpdate{Included: odata.Set([]string{})}), `{"id":"x"}`, false},
		"no groups, null":        {updateRing(policies.QualityRingUpdate{Excluded: odata.Set([]string{})}), `{"id":"x","excludedGroupAssignment":{"assignments":null}}`, false},
		"ring, no description":   {updateRing(policies.QualityRingUpdate{Description: odata.Set("")}), `{"id":"x"}`, false},
		"no rules, not a word":   {updatePolicy(policies.QualityPolicyUpdate{Rules: odata.Set(policies.Rules{})}), `{"id":"x"}`, false},
		"no rules left":          {updatePolicy(policies.QualityPolicyUpdate{Rules: odata.Set(policies.Rules{})}), `{"id":"x","approvalRules":[]}`, true},
		"no description":         {updatePolicy(policies.QualityPolicyUpdate{Description: odata.Set("")}), `{"id":"x"}`, false},
		"description removed":    {updatePolicy(policies.QualityPolicyUpdate{Description: odata.Set("")}), `{"id":"x","description":""}`, true},
		"ring, unknown members":  {updateRing(policies.QualityRingUpdate{Extra: stub.Extra("new", "1")}), ringShown, false},
		"suspended":              {suspend, `{"id":"x","status":"suspended"}`, true},
		"not reapproved":         {reapprove, `{"id":"x","status":"suspended"}`, false},
		"reapproved":             {reapprove, `{"id":"x","status":"approved"}`, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, refusal := range []int{400, 409} {
				err := c.change(t.Context(), lossy(t, refusal, c.read))
				if c.done {
					require.NoError(t, err)
				} else {
					require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
				}
			}
		})
	}
}

func TestAChangeOfARingOfEachKindIsSettledByReading(t *testing.T) {
	t.Parallel()
	feature := `{"id":"y","@odata.type":"#` + types + `featureUpdateRing","deferralInDays":3,"isPaused":false,"offerIntervalInDays":0}`
	driver := `{"id":"y","@odata.type":"#` + types + `driverUpdateRing","deferralInDays":3,"isPaused":true}`
	abstract := `{"id":"y","@odata.type":"#` + types + `ring","deferralInDays":3,"isPaused":true}`
	for name, c := range map[string]struct {
		update policies.RingUpdate
		read   string
		done   bool
	}{
		"an interval of 0":            {policies.FeatureRingUpdate{OfferIntervalDays: odata.Set(0)}, feature, true},
		"another interval":            {policies.FeatureRingUpdate{OfferIntervalDays: odata.Set(7)}, feature, false},
		"a duration, not a word":      {policies.FeatureRingUpdate{OfferDurationDays: odata.Set(0)}, feature, false},
		"a duration, removed":         {policies.FeatureRingUpdate{OfferDurationDays: odata.Null[int]()}, feature, true},
		"an interval, not removed":    {policies.FeatureRingUpdate{OfferIntervalDays: odata.Null[int]()}, feature, false},
		"an interval, but a riddle":   {policies.FeatureRingUpdate{OfferIntervalDays: odata.Null[int]()}, strings.Replace(feature, ":0}", `:"x"}`, 1), false},
		"a deferral of feature":       {policies.FeatureRingUpdate{DeferralDays: odata.Set(3), Paused: odata.Set(false)}, feature, true},
		"of another kind":             {policies.FeatureRingUpdate{DeferralDays: odata.Set(3)}, driver, false},
		"a driver ring":               {policies.DriverRingUpdate{DeferralDays: odata.Set(3), Paused: odata.Set(true)}, driver, true},
		"another deferral":            {policies.DriverRingUpdate{DeferralDays: odata.Set(4)}, driver, false},
		"a driver ring, another kind": {policies.DriverRingUpdate{DeferralDays: odata.Set(3)}, feature, false},
		"quality, another kind":       {policies.QualityRingUpdate{DeferralDays: odata.Set(3)}, feature, false},
		"abstract":                    {policies.DriverRingUpdate{DeferralDays: odata.Set(3)}, abstract, true},
		"abstract, feature":           {policies.FeatureRingUpdate{DeferralDays: odata.Set(3)}, abstract, true},
		"abstract, an interval":       {policies.FeatureRingUpdate{OfferIntervalDays: odata.Set(0)}, abstract, false},
		"abstract, quality":           {policies.QualityRingUpdate{Paused: odata.Set(true)}, abstract, true},
		"abstract, hotpatches":        {policies.QualityRingUpdate{Hotpatch: odata.Set(false)}, abstract, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := lossy(t, 409, c.read).UpdateRing(t.Context(), "x", "y", c.update)
			if c.done {
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
			}
		})
	}
}

// A pause reads the ring first, to name its kind.
func TestAPauseWhoseResponseIsLostIsSettledByReading(t *testing.T) {
	t.Parallel()
	pause := func(ctx context.Context, c policies.Client) error { return c.PauseRing(ctx, "x", "y") }
	resume := func(ctx context.Context, c policies.Client) error { return c.ResumeRing(ctx, "x", "y") }
	for _, kind := range []string{"qualityUpdateRing", "featureUpdateRing", "driverUpdateRing", "ring", "lunarRing"} {
		for name, c := range map[string]struct {
			change func(context.Context, policies.Client) error
			read   string
			done   bool
		}{
			"paused":                {pause, `"isPaused":true`, true},
			"not paused":            {pause, `"isPaused":false`, false},
			"resumed":               {resume, `"isPaused":false`, true},
			"not resumed":           {resume, `"isPaused":true`, false},
			"resumed, not a word":   {resume, `"new":1`, false},
			"resumed, null":         {resume, `"isPaused":null`, false},
			"resumed, but a riddle": {resume, `"isPaused":"maybe"`, false},
		} {
			t.Run(kind+"/"+name, func(t *testing.T) {
				t.Parallel()
				ring := `{"id":"y","@odata.type":"#` + types + kind + `",` + c.read + `}`
				for _, refusal := range []int{400, 409} {
					err := c.change(t.Context(), lossyChange(t, refusal, ring))
					if c.done {
						require.NoError(t, err)
					} else {
						require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
					}
				}
			})
		}
	}
}

func TestAPauseSendsBackTheKindOfTheRing(t *testing.T) {
	t.Parallel()
	for read, sent := range map[string]string{
		`"@odata.type":"#` + types + `qualityUpdateRing"`:            `"@odata.type":"#` + types + `qualityUpdateRing"`,
		`"@odata.type":"` + types + `featureUpdateRing"`:             `"@odata.type":"#` + types + `featureUpdateRing"`,
		`"@odata.type":"#` + types + `driverUpdateRing"`:             `"@odata.type":"#` + types + `driverUpdateRing"`,
		`"@odata.type":"#` + types + `ring"`:                         `"@odata.type":"#` + types + `ring"`,
		`"@odata.type":"#` + types + `ring","offerIntervalInDays":1`: `"@odata.type":"#` + types + `featureUpdateRing"`,
		`"@odata.type":"#` + types + `lunarRing"`:                    `"@odata.type":"#` + types + `lunarRing"`,
		`"@odata.type":"#other.ring"`:                                `"@odata.type":"#other.ring"`,
		`"isHotpatchEnabled":true`:                                   `"@odata.type":"#` + types + `qualityUpdateRing"`,
		`"description":"no type"`:                                    ``,
	} {
		service := stub.Answering(stub.Answer(200, `{"id":"y",`+read+`}`))
		require.NoError(t, service.Client(t).Policies().PauseRing(t.Context(), "x", "y"))
		want := `{` + sent + `,"isPaused":true}`
		require.JSONEq(t, strings.Replace(want, "{,", "{", 1), onlyChange(t, service).Body, read)
	}
}

func TestARejectionWithoutALostResponseIsNotSettled(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(400, `{"error":{"code":"BadRequest","message":"no"}}`))
	err := service.Client(t).Policies().SuspendApproval(t.Context(), "x", "y")
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.NotErrorIs(t, err, apierr.ErrUnknownOutcome)
	require.Len(t, service.Requests(), 1)
}

func TestALostCreationIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, create := range map[string]func(context.Context, policies.Client) error{
		"policy": func(ctx context.Context, c policies.Client) error {
			_, err := c.Create(ctx, monthlyPolicy)
			return err
		},
		"ring": func(ctx context.Context, c policies.Client) error {
			_, err := c.CreateRing(ctx, "x", pilotRing)
			return err
		},
		"approval": func(ctx context.Context, c policies.Client) error {
			_, err := c.Approve(ctx, "x", "e")
			return err
		},
	} {
		service := stub.Answering(stub.Answer(503, ``))
		if name == "approval" {
			service = stub.Answering(stub.Answer(200, `{"value":[]}`), stub.Answer(503, ``))
		}
		err := create(t.Context(), service.Client(t, stub.Attempts(3)).Policies())
		require.ErrorIs(t, err, apierr.ErrUnknownOutcome, name)
		onlyChange(t, service)
	}
}

func TestADeletionWhoseResponseIsLostIsDoneWhenNothingIsThere(t *testing.T) {
	t.Parallel()
	deleted := func() policies.Client {
		missing := stub.Answer(404, `{"error":{"code":"x"}}`)
		return stub.Answering(stub.Answer(503, ``), missing, missing).Client(t, stub.Attempts(3)).Policies()
	}
	require.NoError(t, deleted().Delete(t.Context(), "x"))
	require.NoError(t, deleted().DeleteRing(t.Context(), "x", "y"))
	require.ErrorIs(t, lossy(t, 404, `{}`).Delete(t.Context(), "x"), apierr.ErrUnknownOutcome, "one 404 shows nothing")
	require.ErrorIs(t, stub.Answering(stub.Answer(404, ``)).Client(t).Policies().Delete(t.Context(), "x"), apierr.ErrNotFound)
}
