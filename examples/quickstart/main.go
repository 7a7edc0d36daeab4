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
	ctx, service, devices := context.Background(), simulator.New(nil), []string{"00000000-0000-4000-8000-0000000000d1"}
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	check(err)
	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
	check(err)
	d, err := client.Deployments().Create(ctx, deployments.ForFeature(entry.ID).With(deployments.Settings{}.RollingOut(deployments.ByRate(100, 7))))
	check(err)
	check(client.Devices().Enroll(ctx, audience.Feature, devices, nil))
	check(client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), devices, nil))
	log.Println("deployed", entry.Version, "as", d.ID)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
