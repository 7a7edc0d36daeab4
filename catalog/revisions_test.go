package catalog_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
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

func TestTheRestOfAnUpdateThatIsNotDesiredIsNotAskedFor(t *testing.T) {
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

// linkedPages are pages of updates whose remaining revisions are behind a link. Only the first links can be read.
func linkedPages(good int, pages ...[]string) *stub.Transport {
	replies := []stub.Reply{}
	for i, page := range pages {
		items := []string{}
		for _, id := range page {
			items = append(items, entity+`qualityUpdateCatalogEntry","id":"`+id+`",`+first+`"`+stub.Root+"/"+id+`"}`)
		}
		next := ""
		if i < len(pages)-1 {
			next = `,"@odata.nextLink":"` + stub.Root + `/catalog/entries?$skiptoken=x"`
		}
		replies = append(replies, stub.Answer(200, `{"value":[`+strings.Join(items, ",")+`]`+next+`}`))
		links := min(good, len(page))
		for range links {
			replies = append(replies, stub.Answer(200, `{"value":[{"id":"10.0.26100.2"}]}`))
		}
		good -= links
	}
	return stub.Answering(append(replies, stub.Answer(404, ""))...)
}

func TestRevisionsAreReadOnlyForTheUpdatesOfTheLimit(t *testing.T) {
	t.Parallel()
	all := catalog.QualityQuery{}.WithRevisions()
	onePage, twoPages := [][]string{{"a", "b", "c", "d", "e"}}, [][]string{{"a"}, {"b", "c", "d"}}
	for name, c := range map[string]struct {
		pages          [][]string
		good, requests int
		read           func(context.Context, catalog.Client) ([]*catalog.QualityUpdate, error)
	}{
		"limit of the query": {onePage, 2, 3, func(ctx context.Context, c catalog.Client) ([]*catalog.QualityUpdate, error) {
			return c.ListQualityUpdates(all.AtMost(2)).Collect(ctx, 9)
		}},
		"limit of the list": {onePage, 2, 3, func(ctx context.Context, c catalog.Client) ([]*catalog.QualityUpdate, error) {
			return c.ListQualityUpdates(all).AtMost(2).Collect(ctx, 9)
		}},
		"limit over pages": {twoPages, 2, 4, func(ctx context.Context, c catalog.Client) ([]*catalog.QualityUpdate, error) {
			return c.ListQualityUpdates(all).AtMost(2).Collect(ctx, 9)
		}},
		"client-side conditions": {onePage, 2, 3, func(ctx context.Context, c catalog.Client) ([]*catalog.QualityUpdate, error) {
			return c.ListQualityUpdates(all.OfBuild("26100.2").AtMost(2)).Collect(ctx, 9)
		}},
		"first": {onePage, 1, 2, func(ctx context.Context, c catalog.Client) ([]*catalog.QualityUpdate, error) {
			update, err := c.ListQualityUpdates(all).First(ctx)
			return []*catalog.QualityUpdate{update}, err
		}},
		"no more than collected": {onePage, 2, 3, func(ctx context.Context, c catalog.Client) ([]*catalog.QualityUpdate, error) {
			updates, err := c.ListQualityUpdates(all).Collect(ctx, 1)
			require.ErrorIs(t, err, apierr.ErrTooMany)
			return updates, nil
		}},
		"entries of all kinds": {onePage, 2, 3, func(ctx context.Context, c catalog.Client) ([]*catalog.QualityUpdate, error) {
			entries, err := c.List(&odata.Query{Top: 2}).Collect(ctx, 9)
			updates := make([]*catalog.QualityUpdate, len(entries))
			for i, entry := range entries {
				updates[i] = entry.(*catalog.QualityUpdate)
			}
			return updates, err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := linkedPages(c.good, c.pages...)
			updates, err := c.read(t.Context(), service.Client(t).Catalog())
			require.NoError(t, err, "the link of an update that is not needed is not read")
			require.Len(t, service.Requests(), c.requests)
			for _, update := range updates {
				require.Len(t, update.Revisions, 2)
			}
		})
	}
}

func TestABrokenLinkOfANeededUpdateIsAnError(t *testing.T) {
	t.Parallel()
	updates, err := linkedPages(1, []string{"a", "b", "c"}).Client(t).Catalog().
		ListQualityUpdates(catalog.QualityQuery{}.WithRevisions().AtMost(2)).Collect(t.Context(), 9)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.Empty(t, updates)
}

func TestRevisionsAreReadOnlyForUpdatesWithTheRightProperties(t *testing.T) {
	t.Parallel()
	update := func(id, properties string) string {
		return entity + `qualityUpdateCatalogEntry","id":"` + id + `",` + properties + first + `"` + stub.Root + "/" + id + `"}`
	}
	const rest = `{"value":[{"id":"10.0.26100.2"}]}`
	for name, c := range map[string]struct {
		query      catalog.QualityQuery
		properties string
	}{
		"cadence":        {catalog.QualityQuery{}.OfCadence(catalog.CadenceMonthly), `"qualityUpdateCadence":"monthly",`},
		"classification": {catalog.QualityQuery{}.OfClassification(catalog.ClassificationSecurity), `"qualityUpdateClassification":"security",`},
		"expeditable":    {catalog.QualityQuery{}.ExpeditableOnly(), `"isExpeditable":true,`},
		"exploited":      {catalog.QualityQuery{}.ExploitedOnly(), `"cveSeverityInformation":{"exploitedCves":[{"number":"CVE-1"}]},`},
		"release":        {catalog.QualityQuery{}.ReleasedAfter(day), `"releaseDateTime":"2026-01-01T00:00:00Z",`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, `{"value":[`+update("other", "")+","+update("wanted", c.properties)+`]}`),
				stub.Answer(200, rest), stub.Answer(404, ""))
			updates, err := service.Client(t).Catalog().ListQualityUpdates(c.query.WithRevisions()).Collect(t.Context(), 9)
			require.NoError(t, err)
			require.Len(t, updates, 1)
			require.Equal(t, "/wanted", strings.TrimPrefix(service.Requests()[1].URL.String(), stub.Root))
		})
	}
}
