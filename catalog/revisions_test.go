package catalog_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

const (
	entity = `{"@odata.type":"#microsoft.graph.windowsUpdates.`
	first  = `"productRevisions":[{"id":"10.0.26100.1"}],"productRevisions@odata.nextLink":`
)

// cut is a catalog whose updates came with their first revisions alone, and then
// the rest.
func cut() *stub.Transport {
	return stub.Answering(
		stub.Answer(200, `{"value":[null,`+entity+`qualityUpdateCatalogEntry","id":"q","releaseDateTime":"2025-01-01T00:00:00Z",`+first+
			`"`+stub.Root+`/rest?$skiptoken=1"}],"@odata.count":7}`),
		stub.Answer(200, `{"value":[{"id":"10.0.26100.2"},null],"@odata.nextLink":"`+stub.Root+`/rest?$skiptoken=2"}`),
		stub.Answer(200, `{"value":[{"id":"10.0.26200.3","knowledgeBaseArticle":{"id":"KB7"}}]}`),
		stub.Answer(503, ""))
}

// whole are the revisions of a cut update.
var whole = []catalog.Revision{{ID: "10.0.26100.1"}, {ID: "10.0.26100.2"}, {ID: "10.0.26200.3", Article: &catalog.Article{ID: "KB7"}}}

func TestAnUpdateIsFoundByARevisionBehindALink(t *testing.T) {
	t.Parallel()
	for name, find := range map[string]func(catalog.Client) (*catalog.QualityUpdate, error){
		"build":   func(c catalog.Client) (*catalog.QualityUpdate, error) { return c.FindByBuild(t.Context(), "26200.3") },
		"article": func(c catalog.Client) (*catalog.QualityUpdate, error) { return c.FindByKB(t.Context(), 7) },
		"query": func(c catalog.Client) (*catalog.QualityUpdate, error) {
			return c.ListQualityUpdates(catalog.QualityQuery{}.OfBuild("26200")).First(t.Context())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := cut()
			update, err := find(service.Client(t).Catalog())
			require.NoError(t, err)
			require.Equal(t, whole, update.Revisions)
			require.False(t, update.Incomplete)
			requireRead(t, service.Requests()[1], "/rest", url.Values{"$skiptoken": {"1"}})
			requireRead(t, service.Requests()[2], "/rest", url.Values{"$skiptoken": {"2"}})
		})
	}
}

func TestTheNewestBuildIsKnownFromAllRevisions(t *testing.T) {
	t.Parallel()
	_, err := cut().Client(t).Catalog().FindByBuild(t.Context(), "26200.9")
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.ErrorContains(t, err, "the newest build of 26200 is 26200.3")
}

func TestRevisionsThatCannotBeReadAreNotMissing(t *testing.T) {
	t.Parallel()
	for want, link := range map[string]string{
		"catalog.FindByBuild: the next link leads away": `"https://evil.example/rest"`,
		"catalog.FindByBuild: 503":                      `"` + stub.Root + `/rest"`,
		"leads away":                                    `7`,
	} {
		service := stub.Answering(stub.Answer(200, `{"value":[`+entity+`qualityUpdateCatalogEntry","id":"q",`+first+link+`}]}`),
			stub.Answer(503, ""))
		update, err := service.Client(t).Catalog().FindByBuild(t.Context(), "26200.3")
		require.Nil(t, update)
		require.NotErrorIs(t, err, apierr.ErrNotFound)
		require.ErrorContains(t, err, want)
	}
}

func TestAListOfAllKindsIsWholeToo(t *testing.T) {
	t.Parallel()
	page, err := firstPage(t, cut().Client(t).Catalog().List(nil))
	require.NoError(t, err)
	require.Equal(t, whole, page.Items[0].(*catalog.QualityUpdate).Revisions)
	require.Equal(t, 1, page.Skipped)
	require.Equal(t, int64(7), *page.Total)

	service := stub.Answering(stub.Answer(200, `{"value":[`+entity+`recoveryUpdateCatalogEntry","id":"r",`+first+`"`+stub.Root+`/rest"}]}`),
		stub.Answer(200, `{"value":[{"id":"10.0.26100.2"}]}`))
	update, err := service.Client(t).Catalog().ListRecoveryUpdates(catalog.RecoveryQuery{}.WithRevisions()).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, whole[:2], update.Revisions)
	require.False(t, update.Incomplete)
}

func firstPage[T any](t *testing.T, list odata.List[T]) (*odata.Page[T], error) {
	t.Helper()
	for page, err := range list.Pages(t.Context()) {
		return page, err
	}
	return nil, errors.New("there is no page")
}

func TestTheRestOfAnUpdateThatIsNotWantedIsNotAskedFor(t *testing.T) {
	t.Parallel()
	service := cut()
	updates, err := service.Client(t).Catalog().ListQualityUpdates(catalog.QualityQuery{}.WithRevisions().ReleasedAfter(day)).
		Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Empty(t, updates)
	require.Len(t, service.Requests(), 1)
}

func TestAnEntryFromElsewhereSaysThatItsRevisionsAreCut(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]catalog.Entry{
		"qualityUpdateCatalogEntry": &catalog.QualityUpdate{
			Base: catalog.Base{ID: "e", Kind: catalog.KindQuality}, Revisions: whole[:1], Incomplete: true,
		},
		"recoveryUpdateCatalogEntry": &catalog.RecoveryUpdate{
			Base: catalog.Base{ID: "e", Kind: catalog.KindRecovery}, Revisions: whole[:1], Incomplete: true,
		},
	} {
		client := stub.Answering(stub.Answer(200, entity+kind+`","id":"e",`+first+`"`+stub.Root+`/rest"}`)).Client(t)
		got, err := client.Catalog().Get(t.Context(), "e")
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}
