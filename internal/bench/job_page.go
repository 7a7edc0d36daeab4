package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// page lists a page of 1,000 quality updates, each with one revision, as public values. The plain way
// reads it into the struct that a program would write that needs only this page.
func page() ([]way, error) {
	const entries = 1_000
	transport := answering{http.StatusOK, qualityPage(entries)}
	client, err := newOurs(transport)
	generated, stockErr := newStock(transport)
	hand := newPlainClient(transport)
	return []way{
		{name: ours, once: func() error {
			got, err := client.Catalog().List(nil).Collect(context.Background(), entries)
			return cmp.Or(err, want("entries", len(got), entries))
		}},
		{name: plain, once: func() error {
			var got flatPage
			err := hand.send(http.MethodGet, root+"/catalog/entries", nil, &got)
			return cmp.Or(err, want("entries", len(got.Value), entries))
		}},
		{name: stock, once: func() error {
			got, err := generated.Catalog().Entries().Get(context.Background(), nil)
			if err != nil {
				return err
			}
			return want("entries", len(got.GetValue()), entries)
		}},
	}, cmp.Or(err, stockErr)
}

func qualityPage(entries int) []byte {
	items := make([]string, entries)
	for i := range items {
		items[i] = qualityUpdate(i)
	}
	context := host + "/beta/$metadata#admin/windows/updates/catalog/entries"
	return []byte(`{"@odata.context":"` + context + `","value":[` + strings.Join(items, ",") + `]}`)
}

const qualityEntry = `{"@odata.type":"#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry","id":"%064x",` +
	`"displayName":"10/08/2024 - 2024.10 B SecurityUpdate for Windows 10 and later","deployableUntilDateTime":null,` +
	`"releaseDateTime":"2024-10-08T00:00:00Z","isExpeditable":true,"qualityUpdateClassification":"security",` +
	`"catalogName":"2024-10 Cumulative Update for Windows 10 and later","shortName":"2024.10 B","qualityUpdateCadence":"monthly",` +
	`"cveSeverityInformation":{"maxSeverity":"critical","maxBaseScore":9.8,` +
	`"exploitedCves":[{"number":"CVE-2024-43572",` +
	`"url":"https://msrc.microsoft.com/update-guide/vulnerability/CVE-2024-43572"}]},` +
	`"productRevisions":[{"id":"10.0.26100.%d","displayName":"Windows 11, version 24H2",` +
	`"releaseDateTime":"2024-10-08T17:00:00Z","version":"24H2","product":"Windows 11","isHotpatchUpdate":false,` +
	`"osBuild":{"majorVersion":10,"minorVersion":0,"buildNumber":26100,"updateBuildRevision":%d},` +
	`"knowledgeBaseArticle@odata.context":"https://graph.microsoft.com/beta/$metadata#knowledgeBaseArticle",` +
	`"knowledgeBaseArticle":{"id":"KB5044284","url":"https://support.microsoft.com/help/5044284"}}]}`

func qualityUpdate(i int) string { return fmt.Sprintf(qualityEntry, i, i, i) }

type flatPage struct {
	Value []flatEntry `json:"value"`
}

type flatEntry struct {
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
	Revisions []flatRevision `json:"productRevisions"`
}

type flatRevision struct {
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
}
