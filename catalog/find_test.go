package catalog_test

import (
	"errors"
	"fmt"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// builds is a catalog whose first update is not the newest. Each revision gives
// its build and article in another way.
const builds = `{"value":[
	{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"old","displayName":"Old",
		"releaseDateTime":"2024-10-08T00:00:00Z","qualityUpdateClassification":"security","productRevisions":[
		{"id":"10.0.26100.2033","osBuild":{"majorVersion":10,"buildNumber":26100,"updateBuildRevision":2033},
			"knowledgeBaseArticle":{"id":"KB5044284"}},
		{"id":"10.0.22621.4317","knowledgeBaseArticle":{"id":"kb5044285"}}]},
	{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"new","displayName":"New",
		"releaseDateTime":"2024-11-12T00:00:00Z","qualityUpdateClassification":"security","productRevisions":[
		{"id":"revision-7","osBuild":{"majorVersion":10,"buildNumber":26100,"updateBuildRevision":2314},
			"knowledgeBaseArticle":{"id":"KB5046617"}},
		{"id":"10.0.22621.4460","knowledgeBaseArticle":{"id":"KB1"}}]},
	{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"preview","displayName":"Preview",
		"releaseDateTime":"2024-11-21T00:00:00Z","qualityUpdateClassification":"nonSecurity","productRevisions":[
		{"id":"10.0.19045.5198","knowledgeBaseArticle":null},{"id":"10.0.22621.4460","knowledgeBaseArticle":{"id":"KB1"}}]},
	{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"ancient","releaseDateTime":"2022-01-11T00:00:00Z",
		"qualityUpdateClassification":"security","productRevisions":[]}
]}`

func TestAnUpdateIsFoundByItsArticle(t *testing.T) {
	t.Parallel()
	for number, want := range map[int]string{5044284: "old", 5044285: "old", 5046617: "new"} {
		service := stub.Answering(stub.Answer(200, builds))
		update, err := service.Client(t).Catalog().FindByKB(t.Context(), number)
		require.NoError(t, err)
		require.Equal(t, want, update.ID)
		require.Len(t, update.Revisions, 2)
		requireRead(t, service.Only(t), "/catalog/entries", url.Values{
			"$filter": {isQuality}, "$expand": {"microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry/productRevisions"},
		})
	}
}

func TestAnUpdateIsFoundByItsBuild(t *testing.T) {
	t.Parallel()
	client := stub.Answering(stub.Answer(200, builds)).Client(t).Catalog()
	for build, want := range map[string]string{
		"26100.2033": "old", "10.0.26100.2033": "old", "22621.4317": "old", "26100.2314": "new", "19045.5198": "preview",
		catalog.Build{Major: 10, Number: 26100, Revision: 2314}.String(): "new",
	} {
		update, err := client.FindByBuild(t.Context(), build)
		require.NoError(t, err, build)
		require.Equal(t, want, update.ID, build)
	}
}

func TestTheNewestSecurityUpdateIsFoundInAnyOrder(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, builds))
	update, err := service.Client(t).Catalog().FindLatestSecurityUpdate(t.Context())
	require.NoError(t, err)
	require.Equal(t, "new", update.ID)
	requireRead(t, service.Only(t), "/catalog/entries", url.Values{"$filter": {isQuality}})
}

func TestTheLatestExpeditableIsASecurityUpdateThatCanBeExpedited(t *testing.T) {
	t.Parallel()
	update := func(id, day, classification string, expeditable bool) string {
		return fmt.Sprintf(`{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":%q,
			"releaseDateTime":"2026-11-%sT00:00:00Z","qualityUpdateClassification":%q,"isExpeditable":%t}`,
			id, day, classification, expeditable)
	}
	service := stub.Answering(stub.Answer(200, `{"value":[`+update("old", "03", "security", true)+","+update("want", "10", "security", true)+","+
		update("preview", "24", "nonSecurity", true)+","+update("too new", "25", "security", false)+`]}`))
	found, err := service.Client(t).Catalog().FindLatestExpeditable(t.Context())
	require.NoError(t, err)
	require.Equal(t, "want", found.ID)
	requireRead(t, service.Only(t), "/catalog/entries", url.Values{"$filter": {isQuality + " and microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry/isExpeditable eq true"}})

	none := stub.Answering(stub.Answer(200, `{"value":[`+update("preview", "24", "nonSecurity", true)+`]}`)).Client(t)
	_, err = none.Catalog().FindLatestExpeditable(t.Context())
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.EqualError(t, err, "catalog.FindLatestExpeditable: not found: the catalog has no expeditable security update")
}

func TestWhatNoUpdateHasIsNotFound(t *testing.T) {
	t.Parallel()
	full, empty := stub.Answering(stub.Answer(200, builds)).Client(t).Catalog(), stub.Answering(stub.Answer(200, nothing)).Client(t).Catalog()
	for _, c := range []struct {
		want string
		find func() (*catalog.QualityUpdate, error)
	}{
		{"catalog.FindByKB: not found: none of 4 quality updates has KB9; updates released before 2023 have no articles",
			func() (*catalog.QualityUpdate, error) {
				return full.FindByKB(t.Context(), 9)
			}},
		{"catalog.FindByBuild: not found: none of 4 quality updates installs build 26100.20; the newest build of 26100 is 26100.2314",
			func() (*catalog.QualityUpdate, error) {
				return full.FindByBuild(t.Context(), "26100.20")
			}},
		{"catalog.FindByBuild: not found: none of 4 quality updates installs build 10.0.22621.1; the newest build of 22621 is 22621.4460",
			func() (*catalog.QualityUpdate, error) {
				return full.FindByBuild(t.Context(), "10.0.22621.1")
			}},
		{"catalog.FindByBuild: not found: none of 4 quality updates installs build 10.0.28000.1; no update installs a build of 28000",
			func() (*catalog.QualityUpdate, error) {
				return full.FindByBuild(t.Context(), "10.0.28000.1")
			}},
		{"catalog.FindLatestSecurityUpdate: not found: the catalog has no security update", func() (*catalog.QualityUpdate, error) {
			return empty.FindLatestSecurityUpdate(t.Context())
		}},
	} {
		update, err := c.find()
		require.Nil(t, update)
		require.ErrorIs(t, err, apierr.ErrNotFound)
		require.EqualError(t, err, c.want)
	}
}

func TestSeveralUpdatesOfAnArticleOrBuildAreNamed(t *testing.T) {
	t.Parallel()
	client := stub.Answering(stub.Answer(200, builds)).Client(t).Catalog()
	update, err := client.FindByKB(t.Context(), 1)
	require.Nil(t, update)
	require.ErrorIs(t, err, apierr.ErrAmbiguous)
	require.EqualError(t, err, `catalog.FindByKB: ambiguous result: each of these has KB1: "New", "Preview"; 2 candidates: new, preview`)
	several, ok := errors.AsType[*apierr.AmbiguousError](err)
	require.True(t, ok)
	require.Equal(t, []string{"new", "preview"}, several.IDs)
	_, err = client.FindByBuild(t.Context(), "22621.4460")
	require.ErrorIs(t, err, apierr.ErrAmbiguous)
	require.ErrorContains(t, err, "installs build 22621.4460")
}

func TestWhatIsNoArticleOrBuildIsNotSearchedFor(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, builds))
	client := service.Client(t).Catalog()
	for _, number := range []int{0, -1, stub.MoreThanInt32()} {
		_, err := client.FindByKB(t.Context(), number)
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.ErrorContains(t, err, "catalog.FindByKB: number must be 1 to 2147483647")
	}
	for _, build := range []string{"", "26100", "26100.", "KB5044284", "10.0.26100", "26100.1.2", " 26100.1", catalog.Build{}.String()} {
		_, err := client.FindByBuild(t.Context(), build)
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.ErrorContains(t, err, "catalog.FindByBuild: build must be a build such as 26100.2033", build)
	}
	for _, build := range []string{"026100.6899", "26100.06899", "10.0.026100.1", "26100.00"} {
		_, err := client.FindByBuild(t.Context(), build)
		require.ErrorIs(t, err, apierr.ErrInvalid)
		require.EqualError(t, err, `catalog.FindByBuild: build must have no leading zeros (got "`+build+`")`)
	}
	require.Empty(t, service.Requests())
}

func TestAFailedSearchIsNoMissingUpdate(t *testing.T) {
	t.Parallel()
	client := stub.Answering(stub.Answer(503, "")).Client(t).Catalog()
	for _, find := range []func() (*catalog.QualityUpdate, error){
		func() (*catalog.QualityUpdate, error) { return client.FindByKB(t.Context(), 1) },
		func() (*catalog.QualityUpdate, error) { return client.FindByBuild(t.Context(), "1.1") },
		func() (*catalog.QualityUpdate, error) { return client.FindLatestSecurityUpdate(t.Context()) },
		func() (*catalog.QualityUpdate, error) { return client.FindLatestExpeditable(t.Context()) },
	} {
		update, err := find()
		require.Nil(t, update)
		require.ErrorIs(t, err, apierr.ErrUnavailable)
		require.NotErrorIs(t, err, apierr.ErrNotFound)
	}
}

func TestTheSimulatorsUpdatesAreFoundByWhatPeopleKnow(t *testing.T) {
	t.Parallel()
	client := onSimulator(t).Catalog()
	byArticle, err := client.FindByKB(t.Context(), 5066791)
	require.NoError(t, err)
	require.Equal(t, "2025.10 B", byArticle.ShortName)
	byBuild, err := client.FindByBuild(t.Context(), "19045.6456")
	require.NoError(t, err)
	require.Equal(t, byArticle, byBuild)
	newest, err := client.FindLatestSecurityUpdate(t.Context())
	require.NoError(t, err)
	require.Equal(t, "2026.09 OOB", newest.ShortName)
}
