package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
)

// plan is what the tool is asked for.
type plan struct {
	version string
	devices []string  // Microsoft Entra device ids
	start   time.Time // zero for now
	perWeek int       // devices; 0 for all at once
}

// settings pause the rollout when it does harm.
func (p plan) settings() deployments.Settings {
	s := deployments.Settings{}.PausingOnRollbacks(5).FallingBackWhenIneligible()
	if !p.start.IsZero() {
		s = s.StartingAt(p.start)
	}
	if p.perWeek > 0 {
		s = s.RollingOut(deployments.ByRate(p.perWeek, 7))
	}
	return s
}

// deploy returns when the service shows the devices as members.
func (t *tool) deploy(ctx context.Context, p plan) (*deployments.Deployment, error) {
	d, err := t.create(ctx, p)
	if err != nil {
		return nil, err
	}
	_, err = t.client.Devices().WaitForEnrollment(ctx, audience.CategoryFeature, p.devices, audience.StateEnrolled, nil)
	if err != nil {
		return nil, err
	}
	wanted := audience.Devices(p.devices...)
	if _, err := t.client.Audiences().Sync(ctx, audience.OfDeployment(d.ID), wanted, nil); err != nil {
		return nil, err
	}
	return t.client.Deployments().Get(ctx, d.ID)
}

// create sends all that needs no waiting.
func (t *tool) create(ctx context.Context, p plan) (*deployments.Deployment, error) {
	entry, err := t.client.Catalog().FindFeatureUpdate(ctx, p.version)
	if err != nil {
		return nil, fmt.Errorf("look up %q: %w", p.version, err)
	}
	if err := t.client.Devices().Enroll(ctx, audience.CategoryFeature, p.devices, nil); err != nil {
		return nil, err
	}
	return t.client.Deployments().CreateOnce(ctx, deployments.ForFeature(entry.ID).With(p.settings()), nil)
}

// preview is what create would send.
func (t *tool) preview(ctx context.Context, p plan) ([]updates.DryRunRequest, error) {
	return t.client.DryRun(ctx, func(ctx context.Context, client *updates.Client) error {
		d, err := (&tool{client: client}).create(ctx, p)
		if err != nil {
			return err
		}
		return client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), p.devices, nil)
	})
}

var errHarm = errors.New("too many devices rolled the update back")

// follow tells each change, until monitoring pauses the deployment or ctx ends.
func (t *tool) follow(ctx context.Context, id string, out io.Writer) error {
	for d, err := range t.client.Deployments().Watch(ctx, id, nil) {
		if err != nil {
			return err
		}
		fmt.Fprintln(out, d.State.Effective)
		if d.State.HasReason(deployments.ReasonPausedByMonitoring) {
			return errHarm
		}
	}
	return nil
}

// goOn lifts a pause, whoever made it.
func (t *tool) goOn(ctx context.Context, id string) error {
	err := t.client.Deployments().Resume(ctx, id)
	if errors.Is(err, deployments.ErrPausedByMonitoring) {
		return t.client.Deployments().SetMonitoringRules(ctx, id, deployments.AlertOnRollbacks(50))
	}
	return err
}

// expedite offers the newest security update to devices at once.
func (t *tool) expedite(ctx context.Context, devices []string) (*deployments.Deployment, error) {
	update, err := t.client.Catalog().FindLatestSecurityUpdate(ctx)
	if err != nil {
		return nil, err
	}
	spec := deployments.ForExpedited(update.ID).With(deployments.Settings{}.RestartingWithin(2))
	d, err := t.client.Deployments().CreateOnce(ctx, spec, nil)
	if err != nil {
		return nil, err
	}
	return d, t.client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), devices, nil)
}
