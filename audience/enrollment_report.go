package audience

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/winupdates/winupdates-go/internal/call"
)

// ErrRegistrationFailed is in the error of a wait for devices of which some could not be
// registered, while all others are done.
var ErrRegistrationFailed = errors.New("devices could not be registered")

// EnrollmentOutcome is what became of a device that was waited for.
type EnrollmentOutcome string

// The outcomes.
const (
	// OutcomePending: the state is another one so far.
	OutcomePending EnrollmentOutcome = "pending"
	// OutcomeDone: the state is the one that was waited for.
	OutcomeDone EnrollmentOutcome = "done"
	// OutcomeFailed: the state is another one, and there are registration errors.
	OutcomeFailed EnrollmentOutcome = "failed"
	// OutcomeUnknown: the service does not know the device, or was not asked yet.
	OutcomeUnknown EnrollmentOutcome = "unknown"
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

	silent map[string]bool // devices of which the last look said nothing, while it is waited
}

func newEnrollmentReport(category Category, want EnrollmentState, deviceIDs []string) *EnrollmentReport {
	r := &EnrollmentReport{Category: category, Want: want, Devices: []DeviceEnrollment{}, silent: map[string]bool{}}
	known := map[string]bool{}
	for _, id := range deviceIDs {
		if folded := strings.ToLower(id); !known[folded] {
			known[folded] = true
			r.Devices = append(r.Devices, DeviceEnrollment{ID: id, Outcome: OutcomeUnknown})
		}
	}
	return r
}

// Remaining is what to wait for the next time: the pending devices and the unknown ones.
func (r *EnrollmentReport) Remaining() []string {
	return r.ids(OutcomePending, OutcomeUnknown)
}

// Failed are the ids of the devices that could not be registered.
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

// String says how many devices there are of each outcome, with the first ids.
func (r *EnrollmentReport) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d devices are %s in %s updates", r.done(), len(r.Devices), r.Want, r.Category)
	for _, outcome := range []EnrollmentOutcome{OutcomePending, OutcomeFailed, OutcomeUnknown} {
		if ids := r.ids(outcome); len(ids) > 0 {
			fmt.Fprintf(&b, "; %d %s%s", len(ids), outcome, firstIDs(Devices(ids...)))
		}
	}
	return b.String()
}

func (r *EnrollmentReport) failure(op string, err error) error {
	return call.Invalid(op, fmt.Errorf("%v: %w", r, err))
}

// see judges a device; nil is one that the service does not know. Of one of which it
// says nothing, twice in a row, it is believed that it is not enrolled: once can be a
// list that has moved, or a copy that lags behind.
func (d *DeviceEnrollment) update(device *Device, r *EnrollmentReport) {
	*d = DeviceEnrollment{ID: d.ID, Outcome: OutcomeUnknown}
	if device != nil {
		d.State, d.Errors, d.Outcome = device.Enrollment(r.Category).State, device.Errors, OutcomePending
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
