package deployments_test

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	turmoils     = 100              // of each kind
	mostRequests = 300              // that one of them may take
	longest      = time.Hour        // that one of them takes
	slack        = 20 * time.Minute // for a change to be seen: the longest pause, and failures
)

func TestARandomWaitEndsInItsStateOrSaysWhatItSawLast(t *testing.T) {
	t.Parallel()
	eachTurmoil(t, func(u *turmoil) {
		want := oneOf(u.random, deployments.StateOffering, deployments.StateOffering, deployments.StateScheduled,
			deployments.StatePaused, deployments.StateFaulted, deployments.StateArchived)
		u.plan(u.strayMiss())
		d, err := u.client.Deployments().WaitForState(u.begin(), u.id, want, nil)
		now := u.end()
		if err == nil {
			require.Equal(u.t, want, d.State.Effective, u.name)
			require.Equal(u.t, want, now.effective, u.name)
			return
		}
		require.Nil(u.t, d, u.name)
		u.requireReason(u.failed(err, want), now)
	})
}

func TestARandomWaitForTheEndSeesItOrSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	eachTurmoil(t, func(u *turmoil) {
		if u.IntN(4) != 0 {
			u.plan(deployments.Client.Delete)
		}
		err := u.client.Deployments().WaitForDeletion(u.begin(), u.id, nil)
		now := u.end()
		if err == nil {
			require.True(u.t, now.gone, "%s: it is %s", u.name, now.effective)
			return
		}
		failed := u.failed(err, "")
		require.False(u.t, now.gone && !u.recent(now) && !u.down, "%s: %v", u.name, err)
		require.NotErrorIs(u.t, failed, apierr.ErrNotFound, u.name)
		u.requireReason(failed, now)
	})
}

func TestARandomWatchYieldsEachChangeOnceAndOneError(t *testing.T) {
	t.Parallel()
	eachTurmoil(t, func(u *turmoil) {
		u.plan(u.strayMiss())
		var seen *deployments.Deployment
		var ended error
		for d, err := range u.client.Deployments().Watch(u.begin(), u.id, nil) {
			require.NoError(u.t, ended, "%s: an error is the end", u.name)
			if ended = err; err != nil {
				require.Nil(u.t, d, u.name)
				continue
			}
			require.False(u.t, seen != nil && told(seen) == told(d), "%s: %s is no change", u.name, told(d))
			seen = d
		}
		require.Error(u.t, ended, u.name)
		u.requireReason(&deployments.WaitError{Last: seen, Err: ended}, u.end())
	})
}

func eachTurmoil(t *testing.T, play func(*turmoil)) {
	t.Helper()
	for seed := range uint64(turmoils) {
		synctest.Test(t, func(t *testing.T) { play(newTurmoil(t, seed)) })
	}
}

// turmoil is a deployment that others change during a wait, at a service that
// behaves badly.
type turmoil struct {
	random
	t       *testing.T
	name    string
	client  *updates.Client
	service *simulator.Server
	lag     time.Duration
	id      string
	entry   string
	limit   time.Duration // of the wait
	deeds   []deed        // of others
	pauses  []time.Duration
	blind   bool // no state is told as it is
	down    bool // there are times without any good answer

	began time.Time
	leave func()    // lets the others stop, and waits for that
	last  time.Time // when the last deed shows
}

// deed is a change of a deployment.
type deed = func(deployments.Client, context.Context, string) error

func newTurmoil(t *testing.T, seed uint64) *turmoil {
	t.Helper()
	u := &turmoil{random: seeded(seed), t: t, name: fmt.Sprint("seed ", seed)}
	u.lag = u.upTo(90 * time.Second)
	u.client, u.service = stub.OnSimulator(t, &simulator.Options{Lag: u.lag})
	settings := deployments.Settings{}.PausingOnRollbacks(10)
	if u.Yes() {
		settings = settings.StartingAt(time.Now().Add(u.upTo(longest)))
	}
	d := deploy(t, u.client, 10, settings)
	<-time.After(2 * u.lag)
	u.id, u.entry, u.limit = d.ID, d.Content.EntryID, u.upTo(longest)
	for range u.IntN(7) {
		u.plan(u.change())
	}
	if u.IntN(8) == 0 {
		u.plan(u.outage())
	}
	return u
}

func oneOf[T any](r random, of ...T) T { return of[r.IntN(len(of))] }

func (u *turmoil) upTo(d time.Duration) time.Duration { return time.Duration(1 + u.Int64N(int64(d))) }

// plan lets others do something, some time after what they did before.
func (u *turmoil) plan(do deed) {
	u.deeds, u.pauses = append(u.deeds, do), append(u.pauses, u.upTo(longest/6))
}

// change is one of the changes of a deployment; those that can be
// taken back come more often.
func (u *turmoil) change() deed {
	moved := u.upTo(longest)
	reschedule := func(c deployments.Client, ctx context.Context, id string) error {
		return c.Reschedule(ctx, id, time.Now().Add(moved))
	}
	rollBack := func(deployments.Client, context.Context, string) error {
		return u.service.ReportRollback(u.id, stub.DeviceIDs(3)...)
	}
	outdate := func(deployments.Client, context.Context, string) error { return u.service.OutdateContent(u.entry) }
	return oneOf(u.random,
		deployments.Client.Pause, deployments.Client.Pause, deployments.Client.Resume, deployments.Client.Resume, reschedule,
		rollBack, rollBack, deployments.Client.ClearMonitoringRules, deployments.Client.Archive, deployments.Client.Delete, outdate)
}

// strayMiss is an answer from a copy that does not have the deployment.
func (u *turmoil) strayMiss() deed {
	return func(deployments.Client, context.Context, string) error {
		u.service.FailNext(1, simulator.Status(404), simulator.Match{Method: "GET", Path: "/deployments/{}"})
		return nil
	}
}

// outage lets everything fail from some time on.
func (u *turmoil) outage() deed {
	u.down = true
	failure := oneOf(u.random, simulator.Status(503), simulator.Break(), simulator.HTML(502), simulator.Hang(),
		simulator.Throttle(), simulator.Status(403))
	return func(deployments.Client, context.Context, string) error {
		u.service.FailRandomly(1, failure, 1)
		return nil
	}
}

// begin lets the service misbehave and others act, and gives the context of the wait.
func (u *turmoil) begin() context.Context {
	u.misbehave()
	ctx, cancel := context.WithTimeout(u.t.Context(), u.limit)
	busy, idle := context.WithCancel(u.t.Context())
	others, done := u.another().Deployments(), make(chan struct{})
	u.began, u.last = time.Now(), time.Now()
	go func() {
		defer close(done)
		u.act(busy, others)
	}()
	u.leave = func() {
		cancel()
		idle()
		<-done
	}
	return ctx
}

// misbehave has each quirk with one chance in four, and values that hide every state
// more seldom.
func (u *turmoil) misbehave() {
	var quirks simulator.Quirks
	for field := range reflect.TypeFor[simulator.Quirks]().NumField() {
		reflect.ValueOf(&quirks).Elem().Field(field).SetBool(u.IntN(4) == 0)
	}
	u.blind = u.IntN(12) == 0
	quirks.UnknownValues = u.blind
	u.service.SetQuirks(quirks)
	for range u.IntN(3) {
		u.service.FailRandomly(u.Float64()/4, oneOf(u.random,
			simulator.Throttle(), simulator.Throttle().RetryAfter(7*time.Second), simulator.Status(503),
			simulator.HTML(502), simulator.Break(),
			simulator.Break().AfterEffect(), simulator.BreakBody(), simulator.Status(500).AfterEffect(),
			simulator.Status(423).RetryAfter(time.Second),
			simulator.Hang(),
		), u.Uint64())
	}
}

// another is the client of another program.
func (u *turmoil) another() *updates.Client {
	u.t.Helper()
	return stub.NewClient(u.t, u.service.Credential(), u.service.Transport())
}

// act does what others do, one after the other. What they are refused is their affair.
func (u *turmoil) act(ctx context.Context, c deployments.Client) {
	for i, do := range u.deeds {
		select {
		case <-ctx.Done():
			return
		case <-time.After(u.pauses[i]):
			_ = do(c, ctx, u.id)
			u.last = time.Now().Add(u.lag)
		}
	}
}

// truth is what the simulator has.
type truth struct {
	gone      bool
	effective deployments.EffectiveState
	reasons   map[string]bool
	start     time.Time
}

// end reads the truth at the moment at which a wait ended, past the code that reads
// deployments.
func (u *turmoil) end() truth {
	u.t.Helper()
	u.leave()
	require.LessOrEqual(u.t, time.Since(u.began), u.limit, u.name)
	require.Less(u.t, len(u.service.Requests()), mostRequests, u.name)
	u.service.SetQuirks(simulator.Quirks{})
	u.service.ClearFailures()
	var d struct {
		State struct {
			EffectiveValue deployments.EffectiveState
			Reasons        []struct{ Value string }
		}
		Settings struct {
			Schedule struct{ StartDateTime time.Time }
		}
	}
	err := u.another().Call(u.t.Context(), "GET", "/deployments/"+u.id, nil, &d)
	if errors.Is(err, apierr.ErrNotFound) {
		return truth{gone: true}
	}
	require.NoError(u.t, err, u.name)
	now := truth{effective: d.State.EffectiveValue, reasons: map[string]bool{}, start: d.Settings.Schedule.StartDateTime}
	for _, reason := range d.State.Reasons {
		now.reasons[reason.Value] = true
	}
	return now
}

// recent reports whether something changed so late that it may not have been seen.
func (u *turmoil) recent(now truth) bool {
	started := now.start
	if started.After(time.Now()) {
		started = time.Time{}
	}
	return time.Since(u.last) < slack || time.Since(started) < slack || time.Since(u.began) < slack
}

// failed is the error of a wait, which says what was waited for and what was seen.
func (u *turmoil) failed(err error, want deployments.EffectiveState) *deployments.WaitError {
	u.t.Helper()
	failed, ok := errors.AsType[*deployments.WaitError](err)
	require.True(u.t, ok, "%s: %v", u.name, err)
	require.Equal(u.t, want, failed.Want, u.name)
	seen := "the deployment was never observed"
	if failed.Last != nil {
		require.Equal(u.t, u.id, failed.Last.ID, u.name)
		seen = fmt.Sprintf("last observed %q", failed.Last.State.Effective)
	}
	require.ErrorContains(u.t, failed, seen, u.name)
	return failed
}

// requireReason sees that a wait ended for a reason that holds.
func (u *turmoil) requireReason(failed *deployments.WaitError, now truth) {
	u.t.Helper()
	switch {
	case errors.Is(failed, deployments.ErrStateUnreachable):
		require.Equal(u.t, now.effective, failed.Last.State.Effective, u.name)
		u.requireHopeless(failed, now)
	case errors.Is(failed, apierr.ErrNotFound):
		require.True(u.t, now.gone || u.down, "%s: %v", u.name, failed)
	case errors.Is(failed, context.DeadlineExceeded):
		u.requireSeen(failed, now)
	default:
		require.True(u.t, u.down, "%s: %v", u.name, failed)
	}
}

// requireHopeless sees that an administrator has to act before the wanted state can come.
func (u *turmoil) requireHopeless(failed *deployments.WaitError, now truth) {
	u.t.Helper()
	require.NotEqual(u.t, failed.Want, now.effective, u.name)
	byRule := errors.Is(failed, deployments.ErrPausedByMonitoring)
	switch now.effective {
	case deployments.StateArchived:
	case deployments.StateFaulted:
		require.NotEqual(u.t, deployments.StateArchived, failed.Want, u.name)
	case deployments.StatePaused:
		require.True(u.t, byRule && now.reasons["pausedByMonitoring"], "%s: %v", u.name, failed)
	default:
		require.Equal(u.t, deployments.StateOffering, now.effective, u.name)
		require.Equal(u.t, deployments.StateScheduled, failed.Want, u.name)
	}
}

// requireSeen sees that a wait that took all its time knew the state, where it could.
func (u *turmoil) requireSeen(failed *deployments.WaitError, now truth) {
	u.t.Helper()
	if u.down || u.blind || u.recent(now) {
		return
	}
	require.False(u.t, now.gone, "%s: %v", u.name, failed)
	require.NotNil(u.t, failed.Last, u.name)
	require.Equal(u.t, now.effective, failed.Last.State.Effective, "%s: %v", u.name, failed)
	require.NotEqual(u.t, failed.Want, now.effective, "%s: %v", u.name, failed)
}
