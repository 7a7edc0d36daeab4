package simulator_test

import (
	"maps"
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

func TestListsAreOrdered(t *testing.T) {
	t.Parallel()
	n := catalogOfThree(t)
	for order, want := range map[string]string{
		"displayName":                               "q x f",
		"displayName asc":                           "q x f",
		"displayName desc":                          "f x q",
		"releaseDateTime desc":                      "x q f",
		"deployableUntilDateTime":                   "f x q",
		"deployableUntilDateTime desc":              "q f x",
		"deployableUntilDateTime, displayName desc": "f x q",
		qualityCast + "/isExpeditable desc":         "q f x",
		featureCast + "/version desc,displayName":   "f q x",
	} {
		got := ids(n.list("/catalog/entries?$orderby=" + url.QueryEscape(order)))
		require.Equal(t, want, strings.Join(got, " "), order)
	}
}

func TestOptionsThatAreRefused(t *testing.T) {
	t.Parallel()
	n := catalogOfThree(t)
	for _, query := range []string{
		"$orderby=", "$orderby=displayName+up", "$orderby=displayName+asc+desc", "$orderby=version",
		"$orderby=" + qualityCast + "/productRevisions",
		"$select=version", "$select=", "$select=" + featureCast, "$expand=productRevisions", "$expand=" + featureCast + "/version",
		"$top=-1", "$top=x", "$top=1.5", "$top=99999999999", "$skip=-1", "$skip=", "$count=1", "$count=yes",
		"$skiptoken=x", "$skiptoken=", "$skiptoken=b2Zmc2V0Oi0x", "$search=x", "$apply=x", "$colour=blue",
		"$top=1&$top=2", "$top=1&top=2", "$filter=%zz", "a;b",
	} {
		r := n.get("/catalog/entries?" + query)
		require.Equal(t, http.StatusBadRequest, r.status, query)
		require.Equal(t, "BadRequest", r.code(), query)
	}
	require.Equal(t, http.StatusBadRequest, n.get("/catalog/entries/f?$select=version").status)
	require.Equal(t, http.StatusBadRequest, n.get("/catalog/entries/f?%zz").status)
	require.Equal(t, http.StatusOK, n.get("/catalog/entries?colour=blue").status)
}

func TestOptionsMayLackTheirSign(t *testing.T) {
	t.Parallel()
	n := catalogOfThree(t)
	got := n.list("/catalog/entries?orderby=displayName+desc&top=2&skip=1&filter=" + url.QueryEscape("not (id eq 'none')"))
	require.Equal(t, []string{"x", "q"}, ids(got))
}

func TestEncodedNamesOfOptionsAreUnderstood(t *testing.T) {
	t.Parallel()
	require.Len(t, catalogOfThree(t).list("/catalog/entries?%24top=2"), 2)
}

func TestSelectKeepsWhatWasNamed(t *testing.T) {
	t.Parallel()
	n := catalogOfThree(t)
	for query, want := range map[string][]string{
		"$select=displayName": {
			"@odata.type displayName", "@odata.type displayName", "@odata.type displayName",
		},
		"$select=id, " + featureCast + "/version": {"@odata.type id version", "@odata.type id", "@odata.type id"},
		"$select=id&$expand=" + qualityCast + "/productRevisions": {
			"@odata.type id", "@odata.type id productRevisions", "@odata.type id",
		},
		"$select=" + qualityCast + "/cveSeverityInformation/maxSeverity": {
			"@odata.type", "@odata.type cveSeverityInformation", "@odata.type",
		},
	} {
		var got []string
		for _, item := range n.list("/catalog/entries?" + strings.ReplaceAll(query, " ", "%20")) {
			got = append(got, strings.Join(slices.Sorted(maps.Keys(item)), " "))
		}
		require.Equal(t, want, got, query)
	}
	require.Contains(t, n.list("/catalog/entries?$select=*")[2], "phase")
}

func TestSelectAndContextOfASingleObject(t *testing.T) {
	t.Parallel()
	n := catalogOfThree(t)
	r := n.get("/catalog/entries('f')?$select=displayName")
	require.Equal(t, []string{"@odata.context", "@odata.type", "displayName"}, slices.Sorted(maps.Keys(r.body)))
	id := newTenant(t, nil)
	d := id.deploy(`{}`)
	require.Equal(t, []string{"@odata.context", "audience", "audience@odata.context"},
		slices.Sorted(maps.Keys(id.get("/deployments/"+d+"?$select=audience").body)))
}

func TestRevisionsAreThereOnlyWhenTheyAreExpanded(t *testing.T) {
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
	r := n.get("/updatableAssets?$select=id&$orderby=id%20desc&$count=true&colour=a%2Bb")
	require.InDelta(t, 3, r.body["@odata.count"], 0)
	link := r.body["@odata.nextLink"].(string)
	require.NotContains(t, link, "+")
	next, err := url.Parse(link)
	require.NoError(t, err)
	require.Equal(t, "graph.example", next.Host)
	require.Equal(t, "id desc", next.Query().Get("$orderby"))
	require.Equal(t, "id", next.Query().Get("$select"))
	require.Equal(t, "a+b", next.Query().Get("colour"))
	require.NotEmpty(t, next.Query().Get("$skiptoken"))
}

func TestAPageHasAHundredItemsUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	n := newTenant(t, &simulator.Options{PageSize: -1})
	n.enroll("feature", devices(101)...)
	sizes, _ := n.walk("/updatableAssets")
	require.Equal(t, []int{100, 1}, sizes)
}

func TestTheCountIsThatOfTheFilterAndNotOfThePage(t *testing.T) {
	t.Parallel()
	n := catalogOfThree(t)
	r := n.get("/catalog/entries?$count=true&$top=1&$skip=1&$filter=" + url.QueryEscape("id in ('f','q')"))
	require.InDelta(t, 2, r.body["@odata.count"], 0)
	require.Len(t, r.body["value"], 1)
	require.NotContains(t, n.get("/catalog/entries?$count=false").body, "@odata.count")
}
