package main

import (
	"context"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// goWrong makes two deployments on the simulator. The device that gets the first
// one goes back to what it had.
func goWrong(ctx context.Context, service *simulator.Server) error {
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	const device = "00000000-0000-4000-8000-0000000000d1"
	if err := client.Devices().Enroll(ctx, audience.CategoryFeature, []string{device}, nil); err != nil {
		return err
	}
	first, err := deploy(ctx, client, "Windows 11, version 25H2", device)
	if err != nil {
		return err
	}
	if _, err := deploy(ctx, client, "Windows 11, version 24H2"); err != nil {
		return err
	}
	return service.ReportRollback(first, device)
}

func deploy(ctx context.Context, client *updates.Client, version string, devices ...string) (id string, err error) {
	entry, err := client.Catalog().FindFeatureUpdate(ctx, version)
	if err != nil {
		return "", err
	}
	d, err := client.Deployments().Create(ctx, deployments.ForFeature(entry.ID).With(deployments.Settings{}.PausingOnRollbacks(5)))
	if err != nil || len(devices) == 0 {
		return "", err
	}
	return d.ID, client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), devices, nil)
}
