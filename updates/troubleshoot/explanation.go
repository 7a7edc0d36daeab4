package troubleshoot

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Severity is what an observation means for the device.
type Severity string

// The severities, from worst to best.
const (
	// Blocks: the update does not come until somebody acts, or not at all.
	Blocks Severity = "blocks"
	// Delays: the update comes later by itself.
	Delays Severity = "delays"
	// Unclear: it is not known what this means, or it could not be read.
	Unclear Severity = "unclear"
	// Fine: looked at, and no reason.
	Fine Severity = "fine"
	// Unseen: it can be the reason, and this service shows nothing of it.
	Unseen Severity = "unseen"
)

// Topic is what an observation is about.
type Topic string

// The topics.
const (
	// AboutDeployment is whether the deployment is there.
	AboutDeployment Topic = "deployment"
	// AboutDevice is whether the service knows the device.
	AboutDevice Topic = "device"
	// AboutRegistration is whether the device could be registered.
	AboutRegistration Topic = "registration"
	// AboutEnrollment is whether the device is enrolled in the category of the update.
	AboutEnrollment Topic = "enrollment"
	// AboutMembership is whether the device is a member of the audience.
	AboutMembership Topic = "membership"
	// AboutExclusion is whether the device is excluded, which wins over membership.
	AboutExclusion Topic = "exclusion"
	// AboutState is where the deployment stands.
	AboutState Topic = "state"
	// AboutSchedule is when the deployment starts.
	AboutSchedule Topic = "schedule"
	// AboutRollout is in which step of the rollout the device can be.
	AboutRollout Topic = "rollout"
	// AboutReadinessTest is whether the deployment installs anything.
	AboutReadinessTest Topic = "readinessTest"
	// AboutNeed is whether the device needs the driver.
	AboutNeed Topic = "need"
	// AboutRecommendation is whether the driver is recommended for the device.
	AboutRecommendation Topic = "recommendation"
	// AboutOthers is whether another deployment offers the device something newer.
	AboutOthers Topic = "others"
	// AboutSafeguards is what Microsoft holds back from the device.
	AboutSafeguards Topic = "safeguards"
	// AboutLicence is what the tenant and the device are licensed for.
	AboutLicence Topic = "licence"
	// AboutScanSource is where the device looks for updates.
	AboutScanSource Topic = "scanSource"
	// AboutDevicePolicies is what policies on the device defer, pause or forbid.
	AboutDevicePolicies Topic = "devicePolicies"
	// AboutEligibility is whether the update fits the device.
	AboutEligibility Topic = "eligibility"
	// AboutInstallation is whether the update was offered, downloaded or installed.
	AboutInstallation Topic = "installation"
)

// Observation is one thing that was looked at, or that this service does not show.
type Observation struct {
	// About is what the observation is about.
	About Topic `json:"about"`
	// Severity is what it means for the device.
	Severity Severity `json:"severity"`
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

// Of returns the observations of a severity; nil when there are none.
func (e *Explanation) Of(severity Severity) []Observation {
	var found []Observation
	for _, seen := range e.Observations {
		if seen.Severity == severity {
			found = append(found, seen)
		}
	}
	return found
}

// About returns the observations about a topic; nil when it was not looked at.
func (e *Explanation) About(topic Topic) []Observation {
	var found []Observation
	for _, seen := range e.Observations {
		if seen.About == topic {
			found = append(found, seen)
		}
	}
	return found
}

// String says in one line how it stands, and below why, with what to do.
func (e *Explanation) String() string {
	var text strings.Builder
	fmt.Fprintln(&text, e.summary())
	for _, seen := range e.Observations {
		fmt.Fprintf(&text, "  %-8s %s\n", seen.Severity, seen.Text)
		if seen.Advice != "" {
			fmt.Fprintf(&text, "  %8s -> %s\n", "", seen.Advice)
		}
	}
	return text.String()
}

func (e *Explanation) summary() string {
	switch {
	case len(e.Of(Blocks)) > 0:
		return fmt.Sprintf("Deployment %s does not reach device %s.", e.DeploymentID, e.DeviceID)
	case len(e.Of(Delays)) > 0:
		return fmt.Sprintf("Deployment %s does not reach device %s yet.", e.DeploymentID, e.DeviceID)
	case len(e.Of(Unclear)) > 0:
		return fmt.Sprintf("It is unclear whether deployment %s reaches device %s.", e.DeploymentID, e.DeviceID)
	}
	return fmt.Sprintf("Nothing that this service shows keeps deployment %s from device %s.", e.DeploymentID, e.DeviceID)
}

func (e *Explanation) sort() {
	worst := []Severity{Blocks, Delays, Unclear, Fine, Unseen}
	slices.SortStableFunc(e.Observations, func(a, b Observation) int {
		return slices.Index(worst, a.Severity) - slices.Index(worst, b.Severity)
	})
}

// unseen are the reasons of which this service shows nothing.
func unseen() []Observation {
	const advice = "Look at the reports of Windows Update for Business."
	return []Observation{
		{AboutSafeguards, Unseen, "Safeguard holds: Microsoft may hold the update back from this device.", advice},
		{AboutLicence, Unseen, "Licences: the tenant and the users may lack one with Windows Autopatch.", ""},
		{AboutScanSource, Unseen, "Scan source: the device may get its updates from WSUS or Configuration Manager.", ""},
		{AboutDevicePolicies, Unseen, "Policies on the device: it may defer or pause updates, or be held at a version.", ""},
		{AboutEligibility, Unseen, "Eligibility: the device's hardware or edition may not fit the update.", ""},
		{AboutInstallation, Unseen, "Installation: whether the device was offered the update, has it, or was offline since.", ""},
	}
}
