package simulator

import (
	"slices"
	"time"
)

// state is the net result of what the caller wants, the schedule, the monitoring
// and the content.
type state struct {
	value   string
	reasons []string
}

// stateAt computes the state at a time.
func (d *deployment) stateAt(at time.Time) state {
	switch {
	case d.requested == "archived":
		return state{"archived", nil}
	case !d.content.isDeployable(at):
		return state{"faulted", []string{"faultedByContentOutdated"}}
	case len(d.pauses()) > 0:
		return state{"paused", d.pauses()}
	case at.Before(d.start()):
		return state{"scheduled", []string{"scheduledByOfferWindow"}}
	}
	return state{"offering", []string{"offeringByRequest"}}
}

// pauses are the reasons for which the deployment is paused.
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

// start is when the schedule begins; the zero time where none is set.
func (d *deployment) start() time.Time {
	if d.settings.schedule == nil || d.settings.schedule.start == nil {
		return time.Time{}
	}
	return *d.settings.schedule.start
}

func (s state) object(requested string) object {
	reasons := []any{}
	for _, reason := range s.reasons {
		reasons = append(reasons, object{"value": reason})
	}
	return object{"effectiveValue": s.value, "requestedValue": requested, "reasons": reasons}
}
