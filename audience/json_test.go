package audience_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
)

// printed is what testdata/printed.json says.
var printed = audience.Assets{
	device,
	&audience.Group{
		Base:    audience.Base{ID: group1, Kind: audience.KindGroup, Extra: extra("size", "2")},
		Members: audience.Assets{&audience.Device{Base: audience.Base{ID: device2, Kind: audience.KindDevice}}},
	},
	&audience.UnknownAsset{Base: audience.Base{ID: "u", Kind: "lunarAsset", Extra: extra("phase", `"full"`)}},
}

func TestAssetsPrintAsJSONAndAreReadBack(t *testing.T) {
	t.Parallel()
	want := testdata(t, "printed.json")
	text, err := json.Marshal(printed)
	require.NoError(t, err)
	require.JSONEq(t, string(want), string(text))
	var got audience.Assets
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, printed, got)
}

func TestAnAudiencePrintsWhatItHas(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]audience.Audience{
		`{"id":"a"}`: {ID: "a"},
		`{"id":"a","exclusions":[{"id":"u","kind":"x"}],"extra":{"reportingDeviceCount":5}}`: {
			ID: "a", Exclusions: audience.Assets{&audience.UnknownAsset{Base: audience.Base{ID: "u", Kind: "x"}}}, Extra: extra("reportingDeviceCount", "5"),
		},
	} {
		text, err := json.Marshal(a)
		require.NoError(t, err)
		require.Equal(t, want, string(text))
	}
}

func TestWhatIsNoAssetIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{``, `null`, `[]`, `"x"`, `{"id":7}`, `{"kind":[]}`, `{"kind":"azureADDevice","feature":[]}`, `{"kind":"updatableAssetGroup","members":[null]}`} {
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
		Sent: audience.Edit{AddMembers: audience.Devices("a")}, Failed: audience.Edit{RemoveMembers: audience.Groups("g")},
		Unsent: audience.Edit{AddExclusions: audience.Devices("x", "y")}, Err: errors.New("secret cause"),
	}
	text, err := json.Marshal(failed)
	require.NoError(t, err)
	require.JSONEq(t, `{
		"sent": {"addMembers": [{"kind": "azureADDevice", "id": "a"}]},
		"failed": {"removeMembers": [{"kind": "updatableAssetGroup", "id": "g"}]},
		"unsent": {"addExclusions": [{"kind": "azureADDevice", "id": "x"}, {"kind": "azureADDevice", "id": "y"}]}
	}`, string(text))
	var got audience.EditError
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, failed.Rest(), got.Rest())
	require.EqualError(t, &got, "the cause was not stored; of 4 assets 1 were accepted, 1 failed and 2 were not sent")
	require.NoError(t, errors.Unwrap(&got))
}

func TestAStoredEnrollErrorKnowsItsRest(t *testing.T) {
	t.Parallel()
	failed := &audience.EnrollError{Category: audience.Driver, Failed: []string{"b"}, Unsent: []string{"c"}, Err: errors.New("secret cause")}
	text, err := json.Marshal(failed)
	require.NoError(t, err)
	require.JSONEq(t, `{"category": "driver", "failed": ["b"], "unsent": ["c"]}`, string(text))
	var got audience.EnrollError
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, failed.Rest(), got.Rest())
	require.EqualError(t, &got, "the cause was not stored; of 2 assets 0 were accepted, 1 failed and 1 were not sent")
}
