package audience_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// fleet is an audience with two devices, one of them enrolled, and a group with a
// third one, also enrolled.
func fleet(t *testing.T, pageSize int) (*updates.Client, *simulator.Server, audience.Ref, string) {
	t.Helper()
	client, service := stub.OnSimulator(t, &simulator.Options{PageSize: pageSize})
	ids, group := stub.DeviceIDs(3), newGroup(t, client)
	of := audience.OfDeployment(deploy(t, client))
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, []string{ids[0], ids[2]}, nil))
	require.NoError(t, client.Call(t.Context(), "POST", "/updatableAssets/"+group+"/addMembersById", map[string]any{
		"ids": ids[2:], "memberEntityType": "#microsoft.graph.windowsUpdates.azureADDevice",
	}, nil))
	edit := audience.Edit{AddMembers: append(audience.Devices(ids[:2]...), audience.Groups(group)...)}
	require.NoError(t, client.Audiences().Edit(t.Context(), of, edit, nil))
	return client, service, of, group
}

func TestMembersAreListedWhateverTheHabitsOfTheService(t *testing.T) {
	t.Parallel()
	ids := stub.DeviceIDs(3)
	const group, unknown = "group", "unknown"
	for name, c := range map[string]struct {
		quirks simulator.Quirks
		want   []string
	}{
		"none":               {simulator.Quirks{}, []string{ids[0], ids[1], group}},
		"empty audience 404": {simulator.Quirks{EmptyAudienceIs404: true}, []string{ids[0], ids[1], group}},
		"groups expanded":    {simulator.Quirks{ExpandGroups: true}, ids},
		"nulls":              {simulator.Quirks{NullItems: true}, []string{ids[0], ids[1], group}},
		"unknown types":      {simulator.Quirks{UnknownTypes: true}, []string{unknown, ids[0], ids[1], group}},
		"unknown values":     {simulator.Quirks{UnknownValues: true}, []string{ids[0], ids[1], group}},
		"old forms":          {simulator.Quirks{LegacyFormats: true}, []string{ids[0], ids[1], group}},
		"empty pages":        {simulator.Quirks{EmptyPages: true}, []string{ids[0], ids[1], group}},
		"no hash":            {simulator.Quirks{TypesWithoutHash: true}, []string{ids[0], ids[1], group}},
		"wrapped":            {simulator.Quirks{WrapSingle: true}, []string{ids[0], ids[1], group}},
		"all at once": {
			simulator.Quirks{
				NullItems: true, UnknownTypes: true, UnknownValues: true, LegacyFormats: true, EmptyPages: true,
				TypesWithoutHash: true, WrapSingle: true, IgnoreTop: true,
			},
			[]string{unknown, ids[0], ids[1], group},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, service, of, groupID := fleet(t, 2)
			service.SetQuirks(c.quirks)
			got := []string{}
			for asset, err := range client.Audiences().ListMembers(of, nil).All(t.Context()) {
				require.NoError(t, err)
				got = append(got, nameOf(asset, groupID))
			}
			require.Equal(t, c.want, got)
		})
	}
}

// nameOf is the id of an asset; what the simulator chooses has a name instead.
func nameOf(a audience.Asset, groupID string) string {
	switch a.(type) {
	case *audience.UnknownAsset:
		return "unknown"
	case *audience.Group:
		if a.Common().ID == groupID {
			return "group"
		}
	}
	return a.Common().ID
}

func TestADeviceIsReadWhateverTheHabitsOfTheService(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		quirks           simulator.Quirks
		feature, quality audience.EnrollmentState
		reason           audience.RegistrationReason
	}{
		"none":           {simulator.Quirks{}, audience.StateEnrolled, audience.StateNotEnrolled, audience.ReasonInvalidJoin},
		"old forms":      {simulator.Quirks{LegacyFormats: true}, audience.StateEnrolled, "", audience.ReasonInvalidJoin},
		"unknown values": {simulator.Quirks{UnknownValues: true}, "strangeValue", "strangeValue", "strangeValue"},
		"wrapped":        {simulator.Quirks{WrapSingle: true}, audience.StateEnrolled, audience.StateNotEnrolled, audience.ReasonInvalidJoin},
		"no hash": {
			simulator.Quirks{TypesWithoutHash: true}, audience.StateEnrolled, audience.StateNotEnrolled,
			audience.ReasonInvalidJoin,
		},
		"nulls": {
			simulator.Quirks{NullItems: true, UnknownTypes: true}, audience.StateEnrolled, audience.StateNotEnrolled,
			audience.ReasonInvalidJoin,
		},
		"all at once": {
			simulator.Quirks{LegacyFormats: true, WrapSingle: true, TypesWithoutHash: true, NullItems: true, UnknownTypes: true},
			audience.StateEnrolled, "", audience.ReasonInvalidJoin,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, service, _, _ := fleet(t, 0)
			id := stub.DeviceIDs(1)[0]
			require.NoError(t, service.FailRegistration(id, "invalidAzureADJoin"))
			service.SetQuirks(c.quirks)
			got, err := client.Devices().Get(t.Context(), id)
			require.NoError(t, err)
			require.Equal(t, c.feature, got.Feature.State)
			require.Equal(t, c.quality, got.Quality.State)
			require.Equal(t, []audience.RegistrationError{{Reason: c.reason}}, got.Errors)
			require.Nil(t, got.Extra)
		})
	}
}

func TestNullsAmongMembersAreCounted(t *testing.T) {
	t.Parallel()
	client, service, of, _ := fleet(t, 2)
	service.SetQuirks(simulator.Quirks{NullItems: true})
	items, skipped := 0, 0
	for page, err := range client.Audiences().ListMembers(of, nil).Pages(t.Context()) {
		require.NoError(t, err)
		items, skipped = items+len(page.Items), skipped+page.Skipped
	}
	require.Equal(t, 3, items)
	require.Positive(t, skipped)
}

func TestALimitHoldsWhereTheServiceIgnoresIt(t *testing.T) {
	t.Parallel()
	client, service, of, _ := fleet(t, 50)
	service.SetQuirks(simulator.Quirks{IgnoreTop: true, EmptyPages: true, NullItems: true})
	require.Equal(t, stub.DeviceIDs(2), idsOfAssets(t, client.Audiences().ListMembers(of, &odata.Query{Top: 2})))
}

func TestAudiencesAreReadWhateverTheHabitsOfTheService(t *testing.T) {
	t.Parallel()
	client, service, of, _ := fleet(t, 1)
	service.SetQuirks(simulator.Quirks{
		NullItems: true, UnknownTypes: true, LegacyFormats: true, EmptyPages: true, WrapSingle: true, TypesWithoutHash: true,
		IgnoreTop: true,
	})
	owned, err := client.Audiences().Get(t.Context(), of)
	require.NoError(t, err)
	made, err := client.Audiences().Create(t.Context())
	require.NoError(t, err)
	all, err := client.Audiences().List(nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	ids := []string{}
	for _, a := range all {
		ids = append(ids, a.ID)
	}
	require.ElementsMatch(t, []string{owned.ID, made.ID}, ids)
}

func TestAnAudienceThatNeverHadAMemberIsEmpty(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	service.SetQuirks(simulator.Quirks{EmptyAudienceIs404: true})
	made, err := client.Audiences().Create(t.Context())
	require.NoError(t, err)
	for _, of := range []audience.Ref{audience.ByID(made.ID), audience.OfDeployment(deploy(t, client))} {
		members, exclusions := client.Audiences().ListMembers(of, nil), client.Audiences().ListExclusions(of, nil)
		require.Empty(t, idsOfAssets(t, members))
		require.Empty(t, idsOfAssets(t, exclusions))

		require.NoError(t, client.Audiences().AddDevices(t.Context(), of, stub.DeviceIDs(1), nil))
		require.Equal(t, stub.DeviceIDs(1), idsOfAssets(t, members))
		require.Empty(t, idsOfAssets(t, exclusions))
	}
}

func TestAnAudienceThatIsNotThereIsNotEmpty(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	service.SetQuirks(simulator.Quirks{EmptyAudienceIs404: true})
	requireNoneFound(t, "audiences.ListMembers: 404", client.Audiences().ListMembers(audience.ByID("gone"), nil))
	requireNoneFound(t, "audiences.ListExclusions: 404", client.Audiences().ListExclusions(audience.OfDeployment("gone"), nil))
}

func TestWhatHidesWhetherAnAudienceIsThereIsTheError(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(404, ""), stub.Answer(403, ""))
	_, err := service.Client(t).Audiences().ListMembers(audience.ByID("a"), nil).First(t.Context())
	require.ErrorIs(t, err, apierr.ErrForbidden)
	require.NotErrorIs(t, err, apierr.ErrNotFound)
	require.Equal(t, []string{"GET /deploymentAudiences/a/members", "GET /deploymentAudiences/a"}, service.Log())
}

func TestALaterPageThatIsMissingIsAnError(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, stub.Page("/more", enrolledDevice)), stub.Answer(404, ""))
	got, err := service.Client(t).Audiences().ListMembers(audience.ByID("a"), nil).Collect(t.Context(), 5)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.Len(t, got, 1)
	require.Len(t, service.Requests(), 2, "the audience was there")
}

func TestAnAudienceOfIntuneReadsAsEmptyAndTakesChangesWithoutEffect(t *testing.T) {
	t.Parallel()
	client, service, of, _ := fleet(t, 0)
	itself, err := client.Audiences().Get(t.Context(), of)
	require.NoError(t, err)
	require.NoError(t, service.SetOwnedByIntune(itself.ID))
	require.NoError(t, client.Audiences().AddDevices(t.Context(), of, []string{device1}, nil))
	require.Empty(t, idsOfAssets(t, client.Audiences().ListMembers(of, nil)))
}

// requireNoneFound sees one error and nothing else.
func requireNoneFound(t *testing.T, text string, list odata.List[audience.Asset]) {
	t.Helper()
	got, err := list.Collect(t.Context(), 10)
	require.Empty(t, got)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.ErrorContains(t, err, text)
}
