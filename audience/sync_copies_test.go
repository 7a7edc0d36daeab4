package audience_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
)

// copies answer reads of members in turn, whatever is sent.
type copies struct {
	*stub.Transport
	looks, posts atomic.Int64
}

func answeringInTurn(members ...[]string) *copies {
	c := &copies{}
	c.Transport = stub.Serving(func(req *http.Request) (int, string) {
		switch {
		case req.Method == http.MethodPost:
			c.posts.Add(1)
			return http.StatusAccepted, ""
		case strings.HasSuffix(req.URL.Path, "/members"):
			return http.StatusOK, stub.Page("", assetsOf(members[int(c.looks.Add(1)-1)%len(members)])...)
		case strings.HasSuffix(req.URL.Path, "/exclusions"), strings.HasSuffix(req.URL.Path, "/deployments"),
			strings.HasSuffix(req.URL.Path, "/updatePolicies"):
			return http.StatusOK, stub.Page("")
		}
		return http.StatusNotFound, ""
	})
	return c
}

func assetsOf(ids []string) []string {
	list := make([]string, len(ids))
	for i, id := range ids {
		list[i] = fmt.Sprintf(`{"@odata.type":"#%sazureADDevice","id":%q}`, types, id)
	}
	return list
}

func TestTwoCopiesThatDisagreeAreNotFought(t *testing.T) {
	t.Parallel()
	ids := stub.DeviceIDs(4)
	for name, shown := range map[string][][]string{
		"of what is missing":  {{}, {ids[0]}, {ids[1]}},
		"of what is too many": {ids, ids[:3], {ids[0], ids[1], ids[3]}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				service := answeringInTurn(shown...)
				opts := &audience.SyncOptions{RemovalLimit: audience.RemoveUpTo(2)}
				report, err := service.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(ids[:2]...), opts)
				require.ErrorIs(t, err, context.DeadlineExceeded)
				require.False(t, report.NoEffect, "each look has shown something")
				require.NotZero(t, len(report.Missing)+len(report.Surplus))
				require.Less(t, report.Polls, 40, "pauses grow in two hours, whatever comes and goes")
				require.EqualValues(t, 5, service.posts.Load(), "the plan, and after 10, 20, 40 and 80 minutes what is left")
				require.Equal(t, 2, report.Sent.Len(), "once each")
			})
		})
	}
}

func TestWhatOthersUndoBeforeItShowsIsDoneAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := lagging(t)
		ids := stub.DeviceIDs(3)
		of := filled(t, client, ids[2])
		undo := audience.Edit{AddMembers: audience.Devices(ids[2]), RemoveMembers: audience.Devices(ids[0])}
		time.AfterFunc(15*time.Second, func() {
			if err := client.Audiences().Edit(t.Context(), of, undo, nil); err != nil {
				t.Error(err)
			}
		})
		began := time.Now()
		opts := &audience.SyncOptions{Poll: audience.PollOptions{InitialInterval: 80 * time.Second}}
		report, err := client.Audiences().Sync(t.Context(), of, wanting(ids[:2]...), opts)
		require.NoError(t, err)
		require.True(t, report.Verified)
		require.Equal(t,
			audience.Edit{AddMembers: audience.Devices(ids[:2]...), RemoveMembers: audience.Devices(ids[2])},
			report.Sent, "once each")
		require.Greater(t, time.Since(began), 10*time.Minute)
		require.Less(t, time.Since(began), 20*time.Minute)
		require.NoError(t, client.Audiences().WaitForExactMembers(t.Context(), of, audience.Membership{Members: audience.Devices(ids[:2]...)}, nil))
	})
}

func TestWhatMayStillComeIsNotCalledUnmoved(t *testing.T) {
	t.Parallel()
	for timeout, unmoved := range map[time.Duration]bool{90 * time.Second: false, 5 * time.Minute: true} {
		synctest.Test(t, func(t *testing.T) {
			service := answeringInTurn(nil)
			opts := &audience.SyncOptions{VerifyTimeout: timeout}
			report, err := service.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(stub.DeviceIDs(2)...), opts)
			require.ErrorIs(t, err, context.DeadlineExceeded)
			require.Equal(t, unmoved, report.NoEffect)
			require.Equal(t, unmoved, strings.Contains(err.Error(), "no change took effect"))
			require.True(t, report.Missing[0].Unregistered, "why it is missing was asked at the end")
		})
	}
}

func TestADryRunSaysNothingOfIntune(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	of := newAudience(t, client)
	var report *audience.SyncReport
	requests, err := client.DryRun(t.Context(), func(ctx context.Context, c *updates.Client) error {
		var err error
		report, err = c.Audiences().Sync(ctx, of, wanting(stub.DeviceIDs(2)...), nil)
		return err
	})
	require.ErrorContains(t, err, "dry run")
	require.NotContains(t, err.Error(), "Intune")
	require.Len(t, requests, 1)
	require.False(t, report.NoEffect)
}

func TestAPlanIsAppliedHoweverItsIDsAreSpelled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		low := []string{"aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"}
		capital := []string{strings.ToUpper(low[0]), strings.ToUpper(low[1])}
		service := answeringInTurn(low[:1], low, low[1:])
		plan := stored{Desired: 1, Current: 1, Add: audience.Devices(capital[1], low[1]), Remove: audience.Devices(capital[0])}.plan(t)
		report, err := service.Client(t).Audiences().Apply(t.Context(), plan, nil)
		require.NoError(t, err)
		require.Equal(t, 3, report.Polls, "until the removal shows too")
		require.Equal(t, audience.Devices(capital[0]), report.Sent.RemoveMembers, "as the plan spells it")
		require.Len(t, report.Sent.AddMembers, 1, "an asset is sent once")
		require.EqualValues(t, 1, service.posts.Load())
	})
}

func TestWhatTheServiceSpellsInCapitalsIsWhatItMeans(t *testing.T) {
	t.Parallel()
	low := []string{"aaaaaaaa-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"}
	service := answeringInTurn([]string{strings.ToUpper(low[0]), strings.ToUpper(low[1])})
	plan, err := service.Client(t).Audiences().Plan(t.Context(), audience.ByID("a"), wanting(low[0]), nil)
	require.NoError(t, err)
	require.Zero(t, plan.AdditionCount())
	require.Equal(t, audience.Devices(strings.ToUpper(low[1])), slices.Collect(plan.Removals()), "as it spells it")
}

func TestAPlanWaitsOnlyForItself(t *testing.T) {
	t.Parallel()
	ids := stub.DeviceIDs(4)
	service := answeringInTurn([]string{ids[0], ids[1], ids[2]})
	plan := stored{Desired: 1, Current: 4, Add: audience.Devices(ids[0]), Remove: audience.Devices(ids[3])}.plan(t)
	report, err := service.Client(t).Audiences().Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	require.Equal(t, 1, report.Polls, "members that the plan does not name are nothing to wait for")
}

func TestCancellingEndsTheReadingOfWhatIsDesired(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	of := newAudience(t, client)
	ctx, cancel := context.WithCancel(t.Context())
	var endless iter.Seq2[audience.Member, error] = func(yield func(audience.Member, error) bool) {
		for i := 0; yield(audience.Member{Kind: audience.KindDevice, ID: stub.DeviceID(i)}, nil); i++ {
			if i == 1000 {
				cancel()
			}
		}
	}
	sent := len(service.Requests())
	report, err := client.Audiences().SyncSeq(ctx, of, endless, nil)
	require.ErrorIs(t, err, context.Canceled)
	require.Nil(t, report)
	require.Len(t, service.Requests(), sent)
}

func TestMoreThanHalfOfAFewMembersAreNotRemoved(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	of := filled(t, client, stub.DeviceIDs(8)...)
	sent := len(service.Requests())
	_, err := client.Audiences().Sync(t.Context(), of, wanting(stub.DeviceIDs(1)...), nil)
	require.ErrorIs(t, err, audience.ErrTooManyRemovals)
	require.ErrorContains(t, err, "7 of 8 members, limit 4")
	require.Empty(t, posts(service, sent))
}
