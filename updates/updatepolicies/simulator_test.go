package updatepolicies_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

const day = 24 * time.Hour

// tenant is a simulator with an audience of two devices.
type tenant struct {
	*simulator.Server
	client   *updates.Client
	audience string
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	client, service := stub.OnSimulator(t, nil, stub.NoLimits)
	made, err := client.Audiences().Create(t.Context())
	require.NoError(t, err)
	require.NoError(t, client.Audiences().AddDevices(t.Context(), audience.ByID(made.ID), stub.DeviceIDs(2), nil))
	return &tenant{service, client, made.ID}
}

// driver is a driver that Microsoft recommends for the devices.
func (n *tenant) driver(t *testing.T) string {
	t.Helper()
	id := n.AddDriver("Contoso", "Firmware", "2.0")
	require.NoError(t, n.MakeApplicable(id, []string{"Microsoft"}, stub.DeviceIDs(2)...))
	return id
}

func (n *tenant) policy(t *testing.T, spec updatepolicies.Spec) *updatepolicies.Policy {
	t.Helper()
	spec.AudienceID = n.audience
	policy, err := n.client.UpdatePolicies().Create(t.Context(), spec)
	require.NoError(t, err)
	return policy
}

func (n *tenant) approve(t *testing.T, policyID string, spec updatepolicies.ApprovalSpec) *updatepolicies.Approval {
	t.Helper()
	approval, err := n.client.UpdatePolicies().Approve(t.Context(), policyID, spec)
	require.NoError(t, err)
	return approval
}

// deploymentOf is the one deployment of an approval.
func (n *tenant) deploymentOf(t *testing.T, policyID, approvalID string) *deployments.Deployment {
	t.Helper()
	approval, err := n.client.UpdatePolicies().GetApproval(t.Context(), policyID, approvalID)
	require.NoError(t, err)
	require.Len(t, approval.Deployments, 1)
	return approval.Deployments[0]
}

func TestAPolicyIsReadAsItWasCreated(t *testing.T) {
	t.Parallel()
	n := newTenant(t)
	spec := hotpatchPolicy.Approving(updatepolicies.DriversStartingAfter(0), updatepolicies.RemediationsStartingAfter(30, updatepolicies.RemediationInPlaceUpgrade))
	made := n.policy(t, spec)

	read, err := n.client.UpdatePolicies().Get(t.Context(), made.ID)
	require.NoError(t, err)
	listed, err := n.client.UpdatePolicies().List(&odata.Query{Expand: []string{"audience"}}).First(t.Context())
	require.NoError(t, err)

	for _, policy := range []*updatepolicies.Policy{made, read, listed} {
		require.Equal(t, n.audience, policy.Audience.ID)
		require.Equal(t, spec.Settings, policy.Settings)
		require.Equal(t, spec.AutoEnroll, policy.AutoEnroll)
		require.Equal(t, n.Now().Truncate(time.Minute), policy.Created.Truncate(time.Minute))
		require.Len(t, policy.Rules, 3)
		for i, rule := range policy.Rules {
			require.NotZero(t, rule.Common().Created)
			rule.Common().Created, rule.Common().Evaluated, rule.Common().Modified = time.Time{}, time.Time{}, time.Time{}
			require.Equal(t, spec.Rules[i], rule)
		}
	}
	require.NoError(t, n.client.UpdatePolicies().Delete(t.Context(), made.ID))
	_, err = n.client.UpdatePolicies().Get(t.Context(), made.ID)
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

func TestARuleApprovesADriverThatDevicesNeed(t *testing.T) {
	t.Parallel()
	n := newTenant(t)
	policy := n.policy(t, updatepolicies.Spec{}.EnrollingIn(audience.CategoryDriver).Approving(updatepolicies.DriversStartingAfter(7)))
	states, err := n.client.UpdatePolicies().EntryStates(t.Context(), policy.ID)
	require.NoError(t, err)
	require.Empty(t, states)

	driver := n.driver(t)

	states, err = n.client.UpdatePolicies().EntryStates(t.Context(), policy.ID)
	require.NoError(t, err)
	require.Len(t, states, 1)
	require.Equal(t, driver, states[0].EntryID)
	require.Equal(t, catalog.KindDriver, states[0].Kind)
	require.Equal(t, updatepolicies.StateScheduled, states[0].State)
	require.WithinDuration(t, n.Now().Add(7*day), states[0].Start, time.Minute)
	d := n.deploymentOf(t, policy.ID, states[0].Approval.ID)
	require.Equal(t, deployments.StateScheduled, d.State.Effective)
	n.Advance(7 * day)
	require.Len(t, n.Offers(d.ID), 2)
}

func TestTheSettingsOfAnApprovalWinOverThoseOfItsPolicy(t *testing.T) {
	t.Parallel()
	n := newTenant(t)
	ctx := t.Context()
	policy := n.policy(t, updatepolicies.Spec{}.With(deployments.Settings{}.StartingAt(n.Now().Add(2*day))))
	approval := n.approve(t, policy.ID, updatepolicies.ForDriver(n.driver(t)))
	begins := func(want time.Duration) {
		t.Helper()
		start := n.deploymentOf(t, policy.ID, approval.ID).Settings.Schedule.Start
		states, err := n.client.UpdatePolicies().EntryStates(ctx, policy.ID)
		require.NoError(t, err)
		require.WithinDuration(t, n.Now().Add(want), start, time.Minute)
		require.Equal(t, start, states[0].Start)
	}

	begins(2 * day)
	require.NoError(t, n.client.UpdatePolicies().MergeApprovalSettings(ctx, policy.ID, approval.ID,
		deployments.Settings{}.StartingAt(n.Now().Add(5*day))))
	begins(5 * day)
	require.NoError(t, n.client.UpdatePolicies().ClearApprovalSettings(ctx, policy.ID, approval.ID))
	begins(2 * day)
	require.NoError(t, n.client.UpdatePolicies().MergeSettings(ctx, policy.ID, deployments.Settings{}.StartingAt(n.Now().Add(9*day))))
	begins(9 * day)
}

func TestARevocationIsFinalAndApprovingAgainGoesOn(t *testing.T) {
	t.Parallel()
	n := newTenant(t)
	ctx := t.Context()
	policy, driver := n.policy(t, updatepolicies.Spec{}), n.driver(t)
	first := n.approve(t, policy.ID, updatepolicies.ForDriver(driver))
	require.False(t, first.Revoked)
	require.Zero(t, first.RevokedAt)

	require.NoError(t, n.client.UpdatePolicies().RevokeApproval(ctx, policy.ID, first.ID))

	revoked, err := n.client.UpdatePolicies().GetApproval(ctx, policy.ID, first.ID)
	require.NoError(t, err)
	require.True(t, revoked.Revoked)
	require.NotZero(t, revoked.RevokedAt)
	require.Equal(t, deployments.StateArchived, revoked.Deployments[0].State.Effective)
	states, err := n.client.UpdatePolicies().EntryStates(ctx, policy.ID)
	require.NoError(t, err)
	require.Equal(t, updatepolicies.StateRevoked, states[0].State)

	second := n.approve(t, policy.ID, updatepolicies.ForDriver(driver))
	third := n.approve(t, policy.ID, updatepolicies.ForDriver(driver))
	states, err = n.client.UpdatePolicies().EntryStates(ctx, policy.ID)
	require.NoError(t, err)
	require.Len(t, states, 1)
	require.Equal(t, updatepolicies.StateStarted, states[0].State)
	require.Equal(t, second.ID, states[0].Approval.ID)
	require.Equal(t, []string{third.ID}, ids(states[0].Duplicates))
	require.Equal(t, []string{first.ID, second.ID, third.ID}, ids(states[0].History))
	listed, err := n.client.UpdatePolicies().ListApprovals(policy.ID, &odata.Query{Filter: "isRevoked eq false"}).Collect(ctx, 10)
	require.NoError(t, err)
	require.Equal(t, []string{second.ID, third.ID}, ids(listed))
}

// The service rejects the revocation of a revoked approval.
func TestARevocationWhoseResponseBreaksOffIsDone(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]simulator.Failure{
		"broken connection": simulator.Break().AfterEffect(),
		"broken body":       simulator.BreakBody(),
		"error afterwards":  simulator.Status(503).AfterEffect(),
		"page of a gateway": simulator.HTML(502).AfterEffect(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				n := newTenant(t)
				policy := n.policy(t, updatepolicies.Spec{})
				approval := n.approve(t, policy.ID, updatepolicies.ForDriver(n.driver(t)))
				n.FailNext(1, failure, simulator.Match{Method: "PATCH"})

				require.NoError(t, n.client.UpdatePolicies().RevokeApproval(t.Context(), policy.ID, approval.ID))

				patches := bodiesOf(t, n, "PATCH")
				require.NotEmpty(t, patches)
				for _, body := range patches {
					delete(body, "@odata.type")
					require.Equal(t, map[string]any{"isRevoked": true}, body)
				}
				require.Equal(t, deployments.StateArchived, n.deploymentOf(t, policy.ID, approval.ID).State.Effective)
			})
		})
	}
}

func bodiesOf(t *testing.T, n *tenant, method string) []map[string]any {
	t.Helper()
	var bodies []map[string]any
	for _, request := range n.Requests() {
		if request.Method == method {
			var body map[string]any
			require.NoError(t, json.Unmarshal(request.Body, &body))
			bodies = append(bodies, body)
		}
	}
	return bodies
}

func TestRulesMayBeRejectedAndSettingsAreNot(t *testing.T) {
	t.Parallel()
	n := newTenant(t)
	ctx := t.Context()
	policy := n.policy(t, updatepolicies.Spec{}.Approving(updatepolicies.DriversStartingAfter(7)))
	require.NoError(t, n.client.UpdatePolicies().SetRules(ctx, policy.ID, updatepolicies.DriversStartingAfter(8)))

	n.SetQuirks(simulator.Quirks{RejectRuleUpdates: true})
	err := n.client.UpdatePolicies().SetRules(ctx, policy.ID, updatepolicies.DriversStartingAfter(9))
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.ErrorContains(t, err, "Schema validation failed for resource 'deploymentPolicy'")
	require.NoError(t, n.client.UpdatePolicies().MergeSettings(ctx, policy.ID, deployments.Settings{}.OfferedWhileRecommendedBy("Microsoft")))

	read, err := n.client.UpdatePolicies().Get(ctx, policy.ID)
	require.NoError(t, err)
	rule, ok := read.Rules[0].(*updatepolicies.ApprovalRule)
	require.True(t, ok)
	require.EqualValues(t, 8, rule.DaysBeforeStart)
	require.Equal(t, []string{"Microsoft"}, read.Settings.Applicability.OfferWhileRecommendedBy)
}

func TestTheServiceRejectsWhatPassesByExtra(t *testing.T) {
	t.Parallel()
	n := newTenant(t)
	rule := updatepolicies.DriversStartingAfter(0)
	rule.Extra = stub.Extra("durationBeforeDeploymentStart", `"P31D"`)
	_, err := n.client.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(n.audience).Approving(rule))
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.ErrorContains(t, err, "durationBeforeDeploymentStart")
}

func TestADeletedApprovalLeavesItsDeploymentBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t)
		ctx := t.Context()
		policy := n.policy(t, updatepolicies.Spec{})
		approval := n.approve(t, policy.ID, updatepolicies.ForDriver(n.driver(t)))
		d := n.deploymentOf(t, policy.ID, approval.ID)

		require.NoError(t, n.client.UpdatePolicies().DeleteApproval(ctx, policy.ID, approval.ID))

		_, err := n.client.UpdatePolicies().GetApproval(ctx, policy.ID, approval.ID)
		require.ErrorIs(t, err, apierr.ErrNotFound)
		left, err := n.client.Deployments().Get(ctx, d.ID)
		require.NoError(t, err)
		require.Equal(t, deployments.StateArchived, left.State.Effective)
		require.NoError(t, n.client.UpdatePolicies().Delete(ctx, policy.ID))
		require.ErrorIs(t, n.client.Audiences().Delete(ctx, n.audience), apierr.ErrConflict)
		require.NoError(t, n.client.Deployments().Delete(ctx, d.ID))
		require.NoError(t, n.client.Audiences().Delete(ctx, n.audience))
	})
}

// Whatever form the service answers in, the policy says the same.
func TestAPolicyIsReadThroughEachQuirk(t *testing.T) {
	t.Parallel()
	for name, vices := range map[string]simulator.Quirks{
		"nulls": {NullItems: true}, "empty pages": {EmptyPages: true}, "wrapped": {WrapSingle: true},
		"types without #": {TypesWithoutHash: true}, "ignored $top": {IgnoreTop: true}, "unknown values": {UnknownValues: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newTenant(t)
			spec := updatepolicies.Spec{}.EnrollingIn(audience.CategoryDriver).
				Approving(updatepolicies.DriversStartingAfter(7), updatepolicies.QualityStartingAfter(3, catalog.ClassificationSecurity, catalog.CadenceMonthly))
			policy, driver := n.policy(t, spec), n.driver(t)
			n.SetQuirks(vices)

			read, err := n.client.UpdatePolicies().Get(t.Context(), policy.ID)
			require.NoError(t, err)
			require.Len(t, read.Rules, 2)
			require.IsType(t, &updatepolicies.ApprovalRule{}, read.Rules[1])
			require.Equal(t, n.audience, read.Audience.ID)
			states, err := n.client.UpdatePolicies().EntryStates(t.Context(), policy.ID)
			require.NoError(t, err)
			require.Len(t, states, 1)
			require.Equal(t, driver, states[0].EntryID)
			require.NoError(t, n.client.UpdatePolicies().RevokeApproval(t.Context(), policy.ID, states[0].Approval.ID))
		})
	}
}

func TestAFilterOfAnUnknownKindGoesBackAsItCame(t *testing.T) {
	t.Parallel()
	n := newTenant(t)
	policy := n.policy(t, updatepolicies.Spec{}.Approving(updatepolicies.QualityStartingAfter(3, catalog.ClassificationSecurity, catalog.CadenceMonthly)))
	n.SetQuirks(simulator.Quirks{UnknownTypes: true})
	read, err := n.client.UpdatePolicies().Get(t.Context(), policy.ID)
	require.NoError(t, err)
	rule, ok := read.Rules[0].(*updatepolicies.ApprovalRule)
	require.True(t, ok)
	require.IsType(t, &updatepolicies.UnknownFilter{}, rule.Filter)
	require.NoError(t, n.client.UpdatePolicies().SetRules(t.Context(), policy.ID, rule))

	n.SetQuirks(simulator.Quirks{})
	read, err = n.client.UpdatePolicies().Get(t.Context(), policy.ID)
	require.NoError(t, err)
	rule, ok = read.Rules[0].(*updatepolicies.ApprovalRule)
	require.True(t, ok)
	require.Equal(t, &updatepolicies.QualityFilter{Classification: catalog.ClassificationSecurity, Cadence: catalog.CadenceMonthly}, rule.Filter)
}
