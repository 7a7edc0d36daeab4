package catalog_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// A known property in Extra is one that could not be read; its field is zero.
func TestUnreadNamesKnownPropertiesInExtra(t *testing.T) {
	t.Parallel()
	extra := func(name string) map[string]json.RawMessage { return stub.Extra(name, "[7]") }
	for want, got := range map[string][]string{
		"@odata.type":                   (&catalog.UnknownEntry{Base: catalog.Base{Extra: extra("@odata.type")}}).Unread(),
		"buildNumber":                   (&catalog.FeatureUpdate{Base: catalog.Base{Extra: extra("buildNumber")}}).Unread(),
		"isExpeditable":                 (&catalog.QualityUpdate{Base: catalog.Base{Extra: extra("isExpeditable")}}).Unread(),
		"driverClass":                   (&catalog.DriverUpdate{Base: catalog.Base{Extra: extra("driverClass")}}).Unread(),
		"productRevisions":              (&catalog.RecoveryUpdate{Base: catalog.Base{Extra: extra("productRevisions")}}).Unread(),
		"maxBaseScore":                  catalog.Severity{Extra: extra("maxBaseScore")}.Unread(),
		"number":                        catalog.CVE{Extra: extra("number")}.Unread(),
		"osBuild":                       catalog.Revision{Extra: extra("osBuild")}.Unread(),
		"updateBuildRevision":           catalog.Build{Extra: extra("updateBuildRevision")}.Unread(),
		"url":                           catalog.Article{Extra: extra("url")}.Unread(),
		"editions":                      catalog.Product{Extra: extra("editions")}.Unread(),
		"endOfServiceDateTime":          catalog.Edition{Extra: extra("endOfServiceDateTime")}.Unread(),
		"startDateTime":                 catalog.ServicingPeriod{Extra: extra("startDateTime")}.Unread(),
		"resolvingKnowledgeBaseArticle": catalog.KnownIssue{Extra: extra("resolvingKnowledgeBaseArticle")}.Unread(),
		"body":                          catalog.IssueNote{Extra: extra("body")}.Unread(),
		"contentType":                   catalog.IssueBody{Extra: extra("contentType")}.Unread(),
	} {
		require.Equal(t, []string{want}, got)
	}
	require.Empty(t, (&catalog.FeatureUpdate{Base: catalog.Base{Extra: extra("isExpeditable")}}).Unread())
}

// entryWith is a quality update for a list, and what it has instead of some properties.
func entryWith(id string, instead ...string) string {
	entry := `{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"` + id + `",
		"releaseDateTime":"2024-10-08T00:00:00Z","deployableUntilDateTime":"2030-01-01","isExpeditable":true,
		"qualityUpdateClassification":"security","qualityUpdateCadence":"monthly","cveSeverityInformation":{"exploitedCves":[{}]},
		"productRevisions":[{"id":"r","version":"24H2","isHotpatchUpdate":true,"osBuild":{"majorVersion":10,"buildNumber":26100,"updateBuildRevision":1},
		"knowledgeBaseArticle":{"id":"KB1"}}]}`
	return strings.NewReplacer(instead...).Replace(entry)
}

const featureEntry = `{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry","id":"f","version":"v","buildNumber":"1",
	"releaseDateTime":"2024-10-08T00:00:00Z"}`

func anyOf[T any](list odata.List[T]) func(*testing.T) error {
	return func(t *testing.T) error { _, err := list.Collect(t.Context(), 9); return err }
}

// searches are those that decide by a property.
func searches(c catalog.Client) map[string]func(*testing.T) error {
	quality := func(q catalog.QualityQuery) func(*testing.T) error { return anyOf(c.ListQualityUpdates(q)) }
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return map[string]func(*testing.T) error{
		"after":           quality(catalog.QualityQuery{}.ReleasedAfter(now)),
		"before":          quality(catalog.QualityQuery{}.ReleasedBefore(now)),
		"deployable":      quality(catalog.QualityQuery{}.DeployableOn(now)),
		"cadence":         quality(catalog.QualityQuery{}.OfCadence(catalog.CadenceMonthly)),
		"classification":  quality(catalog.QualityQuery{}.OfClassification(catalog.ClassificationSecurity)),
		"expeditable":     quality(catalog.QualityQuery{}.ExpeditableOnly()),
		"exploited":       quality(catalog.QualityQuery{}.ExploitedOnly()),
		"hotpatch":        quality(catalog.QualityQuery{}.HotpatchOnly().WithRevisions()),
		"build":           quality(catalog.QualityQuery{}.OfBuild("26100")),
		"version":         quality(catalog.QualityQuery{}.OfVersion("24H2")),
		"whole version":   quality(catalog.QualityQuery{}.OfVersion("Windows 11, version 24H2")),
		"feature version": anyOf(c.ListFeatureUpdates(catalog.FeatureQuery{}.OfVersion("v"))),
		"feature build":   anyOf(c.ListFeatureUpdates(catalog.FeatureQuery{}.OfBuild("1"))),
		"find version":    func(t *testing.T) error { _, err := c.FindFeatureUpdate(t.Context(), "v"); return err },
		"find KB":         func(t *testing.T) error { _, err := c.FindByKB(t.Context(), 1); return err },
		"find build":      func(t *testing.T) error { _, err := c.FindByBuild(t.Context(), "26100.1"); return err },
		"latest":          func(t *testing.T) error { _, err := c.FindLatestSecurityUpdate(t.Context()); return err },
		"expedite":        func(t *testing.T) error { _, err := c.FindLatestExpeditable(t.Context()); return err },
		"all qualities":   quality(catalog.QualityQuery{}),
		"all features":    anyOf(c.ListFeatureUpdates(catalog.FeatureQuery{})),
		"all recoveries":  anyOf(c.ListRecoveryUpdates(catalog.RecoveryQuery{})),
	}
}

// A search that decides by a property that could not be read does not know whether the update
// matches. Taken for zero, it would say that there is none, or choose another one.
func TestASearchFailsIfAPropertyThatDecidesCouldNotBeRead(t *testing.T) {
	t.Parallel()
	const bad = `:[7]`
	date, until := `"releaseDateTime":"2024-10-08T00:00:00Z"`, `"deployableUntilDateTime":"2030-01-01"`
	wrong := func(whole string) string { name, _, _ := strings.Cut(whole, ":"); return name + bad }
	revisions := entryWith("1")[strings.Index(entryWith("1"), `"productRevisions"`) : len(entryWith("1"))-1]
	for name, c := range map[string]struct {
		entries  []string
		property string
		searches []string
	}{
		"released": {[]string{entryWith("1", date, wrong(date)), entryWith("2")}, "releaseDateTime", []string{"after", "before", "latest", "expedite"}},
		"until":    {[]string{entryWith("1", until, wrong(until))}, "deployableUntilDateTime", []string{"deployable"}},
		"cadence":  {[]string{entryWith("1", `"monthly"`, "7")}, "qualityUpdateCadence", []string{"cadence"}},
		"class": {
			[]string{entryWith("1", `"security"`, "7"), entryWith("2")}, "qualityUpdateClassification",
			[]string{"classification", "latest", "expedite"},
		},
		"expeditable": {[]string{entryWith("1", `"isExpeditable":true`, `"isExpeditable":7`)}, "isExpeditable", []string{"expeditable", "expedite"}},
		"severity": {
			[]string{entryWith("1", `{"exploitedCves":[{}]}`, `7`)}, "cveSeverityInformation", []string{"exploited"},
		},
		"exploited": {
			[]string{entryWith("1", `[{}]`, `7`)}, "cveSeverityInformation.exploitedCves", []string{"exploited"},
		},
		"revisions": {
			[]string{entryWith("1", revisions, `"productRevisions":7`)}, "productRevisions",
			[]string{"hotpatch", "build", "version", "find KB", "find build"},
		},
		"hotpatch": {
			[]string{entryWith("1", `"isHotpatchUpdate":true`, `"isHotpatchUpdate":7`)}, "productRevisions.isHotpatchUpdate",
			[]string{"hotpatch"},
		},
		"build": {
			[]string{entryWith("1", `{"majorVersion":10,"buildNumber":26100,"updateBuildRevision":1}`, `7`)}, "productRevisions.osBuild",
			[]string{"build", "find build"},
		},
		"number": {
			[]string{entryWith("1", `26100`, `"x"`)}, "productRevisions.osBuild.buildNumber", []string{"build", "find build"},
		},
		"version": {[]string{entryWith("1", `"24H2"`, `7`)}, "productRevisions.version", []string{"version", "whole version"}},
		"product": {[]string{entryWith("1", `"version":"24H2"`, `"product":7,"version":"24H2"`)}, "productRevisions.product", []string{"whole version"}},
		"article": {
			[]string{entryWith("1", `{"id":"KB1"}`, `{"id":7}`)}, "productRevisions.knowledgeBaseArticle", []string{"find KB"},
		},
		"feature": {
			[]string{strings.Replace(featureEntry, `"v"`, `7`, 1)}, "version", []string{"feature version", "find version"},
		},
		"feature build": {[]string{strings.Replace(featureEntry, `"1"`, `7`, 1)}, "buildNumber", []string{"feature build"}},
		"features": {
			[]string{featureEntry, strings.Replace(featureEntry, date, wrong(date), 1)}, "releaseDateTime", []string{"find version"},
		},
		"type": {
			[]string{entryWith("1", `"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry"`, `7`)}, "@odata.type",
			[]string{"all qualities", "all features", "all recoveries", "find KB", "latest", "find version"},
		},
	} {
		for _, search := range c.searches {
			t.Run(name+", "+search, func(t *testing.T) {
				t.Parallel()
				err := searches(onEntries(t, c.entries).Catalog())[search](t)
				require.Error(t, err)
				require.NotErrorIs(t, err, apierr.ErrNotFound)
				require.ErrorContains(t, err, ": its "+c.property+" could not be read")
			})
		}
	}
}

// No issues and issues that could not be read differ.
func TestKnownIssuesOfAnEntryThatCouldNotBeReadAreAnError(t *testing.T) {
	t.Parallel()
	client := onEntries(t, []string{`{"id":"1","knownIssues":[]}`, `{"id":"2","knownIssues":"none"}`})
	_, err := client.KnownIssues().ListByEntry("e").Collect(t.Context(), 9)
	require.EqualError(t, err, `knownIssues.ListByEntry: knownIssues of product "2" could not be read`)
}

func TestTheKnownIssuesOfAnEntryAreOnePage(t *testing.T) {
	t.Parallel()
	list := onEntries(t, []string{`{"id":"1","knownIssues":[]}`}).KnownIssues().ListByEntry("e").From(stub.Root + "/products?$skiptoken=1")
	_, err := list.Collect(t.Context(), 9)
	require.ErrorIs(t, err, apierr.ErrInvalid)
}

func onEntries(t *testing.T, entries []string) *updates.Client {
	t.Helper()
	return stub.Answering(stub.Answer(200, `{"value":[`+strings.Join(entries, ",")+`]}`)).Client(t)
}

// What the other properties decide is known, and so is what one revision decides for all.
func TestASearchSucceedsIfAnotherPropertyDecides(t *testing.T) {
	t.Parallel()
	old := entryWith("old", "2024-10-08T00:00:00Z", "2020-01-01", `"monthly"`, "7")
	q := catalog.QualityQuery{}.OfCadence(catalog.CadenceMonthly).ReleasedAfter(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC))
	found, err := onEntries(t, []string{old, entryWith("new")}).Catalog().ListQualityUpdates(q).Collect(t.Context(), 9)
	require.NoError(t, err)
	require.Len(t, found, 1)
	require.Equal(t, "new", found[0].ID)

	older := entryWith("older", "2024-10-08T00:00:00Z", "2020-01-01", `"security"`, "7")
	latest, err := onEntries(t, []string{older, entryWith("new"), older}).Catalog().FindLatestSecurityUpdate(t.Context())
	require.NoError(t, err)
	require.Equal(t, "new", latest.ID)

	one := entryWith("1", `[{"id":"r"`, `[{"id":"s","osBuild":7},{"id":"r"`)
	for _, search := range []string{"build", "find build"} {
		require.NoError(t, searches(onEntries(t, []string{one}).Catalog())[search](t), search)
	}
	unknownKind := strings.Replace(featureEntry, "featureUpdate", "newKind", 1)
	require.NoError(t, searches(onEntries(t, []string{unknownKind}).Catalog())["all qualities"](t))
}

// Unknown is neither false nor never.
func TestAStatementIsUnknownIfItsPropertyCouldNotBeRead(t *testing.T) {
	t.Parallel()
	extra := func(name string) map[string]json.RawMessage { return stub.Extra(name, "[7]") }
	require.False(t, (&catalog.Base{Extra: extra("deployableUntilDateTime")}).DeployableAt(time.Now()))
	require.True(t, (&catalog.KnownIssue{Extra: extra("status"), Resolved: time.Now()}).IsActive())
	require.True(t, (&catalog.KnownIssue{Extra: extra("resolvedDateTime")}).IsActive())
	for want, value := range map[string]interface{ String() string }{
		"Enterprise, unknown isInService":                catalog.Edition{Name: "Enterprise", Extra: extra("isInService")},
		"Home, in service, unknown endOfServiceDateTime": catalog.Edition{Name: "Home", InService: true, Extra: extra("endOfServiceDateTime")},
		"critical, unknown exploitedCves":                catalog.Severity{Level: "critical", Extra: extra("exploitedCves")},
		"r, unknown isHotpatchUpdate":                    catalog.Revision{ID: "r", Extra: extra("isHotpatchUpdate")},
	} {
		require.Equal(t, want, value.String())
	}
}
