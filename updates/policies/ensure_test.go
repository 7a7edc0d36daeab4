package policies_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// ensure runs a script that makes sure of a policy and of a ring in it.
func ensure(
	t *testing.T, client *updates.Client, policy policies.Spec, ring policies.RingSpec,
) (*policies.Ensured, *policies.Ensured) {
	t.Helper()
	p, err := client.Policies().EnsurePolicy(t.Context(), policy)
	require.NoError(t, err)
	r, err := client.Policies().EnsureRing(t.Context(), p.ID, ring)
	require.NoError(t, err)
	return p, r
}

func TestAScriptThatRunsAgainChangesWhatDiffers(t *testing.T) {
	t.Parallel()
	monthly := policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly)
	for name, c := range map[string]struct {
		policy, otherPolicy policies.Spec
		ring, otherRing     policies.RingSpec
		policyDiff          string
		ringDiff            string
	}{
		"quality": {
			policies.QualityPolicy("a").Approving(monthly, policies.RecoveryDeferredBy(1)),
			policies.QualityPolicy("a").Approving(policies.RecoveryDeferredBy(2), monthly),
			policies.QualityRing("r").Including(pilots).OfferingHotpatches(),
			policies.QualityRing("r").Including(pilots).WithholdingHotpatches().DeferredBy(4),
			`approvalRules from [{"type":"qualityUpdateApprovalRule","deferralInDays":3,"classification":"security","cadence":"monthly"},` +
				`{"type":"recoveryApprovalRule","deferralInDays":1}] to [{"type":"recoveryApprovalRule","deferralInDays":2},` +
				`{"type":"qualityUpdateApprovalRule","deferralInDays":3,"classification":"security","cadence":"monthly"}]`,
			"deferralInDays from 0 to 4, isHotpatchEnabled from true to false",
		},
		"feature": {
			policies.FeaturePolicy("a"), policies.FeaturePolicy("a").DescribedAs("b"),
			policies.FeatureRing("r").OfferingEvery(7), policies.FeatureRing("r").OfferingEvery(0).OfferingFor(28).DescribedAs("c"),
			`description from "" to "b"`,
			`description from "" to "c", offerIntervalInDays from 7 to 0, offerDurationInDays from null to 28`,
		},
		"driver": {
			policies.DriverPolicy("a").Approving(policies.DriverDeferredBy(60)), policies.DriverPolicy("a"),
			policies.DriverRing("r").Including(pilots, everybody), policies.DriverRing("r").Including(everybody).Excluding(pilots),
			`approvalRules from [{"type":"driverUpdateApprovalRule","deferralInDays":60}] to []`,
			`includedGroupAssignment from ["` + pilots + `","` + everybody + `"] to ["` + everybody + `"], ` +
				`excludedGroupAssignment from [] to ["` + pilots + `"]`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, service := stub.OnSimulator(t, nil)
			p, r := ensure(t, client, c.policy, c.ring)
			require.Equal(t, policies.OutcomeCreated, p.Outcome)
			require.Equal(t, policies.OutcomeCreated, r.Outcome)
			require.Empty(t, r.Differences)

			sent := len(stub.Changes(service))
			again, ringAgain := ensure(t, client, c.policy, c.ring)
			require.Equal(t, &policies.Ensured{ID: p.ID, Outcome: policies.OutcomeUnchanged}, again)
			require.Equal(t, &policies.Ensured{ID: r.ID, Outcome: policies.OutcomeUnchanged}, ringAgain)
			require.Len(t, stub.Changes(service), sent, "nothing is sent")

			changed, ringChanged := ensure(t, client, c.otherPolicy, c.otherRing)
			require.Equal(t, p.ID+" changed: "+c.policyDiff, changed.String())
			require.Equal(t, r.ID+" changed: "+c.ringDiff, ringChanged.String())
			require.Len(t, stub.Changes(service), sent+2, "one change for each")

			again, ringAgain = ensure(t, client, c.otherPolicy, c.otherRing)
			require.Equal(t, policies.OutcomeUnchanged, again.Outcome, again)
			require.Equal(t, policies.OutcomeUnchanged, ringAgain.Outcome, ringAgain)
		})
	}
}

// A change sends the properties that differ, and no others.
func TestOnlyDifferencesAreSent(t *testing.T) {
	t.Parallel()
	groups := `"includedGroupAssignment":{"assignments":[{"groupId":"` + strings.ToUpper(pilots) + `"}]},"excludedGroupAssignment":{"assignments":[]}`
	service := stub.Answering(
		stub.Answer(200, `{"value":[{"id":"y","@odata.type":"#`+types+`featureUpdateRing","displayName":"r","deferralInDays":1,"new":1,`+groups+`}]}`),
		stub.Answer(200, `{"id":"y"}`),
	)
	spec := policies.FeatureRing("r").Including(pilots).DeferredBy(2).StartingPaused()
	spec.Extra = map[string]json.RawMessage{"new": json.RawMessage(` 1 `), "newer": json.RawMessage(`{"b":1}`)}
	got, err := service.Client(t).Policies().EnsureRing(t.Context(), "x", spec)
	require.NoError(t, err)
	require.Equal(t, "y changed: deferralInDays from 1 to 2, newer from null to {\"b\":1}", got.String())
	require.JSONEq(t, `{"@odata.type":"#`+types+`featureUpdateRing","deferralInDays":2,"newer":{"b":1}}`, onlyChange(t, service).Body,
		"a pause is not part of it")
}

func TestAScriptDoesNotUndoAPause(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	p, r := ensure(t, client, policies.DriverPolicy("a"), policies.DriverRing("r"))
	require.NoError(t, client.Policies().PauseRing(t.Context(), p.ID, r.ID))
	_, again := ensure(t, client, policies.DriverPolicy("a"), policies.DriverRing("r"))
	require.Equal(t, policies.OutcomeUnchanged, again.Outcome)
	ring, err := client.Policies().GetRing(t.Context(), p.ID, r.ID)
	require.NoError(t, err)
	require.True(t, ring.Common().Paused)
}

func TestPoliciesOfOtherKindsAndNamesAreOthers(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	ids := map[string]bool{}
	for _, spec := range []policies.Spec{
		policies.QualityPolicy("a"), policies.FeaturePolicy("a"), policies.DriverPolicy("a"), policies.QualityPolicy("A"),
	} {
		got, err := client.Policies().EnsurePolicy(t.Context(), spec)
		require.NoError(t, err)
		require.Equal(t, policies.OutcomeCreated, got.Outcome, spec)
		ids[got.ID] = true
	}
	require.Len(t, ids, 4)
}

func TestAnAmbiguousNameIsAnError(t *testing.T) {
	t.Parallel()
	policy := func(id, kind, name string) string {
		return fmt.Sprintf(`{"id":%q,"@odata.type":"#%s%s","displayName":%s}`, id, types, kind, name)
	}
	for name, c := range map[string]struct {
		found []string
		want  string
	}{
		"two": {
			[]string{policy("p", "featureUpdatePolicy", `"a"`), policy("q", "featureUpdatePolicy", `"a"`)}, "2 candidates: p, q",
		},
		"abstract":     {[]string{policy("p", "policy", `"a"`)}, "p has an unknown kind; 1 candidate: p"},
		"unknown kind": {[]string{policy("p", "lunarPolicy", `"a"`)}, "p has an unknown kind; 1 candidate: p"},
		"one, and an unknown kind": {
			[]string{policy("p", "featureUpdatePolicy", `"a"`), policy("q", "lunarPolicy", `"a"`)}, "q has an unknown kind; 2 candidates: p, q",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, `{"value":[`+strings.Join(c.found, ",")+`]}`))
			_, err := service.Client(t).Policies().EnsurePolicy(t.Context(), policies.FeaturePolicy("a"))
			require.ErrorIs(t, err, apierr.ErrAmbiguous)
			require.EqualError(t, err, `policies.EnsurePolicy: ambiguous result: the display name "a" must lead to one policy of a known kind; `+
				`compare the candidates, and rename or delete those that are not meant; `+c.want)
			require.Len(t, service.Requests(), 1)

			rings := strings.NewReplacer("featureUpdatePolicy", "featureUpdateRing", "lunarPolicy", "lunarRing", types+"policy", types+"ring").
				Replace(strings.Join(c.found, ","))
			service = stub.Answering(stub.Answer(200, `{"value":[`+rings+`]}`))
			_, err = service.Client(t).Policies().EnsureRing(t.Context(), "x", policies.FeatureRing("a"))
			require.ErrorIs(t, err, apierr.ErrAmbiguous)
			require.EqualError(t, err, `policies.EnsureRing: ambiguous result: the display name "a" must lead to one ring of a known kind; `+
				`compare the candidates, and rename or delete those that are not meant; `+c.want)
			require.Len(t, service.Requests(), 1)
		})
	}
}

// What could not be read is not overwritten.
func TestUnknownPropertiesAreNotOverwritten(t *testing.T) {
	t.Parallel()
	const groups = `"includedGroupAssignment":{"assignments":[]},"excludedGroupAssignment":{"assignments":[]}`
	quality := `"@odata.type":"#` + types + `qualityUpdateRing",`
	ring := policies.QualityRing("a").WithholdingHotpatches().DeferredBy(2)
	for want, found := range map[string]string{
		"isHotpatchEnabled of y":                                `"@odata.type":"#` + types + `ring","isHotpatchEnabled":"maybe",` + groups,
		"includedGroupAssignment, excludedGroupAssignment of y": quality + `"deferralInDays":2,"isHotpatchEnabled":true`,
		"includedGroupAssignment of y": quality + `"includedGroupAssignment":{"assignments":[{"groupId":"g"}],"assignments@odata.nextLink":"n"},
			"excludedGroupAssignment":{"assignments":[]}`,
		"excludedGroupAssignment of y": quality + `"includedGroupAssignment":{"assignments":[]},"excludedGroupAssignment":{"assignments":null}`,
	} {
		service := stub.Answering(stub.Answer(200, `{"value":[{"id":"y","displayName":"a",`+found+`}]}`))
		_, err := service.Client(t).Policies().EnsureRing(t.Context(), "x", ring)
		require.EqualError(t, err, "policies.EnsureRing: "+want+" could not be read, so nothing was changed; to overwrite them, use an update")
		require.Len(t, service.Requests(), 1)
	}
	for _, found := range []string{`"new":1`, `"approvalRules":null`, `"approvalRules":{}`, `"approvalRules":[{"@odata.type":"#` + types + `driverUpdateApprovalRule","deferralInDays":{}}]`} {
		service := stub.Answering(stub.Answer(200, `{"value":[{"id":"y","@odata.type":"#`+types+`driverUpdatePolicy","displayName":"a",`+found+`}]}`))
		_, err := service.Client(t).Policies().EnsurePolicy(t.Context(), policies.DriverPolicy("a"))
		require.ErrorContains(t, err, "policies.EnsurePolicy: approvalRules of y could not be read")
		require.Len(t, service.Requests(), 1)
	}
	service := stub.Answering(stub.Answer(200, `{"value":[{"id":"y","@odata.type":"#`+types+`featureUpdatePolicy","displayName":"a"}]}`))
	got, err := service.Client(t).Policies().EnsurePolicy(t.Context(), policies.FeaturePolicy("a"))
	require.NoError(t, err, "a policy for feature updates has no rules to compare")
	require.Equal(t, policies.OutcomeUnchanged, got.Outcome)
}

// A name that could not be read may be the name.
func TestAnUnreadNameIsADoubt(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[{"id":"y","displayName":{},"offerDurationInDays":1}]}`))
	_, err := service.Client(t).Policies().EnsureRing(t.Context(), "x", policies.FeatureRing("a"))
	require.ErrorIs(t, err, apierr.ErrAmbiguous)
	require.ErrorContains(t, err, "y has a display name that could not be read; 1 candidate: y")
	require.Len(t, service.Requests(), 1)
}

func TestAMissingPolicyHasNoRings(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	_, err := client.Policies().EnsureRing(t.Context(), policyID, policies.FeatureRing("a"))
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.Empty(t, stub.Changes(service))
}

// A list can come from a copy that lags behind, so one is no evidence that nothing has the name.
func TestWhatOnlyTheSecondListHasIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	const policy = `{"id":"y","@odata.type":"#` + types + `featureUpdatePolicy","displayName":"a","description":""}`
	stub.InBubble(t, "policy", func(t *testing.T) {
		service := stub.Answering(stub.Answer(200, stub.NoItems), stub.Answer(200, stub.Page("", policy)))
		got, err := service.Client(t).Policies().EnsurePolicy(t.Context(), policies.FeaturePolicy("a"))
		require.NoError(t, err)
		require.Equal(t, &policies.Ensured{ID: "y", Outcome: policies.OutcomeUnchanged}, got)
	})
	stub.InBubble(t, "ring", func(t *testing.T) {
		ring := strings.Replace(policy, "featureUpdatePolicy", "driverUpdateRing", 1)
		service := stub.Answering(stub.Answer(200, stub.NoItems), stub.Answer(200, stub.Page("", ring)))
		_, err := service.Client(t).Policies().EnsureRing(t.Context(), policyID, policies.DriverRing("a"))
		require.Error(t, err) // other properties could not be read
		for _, request := range service.Requests() {
			require.Equal(t, "GET", request.Method)
		}
	})
}

func TestALostResponseToAnEnsuredCreateIsSettledByReading(t *testing.T) {
	t.Parallel()
	stub.InBubble(t, "made", func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		service.FailNext(2, simulator.Break().AfterEffect(), simulator.Match{Method: "POST"})
		p, r := ensure(t, client, policies.FeaturePolicy("a"), policies.FeatureRing("r"))
		require.Equal(t, policies.OutcomeCreated, p.Outcome)
		require.Equal(t, policies.OutcomeCreated, r.Outcome)
		requireOne(t, client, p.ID, r.ID)
	})
	stub.InBubble(t, "not made", func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		service.FailNext(1, simulator.Break(), simulator.Match{Method: "POST", Path: "/policies"})
		p, r := ensure(t, client, policies.DriverPolicy("a"), policies.DriverRing("r"))
		requireOne(t, client, p.ID, r.ID)
	})
}

// requireOne requires that there is one policy and one ring.
func requireOne(t *testing.T, client *updates.Client, policyID, ringID string) {
	t.Helper()
	all, err := client.Policies().List(nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, policyID, all[0].ID)
	rings, err := client.Policies().ListRings(policyID, nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, rings, 1)
	require.Equal(t, ringID, rings[0].Common().ID)
}

func TestALostResponseToAnEnsuredChangeIsSettledByReading(t *testing.T) {
	t.Parallel()
	const found = `{"id":"y","@odata.type":"#` + types + `featureUpdatePolicy","displayName":"a","description":"%s"}`
	service := stub.Answering(
		stub.Answer(200, `{"value":[`+fmt.Sprintf(found, "b")+`]}`), stub.Answer(503, ``), stub.Answer(409, `{"error":{"code":"x"}}`),
		stub.Answer(200, fmt.Sprintf(found, "c")),
	)
	got, err := service.Client(t, stub.Attempts(2)).Policies().EnsurePolicy(t.Context(), policies.FeaturePolicy("a").DescribedAs("c"))
	require.NoError(t, err)
	require.Equal(t, policies.OutcomeChanged, got.Outcome)
}

func TestADryRunHasTheDifferencesAndSendsNothing(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	p, r := ensure(t, client, policies.FeaturePolicy("a"), policies.FeatureRing("r").DeferredBy(7))
	sent := len(stub.Changes(service))
	var ensured []string
	requests, err := client.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		again, err := c.Policies().EnsureRing(ctx, p.ID, policies.FeatureRing("r").DeferredBy(14))
		if err != nil {
			return err
		}
		other, err := c.Policies().EnsurePolicy(ctx, policies.DriverPolicy("Drivers"))
		ensured = []string{again.String(), string(other.Outcome)}
		return err
	})
	require.NoError(t, err)
	require.Equal(t, []string{r.ID + " changed: deferralInDays from 7 to 14", "created"}, ensured)
	require.Len(t, requests, 2)
	require.Equal(t, "PATCH /policies/"+p.ID+"/rings/"+r.ID, requests[0].Method+" "+requests[0].Path)
	require.JSONEq(t, `{"@odata.type":"#`+types+`featureUpdateRing","deferralInDays":14}`, string(requests[0].Body))
	require.Equal(t, "POST /policies", requests[1].Method+" "+requests[1].Path)
	require.Len(t, stub.Changes(service), sent)
	service.Advance(time.Hour)
	_, again := ensure(t, client, policies.FeaturePolicy("a"), policies.FeatureRing("r").DeferredBy(7))
	require.Equal(t, policies.OutcomeUnchanged, again.Outcome)
}

// A rule of a spec may have properties that the SDK does not recognize.
func TestAdditionalPropertiesOfRulesAreComparedIfTheyAreSpecified(t *testing.T) {
	t.Parallel()
	const found = `{"value":[{"id":"y","@odata.type":"#` + types + `driverUpdatePolicy","displayName":"a","approvalRules":[
		{"@odata.type":"#` + types + `driverUpdateApprovalRule","deferralInDays":3,"new":{"b":1,"a":2},"own":true}]}]}`
	for extra, want := range map[string]policies.Outcome{
		``: policies.OutcomeUnchanged, `{"a":2,"b":1}`: policies.OutcomeUnchanged, `{"a":2}`: policies.OutcomeChanged,
	} {
		rule := policies.DriverDeferredBy(3)
		if extra != "" {
			rule.Extra = stub.Extra("new", extra)
		}
		service := stub.Answering(stub.Answer(200, found), stub.Answer(200, `{"id":"y"}`))
		got, err := service.Client(t).Policies().EnsurePolicy(t.Context(), policies.DriverPolicy("a").Approving(rule))
		require.NoError(t, err)
		require.Equal(t, want, got.Outcome, extra)
	}
}

func TestAChangeThatIsRejectedIsAnErrorOfEnsuring(t *testing.T) {
	t.Parallel()
	const found = `{"id":"y","displayName":"a","@odata.type":"#` + types
	for kind, ensure := range map[string]func(policies.Client) error{
		`driverUpdatePolicy","approvalRules":[]}`: func(c policies.Client) error {
			_, err := c.EnsurePolicy(t.Context(), policies.DriverPolicy("a").DescribedAs("b"))
			return err
		},
		`driverUpdateRing","includedGroupAssignment":{"assignments":[]},"excludedGroupAssignment":{"assignments":[]}}`: func(c policies.Client) error {
			_, err := c.EnsureRing(t.Context(), "x", policies.DriverRing("a").DescribedAs("b"))
			return err
		},
	} {
		service := stub.Answering(stub.Answer(200, `{"value":[`+found+kind+`]}`), stub.Answer(403, refusal))
		err := ensure(service.Client(t).Policies())
		require.ErrorIs(t, err, apierr.ErrForbidden)
		require.ErrorContains(t, err, "policies.Ensure")
	}
}

// What a change came to is not known.
func TestADryRunEndsAtARingThatItWouldHaveChanged(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	requests, err := client.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		policy, err := c.Policies().EnsurePolicy(ctx, policies.DriverPolicy("Drivers"))
		for _, days := range []int{1, 2, 3} {
			if err == nil {
				_, err = c.Policies().EnsureRing(ctx, policy.ID, policies.DriverRing("Pilot").DeferredBy(days))
			}
		}
		return err
	})
	require.ErrorIs(t, err, updates.ErrDryRunIncomplete)
	require.ErrorContains(t, err, "policies.EnsureRing: the dry run ends at a read of")
	require.Len(t, requests, 3)
	require.Empty(t, stub.Changes(service))
}

// A script that sets up everything is reviewed before there is anything.
func TestADryRunHasTheWholeScript(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	var outcomes []policies.Outcome
	requests, err := client.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		policy, err := c.Policies().EnsurePolicy(ctx, policies.FeaturePolicy("Windows"))
		require.NoError(t, err)
		for _, days := range []int{7, 7, 14} {
			ring, err := c.Policies().EnsureRing(ctx, policy.ID, policies.FeatureRing("Broad").DeferredBy(days))
			require.NoError(t, err)
			outcomes = append(outcomes, ring.Outcome)
		}
		approval, err := c.Policies().Approve(ctx, policy.ID, "e1")
		require.NoError(t, err)
		suspended, err := c.Policies().Suspend(ctx, policy.ID, "E1")
		require.NoError(t, err)
		require.Equal(t, approval.ID, suspended.ID)
		return nil
	})
	require.NoError(t, err)
	require.Equal(t, []policies.Outcome{policies.OutcomeCreated, policies.OutcomeUnchanged, policies.OutcomeChanged}, outcomes)
	sent := make([]string, len(requests))
	for i, r := range requests {
		sent[i] = r.Method + " " + r.Path
	}
	const policy = "/policies/00000000-0000-0000-0000-000000000001"
	require.Equal(t, []string{
		"POST /policies", "POST " + policy + "/rings", "PATCH " + policy + "/rings/00000000-0000-0000-0000-000000000002",
		"POST " + policy + "/approvals", "PATCH " + policy + "/approvals/00000000-0000-0000-0000-000000000003",
	}, sent)
	require.Empty(t, stub.Changes(service))
}

func TestRulesAreTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	security := policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly)
	_, err := client.Policies().EnsurePolicy(t.Context(), policies.QualityPolicy("a").Approving(security, policies.RecoveryDeferredBy(1)))
	require.NoError(t, err)
	for spec, want := range map[*policies.QualityPolicySpec]policies.Outcome{
		new(policies.QualityPolicy("a").Approving(policies.RecoveryDeferredBy(1), security)):                                 policies.OutcomeUnchanged,
		new(policies.QualityPolicy("a").Approving(policies.RecoveryDeferredBy(1), policies.RecoveryDeferredBy(1))):           policies.OutcomeChanged,
		new(policies.QualityPolicy("a").Approving(policies.RecoveryDeferredBy(1), security, policies.RecoveryDeferredBy(1))): policies.OutcomeChanged,
	} {
		requests, err := client.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
			got, err := c.Policies().EnsurePolicy(ctx, *spec)
			require.NoError(t, err)
			require.Equal(t, want, got.Outcome, spec)
			return nil
		})
		require.NoError(t, err)
		require.Equal(t, want == policies.OutcomeChanged, len(requests) == 1)
	}
	require.Len(t, stub.Changes(service), 1)
}

// The service removes what is null, and need not list it.
func TestAnAdditionalPropertyThatIsNullIsAsGoodAsNone(t *testing.T) {
	t.Parallel()
	for found, want := range map[string]policies.Outcome{
		``: policies.OutcomeUnchanged, `"new":null,`: policies.OutcomeUnchanged, `"new":1,`: policies.OutcomeChanged,
	} {
		body := `{"value":[{"id":"y",` + found + `"@odata.type":"#` + types + `featureUpdatePolicy","displayName":"a","description":""}]}`
		service := stub.Answering(stub.Answer(200, body), stub.Answer(200, `{"id":"y"}`))
		spec := policies.FeaturePolicy("a")
		spec.Extra = stub.Extra("new", "null")
		got, err := service.Client(t).Policies().EnsurePolicy(t.Context(), spec)
		require.NoError(t, err)
		require.Equal(t, want, got.Outcome, found)
	}
}
