package audience_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// The histories are divided so that they run side by side.
const (
	runs         = 10
	perRun       = 100
	mostRequests = 4000 // that one history may take
)

func TestARandomHistoryEndsInTheRightStateOrSaysWhatIsMissing(t *testing.T) {
	t.Parallel()
	for run := range runs {
		t.Run(fmt.Sprint(run), func(t *testing.T) {
			t.Parallel()
			for i := range perRun {
				seed := uint64(run*perRun + i)
				synctest.Test(t, func(t *testing.T) { newHistory(t, seed).play() })
			}
		})
	}
}

// history is one tenant with an audience, and what is wanted of it.
type history struct {
	maker
	t       *testing.T
	seed    uint64
	client  *updates.Client
	service *simulator.Server
	of      audience.Ref
	devices []string
	groups  map[string][]string // devices by group
	before  contents
	wanted  []audience.Member
	opts    audience.SyncOptions
	quirks  simulator.Quirks
	intune  bool
	copies  *stale
	meddles bool // whether another program changes the audience too
}

// contents is what an audience really has.
type contents struct {
	devices, groups, exclusions []string
}

func newHistory(t *testing.T, seed uint64) *history {
	t.Helper()
	m := newMaker(seed)
	h := &history{maker: m, t: t, seed: seed, groups: map[string][]string{}, devices: stub.DeviceIDs(5 + m.IntN(20))}
	behind := time.Duration(max(0, m.IntN(400)-200)) * time.Second
	h.client, h.service, h.copies = onStale(t,
		&simulator.Options{Lag: time.Duration(m.IntN(90)) * time.Second, PageSize: 4 + m.IntN(20)}, behind, seed)
	for range m.IntN(3) {
		ids := h.some(h.devices, 3)
		group := newGroup(t, h.client)
		h.groups[group] = ids
		require.NoError(t, h.client.Groups().AddDevices(t.Context(), group, ids, nil))
	}
	require.NoError(t, h.client.Devices().Enroll(t.Context(), audience.CategoryQuality, h.some(h.devices, 2), nil))
	h.of = newAudience(t, h.client)
	edit := audience.Edit{AddMembers: h.members(2), AddExclusions: audience.Devices(h.some(h.devices, 5)...)}
	require.NoError(t, h.client.Audiences().Edit(t.Context(), h.of, edit, nil))
	h.before = h.truth()
	h.wanted = h.members(2)
	h.choose()
	return h
}

// some are the items of a list, each with a chance of one in n.
func (h *history) some(list []string, n int) []string {
	return slices.DeleteFunc(slices.Clone(list), func(string) bool { return h.IntN(n) != 0 })
}

func (h *history) groupIDs() []string { return slices.Sorted(maps.Keys(h.groups)) }

func (h *history) members(n int) []audience.Member {
	return append(audience.Devices(h.some(h.devices, n)...), audience.Groups(h.some(h.groupIDs(), n)...)...)
}

// choose decides how the service behaves, and how the audience is kept in step.
func (h *history) choose() {
	odd := func() bool { return h.IntN(4) == 0 }
	h.quirks = simulator.Quirks{
		EmptyAudienceIs404: odd(), ExpandGroups: h.IntN(2) == 0, IgnoreTop: odd(), EmptyPages: odd(), InlineMatches: odd(),
		NoBodyOn202: odd(), WrapSingle: odd(), NullItems: odd(), UnknownTypes: odd(), UnknownValues: odd(), LegacyFormats: odd(),
		AbstractTypes: odd(), TypesWithoutHash: odd(), OmitReasons: odd(), RejectRuleUpdates: odd(),
	}
	h.opts = audience.SyncOptions{
		RemovalLimit: one[audience.RemovalLimit](h.maker, audience.RemoveAll, audience.RemoveAll, nil, audience.RemoveUpTo(2)), ChunkSize: 1 + h.IntN(8), Concurrency: h.IntN(4),
		VerifyTimeout: time.Duration(5+h.IntN(30)) * time.Minute,
	}
	for _, group := range h.groupIDs() {
		if !h.wants(group) && h.IntN(2) == 0 {
			h.opts.RemoveGroups = append(h.opts.RemoveGroups, group)
		}
	}
	h.intune = h.IntN(25) == 0
	h.meddles = h.IntN(4) == 0
}

func (h *history) wants(id string) bool {
	return slices.ContainsFunc(h.wanted, func(m audience.Member) bool { return m.ID == id })
}

// misbehave lets requests fail.
func (h *history) misbehave() {
	h.service.SetQuirks(h.quirks)
	if h.intune {
		id, _ := h.of.MarshalText()
		require.NoError(h.t, h.service.SetOwnedByIntune(strings.TrimPrefix(string(id), "audience/")))
	}
	failures := []simulator.Failure{
		simulator.Throttle(), simulator.Throttle().RetryAfter(7 * time.Second), simulator.Status(503),
		simulator.HTML(502), simulator.Break(),
		simulator.Break().AfterEffect(), simulator.BreakBody(), simulator.Status(500).AfterEffect(),
		simulator.Status(423).RetryAfter(time.Second),
	}
	for range h.IntN(3) {
		h.service.FailRandomly(h.Float64()/4, one(h.maker, failures...), h.Uint64())
	}
}

// play interrupts some runs first, and looks at the end of the last one.
func (h *history) play() {
	h.misbehave()
	if h.IntN(3) == 0 {
		ctx, cancel := context.WithTimeout(h.t.Context(), time.Duration(h.IntN(60_000))*time.Millisecond)
		report, err := h.sync(ctx)
		cancel()
		if h.refused(err) {
			return
		}
		h.requireAnswer(report, err)
	}
	disturbed := h.disturb()
	report, err := h.sync(h.t.Context())
	disturbed()
	if h.refused(err) {
		return
	}
	h.requireAnswer(report, err)
	if err != nil || h.meddles || h.copies.behind > 0 {
		h.copies.catchUp()
		h.service.ClearFailures()
		report, err = h.sync(h.t.Context())
		if h.refused(err) { // another program may have added many
			return
		}
	}
	h.requireEnd(report, err)
	require.Less(h.t, len(h.service.Requests()), mostRequests, h.seed)
}

// disturb lets another program add and remove devices for a while that are in no wanted
// group. What it returns waits until that has ended and shows.
func (h *history) disturb() (wait func()) {
	if !h.meddles || h.intune {
		return func() {}
	}
	free := slices.DeleteFunc(slices.Clone(h.devices), func(id string) bool { return h.in(id, h.groupIDs()) })
	edits, pauses := make([]audience.Edit, 1+h.IntN(5)), make([]time.Duration, 5)
	for i := range edits {
		edits[i] = audience.Edit{AddMembers: audience.Devices(h.some(free, 6)...), RemoveMembers: audience.Devices(h.some(free, 6)...)}
		pauses[i] = time.Duration(h.IntN(150)) * time.Second
	}
	var meddler sync.WaitGroup
	meddler.Go(func() {
		for i, edit := range edits {
			<-time.After(pauses[i])
			if err := h.client.Audiences().Edit(h.t.Context(), h.of, edit, nil); err != nil {
				return // a request that fails on purpose
			}
		}
	})
	return func() {
		meddler.Wait()
		<-time.After(2 * time.Minute)
	}
}

func (h *history) sync(ctx context.Context) (*audience.SyncReport, error) {
	sent := h.changes()
	report, err := h.client.Audiences().Sync(ctx, h.of, h.spelled(), &h.opts)
	if report == nil {
		require.Error(h.t, err, h.seed)
		require.Equal(h.t, sent, h.changes(), "%d: no report, but something was sent", h.seed)
	}
	return report, err
}

// changes is how many requests to change an audience there were.
func (h *history) changes() int {
	n := 0
	for _, request := range h.service.Requests() {
		if strings.HasSuffix(request.Path, "pdateAudience") {
			n++
		}
	}
	return n
}

// spelled are the wanted members, some of them in capitals and some twice.
func (h *history) spelled() []audience.Member {
	list := slices.Clone(h.wanted)
	for i, m := range list {
		if m.Kind == audience.KindDevice && i%3 == 0 {
			list = append(list, audience.Member{Kind: m.Kind, ID: strings.ToUpper(m.ID)})
		}
	}
	return list
}

// refused reports whether the removal limit refused, which it may only where it is on.
func (h *history) refused(err error) bool {
	refused := errors.Is(err, audience.ErrTooManyRemovals)
	require.False(h.t, refused && h.opts.RemovalLimit == audience.RemoveAll, h.seed)
	return refused
}

// requireAnswer sees that an error leaves something to say.
func (h *history) requireAnswer(report *audience.SyncReport, err error) {
	h.t.Helper()
	if err == nil { // a 404 for the members does not show that there are none
		require.True(h.t, report.Verified || report.Unlisted && report.Sent.Len() == 0, h.seed)
		return
	}
	require.NotEmpty(h.t, err.Error(), h.seed)
	if report == nil {
		return
	}
	require.False(h.t, report.Verified, h.seed)
	left := report.Failed.Len() + report.Unsent.Len() + len(report.Missing) + len(report.Surplus)
	require.True(h.t, left > 0 || report.Polls == 0 || report.Unlisted, "%d: %v", h.seed, err)
}

// requireEnd compares the audience with what is wanted, after a run that nothing
// disturbed.
func (h *history) requireEnd(report *audience.SyncReport, err error) {
	h.t.Helper()
	if h.intune {
		h.requireUnmoved(report, err)
		return
	}
	after := h.truth()
	require.Equal(h.t, h.before.exclusions, after.exclusions, h.seed)
	require.Equal(h.t, h.rightGroups(), after.groups, h.seed)
	for _, id := range h.devices {
		h.requireDevice(id, after)
	}
	if err != nil { // what a group brings and no list removes
		require.Empty(h.t, report.Missing, "%d: %v", h.seed, err)
		for _, m := range report.Surplus {
			require.True(h.t, h.in(m.ID, after.groups), "%d: %v", h.seed, err)
		}
	}
}

// requireUnmoved sees that an audience of Intune is called one, where something had to
// be sent.
func (h *history) requireUnmoved(report *audience.SyncReport, err error) {
	h.t.Helper()
	require.Equal(h.t, err != nil, report.NoEffect, "%d: %v", h.seed, err)
	if err != nil {
		require.ErrorContains(h.t, err, "Intune", h.seed)
	}
}

func (h *history) rightGroups() []string {
	groups := []string{}
	for _, group := range h.groupIDs() {
		stays := slices.Contains(h.before.groups, group) && !slices.Contains(h.opts.RemoveGroups, group)
		if stays || h.wants(group) {
			groups = append(groups, group)
		}
	}
	return groups
}

// requireDevice checks that a device of a desired group is left alone. Any other device must
// be a member if it is desired, and must not be one otherwise.
func (h *history) requireDevice(id string, after contents) {
	h.t.Helper()
	member := slices.Contains(after.devices, id)
	switch wantedGroups := slices.DeleteFunc(h.groupIDs(), func(g string) bool { return !h.wants(g) }); {
	case h.in(id, wantedGroups):
		require.Equal(h.t, slices.Contains(h.before.devices, id), member, "%d: %s of a group was touched", h.seed, id)
	case h.wants(id):
		require.True(h.t, member || h.in(id, after.groups), "%d: %s was lost", h.seed, id)
	default:
		require.False(h.t, member, "%d: %s is too many", h.seed, id)
	}
}

// in reports whether one of the groups has a device.
func (h *history) in(id string, groups []string) bool {
	return slices.ContainsFunc(groups, func(group string) bool { return slices.Contains(h.groups[group], id) })
}

// truth is what the audience has when everything has shown, without quirks.
func (h *history) truth() contents {
	h.t.Helper()
	h.service.SetQuirks(simulator.Quirks{})
	h.service.ClearFailures()
	<-time.After(2 * time.Minute)
	var c contents
	c.groups = []string{}
	for asset, err := range h.client.Audiences().ListMembers(h.of, nil).All(h.t.Context()) {
		require.NoError(h.t, err)
		if _, ok := asset.(*audience.Group); ok {
			c.groups = append(c.groups, asset.Common().ID)
			continue
		}
		c.devices = append(c.devices, asset.Common().ID)
	}
	slices.Sort(c.groups)
	c.exclusions = idsOfAssets(h.t, h.client.Audiences().ListExclusions(h.of, nil))
	return c
}
