package deployments

import "encoding/json"

// MonitoringRule acts on a deployment when a signal is seen. The service allows
// three pairs of signal and action, which [PauseOnRollbacks], [AlertOnRollbacks]
// and [FallBackWhenIneligible] make.
type MonitoringRule struct {
	// Signal is what is watched.
	Signal Signal `json:"signal"`
	// Threshold is the percentage of devices that triggers the action, 1 to 100.
	// It must be 0 with [Ineligible], which has none.
	Threshold int `json:"threshold,omitempty"`
	// Action is what is done.
	Action Action `json:"action"`
	// Extra has the members that this version does not know; nil for none.
	// Members given here are sent.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// Signal is what a rule watches. Unknown values are kept.
type Signal string

// The signals.
const (
	// Rollback: devices went back to what they had.
	Rollback Signal = "rollback"
	// Ineligible: devices cannot have the Windows 11 that is deployed.
	Ineligible Signal = "ineligible"
)

// Action is what a rule does. Unknown values are kept.
type Action string

// The actions.
const (
	// AlertError raises an alert, in reports and not in this API. It goes with
	// [Rollback].
	AlertError Action = "alertError"
	// OfferFallback offers Windows 10, version 22H2. It goes with [Ineligible].
	OfferFallback Action = "offerFallback"
	// PauseDeployment pauses the deployment, until the rule is removed or its
	// threshold raised. It goes with [Rollback].
	PauseDeployment Action = "pauseDeployment"
)

// PauseOnRollbacks pauses the deployment when the update was rolled back on this
// percentage of devices, 1 to 100.
func PauseOnRollbacks(percent int) MonitoringRule {
	return MonitoringRule{Signal: Rollback, Threshold: percent, Action: PauseDeployment}
}

// AlertOnRollbacks raises an alert when the update was rolled back on this
// percentage of devices, 1 to 100.
func AlertOnRollbacks(percent int) MonitoringRule {
	return MonitoringRule{Signal: Rollback, Threshold: percent, Action: AlertError}
}

// FallBackWhenIneligible offers Windows 10, version 22H2, to devices that cannot
// have the Windows 11 that is deployed.
func FallBackWhenIneligible() MonitoringRule {
	return MonitoringRule{Signal: Ineligible, Action: OfferFallback}
}
