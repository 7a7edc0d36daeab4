package audience_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

const (
	root     = "https://graph.microsoft.com/beta/admin/windows/updates"
	content  = "/deploymentAudiences/" + audienceID + "/applicableContent"
	expanded = content + "?$expand=catalogEntry,matchedDevices"
	driver   = `{"@odata.type":"#` + types + `driverUpdateCatalogEntry","id":"e1","displayName":"Contoso LAN"}`
)

// site answers by path and query, and 404 where it has nothing.
type site struct {
	bodies map[string]string
	mu     sync.Mutex
	log    []string // what was asked for, below the root of the service
}

func (s *site) RoundTrip(req *http.Request) (*http.Response, error) {
	query, err := url.QueryUnescape(req.URL.RawQuery)
	if err != nil {
		return nil, err
	}
	asked := req.URL.Scheme + "://" + req.URL.Host + req.URL.Path
	if query != "" {
		asked += "?" + query
	}
	asked = strings.TrimPrefix(asked, root)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = append(s.log, asked)
	if body, ok := s.bodies[asked]; ok {
		return response(req, 200, body), nil
	}
	return response(req, 404, `{"error":{"code":"NotFound","message":"nothing here"}}`), nil
}

func (s *site) client(t *testing.T) *updates.Client {
	t.Helper()
	return clientOn(t, s)
}

func TestApplicableContentIsReadWithAllThatItHas(t *testing.T) {
	t.Parallel()
	s := &site{bodies: map[string]string{expanded: `{"value":[null,
		{"catalogEntryId":"e1","catalogEntry":` + driver + `,"matchedDevices@odata.context":"x","matchedDevices":[],"matchedDevices@odata.nextLink":"` + root + `/next","phase":"full"},
		{"catalogEntryId":"e2","catalogEntry":{"@odata.type":"#` + types + `lunarEntry","id":"e2"},"matchedDevices":[{"deviceId":"` + device1 + `","recommendedBy":["Microsoft","Contoso"],"since":"noon"},null,{"deviceId":"` + device2 + `"}]},
		{"catalogEntryId":"e3","catalogEntry":null}
	]}`}}
	list := s.client(t).Audiences().ListApplicableContent(audience.ByID(audienceID),
		odata.Query{Expand: []string{"catalogEntry", "matchedDevices"}})
	got, err := list.Collect(t.Context(), 3)
	require.NoError(t, err)
	want := []*audience.ApplicableContent{
		{
			EntryID: "e1", Entry: &catalog.DriverUpdate{Base: catalog.Base{ID: "e1", Kind: catalog.Driver, DisplayName: "Contoso LAN"}},
			Devices: []audience.DeviceMatch{}, NextDevices: root + "/next", Extra: extra("phase", `"full"`),
		},
		{
			EntryID: "e2", Entry: &catalog.UnknownEntry{Base: catalog.Base{ID: "e2", Kind: "lunarEntry"}},
			Devices: []audience.DeviceMatch{
				{DeviceID: device1, RecommendedBy: []string{"Microsoft", "Contoso"}, Extra: extra("since", `"noon"`)},
				{DeviceID: device2},
			},
		},
		{EntryID: "e3"},
	}
	require.Equal(t, want, got)
	for _, c := range got {
		requireKept(t, c, new(audience.ApplicableContent))
	}
}

func TestMatchedDevicesOfOneUpdateAreListed(t *testing.T) {
	t.Parallel()
	route := content + "/e1/matchedDevices"
	s := &site{bodies: map[string]string{
		route + "?$top=2":                `{"value":[{"deviceId":"a","recommendedBy":[]}],"@odata.nextLink":"` + root + route + `?$skiptoken=deviceId:a"}`,
		route + "?$skiptoken=deviceId:a": `{"value":[{"deviceId":"b","recommendedBy":["microsoft"]}]}`,
	}}
	got, err := s.client(t).Audiences().ListMatchedDevices(audience.ByID(audienceID), "e1", odata.Query{Top: 2}).Collect(t.Context(), 2)
	require.NoError(t, err)
	require.Equal(t,
		[]*audience.DeviceMatch{{DeviceID: "a", RecommendedBy: []string{}}, {DeviceID: "b", RecommendedBy: []string{"microsoft"}}},
		got)
	requireKept(t, got[0], new(audience.DeviceMatch))
}

// The description of the service has these routes only below an audience's own id.
func TestTheIDOfAnAudienceIsReadFirstWhereSomethingElseHasIt(t *testing.T) {
	t.Parallel()
	for owner, of := range map[string]audience.Ref{
		"/deployments/x/audience":    audience.OfDeployment("x"),
		"/updatePolicies/x/audience": audience.OfUpdatePolicy("x"),
	} {
		s := &site{bodies: map[string]string{
			owner:                          `{"id":"` + audienceID + `"}`,
			content:                        `{"value":[{"catalogEntryId":"e1"}],"@odata.nextLink":"` + root + content + `?$skiptoken=1"}`,
			content + "?$skiptoken=1":      `{"value":[]}`,
			content + "/e1/matchedDevices": `{"value":[{"deviceId":"a"}]}`,
		}}
		client := s.client(t).Audiences()
		contents, err := client.ListApplicableContent(of, odata.Query{}).Collect(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, []*audience.ApplicableContent{{EntryID: "e1"}}, contents)
		matched, err := client.ListMatchedDevices(of, "e1", odata.Query{}).Collect(t.Context(), 1)
		require.NoError(t, err)
		require.Equal(t, []*audience.DeviceMatch{{DeviceID: "a"}}, matched)
		require.Equal(t, []string{owner, content, content + "?$skiptoken=1", owner, content + "/e1/matchedDevices"}, s.log)
	}
}

func TestAnAudienceThatIsNotThereHasNoApplicableContent(t *testing.T) {
	t.Parallel()
	s := &site{}
	for _, of := range []audience.Ref{audience.ByID("x"), audience.OfDeployment("x")} {
		_, err := s.client(t).Audiences().ListApplicableContent(of, odata.Query{}).First(t.Context())
		require.ErrorIs(t, err, apierr.ErrNotFound)
		require.ErrorContains(t, err, "audiences.ListApplicableContent: 404")
	}
}

func TestWrongRequestsForApplicableContentAreNotSent(t *testing.T) {
	t.Parallel()
	s := &site{}
	client := s.client(t).Audiences()
	for _, of := range []audience.Ref{audience.ByID("x"), audience.OfDeployment("x"), audience.OfUpdatePolicy("x")} {
		_, err := client.ListMatchedDevices(of, "", odata.Query{}).First(t.Context())
		require.ErrorContains(t, err, "entryID")
		_, err = client.ListMatchedDevices(of, "e1", odata.Query{Skip: -1}).First(t.Context())
		require.ErrorContains(t, err, "Query.Skip")
		_, err = client.ListApplicableContent(of, odata.Query{Top: -1}).First(t.Context())
		require.ErrorContains(t, err, "Query.Top")
	}
	for _, of := range []audience.Ref{{}, audience.ByID(""), audience.OfDeployment("")} {
		_, err := client.ListApplicableContent(of, odata.Query{}).First(t.Context())
		require.ErrorIs(t, err, apierr.ErrInvalid)
	}
	require.Empty(t, s.log)
}

func TestAListDoesNotChangeWithTheQueryThatItWasMadeFrom(t *testing.T) {
	t.Parallel()
	s := &site{
		bodies: map[string]string{
			"/deployments/x/audience":         `{"id":"` + audienceID + `"}`,
			content + "?$expand=catalogEntry": `{"value":[]}`,
		},
	}
	q := odata.Query{Expand: []string{"catalogEntry"}}
	list := s.client(t).Audiences().ListApplicableContent(audience.OfDeployment("x"), q)
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
