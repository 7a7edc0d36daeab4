package odata_test

import (
	"maps"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

func TestListsAreOrdered(t *testing.T) {
	t.Parallel()
	for order, want := range map[string]string{
		"title":                                 "a x n",
		"title asc":                             "a x n",
		"title desc":                            "n x a",
		"published desc":                        "x a n",
		"availableUntil":                        "n x a",
		"availableUntil desc":                   "a n x",
		"availableUntil, title desc":            "n x a",
		namespace + "atlas/isIllustrated desc":  "a n x",
		namespace + "novel/subtitle desc,title": "n a x",
		namespace + "atlas/binding/weight desc": "a n x",
	} {
		q, err := library().ParseQuery(url.Values{"$orderby": {order}}, "work")
		require.NoError(t, err)
		require.Equal(t, want, found(q, works()), order)
	}
}

func TestValuesOfSeveralTypesHaveAnOrder(t *testing.T) {
	t.Parallel()
	q, err := library().ParseQuery(url.Values{"$orderby": {"published"}}, "work")
	require.NoError(t, err)
	objects := []odata.Object{}
	for i, value := range []any{
		odata.Object{}, "yesterday", "2025-01-02T00:00:00Z", "2025-01-01T23:00:00-02:00", 7.5, 7, true, false, nil,
	} {
		objects = append(objects, odata.Object{"id": strconv.Itoa(i), "published": value})
	}
	require.Equal(t, "8 7 6 5 4 2 3 1 0", found(q, objects))
}

func TestSkipAndTopLeaveObjectsOut(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ top, skip, want string }{
		{"2", "0", "n a"}, {"2", "1", "a x"}, {"0", "0", ""}, {"3", "2", "x"}, {"4", "3", ""}, {"1", "4", ""},
		{"2147483647", "1", "a x"}, {"1", "2147483647", ""},
	} {
		q, err := library().ParseQuery(url.Values{"$top": {c.top}, "$skip": {c.skip}}, "work")
		require.NoError(t, err)
		require.Equal(t, c.want, found(q, works()), c)
	}
}

func TestOptionsMayLackTheirSign(t *testing.T) {
	t.Parallel()
	q, err := library().ParseQuery(url.Values{
		"orderby": {"title desc"}, "top": {"2"}, "skip": {"1"}, "filter": {"not (id eq 'none')"}, "count": {"true"},
		"color": {"blue", "red"}, "skiptoken": {odata.PageToken{Offset: 5}.String()},
	}, "work")
	require.NoError(t, err)
	require.Equal(t, "x a", found(q, works()))
	require.True(t, q.Count)
	require.Equal(t, odata.PageToken{Offset: 5}, q.Page)
}

func TestOptionsThatAreRejected(t *testing.T) {
	t.Parallel()
	const novel, atlas = namespace + "novel", namespace + "atlas"
	for _, query := range []string{
		"$orderby=", "$orderby=title+up", "$orderby=title+asc+desc", "$orderby=subtitle", "$orderby=" + atlas + "/maps",
		"$select=subtitle", "$select=", "$select=" + novel, "$select=" + namespace + "reader/name",
		"$expand=maps", "$expand=" + novel + "/subtitle",
		"$top=-1", "$top=x", "$top=1.5", "$top=2147483648", "$top=99999999999", "$skip=-1", "$skip=", "$skip=2147483648",
		"$count=1", "$count=yes", "$skiptoken=x", "$skiptoken=", "$skiptoken=b2Zmc2V0Oi0x", "$skiptoken=b2Zmc2V0Og",
		"$search=x", "$apply=x", "$color=blue", "$top=1&$top=2", "$top=1&top=2", "$filter=subtitle+eq+'x'",
	} {
		values, err := url.ParseQuery(query)
		require.NoError(t, err)
		_, err = library().ParseQuery(values, "work")
		requireRejected(t, err, query)
	}
}

func TestSelectKeepsWhatWasNamed(t *testing.T) {
	t.Parallel()
	for selected, want := range map[string][]string{
		"title":                               {"@odata.type title", "@odata.type title", "@odata.type title"},
		"id, " + namespace + "novel/subtitle": {"@odata.type id subtitle", "@odata.type id", "@odata.type id"},
		namespace + "atlas/binding/material":  {"@odata.type", "@odata.type binding", "@odata.type"},
		namespace + "print/title":             {"@odata.type title", "@odata.type title", "@odata.type"},
	} {
		q, err := library().ParseQuery(url.Values{"$select": {selected}}, "work")
		require.NoError(t, err)
		var got []string
		for _, work := range works() {
			got = append(got, strings.Join(slices.Sorted(maps.Keys(q.Shape(work))), " "))
		}
		require.Equal(t, want, got, selected)
	}
	q, err := library().ParseQuery(url.Values{"$select": {"id,*"}}, "work")
	require.NoError(t, err)
	require.Equal(t, works()[2], q.Shape(works()[2]))
}

func TestAPageTokenSaysWhereAPageBegins(t *testing.T) {
	t.Parallel()
	for _, token := range []odata.PageToken{{}, {Offset: 100}, {Offset: math.MaxInt32}, {Filled: true}, {Offset: 7, Filled: true}} {
		q, err := library().ParseQuery(url.Values{"$skiptoken": {token.String()}}, "work")
		require.NoError(t, err)
		require.Equal(t, token, q.Page)
	}
}

func TestFaultsHaveTheCodeOfTheirStatus(t *testing.T) {
	t.Parallel()
	for want, err := range map[odata.Fault]error{
		{Status: 400, Code: "BadRequest", Message: "No."}:                                          odata.BadRequest("No."),
		{Status: 400, Code: "BadRequest", Message: "Schema validation failed for resource 'book'"}: odata.SchemaFailure("book"),
		{Status: 404, Code: "NotFound", Message: "Requested resource 'book' not found."}:           odata.NotFound("book"),
		{Status: 409, Code: "Conflict", Message: "Taken."}:                                         odata.Conflict("Taken."),
		{Status: 413, Code: "RequestEntityTooLarge", Message: "Less."}:                             odata.NewFault(413, "Less."),
		{Status: 599, Code: "UnknownError", Message: "Who knows."}:                                 odata.NewFault(599, "Who knows."),
	} {
		var fault *odata.Fault
		require.ErrorAs(t, err, &fault)
		require.Equal(t, want, *fault)
		require.Equal(t, want.Message, err.Error())
	}
}
