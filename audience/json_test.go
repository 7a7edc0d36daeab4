package audience_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// printed is what testdata/printed.json says.
var printed = audience.Assets{
	device,
	&audience.Group{
		Base:    audience.Base{ID: group1, Kind: audience.KindGroup, Extra: stub.Extra("size", "2")},
		Members: audience.Assets{&audience.Device{Base: audience.Base{ID: device2, Kind: audience.KindDevice}}},
	},
	&audience.UnknownAsset{Base: audience.Base{ID: "u", Kind: "lunarAsset", Extra: stub.Extra("phase", `"full"`)}},
}

func TestAssetsPrintAsJSONAndAreReadBack(t *testing.T) {
	t.Parallel()
	want := stub.Testdata(t, "printed.json")
	text, err := json.Marshal(printed)
	require.NoError(t, err)
	require.JSONEq(t, want, string(text))
	var got audience.Assets
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, printed, got)
}

func TestAnAudiencePrintsWhatItHas(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]audience.Audience{
		`{"id":"a"}`: {ID: "a"},
		`{"id":"a","exclusions":[{"id":"u","kind":"x"}],"extra":{"reportingDeviceCount":5}}`: {
			ID: "a", Exclusions: audience.Assets{
				&audience.UnknownAsset{Base: audience.Base{ID: "u", Kind: "x"}},
			}, Extra: stub.Extra("reportingDeviceCount", "5"),
		},
	} {
		text, err := json.Marshal(a)
		require.NoError(t, err)
		require.Equal(t, want, string(text))
	}
}

// Nothing says what kind such an asset has but its type.
func TestAssetsMadeByHandAreWrittenWithTheirKind(t *testing.T) {
	t.Parallel()
	for want, asset := range map[string]audience.Asset{
		`{"id":"d","kind":"azureADDevice","feature":{},"quality":{},"driver":{}}`: &audience.Device{Base: audience.Base{ID: "d"}},
		`{"id":"g","kind":"updatableAssetGroup"}`:                                 &audience.Group{Base: audience.Base{ID: "g"}},
		`{"id":"h","kind":"updatableAssetGroup","members":[]}`: &audience.Group{
			Base: audience.Base{ID: "h", Kind: "?"}, Members: audience.Assets{},
		},
		`{"id":"u","kind":""}`: &audience.UnknownAsset{Base: audience.Base{ID: "u"}},
	} {
		text, err := json.Marshal(asset)
		require.NoError(t, err)
		require.Equal(t, want, string(text))
		got, err := audience.UnmarshalAsset(text)
		require.NoError(t, err)
		require.IsType(t, asset, got)
	}
	text, err := json.Marshal(audience.Device{Base: audience.Base{ID: "d"}})
	require.NoError(t, err)
	require.Contains(t, string(text), `"kind":"azureADDevice"`, "a value too")
}

func TestARefIsStoredAsText(t *testing.T) {
	t.Parallel()
	for want, of := range map[string]audience.Ref{
		`"audience/x"`:     audience.ByID("x"),
		`"deployment/x/y"`: audience.OfDeployment("x/y"),
		`"updatePolicy/"`:  audience.OfUpdatePolicy(""),
		`""`:               {},
	} {
		text, err := json.Marshal(of)
		require.NoError(t, err)
		require.Equal(t, want, string(text))
		stub.RequireStored(t, of)
		stub.RequireStored(t, map[audience.Ref]int{of: 1})
		other := audience.ByID("other")
		require.NoError(t, json.Unmarshal(text, &other))
		require.Equal(t, of, other)
	}
	require.Equal(t, "audience of update policy x", audience.OfUpdatePolicy("x").String())
}

func TestTextThatNamesNoAudienceIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`"x"`, `"audience"`, `"/x"`, `"Deployment/x"`, `"lunar/x"`, `7`} {
		of := audience.ByID("before")
		require.Error(t, json.Unmarshal([]byte(text), &of), text)
		require.Equal(t, audience.ByID("before"), of)
	}
}

func TestWhatIsNoAssetIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		``, `null`, `[]`, `"x"`, `{"id":7}`, `{"kind":[]}`, `{"kind":"azureADDevice","feature":[]}`,
		`{"kind":"updatableAssetGroup","members":[null]}`,
	} {
		got, err := audience.UnmarshalAsset([]byte(text))
		require.Error(t, err, text)
		require.Nil(t, got, text)
	}
	var list audience.Assets
	require.Error(t, json.Unmarshal([]byte(`[{"kind":"azureADDevice"},null]`), &list))
	require.Error(t, json.Unmarshal([]byte(`{}`), &list))
	require.Nil(t, list, "half a list is none")
	require.NoError(t, json.Unmarshal([]byte(`null`), &list))
	require.Nil(t, list)
}

func TestAStoredEditErrorKnowsItsRest(t *testing.T) {
	t.Parallel()
	failed := &audience.EditError{
		Sent: audience.Edit{AddMembers: audience.Devices(m1)}, Failed: audience.Edit{RemoveMembers: audience.Groups("g")},
		Unsent: audience.Edit{AddExclusions: audience.Devices(x1, x2)}, Err: errors.New("secret cause"),
	}
	text, err := json.Marshal(failed)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"sent": {"addMembers": [{"kind": "azureADDevice", "id": "`+m1+`"}]},
		"failed": {"removeMembers": [{"kind": "updatableAssetGroup", "id": "g"}]},
		"unsent": {"addExclusions": [{"kind": "azureADDevice", "id": "`+x1+`"}, {"kind": "azureADDevice", "id": "`+x2+`"}]}
	}`, string(text))
	var got audience.EditError
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, failed.Remaining(), got.Remaining())
	require.EqualError(t, &got, "unknown cause; 1 of 4 assets accepted, 1 failed, 2 not sent")
	require.NoError(t, errors.Unwrap(&got))
}

func TestAStoredEnrollErrorKnowsItsRest(t *testing.T) {
	t.Parallel()
	failed := &audience.EnrollError{
		Category: audience.CategoryDriver, Failed: []string{device1}, Unsent: []string{device2}, Err: errors.New("secret cause"),
	}
	text, err := json.Marshal(failed)
	require.NoError(t, err)
	require.JSONEq(t, `{"category": "driver", "failed": ["`+device1+`"], "unsent": ["`+device2+`"]}`, string(text))
	var got audience.EnrollError
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, failed.Remaining(), got.Remaining())
	require.EqualError(t, &got, "unknown cause; 0 of 2 assets accepted, 1 failed, 1 not sent")
}
