package catalog_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
)

func TestStoredJSONNeverLosesAProperty(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		into            any
		text, wantError string
	}{
		{new(catalog.FeatureQuery), `{"Versions":"24H2"}`, "Versions"},
		{new(catalog.QualityQuery), `{"Expeditable":true,"Severity":"critical"}`, "Severity"},
		{new(catalog.RecoveryQuery), `{"Revision":true}`, "Revision"},
		{new(catalog.QualityQuery), `{"Build":"26100","Build":"26200"}`, "Build"},
		{new(catalog.FeatureUpdate), `{"id":"a","displayNam":"x"}`, "displayNam"},
		{new(catalog.QualityUpdate), `{"cveSeverityInformation":{"exploitedCves":[{"numbr":"CVE-1"}]}}`, "numbr"},
		{new(catalog.QualityUpdate), `{"productRevisions":[{"id":"1","osBuild":{"buildNo":1}}]}`, "buildNo"},
		{new(catalog.DriverUpdate), `{"driver":"x"}`, "driver"},
		{new(catalog.RecoveryUpdate), `{"x":1}`, "x"},
		{new(catalog.UnknownEntry), `{"x":1}`, "x"},
		{new(catalog.Revision), `{"catalogEntry":{"kind":"featureUpdateCatalogEntry","x":1}}`, "x"},
		{new(catalog.Severity), `{"x":1}`, "x"},
		{new(catalog.CVE), `{"x":1}`, "x"},
		{new(catalog.Build), `{"x":1}`, "x"},
		{new(catalog.Article), `{"x":1}`, "x"},
		{new(catalog.Product), `{"editions":[{"servicingPeriods":[{"begin":1}]}]}`, "begin"},
		{new(catalog.Edition), `{"x":1}`, "x"},
		{new(catalog.ServicingPeriod), `{"x":1}`, "x"},
		{new(catalog.KnownIssue), `{"knownIssueHistories":[{"body":{"contents":"x"}}]}`, "contents"},
		{new(catalog.IssueNote), `{"x":1}`, "x"},
		{new(catalog.IssueBody), `{"x":1}`, "x"},
	} {
		err := json.Unmarshal([]byte(c.text), c.into)
		require.ErrorContains(t, err, c.wantError, "%T %s", c.into, c.text)
	}
	for _, text := range []string{
		`{"kind":"featureUpdateCatalogEntry","x":1}`, `{"kind":"quantumUpdate","x":1}`, `{"kind":"a","kind":"b"}`,
		`{"kind":"featureUpdateCatalogEntry","@odata.type":"#microsoft.graph.windowsUpdates.driverUpdateCatalogEntry"}`,
	} {
		_, err := catalog.UnmarshalEntry([]byte(text))
		require.ErrorContains(t, err, "catalog: unmarshal entry: ", text)
	}
}

func TestEachSpellingOfAKindIsThatKind(t *testing.T) {
	t.Parallel()
	want := &catalog.FeatureUpdate{Base: catalog.Base{ID: "a", Kind: catalog.KindFeature}, Version: "v"}
	for _, kind := range []string{
		`"kind":"featureUpdateCatalogEntry"`, `"@odata.type":"featureUpdateCatalogEntry"`,
		`"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry"`,
		`"@odata.type":"microsoft.graph.windowsUpdates.featureUpdateCatalogEntry"`,
		`"kind":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry"`,
		`"kind":"featureUpdateCatalogEntry","@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry"`,
	} {
		entry, err := catalog.UnmarshalEntry([]byte(`{"id":"a","version":"v",` + kind + `}`))
		require.NoError(t, err, kind)
		require.Equal(t, want, entry, kind)
	}
}

func TestAQueryIsStoredWhole(t *testing.T) {
	t.Parallel()
	want := catalog.QualityQuery{
		Version: "24H2", Build: "26100", Cadence: catalog.CadenceMonthly, Expeditable: true, After: day, SortNewestFirst: true, Limit: 3, Filter: "a",
	}
	text, err := json.Marshal(want)
	require.NoError(t, err)
	var got catalog.QualityQuery
	require.NoError(t, json.Unmarshal(text, &got))
	require.Equal(t, want, got)
}
