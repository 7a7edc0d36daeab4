package audience_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
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

// newAudience is an audience of its own.
func newAudience(t *testing.T, client *updates.Client) audience.Ref {
	t.Helper()
	made, err := client.Audiences().Create(t.Context())
	require.NoError(t, err)
	return audience.ByID(made.ID)
}

// grouped is a new group with devices, of which the first ones are enrolled.
func grouped(t *testing.T, client *updates.Client, ids []string, enrolled int) string {
	t.Helper()
	group := newGroup(t, client)
	require.NoError(t, client.Groups().AddDevices(t.Context(), group, ids, nil))
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryQuality, ids[:enrolled], nil))
	return group
}

func TestMembersAreWaitedForUntilTheyShow(t *testing.T) {
	t.Parallel()
	for _, vices := range []simulator.Quirks{
		{}, {EmptyAudienceIs404: true, EmptyPages: true, NullItems: true, UnknownTypes: true, ExpandGroups: true},
	} {
		synctest.Test(t, func(t *testing.T) {
			client, service := lagging(t)
			service.SetQuirks(vices)
			of, began, ids := newAudience(t, client), time.Now(), stub.DeviceIDs(20)
			edit := audience.Edit{AddMembers: audience.Devices(ids[:10]...), AddExclusions: audience.Devices(ids[10:]...)}
			require.NoError(t, client.Audiences().Edit(t.Context(), of, edit, nil))
			wanted := audience.Membership{Members: audience.Devices(ids[:9]...), Exclusions: audience.Devices(strings.ToUpper(ids[12]))}
			require.NoError(t, client.Audiences().WaitForMembers(t.Context(), of, wanted, nil))
			require.GreaterOrEqual(t, time.Since(began), 30*time.Second)
			require.Less(t, time.Since(began), 2*time.Minute)
		})
	}
}

func TestAnAudienceIsWaitedForUntilItHasExactlyTheDesired(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, service := lagging(t)
		service.SetQuirks(simulator.Quirks{UnknownTypes: true})
		of, ids := newAudience(t, client), stub.DeviceIDs(3)
		require.NoError(t, client.Audiences().AddDevices(t.Context(), of, ids, nil))
		wanted := audience.Membership{Members: audience.Devices(ids[:2]...), Exclusions: audience.Devices(ids[0])}
		err := client.Audiences().WaitForExactMembers(stub.Within(t, 10*time.Hour), of, wanted, nil)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		failed, ok := errors.AsType[*audience.MembershipError](err)
		require.True(t, ok)
		require.Equal(t, audience.Edit{RemoveMembers: audience.Devices(ids[2]), AddExclusions: audience.Devices(ids[0])}, failed.Remaining)
		require.ErrorContains(t, err, "1 exclusion missing: "+ids[0]+"; 1 surplus member: "+ids[2])
		again := new(audience.MembershipError)
		require.NoError(t, json.Unmarshal(text(t, failed), again))
		require.Equal(t, &audience.MembershipError{Audience: of, Remaining: failed.Remaining}, again)
		require.ErrorContains(t, again, "unknown cause")

		require.NoError(t, client.Audiences().Edit(t.Context(), of, failed.Remaining, nil))
		require.NoError(t, client.Audiences().WaitForExactMembers(t.Context(), of, wanted, nil))
	})
}

func TestAGroupIsThereAsItselfOrAsItsDevices(t *testing.T) {
	t.Parallel()
	for _, expand := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			client, service := lagging(t)
			service.SetQuirks(simulator.Quirks{ExpandGroups: expand})
			ids := stub.DeviceIDs(5)
			group, of := grouped(t, client, ids[:4], 3), newAudience(t, client)
			<-time.After(time.Minute)
			began := time.Now()
			require.NoError(t, client.Audiences().Edit(t.Context(), of, audience.Edit{AddMembers: audience.Groups(group)}, nil))
			wanted := audience.Membership{Members: append(audience.Groups(group), audience.Devices(ids[:4]...)...)}
			require.NoError(t, client.Audiences().WaitForMembers(t.Context(), of, wanted, nil))
			require.GreaterOrEqual(t, time.Since(began), 30*time.Second)

			wanted.Members = append(wanted.Members, audience.Devices(ids[4])...)
			err := client.Audiences().WaitForMembers(stub.Within(t, time.Hour), of, wanted, nil)
			require.ErrorContains(t, err, "1 member missing: "+ids[4])
		})
	}
}

func TestAnExactWaitRejectsGroupsAndCountsThemAsTooMany(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		group, of := grouped(t, client, stub.DeviceIDs(1), 0), newAudience(t, client)
		for _, wanted := range []audience.Membership{{Members: audience.Groups(group)}, {Exclusions: audience.Groups(group)}} {
			var field *apierr.FieldError
			require.ErrorAs(t, client.Audiences().WaitForExactMembers(t.Context(), of, wanted, nil), &field)
			require.Contains(t, field.Field, "[0]")
		}
		require.NoError(t, client.Audiences().Edit(t.Context(), of, audience.Edit{AddMembers: audience.Groups(group)}, nil))
		err := client.Audiences().WaitForExactMembers(stub.Within(t, time.Hour), of, audience.Membership{}, nil)
		require.ErrorContains(t, err, "1 surplus member: group "+group)
	})
}

func TestAWaitForMembersRejectsWhatItCannotAsk(t *testing.T) {
	t.Parallel()
	of := audience.ByID("a")
	for text, c := range map[string]struct {
		of     audience.Ref
		wanted audience.Membership
		opts   audience.PollOptions
	}{
		"of must not be empty":                          {wanted: audience.Membership{Members: audience.Devices(device1)}},
		"Membership.Members[0].Kind must be":            {of: of, wanted: audience.Membership{Members: []audience.Member{{ID: device1}}}},
		"Membership.Exclusions[1].ID must not be":       {of: of, wanted: audience.Membership{Exclusions: audience.Devices(device1, "")}},
		"PollOptions.InitialInterval must not be negat": {of: of, opts: audience.PollOptions{InitialInterval: -1}},
	} {
		service := stub.Answering(stub.Answer(500, ""))
		audiences := service.Client(t).Audiences()
		for _, err := range []error{
			audiences.WaitForMembers(t.Context(), c.of, c.wanted, &c.opts),
			audiences.WaitForExactMembers(t.Context(), c.of, c.wanted, &c.opts),
		} {
			require.ErrorIs(t, err, apierr.ErrInvalid)
			require.ErrorContains(t, err, text)
		}
		require.Empty(t, service.Requests())
	}
}

func TestAnAudienceThatIsNotThereEndsTheWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := stub.OnSimulator(t, nil)
		err := client.Audiences().WaitForMembers(t.Context(), audience.ByID("gone"), audience.Membership{Members: audience.Devices(device1)}, nil)
		require.ErrorIs(t, err, apierr.ErrNotFound)
	})
}
