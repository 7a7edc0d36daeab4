package policies

import (
	"context"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	builders "github.com/winupdates/winupdates-go/internal/graph/policies"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// ListApplicableCatalogs lists the updates that are applicable to devices of a policy, with
// the number of devices. Use it to find what to approve. To get the devices, use
// [Client.ListApplicableDevices]; [Client.AllMatches] has the vendors that recommend an update.
//
// The options of the list are not documented; $count, $filter, $orderby, $select, and $top
// are inferred from similar lists. Skip and Expand are rejected.
//
// Graph: GET /policies/{id}/applicableCatalogs (WindowsUpdates.Read.All)
//
//graph:page none, the list is inferred from the page of one applicable catalog
func (c Client) ListApplicableCatalogs(policyID string, q *odata.Query) odata.List[*ApplicableCatalog] {
	op := partOp("policies.ListApplicableCatalogs", call.Read, policyID)
	return call.ListLimited(c.call, op, q, nil, fetchCatalogs(policyID), call.All(readApplicableCatalog))
}

// GetApplicableCatalog returns an update that is applicable to devices of a policy, by the ID
// of its catalog entry. If it is applicable to none, the error is apierr.ErrNotFound, which
// is inferred.
//
// Graph: GET /policies/{id}/applicableCatalogs/{catalogEntryId} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-applicablecatalog-get?view=graph-rest-beta
func (c Client) GetApplicableCatalog(ctx context.Context, policyID, entryID string) (*ApplicableCatalog, error) {
	op := entryOp("policies.GetApplicableCatalog", call.Read, policyID, entryID)
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.ApplicableCatalogable, error) {
		return catalogAt(g, policyID, entryID).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readApplicableCatalog(w), nil
}

// ListApplicableDevices lists the devices of a policy that an update is applicable to. entryID
// is the ID of the catalog entry. The options are those of [Client.ListApplicableCatalogs].
//
// Graph: GET /policies/{id}/applicableCatalogs/{catalogEntryId}/devices (WindowsUpdates.Read.All)
//
//graph:page none, the route is inferred from the relationship
func (c Client) ListApplicableDevices(
	policyID, entryID string, q *odata.Query,
) odata.List[*audience.ApplicableDevice] {
	op := entryOp("policies.ListApplicableDevices", call.Read, policyID, entryID)
	return call.ListLimited(c.call, op, q, nil, fetchApplicableDevices(policyID, entryID),
		call.All(audience.Internal.ReadApplicableDevice))
}

func readApplicableCatalog(w models.ApplicableCatalogable) *ApplicableCatalog {
	return &ApplicableCatalog{
		EntryID:        wire.Value(w.GetId()),
		Entry:          catalog.Internal.ReadEntry(w.GetCatalogEntry()),
		DeviceCount:    readNumber(w.GetDeviceCount()),
		HasRecommended: w.GetHasRecommendedDevice(),
		Devices:        wire.Each(w.GetDevices(), audience.Internal.ReadApplicableDevice),
		Extra:          wire.Extra(w),
	}
}

func catalogAt(
	g *graph.Client, policyID, entryID string,
) *builders.ItemApplicableCatalogsApplicableCatalogItemRequestBuilder {
	return policyAt(g, policyID).ApplicableCatalogs().ByApplicableCatalogId(entryID)
}

func fetchCatalogs(policyID string) call.Fetch[models.ApplicableCatalogPageable] {
	type parameters = builders.ItemApplicableCatalogsRequestBuilderGetQueryParameters
	return func(
		ctx context.Context, g *graph.Client, link string, p *call.Parameters,
	) (models.ApplicableCatalogPageable, error) {
		catalogs := policyAt(g, policyID).ApplicableCatalogs()
		return call.At(catalogs, link).Get(ctx, call.With((*parameters)(p)))
	}
}

func fetchApplicableDevices(policyID, entryID string) call.Fetch[models.ApplicableDevicePageable] {
	type parameters = builders.ItemApplicableCatalogsItemDevicesRequestBuilderGetQueryParameters
	return func(
		ctx context.Context, g *graph.Client, link string, p *call.Parameters,
	) (models.ApplicableDevicePageable, error) {
		devices := catalogAt(g, policyID, entryID).Devices()
		return call.At(devices, link).Get(ctx, call.With((*parameters)(p)))
	}
}
