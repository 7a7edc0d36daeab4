package audience

import (
	"cmp"
	"context"
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

// DeviceClient enrols devices and reads what the service knows of them. Get it
// from updates.Client.Devices; the zero DeviceClient returns an error from every
// call that would send something.
type DeviceClient struct {
	call *call.Client
}

// EnrollOptions change how an enrolment is sent. nil and the zero EnrollOptions
// are the defaults.
type EnrollOptions struct {
	// ChunkSize is the largest number of devices in a request; 0 is
	// [DefaultChunk]. It must not be negative.
	ChunkSize int
	// CompactRequests uses the form of the request that names the kind of asset only once,
	// which makes it about half as long. The effect is the same.
	CompactRequests bool
}

// Get returns a device by its Microsoft Entra device id (deviceId), with its
// enrolment and registration errors. An id of something else than a device, and
// of a device that the service does not know, is apierr.ErrNotFound.
//
// Graph: GET /updatableAssets/{id} (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-azureaddevice-get?view=graph-rest-beta
func (c DeviceClient) Get(ctx context.Context, deviceID string) (*Device, error) {
	return getAsset[*Device](ctx, c.call, deviceOp("devices.Get", call.Read, deviceID), "device")
}

// getAsset reads an asset that is to be of one kind.
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
		err := fmt.Errorf("%w: the asset is no %s, its kind is %q", apierr.ErrNotFound, kind, read.Common().Kind)
		return none, call.Invalid(op.Name, err)
	}
	return asset, nil
}

// List lists the devices that the service knows, with their enrolment and
// registration errors. A device is known from when it is enrolled or added to an
// audience or group until it is deleted.
//
// Graph: GET /updatableAssets/microsoft.graph.windowsUpdates.azureADDevice (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-updatableassets-azureaddevice?view=graph-rest-beta
func (c DeviceClient) List(q *odata.Query) odata.List[*Device] {
	return call.List(c.call, call.Op{Name: "devices.List"}, q, fetchDevices, only[models.AzureADDeviceable, *Device])
}

// ListAssets lists devices and groups together, in the order of the service, and
// assets of kinds that this version does not know.
//
// Graph: GET /updatableAssets (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/adminwindowsupdates-list-updatableassets?view=graph-rest-beta
func (c DeviceClient) ListAssets(q *odata.Query) odata.List[Asset] {
	return call.List(c.call, call.Op{Name: "devices.ListAssets"}, q, fetchAllAssets, call.All(readAsset))
}

// only reads the assets of one kind and leaves out others, should a list of that
// kind have any.
func only[W models.UpdatableAssetable, T Asset](w W) (T, bool) {
	asset, ok := readAsset(w).(T)
	return asset, ok
}

// Delete makes the service forget a device: it is unenrolled from all categories
// and removed from all audiences and groups. The service accepts this and does
// it later.
//
// Graph: DELETE /updatableAssets/{id} (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatableasset-delete?view=graph-rest-beta
func (c DeviceClient) Delete(ctx context.Context, deviceID string) error {
	return deleteAsset(ctx, c.call, deviceOp("devices.Delete", call.Delete, deviceID))
}

func deleteAsset(ctx context.Context, c *call.Client, op call.Op) error {
	return call.Exec(ctx, c, op, func(ctx context.Context, g *graph.Client) error {
		return g.UpdatableAssets().ByUpdatableAssetId(op.IDs[0].Value).Delete(ctx, nil)
	})
}

// Enroll puts the service in charge of a category of updates of devices, by
// their Microsoft Entra device ids (deviceId). From then on they get nothing of
// that category unless it is deployed to them.
//
// The service accepts this and does it later, usually within seconds, and
// reports registration errors only on the device; see [DeviceClient.Get]. A list
// longer than a chunk goes out in several requests, one after the other. When
// one fails the error is an [*EnrollError]; repeating is harmless. An empty list
// sends nothing.
//
// Graph: POST /updatableAssets/enrollAssets, POST /updatableAssets/enrollAssetsById (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatableasset-enrollassets?view=graph-rest-beta
func (c DeviceClient) Enroll(ctx context.Context, category Category, deviceIDs []string, opts *EnrollOptions) error {
	return c.send(ctx, "devices.Enroll", category, deviceIDs, opts, func(ctx context.Context, g *graph.Client, chunk []string) error {
		if opts.isCompact() {
			return g.UpdatableAssets().EnrollAssetsById().Post(ctx, enrollmentByID(category, chunk), nil)
		}
		return g.UpdatableAssets().EnrollAssets().Post(ctx, enrollment(category, chunk), nil)
	})
}

// Unenroll takes the service out of charge again. The devices leave every audience
// and deployment of that category, stay registered, and keep other categories.
// Everything else is as with [DeviceClient.Enroll].
//
// Graph: POST /updatableAssets/unenrollAssets, POST /updatableAssets/unenrollAssetsById (WindowsUpdates.ReadWrite.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-updatableasset-unenrollassets?view=graph-rest-beta
func (c DeviceClient) Unenroll(ctx context.Context, category Category, deviceIDs []string, opts *EnrollOptions) error {
	return c.send(ctx, "devices.Unenroll", category, deviceIDs, opts, func(ctx context.Context, g *graph.Client, chunk []string) error {
		if opts.isCompact() {
			return g.UpdatableAssets().UnenrollAssetsById().Post(ctx, enrollmentByID(category, chunk), nil)
		}
		return g.UpdatableAssets().UnenrollAssets().Post(ctx, enrollment(category, chunk), nil)
	})
}

func (c DeviceClient) send(ctx context.Context, op string, category Category, deviceIDs []string, opts *EnrollOptions,
	post func(context.Context, *graph.Client, []string) error,
) (err error) {
	defer c.call.Span(&ctx, op)(&err)
	size, err := opts.chunkSize()
	if err := cmp.Or(err, checkEnrollment(category, deviceIDs)); err != nil {
		return call.Invalid(op, err)
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

func (o *EnrollOptions) chunkSize() (int, error) {
	if o == nil {
		return DefaultChunk, nil
	}
	return checkChunk("EnrollOptions.ChunkSize", o.ChunkSize)
}

func (o *EnrollOptions) isCompact() bool { return o != nil && o.CompactRequests }

func deviceOp(name string, kind call.Kind, id string) call.Op {
	return call.Op{Name: name, Kind: kind, IDs: []call.ID{{Param: "deviceID", Value: id}}}
}

func checkEnrollment(category Category, deviceIDs []string) error {
	if category == "" {
		return &apierr.FieldError{Field: "category", Rule: "must be Feature, Quality or Driver"}
	}
	return checkIDs(deviceIDs)
}

// checkIDs returns the first problem.
func checkIDs(deviceIDs []string) error {
	for i, id := range deviceIDs {
		if call.CheckID("", id) != nil {
			return call.CheckID(fmt.Sprintf("deviceIDs[%d]", i), id)
		}
	}
	return nil
}

// EnrollError is an enrolment, or its end, that went out in part. The devices in
// Failed and Unsent are left to send; [EnrollError.Remaining] has both.
type EnrollError struct {
	// Category is the category of updates.
	Category Category `json:"category"`
	// Sent was accepted by the service.
	Sent []string `json:"sent,omitempty"`
	// Failed was in the request that failed. It may have been accepted when the
	// error is apierr.ErrUnknownOutcome.
	Failed []string `json:"failed,omitempty"`
	// Unsent was not sent.
	Unsent []string `json:"unsent,omitempty"`
	// Err is why the request failed, usually an [*apierr.Error]; nil after the
	// error was read from JSON.
	Err error `json:"-"`
}

// Remaining is what is left to send: the failed devices and the unsent ones.
func (e *EnrollError) Remaining() []string {
	return slices.Concat(e.Failed, e.Unsent)
}

// Error says why the request failed and how much was accepted.
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

func fetchDevices(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.AzureADDevicePageable, error) {
	devices := g.UpdatableAssets().MicrosoftGraphWindowsUpdatesAzureADDevice()
	return call.At(devices, link).Get(ctx, call.With((*known.MicrosoftGraphWindowsUpdatesAzureADDeviceRequestBuilderGetQueryParameters)(p)))
}

func fetchAllAssets(ctx context.Context, g *graph.Client, link string, p *call.Parameters) (models.UpdatableAssetPageable, error) {
	return call.At(g.UpdatableAssets(), link).Get(ctx, call.With((*known.UpdatableAssetsRequestBuilderGetQueryParameters)(p)))
}
