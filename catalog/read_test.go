package catalog_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
)

const (
	quality = `{
		"@odata.type": "#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry",
		"id": "q", "displayName": "Q", "releaseDateTime": "2024-10-08T00:00:00Z", "deployableUntilDateTime": null,
		"catalogName": "2024-10 Cumulative Update", "shortName": "2024.10 B", "isExpeditable": true,
		"qualityUpdateCadence": "monthly", "qualityUpdateClassification": "security", "color": "blue",
		"cveSeverityInformation": {
			"maxSeverity": "critical", "maxBaseScore": 9.8, "source": "MSRC",
			"exploitedCves": [{
				"number": "CVE-2024-43572", "url": "https://msrc.microsoft.com/update-guide/vulnerability/CVE-2024-43572", "kind": "rce"
			}]
		},
		"productRevisions@odata.context": "x",
		"productRevisions": [{
			"id": "10.0.26100.2033", "displayName": "Windows 11, version 24H2, build 26100.2033", "product": "Windows 11",
			"version": "24H2", "isHotpatchUpdate": true, "releaseDateTime": "2024-10-08T17:00:00Z", "channel": "general",
			"osBuild": {"majorVersion": 10, "minorVersion": 0, "buildNumber": 26100, "updateBuildRevision": 2033, "lab": "ge"},
			"knowledgeBaseArticle@odata.context": "x",
			"knowledgeBaseArticle": {"id": "KB5044284", "url": "https://support.microsoft.com/help/5044284", "language": "en"}
		}]
	}`
	driver = `{
		"@odata.type": "#microsoft.graph.windowsUpdates.driverUpdateCatalogEntry",
		"id": "d", "displayName": "Contoso - Firmware - 1.2",
		"releaseDateTime": "2024-06-01T00:00:00+02:00", "deployableUntilDateTime": null,
		"description": "Contoso firmware", "driverClass": "Firmware", "manufacturer": "Contoso", "provider": "Contoso Ltd",
		"setupInformationFile": "contoso.inf", "version": "1.2", "versionDateTime": "2024-05-01T00:00:00Z", "signed": true
	}`
	recovery = `{
		"@odata.type": "#microsoft.graph.windowsUpdates.recoveryUpdateCatalogEntry",
		"id": "r", "catalogName": "Recovery", "productRevisions": [{"id": "10.0.1.2", "osBuild": null, "knowledgeBaseArticle": null}]
	}`
	unknown = `{"@odata.type": "#microsoft.graph.windowsUpdates.lunarCatalogEntry", "id": "u", "displayName": "U", "phase": "full"}`
)

// list reads the entries that the service answers with.
func list(t *testing.T, body string) []catalog.Entry {
	t.Helper()
	entries, err := stub.Answering(stub.Answer(200, body)).Client(t).Catalog().List(nil).Collect(t.Context(), 100)
	require.NoError(t, err)
	return entries
}

func date(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

func TestTheListOfThePageIsRead(t *testing.T) {
	t.Parallel()
	entries := list(t, stub.Testdata(t, "list-entries.response.json"))
	require.Len(t, entries, 4)
	require.Equal(t, &catalog.FeatureUpdate{
		Base: catalog.Base{
			ID: "7f4cee4c-9aa5-4e61-a4ca-c23a1bdba6f7", Kind: catalog.KindFeature, DisplayName: "Windows 11",
			Released: date(2021, 10, 4), DeployableUntil: date(2024, 10, 8),
		},
		Version: "Windows 11, version 21H2", Build: "22000",
	}, entries[1])
}

func TestEachKindOfEntryIsRead(t *testing.T) {
	t.Parallel()
	require.Equal(t, []catalog.Entry{
		&catalog.QualityUpdate{
			Base: catalog.Base{
				ID: "q", Kind: catalog.KindQuality, DisplayName: "Q", Released: date(2024, 10, 8), Extra: stub.Extra("color", `"blue"`),
			},
			CatalogName: "2024-10 Cumulative Update", ShortName: "2024.10 B", Expeditable: true,
			Cadence: catalog.CadenceMonthly, Classification: catalog.ClassificationSecurity,
			Severity: &catalog.Severity{
				Level: "critical", Score: new(9.8), Extra: stub.Extra("source", `"MSRC"`),
				Exploited: []catalog.CVE{{
					Number: "CVE-2024-43572", URL: "https://msrc.microsoft.com/update-guide/vulnerability/CVE-2024-43572",
					Extra: stub.Extra("kind", `"rce"`),
				}},
			},
			Revisions: []catalog.Revision{{
				ID: "10.0.26100.2033", DisplayName: "Windows 11, version 24H2, build 26100.2033", Product: "Windows 11", Version: "24H2",
				Hotpatch: true, Released: time.Date(2024, 10, 8, 17, 0, 0, 0, time.UTC), Extra: stub.Extra("channel", `"general"`),
				Build: catalog.Build{Major: 10, Minor: 0, Number: 26100, Revision: 2033, Extra: stub.Extra("lab", `"ge"`)},
				Article: &catalog.Article{
					ID: "KB5044284", URL: "https://support.microsoft.com/help/5044284", Extra: stub.Extra("language", `"en"`),
				},
			}},
		},
		&catalog.DriverUpdate{
			Base: catalog.Base{
				ID: "d", Kind: catalog.KindDriver, DisplayName: "Contoso - Firmware - 1.2",
				Released: time.Date(2024, 5, 31, 22, 0, 0, 0, time.UTC), Extra: stub.Extra("signed", "true"),
			},
			Description: "Contoso firmware", Class: "Firmware", Manufacturer: "Contoso", Provider: "Contoso Ltd",
			SetupFile: "contoso.inf", Version: "1.2", VersionDate: date(2024, 5, 1),
		},
		&catalog.RecoveryUpdate{
			Base:        catalog.Base{ID: "r", Kind: catalog.KindRecovery},
			CatalogName: "Recovery", Revisions: []catalog.Revision{{ID: "10.0.1.2"}},
		},
		&catalog.UnknownEntry{Base: catalog.Base{ID: "u", Kind: "lunarCatalogEntry", DisplayName: "U", Extra: stub.Extra("phase", `"full"`)}},
	}, list(t, `{"value":[`+quality+`,`+driver+`,`+recovery+`,`+unknown+`]}`))
}

func TestASparseEntryHasZeroValues(t *testing.T) {
	t.Parallel()
	require.Equal(t, []catalog.Entry{
		&catalog.QualityUpdate{Base: catalog.Base{ID: "q", Kind: catalog.KindQuality}, Cadence: "fortnightly", Classification: "cosmetic"},
		&catalog.FeatureUpdate{Base: catalog.Base{ID: "f", Kind: catalog.KindFeature}},
		&catalog.UnknownEntry{Base: catalog.Base{ID: "n"}},
	}, list(t, `{"value":[
		{"@odata.type":"microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"q","displayName":null,
			"releaseDateTime":"0001-01-01T00:00:00Z",
		 "isExpeditable":false,"catalogName":null,"shortName":null,"qualityUpdateCadence":"fortnightly",
		 	"qualityUpdateClassification":"cosmetic","cveSeverityInformation":null},
		null,
		{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"f","releaseDateTime":"0001-01-01T00:00:00Z",
			"deployableUntilDateTime":"0001-01-01T00:00:00Z","version":null,"buildNumber":null},
		{"id":"n"}
	]}`))
}

func TestAnEntryIsDeployableUntilItsEnd(t *testing.T) {
	t.Parallel()
	end := date(2025, 10, 14)
	entry := catalog.FeatureUpdate{Base: catalog.Base{DeployableUntil: end}}
	require.True(t, entry.DeployableAt(end))
	require.False(t, entry.DeployableAt(end.Add(time.Nanosecond)))
	require.True(t, (&catalog.Base{}).DeployableAt(end), "no known end")
	require.Same(t, &entry.Base, entry.Common())
}
