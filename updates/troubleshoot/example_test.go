package troubleshoot_test

import (
	"context"
	"fmt"

	"github.com/winupdates/winupdates-go/updates"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/troubleshoot"
)

// The observations are values too: a program can act on them.
func ExampleClient_Explain() {
	ctx := context.Background()
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
	if err != nil {
		fmt.Println(err)
		return
	}
	d, err := client.Deployments().Create(ctx, deployments.ForFeature(entry.ID))
	if err != nil {
		fmt.Println(err)
		return
	}
	const device = "5d0f7a10-0000-4000-8000-000000000001"
	if err := client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), []string{device}, nil); err != nil {
		fmt.Println(err)
		return
	}

	why, err := client.Troubleshoot().Explain(ctx, d.ID, device)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, reason := range why.ByEffect(troubleshoot.EffectBlocks) {
		fmt.Println(reason.Topic, "-", reason.Text)
	}
	// Output: enrollment - The device is not enrolled in feature updates.
}
