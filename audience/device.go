package audience

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	known "github.com/winupdates/winupdates-go/internal/graph/updatableassets"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// DeviceClient enrolls devices and reads what the service knows about them. Get it from
// updates.Client.Devices.
type DeviceClient struct {
	call *call.Client
}

// EnrollOptions change how an enrollment is sent.
type EnrollOptions struct {
	// ChunkSize is the largest number of devices in a request; 0 is [DefaultChunk]. It must
	// not be negative.
	ChunkSize int
	// CompactRequests uses the form of the request that names the kind of asset only once,
	// which makes it about half as long. The effect is the same.
	CompactRequests bool
	// Expecting is the number of devices to enroll or unenroll on purpose, if it is more than
	// updates.Limits allows; 0 is none. It must not be negative.
	Expecting int
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

// Enroll enrolls devices in update management for one category, by their Microsoft Entra
// device IDs (deviceId). From then on they get only the updates of that category that are
// deployed to them.
//
// The service accepts the request and applies it later, usually within seconds. It
// reports registration errors only on the device: use [DeviceClient.WaitForEnrollment] or
// [DeviceClient.Get]. A list that is longer than a chunk is sent in several requests, one
// after the other. If a request fails, the error is an [*EnrollError]; sending everything
// again is harmless. If the list is empty, no request is sent.
//
// If more devices would be enrolled than updates.Limits allows, nothing is sent, and the
// error is apierr.ErrTooManyDevices; [EnrollOptions].Expecting raises the limit. Devices
// that are enrolled already do not count. A protected device is apierr.ErrProtected.
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /updatableAssets/microsoft.graph.windowsUpdates.azureADDevice
//graph:op POST /updatableAssets/enrollAssets
//graph:op POST /updatableAssets/enrollAssetsById
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatableasset-enrollassets?view=graph-rest-beta
func (c DeviceClient) Enroll(ctx context.Context, category Category, deviceIDs []string, opts *EnrollOptions) error {
	return c.send(ctx, "devices.Enroll", category, deviceIDs, opts, c.enrollLimit(category), func(ctx context.Context, g *graph.Client, chunk []string) error {
		if opts.isCompact() {
			return g.UpdatableAssets().EnrollAssetsById().Post(ctx, enrollmentByID(category, chunk), nil)
		}
		return g.UpdatableAssets().EnrollAssets().Post(ctx, enrollment(category, chunk), nil)
	})
}

// Unenroll ends the enrollment of devices in one category. The devices leave every
// audience and deployment of that category, stay registered, and keep other categories.
//
// An unenrolled device is free to take what its own policies allow, which usually is the
// newest version of Windows. To stop offers to enrolled devices, remove them from the
// audience instead. Unless updates.Limits says otherwise, a call unenrolls at most 500
// devices. Unenroll takes effect immediately; an enrollment that a policy of Intune has made
// ends 90 days after the policy is removed.
//
// Everything else is as in [DeviceClient.Enroll].
//
// Permission: WindowsUpdates.ReadWrite.All.
//
//graph:op GET /updatableAssets/microsoft.graph.windowsUpdates.azureADDevice
//graph:op POST /updatableAssets/unenrollAssets
//graph:op POST /updatableAssets/unenrollAssetsById
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatableasset-unenrollassets?view=graph-rest-beta
func (c DeviceClient) Unenroll(
	ctx context.Context, category Category, deviceIDs []string, opts *EnrollOptions,
) error {
	return c.send(ctx, "devices.Unenroll", category, deviceIDs, opts, c.unenrollLimit(category), func(ctx context.Context, g *graph.Client, chunk []string) error {
		if opts.isCompact() {
			return g.UpdatableAssets().UnenrollAssetsById().Post(ctx, enrollmentByID(category, chunk), nil)
		}
		return g.UpdatableAssets().UnenrollAssets().Post(ctx, enrollment(category, chunk), nil)
	})
}

func (c DeviceClient) send(ctx context.Context, op string, category Category, deviceIDs []string, opts *EnrollOptions,
	limit enrollLimit, post func(context.Context, *graph.Client, []string) error,
) (err error) {
	defer c.call.Span(&ctx, op)(&err)
	size, err := opts.chunkSize()
	if err := cmp.Or(err, checkCategory(category)); err != nil {
		return call.Invalid(op, err)
	}
	if deviceIDs, err = c.checked(ctx, op, deviceIDs, opts.expecting(), limit); err != nil {
		return call.Named(op, err)
	}
	for from := 0; from < len(deviceIDs); from += size {
		to := min(from+size, len(deviceIDs))
		err := call.Exec(ctx, c.call, call.Op{Name: op, Kind: call.Set}, func(ctx context.Context, g *graph.Client) error {
			return post(ctx, g, deviceIDs[from:to])
		})
		if err != nil {
			return &EnrollError{
				Category: category,
				Sent:     slices.Clone(deviceIDs[:from]),
				Failed:   slices.Clone(deviceIDs[from:to]),
				Unsent:   slices.Clone(deviceIDs[to:]),
				Err:      err,
			}
		}
	}
	return nil
}

// checked returns each ID once. It reads lists only if the IDs are valid and more than the limit.
func (c DeviceClient) checked(
	ctx context.Context, op string, deviceIDs []string, e expecting, limit enrollLimit,
) ([]string, error) {
	unique, err := uniqueIDs(deviceIDs)
	err = cmp.Or(call.CheckExpecting(e.option, e.n), err, checkProtectedIDs(c.call.Limits(), deviceIDs))
	if err != nil {
		return nil, err
	}
	return unique, c.checkLimit(ctx, op, limit, unique, e)
}

func (o *EnrollOptions) chunkSize() (int, error) {
	if o == nil {
		return DefaultChunk, nil
	}
	return checkChunk("EnrollOptions.ChunkSize", o.ChunkSize)
}

func (o *EnrollOptions) expecting() expecting {
	e := expecting{option: "EnrollOptions.Expecting"}
	if o != nil {
		e.n = o.Expecting
	}
	return e
}

func (o *EnrollOptions) isCompact() bool { return o != nil && o.CompactRequests }

func deviceOp(name string, kind call.Kind, id string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "deviceID", Value: id}}}
}

func checkCategory(category Category) error {
	if category == "" {
		return &apierr.FieldError{Field: "category", Rule: "must be CategoryFeature, CategoryQuality, or CategoryDriver"}
	}
	return nil
}

// EnrollError is the error of an enrollment or unenrollment that was sent in part.
// [EnrollError.Remaining] has the devices that are left to send.
type EnrollError struct {
	// Category is the category of updates.
	Category Category `json:"category"`
	// Sent are the devices that the service accepted.
	Sent []string `json:"sent,omitempty"`
	// Failed are the devices of the request that failed. They may have been accepted if the
	// error is apierr.ErrUnknownOutcome.
	Failed []string `json:"failed,omitempty"`
	// Unsent are the devices that were not sent.
	Unsent []string `json:"unsent,omitempty"`
	// Err is the cause, usually an [*apierr.Error]; nil after the error was read from JSON.
	Err error `json:"-"`
}

// Remaining returns the devices that are left to send: the failed ones and the unsent
// ones.
func (e *EnrollError) Remaining() []string {
	return slices.Concat(e.Failed, e.Unsent)
}

// Error returns the cause and how many devices were accepted.
func (e *EnrollError) Error() string {
	return progress(e.Err, len(e.Sent), len(e.Failed), len(e.Unsent))
}

// Unwrap returns Err.
func (e *EnrollError) Unwrap() error { return e.Err }

func enrollment(category Category, deviceIDs []string) models.AssetEnrollmentBodyable {
	body := models.NewAssetEnrollmentBody()
	body.SetUpdateCategory(new(string(category)))
	body.SetAssets(writeAssets(Devices(deviceIDs...)))
	return body
}

func enrollmentByID(category Category, deviceIDs []string) models.AssetEnrollmentByIdBodyable {
	body := models.NewAssetEnrollmentByIdBody()
	body.SetUpdateCategory(new(string(category)))
	body.SetMemberEntityType(wire.LongType(string(KindDevice)))
	body.SetIds(deviceIDs)
	return body
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
