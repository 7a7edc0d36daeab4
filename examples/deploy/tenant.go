package main

import (
	"context"
	"fmt"
	"time"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// tenant is the difference between the simulator and a real tenant: how devices react, and
// how time passes.
type tenant interface {
	members(enrolled []string) []string
	aWeekLater(ctx context.Context, deploymentID string) error
	rollBack(ctx context.Context, deploymentID string) error
	afterRollback() deployments.EffectiveState
	report(s *scenario, deploymentID string)
}

// realTenant does nothing: its devices are real.
type realTenant struct{}

func (realTenant) members(enrolled []string) []string        { return enrolled }
func (realTenant) aWeekLater(context.Context, string) error  { return nil }
func (realTenant) rollBack(context.Context, string) error    { return nil }
func (realTenant) afterRollback() deployments.EffectiveState { return deployments.StateOffering }
func (realTenant) report(s *scenario, _ string) {
	s.say("(on a real tenant, this program simulates nothing)")
}

// simulated simulates devices and weeks.
type simulated struct {
	server *simulator.Server
}

func (s *scenario) useSimulator(server *simulator.Server) error {
	s.tenant = simulated{server}
	for i := range 250 {
		s.devices = append(s.devices, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
	}
	client, err := updates.NewClient(server.Credential(), &updates.Options{Transport: server.Transport()})
	s.client = client
	return err
}

// members has one device that is not enrolled and not affected by the deployment.
func (t simulated) members(enrolled []string) []string {
	return append(enrolled, "ffffffff-0000-4000-8000-000000000000")
}

func (t simulated) aWeekLater(context.Context, string) error {
	t.server.Advance(7 * 24 * time.Hour)
	return nil
}

func (t simulated) rollBack(_ context.Context, deploymentID string) error {
	offers := t.server.Offers(deploymentID)
	for _, offer := range offers[:len(offers)*6/100] {
		if err := t.server.ReportRollback(deploymentID, offer.DeviceID); err != nil {
			return err
		}
	}
	return nil
}

func (t simulated) afterRollback() deployments.EffectiveState { return deployments.StatePaused }

func (t simulated) report(s *scenario, deploymentID string) {
	s.say("offered to %d of %d members", len(t.server.Offers(deploymentID)), len(s.devices)+1)
}
