package faults

import (
	"errors"
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/audience"
)

// enroll enrolls or unenrolls, and perhaps waits for that. Without an error of the change,
// all of it was sent.
func (p *program) enroll() {
	devices, category := p.some(8), audience.CategoryFeature
	if p.random.IntN(3) == 0 {
		category = audience.CategoryDriver
	}
	opts := &audience.EnrollOptions{ChunkSize: 1 + p.random.IntN(5), CompactRequests: p.random.IntN(2) == 0}
	ctx, want := p.within(10*time.Minute), audience.StateEnrolled
	change := sending{verb: "enroll", kind: string(category)}
	var err error
	if p.random.IntN(3) > 0 {
		p.begin("devices.Enroll", category)
		err = p.client.Devices().Enroll(ctx, category, devices, opts)
	} else {
		change.verb, want = "unenroll", audience.StateNotEnrolled
		p.begin("devices.Unenroll", category)
		err = p.client.Devices().Unenroll(ctx, category, devices, opts)
	}
	p.requireEnrollmentSent(change, devices, err)
	if p.random.IntN(2) == 0 {
		p.waitForEnrollment(category, devices, want)
	}
}

func (p *program) requireEnrollmentSent(change sending, devices []string, err error) {
	switch failed, ok := errors.AsType[*audience.EnrollError](err); {
	case ok:
		change.sent, change.failed, change.unsent = failed.Sent, failed.Failed, failed.Unsent
		listed := len(failed.Sent) + len(failed.Remaining())
		p.requiref(listed == len(devices), "%d of %d devices are in a list", listed, len(devices))
	case err == nil:
		change.sent = devices
	default:
		change.unsent = devices
	}
	p.requireSent(change, err)
}

// waitForEnrollment has a report about each device.
//   - Done: a response showed the state. A device without a state, or that was not found, counts
//     as not enrolled when two consecutive responses say so.
//   - Failed: the last response showed registration errors, and not the state.
//   - Unknown: the last response was 404, a whole list lacked the device, or it was never read.
//   - ErrRegistrationFailed: each device is done or failed, and that held for two minutes.
//   - No error: all are done.
func (p *program) waitForEnrollment(
	category audience.Category, devices []string, want audience.EnrollmentState,
) {
	p.begin("devices.WaitForEnrollment", category, want)
	ctx := p.within(p.between(time.Minute, time.Hour))
	report, err := p.client.Devices().WaitForEnrollment(ctx, category, devices, want, nil)
	if report == nil {
		p.requiref(err != nil, "neither report nor error")
		return
	}
	for _, d := range report.Devices {
		p.requiref(err != nil || d.Outcome == audience.OutcomeDone, "no error, and %s is %s", d.ID, d.Outcome)
		p.requireEnrollment(d, p.observations(d.ID, category), want)
	}
	if errors.Is(err, audience.ErrRegistrationFailed) {
		remaining := report.Remaining()
		p.requiref(len(remaining) == 0 && len(report.Failed()) > 0, "registration failed, and %v remain", remaining)
		p.requiref(time.Since(p.began) >= 2*time.Minute, "registration failed after %v", time.Since(p.began))
	}
}

func (p *program) requireEnrollment(
	d audience.DeviceEnrollment, seen []observation, want audience.EnrollmentState,
) {
	var last observation
	if len(seen) > 0 {
		last = seen[len(seen)-1]
	}
	switch d.Outcome {
	case audience.OutcomeDone:
		twice := want == audience.StateNotEnrolled && isSilentTwice(seen)
		shown := slices.ContainsFunc(seen, func(s observation) bool { return s.state == string(want) })
		p.requiref(shown || twice, "%s is done, and was not shown %s", d.ID, want)
	case audience.OutcomeFailed:
		p.requiref(last.failed && last.state != string(want), "%s has failed, and has no errors", d.ID)
	case audience.OutcomeUnknown:
		p.requiref(len(seen) == 0 || last.unknown, "%s is unknown, and was found", d.ID)
	case audience.OutcomePending:
		p.requiref(len(seen) > 0 && !last.unknown && last.state != string(want), "%s is pending", d.ID)
	}
}

// isSilentTwice reports whether two consecutive responses show no state. A list may show another one
// later, when it is read for other devices.
func isSilentTwice(seen []observation) bool {
	for i := range seen {
		if i > 0 && seen[i-1].state == "" && seen[i].state == "" {
			return true
		}
	}
	return false
}

// observation is what one response said of a device.
type observation struct {
	state   string
	failed  bool // there are registration errors
	unknown bool // 404
}

func (p *program) observations(id string, category audience.Category) []observation {
	var seen []observation
	isListed := false
	for _, x := range p.log {
		switch route := x.request.route(); {
		case route == "/updatableAssets/azureADDevice" && x.good:
			isListed = isListed && x.request.query.Has("$skiptoken")
			for _, one := range x.body.(obj)["value"].([]any) {
				if one.(obj)["id"] == id {
					seen, isListed = append(seen, observed(one.(obj), category)), true
				}
			}
			if !isListed && x.body.(obj)["@odata.nextLink"] == nil {
				seen = append(seen, observation{unknown: true})
			}
		case route != "/updatableAssets/"+id:
		case x.isNotFound():
			seen = append(seen, observation{unknown: true})
		case x.good:
			seen = append(seen, observed(x.body.(obj), category))
		}
	}
	return seen
}

func observed(device obj, category audience.Category) observation {
	enrollment, _ := device["enrollment"].(obj)[string(category)].(obj)
	state, _ := enrollment["enrollmentState"].(string)
	return observation{state: state, failed: len(anySlice(device["errors"])) > 0}
}
