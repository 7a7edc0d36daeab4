// Quickstart deploys a feature update on the simulator, to 100 devices per week, and prints the timetable.
//
//	go run ./examples/quickstart
package main

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func main() {
	ctx := context.Background()
	// region deploy
	service := simulator.New(nil) // an in-memory tenant
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	check(err)
	update, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 25H2")
	check(err)
	weekly := deployments.Settings{}.RollingOut(deployments.ByRate(100, 7)).PausingOnRollbacks(5)
	timetable, err := weekly.Timetable(450, time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC))
	check(err)
	fmt.Print(timetable)
	d, err := client.Deployments().Create(ctx, deployments.ForFeature(update.ID).With(weekly))
	check(err)
	fmt.Println(update.Version, "is", d.State.Effective)
	// endregion
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
