package catalog_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// Where the pages about the service, its metadata and its answers disagree about
// entries, each form gives the same value.
func TestDisagreeingFormsOfEntriesAreRead(t *testing.T) {
	t.Parallel()
	const typ = `"@odata.type":"#microsoft.graph.windowsUpdates.`
	hotpatch := func(text string) string {
		return `{` + typ + `qualityUpdateCatalogEntry","id":"x","productRevisions":[{"id":"r","isHotpatchUpdate":` + text + `}]}`
	}
	quality := func(hotpatch bool) catalog.Entry {
		return &catalog.QualityUpdate{
			Base: catalog.Base{ID: "x", Kind: catalog.KindQuality}, Revisions: []catalog.Revision{{ID: "r", Hotpatch: hotpatch}},
		}
	}
	feature := &catalog.FeatureUpdate{Base: catalog.Base{ID: "x", Kind: catalog.KindFeature}, Version: "v"}
	for name, c := range map[string]struct {
		wire string
		want catalog.Entry
	}{
		"4, type with #": {`{` + typ + `featureUpdateCatalogEntry","id":"x","version":"v"}`, feature},
		"4, type without #": {
			`{"@odata.type":"microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"x","version":"v"}`, feature,
		},
		"3, wrapped in value": {`{"value":{` + typ + `featureUpdateCatalogEntry","id":"x","version":"v"}}`, feature},
		"12, releaseDate of samples is kept": {
			`{` + typ + `featureUpdateCatalogEntry","id":"x","releaseDate":"2024-10-01"}`,
			&catalog.FeatureUpdate{Base: catalog.Base{ID: "x", Kind: catalog.KindFeature, Extra: stub.Extra("releaseDate", `"2024-10-01"`)}},
		},
		"17, isHotpatchUpdate as Boolean":     {hotpatch(`true`), quality(true)},
		"17, isHotpatchUpdate as text":        {hotpatch(`"true"`), quality(true)},
		"17, isHotpatchUpdate as text, false": {hotpatch(`"false"`), quality(false)},
		"17, isHotpatchUpdate null":           {hotpatch(`null`), quality(false)},
		"22, values in other cases are kept": {
			`{` + typ + `qualityUpdateCatalogEntry","id":"x","qualityUpdateCadence":"Monthly"}`,
			&catalog.QualityUpdate{Base: catalog.Base{ID: "x", Kind: catalog.KindQuality}, Cadence: "Monthly"},
		},
		"31, number as text": {
			`{` + typ + `recoveryUpdateCatalogEntry","id":"x","productRevisions":[{"id":"r","osBuild":{"buildNumber":"26100"}}]}`,
			&catalog.RecoveryUpdate{
				Base:      catalog.Base{ID: "x", Kind: catalog.KindRecovery},
				Revisions: []catalog.Revision{{ID: "r", Build: catalog.Build{Number: 26100}}},
			},
		},
		"33, date of year 1 is no date": {
			`{` + typ + `featureUpdateCatalogEntry","id":"x","version":"v","releaseDateTime":"0001-01-01T00:00:00Z"}`, feature,
		},
		"33, text of the page for a date": {
			`{` + typ + `featureUpdateCatalogEntry","id":"x","version":"v","releaseDateTime":"String (timestamp)"}`, feature,
		},
		"33, year 1 as date of a driver": {
			`{` + typ + `driverUpdateCatalogEntry","id":"x","versionDateTime":"0001-01-01T00:00:00Z"}`,
			&catalog.DriverUpdate{Base: catalog.Base{ID: "x", Kind: catalog.KindDriver}},
		},
		"22, entry of a revision": {
			`{` + typ + `recoveryUpdateCatalogEntry","id":"x","productRevisions":[{"id":"r","catalogEntry":{` + typ +
				`featureUpdateCatalogEntry","id":"x","version":"v"}}]}`,
			&catalog.RecoveryUpdate{
				Base: catalog.Base{ID: "x", Kind: catalog.KindRecovery}, Revisions: []catalog.Revision{{ID: "r", Entry: feature}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := stub.Answering(stub.Answer(200, c.wire)).Client(t).Catalog().Get(t.Context(), "x")
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}
