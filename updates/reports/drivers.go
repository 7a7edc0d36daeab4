package reports

import (
	"context"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	builders "github.com/winupdates/winupdates-go/internal/graph/data"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// ListDrivers lists the driver updates that are available in the tenant, across all its driver policies. For
// the devices of each, use [Client.ListDriverStatuses].
//
// Graph: GET /data/drivers (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatedata-list-drivers?view=graph-rest-beta
func (c Client) ListDrivers(q *odata.Query) odata.List[*Driver] {
	return call.ListLimited(c.call, call.Op{Name: "reports.ListDrivers"}, q, nil, fetchDrivers, call.All(readDriver))
}

// GetDriver returns the report of a driver update by the ID of its catalog entry. If there is none, the
// error is apierr.ErrNotFound.
//
// Graph: GET /data/drivers/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-driverupdatereport-get?view=graph-rest-beta
func (c Client) GetDriver(ctx context.Context, entryID string) (*Driver, error) {
	op := reportOp("reports.GetDriver", "entryID", entryID)
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.DriverUpdateReportable, error) {
		return g.Data().Drivers().ByDriverUpdateReportId(entryID).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readDriver(w), nil
}

// ListDriverStatuses lists the latest status of a driver update on each device, by the ID of its catalog
// entry. A device that is not in the list has reported nothing, and can have the driver nevertheless.
//
// Graph: GET /data/drivers/{id}/deviceStatuses (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-driverupdatereport-list-devicestatuses?view=graph-rest-beta
func (c Client) ListDriverStatuses(entryID string, q *odata.Query) odata.List[*DriverStatus] {
	op := reportOp("reports.ListDriverStatuses", "entryID", entryID)
	return call.ListLimited(c.call, op, q, nil, fetchStatuses(entryID), call.All(readStatus))
}

// GetDriverStatus returns one status of [Client.ListDriverStatuses] by its own ID, which is not the device
// ID. If there is none, the error is apierr.ErrNotFound.
//
// Graph: GET /data/drivers/{id}/deviceStatuses/{statusId} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-driverupdatedevicestatus-get?view=graph-rest-beta
func (c Client) GetDriverStatus(ctx context.Context, entryID, statusID string) (*DriverStatus, error) {
	op := reportOp("reports.GetDriverStatus", "entryID", entryID)
	op.IDs = append(op.IDs, call.ID{Param: "statusID", Value: statusID})
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.DriverUpdateDeviceStatusable, error) {
		statuses := g.Data().Drivers().ByDriverUpdateReportId(entryID).DeviceStatuses()
		return statuses.ByDriverUpdateDeviceStatusId(statusID).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readStatus(w), nil
}

func fetchDrivers(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.DriverUpdateReportPageable, error) {
	return call.At(g.Data().Drivers(), link).Get(ctx, call.With((*builders.DriversRequestBuilderGetQueryParameters)(p)))
}

func fetchStatuses(entryID string) call.Fetch[models.DriverUpdateDeviceStatusPageable] {
	return func(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.DriverUpdateDeviceStatusPageable, error) {
		statuses := call.At(g.Data().Drivers().ByDriverUpdateReportId(entryID).DeviceStatuses(), link)
		return statuses.Get(ctx, call.With((*builders.DriversItemDeviceStatusesRequestBuilderGetQueryParameters)(p)))
	}
}
