package simulator

import (
	"slices"
	"time"
)

// Alert is what a monitoring rule with the action alertError raised. The service lists alerts in its
// reports, not in this API.
type Alert struct {
	// At is when the threshold was reached, by the simulator's clock.
	At time.Time
	// DeploymentID is the deployment that has the rule.
	DeploymentID string
	// Threshold is the threshold of the rule, in percent of devices, 1 to 100.
	Threshold int
	// Percentage is the share of devices that had rolled back, 0 to 100.
	Percentage float64
}

// Alerts returns the alerts so far, oldest first. A rule raises one alert when its threshold is
// reached. It raises another only after the percentage was lower or the rule was removed.
func (s *Server) Alerts() []Alert {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	return slices.Clone(s.alerts)
}

// ReportRollback reports that devices rolled back the update of a deployment; monitoring rules take
// effect. It returns an error, and reports nothing, if the deployment does not exist or has not
// offered its content to one of the devices.
func (s *Server) ReportRollback(deploymentID string, deviceIDs ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	d, ok := s.deployments.get(deploymentID)
	if !ok {
		return noDeployment(deploymentID)
	}
	for _, id := range deviceIDs {
		if !d.progress.offered[id] {
			return invalid("deployment %q has not offered its content to device %q", deploymentID, id)
		}
	}
	mark(d.rolledBack, deviceIDs)
	s.disturb()
	s.settle()
	return nil
}

// ReportIneligible reports that devices cannot install the update of a deployment. The devices are no
// longer offered the update; with a monitoring rule for the signal they are offered the fallback. It
// returns an error, and reports nothing, if the deployment does not exist or a device is not in its
// audience.
func (s *Server) ReportIneligible(deploymentID string, deviceIDs ...string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	d, ok := s.deployments.get(deploymentID)
	if !ok {
		return noDeployment(deploymentID)
	}
	for _, id := range deviceIDs {
		if !d.reaches(id) {
			return invalid("device %q is not in the audience of deployment %q", id, deploymentID)
		}
	}
	mark(d.ineligible, deviceIDs)
	s.disturb()
	s.settle()
	return nil
}

func noDeployment(id string) error {
	return invalid("deployment %q does not exist", id)
}

func mark(set map[string]bool, ids []string) {
	for _, id := range ids {
		set[id] = true
	}
}

func (d *deployment) reaches(deviceID string) bool {
	return slices.ContainsFunc(d.audience.devices(), func(a *asset) bool { return a.id == deviceID })
}

// alert raises the alerts of thresholds that are newly reached.
func (s *Server) alert(d *deployment, at time.Time) {
	alerted := map[int]bool{}
	for _, r := range d.reached() {
		if r.action != "alertError" || alerted[*r.threshold] {
			continue
		}
		alerted[*r.threshold] = true
		if !d.alerted[*r.threshold] {
			s.alerts = append(s.alerts, Alert{at, d.id, *r.threshold, d.rollbacks()})
		}
	}
	d.alerted = alerted
}
