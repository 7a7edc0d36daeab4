package catalog_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

const (
	isFeature  = "isof('microsoft.graph.windowsUpdates.featureUpdateCatalogEntry')"
	isQuality  = "isof('microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry')"
	isRecovery = "isof('microsoft.graph.windowsUpdates.recoveryUpdateCatalogEntry')"
)

var day = time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)

func TestAQueryAsksTheServiceForWhatItCanAnswer(t *testing.T) {
	t.Parallel()
	const (
		version   = "microsoft.graph.windowsUpdates.featureUpdateCatalogEntry/version eq 'Windows 11, version 22H2'"
		urgent    = isQuality + " and microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry/isExpeditable eq true"
		hotpatch  = "microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry/productRevisions/any(p:p/isHotpatchUpdate eq true)"
		revisions = "microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry/productRevisions"
		newest    = "releaseDateTime desc"
	)
	for name, c := range map[string]struct {
		query any
		want  url.Values
	}{
		"features": {catalog.FeatureQuery{}, url.Values{"$filter": {isFeature}}},
		"version":  {catalog.FeatureQuery{}.OfVersion("Windows 11, version 22H2"), url.Values{"$filter": {version}}},
		"quote": {
			catalog.FeatureQuery{}.OfVersion("o'clock"), url.Values{
				"$filter": {"microsoft.graph.windowsUpdates.featureUpdateCatalogEntry/version eq 'o''clock'"},
			},
		},
		"newest feature": {catalog.FeatureQuery{}.NewestFirst(), url.Values{"$filter": {isFeature}, "$orderby": {newest}}},
		"raw": {
			catalog.FeatureQuery{}.OfVersion("Windows 11, version 22H2").Matching("id eq 'a' or id eq 'b'"),
			url.Values{"$filter": {version + " and (id eq 'a' or id eq 'b')"}},
		},
		"limited":           {catalog.FeatureQuery{}.AtMost(3), url.Values{"$filter": {isFeature}, "$top": {"3"}}},
		"limited to a page": {catalog.FeatureQuery{}.AtMost(100), url.Values{"$filter": {isFeature}, "$top": {"100"}}},
		"limited to more":   {catalog.FeatureQuery{}.AtMost(101), url.Values{"$filter": {isFeature}}},
		"deployable":        {catalog.FeatureQuery{}.DeployableOn(day).AtMost(3), url.Values{"$filter": {isFeature}}},
		"released after":    {catalog.FeatureQuery{}.ReleasedAfter(day).AtMost(3), url.Values{"$filter": {isFeature}}},
		"released before":   {catalog.FeatureQuery{}.ReleasedBefore(day).AtMost(3), url.Values{"$filter": {isFeature}}},
		"feature build":     {catalog.FeatureQuery{}.OfBuild("26100").AtMost(3), url.Values{"$filter": {isFeature}}},
		"qualities":         {catalog.QualityQuery{}, url.Values{"$filter": {isQuality}}},
		"of the page": {
			catalog.QualityQuery{}.ExpeditableOnly().NewestFirst().AtMost(3),
			url.Values{"$filter": {urgent}, "$orderby": {newest}, "$top": {"3"}},
		},
		"exploited": {catalog.QualityQuery{}.ExploitedOnly().AtMost(3), url.Values{"$filter": {isQuality}}},
		"hotpatch": {
			catalog.QualityQuery{}.HotpatchOnly().AtMost(3), url.Values{"$filter": {isQuality + " and " + hotpatch}, "$top": {"3"}},
		},
		"both, and raw": {
			catalog.QualityQuery{}.ExpeditableOnly().HotpatchOnly().Matching("id ne 'a'"),
			url.Values{"$filter": {urgent + " and " + hotpatch + " and (id ne 'a')"}},
		},
		"revisions": {
			catalog.QualityQuery{}.WithRevisions().AtMost(3), url.Values{"$filter": {isQuality}, "$expand": {revisions}, "$top": {"3"}},
		},
		"quality build": {
			catalog.QualityQuery{}.OfBuild("26100.1").AtMost(3), url.Values{"$filter": {isQuality}, "$expand": {revisions}},
		},
		"version of revisions": {
			catalog.QualityQuery{}.OfVersion("24H2").AtMost(3), url.Values{"$filter": {isQuality}, "$expand": {revisions}},
		},
		"cadence":        {catalog.QualityQuery{}.OfCadence(catalog.CadenceMonthly).AtMost(3), url.Values{"$filter": {isQuality}}},
		"classification": {catalog.QualityQuery{}.OfClassification(catalog.ClassificationSecurity).AtMost(3), url.Values{"$filter": {isQuality}}},
		"all classifications": {
			catalog.QualityQuery{}.OfClassification(catalog.ClassificationAll).AtMost(3), url.Values{"$filter": {isQuality}, "$top": {"3"}},
		},
		"recovery": {catalog.RecoveryQuery{}, url.Values{"$filter": {isRecovery}}},
		"recovery, all": {
			catalog.RecoveryQuery{}.WithRevisions().NewestFirst().AtMost(1).Matching("a or b"),
			url.Values{
				"$filter": {isRecovery + " and (a or b)"}, "$orderby": {newest}, "$top": {"1"},
				"$expand": {"microsoft.graph.windowsUpdates.recoveryUpdateCatalogEntry/productRevisions"},
			},
		},
		"recovery, times": {
			catalog.RecoveryQuery{}.ReleasedAfter(day).ReleasedBefore(later).DeployableOn(day).AtMost(1),
			url.Values{"$filter": {isRecovery}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := stub.Answering(stub.Answer(200, `{"value":[]}`))
			ids, err := listed(t, service.Client(t).Catalog(), c.query)
			require.NoError(t, err)
			require.Empty(t, ids)
			requireRead(t, service.Only(t), "/catalog/entries", c.want)
		})
	}
}

// listed are the ids of what a query of any kind lists.
func listed(t *testing.T, c catalog.Client, query any) ([]string, error) {
	t.Helper()
	switch query := query.(type) {
	case catalog.FeatureQuery:
		return idsOf(t, c.ListFeatureUpdates(query))
	case catalog.QualityQuery:
		return idsOf(t, c.ListQualityUpdates(query))
	case catalog.RecoveryQuery:
		return idsOf(t, c.ListRecoveryUpdates(query))
	}
	require.Fail(t, "no query", "%T", query)
	return nil, nil
}

func idsOf[T catalog.Entry](t *testing.T, list odata.List[T]) ([]string, error) {
	t.Helper()
	ids := []string{}
	for entry, err := range list.All(t.Context()) {
		if err != nil {
			return ids, err
		}
		ids = append(ids, entry.Common().ID)
	}
	return ids, nil
}

func TestWrongQueriesAreRejectedAndNotSent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		query interface{ Validate() error }
		want  string
	}{
		"feature limit": {catalog.FeatureQuery{Limit: -1}, "FeatureQuery.Limit must not be negative (got -1)"},
		"feature times": {
			catalog.FeatureQuery{After: later, Before: day},
			"FeatureQuery.After must be earlier than Before, 2025-01-01T00:00:00Z (got 2025-01-02T00:00:00Z)",
		},
		"feature article":  {catalog.FeatureQuery{Build: "KB1"}, `FeatureQuery.Build must be a number such as 26100 (got "KB1")`},
		"feature revision": {catalog.FeatureQuery{Build: "26100.1"}, `FeatureQuery.Build must be a number such as 26100 (got "26100.1")`},
		"feature version":  {catalog.FeatureQuery{Version: " "}, `FeatureQuery.Version must have no surrounding spaces (got " ")`},
		"quality version": {
			catalog.QualityQuery{Version: "24H2\t"}, `QualityQuery.Version must have no surrounding spaces (got "24H2\t")`,
		},
		"quality limit": {catalog.QualityQuery{Limit: -2}, "QualityQuery.Limit must not be negative (got -2)"},
		"same time": {
			catalog.QualityQuery{After: day, Before: day},
			"QualityQuery.After must be earlier than Before, 2025-01-01T00:00:00Z (got 2025-01-01T00:00:00Z)",
		},
		"quality article": {
			catalog.QualityQuery{Build: "KB1"}, `QualityQuery.Build must be a build such as 26100.2033 or 26100 (got "KB1")`,
		},
		"trailing dot": {
			catalog.QualityQuery{Build: "26100."}, `QualityQuery.Build must be a build such as 26100.2033 or 26100 (got "26100.")`,
		},
		"feature zeros": {catalog.FeatureQuery{Build: "026100"}, `FeatureQuery.Build must have no leading zeros (got "026100")`},
		"quality zeros": {
			catalog.QualityQuery{Build: "26100.02033"}, `QualityQuery.Build must have no leading zeros (got "26100.02033")`,
		},
		"too many parts": {
			catalog.QualityQuery{Build: "10.0.26100.2033.1"},
			`QualityQuery.Build must be a build such as 26100.2033 or 26100 (got "10.0.26100.2033.1")`,
		},
		"recovery limit": {catalog.RecoveryQuery{Limit: -3}, "RecoveryQuery.Limit must not be negative (got -3)"},
		"recovery times": {
			catalog.RecoveryQuery{After: later, Before: day},
			"RecoveryQuery.After must be earlier than Before, 2025-01-01T00:00:00Z (got 2025-01-02T00:00:00Z)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.EqualError(t, c.query.Validate(), c.want)
			service := stub.Answering(stub.Answer(200, `{"value":[]}`))
			_, err := listed(t, service.Client(t).Catalog(), c.query)
			require.ErrorIs(t, err, apierr.ErrInvalid)
			require.ErrorContains(t, err, c.want)
			require.Regexp(t, "^catalog.List(Feature|Quality|Recovery)Updates: ", err.Error())
			require.Empty(t, service.Requests())
		})
	}
}

func TestAllThatIsWrongWithAQueryIsSaidAtOnce(t *testing.T) {
	t.Parallel()
	err := catalog.QualityQuery{Limit: -1, After: later, Before: day, Build: "x"}.Validate()
	for _, field := range []string{"Limit", "After", "Build"} {
		require.ErrorContains(t, err, "QualityQuery."+field+" must")
	}
}

func TestRightQueriesAreValid(t *testing.T) {
	t.Parallel()
	for _, query := range []interface{ Validate() error }{
		catalog.FeatureQuery{}, catalog.FeatureQuery{Build: "26100", After: day, Before: later, Limit: 1},
		catalog.FeatureQuery{After: later}, catalog.FeatureQuery{Before: day},
		catalog.QualityQuery{Build: "26100"}, catalog.QualityQuery{Build: "10.0.26100.0"}, catalog.QualityQuery{Build: "26100.1"},
		catalog.QualityQuery{Build: "10.0.26100.1", Cadence: "fortnightly", Classification: "cosmetic"}, catalog.RecoveryQuery{Limit: 1000},
	} {
		require.NoError(t, query.Validate())
	}
}

func TestWhatTheServiceSendsTooManyIsLeftOut(t *testing.T) {
	t.Parallel()
	client := stub.Answering(stub.Answer(200, stub.Testdata(t, "list-entries.response.json"))).Client(t).Catalog()
	for name, c := range map[string]struct {
		query catalog.FeatureQuery
		want  []string
	}{
		"all":                  {catalog.FeatureQuery{}, []string{"22621", "22000", "19045", "19044"}},
		"version, in any case": {catalog.FeatureQuery{Version: "windows 10, VERSION 21h2"}, []string{"19044"}},
		"deployable":           {catalog.FeatureQuery{DeployableAt: day}, []string{"22621", "19045"}},
		"deployable, until end": {
			catalog.FeatureQuery{DeployableAt: time.Date(2025, 10, 14, 0, 0, 0, 0, time.UTC)}, []string{"22621", "19045"},
		},
		"no longer deployable": {catalog.FeatureQuery{DeployableAt: time.Date(2025, 10, 14, 0, 0, 1, 0, time.UTC)}, []string{}},
		"limited":              {catalog.FeatureQuery{DeployableAt: day, Limit: 1}, []string{"22621"}},
		"no such version":      {catalog.FeatureQuery{Version: "Windows 12"}, []string{}},
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
	service := stub.Answering(stub.Answer(200, `{"value":[`+quality+`,`+unknown+`]}`))
	got, err := service.Client(t).Catalog().ListFeatureUpdates(catalog.FeatureQuery{}).Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestEntriesOfAllKindsAreListedWithTheCallersQuery(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[`+quality+`]}`))
	_, err := service.Client(t).Catalog().List(&odata.Query{
		Filter: "isof('x')", OrderBy: []string{"releaseDateTime desc"}, Select: []string{"id"}, Expand: []string{"a/b"}, Top: 3, Skip: 1,
		Count: true,
	}).Collect(t.Context(), 3)
	require.NoError(t, err)
	requireRead(t, service.Only(t), "/catalog/entries", url.Values{
		"$filter": {"isof('x')"}, "$orderby": {"releaseDateTime desc"}, "$select": {"id"}, "$expand": {"a/b"}, "$top": {"3"},
		"$skip": {"1"}, "$count": {"true"},
	})
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
	service := stub.Answering(
		stub.Answer(200, `{"value":[`+feature("1", "2024-01-01")+`,`+feature("2", "2024-03-01")+
			`],"@odata.nextLink":"https://graph.microsoft.com/beta/admin/windows/updates/catalog/entries?$skiptoken=x"}`),
		stub.Answer(200, `{"value":[`+feature("3", "2024-02-01")+`]}`),
	)
	update, err := service.Client(t).Catalog().FindFeatureUpdate(t.Context(), "v")
	require.NoError(t, err)
	require.Equal(t, "2", update.ID)
}

func feature(id, released string) string {
	return `{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"` + id +
		`","version":"V","releaseDateTime":"` + released + `T00:00:00Z"}`
}

func TestAVersionThatIsNotThereIsNotFound(t *testing.T) {
	t.Parallel()
	update, err := onSimulator(t).Catalog().FindFeatureUpdate(t.Context(), "Windows 3.11")
	require.Nil(t, update)
	require.ErrorIs(t, err, apierr.ErrNotFound)
	require.EqualError(t, err, `catalog.FindFeatureUpdate: not found: no feature update has version "Windows 3.11"; the catalog has `+
		`"Windows 11, version 26H2", "Windows 11, version 26H1", "Windows 11, version 25H2", "Windows 11, version 24H2", "Windows 11, `+
		`version 23H2", "Windows 11, version 22H2", "Windows 11, version 21H2", "Windows 10, version 22H2"`)
}

func TestAnEmptyVersionIsRejected(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[]}`))
	_, err := service.Client(t).Catalog().FindFeatureUpdate(t.Context(), " \t")
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.EqualError(t, err, "catalog.FindFeatureUpdate: version must not be empty")
	require.Empty(t, service.Requests())
}

func TestAPaddedVersionIsRejected(t *testing.T) {
	t.Parallel()
	service := stub.Answering(stub.Answer(200, `{"value":[]}`))
	_, err := service.Client(t).Catalog().FindFeatureUpdate(t.Context(), "Windows 11, version 24H2 ")
	require.ErrorIs(t, err, apierr.ErrInvalid)
	require.EqualError(t, err, `catalog.FindFeatureUpdate: version must have no surrounding spaces (got "Windows 11, version 24H2 ")`)
	require.Empty(t, service.Requests())
}

func TestAFailedSearchIsNoMissingVersion(t *testing.T) {
	t.Parallel()
	_, err := stub.Answering(stub.Answer(503, "")).Client(t).Catalog().FindFeatureUpdate(t.Context(), "v")
	require.ErrorIs(t, err, apierr.ErrUnavailable)
	require.NotErrorIs(t, err, apierr.ErrNotFound)
	require.ErrorContains(t, err, "catalog.FindFeatureUpdate: 503")
}

func TestTheNewestDeployableUpdateComesFirst(t *testing.T) {
	t.Parallel()
	list := onSimulator(t).Catalog().ListFeatureUpdates(catalog.FeatureQuery{}.DeployableOn(day).NewestFirst())
	newest, err := list.First(t.Context())
	require.NoError(t, err)
	require.Equal(t, "Windows 11, version 26H2", newest.Version)
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
	_, err = c.List(nil).First(t.Context())
	require.ErrorContains(t, err, "updates.NewClient")
}
