package audience_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	intakes   = 100
	mostLooks = 600              // requests that one of them may take
	latest    = 10 * time.Minute // when the last device has met its fate
	enough    = 30 * time.Minute // for all that to be seen
)

func TestARandomEnrollmentEndsWithEachDeviceInTheRightClass(t *testing.T) {
	t.Parallel()
	for seed := range uint64(intakes) {
		synctest.Test(t, func(t *testing.T) { newIntake(t, seed).play() })
	}
}

// intake are devices that are waited for, each with a fate.
type intake struct {
	maker
	t        *testing.T
	name     string
	client   *updates.Client
	service  *simulator.Server
	quirks   simulator.Quirks
	category audience.Category
	other    audience.Category // another one
	want     audience.EnrollmentState
	opts     audience.PollOptions
	ids      []string
	fates    map[string]fate
	became   map[string]audience.EnrollmentOutcome
	began    time.Time
	others   sync.WaitGroup // what brings the fates
}

// fate is what becomes of a device.
type fate struct {
	before []deed
	later  deed // nil for nothing
	after  time.Duration
	end    []audience.EnrollmentOutcome // what it may end as
}

// deed is a change of a device.
type deed = func(ctx context.Context, c audience.DeviceClient, id string) error

func newIntake(t *testing.T, seed uint64) *intake {
	t.Helper()
	h := &intake{
		maker: newMaker(seed), t: t, name: fmt.Sprint("seed ", seed), fates: map[string]fate{},
		became: map[string]audience.EnrollmentOutcome{},
	}
	h.client, h.service = stub.OnSimulator(t, &simulator.Options{Lag: h.upTo(time.Minute), PageSize: 5 + h.IntN(20)})
	h.category, h.other = audience.CategoryFeature, audience.CategoryDriver
	if h.IntN(2) == 0 {
		h.category, h.other = audience.CategoryQuality, audience.CategoryFeature
	}
	h.want = one(h.maker, audience.StateEnrolled, audience.StateEnrolled, audience.StateNotEnrolled)
	h.opts = audience.PollOptions{InitialInterval: 30*time.Second + h.upTo(time.Minute)}
	h.ids = stub.DeviceIDs(one(h.maker, 1+h.IntN(5), 1+h.IntN(5), 1+h.IntN(5), 1+h.IntN(5), 21+h.IntN(5)))
	fates := map[audience.EnrollmentState]func() []fate{audience.StateEnrolled: h.comings, audience.StateNotEnrolled: h.leavings}
	for _, id := range h.ids {
		f := one(h.maker, fates[h.want]()...)
		for _, do := range f.before {
			require.NoError(t, do(t.Context(), h.client.Devices(), id))
		}
		h.fates[id] = f
	}
	return h
}

func (h *intake) upTo(d time.Duration) time.Duration { return time.Duration(1 + h.Int64N(int64(d))) }

// comings are the fates of devices that should be enrolled. What has a registration
// error is given up at some time, and what leaves again may have been seen before.
func (h *intake) comings() []fate {
	const done, pending, failed, unknown = audience.OutcomeDone, audience.OutcomePending, audience.OutcomeFailed, audience.OutcomeUnknown
	in, at := h.enroll, h.upTo(latest)
	return []fate{
		{before: []deed{in}, end: outcomes(done)},
		{before: []deed{in, h.refuse}, end: outcomes(done, failed)},
		{before: []deed{in}, later: h.unenroll, after: at, end: outcomes(done, pending)},
		{before: []deed{in}, later: remove, after: at, end: outcomes(done, unknown)},
		{later: in, after: at, end: outcomes(done)},
		{before: []deed{h.know}, later: in, after: at, end: outcomes(done)},
		{before: []deed{h.know, h.refuse}, later: in, after: at, end: outcomes(done, failed)},
		{before: []deed{h.know}, end: outcomes(pending)},
		{before: []deed{h.know, h.refuse}, end: outcomes(failed)},
		{before: []deed{h.know, h.refuse}, end: outcomes(failed)},
		{end: outcomes(unknown)},
	}
}

// leavings are the fates of devices that should not be enrolled.
func (h *intake) leavings() []fate {
	const done, pending = audience.OutcomeDone, audience.OutcomePending
	in, out, at := h.enroll, h.unenroll, h.upTo(latest)
	return []fate{
		{end: outcomes(done)},
		{before: []deed{h.know}, end: outcomes(done)},
		{before: []deed{in, h.settle, out}, end: outcomes(done)},
		{before: []deed{in, h.settle}, later: out, after: at, end: outcomes(done)},
		{before: []deed{in, h.settle, h.refuse}, later: out, after: at, end: outcomes(done)},
		{before: []deed{in, h.settle}, later: remove, after: at, end: outcomes(done)},
		{before: []deed{in, h.settle}, end: outcomes(pending)},
		{before: []deed{in, h.settle, h.refuse}, end: outcomes(pending)},
		{later: in, after: at, end: outcomes(done, pending)},
	}
}

func outcomes(of ...audience.EnrollmentOutcome) []audience.EnrollmentOutcome { return of }

func (h *intake) enroll(ctx context.Context, c audience.DeviceClient, id string) error {
	return c.Enroll(ctx, h.category, []string{id}, nil)
}

func (h *intake) unenroll(ctx context.Context, c audience.DeviceClient, id string) error {
	return c.Unenroll(ctx, h.category, []string{id}, nil)
}

// know makes a device known by another category.
func (h *intake) know(ctx context.Context, c audience.DeviceClient, id string) error {
	return c.Enroll(ctx, h.other, []string{id}, nil)
}

func (h *intake) refuse(_ context.Context, _ audience.DeviceClient, id string) error {
	return h.service.FailRegistration(id, string(one(h.maker, audience.ReasonMissingTrustType, audience.ReasonInvalidJoin, "aNewReason")))
}

// settle waits until what was done shows.
func (h *intake) settle(context.Context, audience.DeviceClient, string) error {
	<-time.After(time.Minute)
	return nil
}

func remove(ctx context.Context, c audience.DeviceClient, id string) error {
	err := c.Delete(ctx, id)
	if errors.Is(err, apierr.ErrNotFound) {
		return nil
	}
	return err
}

// play waits with interruptions first, and then until all fates were met and seen.
func (h *intake) play() {
	h.misbehave()
	h.meet()
	rest := append(slices.Clone(h.ids), h.ids[h.IntN(len(h.ids))])
	for range h.IntN(4) {
		rest = h.wait(rest, h.upTo(latest/2))
	}
	h.service.ClearFailures()
	h.quirks.UnknownValues = false
	h.service.SetQuirks(h.quirks)
	h.wait(rest, enough-time.Since(h.began))
	h.others.Wait()
	for id, f := range h.fates {
		require.Contains(h.t, f.end, h.became[id], "%s: %s", h.name, id)
	}
	require.Less(h.t, len(h.service.Requests()), mostLooks, h.name)
}

func (h *intake) misbehave() {
	for field := range reflect.TypeFor[simulator.Quirks]().NumField() {
		reflect.ValueOf(&h.quirks).Elem().Field(field).SetBool(h.IntN(4) == 0)
	}
	h.service.SetQuirks(h.quirks)
	for range h.IntN(3) {
		h.service.FailRandomly(h.Float64()/4, one(h.maker,
			simulator.Throttle(), simulator.Throttle().RetryAfter(7*time.Second), simulator.Status(503),
			simulator.HTML(502), simulator.Break(),
			simulator.Break().AfterEffect(), simulator.BreakBody(), simulator.Status(500).AfterEffect(),
			simulator.Status(423).RetryAfter(time.Second),
			simulator.Hang(),
		), h.Uint64())
	}
}

// meet lets the devices meet their fates, whatever fails.
func (h *intake) meet() {
	h.began = time.Now()
	for _, id := range h.ids {
		f := h.fates[id]
		if f.later == nil {
			continue
		}
		h.others.Go(func() {
			<-time.After(f.after)
			for f.later(h.t.Context(), h.client.Devices(), id) != nil {
				<-time.After(time.Second)
			}
		})
	}
}

// wait waits for the devices that are left, as long as it may, and gives what is left
// then.
func (h *intake) wait(ids []string, atMost time.Duration) []string {
	h.t.Helper()
	if len(ids) == 0 {
		return nil
	}
	ctx, cancel := h.interrupted(atMost)
	defer cancel()
	began := time.Now()
	report, err := h.client.Devices().WaitForEnrollment(ctx, h.category, ids, h.want, &h.opts)
	require.LessOrEqual(h.t, time.Since(began), atMost, h.name)
	require.NotNil(h.t, report, "%s: %v", h.name, err)
	for _, d := range report.Devices {
		require.Contains(h.t, ids, d.ID, h.name)
		require.False(h.t, d.Outcome == audience.OutcomeFailed && len(d.Errors) == 0, "%s: %s failed without a reason", h.name, d.ID)
		h.became[d.ID] = d.Outcome
	}
	h.requireAnswer(report, err)
	return report.Remaining()
}

// interrupted is a context that ends by itself, or is canceled.
func (h *intake) interrupted(after time.Duration) (context.Context, context.CancelFunc) {
	if h.IntN(2) == 0 {
		return context.WithTimeout(h.t.Context(), after)
	}
	ctx, cancel := context.WithCancel(h.t.Context())
	time.AfterFunc(after, cancel)
	return ctx, cancel
}

// requireAnswer sees that the error says what is left.
func (h *intake) requireAnswer(report *audience.EnrollmentReport, err error) {
	h.t.Helper()
	rest, failed, all := report.Remaining(), report.Failed(), len(report.Devices)
	if err == nil {
		require.Empty(h.t, append(rest, failed...), h.name)
		return
	}
	require.NotEmpty(h.t, append(rest, failed...), "%s: %v", h.name, err)
	require.ErrorContains(h.t, err, fmt.Sprintf("%d of %d device", all-len(rest)-len(failed), all), h.name)
	require.ErrorContains(h.t, err, string(h.want)+" in ", h.name)
	ended := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || errors.Is(err, apierr.ErrUnavailable)
	require.True(h.t, ended || errors.Is(err, audience.ErrRegistrationFailed) && len(rest) == 0, "%s: %v", h.name, err)
}
