package reports

import (
	"context"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	builders "github.com/winupdates/winupdates-go/internal/graph/data"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// ListProfiles lists the profiles of the devices that the service knows. To find devices by their names, use
// [Client.ResolveNames].
//
// Graph: GET /data/deviceProfiles (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatedata-list-deviceprofiles?view=graph-rest-beta
func (c Client) ListProfiles(q *odata.Query) odata.List[*Profile] {
	return call.ListLimited(c.call, call.Op{Name: "reports.ListProfiles"}, q, nil, fetchProfiles, call.All(readProfile))
}

// GetProfile returns a device profile by its own ID, which is not the device ID. If there is none, the error
// is apierr.ErrNotFound.
//
// Graph: GET /data/deviceProfiles/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-deviceprofile-get?view=graph-rest-beta
func (c Client) GetProfile(ctx context.Context, id string) (*Profile, error) {
	op := reportOp("reports.GetProfile", "id", id)
	w, err := call.Do(ctx, c.call, op, func(ctx context.Context, g *graph.Client) (models.DeviceProfileable, error) {
		return g.Data().DeviceProfiles().ByDeviceProfileId(id).Get(ctx, nil)
	})
	if err != nil {
		return nil, err
	}
	return readProfile(w), nil
}

func fetchProfiles(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.DeviceProfilePageable, error) {
	return call.At(g.Data().DeviceProfiles(), link).Get(ctx,
		call.With((*builders.DeviceProfilesRequestBuilderGetQueryParameters)(p)))
}
