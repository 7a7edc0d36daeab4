package audience_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

const enrolledDevice = `{
	"@odata.type": "#microsoft.graph.windowsUpdates.azureADDevice",
	"id": "` + device1 + `",
	"enrollment": {
		"feature": {"enrollmentState": "enrolled", "lastModifiedDateTime": "2026-11-22T07:58:01.9721459Z", "by": "hand"},
		"quality": {"enrollmentState": "dreaming", "lastModifiedDateTime": "0001-01-01T00:00:00Z"},
		"driver": null
	},
	"errors": [
		{"@odata.type": "#microsoft.graph.windowsUpdates.azureADDeviceRegistrationError", "reason": "invalidAzureADJoin"},
		{"@odata.type": "#microsoft.graph.windowsUpdates.azureADDeviceRegistrationError", "reason": "bored", "since": "noon"},
		{"@odata.type": "#microsoft.graph.windowsUpdates.lunarError", "phase": "full"}
	],
	"color": "blue"
}`

var device = &audience.Device{
	Base: audience.Base{ID: device1, Kind: audience.KindDevice, Extra: stub.Extra("color", `"blue"`)},
	Feature: audience.Enrollment{
		State: audience.StateEnrolled, Modified: time.Date(2026, 11, 22, 7, 58, 1, 972145900, time.UTC), Extra: stub.Extra("by", `"hand"`),
	},
	Quality: audience.Enrollment{State: "dreaming"},
	Errors: []audience.RegistrationError{
		{Reason: audience.ReasonInvalidJoin},
		{Reason: "bored", Extra: stub.Extra("since", `"noon"`)},
		{Extra: stub.Extra("phase", `"full"`)},
	},
}

func TestADeviceIsReadWithEnrollmentAndErrors(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, enrolledDevice))
	got, err := service.Client(t).Devices().Get(t.Context(), device1)
	require.NoError(t, err)
	require.Equal(t, device, got)
	require.Equal(t, []string{"GET /updatableAssets/" + device1}, service.Log())
}

func TestAnEnrollmentIsFoundByItsCategory(t *testing.T) {
	t.Parallel()
	d := audience.Device{
		Feature: audience.Enrollment{State: "f"}, Quality: audience.Enrollment{State: "q"}, Driver: audience.Enrollment{State: "d"},
	}
	require.Equal(t, d.Feature, d.Enrollment(audience.CategoryFeature))
	require.Equal(t, d.Quality, d.Enrollment(audience.CategoryQuality))
	require.Equal(t, d.Driver, d.Enrollment(audience.CategoryDriver))
	require.Zero(t, d.Enrollment("firmware"))
}

func TestBothWaysToBeEnrolledCount(t *testing.T) {
	t.Parallel()
	for state, want := range map[audience.EnrollmentState]bool{
		audience.StateEnrolled: true, audience.StateEnrolledWithPolicy: true, "": false, "dreaming": false,
		audience.StateNotEnrolled: false, audience.StateEnrolling: false, audience.StateUnenrolling: false,
	} {
		require.Equal(t, want, audience.Enrollment{State: state}.IsEnrolled(), state)
	}
}

func TestABareDeviceIsReadWithZeroValues(t *testing.T) {
	t.Parallel()
	for _, members := range []string{
		``, `,"enrollment":null,"errors":null`, `,"enrollment":{"feature":null,"quality":null,"driver":null}`,
	} {
		got, err := stub.Answering(stub.Answer(200, `{"@odata.type":"#microsoft.graph.windowsUpdates.azureADDevice","id":"x"`+members+`}`)).
			Client(t).Devices().Get(t.Context(), "x")
		require.NoError(t, err)
		require.Equal(t, &audience.Device{Base: audience.Base{ID: "x", Kind: audience.KindDevice}}, got)
	}
}

func TestAnAssetThatIsNoDeviceIsNotFoundAsOne(t *testing.T) {
	t.Parallel()
	for body, kind := range map[string]string{
		`{"@odata.type":"#microsoft.graph.windowsUpdates.updatableAssetGroup","id":"x"}`: `"updatableAssetGroup"`,
		`{"@odata.type":"#microsoft.graph.windowsUpdates.lunarAsset","id":"x"}`:          `"lunarAsset"`,
	} {
		got, err := stub.Answering(stub.Answer(200, body)).Client(t).Devices().Get(t.Context(), "x")
		require.Nil(t, got)
		require.ErrorIs(t, err, apierr.ErrNotFound)
		require.ErrorContains(t, err, kind)
	}
}

func TestAssetsOfAllKindsAreListed(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[`+enrolledDevice+`,
		{"@odata.type":"#microsoft.graph.windowsUpdates.updatableAssetGroup","id":"g","size":2},
		{"@odata.type":"#microsoft.graph.windowsUpdates.lunarAsset","id":"u","phase":"full"}
	]}`))
	want := []audience.Asset{
		device,
		&audience.Group{Base: audience.Base{ID: "g", Kind: audience.KindGroup, Extra: stub.Extra("size", "2")}},
		&audience.UnknownAsset{Base: audience.Base{ID: "u", Kind: "lunarAsset", Extra: stub.Extra("phase", `"full"`)}},
	}
	client := service.Client(t).Audiences()
	members, err := client.ListMembers(audience.ByID(audienceID), nil).Collect(t.Context(), 3)
	require.NoError(t, err)
	require.Equal(t, want, members)
	exclusions, err := client.ListExclusions(audience.ByID(audienceID), nil).Collect(t.Context(), 3)
	require.NoError(t, err)
	require.Equal(t, want, exclusions)
	require.Equal(t, "g", members[1].Common().ID)
}

func TestAudiencesAreListed(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[{"id":"a","reportingDeviceCount":7,"applicableContent":[]},null,{"id":"b"}]}`))
	all, err := service.Client(t).Audiences().List(nil).Collect(t.Context(), 2)
	require.NoError(t, err)
	require.Equal(t, []*audience.Audience{
		{ID: "a", ApplicableContent: []audience.ApplicableContent{}, Extra: stub.Extra("reportingDeviceCount", "7")},
		{ID: "b"},
	}, all)
	require.Equal(t, []string{"GET /deploymentAudiences"}, service.Log())
}

func TestAnAudienceIsCreatedAndDeleted(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(201, `{"@odata.context":"x","id":"`+audienceID+`","applicableContent":[]}`), stub.Answer(204, ""))
	client := service.Client(t).Audiences()
	made, err := client.Create(t.Context())
	require.NoError(t, err)
	require.Equal(t, &audience.Audience{ID: audienceID, ApplicableContent: []audience.ApplicableContent{}}, made)
	require.NoError(t, client.Delete(t.Context(), made.ID))
	require.Equal(t, []string{"POST /deploymentAudiences {}", "DELETE /deploymentAudiences/" + audienceID}, service.Log())
	require.ErrorIs(t, client.Delete(t.Context(), ""), apierr.ErrInvalid)
}

func TestACreateWhoseAnswerIsLostIsNotRepeated(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(503, ""), stub.Answer(201, `{"id":"x"}`))
	_, err := service.Client(t, stub.Attempts(5)).Audiences().Create(t.Context())
	require.ErrorIs(t, err, apierr.ErrUnknownOutcome)
	require.Len(t, service.Requests(), 1)
}

func TestADeviceIsDeregistered(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(202, ""))
	require.NoError(t, service.Client(t).Devices().Delete(t.Context(), device1))
	require.Equal(t, []string{"DELETE /updatableAssets/" + device1}, service.Log())
	require.ErrorIs(t, service.Client(t).Devices().Delete(t.Context(), ".."), apierr.ErrInvalid)
}

func TestTheZeroClientsReturnErrors(t *testing.T) {
	t.Parallel()
	var audiences audience.Client
	var known audience.DeviceClient
	var groups audience.GroupClient
	_, err := audiences.Create(t.Context())
	require.ErrorContains(t, err, "updates.NewClient")
	require.ErrorContains(t, audiences.AddDevices(t.Context(), audience.ByID("x"), stub.DeviceIDs(1), nil), "updates.NewClient")
	require.ErrorContains(t, known.Enroll(t.Context(), audience.CategoryFeature, stub.DeviceIDs(1), nil), "updates.NewClient")
	_, err = known.Get(t.Context(), "x")
	require.ErrorContains(t, err, "updates.NewClient")
	_, err = known.List(nil).First(t.Context())
	require.ErrorContains(t, err, "updates.NewClient")
	_, err = groups.Create(t.Context())
	require.ErrorContains(t, err, "updates.NewClient")
	require.ErrorContains(t, groups.AddDevices(t.Context(), "x", stub.DeviceIDs(1), nil), "updates.NewClient")
	_, err = audiences.ListMembers(audience.ByID("x"), nil).First(t.Context())
	require.ErrorContains(t, err, "updates.NewClient")
}

func TestAnEditSurvivesJSON(t *testing.T) {
	t.Parallel()
	stub.RequireStored(t, fourSides)
}
