package audience

import (
	"cmp"
	"context"
	"slices"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/internal/wire"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

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
