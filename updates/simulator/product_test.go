package simulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

// product24H2 is the ID of Windows 11, version 24H2.
const product24H2 = "1104"

func TestTheProductsAreThoseOfTheCatalog(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	products := n.list("/products")
	require.Len(t, products, 17)
	require.Equal(t, object{
		"id": product24H2, "name": version24, "groupName": "Windows 11", "friendlyNames": []any{"Version 24H2 (OS build 26100)"},
	}, products[13])
	r := n.get("/products/1104")
	require.Equal(t, "https://graph.example/beta/$metadata#admin/windows/updates/products/$entity", r.body["@odata.context"])
	require.Equal(t, version24, r.body["name"])
	require.Equal(t, http.StatusNotFound, n.get("/products/99").status)
	require.Len(t, n.filtered("/products", "groupName eq 'Windows 10'").body["value"], 10)
	require.Len(t, n.filtered("/products", "revisions/any(r:r/isHotpatchUpdate eq true)").body["value"], 2)
	require.Empty(t, newTenant(t, &simulator.Options{Empty: true}).list("/products"))
}

func TestTheRevisionsOfAProductAreTheBuildsInTheCatalog(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	revisions := n.list("/products/1104/revisions?$expand=knowledgeBaseArticle,catalogEntry($select=displayName)")
	require.Len(t, revisions, 32)
	newest := revisions[0]
	require.Equal(t, "10.0.26100.9457", newest["id"])
	require.Equal(t, object{"id": "KB5129195", "url": "https://support.microsoft.com/help/5129195"}, newest["knowledgeBaseArticle"])
	require.Equal(t, object{
		"@odata.type": "#" + qualityCast, "displayName": "09/14/2026 - 2026.09 OOB SecurityUpdate for Windows 10 and later",
	}, newest["catalogEntry"])

	plain := n.list("/products/1104/revisions")[0]
	require.Contains(t, plain, "osBuild")
	for _, hidden := range []string{
		"catalogEntry", "catalogEntry@odata.context", "knowledgeBaseArticle", "knowledgeBaseArticle@odata.context",
	} {
		require.NotContains(t, plain, hidden)
	}
	require.Equal(t, http.StatusNotFound, n.get("/products/99/revisions").status)
}

func TestAnAddedEntryBringsARevision(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id, err := n.AddEntry(object{"@odata.type": "#" + qualityCast, "productRevisions": []any{
		object{"id": "10.0.26100.9999", "product": "Windows 11", "version": "24H2", "knowledgeBaseArticle": object{"id": "KB5999999"}},
		object{"id": "10.0.26200.9999", "product": "Windows 11", "version": "25H2"}, nil,
	}})
	require.NoError(t, err)
	require.Contains(t, ids(n.list("/products/1104/revisions")), "10.0.26100.9999")
	require.Equal(t, []string{product24H2}, ids(n.list("/products/findByKbNumber(kbNumber=5999999)")))
	require.Equal(t, []string{product24H2, "1105"}, ids(n.list("/products/findByCatalogId(catalogID='"+id+"')")))
}

func TestAnEditionIsInServiceUntilItsEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		inService := func() []string {
			names := []string{}
			for _, e := range n.list("/products/1104/editions?$filter=isInService%20eq%20true") {
				names = append(names, e["releasedName"].(string))
			}
			return names
		}
		require.Len(t, inService(), 4)
		n.Advance(time.Date(2026, 10, 13, 0, 0, 0, 0, time.UTC).Sub(n.Now()) - 1)
		require.Len(t, inService(), 4)
		n.Advance(1)
		require.Equal(t, []string{"Windows 11 Education, version 24H2", "Windows 11 Enterprise, version 24H2"}, inService())
		require.Equal(t, object{
			"id": "1104.4", "name": "Enterprise", "releasedName": "Windows 11 Enterprise, version 24H2", "deviceFamily": "Desktop",
			"generalAvailabilityDateTime": "2024-10-01T00:00:00Z", "endOfServiceDateTime": "2027-10-12T00:00:00Z", "isInService": true,
			"servicingPeriods": []any{
				object{"name": "Modern Lifecycle", "startDateTime": "2024-10-01T00:00:00Z", "endDateTime": "2027-10-12T00:00:00Z"},
			},
		}, n.list("/products/1104/editions")[3])
		require.Equal(t, http.StatusNotFound, n.get("/products/99/editions").status)
	})
}

func TestProductsAreFoundByTheirEndOfService(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := newTenant(t, nil)
		n.Advance(time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC).Sub(n.Now()))
		for months, want := range map[string][]string{"0": {}, "1": {}, "2": {"1104"}, "3": {"1103", "1104"},
			"2147483647": {"1103", "1104", "1105", "1106", "1107"}} {
			require.Equal(t, want, ids(n.list("/products/findByEndOfService(monthsFromToday="+months+")")), months)
		}
		n.Advance(time.Date(2026, 9, 13, 0, 0, 0, 0, time.UTC).Sub(n.Now()))
		require.Equal(t, []string{product24H2}, ids(n.list("/products/findByEndOfService(monthsFromToday=1)")), "the end on the last day")
		n.Advance(time.Date(2026, 10, 13, 0, 0, 0, 0, time.UTC).Sub(n.Now()))
		require.Equal(t, []string{product24H2}, ids(n.list("/products/findByEndOfService(monthsFromToday=0)")), "the end of today")
	})
}

func TestAFoundProductHasTheBuildsAndIssuesOfTheUpdate(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	const expand = "revisions($expand=catalogEntry,knowledgeBaseArticle)," +
		"knownIssues($expand=originatingKnowledgeBaseArticle,resolvingKnowledgeBaseArticle)"
	for _, path := range []string{
		"/products/FindByCatalogId(catalogID='" + n.quality("2025.10 B") + "')?expand=" + expand,
		"/products/findByKbNumber(kbNumber=5066835)?$expand=" + url.QueryEscape(expand),
		"/products/" + namespace + "findByKbNumber(kbNumber=@n)?@n=5066835&$expand=" + url.QueryEscape(expand),
	} {
		r := n.get(path)
		require.Equal(t, "https://graph.example/beta/$metadata#Collection("+namespace+"product)", r.body["@odata.context"])
		var found object
		for _, item := range r.body["value"].([]any) {
			if p := item.(object); p["id"] == product24H2 {
				found = p
			}
		}
		revisions := found["revisions"].([]any)
		require.Len(t, revisions, 1, path)
		require.Equal(t, "KB5066835", revisions[0].(object)["knowledgeBaseArticle"].(object)["id"])
		require.Equal(t, "2025.10 B", revisions[0].(object)["catalogEntry"].(object)["shortName"])
		require.NotContains(t, revisions[0].(object)["catalogEntry"], "productRevisions")
		issues := found["knownIssues"].([]any)
		require.Len(t, issues, 1, path)
		require.Equal(t, "WI1000001", issues[0].(object)["id"])
		require.Equal(t, "KB5066835", issues[0].(object)["originatingKnowledgeBaseArticle"].(object)["id"])
		require.Equal(t, "KB5070773", issues[0].(object)["resolvingKnowledgeBaseArticle"].(object)["id"])
		require.NotContains(t, found, "editions")
	}
	require.Empty(t, n.list("/products/findByKbNumber(kbNumber=1)"))
	require.Empty(t, n.list("/products/findByCatalogId(catalogID='x')"))
}

func TestArgumentsThatAreRejected(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	for _, path := range []string{
		"/products/findByCatalogId(catalogID=5)", "/products/findByCatalogId(id='x')", "/products/findByCatalogId(catalogID=')",
		"/products/findByKbNumber(kbNumber=KB5066835)", "/products/findByKbNumber(kbNumber='5066835')", "/products/findByKbNumber()",
		"/products/findByKbNumber(kbNumber=-1)", "/products/findByKbNumber(kbNumber=99999999999)", "/products/findByKbNumber(kbNumber=@n)",
		"/products/findByEndOfService(monthsFromToday=x)", "/knownIssues/findByKbNumber(kbNumber=x)",
		"/products/1104/getKnownIssuesByTimeRange(daysInPast=-1,includeAllActive=true)",
		"/products/1104/getKnownIssuesByTimeRange(daysInPast=5,includeAllActive=maybe)",
		"/products/1104/getKnownIssuesByTimeRange(includeAllActive=true)", "/products/1104/getKnownIssuesByTimeRange(daysInPast=((5)",
		"/products/findByKbNumber(kbNumber=5066835)?a;b", "/products/findByKbNumber(kbNumber=5066835)?$top=x",
	} {
		r := n.get(path)
		require.Equal(t, http.StatusBadRequest, r.status, path)
	}
	require.Equal(t, http.StatusMethodNotAllowed, n.post("/products/findByKbNumber(kbNumber=1)", "").status)
}

func TestATextInAnArgumentIsDecoded(t *testing.T) {
	t.Parallel()
	n := newTenant(t, nil)
	id, err := n.AddEntry(object{"@odata.type": "#" + qualityCast, "id": "it's (a), b/c", "productRevisions": []any{
		object{"id": "x", "product": "Windows 11", "version": "24H2"},
	}})
	require.NoError(t, err)
	path := "/products/findByCatalogId(catalogID='" + url.PathEscape(strings.ReplaceAll(id, "'", "''")) + "')/"
	require.Equal(t, []string{product24H2}, ids(n.list(path)))
}
