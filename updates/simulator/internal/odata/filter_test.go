package odata_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func TestFilters(t *testing.T) {
	t.Parallel()
	const novel, atlas = namespace + "novel", namespace + "atlas"
	for filter, want := range map[string]string{ // what matches, or "?" where the filter is rejected
		"isof('" + novel + "')":                                             "n",
		"isof('" + namespace + "print')":                                    "n a",
		"not isof('" + novel + "')":                                         "a x",
		"not not isof('" + novel + "')":                                     "n",
		"isof('" + novel + "') or isof('" + atlas + "')":                    "n a",
		"id eq 'n' or id eq 'a' and id eq 'x'":                              "n",
		"(id eq 'n' or id eq 'a') and not (id eq 'n')":                      "a",
		novel + "/subtitle eq 'it''s 11'":                                   "n",
		novel + "/subtitle ne 'it''s 11'":                                   "a x",
		novel + "/subtitle eq null":                                         "a x",
		novel + "/id eq 'n'":                                                "n",
		atlas + "/isIllustrated eq true":                                    "a",
		atlas + "/isIllustrated":                                            "a",
		"true eq " + atlas + "/isIllustrated":                               "a",
		atlas + "/isIllustrated ne true":                                    "n x",
		atlas + "/binding/weight ge 9.8":                                    "a",
		atlas + "/binding/weight gt 9.8":                                    "",
		atlas + "/binding/weight lt 1e1":                                    "a",
		atlas + "/binding/weight gt -1":                                     "a",
		atlas + "/binding/material eq 'linen'":                              "a",
		atlas + "/maps/any(p:p/isFolded eq true)":                           "a",
		atlas + "/maps/any(p:p/isFolded eq true and p/id eq '10.0.1')":      "",
		atlas + "/maps/any(p:p/size/width eq 26100 and title eq 'Montana')": "a",
		"published gt 2025-11-10T23:59:59Z":                                 "a x",
		"published ge 2025-11-11T01:00:00+01:00":                            "a x",
		"published le 2025-11-11":                                           "n a",
		"published lt 2025-11-11":                                           "n",
		"availableUntil lt 2040-01-01T00:00:00Z":                            "a",
		"availableUntil eq null":                                            "n x",
		"title gt 'Moo'":                                                    "n x",
		"contains(title,'on')":                                              "a x",
		"startswith(title, 'Mo')":                                           "a x",
		"endswith( title , '11' )":                                          "n",
		"contains(title,'on') eq true":                                      "?",
		"id in ('n','x', 'y')":                                              "n x",
		"not (id in ('n'))":                                                 "a x",
		"  id   eq 'n'  ":                                                   "n",
		"true":                                                              "n a x",
		"false":                                                             "",
		"":                                                                  "?",
		"id":                                                                "?",
		"id eq":                                                             "?",
		"id eq n":                                                           "?",
		"id eq 'n":                                                          "?",
		"id eq \"n\"":                                                       "?",
		"id == 'n'":                                                         "?",
		"id eq 'n' and":                                                     "?",
		"id eq 'n' id eq 'n'":                                               "?",
		"id eq 5":                                                           "?",
		"id eq true":                                                        "?",
		"(id eq 'n'":                                                        "?",
		"id eq 'n')":                                                        "?",
		"ID eq 'n'":                                                         "?",
		"id EQ 'n'":                                                         "?",
		"id in 'n'":                                                         "?",
		"id in ('n' 'x')":                                                   "?",
		"id in ('n',5)":                                                     "?",
		"id in ()":                                                          "?",
		"subtitle eq 'it''s 11'":                                            "?",
		"phase eq 'new'":                                                    "?",
		"isIllustrated eq true":                                             "?",
		atlas + "/isIllustrated gt false":                                   "?",
		atlas + "/isIllustrated eq 'true'":                                  "?",
		atlas + "/subtitle eq 'x'":                                          "?",
		atlas + " eq 'x'":                                                   "?",
		atlas + "/binding eq 'x'":                                           "?",
		atlas + "/binding/color eq 'x'":                                     "?",
		atlas + "/maps eq 'x'":                                              "?",
		atlas + "/maps/any()":                                               "?",
		atlas + "/maps/any(p:isFolded)":                                     "?",
		atlas + "/maps/any(p p/isFolded)":                                   "?",
		atlas + "/maps/any(p:p/isFolded":                                    "?",
		atlas + "/maps/all(p:p/isFolded)":                                   "?",
		atlas + "/maps/any(p:p/maps/any(p:true))":                           "?",
		"id/any(p:p eq 'x')":                                                "?",
		"'a' eq " + atlas + "/maps/any(p:p/isFolded)":                       "?",
		"published gt '2025-11-10'":                                         "?",
		"published gt 2025-13-10":                                           "?",
		"isof('#" + novel + "')":                                            "?",
		"isof('novel')":                                                     "?",
		"isof('" + namespace + "reader')":                                   "?",
		"isof(" + novel + ")":                                               "?",
		"isof(id,'" + novel + "')":                                          "?",
		"length(id) eq 1":                                                   "?",
		"contains(id)":                                                      "?",
		"contains(id,5)":                                                    "?",
		"id eq 'n' and length(id) eq 1":                                     "?",
		namespace + "reader/errors eq null":                                 "?",
		"/id eq 'n'":                                                        "?",
		atlas + "/maps eq " + atlas + "/maps":                               "?",
		atlas + "/binding eq " + atlas + "/binding":                         "?",
		strings.Repeat("(true) and ", 100) + "true":                         "n a x",
		"id/5 eq 5":                                                         "?",
		"id/ eq 'n'":                                                        "?",
		"id eq 'n'\x00":                                                     "?",
		"id eq 'n'\tor id eq 'x'":                                           "?",
		strings.Repeat("(", 10000):                                          "?",
		strings.Repeat("(", 65) + "true" + strings.Repeat(")", 65): "?",
		strings.Repeat("(", 60) + "true" + strings.Repeat(")", 60): "n a x",
	} {
		t.Run(filter[:min(len(filter), 100)], func(t *testing.T) {
			t.Parallel()
			q, err := library().ParseQuery(url.Values{"$filter": {filter}}, "work")
			if want == "?" {
				requireRejected(t, err)
				return
			}
			require.NoError(t, err)
			require.Equal(t, want, found(q, works()))
		})
	}
}

func TestAFilterReachesThroughObjectsAndLists(t *testing.T) {
	t.Parallel()
	atlas := works()[1]
	for filter, want := range map[string]int{
		"shelf/room eq 'north'":                                                  1,
		"shelf/" + namespace + "openShelf/height gt 2":                           1,
		"shelf/" + namespace + "closedShelf/key eq 'k'":                          0,
		"shelf/work" + "/" + namespace + "atlas/isIllustrated":                   1,
		"loans/any(l:l/" + namespace + "renewal/times eq 3)":                     1,
		"loans/any(l:l/days in (7,30))":                                          1,
		"loans/any(l:l/days gt 30)":                                              0,
		"loans/any(l:l/tags/any(t:l/days eq 30))":                                1,
		"loans/any(l:l/days eq 30) and not loans/any(l:l/days eq 31)":            1,
		"loans/any(l:l/days eq 7 and l/" + namespace + "renewal/times eq null)":  1,
		"loans/any(l:l/days eq 30 and l/" + namespace + "renewal/times eq null)": 0,
	} {
		q, err := library().ParseQuery(url.Values{"$filter": {filter}}, "copy")
		require.NoError(t, err, filter)
		copies := []odata.Object{{
			"shelf": odata.Object{"@odata.type": "#" + namespace + "openShelf", "room": "north", "height": 3, "work": atlas},
			"loans": []any{
				odata.Object{"days": 7},
				odata.Object{"@odata.type": "#" + namespace + "renewal", "days": 30, "times": 3, "tags": []any{odata.Object{}}},
				"not an object",
			},
		}, {}}
		require.Len(t, q.Find(len(copies), func(i int) odata.Object { return copies[i] }), want, filter)
	}
}

func FuzzFilter(f *testing.F) {
	for _, filter := range []string{
		"", "true", "id eq 'n'", "isof('" + namespace + "atlas')", "not (id in ('a','b'))",
		namespace + "atlas/maps/any(p:p/isFolded eq true)", "published ge 2025-01-01",
		"contains(title,'o') or startswith(title,'x') and title ne null", "((((", "'", "id eq -1e400", "any(p:p)",
		"a/any(a:a/b)", namespace + "atlas/binding/weight lt 5", "in in (in)", "not", "id eq 'x' and not",
	} {
		f.Add(filter)
	}
	f.Fuzz(func(t *testing.T, filter string) {
		q, err := library().ParseQuery(url.Values{"$filter": {filter}}, "work")
		if err != nil {
			requireRejected(t, err)
			return
		}
		found(q, works())
	})
}
