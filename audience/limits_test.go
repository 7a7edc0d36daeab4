package audience_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"strings"
	"testing"
	"testing/synctest"
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

// reachable is a tenant that has a deployment without a rollout and an update policy, which share an audience, and an empty group.
type reachable struct {
	*simulator.Server
	admin                *updates.Client // without limits
	audience, deployment string
	policy, group        string
}

func newReachable(t *testing.T) reachable {
	t.Helper()
	admin, service := stub.OnSimulator(t, nil, stub.NoLimits)
	d, err := admin.Deployments().Get(t.Context(), deploy(t, admin))
	require.NoError(t, err)
	policy, err := admin.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(d.Audience.ID))
	require.NoError(t, err)
	g, err := admin.Groups().Create(t.Context())
	require.NoError(t, err)
	return reachable{Server: service, admin: admin, audience: d.Audience.ID, deployment: d.ID, policy: policy.ID, group: g.ID}
}

// limited is a client with some limits, and none but these.
func (w reachable) limited(t *testing.T, limits updates.Limits) *updates.Client {
	t.Helper()
	return stub.NewClient(t, w.Credential(), w.Transport(), stub.NoLimits, func(o *updates.Options) {
		o.Limits.Protected = limits.Protected
		for _, f := range []struct{ from, to *int }{
			{&limits.Additions, &o.Limits.Additions}, {&limits.Enrollments, &o.Limits.Enrollments},
			{&limits.Unenrollments, &o.Limits.Unenrollments}, {&limits.ImmediateOffers, &o.Limits.ImmediateOffers},
		} {
			if *f.from != 0 {
				*f.to = *f.from
			}
		}
	})
}

// reaching is a call that reaches devices. prepare makes them ready for it, without limits.
type reaching struct {
	call    func(ctx context.Context, c *updates.Client, w reachable, ids []string, expecting int) error
	prepare func(t *testing.T, w reachable, ids []string)
}

func nothing(*testing.T, reachable, []string) {}

// adders add devices to the audience of the tenant.
func adders() map[string]reaching {
	edit := func(expecting int) *audience.EditOptions { return &audience.EditOptions{Expecting: expecting} }
	sync := func(expecting int) *audience.SyncOptions {
		return &audience.SyncOptions{Expecting: expecting, SkipVerification: true}
	}
	fill := func(t *testing.T, w reachable, ids []string) {
		t.Helper()
		require.NoError(t, w.admin.Groups().AddDevices(t.Context(), w.group, ids, nil))
	}
	return map[string]reaching{
		"AddDevices": {func(ctx context.Context, c *updates.Client, w reachable, ids []string, n int) error {
			return c.Audiences().AddDevices(ctx, audience.ByID(w.audience), ids, edit(n))
		}, nothing},
		"AddDevices of a deployment": {func(ctx context.Context, c *updates.Client, w reachable, ids []string, n int) error {
			return c.Audiences().AddDevices(ctx, audience.OfDeployment(w.deployment), ids, edit(n))
		}, nothing},
		"AddDevices of an update policy": {func(ctx context.Context, c *updates.Client, w reachable, ids []string, n int) error {
			return c.Audiences().AddDevices(ctx, audience.OfUpdatePolicy(w.policy), ids, edit(n))
		}, nothing},
		"Edit": {func(ctx context.Context, c *updates.Client, w reachable, ids []string, n int) error {
			return c.Audiences().Edit(ctx, audience.ByID(w.audience), audience.Edit{AddMembers: audience.Devices(ids...)}, edit(n))
		}, nothing},
		"Edit with a group": {func(ctx context.Context, c *updates.Client, w reachable, _ []string, n int) error {
			return c.Audiences().Edit(ctx, audience.ByID(w.audience), audience.Edit{AddMembers: audience.Groups(w.group)}, edit(n))
		}, fill},
		"Sync": {func(ctx context.Context, c *updates.Client, w reachable, ids []string, n int) error {
			_, err := c.Audiences().Sync(ctx, audience.ByID(w.audience), audience.Devices(ids...), sync(n))
			return err
		}, nothing},
		"Sync with a group": {func(ctx context.Context, c *updates.Client, w reachable, _ []string, n int) error {
			_, err := c.Audiences().Sync(ctx, audience.ByID(w.audience), audience.Groups(w.group), sync(n))
			return err
		}, fill},
		"SyncSeq": {func(ctx context.Context, c *updates.Client, w reachable, ids []string, n int) error {
			_, err := c.Audiences().SyncSeq(ctx, audience.ByID(w.audience), each(ids), sync(n))
			return err
		}, nothing},
		"Apply": {func(ctx context.Context, c *updates.Client, w reachable, ids []string, n int) error {
			plan, err := c.Audiences().Plan(ctx, audience.ByID(w.audience), audience.Devices(ids...), sync(n))
			if err == nil {
				_, err = c.Audiences().Apply(ctx, plan, sync(n))
			}
			return err
		}, nothing},
		"Apply with a group": {func(ctx context.Context, c *updates.Client, w reachable, _ []string, n int) error {
			plan, err := c.Audiences().PlanSeq(ctx, audience.ByID(w.audience), eachOf(audience.Groups(w.group)), sync(n))
			if err == nil {
				_, err = c.Audiences().Apply(ctx, plan, sync(n))
			}
			return err
		}, fill},
	}
}

// growing adds devices to a group that may be a member of the audience: a group without devices is not listed.
var growing = reaching{func(ctx context.Context, c *updates.Client, w reachable, ids []string, n int) error {
	return c.Groups().AddDevices(ctx, w.group, ids, &audience.EditOptions{Expecting: n})
}, func(t *testing.T, w reachable, _ []string) {
	t.Helper()
	add := audience.Edit{AddMembers: audience.Groups(w.group)}
	require.NoError(t, w.admin.Audiences().Edit(t.Context(), audience.ByID(w.audience), add, nil))
}}

// includers take excluded members out of the exclusions.
func includers() map[string]reaching {
	exclude := func(t *testing.T, w reachable, ids []string) {
		t.Helper()
		edit := audience.Edit{AddMembers: audience.Devices(ids...), AddExclusions: audience.Devices(ids...)}
		require.NoError(t, w.admin.Audiences().Edit(t.Context(), audience.ByID(w.audience), edit, nil))
	}
	return map[string]reaching{
		"RemoveExclusions": {func(ctx context.Context, c *updates.Client, w reachable, ids []string, n int) error {
			return c.Audiences().RemoveExclusions(ctx, audience.ByID(w.audience), ids, &audience.EditOptions{Expecting: n})
		}, exclude},
		"Groups.RemoveDevices from exclusions": {func(ctx context.Context, c *updates.Client, w reachable, ids []string, n int) error {
			return c.Groups().RemoveDevices(ctx, w.group, ids, &audience.EditOptions{Expecting: n})
		}, func(t *testing.T, w reachable, ids []string) {
			t.Helper()
			require.NoError(t, w.admin.Groups().AddDevices(t.Context(), w.group, ids, nil))
			edit := audience.Edit{AddMembers: audience.Devices(ids...), AddExclusions: audience.Groups(w.group)}
			require.NoError(t, w.admin.Audiences().Edit(t.Context(), audience.ByID(w.audience), edit, nil))
		}},
		"Edit of exclusions": {func(ctx context.Context, c *updates.Client, w reachable, ids []string, n int) error {
			edit := audience.Edit{RemoveExclusions: audience.Devices(ids...)}
			return c.Audiences().Edit(ctx, audience.OfDeployment(w.deployment), edit, &audience.EditOptions{Expecting: n})
		}, exclude},
	}
}

func each(ids []string) iter.Seq2[audience.Member, error] { return eachOf(audience.Devices(ids...)) }

func eachOf(list []audience.Member) iter.Seq2[audience.Member, error] {
	return func(yield func(audience.Member, error) bool) {
		for _, m := range list {
			if !yield(m, nil) {
				return
			}
		}
	}
}

func enrollers() map[string]reaching {
	return map[string]reaching{
		"Enroll": {func(ctx context.Context, c *updates.Client, _ reachable, ids []string, n int) error {
			return c.Devices().Enroll(ctx, audience.CategoryFeature, ids, &audience.EnrollOptions{Expecting: n})
		}, nothing},
		"Enroll, compact": {func(ctx context.Context, c *updates.Client, _ reachable, ids []string, n int) error {
			opts := &audience.EnrollOptions{Expecting: n, CompactRequests: true}
			return c.Devices().Enroll(ctx, audience.CategoryDriver, ids, opts)
		}, nothing},
	}
}

func unenrollers() map[string]reaching {
	enroll := func(t *testing.T, w reachable, ids []string) {
		t.Helper()
		require.NoError(t, w.admin.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, nil))
	}
	return map[string]reaching{
		"Unenroll": {func(ctx context.Context, c *updates.Client, _ reachable, ids []string, n int) error {
			return c.Devices().Unenroll(ctx, audience.CategoryFeature, ids, &audience.EnrollOptions{Expecting: n})
		}, enroll},
		"Unenroll, compact": {func(ctx context.Context, c *updates.Client, _ reachable, ids []string, n int) error {
			opts := &audience.EnrollOptions{Expecting: n, CompactRequests: true}
			return c.Devices().Unenroll(ctx, audience.CategoryFeature, ids, opts)
		}, enroll},
	}
}

// newOffers is what package deployments asks before it creates a deployment for an audience.
var newOffers = reaching{func(ctx context.Context, c *updates.Client, w reachable, _ []string, n int) error {
	return audience.Internal.CheckNewOffer(ctx, c.Audiences(), "deployments.Create", w.audience, n, "Option.Expecting", true)
}, func(t *testing.T, w reachable, ids []string) {
	t.Helper()
	require.NoError(t, w.admin.Groups().AddDevices(t.Context(), w.group, ids[1:], nil))
	edit := audience.Edit{
		AddMembers:    append(audience.Groups(w.group), audience.Devices(append(ids[:2:2], stub.DeviceID(99))...)...),
		AddExclusions: audience.Devices(stub.DeviceID(99), stub.DeviceID(98)),
	}
	require.NoError(t, w.admin.Audiences().Edit(t.Context(), audience.ByID(w.audience), edit, nil))
}}

// limitTable has each limit with all calls that it is about.
func limitTable() map[string]struct {
	limits updates.Limits
	calls  map[string]reaching
} {
	type row = struct {
		limits updates.Limits
		calls  map[string]reaching
	}
	additions, offers := adders(), adders()
	additions["Groups.AddDevices"] = growing
	offers["Groups.AddDevices"] = growing
	offers["CheckNewOffer"] = newOffers
	maps.Copy(offers, includers())
	return map[string]row{
		"Limits.Additions":       {updates.Limits{Additions: 3}, additions},
		"Limits.Enrollments":     {updates.Limits{Enrollments: 3}, enrollers()},
		"Limits.Unenrollments":   {updates.Limits{Unenrollments: 3}, unenrollers()},
		"Limits.ImmediateOffers": {updates.Limits{ImmediateOffers: 3}, offers},
	}
}

func TestACallOverALimitSendsNothing(t *testing.T) {
	t.Parallel()
	const limit = 3
	for name, row := range limitTable() {
		for entry, call := range row.calls {
			stub.InBubble(t, name+" of "+entry, func(t *testing.T) {
				for _, try := range []struct{ devices, expecting, max int }{
					{limit - 1, 0, limit}, {limit, 0, limit}, {limit + 1, 0, limit},
					{limit + 1, limit - 1, limit}, {limit + 1, limit + 1, limit + 1}, {limit + 2, limit + 1, limit + 1},
				} {
					w, ids := newReachable(t), stub.DeviceIDs(try.devices)
					call.prepare(t, w, ids)
					w.ClearRequests()
					err := call.call(t.Context(), w.limited(t, row.limits), w, ids, try.expecting)
					if try.devices <= try.max {
						require.NoError(t, err)
						require.True(t, entry == "CheckNewOffer" || len(stub.Changes(w.Server)) > 0)
						continue
					}
					over, ok := errors.AsType[*apierr.LimitError](err)
					require.True(t, ok, "%+v: %v", try, err)
					require.ErrorIs(t, err, apierr.ErrTooManyDevices)
					require.Equal(t, []any{name, try.devices, try.max}, []any{over.Limit, over.Count, over.Max})
					require.Contains(t, over.Advice, "Expecting to ")
					require.Empty(t, stub.Changes(w.Server))
				}
			})
		}
	}
}

func TestADeviceThatHasItAlreadyDoesNotCount(t *testing.T) {
	t.Parallel()
	for name, row := range limitTable() {
		for entry, call := range row.calls {
			if strings.Contains(entry, "group") || entry == "CheckNewOffer" || strings.Contains(entry, "xclusions") || name == "Limits.Unenrollments" {
				continue
			}
			stub.InBubble(t, name+" of "+entry, func(t *testing.T) {
				w, ids := newReachable(t), stub.DeviceIDs(20)
				call.prepare(t, w, ids)
				require.NoError(t, call.call(t.Context(), w.admin, w, ids[:10], 0))
				w.ClearRequests()
				client := w.limited(t, row.limits)
				upper := append([]string{strings.ToUpper(ids[0])}, ids[1:14]...)
				require.ErrorIs(t, call.call(t.Context(), client, w, upper, 0), apierr.ErrTooManyDevices)
				require.Empty(t, stub.Changes(w.Server))
				require.NoError(t, call.call(t.Context(), client, w, upper[:13], 0))
			})
		}
	}
}

func TestADeviceThatIsNotEnrolledDoesNotCountAsUnenrolled(t *testing.T) {
	t.Parallel()
	w, ids := newReachable(t), stub.DeviceIDs(9)
	require.NoError(t, w.admin.Devices().Enroll(t.Context(), audience.CategoryFeature, ids[:4], nil))
	require.NoError(t, w.admin.Devices().Enroll(t.Context(), audience.CategoryDriver, ids[4:], nil))
	client := w.limited(t, updates.Limits{Unenrollments: 3})
	unenroll := func(ids []string) error {
		return client.Devices().Unenroll(t.Context(), audience.CategoryFeature, ids, nil)
	}
	require.ErrorIs(t, unenroll(ids), apierr.ErrTooManyDevices)
	require.NoError(t, unenroll(ids[1:]))
}

func TestListsAreReadOnlyForMoreDevicesThanALimit(t *testing.T) {
	t.Parallel()
	for name, row := range limitTable() {
		for entry, call := range row.calls {
			if strings.Contains(entry, "group") || entry == "CheckNewOffer" || strings.Contains(entry, "ync") || entry == "Apply" {
				continue // groups have any number of devices, and Sync and Plan read anyway
			}
			t.Run(name+" of "+entry, func(t *testing.T) {
				t.Parallel()
				w, ids := newReachable(t), stub.DeviceIDs(3)
				call.prepare(t, w, ids)
				w.ClearRequests()
				require.NoError(t, call.call(t.Context(), w.limited(t, row.limits), w, ids, 0))
				require.Len(t, w.Requests(), 1)
			})
		}
	}
}

func TestUnenrollingAndImmediateOffersHaveALimitOf500(t *testing.T) {
	t.Parallel()
	w, ids := newReachable(t), stub.DeviceIDs(501)
	client := stub.NewClient(t, w.Credential(), w.Transport())
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, nil))
	w.ClearRequests()
	err := client.Devices().Unenroll(t.Context(), audience.CategoryFeature, ids, nil)
	require.EqualError(t, err, "devices.Unenroll: too many devices: 501 would be unenrolled, limit 500 (Limits.Unenrollments); "+
		"an unenrolled device is free to take what its own policies allow, usually the newest version of Windows; "+
		"to allow them, set EnrollOptions.Expecting to 501")
	err = client.Audiences().AddDevices(t.Context(), audience.OfDeployment(w.deployment), ids, nil)
	require.EqualError(t, err, "audiences.AddDevices: too many devices: 501 would be offered the update immediately, limit 500 "+
		"(Limits.ImmediateOffers); deployment "+w.deployment+" has no rollout; to allow them, set EditOptions.Expecting to 501, "+
		"or give the deployment settings with RollingOut first")
	require.Empty(t, stub.Changes(w.Server))
	require.NoError(t, client.Audiences().AddDevices(t.Context(), audience.OfDeployment(w.deployment), ids[1:], nil))
	require.NoError(t, client.Devices().Unenroll(t.Context(), audience.CategoryFeature, ids[1:], nil))
}

func TestADeploymentWithARolloutOrAtItsEndOffersNothingImmediately(t *testing.T) {
	t.Parallel()
	week := deployments.Settings{}.RollingOut(deployments.ByRate(100, 7))
	for name, settle := range map[string]func(t *testing.T, c *updates.Client, id string) error{
		"rollout": func(t *testing.T, c *updates.Client, id string) error {
			t.Helper()
			return c.Deployments().Update(t.Context(), id, deployments.Update{Schedule: odata.Set(week.Schedule)})
		},
		"archived": func(t *testing.T, c *updates.Client, id string) error {
			t.Helper()
			return c.Deployments().Archive(t.Context(), id)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newReachable(t)
			require.NoError(t, settle(t, w.admin, w.deployment))
			client := w.limited(t, updates.Limits{ImmediateOffers: 3})
			for _, of := range []audience.Ref{audience.ByID(w.audience), audience.OfDeployment(w.deployment), audience.OfUpdatePolicy(w.policy)} {
				require.NoError(t, client.Audiences().AddDevices(t.Context(), of, stub.DeviceIDs(4), nil))
			}
		})
	}
}

func TestARolloutWhoseEndHasPassedOffersImmediately(t *testing.T) {
	t.Parallel()
	rollout := func(body string) error {
		d := `{"id":"d","audience":{"id":"a"},"settings":{"schedule":{"gradualRollout":` + body + `}}}`
		service := stub.Answering(stub.Answer(200, d), stub.Answer(200, stub.NoItems), stub.Answer(200, stub.NoItems))
		client := service.Client(t, func(o *updates.Options) { o.Limits.ImmediateOffers = 3 })
		err := client.Audiences().AddDevices(t.Context(), audience.OfDeployment("d"), stub.DeviceIDs(4), nil)
		if errors.Is(err, apierr.ErrTooManyDevices) {
			require.NotContains(t, service.Log()[len(service.Log())-1], "POST")
		}
		return err
	}
	const dated = `{"@odata.type":"#microsoft.graph.windowsUpdates.dateDrivenRolloutSettings","endDateTime":`
	require.ErrorIs(t, rollout(dated+`"2020-01-01T00:00:00Z"}`), apierr.ErrTooManyDevices)
	require.ErrorIs(t, rollout(dated+`null}`), apierr.ErrTooManyDevices)
	require.ErrorIs(t, rollout("null"), apierr.ErrTooManyDevices)
	const rate = `{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings","durationBetweenOffers":"P1D"`
	require.ErrorIs(t, rollout(rate+`,"devicesPerOffer":0}`), apierr.ErrTooManyDevices)
	require.NoError(t, rollout(rate+`,"devicesPerOffer":7}`))
	require.NoError(t, rollout(rate+`,"devicePerOffer":7}`), "the name in the documentation")
	in := func(days int) string { return `"` + time.Now().AddDate(0, 0, days).UTC().Format(time.RFC3339) + `"` }
	const weekly = `,"durationBetweenOffers":"P7D"}`
	require.NoError(t, rollout(dated+in(3)+`}`))
	require.NoError(t, rollout(dated+in(9)+weekly))
	require.ErrorIs(t, rollout(dated+in(1)+`}`), apierr.ErrTooManyDevices, "all in one step")
	require.ErrorIs(t, rollout(dated+in(6)+weekly), apierr.ErrTooManyDevices, "all in one step")
	const long = `{"@odata.type":"#microsoft.graph.windowsUpdates.durationDrivenRolloutSettings","durationUntilDeploymentEnd":`
	require.NoError(t, rollout(long+`"P14D"`+weekly))
	require.ErrorIs(t, rollout(long+`"P7D"`+weekly), apierr.ErrTooManyDevices, "all in one step")
	require.ErrorIs(t, rollout(long+`"PT1M"}`), apierr.ErrTooManyDevices, "not whole days, so nothing shows more than one step")
	require.NoError(t, rollout(`{"@odata.type":"#microsoft.graph.windowsUpdates.newRolloutSettings"}`))
}

func TestARolloutThatCouldNotBeReadCountsAsNone(t *testing.T) {
	t.Parallel()
	const kind = `{"@odata.type":"#microsoft.graph.windowsUpdates.`
	end := `"endDateTime":"` + time.Now().AddDate(0, 0, 60).UTC().Format(time.RFC3339) + `"`
	for name, schedule := range map[string]string{
		"start":          `{"startDateTime":7,"gradualRollout":` + kind + `dateDrivenRolloutSettings",` + end + `}}`,
		"end":            `{"gradualRollout":` + kind + `dateDrivenRolloutSettings","endDateTime":"soon"}}`,
		"between offers": `{"gradualRollout":` + kind + `dateDrivenRolloutSettings","durationBetweenOffers":7,` + end + `}}`,
		"odd interval":   `{"gradualRollout":` + kind + `dateDrivenRolloutSettings","durationBetweenOffers":"P1M",` + end + `}}`,
		"length":         `{"gradualRollout":` + kind + `durationDrivenRolloutSettings","durationUntilDeploymentEnd":30}}`,
		"devices":        `{"gradualRollout":` + kind + `rateDrivenRolloutSettings","devicesPerOffer":"many"}}`,
		"rollout":        `{"gradualRollout":"weekly"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := `{"id":"d","audience":{"id":"a"},"settings":{"schedule":` + schedule + `}}`
			service := stub.Answering(stub.Answer(200, d), stub.Answer(200, stub.NoItems), stub.Answer(200, stub.NoItems))
			client := service.Client(t, func(o *updates.Options) { o.Limits.ImmediateOffers = 3 })
			err := client.Audiences().AddDevices(t.Context(), audience.OfDeployment("d"), stub.DeviceIDs(4), nil)
			require.ErrorIs(t, err, apierr.ErrTooManyDevices)
			require.NotContains(t, service.Log()[len(service.Log())-1], "POST")
		})
	}
}

func TestAnExpeditedUpdateIsNotAdvisedToRollOut(t *testing.T) {
	t.Parallel()
	for _, d := range []string{
		`{"id":"d","audience":{"id":"a"},"settings":{"expedite":{"isExpedited":true}}}`,
		`{"id":"d","audience":{"id":"a"},"content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent",` +
			`"catalogEntry":{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"e"}}}`,
	} {
		service := stub.Answering(stub.Answer(200, d), stub.Answer(200, stub.NoItems))
		client := service.Client(t, func(o *updates.Options) { o.Limits.ImmediateOffers = 3 })
		err := client.Audiences().AddDevices(t.Context(), audience.OfDeployment("d"), stub.DeviceIDs(4), nil)
		require.ErrorIs(t, err, apierr.ErrTooManyDevices)
		require.NotContains(t, err.Error(), "RollingOut")
	}
}

func TestAReadinessTestOffersNothing(t *testing.T) {
	t.Parallel()
	add := func(expedite string) error {
		d := `{"id":"d","audience":{"id":"a"},"settings":{"expedite":` + expedite + `}}`
		service := stub.Answering(stub.Answer(200, d), stub.Answer(200, stub.NoItems), stub.Answer(200, stub.NoItems))
		client := service.Client(t, func(o *updates.Options) { o.Limits.ImmediateOffers = 3 })
		return client.Audiences().AddDevices(t.Context(), audience.OfDeployment("d"), stub.DeviceIDs(4), nil)
	}
	require.NoError(t, add(`{"isExpedited":true,"isReadinessTest":true}`))
	require.ErrorIs(t, add(`{"isExpedited":true,"isReadinessTest":false}`), apierr.ErrTooManyDevices)
	require.ErrorIs(t, add(`{"isExpedited":true,"isReadinessTest":"yes"}`), apierr.ErrTooManyDevices)
	require.ErrorIs(t, add(`{"isReadinessTest":true}`), apierr.ErrTooManyDevices, "it expedites nothing")
}

// protecting are all calls that may not change a protected device, which is the first of ids.
func protecting() map[string]reaching {
	all := map[string]reaching{
		"Groups.AddDevices": growing,
		"Groups.RemoveDevices": {func(ctx context.Context, c *updates.Client, w reachable, ids []string, _ int) error {
			return c.Groups().RemoveDevices(ctx, w.group, ids, nil)
		}, nothing},
		"Groups.Delete": {func(ctx context.Context, c *updates.Client, w reachable, _ []string, _ int) error {
			return c.Groups().Delete(ctx, w.group)
		}, func(t *testing.T, w reachable, ids []string) {
			t.Helper()
			require.NoError(t, w.admin.Groups().AddDevices(t.Context(), w.group, ids, nil))
		}},
		"Devices.Delete": {func(ctx context.Context, c *updates.Client, _ reachable, ids []string, _ int) error {
			return c.Devices().Delete(ctx, ids[0])
		}, nothing},
		"Groups.Delete with the ID of a device": {func(ctx context.Context, c *updates.Client, _ reachable, ids []string, _ int) error {
			return c.Groups().Delete(ctx, ids[0])
		}, nothing},
	}
	for _, more := range []map[string]reaching{adders(), includers(), enrollers(), unenrollers()} {
		maps.Copy(all, more)
	}
	return all
}

func TestNoCallChangesAProtectedDevice(t *testing.T) {
	t.Parallel()
	for name, call := range protecting() {
		stub.InBubble(t, name, func(t *testing.T) {
			w, ids := newReachable(t), stub.DeviceIDs(2)
			call.prepare(t, w, ids)
			w.ClearRequests()
			client := w.limited(t, updates.Limits{Protected: []string{ids[1], strings.ToUpper(ids[0])}})
			err := call.call(t.Context(), client, w, ids, math.MaxInt)
			require.ErrorIs(t, err, apierr.ErrProtected)
			require.ErrorContains(t, err, `must not be in Limits.Protected (got "0000`)
			require.Empty(t, stub.Changes(w.Server))
		})
	}
}

func TestAProtectedDeviceMayBeExcludedAndRemovedFromTheMembers(t *testing.T) {
	t.Parallel()
	w, ids := newReachable(t), stub.DeviceIDs(2)
	client := w.limited(t, updates.Limits{Protected: ids})
	require.NoError(t, client.Audiences().AddExclusions(t.Context(), audience.ByID(w.audience), ids, nil))
	require.NoError(t, client.Audiences().RemoveDevices(t.Context(), audience.ByID(w.audience), ids, nil))
}

func TestAProtectedGroupIsNotAddedOrDeleted(t *testing.T) {
	t.Parallel()
	w := newReachable(t)
	client := w.limited(t, updates.Limits{Protected: []string{w.group}})
	edit := audience.Edit{AddMembers: audience.Groups(w.group)}
	err := client.Audiences().Edit(t.Context(), audience.ByID(w.audience), edit, nil)
	require.EqualError(t, err, `audiences.Edit: AddMembers[0].ID must not be in Limits.Protected (got "`+w.group+`")`)
	require.ErrorIs(t, client.Groups().Delete(t.Context(), w.group), apierr.ErrProtected)
}

func TestAnExpectedNumberIsNotNegative(t *testing.T) {
	t.Parallel()
	for name, row := range limitTable() {
		for entry, call := range row.calls {
			if entry == "CheckNewOffer" {
				continue
			}
			w := newReachable(t)
			w.ClearRequests()
			err := call.call(t.Context(), w.admin, w, stub.DeviceIDs(1), -1)
			require.ErrorIs(t, err, apierr.ErrInvalid, name)
			require.ErrorContains(t, err, "Options.Expecting must not be negative (got -1)", entry)
			require.Empty(t, w.Requests())
		}
	}
}

// Another program removes members while Sync waits, so that it adds them again. All of them count.
func TestWhatASyncAddsAgainCounts(t *testing.T) {
	t.Parallel()
	ids := stub.DeviceIDs(10)
	for limit, isOver := range map[int]bool{5: true, 6: false} {
		synctest.Test(t, func(t *testing.T) {
			service := answeringInTurn(ids[:9], ids[:4], ids)
			client := service.Client(t, func(o *updates.Options) { o.Limits.Additions = limit })
			report, err := client.Audiences().Sync(t.Context(), audience.ByID("a"), wanting(ids...), nil)
			require.Equal(t, isOver, errors.Is(err, apierr.ErrTooManyDevices), err)
			if isOver {
				require.ErrorContains(t, err, "audiences.Sync: too many devices: 6 would be added, limit 5 (Limits.Additions); ")
				require.Equal(t, audience.Devices(ids[9]), report.Sent.AddMembers)
				require.EqualValues(t, 1, service.posts.Load())
			}
		})
	}
}

func TestADryRunHasTheLimitsOfItsClient(t *testing.T) {
	t.Parallel()
	w, ids := newReachable(t), stub.DeviceIDs(6)
	client := w.limited(t, updates.Limits{Enrollments: 3, Protected: ids[:1]})
	for _, c := range []struct {
		ids   []string
		class error
	}{{ids[1:5], apierr.ErrTooManyDevices}, {ids[:1], apierr.ErrProtected}, {ids[1:4], nil}} {
		requests, err := client.DryRun(t.Context(), func(ctx context.Context, dry *updates.Client) error {
			return dry.Devices().Enroll(ctx, audience.CategoryFeature, c.ids, nil)
		})
		require.ErrorIs(t, err, c.class)
		require.Equal(t, c.class == nil, len(requests) == 1)
	}
}

// The service creates the deployments of approved updates.
func TestAnApprovedDriverIsOfferedImmediately(t *testing.T) {
	t.Parallel()
	w := newReachable(t)
	client := w.limited(t, updates.Limits{ImmediateOffers: 3})
	made, err := w.admin.Audiences().Create(t.Context())
	require.NoError(t, err)
	policy, err := w.admin.UpdatePolicies().Create(t.Context(), updatepolicies.ForAudience(made.ID))
	require.NoError(t, err)
	add := func(ids []string) error {
		return client.Audiences().AddDevices(t.Context(), audience.OfUpdatePolicy(policy.ID), ids, nil)
	}
	require.NoError(t, add(stub.DeviceIDs(4)))
	driver := updatepolicies.ForDriver(w.AddDriver("Contoso", "Firmware", "1.0"))
	_, err = w.admin.UpdatePolicies().Approve(t.Context(), policy.ID, driver)
	require.NoError(t, err)
	require.NoError(t, add(stub.DeviceIDs(7)), "four of them are members")
	err = add(stub.DeviceIDs(11))
	require.ErrorIs(t, err, apierr.ErrTooManyDevices)
	require.NotContains(t, err.Error(), "RollingOut", "a driver has no rollout")
}

// A device can be in two groups, and is offered the update once.
func TestADeviceOfTwoGroupsCountsOnce(t *testing.T) {
	t.Parallel()
	w := newReachable(t)
	second, err := w.admin.Groups().Create(t.Context())
	require.NoError(t, err)
	for _, group := range []string{w.group, second.ID} {
		require.NoError(t, w.admin.Groups().AddDevices(t.Context(), group, stub.DeviceIDs(3), nil))
	}
	edit := audience.Edit{AddMembers: audience.Groups(w.group, second.ID)}
	of := audience.OfDeployment(w.deployment)
	err = w.limited(t, updates.Limits{ImmediateOffers: 2}).Audiences().Edit(t.Context(), of, edit, nil)
	require.ErrorContains(t, err, "3 would be offered the update immediately, limit 2")
	require.NoError(t, w.limited(t, updates.Limits{ImmediateOffers: 3, Additions: 3}).Audiences().Edit(t.Context(), of, edit, nil))
}

// The members of an audience are one list of many pages, however many deployments use it.
func TestASharedAudienceIsReadOnceForAGroup(t *testing.T) {
	t.Parallel()
	const deployment, list = `{"id":"d%d","audience":{"id":"%s"}}`, "/deployments/d%d/audience/members?$select=id"
	of := func(n int, audience string) string { return fmt.Sprintf(deployment, n, audience) }
	device := fmt.Sprintf(`{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":%q,`+
		`"enrollment":{"feature":{"enrollmentState":"enrolled"}}}`, stub.DeviceID(9))
	const members = "/updatableAssets/g/microsoft.graph.windowsUpdates.updatableAssetGroup/members"
	site := map[string]string{
		"/deployments": stub.Page("", of(1, "a"), of(2, "A"), of(3, "b"), of(4, "a")),
		members:        stub.Page("", device),
	}
	for n := range 5 {
		site[fmt.Sprintf(list, n)] = stub.NoItems
	}
	service := stub.Site(site)
	client := service.Client(t, func(o *updates.Options) { o.Limits.ImmediateOffers = 3 })
	require.Error(t, client.Groups().AddDevices(t.Context(), "g", stub.DeviceIDs(4), nil), "the change is not in the site")
	lists := 0
	for _, request := range service.Log() {
		if strings.Contains(request, "audience/members") {
			lists++
		}
	}
	require.Equal(t, 2, lists, service.Log())
}
