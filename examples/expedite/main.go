// Expedite expedites the latest security update to some devices, and prints what it does.
// First it runs a readiness test on the devices.
//
//	go run ./examples/expedite
//
// It runs on the simulator. To use a real tenant, replace the simulator with a credential of
// package auth, and use your own Microsoft Entra device IDs. The results of the readiness
// test are in Windows Update for Business reports, not in this API.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func main() {
	if err := run(context.Background(), os.Stdout, simulator.New(nil)); err != nil {
		fmt.Fprintln(os.Stderr, "expedite:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, service *simulator.Server) error {
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	update, err := newest(ctx, client)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "The latest expeditable security update was released on", update.Released.Format(time.DateOnly))
	fmt.Fprintln(out, " ", update.DisplayName)

	fmt.Fprintln(out, "Run a readiness test.")
	if err := deploy(ctx, client, out, deployments.ForReadinessTest(update.ID)); err != nil {
		return err
	}
	fmt.Fprintln(out, "Install it, and restart within 2 days.")
	return deploy(ctx, client, out, deployments.ForExpedited(update.ID).With(deployments.Settings{}.RestartingWithin(2)))
}

// newest is the latest security update that can be expedited.
func newest(ctx context.Context, client *updates.Client) (*catalog.QualityUpdate, error) {
	wanted := catalog.QualityQuery{}.ExpeditableOnly().OfClassification(catalog.ClassificationSecurity).NewestFirst()
	return client.Catalog().ListQualityUpdates(wanted).First(ctx)
}

// deploy creates a deployment, adds the devices, and prints its state.
func deploy(ctx context.Context, client *updates.Client, out io.Writer, spec deployments.Spec) error {
	devices := []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"}
	d, err := client.Deployments().Create(ctx, spec)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "  deployment %s is %s\n", d.ID, d.State.Effective)
	fmt.Fprintf(out, "  expedited: %t, readiness test: %t\n", d.Settings.Expedite.Expedited, d.Settings.Expedite.ReadinessTest)
	if err := client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), devices, nil); err != nil {
		return err
	}
	fmt.Fprintf(out, "  %d devices were added\n", len(devices))
	return nil
}
