package updatepolicies_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// most is the limit of immediate offers in these tests.
const most = 4

// estate is a tenant with an audience of some members, a policy for it, and an approval.
type estate struct {
	*simulator.Server
	admin, limited                      *updates.Client // without limits, and with them
	audience, policy, approval, feature string
}

func newEstate(t *testing.T, members int, settings, own deployments.Settings) *estate {
	t.Helper()
	admin, service := stub.OnSimulator(t, nil, stub.NoLimits)
	limit := func(o *updates.Options) { o.Limits.ImmediateOffers = most }
	e := &estate{Server: service, admin: admin, limited: stub.NewClient(t, service.Credential(), service.Transport(), limit)}
	a, err := admin.Audiences().Create(t.Context())
	require.NoError(t, err)
	require.NoError(t, admin.Audiences().AddDevices(t.Context(), audience.ByID(a.ID), stub.DeviceIDs(members), nil))
	policy, err := admin.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(a.ID).With(settings))
	require.NoError(t, err)
	entry, err := admin.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
	require.NoError(t, err)
	approval, err := admin.UpdatePolicies().Approve(t.Context(), policy.ID, updatepolicies.ForFeature(entry.ID).With(own))
	require.NoError(t, err)
	e.audience, e.policy, e.approval, e.feature = a.ID, policy.ID, approval.ID, entry.ID
	return e
}

// offering is a call that offers updates to all members immediately. settings and own are
// those of the policy and of its approval before the call.
type offering struct {
	settings, own deployments.Settings
	call          func(ctx context.Context, c updatepolicies.Client, e *estate) error
}

var (
	atOnce  = deployments.Settings{}
	inSteps = deployments.Settings{}.RollingOut(deployments.ByRate(1, 7))
	drivers = updatepolicies.DriversStartingAfter(0)
	noPlan  = deployments.Update{Schedule: odata.Null[deployments.Schedule]()}
)

const month = 30 * 24 * time.Hour

// byDate has a rollout that takes a month.
func byDate() deployments.Settings {
	return deployments.Settings{}.RollingOut(deployments.ByDate(time.Now().Add(month), 7))
}

// restarted has a schedule without a rollout.
func restarted() deployments.Settings {
	return deployments.Settings{}.StartingAt(time.Now().Add(time.Hour))
}

// scheduledInExtra sends a schedule without a rollout as an additional property.
func scheduledInExtra() deployments.Settings {
	return deployments.Settings{Extra: stub.Extra("schedule", `{}`)}
}

func approvingIn(spec func(e *estate) updatepolicies.ApprovalSpec) func(context.Context, updatepolicies.Client, *estate) error {
	return func(ctx context.Context, c updatepolicies.Client, e *estate) error {
		_, err := c.Approve(ctx, e.policy, spec(e))
		return err
	}
}

// offerings are all ways to offer updates to the members of the audience of a policy immediately.
func offerings() map[string]offering {
	plain := func(e *estate) updatepolicies.ApprovalSpec { return updatepolicies.ForFeature(e.feature) }
	return map[string]offering{
		"Create": {atOnce, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			_, err := c.Create(ctx, updatepolicies.ForAudience(e.audience).Approving(drivers))
			return err
		}},
		"CreateOnce": {atOnce, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			_, err := c.CreateOnce(ctx, updatepolicies.ForAudience(e.audience).Approving(drivers), nil)
			return err
		}},
		"Approve": {atOnce, atOnce, approvingIn(plain)},
		"Approve with another schedule": {inSteps, atOnce, approvingIn(func(e *estate) updatepolicies.ApprovalSpec {
			return updatepolicies.ForFeature(e.feature).With(restarted())
		})},
		"Approve with a schedule that is not known": {inSteps, atOnce, approvingIn(func(e *estate) updatepolicies.ApprovalSpec {
			return updatepolicies.ForFeature(e.feature).With(scheduledInExtra())
		})},
		"MergeSettings with a schedule that is not known": {inSteps, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.MergeSettings(ctx, e.policy, scheduledInExtra())
		}},
		"ApproveOnce": {atOnce, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			_, err := c.ApproveOnce(ctx, e.policy, updatepolicies.ForFeature(e.feature), nil)
			return err
		}},
		"SetRules": {atOnce, inSteps, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.SetRules(ctx, e.policy, drivers)
		}},
		"Update": {inSteps, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.Update(ctx, e.policy, updatepolicies.Update{Settings: odata.Null[deployments.Settings]()})
		}},
		"MergeSettings": {inSteps, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.MergeSettings(ctx, e.policy, restarted())
		}},
		"UpdateSettings": {inSteps, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.UpdateSettings(ctx, e.policy, noPlan)
		}},
		"MergeApprovalSettings": {atOnce, inSteps, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.MergeApprovalSettings(ctx, e.policy, e.approval, restarted())
		}},
		"UpdateApprovalSettings": {atOnce, inSteps, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.UpdateApprovalSettings(ctx, e.policy, e.approval, noPlan)
		}},
		"Reschedule": {byDate(), atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.Reschedule(ctx, e.policy, time.Now().Add(month-time.Hour))
		}},
		"RescheduleApproval": {atOnce, byDate(), func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.RescheduleApproval(ctx, e.policy, e.approval, time.Now().Add(month-time.Hour))
		}},
		"ClearApprovalSettings": {atOnce, inSteps, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.ClearApprovalSettings(ctx, e.policy, e.approval)
		}},
	}
}

func TestNoMoreDevicesAreOfferedUpdatesImmediatelyThanMeant(t *testing.T) {
	t.Parallel()
	for name := range offerings() {
		for members, isRefused := range map[int]bool{most - 1: false, most: false, most + 1: true} {
			stub.InBubble(t, name, func(t *testing.T) {
				o := offerings()[name] // with times of the bubble
				e := newEstate(t, members, o.settings, o.own)
				e.ClearRequests()
				err := o.call(t.Context(), e.limited.UpdatePolicies(), e)
				if !isRefused {
					require.NoError(t, err)
					require.Len(t, stub.Changes(e.Server), 1)
					return
				}
				require.ErrorIs(t, err, apierr.ErrTooManyDevices)
				require.ErrorContains(t, err, "updatePolicies.")
				require.ErrorContains(t, err, "5 would be offered the update immediately, limit 4 (Limits.ImmediateOffers)")
				require.ErrorContains(t, err, "to allow them, set Client.Expecting to 5")
				require.ErrorContains(t, err, "RollingOut")
				require.Empty(t, stub.Changes(e.Server))
				require.ErrorIs(t, o.call(t.Context(), e.limited.UpdatePolicies().Expecting(members-1), e), apierr.ErrTooManyDevices)
				require.Empty(t, stub.Changes(e.Server))
				require.NoError(t, o.call(t.Context(), e.limited.UpdatePolicies().Expecting(members), e))
				require.Len(t, stub.Changes(e.Server), 1)
			})
		}
	}
}

func TestWhatOffersNothingImmediatelyHasNoLimit(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]offering{
		"a policy without rules": {atOnce, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			_, err := c.Create(ctx, updatepolicies.ForAudience(e.audience))
			return err
		}},
		"a policy in steps": {atOnce, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			_, err := c.Create(ctx, updatepolicies.ForAudience(e.audience).Approving(drivers).With(inSteps))
			return err
		}},
		"an approval as the policy": {inSteps, atOnce, approvingIn(func(e *estate) updatepolicies.ApprovalSpec {
			return updatepolicies.ForFeature(e.feature).With(deployments.Settings{}.OfferedAsOptional())
		})},
		"an approval in steps": {atOnce, atOnce, approvingIn(func(e *estate) updatepolicies.ApprovalSpec {
			return updatepolicies.ForFeature(e.feature).With(inSteps)
		})},
		"rules of a policy in steps": {inSteps, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.SetRules(ctx, e.policy, drivers)
		}},
		"no rules": {atOnce, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.SetRules(ctx, e.policy)
		}},
		"what offered before": {atOnce, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.MergeSettings(ctx, e.policy, restarted())
		}},
		"another rollout": {inSteps, atOnce, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.UpdateSettings(ctx, e.policy, deployments.Update{Schedule: odata.Set(deployments.Schedule{Rollout: deployments.ByRate(2, 1)})})
		}},
		"an approval that follows the policy": {inSteps, inSteps, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.ClearApprovalSettings(ctx, e.policy, e.approval)
		}},
		"settings without a schedule": {inSteps, inSteps, func(ctx context.Context, c updatepolicies.Client, e *estate) error {
			return c.MergeApprovalSettings(ctx, e.policy, e.approval, deployments.Settings{}.OfferedAsOptional())
		}},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			e := newEstate(t, most+5, o.settings, o.own)
			e.ClearRequests()
			require.NoError(t, o.call(t.Context(), e.limited.UpdatePolicies(), e))
			require.Len(t, stub.Changes(e.Server), 1)
		})
	}
}

func TestANumberOfExpectedDevicesMustNotBeNegative(t *testing.T) {
	t.Parallel()
	for name, o := range offerings() {
		service := stub.Answering(stub.Answer(200, `{"id":"x"}`))
		e := &estate{audience: "a", policy: "p", approval: "c", feature: "f"}
		err := o.call(t.Context(), service.Client(t).UpdatePolicies().Expecting(-1), e)
		require.ErrorIs(t, err, apierr.ErrInvalid, name)
		require.ErrorContains(t, err, "Client.Expecting must not be negative (got -1)", name)
		require.False(t, strings.HasPrefix(err.Error(), "Client."), name)
		require.Empty(t, service.Requests(), name)
	}
}

// Without a limit nothing is read, and what could not be read counts as in steps before.
func TestOffersOfPoliciesAreCountedOnlyIfThereIsALimit(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""))
	require.NoError(t, service.Client(t, stub.NoLimits).UpdatePolicies().UpdateSettings(t.Context(), "p", noPlan))
	require.Len(t, service.Requests(), 1)
	limit := func(o *updates.Options) { o.Limits.ImmediateOffers = 1 }
	for _, settings := range []string{`7`, `{"schedule":7}`, `{"schedule":{"gradualRollout":7}}`} {
		service := stub.Answering(
			stub.Answer(200, `{"id":"p","audience":{"id":"a"},"deploymentSettings":`+settings+`}`), stub.Answer(200, `{"value":[
			{"@odata.type":"#`+types+`azureADDevice","id":"1"},{"@odata.type":"#`+types+`azureADDevice","id":"2"}]}`),
			stub.Answer(200, `{"value":[]}`))
		err := service.Client(t, limit).UpdatePolicies().UpdateSettings(t.Context(), "p", noPlan)
		require.ErrorIs(t, err, apierr.ErrTooManyDevices, settings)
	}
}
