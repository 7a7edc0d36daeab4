package odata_test

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

const atlasMaps = namespace + "atlas/maps"

// expanded is the atlas as a query with one expansion sends it.
func expanded(t *testing.T, expand string) odata.Object {
	t.Helper()
	q, err := library().ParseQuery(url.Values{"$expand": {expand}}, "work")
	require.NoError(t, err, expand)
	return q.Shape(works()[1])
}

func TestAPropertyIsSentOnlyWhereItIsExpanded(t *testing.T) {
	t.Parallel()
	q := library().NewQuery("work")
	require.NotContains(t, q.Shape(works()[1]), "maps")
	novel := q.Shape(works()[0])
	require.NotContains(t, novel, "author")
	require.NotContains(t, novel, "author@odata.context")
	require.Equal(t, "it's 11", novel["subtitle"])

	q, err := library().ParseQuery(url.Values{"$expand": {atlasMaps + "," + namespace + "novel/author"}}, "work")
	require.NoError(t, err)
	require.Len(t, q.Shape(works()[1])["maps"], 3)
	novel = q.Shape(works()[0])
	require.Equal(t, odata.Object{"id": "p", "name": "Poe"}, novel["author"])
	require.Equal(t, "authors", novel["author@odata.context"])
}

func TestWhatIsSentUnaskedCanBeExpandedToo(t *testing.T) {
	t.Parallel()
	book := odata.Object{"id": "1", "loans": []any{}, "reader": odata.Object{"id": "r", "name": "Rae"}}
	require.Equal(t, odata.Object{"id": "1", "reader": book["reader"]}, library().NewQuery("copy").Shape(book))
	q, err := library().ParseQuery(url.Values{"$expand": {"reader($select=name)"}}, "copy")
	require.NoError(t, err)
	require.Equal(t, odata.Object{"id": "1", "reader": odata.Object{"name": "Rae"}}, q.Shape(book))
}

func TestAPropertyComesAlongWithAnExpansion(t *testing.T) {
	t.Parallel()
	for _, options := range []string{"", "()", "($top=1)", "($select=id)", "($expand=work)"} {
		first := expanded(t, atlasMaps+options)["maps"].([]any)[0].(odata.Object)
		require.Equal(t, odata.Object{"id": "e", "name": "Eve"}, first["engraver"], options)
		require.Equal(t, options == "($expand=work)", slices.Contains(slices.Collect(maps.Keys(first)), "work"), options)
	}
}

func TestExpandAddsAPropertyToAQuery(t *testing.T) {
	t.Parallel()
	q := library().NewQuery("copy")
	q.Expand("loans")
	require.Equal(t, odata.Object{"loans": []any{odata.Object{"days": 7}}},
		q.Shape(odata.Object{"loans": []any{odata.Object{"days": 7}}, "work": odata.Object{}}))
	q = library().NewQuery("person")
	q.Expand("name")
	require.Equal(t, odata.Object{"name": "Poe"}, q.Shape(odata.Object{"name": "Poe"}))
}

func TestAnExpandedListIsShapedByItsOptions(t *testing.T) {
	t.Parallel()
	for options, want := range map[string]string{
		"$filter=isFolded eq true":                                 "2 3",
		"$filter=isFolded eq true;$orderby=id desc":                "3 2",
		"$orderby=size/width desc;$top=1":                          "1",
		"$top=1;$skip=1":                                           "2",
		"top=1; skip=1":                                            "2",
		"$filter=contains(id,'3') or id eq 'x(;'":                  "3",
		"$filter=id eq 'it''s;' or isFolded eq false":              "1",
		"$expand=work($expand=" + namespace + "atlas/maps);$top=1": "1",
	} {
		items := []odata.Object{}
		for _, item := range expanded(t, atlasMaps+"("+options+")")["maps"].([]any) {
			items = append(items, item.(odata.Object))
		}
		require.Equal(t, want, found(library().NewQuery("map"), items), options)
	}
}

func TestWhatIsExpandedHasOnlyWhatWasSelected(t *testing.T) {
	t.Parallel()
	q, err := library().ParseQuery(url.Values{
		"$select": {"id"}, "$expand": {atlasMaps + "($select=isFolded;$top=1;$skip=2)," + namespace + "novel/author($select=name)"},
	}, "work")
	require.NoError(t, err)
	require.Equal(t, odata.Object{
		"@odata.type": "#" + namespace + "atlas", "id": "a", "maps": []any{odata.Object{"isFolded": true}},
	}, q.Shape(works()[1]))
	require.Equal(t, odata.Object{"name": "Poe"}, q.Shape(works()[0])["author"])
}

func TestAnExpandedPropertyNeedNotHaveTheTypeThatItIsDeclaredWith(t *testing.T) {
	t.Parallel()
	q, err := library().ParseQuery(url.Values{"$expand": {atlasMaps + "($top=2)"}}, "work")
	require.NoError(t, err)
	for _, value := range []any{nil, "none", []any{nil, "x"}, []any{5.0}} {
		atlas := odata.Object{"@odata.type": "#" + namespace + "atlas", "maps": value}
		require.Equal(t, atlas, q.Shape(atlas))
	}
}

func TestExpansionsThatAreRejected(t *testing.T) {
	t.Parallel()
	for _, expand := range []string{
		"", "title", "maps", "loans,", "loans(", "loans)", "loans()x", "loans($expand=work)", "loans($top=x)",
		"loans($color=blue)", "loans($select=nothing)", "loans($filter=days eq 'x)", "loans($top=1;$top=2)",
		"loans($filter=();)", "loans('", "work($expand=)", "work($expand=" + atlasMaps, namespace + "copy/loans",
		namespace + "person/loans",
	} {
		_, err := library().ParseQuery(url.Values{"$expand": {expand}}, "copy")
		requireRejected(t, err, expand)
	}
}

func TestAnExpansionMustCloseItsParenthesesAndQuotes(t *testing.T) {
	t.Parallel()
	// Options without a $ are ignored when they are not known, whatever they are.
	q, err := library().ParseQuery(url.Values{"$expand": {"loans(color='x';size=(y))"}}, "copy")
	require.NoError(t, err)
	require.Len(t, q.Shape(odata.Object{"loans": []any{}}), 1)
	for _, expand := range []string{"loans(color='x)", "loans(color=(x)", "loans(color=x))", "loans(color='(')')"} {
		_, err := library().ParseQuery(url.Values{"$expand": {expand}}, "copy")
		requireRejected(t, err, expand)
		require.Equal(t, "Invalid $expand clause.", err.Error(), expand)
	}
}

func TestExpansionsMayNest(t *testing.T) {
	t.Parallel()
	const depth = 5
	expand := strings.Repeat("work($expand="+atlasMaps+"($expand=", depth) + "engraver" + strings.Repeat("))", depth)
	_, err := library().ParseQuery(url.Values{"$expand": {expand}}, "copy")
	require.NoError(t, err)
}
