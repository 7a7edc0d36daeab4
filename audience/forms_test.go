package audience_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
)

const types = "microsoft.graph.windowsUpdates."

// The service's documentation, its metadata and its answers do not agree on how
// an asset is written.
func TestAssetsAreReadInEachOfTheirForms(t *testing.T) {
	t.Parallel()
	base := audience.Base{ID: device1, Kind: audience.KindDevice}
	enrolled := audience.Enrollment{State: audience.StateEnrolled}
	with := func(name, value string) audience.Base {
		return audience.Base{ID: device1, Kind: audience.KindDevice, Extra: stub.Extra(name, value)}
	}
	for name, c := range map[string]struct {
		members string
		want    audience.Device
	}{
		"5.14 today's enrollment": {
			`"enrollment":{"feature":{"enrollmentState":"enrolled"}}`,
			audience.Device{Base: base, Feature: enrolled},
		},
		"5.14 a list of enrollments": {
			`"enrollments":[{"@odata.type":"#` + types + `updateManagementEnrollment","updateCategory":"feature"},{"updateCategory":"driver"}]`,
			audience.Device{Base: base, Feature: enrolled, Driver: enrolled},
		},
		"5.15 a list of enrollments whose items are typed by their old base": {
			`"enrollments":[{"@odata.type":"` + types + `updatableAssetEnrollment","updateCategory":"quality"}]`,
			audience.Device{Base: base, Quality: enrolled},
		},
		"5.14 a list of enrollments with a state and something unknown": {
			`"enrollment":null,"enrollments":[null,{"updateCategory":"feature","enrollmentState":"unenrolling","by":"hand"}]`,
			audience.Device{
				Base:    base,
				Feature: audience.Enrollment{State: audience.StateUnenrolling, Extra: stub.Extra("by", `"hand"`)},
			},
		},
		"5.14 both, where today's counts": {
			`"enrollment":{"feature":{"enrollmentState":"notEnrolled"}},"enrollments":[{"updateCategory":"feature"}]`,
			audience.Device{
				Base:    with("enrollments", `[{"updateCategory":"feature"}]`),
				Feature: audience.Enrollment{State: audience.StateNotEnrolled},
			},
		},
		"5.14 an empty list of enrollments": {`"enrollments":[]`, audience.Device{Base: base}},
		"5.28 enrollments in unknown categories and twice in one": {
			`"enrollments":[{"updateCategory":"feature"},{"updateCategory":"lunar"},` +
				`{"updateCategory":"feature","by":"x"},{"updateCategory":7}]`,
			audience.Device{
				Base:    with("enrollments", `[{"updateCategory":"lunar"},{"updateCategory":"feature","by":"x"},{"updateCategory":7}]`),
				Feature: enrolled,
			},
		},
		"5.14 enrollments that are no list": {`"enrollments":"feature"`, audience.Device{Base: with("enrollments", `"feature"`)}},
		"5.4 errors whose types lack the hash": {
			`"errors":[null,{"@odata.type":"` + types + `azureADDeviceRegistrationError","reason":"missingTrustType"}]`,
			audience.Device{Base: base, Errors: []audience.RegistrationError{{Reason: audience.ReasonMissingTrustType}}},
		},
		"errors without a type": {
			`"errors":[{"reason":"invalidAzureADDeviceId"},{"reason":{"code":7}}]`,
			audience.Device{
				Base:   base,
				Errors: []audience.RegistrationError{{Reason: audience.ReasonInvalidDeviceID}, {Extra: stub.Extra("reason", `{"code":7}`)}},
			},
		},
		"dates that samples have": {
			`"enrollment":{"driver":{"enrollmentState":"enrolled","lastModifiedDateTime":"String (timestamp)"}}`,
			audience.Device{Base: base, Driver: enrolled},
		},
	} {
		for form, text := range map[string]string{
			"5.4 with #":    `{"@odata.type":"#` + types + `azureADDevice","id":"` + device1 + `",` + c.members + `}`,
			"5.4 without #": `{"id":"` + device1 + `",` + c.members + `,"@odata.type":"` + types + `azureADDevice"}`,
			"5.3 wrapped":   `{"@odata.context":"x","value":{"@odata.type":"#` + types + `azureADDevice","id":"` + device1 + `",` + c.members + `}}`,
		} {
			t.Run(name+" "+form, func(t *testing.T) {
				t.Parallel()
				got, err := stub.Answering(stub.Answer(200, text)).Client(t).Devices().Get(t.Context(), device1)
				require.NoError(t, err)
				require.Equal(t, &c.want, got)
			})
		}
	}
}

// A sample types the items of a list by their abstract base (5.5).
func TestAnAssetOfNoKindIsListed(t *testing.T) {
	t.Parallel()
	page := `{"value":[{"@odata.type":"#` + types + `updatableAsset","id":"a"},{"id":"b","members":[]},{"@odata.type":"` + types + `updatableAssetGroup","id":"c"}]}`
	got, err := stub.Answering(stub.Answer(200, page)).Client(t).Audiences().ListMembers(audience.ByID("a"), nil).Collect(t.Context(), 3)
	require.NoError(t, err)
	require.Equal(t, []audience.Asset{
		&audience.UnknownAsset{Base: audience.Base{ID: "a", Kind: "updatableAsset"}},
		&audience.UnknownAsset{Base: audience.Base{ID: "b", Extra: stub.Extra("members", `[]`)}},
		&audience.Group{Base: audience.Base{ID: "c", Kind: audience.KindGroup}},
	}, got)
}

func TestAnAudienceIsReadInEachOfItsForms(t *testing.T) {
	t.Parallel()
	group := func(members audience.Assets) *audience.Group {
		return &audience.Group{Base: audience.Base{ID: "g", Kind: audience.KindGroup}, Members: members}
	}
	for name, c := range map[string]struct {
		text string
		want audience.Audience
	}{
		"bare":        {`{"id":"a"}`, audience.Audience{ID: "a"}},
		"5.3 wrapped": {`{"value":{"id":"a"}}`, audience.Audience{ID: "a"}},
		"5.12 a count of devices": {
			`{"id":"a","reportingDeviceCount":5}`,
			audience.Audience{ID: "a", Extra: stub.Extra("reportingDeviceCount", "5")},
		},
		"empty lists": {
			`{"id":"a","members":[],"exclusions":[],"applicableContent":[]}`,
			audience.Audience{
				ID: "a", Members: audience.Assets{}, Exclusions: audience.Assets{},
				ApplicableContent: []audience.ApplicableContent{},
			},
		},
		"nulls": {
			`{"id":"a","members":null,"exclusions":[null],"applicableContent":[null]}`,
			audience.Audience{ID: "a", Exclusions: audience.Assets{}, ApplicableContent: []audience.ApplicableContent{}},
		},
		"a link beside an empty list": {
			`{"id":"a","applicableContent":[],"applicableContent@odata.nextLink":"x"}`,
			audience.Audience{ID: "a", ApplicableContent: []audience.ApplicableContent{}},
		},
		"members and exclusions": {
			`{"id":"a","members":[null,{"@odata.type":"#` + types + `updatableAssetGroup","id":"g","members":[` + enrolledDevice + `]}],"exclusions":[` + enrolledDevice + `]}`,
			audience.Audience{ID: "a", Members: audience.Assets{group(audience.Assets{device})}, Exclusions: audience.Assets{device}},
		},
		"a group without members": {
			`{"id":"a","members":[{"@odata.type":"#` + types + `updatableAssetGroup","id":"g","members":[]}]}`,
			audience.Audience{ID: "a", Members: audience.Assets{group(audience.Assets{})}},
		},
		"5.4 a group without #": {
			`{"id":"a","members":[{"@odata.type":"` + types + `updatableAssetGroup","id":"g"}]}`,
			audience.Audience{ID: "a", Members: audience.Assets{group(nil)}},
		},
		"5.23 content with its devices": {
			`{"id":"a","applicableContent":[{"catalogEntryId":"e","matchedDevices":[{"deviceId":"` + device1 + `"}]}]}`,
			audience.Audience{
				ID:                "a",
				ApplicableContent: []audience.ApplicableContent{{EntryID: "e", Devices: []audience.DeviceMatch{{DeviceID: device1}}}},
			},
		},
		"5.23 content with a link": {
			`{"id":"a","applicableContent":[{"catalogEntryId":"e","matchedDevices":[],"matchedDevices@odata.nextLink":"x"}]}`,
			audience.Audience{
				ID:                "a",
				ApplicableContent: []audience.ApplicableContent{{EntryID: "e", Devices: []audience.DeviceMatch{}, NextDevices: "x"}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := stub.Answering(stub.Answer(200, c.text)).Client(t).Audiences().Get(t.Context(), audience.ByID("a"))
			require.NoError(t, err)
			require.Equal(t, &c.want, got)
			stub.RequireStored(t, *got)
		})
	}
}
