package updates_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// Review the requests of a rollout before you send them, for example in a change ticket.
func ExampleClient_DryRun() {
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	requests, err := client.DryRun(context.Background(), func(ctx context.Context, c *updates.Client) error {
		entry, err := c.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2") // a read: it is sent
		if err != nil {
			return err
		}
		d, err := c.Deployments().Create(ctx, deployments.ForFeature(entry.ID).With(deployments.Settings{}.
			RollingOut(deployments.ByRate(100, 7))))
		if err != nil {
			return err
		}
		return c.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), []string{"0f0f0f0f-0000-4000-8000-000000000001"}, nil)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, request := range requests {
		fmt.Println(request.Op, "to", request.Path)
	}
	fmt.Println(requests[1])
	// Output:
	// deployments.Create to /deployments
	// audiences.AddDevices to /deployments/00000000-0000-0000-0000-000000000001/audience/updateAudience
	// POST /beta/admin/windows/updates/deployments/00000000-0000-0000-0000-000000000001/audience/updateAudience
	// Content-Type: application/json
	//
	// {
	//   "addMembers": [
	//     {
	//       "@odata.type": "#microsoft.graph.windowsUpdates.azureADDevice",
	//       "id": "0f0f0f0f-0000-4000-8000-000000000001"
	//     }
	//   ]
	// }
}

// A dry run ends where the next step depends on what the service does.
func ExampleClient_DryRun_end() {
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	requests, err := client.DryRun(context.Background(), func(ctx context.Context, c *updates.Client) error {
		group, err := c.Groups().Create(ctx)
		if err != nil {
			return err
		}
		_, err = c.Groups().Get(ctx, group.ID)
		return err
	})
	fmt.Println(len(requests), errors.Is(err, updates.ErrDryRunIncomplete))
	fmt.Println(err)
	// Output:
	// 1 true
	// groups.Get: the dry run ends at a read of 00000000-0000-0000-0000-000000000001, which only groups.Create would make
}
