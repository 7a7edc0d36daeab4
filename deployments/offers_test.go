package deployments_test

import (
	"context"
	"net/http"
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
)

// most is the limit of immediate offers in these tests.
const most = 4

// estate is a tenant with an audience of some members, one of which is excluded.
type estate struct {
	*simulator.Server
	admin, limited   *updates.Client // without limits, and with them
	audience         string
	feature, quality string // entries
}

func newEstate(t *testing.T, members int) *estate {
	t.Helper()
	admin, service := stub.OnSimulator(t, nil, stub.NoLimits)
	limit := func(o *updates.Options) { o.Limits.ImmediateOffers = most }
	e := &estate{Server: service, admin: admin, limited: stub.NewClient(t, service.Credential(), service.Transport(), limit)}
	a, err := admin.Audiences().Create(t.Context())
	require.NoError(t, err)
	e.audience, e.feature, e.quality = a.ID, feature(t, admin), qualityUpdate(t, admin, true).ID
	ids := stub.DeviceIDs(members + 1)
	require.NoError(t, admin.Audiences().AddDevices(t.Context(), audience.ByID(a.ID), ids, nil))
	require.NoError(t, admin.Audiences().AddExclusions(t.Context(), audience.ByID(a.ID), ids[members:], nil))
	return e
}

// deployment is one that exists before the limited call.
func (e *estate) deployment(t *testing.T, spec deployments.Spec) string {
	t.Helper()
	d, err := e.admin.Deployments().Create(t.Context(), spec.ToAudience(e.audience))
	require.NoError(t, err)
	return d.ID
}

// offering is a call that offers an update to all members immediately, after what was there before.
type offering struct {
	before     func(t *testing.T, e *estate) string // returns the ID of a deployment
	call       func(ctx context.Context, c deployments.Client, e *estate, id string) error
	canRollOut bool
}

func offeringBy(spec func(e *estate) deployments.Spec, canRollOut bool) offering {
	return offering{
		func(*testing.T, *estate) string { return "" },
		func(ctx context.Context, c deployments.Client, e *estate, _ string) error {
			_, err := c.Create(ctx, spec(e).ToAudience(e.audience))
			return err
		}, canRollOut,
	}
}

// rolled is a feature update in steps.
func rolled(e *estate) deployments.Spec {
	return deployments.ForFeature(e.feature).With(rolling(deployments.ByRate(1, 7)))
}

// updating is an update of a deployment from a spec.
func offeringByUpdate(spec func(e *estate) deployments.Spec, u deployments.Update, canRollOut bool) offering {
	return offering{
		func(t *testing.T, e *estate) string { t.Helper(); return e.deployment(t, spec(e)) },
		func(ctx context.Context, c deployments.Client, _ *estate, id string) error {
			return c.Update(ctx, id, u)
		},
		canRollOut,
	}
}

func asFeature(settings deployments.Settings) func(e *estate) deployments.Spec {
	return func(e *estate) deployments.Spec { return deployments.ForFeature(e.feature).With(settings) }
}

// offerings are all ways to offer an update to the members of an audience immediately.
func offerings() map[string]offering {
	ended := rolling(deployments.ByDate(time.Now().Add(-time.Hour), 1))
	once := offeringBy(asFeature(deployments.Settings{}), true)
	once.call = func(ctx context.Context, c deployments.Client, e *estate, _ string) error {
		_, err := c.CreateOnce(ctx, deployments.ForFeature(e.feature).ToAudience(e.audience), nil)
		return err
	}
	expedite := func(e *estate) deployments.Spec { return deployments.ForExpedited(e.quality) }
	test := func(e *estate) deployments.Spec { return deployments.ForReadinessTest(e.quality) }
	return map[string]offering{
		"Create":                  offeringBy(asFeature(deployments.Settings{}), true),
		"Create, later":           offeringBy(asFeature(deployments.Settings{}.StartingAt(time.Now().Add(week))), true),
		"Create, after its end":   offeringBy(asFeature(ended), true),
		"Create, in one step":     offeringBy(asFeature(rolling(deployments.ByDuration(1, 1))), true),
		"Create, expedited":       offeringBy(expedite, false),
		"CreateOnce":              once,
		"Update to no schedule":   offeringByUpdate(rolled, deployments.Update{Schedule: odata.Null[deployments.Schedule]()}, true),
		"Update to another start": offeringByUpdate(rolled, deployments.Update{Schedule: odata.Set(deployments.Schedule{Start: time.Now()})}, true),
		"Update to a passed end":  offeringByUpdate(rolled, deployments.Update{Schedule: odata.Set(ended.Schedule)}, true),
		"Update of a test":        offeringByUpdate(test, deployments.Update{Expedite: odata.Set(expedited.Expedite)}, false),
		"Reschedule to the end": {
			func(t *testing.T, e *estate) string {
				t.Helper()
				return e.deployment(t, deployments.ForFeature(e.feature).With(rolling(deployments.ByDate(time.Now().Add(4*week), 7))))
			},
			func(ctx context.Context, c deployments.Client, _ *estate, id string) error {
				return c.Reschedule(ctx, id, time.Now().Add(4*week-time.Hour))
			}, true,
		},
	}
}

func TestNoMoreDevicesAreOfferedAnUpdateImmediatelyThanMeant(t *testing.T) {
	t.Parallel()
	for name := range offerings() {
		for members, isRefused := range map[int]bool{most - 1: false, most: false, most + 1: true} {
			stub.InBubble(t, name, func(t *testing.T) {
				o := offerings()[name] // with times of the bubble
				e := newEstate(t, members)
				id := o.before(t, e)
				e.ClearRequests()
				err := o.call(t.Context(), e.limited.Deployments(), e, id)
				if !isRefused {
					require.NoError(t, err)
					require.Len(t, stub.Changes(e.Server), 1)
					return
				}
				require.ErrorIs(t, err, apierr.ErrTooManyDevices)
				require.ErrorContains(t, err, "deployments.")
				require.ErrorContains(t, err, "5 would be offered the update immediately, limit 4 (Limits.ImmediateOffers)")
				require.ErrorContains(t, err, "to allow them, set Client.Expecting to 5")
				require.Equal(t, o.canRollOut, containsText(err, "RollingOut"))
				require.Empty(t, stub.Changes(e.Server))
				require.ErrorIs(t, o.call(t.Context(), e.limited.Deployments().Expecting(members-1), e, id), apierr.ErrTooManyDevices)
				require.Empty(t, stub.Changes(e.Server))
				require.NoError(t, o.call(t.Context(), e.limited.Deployments().Expecting(members), e, id))
				require.Len(t, stub.Changes(e.Server), 1)
			})
		}
	}
}

func TestWhatOffersNoDeviceImmediatelyHasNoLimit(t *testing.T) {
	t.Parallel()
	later := deployments.Update{Schedule: odata.Set(deployments.Schedule{Start: start, Rollout: deployments.ByRate(1, 7)})}
	archived := offeringByUpdate(rolled, deployments.Update{Schedule: odata.Null[deployments.Schedule]()}, true)
	before := archived.before
	archived.before = func(t *testing.T, e *estate) string {
		t.Helper()
		id := before(t, e)
		require.NoError(t, e.admin.Deployments().Archive(t.Context(), id))
		return id
	}
	withoutAudience := offeringBy(asFeature(deployments.Settings{}), true)
	withoutAudience.call = func(ctx context.Context, c deployments.Client, e *estate, _ string) error {
		_, err := c.Create(ctx, deployments.ForFeature(e.feature))
		return err
	}
	for name, o := range map[string]offering{
		"Create, in steps":        offeringBy(rolled, true),
		"Create, without members": withoutAudience,
		"a readiness test":        offeringBy(func(e *estate) deployments.Spec { return deployments.ForReadinessTest(e.quality) }, false),
		"Update in steps":         offeringByUpdate(rolled, later, true),
		"Update of no schedule":   offeringByUpdate(rolled, deployments.Update{State: deployments.RequestPaused}, true),
		"Update of offered ones": offeringByUpdate(asFeature(deployments.Settings{}), deployments.Update{
			Schedule: odata.Null[deployments.Schedule](),
		}, true),
		"Update of what has ended": archived,
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			e := newEstate(t, most+5)
			id := o.before(t, e)
			e.ClearRequests()
			err := o.call(t.Context(), e.limited.Deployments(), e, id)
			require.NotErrorIs(t, err, apierr.ErrTooManyDevices)
			require.Len(t, stub.Changes(e.Server), 1, "%v", err)
		})
	}
}

// Without a limit nothing is read, and what could not be read counts as in steps before.
func TestOffersAreCountedOnlyIfThereIsALimit(t *testing.T) {
	t.Parallel()
	remove := deployments.Update{Schedule: odata.Null[deployments.Schedule]()}
	service := stub.Answering(answer(202, ""))
	require.NoError(t, service.Client(t, stub.NoLimits).Deployments().Update(t.Context(), deploymentID, remove))
	require.Len(t, service.Requests(), 1)
	limit := func(o *updates.Options) { o.Limits.ImmediateOffers = 1 }
	for _, read := range []string{`{"settings":7}`, `{"settings":{"schedule":7}}`, `{"state":7,"settings":{"schedule":{"gradualRollout":7}}}`} {
		service := stub.Answering(stub.Answer(200, `{"id":"d","audience":{"id":"a"},`+read[1:]), stub.Answer(200, `{"value":[
			{"@odata.type":"#`+namespace+`azureADDevice","id":"1"},{"@odata.type":"#`+namespace+`azureADDevice","id":"2"}]}`),
			stub.Answer(200, `{"value":[]}`))
		err := service.Client(t, limit).Deployments().Update(t.Context(), deploymentID, remove)
		require.ErrorIs(t, err, apierr.ErrTooManyDevices, read)
	}
}

func TestARateThatCouldNotBeReadCountsAsNone(t *testing.T) {
	t.Parallel()
	expedite := deployments.Update{Expedite: odata.Set(deployments.Expedite{Expedited: true})}
	limit := func(o *updates.Options) { o.Limits.ImmediateOffers = 1 }
	const rollout = `{"@odata.type":"#` + namespace + `rateDrivenRolloutSettings","devicesPerOffer":"many"}`
	service := stub.Answering(stub.Answer(200, `{"id":"d","audience":{"id":"a"},"settings":{"schedule":{"gradualRollout":`+rollout+`}}}`),
		stub.Answer(200, `{"value":[{"@odata.type":"#`+namespace+`azureADDevice","id":"1"},{"@odata.type":"#`+namespace+`azureADDevice","id":"2"}]}`),
		stub.Answer(200, `{"value":[]}`))
	err := service.Client(t, limit).Deployments().Update(t.Context(), deploymentID, expedite)
	require.ErrorIs(t, err, apierr.ErrTooManyDevices)
}

func TestANumberOfExpectedDevicesIsNotNegative(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(202, ""))
	c := service.Client(t).Deployments().Expecting(-1)
	_, createErr := c.Create(t.Context(), deployments.ForFeature("e"))
	_, onceErr := c.CreateOnce(t.Context(), deployments.ForFeature("e"), nil)
	for _, err := range []error{createErr, onceErr, c.Update(t.Context(), "d", deployments.Update{State: deployments.RequestPaused})} {
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.ErrorContains(t, err, "Client.Expecting must not be negative (got -1)")
	}
	require.Empty(t, service.Requests())
}

func containsText(err error, text string) bool { return strings.Contains(err.Error(), text) }

// Of an audience that a dry run has made nothing can be read.
func TestADryRunCountsNoMembersOfWhatItMade(t *testing.T) {
	t.Parallel()
	client := stub.NewClient(t, stub.Token{}, stub.Answering(answer(500, "")))
	requests, err := client.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		a, err := c.Audiences().Create(ctx)
		require.NoError(t, err)
		d, err := c.Deployments().Create(ctx, deployments.ForFeature("e").ToAudience(a.ID))
		require.NoError(t, err)
		return c.Deployments().Update(ctx, d.ID, deployments.Update{Schedule: odata.Null[deployments.Schedule]()})
	})
	require.NoError(t, err)
	require.Len(t, requests, 3)
}

func TestARolloutThatCouldNotBeReadCountsAsNone(t *testing.T) {
	t.Parallel()
	byDate, byDuration := deployments.ByDate(time.Now().AddDate(0, 0, 60), 7), deployments.ByDuration(30, 7)
	byDuration.Extra, byDuration.BetweenOffers = stub.Extra("durationBetweenOffers", `"monthly"`), 0
	for name, schedule := range map[string]deployments.Schedule{
		"start":          {Rollout: byDate, Extra: stub.Extra("startDateTime", `"soon"`)},
		"between offers": {Rollout: byDuration},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			devices := make([]string, most+1)
			for i, id := range stub.DeviceIDs(len(devices)) {
				devices[i] = `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"` + id + `"}`
			}
			service := stub.Serving(func(r *http.Request) (int, string) {
				if strings.HasSuffix(r.URL.Path, "/members") {
					return http.StatusOK, stub.Page("", devices...)
				}
				return http.StatusOK, stub.NoItems
			})
			client := service.Client(t, func(o *updates.Options) { o.Limits.ImmediateOffers = most })
			spec := deployments.ForFeature("e1").ToAudience("a1").With(deployments.Settings{Schedule: schedule})
			_, err := client.Deployments().Create(t.Context(), spec)
			require.ErrorIs(t, err, apierr.ErrTooManyDevices)
			for _, request := range service.Requests() {
				require.Equal(t, http.MethodGet, request.Method)
			}
		})
	}
}
