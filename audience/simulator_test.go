package audience_test

import (
	"slices"
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
)

// deploy creates a deployment to all members at once and returns its id.
func deploy(t *testing.T, client *updates.Client) string {
	t.Helper()
	entry, err := client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
	require.NoError(t, err)
	d, err := client.Deployments().Create(t.Context(), deployments.ForFeature(entry.ID))
	require.NoError(t, err)
	return d.ID
}

// offered are the devices that a deployment has been offered to.
func offered(service *simulator.Server, deploymentID string) []string {
	var ids []string
	for _, offer := range service.Offers(deploymentID) {
		ids = append(ids, offer.DeviceID)
	}
	return ids
}

func idsOfAssets(t *testing.T, list odata.List[audience.Asset]) []string {
	t.Helper()
	ids := []string{}
	for asset, err := range list.All(t.Context()) {
		require.NoError(t, err)
		ids = append(ids, asset.Common().ID)
	}
	return ids
}

func TestExclusionWins(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	ids, id := stub.DeviceIDs(3), deploy(t, client)
	of := audience.OfDeployment(id)
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, nil))
	require.NoError(t, client.Audiences().Edit(t.Context(), of, audience.Edit{
		AddMembers: audience.Devices(ids...), AddExclusions: audience.Devices(ids[0]),
	}, &audience.EditOptions{ChunkSize: 1}))
	require.ElementsMatch(t, ids, idsOfAssets(t, client.Audiences().ListMembers(of, nil)))
	require.Equal(t, ids[:1], idsOfAssets(t, client.Audiences().ListExclusions(of, nil)))
	require.ElementsMatch(t, ids[1:], offered(service, id), "not even while the edit was going out")

	require.NoError(t, client.Audiences().RemoveExclusions(t.Context(), of, ids[:1], nil))
	require.ElementsMatch(t, ids, offered(service, id))
}

func TestAnUnenrolledDeviceIsNotOffered(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	ids, id := stub.DeviceIDs(2), deploy(t, client)
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids[:1], &audience.EnrollOptions{CompactRequests: true}))
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryDriver, ids[1:], nil))
	require.NoError(t, client.Audiences().AddDevices(t.Context(), audience.OfDeployment(id), ids, nil))
	require.Equal(t, ids[:1], offered(service, id))

	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids[1:], nil))
	require.ElementsMatch(t, ids, offered(service, id))
}

func TestUnenrollingTakesADeviceOutOfItsAudiences(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	ids, of := stub.DeviceIDs(2), audience.OfDeployment(deploy(t, client))
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, nil))
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryQuality, ids, nil))
	require.NoError(t, client.Audiences().AddDevices(t.Context(), of, ids, nil))

	require.NoError(t, client.Devices().Unenroll(t.Context(), audience.CategoryFeature, ids[:1], nil))
	require.NoError(t, client.Devices().Unenroll(t.Context(), audience.CategoryQuality, ids[1:], &audience.EnrollOptions{CompactRequests: true}))

	require.Equal(t, ids[1:], idsOfAssets(t, client.Audiences().ListMembers(of, nil)))
	left, err := client.Devices().Get(t.Context(), ids[0])
	require.NoError(t, err)
	require.False(t, left.Feature.IsEnrolled())
	require.True(t, left.Quality.IsEnrolled())
}

func TestTheAudienceOfADeploymentIsOneAudience(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	ids, ofDeployment := stub.DeviceIDs(250), audience.OfDeployment(deploy(t, client))
	itself, err := client.Audiences().Get(t.Context(), ofDeployment)
	require.NoError(t, err)
	of := audience.ByID(itself.ID)
	require.NoError(t, client.Audiences().Edit(t.Context(), of, audience.Edit{AddMembers: audience.Devices(ids...)}, compact))
	require.Equal(t, ids, idsOfAssets(t, client.Audiences().ListMembers(ofDeployment, nil)), "over all pages")
	require.NoError(t, client.Audiences().RemoveDevices(t.Context(), ofDeployment, ids[10:], nil))
	require.Equal(t, ids[:10], idsOfAssets(t, client.Audiences().ListMembers(of, nil)))
}

func TestAGroupIsAMember(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	ids, id, group := stub.DeviceIDs(2), deploy(t, client), newGroup(t, client)
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, nil))
	require.NoError(t, client.Call(t.Context(), "POST", "/updatableAssets/"+group+"/addMembersById", map[string]any{
		"ids": ids, "memberEntityType": "#microsoft.graph.windowsUpdates.azureADDevice",
	}, nil))
	of := audience.OfDeployment(id)
	require.NoError(t, client.Audiences().Edit(t.Context(), of, audience.Edit{
		AddMembers: audience.Groups(group), AddExclusions: audience.Devices(ids[1]),
	}, nil))
	members, err := client.Audiences().ListMembers(of, nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Equal(t, []audience.Asset{&audience.Group{Base: audience.Base{ID: group, Kind: audience.KindGroup}}}, members)
	require.Equal(t, ids[:1], offered(service, id))

	_, err = client.Devices().Get(t.Context(), group)
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

func newGroup(t *testing.T, client *updates.Client) string {
	t.Helper()
	var made struct{ ID string }
	body := map[string]string{"@odata.type": "#microsoft.graph.windowsUpdates.updatableAssetGroup"}
	require.NoError(t, client.Call(t.Context(), "POST", "/updatableAssets", body, &made))
	return made.ID
}

func TestARegistrationErrorStandsBesideTheEnrollment(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	require.NoError(t, service.FailRegistration(device1, "missingTrustType"))
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, []string{device1}, nil))
	got, err := client.Devices().Get(t.Context(), device1)
	require.NoError(t, err)
	require.True(t, got.Feature.IsEnrolled())
	require.Equal(t, []audience.RegistrationError{{Reason: audience.ReasonMissingTrustType}}, got.Errors)
}

func TestADeletedDeviceIsDeregisteredEverywhere(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	of := audience.OfDeployment(deploy(t, client))
	require.NoError(t, client.Audiences().AddDevices(t.Context(), of, stub.DeviceIDs(2), nil))
	require.NoError(t, client.Devices().Delete(t.Context(), stub.DeviceIDs(1)[0]))
	require.Equal(t, stub.DeviceIDs(2)[1:], idsOfAssets(t, client.Audiences().ListMembers(of, nil)))
	_, err := client.Devices().Get(t.Context(), stub.DeviceIDs(1)[0])
	require.ErrorIs(t, err, apierr.ErrNotFound)
}

func TestAnEnrollmentTakesItsTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, _ := stub.OnSimulator(t, &simulator.Options{Lag: 3 * time.Second})
		stateOf := func() audience.EnrollmentState {
			got, err := client.Devices().Get(t.Context(), device1)
			require.NoError(t, err)
			return got.Feature.State
		}
		require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, []string{device1}, nil))
		<-time.After(4 * time.Second)
		require.Equal(t, audience.StateEnrolled, stateOf())
		require.NoError(t, client.Devices().Unenroll(t.Context(), audience.CategoryFeature, []string{device1}, nil))
		require.Equal(t, audience.StateUnenrolling, stateOf())
		<-time.After(4 * time.Second)
		require.Equal(t, audience.StateNotEnrolled, stateOf())
	})
}

func TestAnAudienceInUseIsNotDeleted(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil)
	made, err := client.Audiences().Create(t.Context())
	require.NoError(t, err)
	entry, err := client.Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2")
	require.NoError(t, err)
	d, err := client.Deployments().Create(t.Context(), deployments.ForFeature(entry.ID).ToAudience(made.ID))
	require.NoError(t, err)
	require.ErrorIs(t, client.Audiences().Delete(t.Context(), made.ID), apierr.ErrConflict)
	require.NoError(t, client.Deployments().Delete(t.Context(), d.ID))
	all, err := client.Audiences().List(nil).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(all, func(a *audience.Audience) bool { return a.ID == made.ID }))
	require.NoError(t, client.Audiences().Delete(t.Context(), made.ID))
	require.ErrorIs(t, client.Audiences().Delete(t.Context(), made.ID), apierr.ErrNotFound)
}

func TestAnEditThatBreaksOffIsResumedFromItsRest(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, nil, stub.NoLimits) // the limits would find the group first
	ids, of := stub.DeviceIDs(10), audience.OfDeployment(deploy(t, client))
	edit := audience.Edit{AddMembers: slices.Concat(audience.Devices(ids[:5]...), audience.Groups("none"), audience.Devices(ids[5:]...))}

	err := client.Audiences().Edit(t.Context(), of, edit, &audience.EditOptions{ChunkSize: 2})

	var failed *audience.EditError
	require.ErrorAs(t, err, &failed)
	require.Equal(t, ids[:4], idsOfAssets(t, client.Audiences().ListMembers(of, nil)))
	rest := failed.Remaining()
	rest.AddMembers = slices.DeleteFunc(rest.AddMembers, func(m audience.Member) bool { return m.Kind == audience.KindGroup })
	require.NoError(t, client.Audiences().Edit(t.Context(), of, rest, nil))
	require.Equal(t, ids, idsOfAssets(t, client.Audiences().ListMembers(of, nil)))
}
