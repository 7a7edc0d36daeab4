package audience_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// matchedDevices is a page of devices, with a next link below the service's root
// where there is one.
func matchedDevices(next string, ids ...string) string {
	items := []string{}
	for _, id := range ids {
		items = append(items, fmt.Sprintf(`{"deviceId":%q,"recommendedBy":["Microsoft"]}`, id))
	}
	return stub.Page(next, items...)
}

func TestAllDevicesBehindALinkInsideOfTheSecondPageAreSeen(t *testing.T) {
	t.Parallel()
	const nested = content + "/e2/matchedDevices"
	ids := stub.DeviceIDs(101)
	s := stub.Site(map[string]string{
		expanded:                   stub.Page(content+"?$skiptoken=e1", `{"catalogEntryId":"e1","matchedDevices":[]}`),
		content + "?$skiptoken=e1": stub.Page("", `{"catalogEntryId":"e2","catalogEntry":`+driver+`,"matchedDevices":[],"matchedDevices@odata.nextLink":"`+stub.Root+nested+`?$skiptoken=0"}`),
		nested + "?$skiptoken=0":   matchedDevices(nested+"?$skiptoken=1", ids[:100]...),
		nested + "?$skiptoken=1":   matchedDevices(nested + "?$skiptoken=2"),
		nested + "?$skiptoken=2":   matchedDevices("", ids[100:]...),
	})
	matches := s.Client(t).Audiences().AllMatches(t.Context(), audience.ByID(audienceID))
	require.Empty(t, s.Requests(), "nothing is sent before the first pull")
	for round := range 2 {
		var got []string
		for match, err := range matches {
			require.NoError(t, err)
			require.Equal(t, "Contoso LAN", match.Entry.(*catalog.DriverUpdate).DisplayName)
			require.True(t, match.Device.IsRecommendedBy("microsoft"))
			stub.RequireStored(t, match)
			got = append(got, match.Device.DeviceID)
		}
		require.Equal(t, ids, got)
		require.Len(t, s.Requests(), 5*(round+1))
	}
}

func TestDevicesAreSeenWhereverTheServicePutsThem(t *testing.T) {
	t.Parallel()
	const own = content + "/e1/matchedDevices"
	for name, c := range map[string]struct {
		update string
		want   []string
	}{
		"5.23 inline": {
			`{"catalogEntryId":"e1","matchedDevices":[{"deviceId":"a"},{"deviceId":"b"}]}`, []string{"e1 a", "e1 b"},
		},
		"5.23 behind a link": {stub.Behind("e1", stub.Root+own+"?$skiptoken=0"), []string{"e1 c", "e1 d"}},
		"inline and behind a link": {
			`{"catalogEntryId":"e1","matchedDevices":[{"deviceId":"a"}],"matchedDevices@odata.nextLink":"` + stub.Root + own + `?$skiptoken=0"}`,
			[]string{"e1 a", "e1 c", "e1 d"},
		},
		"a link alone": {
			`{"catalogEntryId":"e1","matchedDevices@odata.nextLink":"` + stub.Root + own + `?$skiptoken=0"}`,
			[]string{"e1 c", "e1 d"},
		},
		"not a word, a list of them": {`{"catalogEntryId":"e1"}`, []string{"e1 f"}},
		"null, and a list of them":   {`{"catalogEntryId":"e1","matchedDevices":null}`, []string{"e1 f"}},
		"none":                       {`{"catalogEntryId":"e1","matchedDevices":[]}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Site(map[string]string{
				"/deployments/x/audience": `{"id":"` + audienceID + `"}`,
				expanded:                  stub.Page("", c.update),
				own + "?$skiptoken=0":     `{"value":[{"deviceId":"c"},null,{"deviceId":"d"}]}`,
				own:                       `{"value":[{"deviceId":"f"}]}`,
			})
			for _, of := range []audience.Ref{audience.ByID(audienceID), audience.OfDeployment("x")} {
				got, err := stub.Pairs(t, s.Client(t).Audiences().AllMatches(t.Context(), of))
				require.NoError(t, err)
				require.Equal(t, c.want, got)
			}
		})
	}
}

func TestAnUpdateIsNamedByItsEntryWhereItHasNoIDOfItsOwn(t *testing.T) {
	t.Parallel()
	const own = content + "/e1/matchedDevices"
	for name, update := range map[string]string{
		"devices inline": `{"catalogEntry":` + driver + `,"matchedDevices":[{"deviceId":"a"}]}`,
		"in a list":      `{"catalogEntryId":null,"catalogEntry":` + driver + `}`,
		"an empty id":    `{"catalogEntryId":"","catalogEntry":` + driver + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Site(map[string]string{expanded: stub.Page("", update), own: matchedDevices("", "a")})
			got, err := stub.Pairs(t, s.Client(t).Audiences().AllMatches(t.Context(), audience.ByID(audienceID)))
			require.NoError(t, err)
			require.Equal(t, []string{"e1 a"}, got)
		})
	}
}

func TestAnUpdateWithoutAnIDIsTheFaultOfTheService(t *testing.T) {
	t.Parallel()
	for name, update := range map[string]string{
		"devices inline": `{"matchedDevices":[{"deviceId":"a"}]}`,
		"none":           `{"matchedDevices":[]}`,
		"behind a link":  stub.Behind("", stub.Root+"/devices"),
		"in a list":      `{"catalogEntry":{"id":""}}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Site(map[string]string{expanded: stub.Page("", `{"catalogEntryId":"e0","matchedDevices":[{"deviceId":"a"}]}`, update)})
			got, err := stub.Pairs(t, s.Client(t).Audiences().AllMatches(t.Context(), audience.ByID(audienceID)))
			require.Equal(t, []string{"e0 a"}, got)
			require.EqualError(t, err, "audiences.AllMatches: the service sent applicable content without an ID")
			require.NotErrorIs(t, err, apierr.ErrInvalid)
			require.Equal(t, []string{"GET " + expanded}, s.Log())
		})
	}
}

func TestADeviceWithoutAnIDIsNoMatch(t *testing.T) {
	t.Parallel()
	s := stub.Site(map[string]string{
		expanded: stub.Page("", `{"catalogEntryId":"e1","matchedDevices":[{"recommendedBy":["Microsoft"]},`+
			`{"deviceId":"a"},{"deviceId":null}],"matchedDevices@odata.nextLink":"`+stub.Root+`/devices"}`),
		"/devices": `{"value":[{"deviceId":""},{"deviceId":"b"}]}`,
	})
	got, err := stub.Pairs(t, s.Client(t).Audiences().AllMatches(t.Context(), audience.ByID(audienceID)))
	require.NoError(t, err)
	require.Equal(t, []string{"e1 a", "e1 b"}, got)
}

func TestALinkInsideOfAnUpdateMustNotLeadAway(t *testing.T) {
	t.Parallel()
	for name, link := range map[string]string{
		"other host":   "https://evil.example/devices",
		"other port":   "https://graph.microsoft.com:8443/devices",
		"other scheme": "http://graph.microsoft.com/devices",
		"user":         "https://me:secret@graph.microsoft.com/devices",
		"no host":      "/devices",
		"no link":      "::",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Site(map[string]string{
				expanded: stub.Page("", `{"catalogEntryId":"e0","matchedDevices":[{"deviceId":"a"}]}`, stub.Behind("e1", link)),
			})
			got, err := stub.Pairs(t, s.Client(t).Audiences().AllMatches(t.Context(), audience.ByID(audienceID)))
			require.Equal(t, []string{"e0 a"}, got)
			require.ErrorContains(t, err, "audiences.AllMatches: the next link leads away")
			require.Equal(t, []string{"GET " + expanded}, s.Log())
		})
	}
}

func TestALinkThatComesTwiceIsAnError(t *testing.T) {
	t.Parallel()
	const a, b = content + "/e1/matchedDevices?$skiptoken=a", content + "/e1/matchedDevices?$skiptoken=b"
	for name, c := range map[string]struct {
		updates []string
		bodies  map[string]string
		want    []string
	}{
		"the first page again": {[]string{stub.Behind("e1", stub.Root+a)}, map[string]string{a: matchedDevices(a, "1")}, []string{"e1 1"}},
		"a later page again": {
			[]string{stub.Behind("e1", stub.Root+a)}, map[string]string{a: matchedDevices(b, "1"), b: matchedDevices(b, "2")},
			[]string{"e1 1", "e1 2"},
		},
		"a circle": {
			[]string{stub.Behind("e1", stub.Root+a)}, map[string]string{a: matchedDevices(b, "1"), b: matchedDevices(a, "2")},
			[]string{"e1 1", "e1 2"},
		},
		"two updates, one link": {
			[]string{stub.Behind("e1", stub.Root+a), stub.Behind("e2", stub.Root+a)}, map[string]string{a: matchedDevices("", "1")},
			[]string{"e1 1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.bodies[expanded] = stub.Page("", c.updates...)
			s := stub.Site(c.bodies)
			got, err := stub.Pairs(t, s.Client(t).Audiences().AllMatches(t.Context(), audience.ByID(audienceID)))
			require.Equal(t, c.want, got)
			require.ErrorContains(t, err, "audiences.AllMatches: the service repeated")
			require.Len(t, s.Requests(), 1+len(c.bodies)-1)
		})
	}
}

func TestAFailureAmongMatchesIsYieldedOnceAndLast(t *testing.T) {
	t.Parallel()
	for name, update := range map[string]string{
		"behind a link": stub.Behind("e1", stub.Root+"/gone"),
		"in a list":     `{"catalogEntryId":"e1"}`,
		"no id":         `{}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Site(map[string]string{expanded: stub.Page("", update, stub.Behind("e2", stub.Root+"/next")), "/next": matchedDevices("", "a")})
			got, err := stub.Pairs(t, s.Client(t).Audiences().AllMatches(t.Context(), audience.ByID(audienceID)))
			require.Empty(t, got)
			require.ErrorContains(t, err, "audiences.AllMatches: ")
		})
	}
	_, err := stub.Pairs(t, stub.Site(nil).Client(t).Audiences().AllMatches(t.Context(), audience.ByID(audienceID)))
	require.ErrorIs(t, err, apierr.ErrNotFound)
	_, err = stub.Pairs(t, audience.Client{}.AllMatches(t.Context(), audience.ByID(audienceID)))
	require.ErrorContains(t, err, "updates.NewClient")
}

func TestAStoppedIterationRequestsNothingMore(t *testing.T) {
	t.Parallel()
	const next = content + "?$skiptoken=1"
	for name, update := range map[string]string{
		"inline": `{"catalogEntryId":"e1","matchedDevices":[{"deviceId":"a"},{"deviceId":"b"}],` +
			`"matchedDevices@odata.nextLink":"` + stub.Root + `/devices"}`,
		"behind a link": stub.Behind("e1", stub.Root+"/devices"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := stub.Site(map[string]string{expanded: stub.Page(next, update), "/devices": matchedDevices("/more", "a", "b")})
			for match, err := range s.Client(t).Audiences().AllMatches(t.Context(), audience.ByID(audienceID)) {
				require.NoError(t, err)
				require.Equal(t, "a", match.Device.DeviceID)
				break
			}
			require.NotContains(t, s.Log(), "GET "+next)
			require.NotContains(t, s.Log(), "GET /more")
		})
	}
}

func TestListsOfOthersArePairedToo(t *testing.T) {
	t.Parallel()
	contents := odata.NewList("policies.AllMatches", 0, func(context.Context, string) (*odata.Page[*audience.ApplicableContent], error) {
		return &odata.Page[*audience.ApplicableContent]{
			Items: []*audience.ApplicableContent{{EntryID: "e1", NextDevices: "n"}, {EntryID: "e2", NextDevices: "n"}},
		}, nil
	})
	asked := []string{}
	rest := func(c *audience.ApplicableContent) odata.List[*audience.DeviceMatch] {
		asked = append(asked, c.EntryID+" "+c.NextDevices)
		return odata.NewList("", 0, func(context.Context, string) (*odata.Page[*audience.DeviceMatch], error) {
			return &odata.Page[*audience.DeviceMatch]{Items: []*audience.DeviceMatch{{DeviceID: "a"}}}, nil
		})
	}
	got, err := stub.Pairs(t, audience.Internal.EachMatch(t.Context(), "policies.AllMatches", contents, rest))
	require.Equal(t, []string{"e1 a"}, got)
	require.Equal(t, []string{"e1 n"}, asked)
	failure, ok := errors.AsType[*apierr.Error](err)
	require.True(t, ok)
	require.Equal(t, "policies.AllMatches", failure.Op)
}
