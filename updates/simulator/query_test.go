package simulator_test

import (
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	featureCast = namespace + "featureUpdateCatalogEntry"
	qualityCast = namespace + "qualityUpdateCatalogEntry"
)

func TestOptionsThatAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, query := range []string{"$filter=version+eq+'x'", "$search=x", "$top=1&top=2", "$filter=%zz", "a;b"} {
		for _, path := range []string{"/catalog/entries", "/catalog/entries/" + n.entry(version24), "/deployments"} {
			r := n.get(path + "?" + query)
			require.Equal(t, http.StatusBadRequest, r.status, path+query)
			require.Equal(t, "BadRequest", r.code(), path+query)
		}
	}
	require.Equal(t, http.StatusOK, n.get("/catalog/entries?color=blue").status)
}

func TestEncodedNamesOfOptionsAreUnderstood(t *testing.T) {
	t.Parallel()
	require.Len(t, newTenant(t, nil).list("/catalog/entries?%24top=2"), 2)
}

func TestSelectAndContextOfASingleObject(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.get("/catalog/entries('" + n.entry(version24) + "')?$select=displayName")
	require.Equal(t, []string{"@odata.context", "@odata.type", "displayName"}, slices.Sorted(maps.Keys(r.body)))
	require.Equal(t, []string{"@odata.context", "audience", "audience@odata.context"},
		slices.Sorted(maps.Keys(n.get("/deployments/"+n.deploy(`{}`)+"?$select=audience").body)))
}

func TestAnEntryOfAnUnknownTypeKeepsWhatItHas(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Empty: true})
	added := object{"@odata.type": "#" + namespace + "moonUpdateCatalogEntry", "id": "x", "phase": "new"}
	_, err := n.AddEntry(added)
	require.NoError(t, err)
	require.Equal(t, []object{added}, n.list("/catalog/entries?$select=*"))
	require.Equal(t, http.StatusBadRequest, n.filtered("/catalog/entries", "phase eq 'new'").status)
}

func TestRevisionsAreSentOnlyIfTheyAreExpanded(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, item := range n.list("/catalog/entries") {
		require.NotContains(t, item, "productRevisions")
	}
	id := n.quality("2025.11 B")
	revisions := n.get("/catalog/entries/" + id + "?$expand=" + qualityCast + "/productRevisions").body["productRevisions"].([]any)
	require.Len(t, revisions, 4)
	require.Equal(t, object{"id": "KB5068861", "url": "https://support.microsoft.com/help/5068861"},
		revisions[0].(object)["knowledgeBaseArticle"])
}

func TestAnArticleInARevisionHasItsContext(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id := n.quality("2025.11 B")
	expand := "?$expand=" + qualityCast + "/productRevisions"
	want := "https://graph.example/beta/$metadata#admin/windows/updates/catalog/entries('" + id + "')/" + qualityCast +
		"/productRevisions('10.0.26200.7171')/knowledgeBaseArticle/$entity"
	single := n.get("/catalog/entries/" + id + expand).body
	listed := n.list("/catalog/entries" + expand + "&$filter=id%20eq%20'" + id + "'")[0]
	elsewhere := n.request(http.MethodGet, "/catalog/entries/"+id+expand, "")
	elsewhere.URL.Host = "elsewhere.example"
	require.Contains(t, text(n.do(elsewhere).body["productRevisions"]), strings.Replace(want, "graph.", "elsewhere.", 1))
	for _, entry := range []object{single, listed} {
		require.Equal(t, want, entry["productRevisions"].([]any)[0].(object)["knowledgeBaseArticle@odata.context"])
	}
}

func TestRevisionsOfAnAddedEntryNeedNotBeWhole(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{Empty: true})
	for _, revisions := range []any{
		[]any{
			nil, "x", object{"id": "1"}, object{"knowledgeBaseArticle": nil},
			object{"knowledgeBaseArticle": object{}, "knowledgeBaseArticle@odata.context": "mine"},
		},
		"none", nil,
	} {
		id, err := n.AddEntry(object{"@odata.type": "#" + qualityCast, "productRevisions": revisions})
		require.NoError(t, err)
		r := n.get("/catalog/entries/" + id + "?$expand=" + qualityCast + "/productRevisions")
		require.Equal(t, revisions, r.body["productRevisions"])
	}
}

// walk follows next links to the end and returns the sizes of the pages.
func (n *tenant) walk(path string) (sizes []int, all []string) {
	for path != "" {
		r := n.get(path)
		require.Equal(n.t, http.StatusOK, r.status, r.text)
		items := r.body["value"].([]any)
		sizes = append(sizes, len(items))
		for _, item := range items {
			all = append(all, item.(object)["id"].(string))
		}
		next, _ := r.body["@odata.nextLink"].(string)
		require.True(n.t, next == "" || strings.HasPrefix(next, root+"/"), next)
		path = strings.TrimPrefix(next, root)
	}
	return sizes, all
}

func TestListsComeInPages(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{PageSize: 3})
	n.enroll("feature", devices(7)...)
	for query, want := range map[string][]int{
		"":                    {3, 3, 1},
		"?$top=5":             {3, 2},
		"?$top=3":             {3},
		"?$top=0":             {0},
		"?top=4":              {3, 1},
		"?$skip=2":            {3, 2},
		"?$skip=7":            {0},
		"?$skip=8":            {0},
		"?$skip=1&$top=4":     {3, 1},
		"?$orderby=id%20desc": {3, 3, 1},
		"?$filter=not%20(id%20eq%20'" + devices(1)[0] + "')": {3, 3},
	} {
		sizes, _ := n.walk("/updatableAssets" + query)
		require.Equal(t, want, sizes, query)
	}
	second := strings.TrimPrefix(n.get("/updatableAssets").body["@odata.nextLink"].(string), root)
	sizes, _ := n.walk(strings.Replace(second, "%24skiptoken", "skiptoken", 1))
	require.Equal(t, []int{3, 1}, sizes)
	_, all := n.walk("/updatableAssets?$orderby=id%20desc")
	require.Equal(t, reversed(devices(7)), all)
}

func TestANextLinkKeepsTheOtherOptionsAndHost(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{PageSize: 1})
	n.enroll("feature", devices(3)...)
	r := n.get("/updatableAssets?$select=id&$orderby=id%20desc&$count=true&color=a%2Bb")
	require.InDelta(t, 3, r.body["@odata.count"], 0)
	link := r.body["@odata.nextLink"].(string)
	require.NotContains(t, link, "+")
	next, err := url.Parse(link)
	require.NoError(t, err)
	require.Equal(t, "graph.example", next.Host)
	require.Equal(t, "id desc", next.Query().Get("$orderby"))
	require.Equal(t, "id", next.Query().Get("$select"))
	require.Equal(t, "a+b", next.Query().Get("color"))
	require.NotEmpty(t, next.Query().Get("$skiptoken"))
}

func TestAPageHasAHundredItemsUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{PageSize: -1})
	n.enroll("feature", devices(101)...)
	sizes, _ := n.walk("/updatableAssets")
	require.Equal(t, []int{100, 1}, sizes)
}

func TestAPageCanBeAsLargeAsAnInt(t *testing.T) {
	t.Parallel()
	small := newTenant(t, &simulator.Options{PageSize: 1})
	second := strings.TrimPrefix(small.get("/catalog/entries").body["@odata.nextLink"].(string), root)
	sizes, _ := newTenant(t, &simulator.Options{PageSize: math.MaxInt}).walk(second)
	require.Equal(t, []int{len(newTenant(t, nil).list("/catalog/entries")) - 1}, sizes)
}

func TestTheCountIsThatOfTheFilterAndNotOfThePage(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	r := n.get("/catalog/entries?$count=true&$top=1&$skip=1&$filter=" + url.QueryEscape("startswith(displayName,'Windows 11')"))
	require.InDelta(t, 7, r.body["@odata.count"], 0)
	require.Len(t, r.body["value"], 1)
	require.NotContains(t, n.get("/catalog/entries?$count=false").body, "@odata.count")
}

func TestAnArticleComesWithTheRevisionsOfAnEntry(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	path := "/catalog/entries/" + n.quality("2025.11 B") + "?$expand=" + qualityCast + "/productRevisions"
	for _, options := range []string{"", "($top=1)", "($expand=catalogEntry)"} {
		revision := n.get(path + options).body["productRevisions"].([]any)[0].(object)
		require.Contains(t, revision, "knowledgeBaseArticle", options)
		require.NotContains(t, revision, "catalogEntry", options)
	}
}
