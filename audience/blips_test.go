package audience_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func TestAnAudienceIsEmptyOnlyWhenItIsSeenTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ids := stub.DeviceIDs(2)
		blip := answeringInTurn(nil, ids, ids, nil, nil)
		require.NoError(t, blip.Client(t).Audiences().WaitForExactMembers(t.Context(), audience.ByID("a"), audience.Membership{}, nil))
		require.EqualValues(t, 5, blip.looks.Load())

		blip = answeringInTurn(ids, nil, ids, nil, nil)
		opts := &audience.SyncOptions{RemovalLimit: audience.RemoveAll}
		report, err := blip.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(), opts)
		require.NoError(t, err)
		require.True(t, report.Verified)
		require.Equal(t, 4, report.Polls)
	})
}

func TestADeviceThatIsLeftOutOfAListOnceIsStillEnrolled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		looks := 0
		one := stub.Serving(func(*http.Request) (int, string) {
			switch looks++; looks {
			case 1, 3:
				return http.StatusNotFound, ""
			case 2:
				return http.StatusOK, `{"@odata.type":"#` + types + `azureADDevice","id":"` + device1 + `","enrollment":{"quality":{"enrollmentState":"enrolled"}}}`
			}
			return http.StatusOK, `{"@odata.type":"#` + types + `azureADDevice","id":"` + device1 + `"}`
		})
		report, err := one.Client(t).Devices().WaitForEnrollment(t.Context(), audience.CategoryQuality, []string{device1}, audience.StateNotEnrolled, nil)
		require.NoError(t, err)
		require.Equal(t, 4, looks, "nothing was said of it at the third look and at the fourth")
		require.Equal(t, audience.OutcomeDone, report.Devices[0].Outcome)
	})
}

func TestACategoryThatDevicesDoNotHaveIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	_, err := client.Devices().WaitForEnrollment(t.Context(), "Feature", stub.DeviceIDs(1), audience.StateNotEnrolled, nil)
	require.EqualError(t, err, `devices.WaitForEnrollment: category must be CategoryFeature, CategoryQuality, or CategoryDriver (got "Feature")`)
	require.Empty(t, service.Requests())
}

func TestTheReasonsAreAskedForAMinuteAfterTheTimeoutAtMost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		busy := stub.Serving(func(req *http.Request) (int, string) {
			switch {
			case req.Method == http.MethodPost:
				return http.StatusAccepted, ""
			case strings.HasSuffix(req.URL.Path, "/members"):
				return http.StatusOK, stub.Page("")
			}
			<-time.After(50 * time.Second)
			return http.StatusServiceUnavailable, ""
		})
		began := time.Now()
		opts := &audience.SyncOptions{VerifyTimeout: 5 * time.Minute}
		report, err := busy.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(stub.DeviceIDs(30)...), opts)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Len(t, report.Missing, 30)
		require.Less(t, time.Since(began), 8*time.Minute)
	})
}

func TestAGroupThatWasDeletedIsASignOfLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		group := `{"@odata.type":"#` + types + `updatableAssetGroup","id":"g"}`
		looks := 0
		moving := stub.Serving(func(req *http.Request) (int, string) {
			switch looks++; {
			case req.Method == http.MethodPost:
				return http.StatusAccepted, ""
			case !strings.HasSuffix(req.URL.Path, "/members"):
				return http.StatusNotFound, ""
			case looks == 1:
				return http.StatusOK, stub.Page("", append(assetsOf(stub.DeviceIDs(1)), group)...)
			}
			return http.StatusOK, stub.Page("", assetsOf(stub.DeviceIDs(1))...)
		})
		opts := &audience.SyncOptions{RemoveGroups: []string{"g"}, VerifyTimeout: 10 * time.Minute}
		report, err := moving.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(stub.DeviceIDs(2)...), opts)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Len(t, report.Missing, 1)
		require.False(t, report.NoEffect)
		require.NotContains(t, err.Error(), "Intune")
	})
}

func TestAResendThatFailsIsNoFailureOfTheSync(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		posts, began := 0, time.Now()
		slow := stub.Serving(func(req *http.Request) (int, string) {
			switch {
			case req.Method == http.MethodPost && posts > 0:
				return http.StatusServiceUnavailable, ""
			case req.Method == http.MethodPost:
				posts++
				return http.StatusAccepted, ""
			case strings.HasSuffix(req.URL.Path, "/members") && time.Since(began) > 15*time.Minute:
				return http.StatusOK, stub.Page("", assetsOf(stub.DeviceIDs(2))...)
			case strings.HasSuffix(req.URL.Path, "/members"):
				return http.StatusOK, stub.Page("")
			}
			return http.StatusNotFound, ""
		})
		report, err := slow.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(stub.DeviceIDs(2)...), nil)
		require.NoError(t, err)
		require.Equal(t, audience.Edit{AddMembers: audience.Devices(stub.DeviceIDs(2)...)}, report.Sent)
		require.Zero(t, report.Failed)
	})
}

func TestAPlanThatAddsWhatItRemovesIsRejected(t *testing.T) {
	t.Parallel()
	err := json.Unmarshal(text(t, stored{Add: audience.Devices(device2, device1), Remove: audience.Devices(strings.ToUpper(device1))}),
		new(audience.SyncPlan))
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.ErrorContains(t, err, "add[1] must not be in remove too (got "+device1+")")
}

func TestATenthOfManyMembersIsTheMost(t *testing.T) {
	t.Parallel()
	for removed, refused := range map[int]bool{20: false, 21: true} {
		plan := stored{Desired: 200 - removed, Current: 200, Remove: audience.Devices(stub.DeviceIDs(removed)...)}.plan(t)
		_, err := answeringInTurn(nil).Client(t).Audiences().Apply(t.Context(), plan, &audience.SyncOptions{SkipVerification: true})
		if refused {
			require.ErrorIs(t, err, audience.ErrTooManyRemovals)
			continue
		}
		require.NoError(t, err)
	}
}

func TestAGroupOfWhichADeviceIsMissingIsMissing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		enrolled := func(id string) string {
			return `{"@odata.type":"#` + types + `azureADDevice","id":"` + id + `","enrollment":{"driver":{"enrollmentState":"enrolled"}}}`
		}
		half := stub.Serving(func(req *http.Request) (int, string) {
			if strings.Contains(req.URL.Path, "/updatableAssets/") {
				return http.StatusOK, stub.Page("", enrolled(device1), enrolled(device2))
			}
			return http.StatusOK, stub.Page("", enrolled(device1))
		})
		wanted := audience.Membership{Members: audience.Groups("g")}
		err := half.Client(t).Audiences().WaitForMembers(stub.Within(t, time.Hour), audience.ByID("a"), wanted, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var failed *audience.MembershipError
		require.ErrorAs(t, err, &failed)
		require.Equal(t, audience.Groups("g"), failed.Remaining.AddMembers)
	})
}
