package catalog_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
)

// unfiltered is what a service answers that knows no filter. "bare" has no
// revisions, "old" an empty list of them.
const unfiltered = `{"value":[
	{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"b","releaseDateTime":"2025-01-14T00:00:00Z",
		"deployableUntilDateTime":"2025-06-01T00:00:00Z",
	 "isExpeditable":true,"qualityUpdateCadence":"monthly","qualityUpdateClassification":"security",
	 "cveSeverityInformation":{"exploitedCves":[{"number":"CVE-2025-1"}]},"productRevisions":[
		{"id":"10.0.26100.2894","product":"Windows 11","version":"24H2","isHotpatchUpdate":false},
		{"id":"10.0.26100.2891","product":"Windows 11","version":"24H2","isHotpatchUpdate":true},
		{"id":"10.0.22621.4751","product":"Windows 11","version":"22H2","isHotpatchUpdate":false}]},
	{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"d","releaseDateTime":"2025-01-28T00:00:00Z",
	 "isExpeditable":false,"qualityUpdateCadence":"monthly","qualityUpdateClassification":"nonSecurity",
	 "cveSeverityInformation":{"exploitedCves":[]},"productRevisions":[
		{"id":"10.0.19045.5440","product":"Windows 10","version":"22H2","isHotpatchUpdate":false}]},
	{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"bare","isExpeditable":true,
		"qualityUpdateCadence":"outOfBand","qualityUpdateClassification":"security"},
	{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"old","releaseDateTime":"2022-01-11T00:00:00Z",
		"isExpeditable":true,
	 "qualityUpdateCadence":"strange","qualityUpdateClassification":"strange","productRevisions":[]},
	{"@odata.type":"#microsoft.graph.windowsUpdates.recoveryUpdateCatalogEntry","id":"r","releaseDateTime":"2025-01-14T00:00:00Z"},
	{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"f","releaseDateTime":"2024-10-01T00:00:00Z",
		"buildNumber":"26100"},
	{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"g","releaseDateTime":"2025-09-30T00:00:00Z",
		"buildNumber":"26200"}
]}`

func TestAServiceThatIgnoresFiltersDoesNoHarm(t *testing.T) {
	t.Parallel()
	client := stub.Answering(stub.Answer(200, unfiltered)).Client(t).Catalog()
	second, fourth := date(2025, 1, 14), date(2025, 1, 28)
	query := catalog.QualityQuery{}
	for name, c := range map[string]struct {
		query any
		want  []string
	}{
		"all":                     {query, []string{"b", "d", "bare", "old"}},
		"expeditable":             {query.ExpeditableOnly(), []string{"b", "bare", "old"}},
		"exploited":               {query.ExploitedOnly(), []string{"b"}},
		"hotpatch":                {query.HotpatchOnly(), []string{"b", "bare"}},
		"monthly":                 {query.OfCadence(catalog.CadenceMonthly), []string{"b", "d"}},
		"unknown cadence":         {query.OfCadence("strange"), []string{"old"}},
		"security":                {query.OfClassification(catalog.ClassificationSecurity), []string{"b", "bare"}},
		"both classifications":    {query.OfClassification(catalog.ClassificationAll), []string{"b", "d", "bare", "old"}},
		"build":                   {query.OfBuild("26100.2894"), []string{"b"}},
		"full build":              {query.OfBuild("10.0.19045.5440"), []string{"d"}},
		"builds of a version":     {query.OfBuild("26100"), []string{"b"}},
		"no build":                {query.OfBuild("0"), []string{}},
		"beginning of a build":    {query.OfBuild("26100.289"), []string{}},
		"version":                 {query.OfVersion("22h2"), []string{"b", "d"}},
		"version of a product":    {query.OfVersion("Windows 10, Version 22H2"), []string{"d"}},
		"one revision has all":    {query.OfBuild("26100").OfVersion("24H2").HotpatchOnly(), []string{"b"}},
		"no revision has all":     {query.OfBuild("26100.2894").HotpatchOnly(), []string{}},
		"after, exclusive":        {query.ReleasedAfter(second), []string{"d"}},
		"before, exclusive":       {query.ReleasedBefore(fourth), []string{"b", "old"}},
		"between":                 {query.ReleasedAfter(second.Add(-1)).ReleasedBefore(fourth), []string{"b"}},
		"deployable":              {query.DeployableOn(date(2025, 7, 1)), []string{"d", "bare", "old"}},
		"limited client-side":     {query.ExpeditableOnly().AtMost(2), []string{"b", "bare"}},
		"limited after filtering": {query.OfCadence(catalog.CadenceOutOfBand).AtMost(1), []string{"bare"}},
		"feature build":           {catalog.FeatureQuery{}.OfBuild("26100"), []string{"f"}},
		"features after":          {catalog.FeatureQuery{}.ReleasedAfter(second), []string{"g"}},
		"features before":         {catalog.FeatureQuery{}.ReleasedBefore(second), []string{"f"}},
		"recovery":                {catalog.RecoveryQuery{}, []string{"r"}},
		"recovery after":          {catalog.RecoveryQuery{}.ReleasedAfter(second), []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := listed(t, client, c.query)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

func TestTheSimulatorAnswersEachQuery(t *testing.T) {
	t.Parallel()
	client := onSimulator(t).Catalog()
	query := catalog.QualityQuery{}.NewestFirst()
	hotpatches := []string{
		"2026.09 B", "2026.08 B", "2026.05 B", "2026.03 OOB", "2026.03 B", "2026.02 B", "2025.12 B", "2025.11 B", "2025.08 B",
	}
	for name, c := range map[string]struct {
		query catalog.QualityQuery
		want  []string
	}{
		"newest expeditable": {query.ExpeditableOnly().AtMost(3), []string{"2026.09 OOB", "2026.09 B", "2026.08 B"}},
		"hotpatch":           {query.HotpatchOnly(), hotpatches},
		"hotpatch, checked":  {query.HotpatchOnly().WithRevisions(), hotpatches},
		"build":              {query.OfBuild("26100.7171"), []string{"2025.11 B"}},
		"Windows 10":         {query.OfVersion("Windows 10, version 22H2").AtMost(2), []string{"2025.10 B", "2025.09 B"}},
		"out of band":        {query.OfCadence(catalog.CadenceOutOfBand), []string{"2026.09 OOB", "2026.03 OOB", "2025.10 OOB"}},
		"exploited":          {query.ExploitedOnly().AtMost(2), []string{"2026.09 B", "2026.07 B"}},
		"previews":           {query.OfClassification(catalog.ClassificationNonSecurity).AtMost(1), []string{"2026.08 D"}},
		"of a month":         {query.ReleasedAfter(date(2025, 10, 1)).ReleasedBefore(date(2025, 10, 15)), []string{"2025.10 B"}},
		"raw": {
			query.ExpeditableOnly().Matching("releaseDateTime lt 2025-09-01T00:00:00Z or releaseDateTime gt 2026-09-01T00:00:00Z"),
			[]string{"2026.09 OOB", "2026.09 B", "2025.08 B"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			updates, err := client.ListQualityUpdates(c.query).Collect(t.Context(), 100)
			require.NoError(t, err)
			names := []string{}
			for _, update := range updates {
				names = append(names, update.ShortName)
			}
			require.Equal(t, c.want, names)
		})
	}
}

func TestRevisionsComeWhenTheyAreAskedFor(t *testing.T) {
	t.Parallel()
	client := onSimulator(t).Catalog()
	update, err := client.ListQualityUpdates(catalog.QualityQuery{}.NewestFirst()).First(t.Context())
	require.NoError(t, err)
	require.Nil(t, update.Revisions)
	update, err = client.ListQualityUpdates(catalog.QualityQuery{}.NewestFirst().WithRevisions()).First(t.Context())
	require.NoError(t, err)
	require.Len(t, update.Revisions, 4)
	require.Equal(t, "10.0.26300.9457", update.Revisions[0].ID)
	require.Equal(t, "KB5129195", update.Revisions[0].Article.ID)
	require.Equal(t, catalog.Build{Major: 10, Number: 26300, Revision: 9457}, update.Revisions[0].Build)
	require.Equal(t, time.UTC, update.Revisions[0].Released.Location())
}
