package catalog_test

import (
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

const isFeature = "isof('microsoft.graph.windowsUpdates.featureUpdateCatalogEntry')"

var day = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

func TestAQueryAsksTheServiceForWhatItCanAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		query catalog.FeatureQuery
		want  url.Values
	}{
		"all":     {catalog.FeatureQuery{}, url.Values{"$filter": {isFeature}}},
		"version": {catalog.FeatureQuery{}.OfVersion("Windows 11, version 22H2"), url.Values{"$filter": {"microsoft.graph.windowsUpdates.featureUpdateCatalogEntry/version eq 'Windows 11, version 22H2'"}}},
		"quote":   {catalog.FeatureQuery{}.OfVersion("o'clock"), url.Values{"$filter": {"microsoft.graph.windowsUpdates.featureUpdateCatalogEntry/version eq 'o''clock'"}}},
		"newest":  {catalog.FeatureQuery{}.NewestFirst(), url.Values{"$filter": {isFeature}, "$orderby": {"releaseDateTime desc"}}},
		"ours":    {catalog.FeatureQuery{}.DeployableOn(day).AtMost(3), url.Values{"$filter": {isFeature}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := answering(reply{200, `{"value":[]}`})
			_, err := service.client(t).Catalog().ListFeatureUpdates(c.query).Collect(t.Context(), 1)
			require.NoError(t, err)
			require.Equal(t, []sent{{"GET", "/catalog/entries", c.want}}, service.requests())
		})
	}
}

func TestAQueryEqualsItsLiteral(t *testing.T) {
	t.Parallel()
	zero := catalog.FeatureQuery{}
	chain := zero.OfVersion("v").DeployableOn(day).NewestFirst().AtMost(2)
	require.Equal(t, catalog.FeatureQuery{Version: "v", DeployableAt: day, Newest: true, Limit: 2}, chain)
	require.Equal(t, catalog.FeatureQuery{}, zero, "a method does not change what it is called on")
	typ := reflect.TypeFor[catalog.FeatureQuery]()
	require.Equal(t, 4, typ.NumMethod(), "the chain has each method")
	for field := range typ.Fields() {
		_, same := typ.MethodByName(field.Name)
		require.False(t, same, field.Name)
	}
}

func TestWhatTheServiceSendsTooManyIsLeftOut(t *testing.T) {
	t.Parallel()
	client := answering(reply{200, testdata(t, "list-entries.response.json")}).client(t).Catalog()
	for name, c := range map[string]struct {
		query catalog.FeatureQuery
		want  []string
	}{
		"all":                   {catalog.FeatureQuery{}, []string{"22621", "22000", "19045", "19044"}},
		"version, in any case":  {catalog.FeatureQuery{Version: "windows 10, VERSION 21h2"}, []string{"19044"}},
		"deployable":            {catalog.FeatureQuery{DeployableAt: day}, []string{"22621", "19045"}},
		"deployable, until end": {catalog.FeatureQuery{DeployableAt: time.Date(2025, 10, 14, 0, 0, 0, 0, time.UTC)}, []string{"22621", "19045"}},
		"no longer deployable":  {catalog.FeatureQuery{DeployableAt: time.Date(2025, 10, 14, 0, 0, 1, 0, time.UTC)}, []string{}},
		"limited":               {catalog.FeatureQuery{DeployableAt: day, Limit: 1}, []string{"22621"}},
		"no such version":       {catalog.FeatureQuery{Version: "Windows 12"}, []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := []string{}
			for update, err := range client.ListFeatureUpdates(c.query).All(t.Context()) {
				require.NoError(t, err)
				got = append(got, update.Build)
			}
			require.Equal(t, c.want, got)
		})
	}
}

func TestOtherKindsAreNoFeatureUpdates(t *testing.T) {
	t.Parallel()
	service := answering(reply{200, `{"value":[` + quality + `,` + unknown + `]}`})
	got, err := service.client(t).Catalog().ListFeatureUpdates(catalog.FeatureQuery{}).Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestEntriesOfAllKindsAreListedWithTheCallersQuery(t *testing.T) {
	t.Parallel()
	service := answering(reply{200, `{"value":[` + quality + `]}`})
	_, err := service.client(t).Catalog().List(odata.Query{
		Filter: "isof('x')", OrderBy: []string{"releaseDateTime desc"}, Select: []string{"id"}, Expand: []string{"a/b"}, Top: 3, Skip: 1, Count: true,
	}).Collect(t.Context(), 3)
	require.NoError(t, err)
	require.Equal(t, []sent{{"GET", "/catalog/entries", url.Values{
		"$filter": {"isof('x')"}, "$orderby": {"releaseDateTime desc"}, "$select": {"id"}, "$expand": {"a/b"}, "$top": {"3"}, "$skip": {"1"}, "$count": {"true"},
	}}}, service.requests())
}

func TestAVersionIsFoundInAnyCase(t *testing.T) {
	t.Parallel()
	client := onSimulator(t)
	for _, version := range []string{"Windows 11, version 24H2", "windows 11, VERSION 24h2"} {
		update, err := client.Catalog().FindFeatureUpdate(t.Context(), version)
		require.NoError(t, err)
		require.Equal(t, "Windows 11, version 24H2", update.Version)
		require.Equal(t, "26100", update.Build)
	}
}

func TestTheLatestReleaseOfAVersionIsFound(t *testing.T) {
	t.Parallel()
	service := answering(
		reply{200, `{"value":[` + feature("1", "2024-01-01") + `,` + feature("2", "2024-03-01") + `],"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/catalog/entries?$skiptoken=x"}`},
		reply{200, `{"value":[` + feature("3", "2024-02-01") + `]}`},
	)
	update, err := service.client(t).Catalog().FindFeatureUpdate(t.Context(), "v")
	require.NoError(t, err)
	require.Equal(t, "2", update.ID)
}

func feature(id, released string) string {
	return `{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"` + id + `","version":"V","releaseDateTime":"` + released + `T00:00:00Z"}`
}

func TestAVersionThatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	update, err := onSimulator(t).Catalog().FindFeatureUpdate(t.Context(), "Windows 3.11")
	require.Nil(t, update)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.EqualError(t, err, `catalog.FindFeatureUpdate: not found: no feature update has version "Windows 3.11"; there are `+
		`"Windows 11, version 25H2", "Windows 11, version 24H2", "Windows 11, version 23H2", "Windows 11, version 22H2", "Windows 11, version 21H2", "Windows 10, version 22H2"`)
}

func TestAnEmptyVersionIsRefused(t *testing.T) {
	t.Parallel()
	service := answering(reply{200, `{"value":[]}`})
	_, err := service.client(t).Catalog().FindFeatureUpdate(t.Context(), " \t")
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.EqualError(t, err, "catalog.FindFeatureUpdate: version must not be empty")
	require.Empty(t, service.requests())
}

func TestAFailedSearchIsNoMissingVersion(t *testing.T) {
	t.Parallel()
	_, err := answering(reply{503, ""}).client(t).Catalog().FindFeatureUpdate(t.Context(), "v")
	require.ErrorIs(t, err, apierr.ErrUnavailable)
	require.NotErrorIs(t, err, apierr.ErrNotFound)
	require.ErrorContains(t, err, "catalog.FindFeatureUpdate: 503")
}

func TestTheNewestDeployableUpdateComesFirst(t *testing.T) {
	t.Parallel()
	list := onSimulator(t).Catalog().ListFeatureUpdates(catalog.FeatureQuery{}.DeployableOn(day).NewestFirst())
	newest, err := list.First(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Windows 11, version 25H2", newest.Version)
	all, err := list.Collect(t.Context(), 100)
	require.NoError(t, err)
	for i := range all[1:] {
		require.False(t, all[i+1].Released.After(all[i].Released))
	}
}

func TestTheZeroClientReturnsErrors(t *testing.T) {
	t.Parallel()
	var c catalog.Client
	_, err := c.FindFeatureUpdate(t.Context(), "v")
	require.ErrorContains(t, err, "updates.NewClient")
	_, err = c.List(odata.Query{}).First(t.Context())
	require.ErrorContains(t, err, "updates.NewClient")
}
