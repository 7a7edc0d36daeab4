package audience

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
	"github.com/winupdates/winupdates-go/internal/wire"
)

// ErrRegistrationFailed means that some devices could not be registered and all others
// are done.
var ErrRegistrationFailed = errors.New("registration failed")

// EnrollmentOutcome is the outcome of waiting for a device.
type EnrollmentOutcome string

// The outcomes.
const (
	// OutcomePending: the device does not have the state yet.
	OutcomePending EnrollmentOutcome = "pending"
	// OutcomeDone: the device has the state.
	OutcomeDone EnrollmentOutcome = "done"
	// OutcomeFailed: the device does not have the state, and it has registration errors.
	OutcomeFailed EnrollmentOutcome = "failed"
	// OutcomeUnknown: the service does not know the device, or its state was not read yet, or
	// could not be read; see [Device.IsEnrollmentUnread].
	OutcomeUnknown EnrollmentOutcome = "unknown"
)

// DeviceEnrollment is the last observed enrollment of a device.
type DeviceEnrollment struct {
	// ID is the Microsoft Entra device ID (deviceId), as the caller wrote it.
	ID string `json:"id"`
	// Outcome is the outcome of waiting for the device.
	Outcome EnrollmentOutcome `json:"outcome"`
	// State is the state in the category; empty if the service did not report it or does not
	// know the device.
	State EnrollmentState `json:"enrollmentState,omitempty"`
	// Errors are the registration errors. A device can be done and have some.
	Errors []RegistrationError `json:"errors,omitzero"`
}

// EnrollmentReport is the last observed enrollment of the devices of a wait.
type EnrollmentReport struct {
	// Category is the category of updates.
	Category Category `json:"category"`
	// Want is the state to wait for.
	Want EnrollmentState `json:"want"`
	// Devices are the devices in the caller's order, without duplicates.
	Devices []DeviceEnrollment `json:"devices"`

	silent map[string]bool // devices that the last poll found without a state
}

func newEnrollmentReport(category Category, want EnrollmentState, deviceIDs []string) *EnrollmentReport {
	devices := make([]DeviceEnrollment, len(deviceIDs))
	for i, id := range deviceIDs {
		devices[i] = DeviceEnrollment{ID: id, Outcome: OutcomeUnknown}
	}
	return &EnrollmentReport{Category: category, Want: want, Devices: devices, silent: map[string]bool{}}
}

// Remaining returns the devices to wait for next time: the pending and the unknown ones.
func (r *EnrollmentReport) Remaining() []string {
	return r.ids(OutcomePending, OutcomeUnknown)
}

// WithoutPolicy returns the IDs of the devices that are enrolled while no policy or deployment applies to
// them. This is normal between Enroll and the first deployment.
func (r *EnrollmentReport) WithoutPolicy() []string {
	var ids []string
	for _, d := range r.Devices {
		if d.State == StateEnrolled {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// Failed returns the IDs of the devices that could not be registered.
func (r *EnrollmentReport) Failed() []string { return r.ids(OutcomeFailed) }

func (r *EnrollmentReport) ids(outcomes ...EnrollmentOutcome) []string {
	var ids []string
	for _, d := range r.Devices {
		if slices.Contains(outcomes, d.Outcome) {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

func (r *EnrollmentReport) done() int { return len(r.ids(OutcomeDone)) }

// String returns the number of devices with each outcome, with the first IDs, and what
// unenrolled devices are free to take.
func (r *EnrollmentReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %s %s in %s updates", r.done(), wire.Counted(len(r.Devices), "device"), r.Want, r.Category)
	if n := len(r.WithoutPolicy()); n > 0 && r.Want == StateEnrolled {
		fmt.Fprintf(&b, " (%d without a policy)", n)
	}
	for _, outcome := range []EnrollmentOutcome{OutcomePending, OutcomeFailed, OutcomeUnknown} {
		if ids := r.ids(outcome); len(ids) > 0 {
			fmt.Fprintf(&b, "; %d %s%s", len(ids), outcome, firstIDs(Devices(ids...)))
		}
	}
	if r.Want == StateNotEnrolled {
		b.WriteString("; " + unenrolling)
	}
	return wire.Line("", b.String())
}

func (r *EnrollmentReport) failure(op string, err error) error {
	return call.Named(op, fmt.Errorf("%v: %w", r, err))
}

// update records a device; nil is one that the service does not know. A device without a
// state counts as not enrolled if two consecutive polls find that: once can be a list
// that has moved, or a copy that lags behind.
func (d *DeviceEnrollment) update(device *Device, r *EnrollmentReport) {
	*d = DeviceEnrollment{ID: d.ID, Outcome: OutcomeUnknown}
	if device != nil {
		d.State, d.Errors, d.Outcome = device.Enrollment(r.Category).State, device.Errors, OutcomePending
	}
	if device != nil && device.IsEnrollmentUnread(r.Category) {
		d.Outcome = OutcomeUnknown
		r.silent[d.ID] = false
		return
	}
	silent := d.State == "" && r.silent[d.ID]
	r.silent[d.ID] = d.State == ""
	switch {
	case d.State.meets(r.Want), silent && r.Want == StateNotEnrolled:
		d.Outcome = OutcomeDone
	case r.Want == StateEnrolled && len(d.Errors) > 0:
		d.Outcome = OutcomeFailed
	}
}

func (s EnrollmentState) meets(want EnrollmentState) bool {
	return s == want || want == StateEnrolled && s == StateEnrolledWithPolicy
}
