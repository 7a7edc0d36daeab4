package troubleshoot

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/winupdates/winupdates-go/internal/wire"
)

// Effect is the effect of an observation on the device.
type Effect string

// The effects, from worst to best.
const (
	// EffectBlocks means that the update is not offered until an administrator acts, or at all.
	EffectBlocks Effect = "blocks"
	// EffectDelays means that the update is offered later without an action.
	EffectDelays Effect = "delays"
	// EffectUnclear means that the effect is not known, or that the observation could not be read.
	EffectUnclear Effect = "unclear"
	// EffectNone means that the observation does not keep the update from the device.
	EffectNone Effect = "none"
	// EffectNotVisible means that this can be the reason, and that the service does not report it.
	EffectNotVisible Effect = "notVisible"
)

// Topic is the subject of an observation.
type Topic string

// The topics.
const (
	// TopicDeployment is whether the deployment exists.
	TopicDeployment Topic = "deployment"
	// TopicDevice is whether the service knows the device.
	TopicDevice Topic = "device"
	// TopicRegistration is whether the device could be registered.
	TopicRegistration Topic = "registration"
	// TopicEnrollment is whether the device is enrolled in the category of the update.
	TopicEnrollment Topic = "enrollment"
	// TopicMembership is whether the device is a member of the audience.
	TopicMembership Topic = "membership"
	// TopicExclusion is whether the device is excluded, which takes precedence over membership.
	TopicExclusion Topic = "exclusion"
	// TopicState is the state of the deployment.
	TopicState Topic = "state"
	// TopicSchedule is when the deployment starts offering.
	TopicSchedule Topic = "schedule"
	// TopicRollout is in which step of the rollout the device is offered the update.
	TopicRollout Topic = "rollout"
	// TopicReadinessTest is whether the deployment is a readiness test, which installs nothing.
	TopicReadinessTest Topic = "readinessTest"
	// TopicApplicability is whether the driver is applicable to the device.
	TopicApplicability Topic = "applicability"
	// TopicRecommendation is whether the driver is recommended for the device.
	TopicRecommendation Topic = "recommendation"
	// TopicOtherDeployments is whether another deployment offers the device something newer.
	TopicOtherDeployments Topic = "otherDeployments"
	// TopicSafeguards is whether a safeguard hold of Microsoft applies to the device.
	TopicSafeguards Topic = "safeguards"
	// TopicLicense is whether the tenant and its users have the licenses needed.
	TopicLicense Topic = "license"
	// TopicScanSource is where the device scans for updates.
	TopicScanSource Topic = "scanSource"
	// TopicDevicePolicies is what policies on the device defer, pause, or prevent.
	TopicDevicePolicies Topic = "devicePolicies"
	// TopicEligibility is whether the update fits the device.
	TopicEligibility Topic = "eligibility"
	// TopicInstallation is whether the update was offered, downloaded, or installed.
	TopicInstallation Topic = "installation"
)

// Observation is one thing that was checked, or that the service does not report.
type Observation struct {
	// Topic is the subject.
	Topic Topic `json:"topic"`
	// Effect is the effect on the device.
	Effect Effect `json:"effect"`
	// Text is the human-readable observation, in whole sentences.
	Text string `json:"text"`
	// Advice says what to do. It is empty if there is nothing to do.
	Advice string `json:"advice,omitempty"`
}

// Explanation says why a deployment does not reach a device, as far as the service reports it. It is made by
// [Client.Explain]; print it, or select from it.
type Explanation struct {
	// DeploymentID is the ID of the deployment.
	DeploymentID string `json:"deploymentId"`
	// DeviceID is the Microsoft Entra device ID.
	DeviceID string `json:"deviceId"`
	// At is the time of the explanation, by the clock of this machine.
	At time.Time `json:"at"`
	// Observations are sorted by effect, the worst first. The last ones are always those that the service
	// does not report.
	Observations []Observation `json:"observations"`
}

// ByEffect returns the observations with an effect, or nil.
func (e *Explanation) ByEffect(effect Effect) []Observation {
	var found []Observation
	for _, o := range e.Observations {
		if o.Effect == effect {
			found = append(found, o)
		}
	}
	return found
}

// ByTopic returns the observations about a topic, or nil if the topic was not checked.
func (e *Explanation) ByTopic(topic Topic) []Observation {
	var found []Observation
	for _, o := range e.Observations {
		if o.Topic == topic {
			found = append(found, o)
		}
	}
	return found
}

// String returns a summary on one line, and below it the observations with their advice.
func (e *Explanation) String() string {
	var text strings.Builder
	fmt.Fprintln(&text, wire.Line("", e.summary()))
	for _, o := range e.Observations {
		fmt.Fprintf(&text, "  %-10s %s\n", wire.Line("", string(o.Effect)), wire.Line("", o.Text))
		if o.Advice != "" {
			fmt.Fprintf(&text, "  %10s -> %s\n", "", wire.Line("", o.Advice))
		}
	}
	return text.String()
}

func (e *Explanation) summary() string {
	switch {
	case len(e.ByEffect(EffectBlocks)) > 0:
		return fmt.Sprintf("Deployment %s does not reach device %s.", e.DeploymentID, e.DeviceID)
	case len(e.ByEffect(EffectDelays)) > 0:
		return fmt.Sprintf("Deployment %s does not reach device %s yet.", e.DeploymentID, e.DeviceID)
	case len(e.ByEffect(EffectUnclear)) > 0:
		return fmt.Sprintf("It is unclear whether deployment %s reaches device %s.", e.DeploymentID, e.DeviceID)
	}
	return fmt.Sprintf("Nothing that the service reports keeps deployment %s from device %s.", e.DeploymentID,
		e.DeviceID)
}

func (e *Explanation) sort() {
	worst := []Effect{EffectBlocks, EffectDelays, EffectUnclear, EffectNone, EffectNotVisible}
	slices.SortStableFunc(e.Observations, func(a, b Observation) int {
		return slices.Index(worst, a.Effect) - slices.Index(worst, b.Effect)
	})
}

// notVisible returns the possible reasons that the service does not report.
func notVisible() []Observation {
	const advice = "Check Windows Update for Business reports."
	return []Observation{
		{TopicSafeguards, EffectNotVisible,
			"Safeguard holds: a safeguard hold of Microsoft may apply to this device.", advice},
		{TopicLicense, EffectNotVisible, "Licenses: the tenant or the user may lack a license with Windows Autopatch.", ""},
		{TopicScanSource, EffectNotVisible,
			"Scan source: the device may get its updates from WSUS or Configuration Manager.", ""},
		{TopicDevicePolicies, EffectNotVisible,
			"Policies on the device: it may defer or pause updates, or be held at a version.", ""},
		{TopicEligibility, EffectNotVisible, "Eligibility: the device's hardware or edition may not fit the update.", ""},
		{TopicInstallation, EffectNotVisible,
			"Installation: the device may have been offered the update, have it already, or be offline.", ""},
	}
}
