package troubleshoot

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Effect is what an observation means for the device.
type Effect string

// The severities, from worst to best.
const (
	// EffectBlocks: the update does not come until somebody acts, or not at all.
	EffectBlocks Effect = "blocks"
	// EffectDelays: the update comes later by itself.
	EffectDelays Effect = "delays"
	// EffectUnclear: it is not known what this means, or it could not be read.
	EffectUnclear Effect = "unclear"
	// EffectNone: looked at, and no reason.
	EffectNone Effect = "fine"
	// EffectNotVisible: it can be the reason, and this service shows nothing of it.
	EffectNotVisible Effect = "unseen"
)

// Topic is what an observation is about.
type Topic string

// The topics.
const (
	// TopicDeployment is whether the deployment is there.
	TopicDeployment Topic = "deployment"
	// TopicDevice is whether the service knows the device.
	TopicDevice Topic = "device"
	// TopicRegistration is whether the device could be registered.
	TopicRegistration Topic = "registration"
	// TopicEnrollment is whether the device is enrolled in the category of the update.
	TopicEnrollment Topic = "enrollment"
	// TopicMembership is whether the device is a member of the audience.
	TopicMembership Topic = "membership"
	// TopicExclusion is whether the device is excluded, which wins over membership.
	TopicExclusion Topic = "exclusion"
	// TopicState is where the deployment stands.
	TopicState Topic = "state"
	// TopicSchedule is when the deployment starts.
	TopicSchedule Topic = "schedule"
	// TopicRollout is in which step of the rollout the device can be.
	TopicRollout Topic = "rollout"
	// TopicReadinessTest is whether the deployment installs anything.
	TopicReadinessTest Topic = "readinessTest"
	// TopicApplicability is whether the device needs the driver.
	TopicApplicability Topic = "need"
	// TopicRecommendation is whether the driver is recommended for the device.
	TopicRecommendation Topic = "recommendation"
	// TopicOtherDeployments is whether another deployment offers the device something newer.
	TopicOtherDeployments Topic = "others"
	// TopicSafeguards is what Microsoft holds back from the device.
	TopicSafeguards Topic = "safeguards"
	// TopicLicense is what the tenant and the device are licensed for.
	TopicLicense Topic = "licence"
	// TopicScanSource is where the device looks for updates.
	TopicScanSource Topic = "scanSource"
	// TopicDevicePolicies is what policies on the device defer, pause or forbid.
	TopicDevicePolicies Topic = "devicePolicies"
	// TopicEligibility is whether the update fits the device.
	TopicEligibility Topic = "eligibility"
	// TopicInstallation is whether the update was offered, downloaded or installed.
	TopicInstallation Topic = "installation"
)

// Observation is one thing that was looked at, or that this service does not show.
type Observation struct {
	// Topic is what the observation is about.
	Topic Topic `json:"about"`
	// Effect is what it means for the device.
	Effect Effect `json:"severity"`
	// Text says it for people, in whole sentences.
	Text string `json:"text"`
	// Advice says what to do; empty when there is nothing to do.
	Advice string `json:"advice,omitempty"`
}

// Explanation is why a deployment does not reach a device, as far as this service
// shows. Make it with [Client.Explain], and print it.
type Explanation struct {
	// DeploymentID is the deployment.
	DeploymentID string `json:"deploymentId"`
	// DeviceID is the Microsoft Entra device id (deviceId, not the id of the directory
	// object).
	DeviceID string `json:"deviceId"`
	// At is when it was looked at, in UTC, by the clock of this machine.
	At time.Time `json:"at"`
	// Observations are what was found, the worst first. What cannot be seen is always
	// among them, last.
	Observations []Observation `json:"observations"`
}

// ByEffect returns the observations of a severity; nil when there are none.
func (e *Explanation) ByEffect(effect Effect) []Observation {
	var found []Observation
	for _, o := range e.Observations {
		if o.Effect == effect {
			found = append(found, o)
		}
	}
	return found
}

// ByTopic returns the observations about a topic; nil when it was not looked at.
func (e *Explanation) ByTopic(topic Topic) []Observation {
	var found []Observation
	for _, o := range e.Observations {
		if o.Topic == topic {
			found = append(found, o)
		}
	}
	return found
}

// String says in one line how it stands, and below why, with what to do.
func (e *Explanation) String() string {
	var text strings.Builder
	fmt.Fprintln(&text, e.summary())
	for _, o := range e.Observations {
		fmt.Fprintf(&text, "  %-8s %s\n", o.Effect, o.Text)
		if o.Advice != "" {
			fmt.Fprintf(&text, "  %8s -> %s\n", "", o.Advice)
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
	return fmt.Sprintf("Nothing that this service shows keeps deployment %s from device %s.", e.DeploymentID, e.DeviceID)
}

func (e *Explanation) sort() {
	worst := []Effect{EffectBlocks, EffectDelays, EffectUnclear, EffectNone, EffectNotVisible}
	slices.SortStableFunc(e.Observations, func(a, b Observation) int {
		return slices.Index(worst, a.Effect) - slices.Index(worst, b.Effect)
	})
}

// notVisible are the reasons of which this service shows nothing.
func notVisible() []Observation {
	const advice = "Look at the reports of Windows Update for Business."
	return []Observation{
		{TopicSafeguards, EffectNotVisible, "Safeguard holds: Microsoft may hold the update back from this device.", advice},
		{TopicLicense, EffectNotVisible, "Licences: the tenant and the users may lack one with Windows Autopatch.", ""},
		{TopicScanSource, EffectNotVisible, "Scan source: the device may get its updates from WSUS or Configuration Manager.", ""},
		{TopicDevicePolicies, EffectNotVisible, "Policies on the device: it may defer or pause updates, or be held at a version.", ""},
		{TopicEligibility, EffectNotVisible, "Eligibility: the device's hardware or edition may not fit the update.", ""},
		{TopicInstallation, EffectNotVisible, "Installation: whether the device was offered the update, has it, or was offline since.", ""},
	}
}
