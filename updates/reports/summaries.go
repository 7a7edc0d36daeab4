package reports

import (
	"context"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	builders "github.com/winupdates/winupdates-go/internal/graph/data"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// ListSummaries lists the updates that apply to devices, with the number of devices, across all policies of
// the tenant. For one audience, use audience.Client.ListApplicableContent.
//
// Graph: GET /data/applicableCatalogSummaries (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatedata-list-applicablecatalogsummaries?view=graph-rest-beta
func (c Client) ListSummaries(q *odata.Query) odata.List[*Summary] {
	return call.ListLimited(c.call, call.Op{Name: "reports.ListSummaries"}, q, nil, fetchSummaries,
		call.All(readSummary))
}

// GetSummary returns the summary of an update by the ID of its catalog entry. If there is none, the error is
// apierr.ErrNotFound.
//
// Graph: GET /data/applicableCatalogSummaries/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-applicablecatalogsummary-get?view=graph-rest-beta
func (c Client) GetSummary(ctx context.Context, entryID string) (*Summary, error) {
	op := reportOp("reports.GetSummary", "entryID", entryID)
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.ApplicableCatalogSummaryable, error) {
		return g.Data().ApplicableCatalogSummaries().ByApplicableCatalogSummaryId(entryID).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readSummary(w), nil
}

// ListApplicableDevices lists the devices that an update applies to, by the ID of its catalog entry.
//
// Graph: GET /data/applicableCatalogSummaries/{id}/aggregatedDevices (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-applicablecatalogsummary-list-aggregateddevices?view=graph-rest-beta
func (c Client) ListApplicableDevices(entryID string, q *odata.Query) odata.List[*audience.ApplicableDevice] {
	op := reportOp("reports.ListApplicableDevices", "entryID", entryID)
	return call.ListLimited(c.call, op, q, nil, fetchApplicableDevices(entryID),
		call.All(audience.Internal.ReadApplicableDevice))
}

func fetchSummaries(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.ApplicableCatalogSummaryPageable, error) {
	summaries := call.At(g.Data().ApplicableCatalogSummaries(), link)
	return summaries.Get(ctx, call.With((*builders.ApplicableCatalogSummariesRequestBuilderGetQueryParameters)(p)))
}

func fetchApplicableDevices(entryID string) call.Fetch[models.ApplicableDevicePageable] {
	return func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.ApplicableDevicePageable, error) {
		devices := g.Data().ApplicableCatalogSummaries().ByApplicableCatalogSummaryId(entryID).AggregatedDevices()
		parameters := (*builders.ApplicableCatalogSummariesItemAggregatedDevicesRequestBuilderGetQueryParameters)(p)
		return call.At(devices, link).Get(ctx, call.With(parameters))
	}
}
