package audience_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

const (
	content  = "/deploymentAudiences/" + audienceID + "/applicableContent"
	expanded = content + "?$expand=catalogEntry,matchedDevices"
	driver   = `{"@odata.type":"#` + types + `driverUpdateCatalogEntry","id":"e1","displayName":"Contoso LAN"}`
)

func TestApplicableContentIsReadWithAllThatItHas(t *testing.T) {
	t.Parallel()
	s := stub.Site(map[string]string{expanded: `{"value":[null,
		{"catalogEntryId":"e1","catalogEntry":` + driver + `,"matchedDevices@odata.context":"x","matchedDevices":[],"matchedDevices@odata.nextLink":"` + stub.Root + `/next","phase":"full"},
		{"catalogEntryId":"e2","catalogEntry":{"@odata.type":"#` + types + `lunarEntry","id":"e2"},"matchedDevices":[{"deviceId":"` + device1 + `","recommendedBy":["Microsoft","Contoso"],"since":"noon"},null,{"deviceId":"` + device2 + `"}]},
		{"catalogEntryId":"e3","catalogEntry":null}
	]}`})
	list := s.Client(t).Audiences().ListApplicableContent(audience.ByID(audienceID),
		&odata.Query{Expand: []string{"catalogEntry", "matchedDevices"}})
	got, err := list.Collect(t.Context(), 3)
	require.NoError(t, err)
	want := []*audience.ApplicableContent{
		{
			EntryID: "e1", Entry: &catalog.DriverUpdate{Base: catalog.Base{ID: "e1", Kind: catalog.KindDriver, DisplayName: "Contoso LAN"}},
			Devices: []audience.DeviceMatch{}, NextDevices: stub.Root + "/next", Extra: stub.Extra("phase", `"full"`),
		},
		{
			EntryID: "e2", Entry: &catalog.UnknownEntry{Base: catalog.Base{ID: "e2", Kind: "lunarEntry"}},
			Devices: []audience.DeviceMatch{
				{DeviceID: device1, RecommendedBy: []string{"Microsoft", "Contoso"}, Extra: stub.Extra("since", `"noon"`)},
				{DeviceID: device2},
			},
		},
		{EntryID: "e3"},
	}
	require.Equal(t, want, got)
	for _, c := range got {
		stub.RequireStored(t, *c)
	}
}

func TestMatchedDevicesOfOneUpdateAreListed(t *testing.T) {
	t.Parallel()
	route := content + "/e1/matchedDevices"
	s := stub.Site(map[string]string{
		route + "?$top=2":                `{"value":[{"deviceId":"a","recommendedBy":[]}],"@odata.nextLink":"` + stub.Root + route + `?$skiptoken=deviceId:a"}`,
		route + "?$skiptoken=deviceId:a": `{"value":[{"deviceId":"b","recommendedBy":["microsoft"]}]}`,
	})
	got, err := s.Client(t).Audiences().ListMatchedDevices(audience.ByID(audienceID), "e1", &odata.Query{Top: 2}).Collect(t.Context(), 2)
	require.NoError(t, err)
	require.Equal(t,
		[]*audience.DeviceMatch{{DeviceID: "a", RecommendedBy: []string{}}, {DeviceID: "b", RecommendedBy: []string{"microsoft"}}},
		got)
	stub.RequireStored(t, *got[0])
}

// The description of the service has these routes only below an audience's own id.
func TestTheIDOfAnAudienceIsReadFirstWhereSomethingElseHasIt(t *testing.T) {
	t.Parallel()
	for owner, of := range map[string]audience.Ref{
		"/deployments/x/audience":    audience.OfDeployment("x"),
		"/updatePolicies/x/audience": audience.OfUpdatePolicy("x"),
	} {
		s := stub.Site(map[string]string{
			owner:                          `{"id":"` + audienceID + `"}`,
			content:                        `{"value":[{"catalogEntryId":"e1"}],"@odata.nextLink":"` + stub.Root + content + `?$skiptoken=1"}`,
			content + "?$skiptoken=1":      `{"value":[]}`,
			content + "/e1/matchedDevices": `{"value":[{"deviceId":"a"}]}`,
		})
		client := s.Client(t).Audiences()
		contents, err := client.ListApplicableContent(of, nil).Collect(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, []*audience.ApplicableContent{{EntryID: "e1"}}, contents)
		matched, err := client.ListMatchedDevices(of, "e1", nil).Collect(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, []*audience.DeviceMatch{{DeviceID: "a"}}, matched)
		require.Equal(t, []string{
			"GET " + owner, "GET " + content, "GET " + content + "?$skiptoken=1", "GET " + owner, "GET " + content + "/e1/matchedDevices",
		}, s.Log())
	}
}

func TestAnAudienceThatIsNotThereHasNoApplicableContent(t *testing.T) {
	t.Parallel()
	s := stub.Site(nil)
	for _, of := range []audience.Ref{audience.ByID("x"), audience.OfDeployment("x")} {
		_, err := s.Client(t).Audiences().ListApplicableContent(of, nil).First(t.Context())
		require.ErrorIs(t, err, apierr.ErrNotFound)
		require.ErrorContains(t, err, "audiences.ListApplicableContent: 404")
	}
}

func TestWrongRequestsForApplicableContentAreNotSent(t *testing.T) {
	t.Parallel()
	s := stub.Site(nil)
	client := s.Client(t).Audiences()
	for _, of := range []audience.Ref{audience.ByID("x"), audience.OfDeployment("x"), audience.OfUpdatePolicy("x")} {
		_, err := client.ListMatchedDevices(of, "", nil).First(t.Context())
		require.ErrorContains(t, err, "entryID")
		_, err = client.ListMatchedDevices(of, "e1", &odata.Query{Skip: -1}).First(t.Context())
		require.ErrorContains(t, err, "Query.Skip")
		_, err = client.ListApplicableContent(of, &odata.Query{Top: -1}).First(t.Context())
		require.ErrorContains(t, err, "Query.Top")
	}
	for _, of := range []audience.Ref{{}, audience.ByID(""), audience.OfDeployment("")} {
		_, err := client.ListApplicableContent(of, nil).First(t.Context())
		require.ErrorIs(t, err, apierr.ErrInvalid)
	}
	require.Empty(t, s.Requests())
}

func TestAListDoesNotChangeWithTheQueryThatItWasMadeFrom(t *testing.T) {
	t.Parallel()
	s := stub.Site(map[string]string{
		"/deployments/x/audience":         `{"id":"` + audienceID + `"}`,
		content + "?$expand=catalogEntry": `{"value":[]}`,
	})
	q := &odata.Query{Expand: []string{"catalogEntry"}}
	list := s.Client(t).Audiences().ListApplicableContent(audience.OfDeployment("x"), q)
	q.Expand[0] = "changed"
	_, err := list.Collect(t.Context(), 1)
	require.NoError(t, err)
}

func TestVendorsAreComparedWithoutCase(t *testing.T) {
	t.Parallel()
	match := audience.DeviceMatch{RecommendedBy: []string{"Contoso", "microsoft"}}
	require.True(t, match.IsRecommendedBy("Microsoft"))
	require.True(t, match.IsRecommendedBy("CONTOSO"))
	require.False(t, match.IsRecommendedBy("Fabrikam"))
	require.False(t, match.IsRecommendedBy(""))
	require.False(t, audience.DeviceMatch{}.IsRecommendedBy("Microsoft"))
}

func TestStoredContentThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`[]`, `{"catalogEntryId":7}`, `{"catalogEntry":7}`, `{"catalogEntry":[]}`, `{"matchedDevices":{}}`} {
		require.Error(t, json.Unmarshal([]byte(text), new(audience.ApplicableContent)), text)
	}
	for _, text := range []string{`[]`, `{"catalogEntryId":7}`, `{"catalogEntry":7}`, `{"device":[]}`} {
		require.Error(t, json.Unmarshal([]byte(text), new(audience.Match)), text)
	}
	for _, text := range []string{`{}`, `{"catalogEntry":null}`} {
		got := audience.ApplicableContent{Entry: &catalog.DriverUpdate{}}
		require.NoError(t, json.Unmarshal([]byte(text), &got))
		require.Nil(t, got.Entry, text)
	}
}
