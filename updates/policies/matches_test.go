package policies_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	contents = "/policies/" + policyID + "/applicableContent"
	expanded = contents + "?$expand=catalogEntry,matchedDevices"
	monthly  = `{"@odata.type":"#` + types + `qualityUpdateCatalogEntry","id":"e2","displayName":"2026.12 B"}`
)

// matched are devices that need an update.
func matched(ids ...string) []string {
	items := []string{}
	for _, id := range ids {
		items = append(items, fmt.Sprintf(`{"deviceId":%q}`, id))
	}
	return items
}

func TestDevicesOverPagesBehindALinkInsideOfTheSecondPageAreFound(t *testing.T) {
	t.Parallel()
	const nested = contents + "/e2/matchedDevices"
	var devices []string
	for i := range 101 {
		devices = append(devices, fmt.Sprint("d", i))
	}
	s := stub.Site(map[string]string{
		expanded: stub.Page(contents+"?$skiptoken=e1", `{"catalogEntryId":"e1","matchedDevices":[]}`),
		contents + "?$skiptoken=e1": stub.Page("", `{"catalogEntryId":"e2","catalogEntry":`+monthly+
			`,"matchedDevices":[],"matchedDevices@odata.nextLink":"`+stub.Root+nested+`?$skiptoken=0"}`),
		nested + "?$skiptoken=0": stub.Page(nested+"?$skiptoken=1", matched(devices[:100]...)...),
		nested + "?$skiptoken=1": stub.Page(nested + "?$skiptoken=2"),
		nested + "?$skiptoken=2": stub.Page("", matched(devices[100:]...)...),
	})
	matches := s.Client(t).Policies().AllMatches(t.Context(), policyID)
	require.Empty(t, s.Requests(), "nothing is sent before the first pull")
	for round := range 2 {
		var got []string
		for match, err := range matches {
			require.NoError(t, err)
			require.IsType(t, &catalog.QualityUpdate{}, match.Entry)
			require.Equal(t, "2026.12 B", match.Entry.Common().DisplayName)
			got = append(got, match.Device.DeviceID)
		}
		require.Equal(t, devices, got)
		require.Len(t, s.Requests(), 5*(round+1))
	}
}

func TestDevicesOfAPolicyAreFoundWhereverTheServicePutsThem(t *testing.T) {
	t.Parallel()
	const own = contents + "/e1/matchedDevices"
	for name, c := range map[string]struct {
		update string
		want   []string
	}{
		"next to the update": {
			`{"catalogEntryId":"e1","matchedDevices":[{"deviceId":"a"},{"deviceId":"b"}]}`, []string{"e1 a", "e1 b"},
		},
		"behind a link":              {stub.Behind("e1", stub.Root+own+"?$skiptoken=0"), []string{"e1 c"}},
		"not a word, a list of them": {`{"catalogEntryId":"e1"}`, []string{"e1 d"}},
		"none":                       {`{"catalogEntryId":"e1","matchedDevices":[]}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Site(map[string]string{
				expanded: stub.Page("", c.update), own + "?$skiptoken=0": stub.Page("", matched("c")...), own: stub.Page("", matched("d")...),
			})
			got, err := stub.Pairs(t, s.Client(t).Policies().AllMatches(t.Context(), policyID))
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestALinkInsideOfAnUpdateOfAPolicyMustNotLeadAway(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]string{
		"other host":   "https://evil.example/devices",
		"other port":   "https://graph.microsoft.com:8443/devices",
		"other scheme": "http://graph.microsoft.com/devices",
		"no host":      "/devices",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Site(map[string]string{
				expanded: stub.Page("", `{"catalogEntryId":"e0","matchedDevices":[{"deviceId":"a"}]}`, stub.Behind("e1", link)),
			})
			got, err := stub.Pairs(t, s.Client(t).Policies().AllMatches(t.Context(), policyID))
			require.Equal(t, []string{"e0 a"}, got)
			require.ErrorContains(t, err, "policies.AllMatches: the next link leads away")
			require.Equal(t, []string{"GET " + expanded}, s.Log())
		})
	}
}

func TestALinkOfAPolicyThatComesTwiceIsAnError(t *testing.T) {
	t.Parallel()
	const link = contents + "/e1/matchedDevices?$skiptoken=a"
	for name, updates := range map[string][]string{
		"of one update":  {stub.Behind("e1", stub.Root+link)},
		"of two updates": {stub.Behind("e1", stub.Root+link), stub.Behind("e2", stub.Root+link)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			next := map[int]string{1: link}[len(updates)]
			s := stub.Site(map[string]string{expanded: stub.Page("", updates...), link: stub.Page(next, matched("a")...)})
			got, err := stub.Pairs(t, s.Client(t).Policies().AllMatches(t.Context(), policyID))
			require.Equal(t, []string{"e1 a"}, got)
			require.ErrorContains(t, err, "policies.AllMatches: the service repeated")
		})
	}
}

func TestMatchesOfAPolicyEndWithTheErrorOfAnyOfTheirLists(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*stub.Transport{
		"of updates": stub.Site(nil),
		"of devices": stub.Site(map[string]string{expanded: stub.Page("", `{"catalogEntryId":"e1"}`)}),
	} {
		got, err := stub.Pairs(t, s.Client(t).Policies().AllMatches(t.Context(), policyID))
		require.Empty(t, got, name)
		require.ErrorIs(t, err, apierr.ErrNotFound, name)
		require.ErrorContains(t, err, "policies.AllMatches: 404", name)
	}
	s := stub.Site(nil)
	_, err := stub.Pairs(t, s.Client(t).Policies().AllMatches(t.Context(), ""))
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.Empty(t, s.Requests())
}

func TestEachDeviceOfAPolicyIsMatchedWithEachQuirk(t *testing.T) {
	t.Parallel()
	for name, vices := range map[string]simulator.Quirks{
		"none": {}, "inline": {InlineMatches: true}, "empty pages": {EmptyPages: true}, "nulls": {NullItems: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, service := stub.OnSimulator(t, &simulator.Options{PageSize: 2, Quirks: vices})
			require.NoError(t, service.PutGroup(pilots, device1, device2, device3))
			update := newestQuality(t, client).ID
			require.NoError(t, service.MakeApplicable(update, nil, device1, device2, device3))
			p, _ := newRing(t, client, monthlyPolicy, pilotRing)
			got, err := stub.Pairs(t, client.Policies().AllMatches(t.Context(), p.ID))
			require.NoError(t, err)
			require.Equal(t, []string{update + " " + device1, update + " " + device2, update + " " + device3}, got)
		})
	}
}
