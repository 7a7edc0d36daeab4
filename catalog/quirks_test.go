package catalog_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// withQuirks are services with one quirk each, and with all of them.
var withQuirks = map[string]simulator.Quirks{
	"unknown types":      {UnknownTypes: true},
	"nulls":              {NullItems: true},
	"types without hash": {TypesWithoutHash: true},
	"old forms":          {LegacyFormats: true},
	"wrapped":            {WrapSingle: true},
	"empty pages":        {EmptyPages: true},
	"$top ignored":       {IgnoreTop: true},
	"all of them": {
		UnknownTypes: true, NullItems: true, TypesWithoutHash: true, LegacyFormats: true, WrapSingle: true, EmptyPages: true, IgnoreTop: true,
	},
}

// quirky is a client on a simulator with quirks, whose pages are short.
func quirky(t *testing.T, quirks simulator.Quirks) catalog.Client {
	t.Helper()
	client, service := stub.OnSimulator(t, &simulator.Options{PageSize: 3})
	service.SetQuirks(quirks)
	return client.Catalog()
}

func TestAServiceWithQuirksGivesTheSameUpdates(t *testing.T) {
	t.Parallel()
	features := catalog.FeatureQuery{}.DeployableOn(day).NewestFirst().AtMost(4)
	qualities := catalog.QualityQuery{}.ExpeditableOnly().HotpatchOnly().WithRevisions().NewestFirst().AtMost(2)
	well := quirky(t, simulator.Quirks{})
	wantFeatures, err := well.ListFeatureUpdates(features).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, wantFeatures, 4)
	wantQualities, err := well.ListQualityUpdates(qualities).Collect(t.Context(), 10)
	require.NoError(t, err)
	require.Len(t, wantQualities, 2)
	for name, quirks := range withQuirks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client := quirky(t, quirks)
			gotFeatures, err := client.ListFeatureUpdates(features).Collect(t.Context(), 10)
			require.NoError(t, err)
			require.Equal(t, wantFeatures, gotFeatures)
			gotQualities, err := client.ListQualityUpdates(qualities).Collect(t.Context(), 10)
			require.NoError(t, err)
			require.Equal(t, wantQualities, gotQualities)
			one, err := client.Get(t.Context(), wantFeatures[0].ID)
			require.NoError(t, err)
			require.Equal(t, wantFeatures[0], one)
		})
	}
}

func TestEntriesOfUnknownTypesAreListedAsUnknown(t *testing.T) {
	t.Parallel()
	entries, err := quirky(t, simulator.Quirks{UnknownTypes: true}).List(nil).Collect(t.Context(), 100)
	require.NoError(t, err)
	var strange *catalog.UnknownEntry
	require.IsType(t, strange, entries[0])
	require.Regexp(t, "V2$", entries[0].Common().Kind)
	for _, entry := range entries[1:] {
		require.NotEmpty(t, entry.Common().ID)
	}
}

func TestUnknownValuesAreKept(t *testing.T) {
	t.Parallel()
	client := quirky(t, simulator.Quirks{UnknownValues: true})
	update, err := client.ListQualityUpdates(catalog.QualityQuery{}.ExpeditableOnly()).First(t.Context())
	require.NoError(t, err)
	require.Equal(t, catalog.Cadence("strangeValue"), update.Cadence)
	require.Equal(t, catalog.Classification("strangeValue"), update.Classification)
	require.Equal(t, "strangeValue", update.Severity.Level)
}
