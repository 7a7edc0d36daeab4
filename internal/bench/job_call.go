package main

import (
	"cmp"
	"context"
	"net/http"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

const entryID = "c1dec151-c151-c1de-51c1-dec151c1dec1"

// get reads one catalog entry.
func get() ([]way, error) {
	transport := answering{http.StatusOK, []byte(qualityUpdate(1))}
	client, err := newOurs(transport)
	generated, stockErr := newStock(transport)
	hand := newPlainClient(transport)
	return []way{
		{name: ours, once: func() error {
			_, err := client.Catalog().Get(context.Background(), entryID)
			return err
		}},
		{name: plain, once: func() error {
			return hand.send(http.MethodGet, root+"/catalog/entries/"+entryID, nil, &flatEntry{})
		}},
		{name: stock, once: func() error {
			_, err := generated.Catalog().Entries().ByCatalogEntryId(entryID).Get(context.Background(), nil)
			return err
		}},
	}, cmp.Or(err, stockErr)
}

// post creates a deployment.
func post() ([]way, error) {
	transport := answering{http.StatusCreated, []byte(created)}
	client, err := newOurs(transport)
	generated, stockErr := newStock(transport)
	hand := newPlainClient(transport)
	return []way{
		{name: ours, once: func() error {
			_, err := client.Deployments().Create(context.Background(), deployments.ForFeature(entryID))
			return err
		}},
		{name: plain, once: func() error {
			return hand.send(http.MethodPost, root+"/deployments", flatOffer(), &flatDeployment{})
		}},
		{name: stock, once: func() error {
			_, err := generated.Deployments().Post(context.Background(), generatedOffer(), nil)
			return err
		}},
	}, cmp.Or(err, stockErr)
}

const created = `{"@odata.context":"https://graph.microsoft.com/beta/$metadata#admin/windows/updates/deployments/$entity",` +
	`"id":"b5171742-1742-b517-4217-17b5421717b5",` +
	`"createdDateTime":"2024-10-08T17:00:00.1234567Z","lastModifiedDateTime":"2024-10-08T17:00:00.1234567Z",` +
	`"state":{"effectiveValue":"scheduled","requestedValue":"none","reasons":[{"value":"offeringByRequest"}]},` +
	`"content":{"@odata.type":"#microsoft.graph.windowsUpdates.catalogContent",` +
	`"catalogEntry":{"@odata.type":"#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry",` +
	`"id":"c1dec151-c151-c1de-51c1-dec151c1dec1","displayName":"Windows 11, version 24H2",` +
	`"releaseDateTime":"2024-10-01T00:00:00Z","deployableUntilDateTime":"2026-10-13T00:00:00Z",` +
	`"version":"Windows 11, version 24H2"}},` +
	`"settings":{"schedule":{"startDateTime":"2024-10-14T00:00:00Z",` +
	`"gradualRollout":{"@odata.type":"#microsoft.graph.windowsUpdates.rateDrivenRolloutSettings",` +
	`"durationBetweenOffers":"P7D","devicesPerOffer":100}},` +
	`"monitoring":{"monitoringRules":[{"signal":"rollback","threshold":5,"action":"pauseDeployment"}]}}}`

type flatDeployment struct {
	ID       string      `json:"id,omitempty"`
	Created  string      `json:"createdDateTime,omitempty"`
	Modified string      `json:"lastModifiedDateTime,omitempty"`
	State    *flatState  `json:"state,omitempty"`
	Content  flatContent `json:"content"`
	Settings *struct {
		Schedule struct {
			Start   string `json:"startDateTime"`
			Rollout struct {
				Type   string `json:"@odata.type"`
				Every  string `json:"durationBetweenOffers"`
				Number int    `json:"devicesPerOffer"`
			} `json:"gradualRollout"`
		} `json:"schedule"`
		Monitoring struct {
			Rules []struct {
				Signal    string `json:"signal"`
				Threshold int    `json:"threshold"`
				Action    string `json:"action"`
			} `json:"monitoringRules"`
		} `json:"monitoring"`
	} `json:"settings,omitempty"`
}

type flatState struct {
	Effective string `json:"effectiveValue"`
	Requested string `json:"requestedValue"`
	Reasons   []struct {
		Value string `json:"value"`
	} `json:"reasons"`
}

type flatContent struct {
	Type  string `json:"@odata.type"`
	Entry struct {
		Type            string `json:"@odata.type"`
		ID              string `json:"id"`
		DisplayName     string `json:"displayName,omitempty"`
		Released        string `json:"releaseDateTime,omitempty"`
		DeployableUntil string `json:"deployableUntilDateTime,omitempty"`
		Version         string `json:"version,omitempty"`
	} `json:"catalogEntry"`
}

func flatOffer() *flatDeployment {
	offer := &flatDeployment{}
	offer.Content.Type = "#microsoft.graph.windowsUpdates.catalogContent"
	offer.Content.Entry.Type = "#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry"
	offer.Content.Entry.ID = entryID
	return offer
}

func generatedOffer() models.Deploymentable {
	entry := models.NewFeatureUpdateCatalogEntry()
	entry.SetId(new(entryID))
	content := models.NewCatalogContent()
	content.SetCatalogEntry(entry)
	offer := models.NewDeployment()
	offer.SetContent(content)
	return offer
}
