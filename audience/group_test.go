package audience_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestAGroupLivesFromCreateToDelete(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, &simulator.Options{PageSize: 2})
	groups, ids := client.Groups(), stub.DeviceIDs(5)
	made, err := groups.Create(t.Context())
	require.NoError(t, err)
	require.Equal(t, audience.KindGroup, made.Kind)
	members := groups.ListMembers(made.ID, nil)
	require.Empty(t, idsOfAssets(t, members))

	require.NoError(t, groups.AddDevices(t.Context(), made.ID, ids, &audience.EditOptions{ChunkSize: 2}))
	require.NoError(t, groups.AddDevices(t.Context(), made.ID, ids[:1], nil), "repeating is harmless")
	require.ElementsMatch(t, ids, idsOfAssets(t, members))
	require.NoError(t, groups.RemoveDevices(t.Context(), made.ID, ids[1:], &audience.EditOptions{ChunkSize: 3}))
	require.Equal(t, ids[:1], idsOfAssets(t, members))

	got, err := groups.Get(t.Context(), made.ID)
	require.NoError(t, err)
	require.Equal(t, made.Base, got.Base)
	listed, err := groups.List(nil).Collect(t.Context(), 5)
	require.NoError(t, err)
	require.Equal(t, []*audience.Group{got}, listed, "devices are no groups")

	require.NoError(t, groups.Delete(t.Context(), made.ID))
	_, err = groups.Get(t.Context(), made.ID)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	_, err = client.Devices().Get(t.Context(), ids[0])
	require.NoError(t, err, "the devices stay")
}

func TestDevicesOfAGroupAreOfferedWhatTheGroupIs(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	ids, id := stub.DeviceIDs(2), deploy(t, client)
	group, err := client.Groups().Create(t.Context())
	require.NoError(t, err)
	require.NoError(t, client.Groups().AddDevices(t.Context(), group.ID, ids, nil))
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryFeature, ids, nil))
	edit := audience.Edit{AddMembers: audience.Groups(group.ID), AddExclusions: audience.Devices(ids[1])}
	require.NoError(t, client.Audiences().Edit(t.Context(), audience.OfDeployment(id), edit, nil))
	require.Equal(t, ids[:1], offered(service, id))
}

func TestDevicesAndGroupsAreListedApartAndTogether(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, &simulator.Options{PageSize: 2})
	ids := stub.DeviceIDs(3)
	require.NoError(t, client.Devices().Enroll(t.Context(), audience.CategoryDriver, ids, nil))
	group, err := client.Groups().Create(t.Context())
	require.NoError(t, err)

	known, err := client.Devices().List(nil).Collect(t.Context(), 3)
	require.NoError(t, err)
	var got []string
	for _, device := range known {
		require.True(t, device.Driver.IsEnrolled())
		got = append(got, device.ID)
	}
	require.ElementsMatch(t, ids, got)
	require.ElementsMatch(t, append(ids, group.ID), idsOfAssets(t, client.Devices().ListAssets(nil)))
}

// The path says already what the items are.
func TestTheItemsOfAListOfOneKindNeedNoType(t *testing.T) {
	t.Parallel()
	s := stub.Site(map[string]string{
		"/updatableAssets/" + types + "azureADDevice":       `{"value":[{"id":"d","enrollment":{"driver":{"enrollmentState":"enrolled"}}},null]}`,
		"/updatableAssets/" + types + "updatableAssetGroup": `{"value":[{"id":"g","size":2}]}`,
	})
	known, err := s.Client(t).Devices().List(nil).Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, []*audience.Device{
		{Base: audience.Base{ID: "d", Kind: audience.KindDevice}, Driver: audience.Enrollment{State: audience.StateEnrolled}},
	}, known)
	groups, err := s.Client(t).Groups().List(nil).Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Equal(t, []*audience.Group{{Base: audience.Base{ID: "g", Kind: audience.KindGroup, Extra: stub.Extra("size", "2")}}}, groups)
}

func TestANewGroupIsAGroupWhateverTheResponseSays(t *testing.T) {
	t.Parallel()
	for _, answer := range []string{
		`{"id":"g"}`, `{"@odata.type":"#` + types + `updatableAssetGroup","id":"g"}`,
		`{"value":{"@odata.type":"` + types + `updatableAssetGroup","id":"g"}}`,
	} {
		made, err := stub.Answering(stub.Answer(201, answer)).Client(t).Groups().Create(t.Context())
		require.NoError(t, err)
		require.Equal(t, &audience.Group{Base: audience.Base{ID: "g", Kind: audience.KindGroup}}, made)
	}
}

func TestAGroupWhoseAnswerIsLostIsNotMadeTwice(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(503, ""), stub.Answer(201, `{"id":"g"}`))
	_, err := service.Client(t, stub.Attempts(5)).Groups().Create(t.Context())
	require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	require.Len(t, service.Requests(), 1)
}

func TestADeviceIsNotFoundAsAGroup(t *testing.T) {
	t.Parallel()
	_, err := stub.Answering(stub.Answer(200, enrolledDevice)).Client(t).Groups().Get(t.Context(), device1)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.ErrorContains(t, err, `groups.Get: not found: the asset is not a group: its kind is "azureADDevice"`)
}

func TestAnEditOfAGroupThatFailsInTheMiddleSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	ids := stub.DeviceIDs(5)
	for name, c := range map[string]struct {
		edit func(audience.GroupClient) error
		list func(audience.Edit) []audience.Member
	}{
		"groups.AddDevices": {
			func(c audience.GroupClient) error {
				return c.AddDevices(t.Context(), group1, ids, &audience.EditOptions{ChunkSize: 2})
			},
			func(e audience.Edit) []audience.Member { return e.AddMembers },
		},
		"groups.RemoveDevices": {
			func(c audience.GroupClient) error {
				return c.RemoveDevices(t.Context(), group1, ids, &audience.EditOptions{ChunkSize: 2})
			},
			func(e audience.Edit) []audience.Member { return e.RemoveMembers },
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(202, ""), stub.Answer(400, ""))
			err := c.edit(service.Client(t).Groups())
			failed, ok := errors.AsType[*audience.EditError](err)
			require.True(t, ok)
			require.Equal(t, audience.Devices(ids[:2]...), c.list(failed.Sent))
			require.Equal(t, audience.Devices(ids[2:]...), c.list(failed.Remaining()))
			require.Equal(t, 5, failed.Sent.Len()+failed.Remaining().Len())
			require.ErrorIs(t, err, apierr.ErrInvalid)
			require.ErrorContains(t, err, name)
			require.Len(t, service.Requests(), 2)
		})
	}
}

func TestWrongEditsOfGroupsAreNotSent(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""))
	groups := service.Client(t).Groups()
	for want, edit := range map[string]func(context.Context) error{
		"id must not be empty": func(ctx context.Context) error { return groups.AddDevices(ctx, "", stub.DeviceIDs(1), nil) },
		"deviceIDs[1]":         func(ctx context.Context) error { return groups.RemoveDevices(ctx, "g", []string{device1, " "}, nil) },
		"ChunkSize": func(ctx context.Context) error {
			return groups.AddDevices(ctx, "g", stub.DeviceIDs(1), &audience.EditOptions{ChunkSize: -1})
		},
		"groups.Delete: id": func(ctx context.Context) error { return groups.Delete(ctx, "") },
		"groups.ListMembers: id": func(ctx context.Context) error {
			_, err := groups.ListMembers("..", nil).First(ctx)
			return err
		},
		"groups.Get: id must": func(ctx context.Context) error { _, err := groups.Get(ctx, ".."); return err },
	} {
		err := edit(t.Context())
		require.ErrorIs(t, err, apierr.ErrInvalid, want)
		require.ErrorContains(t, err, want)
	}
	require.NoError(t, groups.AddDevices(t.Context(), "g", nil, nil))
	require.Empty(t, service.Requests())
}

func idsOfBody(t *testing.T, text string) []string {
	t.Helper()
	var body struct{ IDs []string }
	require.NoError(t, json.Unmarshal([]byte(text), &body))
	return body.IDs
}

func TestTheChunksOfAGroupAreItsDevices(t *testing.T) {
	t.Parallel()
	m := newMaker(5)
	for range 100 {
		ids, size := stub.DeviceIDs(m.IntN(30)), 1+m.IntN(12)
		service := stub.Answering(stub.Answer(202, ""))
		require.NoError(t, service.Client(t).Groups().AddDevices(t.Context(), group1, ids, &audience.EditOptions{ChunkSize: size}))
		var got []string
		for _, request := range service.Requests() {
			chunk := idsOfBody(t, request.Body)
			require.LessOrEqual(t, len(chunk), size)
			got = slices.Concat(got, chunk)
		}
		require.ElementsMatch(t, ids, got)
		require.Len(t, service.Requests(), (len(ids)+size-1)/size)
	}
}
