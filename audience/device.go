package audience

import (
	"context"
	"errors"
	"fmt"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	known "github.com/winupdates/winupdates-go/internal/graph/updatableassets"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// DeviceClient enrolls devices and reads what the service knows about them. Get it from
// updates.Client.Devices.
type DeviceClient struct {
	call *call.Client
}

// Get returns a device by its Microsoft Entra device ID (deviceId), with its enrollment
// and registration errors. If the service does not know the device, or the ID is that of
// another asset, the error is apierr.ErrNotFound.
//
// Graph: GET /updatableAssets/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-azureaddevice-get?view=graph-rest-beta
func (c DeviceClient) Get(ctx context.Context, deviceID string) (*Device, error) {
	return getAsset[*Device](ctx, c.call, deviceOp("devices.Get", call.Read, deviceID), "device")
}

// getAsset reads an asset of one kind.
func getAsset[T Asset](ctx context.Context, c *call.Client, op call.Op, kind string) (T, error) {
	var none T
	w, err := call.Do(ctx, c, op, func(ctx context.Context, g *graph.Client) (models.UpdatableAssetable, error) {
		return g.UpdatableAssets().ByUpdatableAssetId(op.IDs[0].Value).Get(ctx, nil)
	})
	if err != nil {
		return none, err
	}
	read := readAsset(w)
	asset, ok := read.(T)
	if !ok {
		return none, call.Invalid(op.Name, notOfKind(read.Common(), kind))
	}
	return asset, nil
}

// notOfKind says what an asset is instead. One that does not say it may well be there.
func notOfKind(asset *Base, kind string) error {
	const untold = "the response does not say whether the asset is a "
	switch {
	case asset.Kind != "":
		return fmt.Errorf("%w: the asset is not a %s: its kind is %.100q", apierr.ErrNotFound, kind, asset.Kind)
	case asset.Extra["@odata.type"] != nil:
		return errors.New(untold + kind + ": its @odata.type is not a string")
	}
	return errors.New(untold + kind + ": it has no @odata.type")
}

// List lists the devices that the service knows, with their enrollment and registration
// errors. The service knows a device from when it is enrolled or added to an audience or
// group until it is deleted.
//
// Graph: GET /updatableAssets/microsoft.graph.windowsUpdates.azureADDevice (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-updatableassets-azureaddevice?view=graph-rest-beta
func (c DeviceClient) List(q *odata.Query) odata.List[*Device] {
	return c.list("devices.List", q)
}

func (c DeviceClient) list(op string, q *odata.Query) odata.List[*Device] {
	return call.List(c.call, call.Op{Name: op}, q, fetchDevices, only[models.AzureADDeviceable, *Device])
}

// ListAssets lists devices, groups, and assets of unknown kinds together, in the order of
// the service.
//
// Graph: GET /updatableAssets (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-updatableassets?view=graph-rest-beta
func (c DeviceClient) ListAssets(q *odata.Query) odata.List[Asset] {
	return call.List(c.call, call.Op{Name: "devices.ListAssets"}, q, fetchAllAssets, call.All(readAsset))
}

// only reads the assets of one kind and omits others.
func only[W models.UpdatableAssetable, T Asset](w W) (T, bool) {
	asset, ok := readAsset(w).(T)
	return asset, ok
}

// Delete deregisters a device: the service unenrolls it from all categories and removes
// it from all audiences and groups. The service accepts this and does it later. An
// unenrolled device is free to take what its own policies allow, which usually is the
// newest version of Windows. A device that updates.Limits protects is apierr.ErrProtected.
//
// Graph: DELETE /updatableAssets/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatableasset-delete?view=graph-rest-beta
func (c DeviceClient) Delete(ctx context.Context, deviceID string) error {
	if err := c.call.Limits().CheckProtected("deviceID", deviceID); err != nil {
		return call.Invalid("devices.Delete", err)
	}
	return deleteAsset(ctx, c.call, deviceOp("devices.Delete", call.Delete, deviceID))
}

func deleteAsset(ctx context.Context, c *call.Client, op call.Op) error {
	return call.Exec(ctx, c, op, func(ctx context.Context, g *graph.Client) error {
		return g.UpdatableAssets().ByUpdatableAssetId(op.IDs[0].Value).Delete(ctx, nil)
	})
}

func deviceOp(name string, kind call.Kind, id string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "deviceID", Value: id}}}
}

func fetchDevices(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.AzureADDevicePageable, error) {
	devices := g.UpdatableAssets().MicrosoftGraphWindowsUpdatesAzureADDevice()
	return call.At(devices, link).Get(ctx,
		call.With((*known.MicrosoftGraphWindowsUpdatesAzureADDeviceRequestBuilderGetQueryParameters)(p)))
}

func fetchAllAssets(
	ctx context.Context, g *graph.Client, link string, p *call.Parameters,
) (models.UpdatableAssetPageable, error) {
	return call.At(g.UpdatableAssets(), link).Get(ctx,
		call.With((*known.UpdatableAssetsRequestBuilderGetQueryParameters)(p)))
}
