package audience_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
)

func TestAWaitForMembersGivesTheHintsOfSync(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := stub.OnSimulator(t, nil)
		ids, made := stub.DeviceIDs(4), newAudience(t, client)
		of := made
		group := grouped(t, client, ids[3:], 0)
		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids[:1], nil))
		require.NoError(t, client.Audiences().AddExclusions(t.Context(), of, ids[:1], nil))
		require.NoError(t, service.FailRegistration(ids[1], "invalidAzureADJoin"))
		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids[1:2], nil))
		wanted := append(audience.Groups(group), audience.Devices(append(ids[:3:3], group)...)...)

		err := client.Audiences().WaitForMembers(stub.Within(t, time.Hour), of, audience.Membership{Members: wanted[1:]}, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		failed, ok := errors.AsType[*audience.MembershipError](err)
		require.True(t, ok)
		hints := map[string]string{}
		for _, m := range failed.Missing {
			hints[m.ID] = strings.TrimPrefix(m.String(), m.ID)
		}
		require.Equal(t, map[string]string{
			ids[0]: " (excluded)", ids[1]: " (invalidAzureADJoin)", ids[2]: " (not registered)", group: " (the ID of a group)",
		}, hints)
		require.ErrorContains(t, err, "4 members missing: "+ids[0]+" (excluded), ")
		require.True(t, failed.NoEffect)
		again := new(audience.MembershipError)
		require.NoError(t, json.Unmarshal(text(t, failed), again))
		require.Equal(t, failed.Missing, again.Missing)

		err = client.Audiences().WaitForMembers(stub.Within(t, time.Hour), of, audience.Membership{Members: append(wanted[:1:1], wanted[3])}, nil)
		failed, ok = errors.AsType[*audience.MembershipError](err)
		require.True(t, ok)
		require.Equal(t, []string{group}, failed.Unverifiable)
		require.ErrorContains(t, err, "1 group cannot be verified: group "+group)
	})
}

func TestAWaitNamesIntuneOnlyWhereTheListsAreNotFound(t *testing.T) {
	t.Parallel()
	for status, isNamed := range map[int]bool{http.StatusOK: false, http.StatusNotFound: true} {
		for _, wanted := range []audience.Membership{
			{Members: audience.Devices(device1)}, {Exclusions: audience.Devices(device1)},
		} {
			synctest.Test(t, func(t *testing.T) {
				still := stub.Serving(func(req *http.Request) (int, string) {
					if strings.HasSuffix(req.URL.Path, "s") && strings.Contains(req.URL.Path, "/deploymentAudiences/a/") {
						return status, `{"value":[]}`
					}
					return http.StatusOK, `{"id":"a"}`
				})
				for wait, isLong := range map[time.Duration]bool{time.Minute: false, time.Hour: true} {
					err := still.Client(t).Audiences().WaitForMembers(stub.Within(t, wait), audience.ByID("a"), wanted, nil)
					failed, ok := errors.AsType[*audience.MembershipError](err)
					require.True(t, ok)
					require.Equal(t, isNamed && isLong, strings.Contains(err.Error(), "the audience is probably owned by Intune"), err)
					require.Equal(t, isNamed, failed.Unlisted)
					require.Equal(t, isLong, failed.NoEffect)
				}
			})
		}
	}
}

func TestASyncSaysThatAnIDIsThatOfAGroup(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		service := stub.Serving(func(req *http.Request) (int, string) {
			switch {
			case req.Method == http.MethodPost:
				return http.StatusAccepted, ""
			case strings.Contains(req.URL.Path, "/updatableAssets/"):
				return http.StatusOK, `{"@odata.type":"#` + types + `updatableAssetGroup","id":"` + device1 + `"}`
			}
			return http.StatusOK, stub.NoItems
		})
		opts := &audience.SyncOptions{VerifyTimeout: time.Hour}
		report, err := service.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(device1), opts)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, device1+" (the ID of a group)", report.Missing[0].String())
		require.True(t, report.Missing[0].IsGroup)
		require.False(t, report.Missing[0].Unregistered)
		require.NotContains(t, err.Error(), "Intune")
	})
}

func TestAReportCountsTheDevicesWithoutAPolicy(t *testing.T) {
	t.Parallel()
	ids := stub.DeviceIDs(3)
	for want, withPolicy := range map[string][]string{
		"3 of 3 devices enrolled in feature updates (3 without a policy)": nil,
		"3 of 3 devices enrolled in feature updates (1 without a policy)": ids[:2],
		"3 of 3 devices enrolled in feature updates":                      ids,
	} {
		service := stub.Serving(func(req *http.Request) (int, string) {
			id, state := req.URL.Path[strings.LastIndex(req.URL.Path, "/")+1:], audience.StateEnrolled
			if slices.Contains(withPolicy, id) {
				state = audience.StateEnrolledWithPolicy
			}
			return http.StatusOK, fmt.Sprintf(`{"@odata.type":"#%sazureADDevice","id":%q,"enrollment":{"feature":{"enrollmentState":%q}}}`,
				types, id, state)
		})
		report, err := service.Client(t).Devices().WaitForEnrollment(t.Context(), audience.CategoryFeature, ids, audience.StateEnrolled, nil)
		require.NoError(t, err, "it is the normal state before the first deployment")
		require.Equal(t, want, report.String())
		require.Len(t, report.WithoutPolicy(), len(ids)-len(withPolicy))
	}
}

// However many members a plan was made for and however many another program adds: the text of the error is true.
func TestTheTextOfTheRemovalLimitIsTrue(t *testing.T) {
	t.Parallel()
	ids := stub.DeviceIDs(1000)
	plan := stored{Desired: 1, Current: 3, Remove: audience.Devices(ids[:4]...)}.plan(t)
	_, err := answeringInTurn(nil).Client(t).Audiences().Apply(t.Context(), plan, nil)
	require.ErrorIs(t, err, audience.ErrTooManyRemovals)
	require.ErrorContains(t, err, "too many removals: 4 devices, more than the 3 members of the plan, limit 2; ")

	synctest.Test(t, func(t *testing.T) {
		grown := answeringInTurn(nil, ids)
		_, err := grown.Client(t).Audiences().Sync(t.Context(), audience.ByID("a"), wanting(device1), nil)
		require.ErrorIs(t, err, audience.ErrTooManyRemovals)
		require.ErrorContains(t, err, "devices, more than the 0 members of the plan, limit 0; ")
	})
}
