// Quickstart deploys a feature update on the simulator.
package main

import (
	"context"
	"log"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func main() {
	ctx, devices := context.Background(), []string{"00000000-0000-4000-8000-0000000000d1"}
	service := simulator.New(nil)
	client := must(updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()}))

	entry := must(client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2"))
	weekly := deployments.Settings{}.RollingOut(deployments.ByRate(100, 7)).PausingOnRollbacks(5)
	d := must(client.Deployments().Create(ctx, deployments.ForFeature(entry.ID).With(weekly)))
	check(client.Devices().Enroll(ctx, audience.CategoryFeature, devices, nil))
	check(client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), devices, nil))
	log.Println("deployed", entry.Version, "as", d.ID)
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
