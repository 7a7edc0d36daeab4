package catalog_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestProductsAreFoundByWhatPeopleKnow(t *testing.T) {
	t.Parallel()
	client := onSimulator(t)
	update, err := client.Catalog().FindByKB(t.Context(), 5066835)
	require.NoError(t, err)
	byArticle, err := client.Products().ListByKB(5066835).Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Equal(t, []string{"Windows 11, version 24H2", "Windows 11, version 25H2"}, names(byArticle))
	for _, product := range byArticle {
		require.Len(t, product.Revisions, 1)
		require.Equal(t, "KB5066835", product.Revisions[0].Article.ID)
		require.Equal(t, update.ID, product.Revisions[0].Entry.Common().ID)
		require.Equal(t, "WI1000001", product.KnownIssues[0].ID)
		require.Equal(t, "KB5070773", product.KnownIssues[0].Resolving.ID)
	}
	byEntry, err := client.Products().ListByEntry(update.ID).Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Subset(t, names(byEntry), names(byArticle))
	none, err := client.Products().ListByKB(1).Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Empty(t, none)
}

func names(products []*catalog.Product) []string {
	all := []string{}
	for _, product := range products {
		all = append(all, product.Name)
	}
	return all
}

func TestAProductHasEditionsBuildsAndIssues(t *testing.T) {
	t.Parallel()
	client := onSimulator(t).Products()
	bare, err := client.List(nil).First(t.Context())
	require.NoError(t, err)
	require.Nil(t, bare.Editions)
	require.Nil(t, bare.Revisions)
	require.Nil(t, bare.KnownIssues)
	product, err := client.Get(t.Context(), "1104")
	require.NoError(t, err)
	require.Equal(t, &catalog.Product{
		ID: "1104", Name: "Windows 11, version 24H2", GroupName: "Windows 11", FriendlyNames: []string{"Version 24H2 (OS build 26100)"},
	}, product)
	edition, err := client.ListEditions("1104", nil).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Home", edition.Name)
	require.Equal(t, date(2026, 10, 13), edition.EndOfService)
	revision, err := client.ListRevisions("1104", &odata.Query{Expand: []string{"catalogEntry", "knowledgeBaseArticle"}}).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, "10.0.26100.9457", revision.ID)
	require.IsType(t, &catalog.QualityUpdate{}, revision.Entry)
	require.Equal(t, "KB5129195", revision.Article.ID)
	issues, err := client.ListKnownIssues("1104", nil).Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Len(t, issues, 3)
	require.Equal(t, "KB5066835", issues[0].Originating.ID)
}

func TestProductsAreFoundByTheEndOfTheirService(t *testing.T) {
	t.Parallel()
	client, _ := stub.OnSimulator(t, &simulator.Options{Start: date(2026, 10, 1)})
	products, err := client.Products().ListByEndOfService(12).Collect(t.Context(), 9)
	require.NoError(t, err)
	require.NotEmpty(t, products)
	for _, product := range products {
		require.NotEmpty(t, product.Editions)
	}
}

func TestKnownIssuesAreFoundInEachWay(t *testing.T) {
	t.Parallel()
	client := onSimulator(t)
	update, err := client.Catalog().FindByKB(t.Context(), 5066835)
	require.NoError(t, err)
	issues := client.KnownIssues()
	for name, c := range map[string]struct {
		list odata.List[*catalog.KnownIssue]
		want []string
	}{
		"all":        {issues.List(nil), []string{"WI1000001", "WI1000002", "WI1000003"}},
		"article":    {issues.ListByKB(5070773), []string{"WI1000001"}},
		"no article": {issues.ListByKB(1), []string{}},
		"update":     {issues.ListByEntry(update.ID), []string{"WI1000001"}},
		"active":     {issues.ListByTimeRange("1105", 0, &catalog.TimeRangeOptions{IncludeActive: true}), []string{"WI1000003"}},
		"neither":    {issues.ListByTimeRange("1105", 0, nil), []string{}},
		"all of a product": {
			issues.ListByTimeRange("1105", 36500, &catalog.TimeRangeOptions{IncludeActive: true}), []string{"WI1000001", "WI1000003"},
		},
	} {
		found, err := c.list.Collect(t.Context(), 9)
		require.NoError(t, err, name)
		ids := []string{}
		for _, issue := range found {
			ids = append(ids, issue.ID)
		}
		require.Equal(t, c.want, ids, name)
	}
}

func TestProductsAndIssuesThatAreNotThereAreNotFound(t *testing.T) {
	t.Parallel()
	client := onSimulator(t)
	_, err := client.Products().Get(t.Context(), "99")
	require.ErrorIs(t, err, apierr.ErrNotFound)
	_, err = client.KnownIssues().Get(t.Context(), "WI1")
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.ErrorIs(t, failure(client.KnownIssues().ListByTimeRange("99", 1, nil)), apierr.ErrNotFound)
	require.ErrorIs(t, failure(client.KnownIssues().ListByEntry("99")), apierr.ErrNotFound)
}

func TestAServiceWithQuirksGivesTheSameProductsAndIssues(t *testing.T) {
	t.Parallel()
	for name, quirks := range withQuirks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want := everythingOfHealth(t, simulator.Quirks{})
			if quirks.LegacyFormats { // which has no dates there
				want.forget()
			}
			require.Equal(t, want, everythingOfHealth(t, quirks))
		})
	}
}

// health is what the service told about releases and their issues.
type health struct {
	products []*catalog.Product
	issues   []*catalog.KnownIssue
	one      *catalog.KnownIssue
}

func everythingOfHealth(t *testing.T, quirks simulator.Quirks) health {
	t.Helper()
	client, service := stub.OnSimulator(t, &simulator.Options{PageSize: 2})
	service.SetQuirks(quirks)
	var h health
	var err error
	h.products, err = client.Products().ListByKB(5066835).Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Len(t, h.products, 2)
	h.issues, err = client.KnownIssues().List(nil).Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Len(t, h.issues, 3)
	h.one, err = client.KnownIssues().Get(t.Context(), "WI1000003")
	require.NoError(t, err)
	return h
}

// forget takes the dates from the histories.
func (h health) forget() {
	all := append([]*catalog.KnownIssue{h.one}, h.issues...)
	for _, product := range h.products {
		all = append(all, product.KnownIssues...)
	}
	for _, issue := range all {
		for i := range issue.History {
			issue.History[i].Created = time.Time{}
		}
	}
}

func TestUnknownValuesOfIssuesAreKept(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	service.SetQuirks(simulator.Quirks{UnknownValues: true})
	issue, err := client.KnownIssues().Get(t.Context(), "WI1000003")
	require.NoError(t, err)
	require.Equal(t, catalog.IssueStatus("strangeValue"), issue.Status)
	require.True(t, issue.IsActive())
	require.Equal(t, "strangeValue", issue.History[0].Body.ContentType)
}

func TestRecoveryUpdatesAreListedAlone(t *testing.T) {
	t.Parallel()
	client, service := stub.OnSimulator(t, nil)
	_, err := service.AddEntry(map[string]any{
		"@odata.type": "#microsoft.graph.windowsUpdates.recoveryUpdateCatalogEntry", "id": "r", "catalogName": "Recovery",
		"releaseDateTime": "2025-11-01T00:00:00Z", "productRevisions": []any{
			map[string]any{"id": "10.0.26100.1", "osBuild": map[string]any{"buildNumber": 26100}},
		},
	})
	require.NoError(t, err)
	found, err := client.Catalog().ListRecoveryUpdates(catalog.RecoveryQuery{}.WithRevisions()).Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "Recovery", found[0].CatalogName)
	require.Equal(t, 26100, found[0].Revisions[0].Build.Number)
}
