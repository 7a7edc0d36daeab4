package audience_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/internal/wire"
)

func TestAnApplicableDeviceIsReadAndStoredWithAllThatItHas(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]audience.ApplicableDevice{
		`{"id":"` + device1 + `","isRecommended":true}`: {DeviceID: device1, Recommended: true},
		`{"id":"` + device1 + `","rank":1}`:             {DeviceID: device1, Extra: stub.Extra("rank", "1")},
		`{"id":null,"isRecommended":null}`:              {},
	} {
		w := wire.Parse[models.ApplicableDeviceable]([]byte(text), models.CreateApplicableDeviceFromDiscriminatorValue)
		got := audience.Internal.ReadApplicableDevice(w)
		require.Equal(t, &want, got, text)
		stored, err := json.Marshal(got)
		require.NoError(t, err)
		var back audience.ApplicableDevice
		require.NoError(t, json.Unmarshal(stored, &back))
		require.Equal(t, want, back, text)
	}
}

func TestAnApplicableDeviceNamesWhatCouldNotBeRead(t *testing.T) {
	t.Parallel()
	require.Empty(t, audience.ApplicableDevice{DeviceID: device1}.Unread())
	require.Equal(t, []string{"isRecommended"}, audience.ApplicableDevice{Extra: stub.Extra("isRecommended", `"yes"`)}.Unread())
}

func TestAStoredApplicableDeviceHasNoUnknownProperty(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, json.Unmarshal([]byte(`{"id":"a","rank":1}`), new(audience.ApplicableDevice)), "rank: unknown property")
}
