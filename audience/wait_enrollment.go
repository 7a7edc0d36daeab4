package audience

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
)

// WaitForEnrollment waits until devices are enrolled in a category, with a policy or
// without, or are not any more: want is [StateEnrolled] or [StateNotEnrolled]. Devices
// are named by their Microsoft Entra device ids (deviceId), which are compared without
// case. Up to 20 devices are read one by one; for more the list of devices is read,
// page by page, as far as it takes.
//
// The report is there with an error too, once anything was asked. When the context
// ends, [EnrollmentReport.Rest] has the devices to wait for the next time. A device
// with a registration error is given up after two minutes; when no others are left
// the error is [ErrRegistration]. To enrol is for [DeviceClient.Enroll]; a device that
// nobody enrols is waited for until the context ends.
//
// Graph: GET /updatableAssets/{id}
// Graph: GET /updatableAssets/microsoft.graph.windowsUpdates.azureADDevice
// Permission: WindowsUpdates.Read.All
// Page: https://learn.microsoft.com/graph/api/windowsupdates-azureaddevice-get?view=graph-rest-beta
func (c DeviceClient) WaitForEnrollment(ctx context.Context, category Category, deviceIDs []string, want EnrollmentState, opts *WaitOptions) (*EnrollmentReport, error) {
	const op = "devices.WaitForEnrollment"
	pauses, err := opts.pauses()
	if err := firstOf(checkEnrollment(category, deviceIDs), checkWant(want), err); err != nil {
		return nil, call.Invalid(op, err)
	}
	report, began := newEnrollmentReport(category, want, deviceIDs), time.Now()
	for poll := call.NewPoll(pauses); ; {
		changed, err := c.lookAt(ctx, op, report)
		if err == nil && report.done() == len(report.Devices) {
			return report, nil
		}
		if err == nil && len(report.Rest()) == 0 && time.Since(began) >= call.Patience {
			return report, report.failure(op, ErrRegistration)
		}
		if changed {
			poll.Changed()
		}
		if err := poll.Next(ctx, err); err != nil {
			return report, report.failure(op, err)
		}
	}
}

func checkWant(want EnrollmentState) error {
	if want != StateEnrolled && want != StateNotEnrolled {
		return &apierr.FieldError{Field: "want", Value: fmt.Sprintf("%q", want), Rule: "must be StateEnrolled or StateNotEnrolled"}
	}
	return nil
}

// ErrRegistration is in the error of a wait for devices of which some could not be
// registered, while all others are done.
var ErrRegistration = errors.New("devices could not be registered")

// EnrollmentOutcome is what became of a device that was waited for.
type EnrollmentOutcome string

// The outcomes.
const (
	// EnrollmentPending: the state is another one so far.
	EnrollmentPending EnrollmentOutcome = "pending"
	// EnrollmentDone: the state is the one that was waited for.
	EnrollmentDone EnrollmentOutcome = "done"
	// EnrollmentFailed: the state is another one, and there are registration errors.
	EnrollmentFailed EnrollmentOutcome = "failed"
	// EnrollmentUnknown: the service does not know the device, or was not asked yet.
	EnrollmentUnknown EnrollmentOutcome = "unknown"
)

// DeviceEnrollment is one device that was waited for, as it was seen last.
type DeviceEnrollment struct {
	// ID is the Microsoft Entra device id (deviceId), as it was given.
	ID string `json:"id"`
	// Outcome is what became of it.
	Outcome EnrollmentOutcome `json:"outcome"`
	// State is the enrolment in the category; empty when the service did not say, or
	// does not know the device.
	State EnrollmentState `json:"enrollmentState,omitempty"`
	// Errors are the registration errors; a device can be done and have some.
	Errors []RegistrationError `json:"errors,omitzero"`
}

// EnrollmentReport is what a wait has seen last.
type EnrollmentReport struct {
	// Category is the category of updates.
	Category Category `json:"category"`
	// Want is the state that was waited for.
	Want EnrollmentState `json:"want"`
	// Devices are the devices as they were given; those given twice are here once.
	Devices []DeviceEnrollment `json:"devices"`
}

func newEnrollmentReport(category Category, want EnrollmentState, deviceIDs []string) *EnrollmentReport {
	r := &EnrollmentReport{Category: category, Want: want, Devices: []DeviceEnrollment{}}
	known := map[string]bool{}
	for _, id := range deviceIDs {
		if folded := strings.ToLower(id); !known[folded] {
			known[folded] = true
			r.Devices = append(r.Devices, DeviceEnrollment{ID: id, Outcome: EnrollmentUnknown})
		}
	}
	return r
}

// Rest is what to wait for the next time: the pending devices and the unknown ones.
func (r *EnrollmentReport) Rest() []string {
	return r.ids(EnrollmentPending, EnrollmentUnknown)
}

// Failed are the ids of the devices that could not be registered.
func (r *EnrollmentReport) Failed() []string { return r.ids(EnrollmentFailed) }

func (r *EnrollmentReport) ids(outcomes ...EnrollmentOutcome) []string {
	var ids []string
	for _, d := range r.Devices {
		if slices.Contains(outcomes, d.Outcome) {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

func (r *EnrollmentReport) done() int { return len(r.ids(EnrollmentDone)) }

// String says how many devices there are of each outcome, with the first ids.
func (r *EnrollmentReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d devices are %s in %s updates", r.done(), len(r.Devices), r.Want, r.Category)
	for _, outcome := range []EnrollmentOutcome{EnrollmentPending, EnrollmentFailed, EnrollmentUnknown} {
		if ids := r.ids(outcome); len(ids) > 0 {
			fmt.Fprintf(&b, "; %d %s%s", len(ids), outcome, firstIDs(Devices(ids...)))
		}
	}
	return b.String()
}

func (r *EnrollmentReport) failure(op string, err error) error {
	return call.Invalid(op, fmt.Errorf("%v: %w", r, err))
}

// few is how many devices are read one by one, before a list of all is the better way.
const few = 20

// lookAt looks at the devices that are not done, and reports whether one of them has
// changed.
func (c DeviceClient) lookAt(ctx context.Context, op string, r *EnrollmentReport) (changed bool, err error) {
	var open []*DeviceEnrollment
	for i := range r.Devices {
		if d := &r.Devices[i]; d.Outcome != EnrollmentDone {
			open = append(open, d)
		}
	}
	before := r.done()
	if len(open) <= few {
		err = c.lookOneByOne(ctx, op, r, open)
	} else {
		err = c.lookInList(ctx, op, r, open)
	}
	return r.done() > before, err
}

func (c DeviceClient) lookOneByOne(ctx context.Context, op string, r *EnrollmentReport, open []*DeviceEnrollment) error {
	for _, d := range open {
		device, err := Client(c).readDevice(ctx, op, d.ID)
		if err != nil && !errors.Is(err, apierr.ErrNotFound) {
			return err
		}
		d.see(device, r)
	}
	return nil
}

func (c Client) readDevice(ctx context.Context, op, id string) (*Device, error) {
	return getAsset[*Device](ctx, c.call, call.Op{Name: op, IDs: []call.ID{{Param: "deviceID", Value: id}}}, "device")
}

// lookInList stops reading when it has seen all.
func (c DeviceClient) lookInList(ctx context.Context, op string, r *EnrollmentReport, open []*DeviceEnrollment) error {
	left := make(map[string]*DeviceEnrollment, len(open))
	for _, d := range open {
		left[strings.ToLower(d.ID)] = d
	}
	devices := call.List(c.call, call.Op{Name: op}, odata.Query{}, getDevices, only[models.AzureADDeviceable, *Device])
	for device, err := range devices.All(ctx) {
		if err != nil {
			return err
		}
		if d, asked := left[strings.ToLower(device.ID)]; asked {
			d.see(device, r)
			delete(left, strings.ToLower(device.ID))
		}
		if len(left) == 0 {
			return nil
		}
	}
	for _, d := range left {
		d.see(nil, r)
	}
	return nil
}

// see judges a device; nil is one that the service does not know, and that is in no
// category therefore.
func (d *DeviceEnrollment) see(device *Device, r *EnrollmentReport) {
	if device == nil {
		*d = DeviceEnrollment{ID: d.ID, Outcome: EnrollmentUnknown}
		if r.Want == StateNotEnrolled {
			d.Outcome = EnrollmentDone
		}
		return
	}
	e := device.Enrollment(r.Category)
	d.State, d.Errors, d.Outcome = e.State, device.Errors, EnrollmentPending
	switch {
	case e.meets(r.Want):
		d.Outcome = EnrollmentDone
	case r.Want == StateEnrolled && len(device.Errors) > 0:
		d.Outcome = EnrollmentFailed
	}
}

// meets takes a device of which the service says nothing for one that is not enrolled:
// it lists the categories that a device is enrolled in.
func (e Enrollment) meets(want EnrollmentState) bool {
	if want == StateEnrolled {
		return e.Enrolled()
	}
	return e.State == StateNotEnrolled || e.State == ""
}
