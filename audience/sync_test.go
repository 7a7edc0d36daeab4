package audience_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
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
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// wanting are devices as a wanted set.
func wanting(ids ...string) []audience.Member {
	return audience.Devices(ids...)
}

// filled is a new audience with devices as members, which show already.
func filled(t *testing.T, client *updates.Client, ids ...string) audience.Ref {
	t.Helper()
	of := newAudience(t, client)
	require.NoError(t, client.Audiences().AddDevices(t.Context(), of, ids, nil))
	require.NoError(t, client.Audiences().WaitForMembers(t.Context(), of, audience.Membership{Members: audience.Devices(ids...)}, nil))
	return of
}

// posts are the requests that changed something, after the first n requests.
func posts(service *simulator.Server, n int) []simulator.Request {
	var list []simulator.Request
	for _, request := range service.Requests()[n:] {
		if request.Method == http.MethodPost {
			list = append(list, request)
		}
	}
	return list
}

func TestAnAudienceIsBroughtInSync(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := lagging(t)
		ids := stub.DeviceIDs(30)
		of, began := filled(t, client, ids[:20]...), time.Now()
		report, err := client.Audiences().Sync(t.Context(), of, wanting(ids[5:]...), &audience.SyncOptions{ChunkSize: 4})
		require.NoError(t, err)
		require.True(t, report.Verified)
		require.False(t, report.NoEffect)
		require.Equal(t, audience.Edit{AddMembers: audience.Devices(ids[20:]...), RemoveMembers: audience.Devices(ids[:5]...)}, report.Sent)
		require.GreaterOrEqual(t, time.Since(began), 30*time.Second)
		require.NoError(t, client.Audiences().WaitForExactMembers(t.Context(), of, audience.Membership{Members: audience.Devices(ids[5:]...)}, nil))
		kept, again := text(t, report), new(audience.SyncReport)
		require.NoError(t, json.Unmarshal(kept, again))
		require.Equal(t, report, again)
	})
}

func TestWhereNothingDiffersNothingIsSent(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	ids := []string{"ABCDEF00-0000-4000-8000-000000000001", "abcdef00-0000-4000-8000-000000000002"}
	of := filled(t, client, ids...)
	sent := len(service.Requests())
	report, err := client.Audiences().Sync(t.Context(), of,
		wanting(strings.ToLower(ids[0]), strings.ToUpper(ids[1]), ids[1]), nil)
	require.NoError(t, err)
	require.True(t, report.Verified)
	require.True(t, report.Plan.IsEmpty())
	require.Equal(t, 2, report.Plan.Desired)
	require.Len(t, service.Requests(), sent+1)
}

func TestWhatIsNoFullListOfDesiredDevicesChangesNothing(t *testing.T) {
	t.Parallel()
	broken := errors.New("the file ends in the middle of a line")
	for name, c := range map[string]struct {
		wanted iter.Seq2[audience.Member, error]
		opts   audience.SyncOptions
		is     error
		text   string
	}{
		"breaks off": {
			yielding(broken, stub.DeviceIDs(39)...), audience.SyncOptions{RemovalLimit: audience.RemoveAll}, broken,
			"read desired members: the file ends",
		},
		"empty":     {yielding(nil), audience.SyncOptions{RemovalLimit: audience.RemoveUpTo(100)}, audience.ErrTooManyRemovals, "the list is empty"},
		"too short": {yielding(nil, stub.DeviceIDs(29)...), audience.SyncOptions{}, audience.ErrTooManyRemovals, "11 of 40 members, limit 10"},
		"none":      {yielding(nil, stub.DeviceIDs(39)...), audience.SyncOptions{RemovalLimit: audience.RemoveUpTo(0)}, audience.ErrTooManyRemovals, "1 of 40 members, limit 0"},
		"too much":  {yielding(nil, stub.DeviceIDs(35)...), audience.SyncOptions{RemovalLimit: audience.RemoveUpTo(4)}, audience.ErrTooManyRemovals, "5 of 40 members, limit 4"},
		"nil":       {nil, audience.SyncOptions{}, apierr.ErrInvalid, "desired must not be nil"},
		"wrong id":  {yielding(nil, device1, ""), audience.SyncOptions{}, apierr.ErrInvalid, "desired[1].ID must not be empty"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, service := stub.OnSimulator(t, nil)
			of := filled(t, client, stub.DeviceIDs(40)...)
			sent := len(service.Requests())
			report, err := client.Audiences().SyncSeq(t.Context(), of, c.wanted, &c.opts)
			require.Nil(t, report)
			require.ErrorIs(t, err, c.is)
			require.ErrorContains(t, err, "audiences.SyncSeq: ")
			require.ErrorContains(t, err, c.text)
			require.Empty(t, posts(service, sent))
		})
	}
}

// yielding yields devices and then an error, unless it is nil.
func yielding(err error, ids ...string) iter.Seq2[audience.Member, error] {
	return func(yield func(audience.Member, error) bool) {
		for _, m := range audience.Devices(ids...) {
			if !yield(m, nil) {
				return
			}
		}
		if err != nil {
			yield(audience.Member{}, err)
		}
	}
}

func TestAListThatEndsWithAnErrorIsNotPlanned(t *testing.T) {
	t.Parallel()
	broken, service := errors.New("the file ends in the middle of a line"), stub.Answering(stub.Answer(500, ""))
	plan, err := service.Client(t).Audiences().PlanSeq(t.Context(), audience.ByID("a"), yielding(broken, device1), nil)
	require.ErrorIs(t, err, broken)
	require.ErrorContains(t, err, "audiences.PlanSeq: ")
	require.Nil(t, plan)
	require.Empty(t, service.Requests())
}

func TestTheRemovalLimitLetsThroughWhatItIsToldTo(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		present, wanted int
		atMost          audience.RemovalLimit
	}{
		"half of very few":   {5, 2, nil},
		"ten of few":         {20, 10, nil},
		"a tenth of many":    {200, 180, nil},
		"as many as allowed": {40, 10, audience.RemoveUpTo(30)},
		"any":                {40, 1, audience.RemoveAll},
		"all":                {40, 0, audience.RemoveAll},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := stub.OnSimulator(t, nil)
			of := filled(t, client, stub.DeviceIDs(c.present)...)
			opts := &audience.SyncOptions{RemovalLimit: c.atMost, Poll: audience.PollOptions{InitialInterval: time.Nanosecond}}
			report, err := client.Audiences().Sync(t.Context(), of, wanting(stub.DeviceIDs(c.wanted)...), opts)
			require.NoError(t, err)
			require.Len(t, report.Sent.RemoveMembers, c.present-c.wanted)
		})
	}
}

func TestASyncThatRemovesNoneOnlyAdds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := lagging(t)
		ids, opts := stub.DeviceIDs(9), &audience.SyncOptions{RemovalLimit: audience.RemoveNone}
		of := filled(t, client, ids[:5]...)
		for _, wanted := range [][]string{ids[4:], nil} {
			report, err := client.Audiences().Sync(t.Context(), of, wanting(wanted...), opts)
			require.NoError(t, err)
			require.True(t, report.Verified)
			require.Empty(t, report.Surplus)
			require.Empty(t, report.Sent.RemoveMembers)
		}
		all := audience.Membership{Members: audience.Devices(ids...)}
		require.NoError(t, client.Audiences().WaitForExactMembers(t.Context(), of, all, nil))
	})
}

func TestWhatRemovesNoneAppliesNoPlanWithRemovals(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	of := filled(t, client, stub.DeviceIDs(5)...)
	plan, err := client.Audiences().Plan(t.Context(), of, wanting(stub.DeviceIDs(4)...), nil)
	require.NoError(t, err)
	sent, opts := len(service.Requests()), &audience.SyncOptions{RemovalLimit: audience.RemoveNone}
	_, err = client.Audiences().Apply(t.Context(), plan, opts)
	require.ErrorIs(t, err, audience.ErrTooManyRemovals)
	opts.RemoveGroups = []string{"g"}
	require.ErrorContains(t, opts.Validate(), "SyncOptions.RemoveGroups must be empty with RemoveNone")
	require.Len(t, service.Requests(), sent)
}

func TestSyncOptionsThatCannotBeAreRejectedTogether(t *testing.T) {
	t.Parallel()
	opts := &audience.SyncOptions{
		RemovalLimit: audience.RemoveUpTo(-1), RemoveGroups: []string{""}, ChunkSize: -1, Concurrency: -1, VerifyTimeout: -1,
		Poll: audience.PollOptions{InitialInterval: -1, MaxInterval: -1},
	}
	service := stub.Answering(stub.Answer(500, ""))
	_, syncErr := service.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting("d"), opts)
	_, planErr := service.Client(t).Audiences().Plan(t.Context(), audience.ByID("a"), wanting("d"), opts)
	_, applyErr := service.Client(t).Audiences().Apply(t.Context(), &audience.SyncPlan{Audience: audience.ByID("a")}, opts)
	for _, err := range []error{opts.Validate(), syncErr, planErr, applyErr} {
		require.ErrorIs(t, err, apierr.ErrInvalid)
		for _, field := range []string{"RemovalLimit", "RemoveGroups[0]", "ChunkSize", "Concurrency", "VerifyTimeout", "InitialInterval", "MaxInterval"} {
			require.ErrorContains(t, err, field)
		}
	}
	require.Empty(t, service.Requests())
}

func TestAGroupThatIsDesiredCannotBeRemoved(t *testing.T) {
	t.Parallel()
	opts := &audience.SyncOptions{RemoveGroups: []string{"G"}}
	_, err := stub.Answering(stub.Answer(500, "")).Client(t).Audiences().Plan(t.Context(), audience.ByID("a"),
		audience.Groups("g"), opts)
	require.ErrorContains(t, err, "SyncOptions.RemoveGroups must not have a group of the list")
}

func TestGroupsGoOnlyWhenTheyAreNamed(t *testing.T) {
	t.Parallel()
	for _, expand := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			client, service := lagging(t)
			service.SetQuirks(simulator.Quirks{ExpandGroups: expand, UnknownTypes: true})
			ids := stub.DeviceIDs(6)
			wanted, named, other := grouped(t, client, ids[:2], 2), grouped(t, client, ids[2:3], 1), grouped(t, client, ids[3:4], 0)
			of := filled(t, client, ids[4])
			require.NoError(t, client.Audiences().Edit(t.Context(), of, audience.Edit{AddMembers: audience.Groups(named, other)}, nil))
			<-time.After(time.Minute)
			all := append(audience.Groups(wanted), audience.Devices(ids[5])...)
			opts := &audience.SyncOptions{RemoveGroups: []string{named}}
			report, err := client.Audiences().Sync(t.Context(), of, all, opts)
			require.NoError(t, err)
			require.Equal(t, append(audience.Devices(ids[5]), audience.Groups(wanted)...), report.Sent.AddMembers)
			require.Subset(t, report.Sent.RemoveMembers, append(audience.Devices(ids[4]), audience.Groups(named)...))
			require.Equal(t, 1, report.Plan.UnknownMembers)
			if !expand {
				require.Equal(t, []string{other}, report.Plan.UnmanagedGroups)
			}
		})
	}
}

func TestAGroupThatCannotBeVerifiedIsNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := lagging(t)
		service.SetQuirks(simulator.Quirks{ExpandGroups: true})
		group, of := grouped(t, client, stub.DeviceIDs(2), 0), newAudience(t, client)
		report, err := client.Audiences().Sync(t.Context(), of, audience.Groups(group), nil)
		require.NoError(t, err)
		require.Equal(t, []string{group}, report.Unverifiable)
	})
}

func TestAGroupThatIsNotThereChangesNothing(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	of := filled(t, client, stub.DeviceIDs(2)...)
	sent := len(service.Requests())
	_, err := client.Audiences().Sync(t.Context(), of, audience.Groups("gone"), nil)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.ErrorContains(t, err, "group gone")
	require.Empty(t, posts(service, sent))
}

func TestWhatOthersChangeMeanwhileIsPutRight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := lagging(t)
		ids := stub.DeviceIDs(6)
		of := filled(t, client, ids[:3]...)
		var meddle sync.Once
		opts := &audience.SyncOptions{OnProgress: func(audience.SyncProgress) {
			meddle.Do(func() {
				edit := audience.Edit{AddMembers: audience.Devices(ids[5]), RemoveMembers: audience.Devices(ids[2])}
				require.NoError(t, client.Audiences().Edit(t.Context(), of, edit, nil))
			})
		}}
		report, err := client.Audiences().Sync(t.Context(), of, wanting(ids[1:4]...), opts)
		require.NoError(t, err)
		require.Equal(t,
			audience.Edit{AddMembers: audience.Devices(ids[3], ids[2]), RemoveMembers: audience.Devices(ids[0], ids[5])},
			report.Sent)
		require.NoError(t, client.Audiences().WaitForExactMembers(t.Context(), of, audience.Membership{Members: audience.Devices(ids[1:4]...)}, nil))
	})
}

func TestTheRemovalLimitCountsWhatIsRemovedAlready(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := lagging(t)
		ids := stub.DeviceIDs(6)
		of := filled(t, client, ids[:3]...)
		var meddle sync.Once
		opts := &audience.SyncOptions{RemovalLimit: audience.RemoveUpTo(1), OnProgress: func(audience.SyncProgress) {
			meddle.Do(func() { require.NoError(t, client.Audiences().AddDevices(t.Context(), of, ids[5:], nil)) })
		}}
		report, err := client.Audiences().Sync(t.Context(), of, wanting(ids[1:3]...), opts)
		require.ErrorIs(t, err, audience.ErrTooManyRemovals)
		require.Equal(t, audience.Devices(ids[0]), report.Sent.RemoveMembers)
	})
}

func TestProgressIsToldAfterEachRequestAndLook(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	of := filled(t, client, stub.DeviceIDs(1)...)
	var seen []audience.SyncProgress
	report, err := client.Audiences().Sync(t.Context(), of, wanting(stub.DeviceIDs(6)...), &audience.SyncOptions{
		ChunkSize: 2, Poll: audience.PollOptions{InitialInterval: time.Nanosecond}, OnProgress: func(p audience.SyncProgress) {
			seen = append(seen, p)
		},
	})
	require.NoError(t, err)
	require.Equal(t, 1, report.Polls)
	require.Equal(t, []audience.SyncProgress{
		{Sent: 2, Total: 5, Remaining: 5}, {Sent: 4, Total: 5, Remaining: 5}, {Sent: 5, Total: 5, Remaining: 5}, {Sent: 5, Total: 5, Polls: 1},
	}, seen)
}

func TestWithoutVerificationNothingIsReadBack(t *testing.T) {
	t.Parallel()
	client, service := lagging(t)
	of := newAudience(t, client)
	sent := len(service.Requests())
	report, err := client.Audiences().Sync(t.Context(), of, wanting(stub.DeviceIDs(3)...), &audience.SyncOptions{SkipVerification: true})
	require.NoError(t, err)
	require.False(t, report.Verified)
	require.Len(t, service.Requests(), sent+2)
	require.Contains(t, report.String(), "3 to add, 0 to remove, 3 sent; not checked")
}

func TestAFailedRequestLeavesWhatIsLeftToSend(t *testing.T) {
	t.Parallel()
	for _, parallel := range []int{1, 3} {
		synctest.Test(t, func(t *testing.T) {
			client, service := stub.OnSimulator(t, nil)
			ids := stub.DeviceIDs(12)
			of, update := newAudience(t, client), simulator.Match{Path: "/deploymentAudiences/{}/updateAudience"}
			service.FailNext(1, simulator.Failure{}, update)
			service.FailNext(1, simulator.Status(403), update)
			report, err := client.Audiences().Sync(t.Context(), of, wanting(ids...),
				&audience.SyncOptions{ChunkSize: 2, Concurrency: parallel})
			require.ErrorIs(t, err, apierr.ErrForbidden)
			failed, ok := errors.AsType[*audience.EditError](err)
			require.True(t, ok)
			require.Equal(t, []audience.Edit{report.Sent, report.Failed, report.Unsent},
				[]audience.Edit{failed.Sent, failed.Failed, failed.Unsent})
			require.Len(t, report.Failed.AddMembers, 2)
			require.Equal(t, 12, report.Sent.Len()+report.Failed.Len()+report.Unsent.Len())
			require.NoError(t, client.Audiences().Edit(t.Context(), of, failed.Remaining(), nil))
			require.NoError(t, client.Audiences().WaitForExactMembers(t.Context(), of, audience.Membership{Members: audience.Devices(ids...)}, nil))
		})
	}
}

// Only the error says whether what failed may have been accepted, so it must not be hidden by that of
// another request.
func TestALostResponseOfOneOfSeveralRequestsIsReported(t *testing.T) {
	t.Parallel()
	const lost, refused = time.Second, 2 * time.Second
	for name, after := range map[string][2]time.Duration{
		"lost first": {lost, refused}, "refused first": {refused, lost},
	} {
		stub.InBubble(t, name, func(t *testing.T) {
			client := stub.Answering(stub.Answer(200, stub.NoItems),
				stub.After(after[0], stub.Fail(stub.ErrReset)), stub.After(after[1], stub.Answer(423, "")),
			).Client(t)
			report, err := client.Audiences().Sync(t.Context(), audience.ByID("a"), wanting(stub.DeviceIDs(5)...),
				&audience.SyncOptions{ChunkSize: 1, Concurrency: 2})
			require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
			require.Len(t, report.Failed.AddMembers, 2)
			require.Len(t, report.Unsent.AddMembers, 3)
		})
	}
}

func TestAsManyRequestsAreOnTheirWayAsAllowed(t *testing.T) {
	t.Parallel()
	for allowed, want := range map[int]int{0: 1, 1: 1, 3: 3, 50: 10} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			under, most := 0, 0
			slow := stub.Serving(func(req *http.Request) (int, string) {
				if req.Method == http.MethodGet {
					return http.StatusOK, stub.Page("")
				}
				mu.Lock()
				under++
				most = max(most, under)
				mu.Unlock()
				<-time.After(time.Second)
				mu.Lock()
				defer mu.Unlock()
				under--
				return http.StatusAccepted, ""
			})
			report, err := slow.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(stub.DeviceIDs(10)...),
				&audience.SyncOptions{ChunkSize: 1, Concurrency: allowed, SkipVerification: true})
			require.NoError(t, err)
			require.Len(t, report.Sent.AddMembers, 10)
			require.Equal(t, want, most)
		})
	}
}

func TestCancellingEndsAtOnceAndSaysWhatWasDone(t *testing.T) {
	t.Parallel()
	for _, parallel := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) { // it fails where a goroutine is left
			client, service := stub.OnSimulator(t, nil)
			of, update := newAudience(t, client), simulator.Match{Path: "/deploymentAudiences/{}/updateAudience"}
			service.FailNext(2, simulator.Failure{}, update)
			service.FailNext(100, simulator.Hang(), update)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(10*time.Second, cancel)
			began := time.Now()
			report, err := client.Audiences().Sync(ctx, of, wanting(stub.DeviceIDs(20)...),
				&audience.SyncOptions{ChunkSize: 2, Concurrency: parallel})
			require.ErrorIs(t, err, context.Canceled)
			require.Equal(t, 10*time.Second, time.Since(began))
			require.Equal(t, 4, report.Sent.Len())
			require.Equal(t, 2*parallel, report.Failed.Len())
			require.Equal(t, 16-2*parallel, report.Unsent.Len())
		})
	}
}

func TestCancellingEndsTheReadingBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := stub.OnSimulator(t, &simulator.Options{Lag: time.Hour})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Minute, cancel)
		began := time.Now()
		report, err := client.Audiences().Sync(ctx, newAudience(t, client), wanting(stub.DeviceIDs(2)...), nil)
		require.ErrorIs(t, err, context.Canceled)
		require.Equal(t, 20*time.Minute, time.Since(began))
		require.Len(t, report.Missing, 2)
		require.True(t, report.Missing[1].Unregistered, "why was asked while there was time")
		require.Positive(t, report.Polls)
	})
}

func TestWhatDoesNotArriveIsNamedWithItsReason(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		asset := func(id, more string) string {
			return fmt.Sprintf(`{"@odata.type":"#%sazureADDevice","id":%q%s}`, types, id, more)
		}
		ids := stub.DeviceIDs(4)
		stubborn := stub.Serving(func(req *http.Request) (int, string) {
			switch path := req.URL.Path; {
			case req.Method == http.MethodPost:
				return http.StatusAccepted, ""
			case strings.HasSuffix(path, "/members"):
				return http.StatusOK, stub.Page("", asset(device1, ""), asset(ids[3], ""))
			case strings.HasSuffix(path, "/exclusions"):
				return http.StatusOK, stub.Page("", asset(ids[1], ""))
			case strings.HasSuffix(path, ids[0]):
				return http.StatusOK, asset(ids[0],
					`,"errors":[{"@odata.type":"#`+types+`azureADDeviceRegistrationError","reason":"missingTrustType"}]`)
			case strings.HasSuffix(path, ids[2]):
				return http.StatusNotFound, ""
			}
			return http.StatusOK, asset(ids[1], "")
		})
		began := time.Now()
		report, err := stubborn.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(ids...), nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 2*time.Hour, time.Since(began))
		require.Equal(t, []audience.MissingMember{
			{Member: audience.Devices(ids[0])[0], Errors: []audience.RegistrationError{{Reason: audience.ReasonMissingTrustType}}},
			{Member: audience.Devices(ids[1])[0], Excluded: true},
			{Member: audience.Devices(ids[2])[0], Unregistered: true},
		}, report.Missing)
		require.Equal(t, audience.Devices(device1), report.Surplus)
		require.ErrorContains(t, err,
			"3 missing: "+ids[0]+" (missingTrustType), "+ids[1]+" (excluded), "+ids[2]+" (not registered); 1 surplus: "+device1)
		again := new(audience.SyncReport)
		require.NoError(t, json.Unmarshal(text(t, report), again))
		require.Equal(t, text(t, report), text(t, again))
	})
}

func TestAnAudienceThatDoesNotMoveIsProbablyOfIntune(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		made, err := client.Audiences().Create(t.Context())
		require.NoError(t, err)
		require.NoError(t, service.SetOwnedByIntune(made.ID))
		report, err := client.Audiences().Sync(stub.Within(t, 10*time.Hour), audience.ByID(made.ID),
			wanting(stub.DeviceIDs(5)...), &audience.SyncOptions{VerifyTimeout: 5 * time.Hour})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.ErrorContains(t, err, "probably owned by Intune")
		require.ErrorContains(t, err, "5 missing: "+strings.Join(stub.DeviceIDs(3), " (not registered), ")+" (not registered), …")
		require.True(t, report.NoEffect)
		require.Contains(t, report.String(), "5 sent; not verified\nno change took effect")
	})
}

func TestAnAudienceThatCannotBeReadBackSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		of := newAudience(t, client)
		refuse := func(audience.SyncProgress) { service.FailRandomly(1, simulator.Status(403), 1) }
		opts := &audience.SyncOptions{OnProgress: refuse}
		report, err := client.Audiences().Sync(t.Context(), of, wanting(stub.DeviceIDs(2)...), opts)
		require.ErrorIs(t, err, apierr.ErrForbidden)
		require.ErrorContains(t, err, "all changes were accepted, but not verified")
		require.Equal(t, 2, report.Sent.Len())
		require.False(t, report.NoEffect)
	})
}

func TestAStoredPlanIsAppliedAndWhatElseChangesIsLeftAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := lagging(t)
		ids := stub.DeviceIDs(8)
		of := filled(t, client, ids[:4]...)
		plan, err := client.Audiences().Plan(t.Context(), of, wanting(ids[1:6]...), nil)
		require.NoError(t, err)
		stored := new(audience.SyncPlan)
		require.NoError(t, json.Unmarshal(text(t, plan), stored))
		require.Equal(t, plan, stored)

		edit := audience.Edit{AddMembers: audience.Devices(ids[7]), RemoveMembers: audience.Devices(ids[1])}
		require.NoError(t, client.Audiences().Edit(t.Context(), of, edit, nil))
		report, err := client.Audiences().Apply(t.Context(), stored, nil)
		require.NoError(t, err)
		require.Equal(t, audience.Edit{AddMembers: slices.Collect(plan.Additions()), RemoveMembers: slices.Collect(plan.Removals())}, report.Sent)
		left := audience.Membership{Members: audience.Devices(ids[2], ids[3], ids[4], ids[5], ids[7])}
		require.NoError(t, client.Audiences().WaitForExactMembers(t.Context(), of, left, nil))
	})
}

// stored is a plan in JSON.
type stored struct {
	Audience        audience.Ref      `json:"audience"`
	Desired         int               `json:"desired"`
	Current         int               `json:"current"`
	Add             []audience.Member `json:"add"`
	Remove          []audience.Member `json:"remove"`
	UnmanagedGroups []string          `json:"unmanagedGroups"`
	UnknownMembers  int               `json:"unknownMembers"`
}

// plan is of the audience a, unless another is named.
func (s stored) plan(t *testing.T) *audience.SyncPlan {
	t.Helper()
	s.Audience = cmp.Or(s.Audience, audience.ByID("a"))
	plan := new(audience.SyncPlan)
	require.NoError(t, json.Unmarshal(text(t, s), plan))
	return plan
}

func TestAPlanThatCannotBeAppliedIsRejected(t *testing.T) {
	t.Parallel()
	for text, plan := range map[string]*audience.SyncPlan{
		"plan must not be nil":                 nil,
		"plan.Audience must not be empty":      {Desired: 1},
		"too many removals: the list is empty": stored{Current: 1, Remove: audience.Devices(device1)}.plan(t),
	} {
		service := stub.Answering(stub.Answer(500, ""))
		report, err := service.Client(t).Audiences().Apply(t.Context(), plan, nil)
		require.ErrorContains(t, err, text)
		require.Nil(t, report)
		require.Empty(t, service.Requests())
	}
}

func TestAStoredPlanThatCannotBeReadIsRejected(t *testing.T) {
	t.Parallel()
	for want, plan := range map[string]stored{
		"add[1].ID must not be empty":   {Add: audience.Devices(device1, "")},
		"remove[0].Kind must be":        {Remove: []audience.Member{{ID: device1}}},
		"add[0] must not be in remove":  {Add: audience.Devices(device1), Remove: audience.Devices(device1)},
		"add[0] must not be in remove ": {Add: audience.Groups("g"), Remove: audience.Groups("G")},
	} {
		read := &audience.SyncPlan{Desired: 7}
		err := json.Unmarshal(text(t, plan), read)
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.ErrorContains(t, err, want)
		require.Equal(t, &audience.SyncPlan{Desired: 7}, read)
	}
	require.Error(t, json.Unmarshal([]byte(`{"add":7}`), new(audience.SyncPlan)))
}

func TestAPlanOfManyDevicesIsSmall(t *testing.T) {
	const n = 50_000
	plan := stored{Add: audience.Devices(stub.DeviceIDs(n)...), Remove: audience.Devices(high(n)...)}.plan(t)
	before := stub.LiveHeap()
	require.Equal(t, n, plan.AdditionCount())
	require.Equal(t, n, plan.RemovalCount())
	plan = nil
	require.Less(t, before-stub.LiveHeap(), uint64(24*2*n), "bytes")
}

// high are device ids that stub.DeviceIDs does not have.
func high(n int) []string {
	ids := stub.DeviceIDs(n)
	for i, id := range ids {
		ids[i] = "f" + id[1:]
	}
	return ids
}

func TestAReportWithoutAPlanPrintsToo(t *testing.T) {
	t.Parallel()
	require.Equal(t, "no audience: 0 to add, 0 to remove, 0 sent; not checked", new(audience.SyncReport).String())
}

func TestAPlanPrintsWhatItWouldDo(t *testing.T) {
	t.Parallel()
	plan := stored{
		Audience: audience.OfDeployment("d"), Desired: 5, Current: 3, Add: audience.Devices(stub.DeviceIDs(4)...), Remove: audience.Groups("g"),
		UnmanagedGroups: []string{"h"}, UnknownMembers: 2,
	}.plan(t)
	require.Equal(t, `audience of deployment d: 5 desired, 3 current
  add 4: 00000000-0000-4000-8000-000000000000, 00000000-0000-4000-8000-000000000001, 00000000-0000-4000-8000-000000000002, …
  remove 1: group g
  leave 1 unmanaged group: group h
  leave 2 members of unknown kind
`, plan.String())
}
