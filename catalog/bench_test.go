package catalog_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// BenchmarkList lists a page of 1,000 quality updates, each with one revision, and
// reads the same bytes with encoding/json into a struct that has what a program
// would write that needs nothing but this page.
func BenchmarkList(b *testing.B) {
	page := qualityPage(1000)
	client, err := updates.NewClient(token{}, &updates.Options{Transport: answering(reply{200, page})})
	require.NoError(b, err)
	b.Run("public", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			entries, err := client.Catalog().List(odata.Query{}).Collect(b.Context(), 1000)
			require.NoError(b, err)
			require.Len(b, entries, 1000)
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			var flat flatPage
			require.NoError(b, json.Unmarshal([]byte(page), &flat))
			require.Len(b, flat.Value, 1000)
		}
	})
}

func TestThePageOfTheBenchmarkIsReadWhole(t *testing.T) {
	t.Parallel()
	entry := list(t, qualityPage(1))[0].(*catalog.QualityUpdate)
	require.Nil(t, entry.Extra)
	require.Equal(t, catalog.Build{Major: 10, Number: 26100, Revision: 0}, entry.Revisions[0].Build)
	require.Equal(t, "KB5044284", entry.Revisions[0].Article.ID)
}

func qualityPage(entries int) string {
	items := make([]string, entries)
	for i := range items {
		items[i] = fmt.Sprintf(`{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"%064x","displayName":"10/08/2024 - 2024.10 B SecurityUpdate for Windows 10 and later","deployableUntilDateTime":null,"releaseDateTime":"2024-10-08T00:00:00Z","isExpeditable":true,"qualityUpdateClassification":"security","catalogName":"2024-10 Cumulative Update for Windows 10 and later","shortName":"2024.10 B","qualityUpdateCadence":"monthly","cveSeverityInformation":{"maxSeverity":"critical","maxBaseScore":9.8,"exploitedCves":[{"number":"CVE-2024-43572","url":"https://msrc.microsoft.com/update-guide/vulnerability/CVE-2024-43572"}]},"productRevisions":[{"id":"10.0.26100.%d","displayName":"Windows 11, version 24H2","releaseDateTime":"2024-10-08T17:00:00Z","version":"24H2","product":"Windows 11","isHotpatchUpdate":false,"osBuild":{"majorVersion":10,"minorVersion":0,"buildNumber":26100,"updateBuildRevision":%d},"knowledgeBaseArticle@odata.context":"https://graph.microsoft.com/beta/$metadata#knowledgeBaseArticle","knowledgeBaseArticle":{"id":"KB5044284","url":"https://support.microsoft.com/help/5044284"}}]}`, i, i, i)
	}
	return `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#admin/windows/updates/catalog/entries","value":[` + strings.Join(items, ",") + `]}`
}

type flatPage struct {
	Value []struct {
		Type            string     `json:"@odata.type"`
		ID              string     `json:"id"`
		DisplayName     string     `json:"displayName"`
		DeployableUntil *time.Time `json:"deployableUntilDateTime"`
		Released        time.Time  `json:"releaseDateTime"`
		Expeditable     bool       `json:"isExpeditable"`
		Classification  string     `json:"qualityUpdateClassification"`
		CatalogName     string     `json:"catalogName"`
		ShortName       string     `json:"shortName"`
		Cadence         string     `json:"qualityUpdateCadence"`
		Severity        struct {
			Level     string  `json:"maxSeverity"`
			Score     float64 `json:"maxBaseScore"`
			Exploited []struct {
				Number string `json:"number"`
				URL    string `json:"url"`
			} `json:"exploitedCves"`
		} `json:"cveSeverityInformation"`
		Revisions []struct {
			ID          string    `json:"id"`
			DisplayName string    `json:"displayName"`
			Released    time.Time `json:"releaseDateTime"`
			Version     string    `json:"version"`
			Product     string    `json:"product"`
			Hotpatch    bool      `json:"isHotpatchUpdate"`
			Build       struct {
				Major    int `json:"majorVersion"`
				Minor    int `json:"minorVersion"`
				Number   int `json:"buildNumber"`
				Revision int `json:"updateBuildRevision"`
			} `json:"osBuild"`
			Article struct {
				ID  string `json:"id"`
				URL string `json:"url"`
			} `json:"knowledgeBaseArticle"`
		} `json:"productRevisions"`
	} `json:"value"`
}
