package audience

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// WaitForEnrollment waits until devices are enrolled in a category, or no longer
// enrolled: want is [StateEnrolled] or [StateNotEnrolled]. Use it after
// [DeviceClient.Enroll] or [DeviceClient.Unenroll]; it does not enroll devices itself.
// Set a deadline on ctx.
//
// A device counts as enrolled with a policy ([StateEnrolledWithPolicy]) and without one,
// which is normal between Enroll and the first deployment. A device with a
// registration error is given up after two minutes. If only such devices remain, the
// error is [ErrRegistrationFailed].
//
// A device that is no longer enrolled is free to take what its own policies allow, which
// usually is the newest version of Windows.
//
// The report is there with an error too, once a request was sent.
// [EnrollmentReport.Remaining] has the devices to wait for next time. Up to 20 devices
// are read one by one; for more devices, the list of all devices is read.
//
// Graph: GET /updatableAssets/{id}, GET /updatableAssets/microsoft.graph.windowsUpdates.azureADDevice (WindowsUpdates.Read.All)
//
//graph:page https://learn.microsoft.com/graph/api/windowsupdates-azureaddevice-get?view=graph-rest-beta
func (c DeviceClient) WaitForEnrollment(ctx context.Context, category Category, deviceIDs []string, want EnrollmentState,
	opts *PollOptions,
) (report *EnrollmentReport, err error) {
	const op = "devices.WaitForEnrollment"
	defer c.call.Span(&ctx, op)(&err)
	pauses, err := opts.pauses()
	deviceIDs, invalid := uniqueIDs(deviceIDs)
	if err := cmp.Or(checkKnown(category), invalid, checkWant(want), err); err != nil {
		return nil, call.Invalid(op, err)
	}
	report, began := newEnrollmentReport(category, want, deviceIDs), time.Now()
	defer func() { report.silent = nil }()
	ctx = call.Polling(ctx)
	for poll := call.NewPoll(pauses); ; {
		changed, err := c.pollDevices(ctx, op, report)
		if err == nil && report.done() == len(report.Devices) {
			return report, nil
		}
		if err == nil && len(report.Remaining()) == 0 && time.Since(began) >= call.SettleTime {
			return report, report.failure(op, ErrRegistrationFailed)
		}
		if changed {
			poll.Changed()
		}
		if err := poll.Next(ctx, err); err != nil {
			return report, report.failure(op, err)
		}
	}
}

// checkKnown returns an error for a category that a Device has no enrollment for.
func checkKnown(category Category) error {
	if category != CategoryFeature && category != CategoryQuality && category != CategoryDriver {
		return &apierr.FieldError{Field: "category", Value: fmt.Sprintf("%q", category),
			Rule: "must be CategoryFeature, CategoryQuality, or CategoryDriver"}
	}
	return nil
}

func checkWant(want EnrollmentState) error {
	if want != StateEnrolled && want != StateNotEnrolled {
		value := fmt.Sprintf("%q", want)
		return &apierr.FieldError{Field: "want", Value: value, Rule: "must be StateEnrolled or StateNotEnrolled"}
	}
	return nil
}

// few is the number of devices up to which they are read one by one.
const few = 20

// pollDevices reads the devices that are not done, and reports whether one of them has
// changed.
func (c DeviceClient) pollDevices(ctx context.Context, op string, r *EnrollmentReport) (changed bool, err error) {
	var pending []*DeviceEnrollment
	for i := range r.Devices {
		if d := &r.Devices[i]; d.Outcome != OutcomeDone {
			pending = append(pending, d)
		}
	}
	before := r.done()
	if len(pending) <= few {
		err = c.pollOneByOne(ctx, op, r, pending)
	} else {
		err = c.pollList(ctx, op, r, pending)
	}
	return r.done() > before, err
}

func (c DeviceClient) pollOneByOne(
	ctx context.Context, op string, r *EnrollmentReport, pending []*DeviceEnrollment,
) error {
	for _, d := range pending {
		device, err := Client(c).readDevice(ctx, op, d.ID)
		if err != nil && !errors.Is(err, apierr.ErrNotFound) {
			return err
		}
		d.update(device, r)
	}
	return nil
}

func (c Client) readDevice(ctx context.Context, op, id string) (*Device, error) {
	return getAsset[*Device](ctx, c.call, deviceOp(op, call.Read, id), "device")
}

// pollList stops reading after the last pending device.
func (c DeviceClient) pollList(
	ctx context.Context, op string, r *EnrollmentReport, pending []*DeviceEnrollment,
) error {
	remaining := make(map[string]*DeviceEnrollment, len(pending))
	for _, d := range pending {
		remaining[strings.ToLower(d.ID)] = d
	}
	devices := call.List(c.call, call.Op{Name: op}, nil, fetchDevices, only[models.AzureADDeviceable, *Device])
	for device, err := range devices.All(ctx) {
		if err != nil {
			return err
		}
		if d, asked := remaining[strings.ToLower(device.ID)]; asked {
			d.update(device, r)
			delete(remaining, strings.ToLower(device.ID))
		}
		if len(remaining) == 0 {
			return nil
		}
	}
	for _, d := range remaining {
		d.update(nil, r)
	}
	return nil
}
