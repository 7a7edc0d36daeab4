package simulator

import (
	"slices"
	"time"

	"github.com/winupdates/winupdates-go/updates/simulator/internal/odata"
)

// deployment offers an update to the devices of an audience.
type deployment struct {
	id         string
	content    *entry
	audience   *audience
	created    time.Time
	modified   time.Time
	requested  string // none, paused or archived
	settings   settings
	progress   progress
	rolledBack map[string]bool // devices that reported it
	ineligible map[string]bool // devices that reported it
	alerted    map[int]bool    // thresholds whose alert was raised
}

func newDeployment(content *entry, now time.Time) *deployment {
	return &deployment{
		id:         newID(),
		content:    content,
		created:    now,
		modified:   now,
		requested:  "none",
		progress:   newProgress(now),
		rolledBack: map[string]bool{},
		ineligible: map[string]bool{},
		alerted:    map[int]bool{},
	}
}

// progress records the offers of a deployment.
//
// A gradual rollout has windows of the length durationBetweenOffers; the first begins with the
// rollout. Each window offers the content to a batch of devices. What a pause held back is not added
// to the next window.
type progress struct {
	until    time.Time       // offers are complete up to here
	offers   []Offer         // in order of time
	offered  map[string]bool // devices that were offered the content
	fallback map[string]bool // devices that were offered the fallback
	began    time.Time       // zero: the rollout has not begun
	batched  map[string]bool // with an end: devices that were there when it began
	window   time.Time       // begin of the window that left is for
	left     int             // devices that can still be offered in the window
}

// Offer is one offer of a deployment to a device.
type Offer struct {
	// DeviceID is the Microsoft Entra device ID.
	DeviceID string
	// At is the time of the offer, by the simulator's clock.
	At time.Time
	// Fallback is true if the device was ineligible and was offered the fallback instead of the
	// content.
	Fallback bool
}

func newProgress(now time.Time) progress {
	return progress{until: now, offered: map[string]bool{}, fallback: map[string]bool{}}
}

// replan divides the remaining devices again after the schedule has changed. Offers remain, and the
// window stays open with the devices left in it.
func (p *progress) replan() { p.batched = nil }

// effectiveState is the net result of the requested state, the schedule, monitoring, and the content.
type effectiveState struct {
	value   string
	reasons []string
}

// stateAt computes the state at a time.
func (d *deployment) stateAt(at time.Time) effectiveState {
	switch {
	case d.requested == "archived":
		return effectiveState{"archived", nil}
	case !d.content.isDeployable(at):
		return effectiveState{"faulted", []string{"faultedByContentOutdated"}}
	case len(d.pauses()) > 0:
		return effectiveState{"paused", d.pauses()}
	case at.Before(d.start()):
		return effectiveState{"scheduled", []string{"scheduledByOfferWindow"}}
	}
	return effectiveState{"offering", nil} // live states have no reason
}

// pauses returns the reasons for which the deployment is paused.
func (d *deployment) pauses() []string {
	var reasons []string
	if d.requested == "paused" {
		reasons = append(reasons, "pausedByRequest")
	}
	if slices.ContainsFunc(d.reached(), func(r rule) bool { return r.action == "pauseDeployment" }) {
		reasons = append(reasons, "pausedByMonitoring")
	}
	return reasons
}

func (d *deployment) isOffering(at time.Time) bool { return d.stateAt(at).value == "offering" }

// start is when the schedule begins, or the zero time if none is set.
func (d *deployment) start() time.Time {
	if d.settings.schedule == nil || d.settings.schedule.start == nil {
		return time.Time{}
	}
	return *d.settings.schedule.start
}

// rollbacks is the percentage of devices that rolled back, among those that were offered the content.
func (d *deployment) rollbacks() float64 {
	if len(d.progress.offered) == 0 {
		return 0
	}
	return 100 * float64(len(d.rolledBack)) / float64(len(d.progress.offered))
}

// reached returns the rules on rollbacks whose threshold is reached.
func (d *deployment) reached() []rule {
	if d.settings.monitoring == nil || len(d.rolledBack) == 0 {
		return nil
	}
	var reached []rule
	for _, r := range d.settings.monitoring.rules {
		if r.threshold != nil && d.rollbacks() >= float64(*r.threshold) {
			reached = append(reached, r)
		}
	}
	return reached
}

func (d *deployment) hasFallback() bool {
	return d.settings.monitoring != nil && slices.ContainsFunc(d.settings.monitoring.rules, func(r rule) bool {
		return r.action == "offerFallback"
	})
}

func (d *deployment) isReadinessTest() bool {
	return d.settings.expedite != nil && d.settings.expedite.readinessTest
}

func (s effectiveState) object(requested string) object {
	reasons := []any{}
	for _, reason := range s.reasons {
		reasons = append(reasons, object{"value": reason})
	}
	return object{"effectiveValue": s.value, "requestedValue": requested, "reasons": reasons}
}

// deploymentEdit is what a PATCH changes.
type deploymentEdit struct {
	requested string
	settings  settings
	schedule  bool // the schedule was sent
}

// edited returns a deployment's values after a PATCH, or the error if the PATCH is rejected.
func (d *deployment) edited(in *odata.Body) (deploymentEdit, error) {
	if in.Sent("content") || in.Sent("audience") {
		return deploymentEdit{}, odata.BadRequest("Content and audience of a deployment cannot be changed.")
	}
	e := deploymentEdit{requested: readRequested(in, d.requested), settings: d.settings.changed(in, "settings")}
	sent := in.Child("settings")
	e.schedule = in.Sent("settings") && (sent == nil || sent.Sent("schedule"))
	if err := in.Err(); err != nil {
		return deploymentEdit{}, err
	}
	if d.requested == "archived" && (e.requested != "archived" || in.Sent("settings")) {
		return deploymentEdit{}, odata.BadRequest("An archived deployment cannot be changed.")
	}
	return e, e.settings.fit(d.content)
}

// readRequested reads the requested state, or keeps the previous one.
func readRequested(in *odata.Body, was string) string {
	state := in.Child("state")
	if state == nil {
		return was
	}
	if wanted := state.Word("requestedValue", "none", "paused", "archived"); wanted != nil {
		return *wanted
	}
	return was
}

// deploymentOf finds the deployment that a path names.
func (s *Server) deploymentOf(c *call) (*deployment, error) {
	return s.deployments.find(c.ids[0], "deployment")
}
