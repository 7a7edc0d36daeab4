package updates_test

import (
	"context"
	"fmt"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// A plan is for people to confirm. Run it again when it was interrupted.
func ExampleClient_Teardown() {
	ctx := context.Background()
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	devices, err := client.Audiences().Create(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	policy, err := client.UpdatePolicies().Create(ctx, policies.ForAudience(devices.ID).Approving(policies.DriversAfter(7)))
	if err != nil {
		fmt.Println(err)
		return
	}

	plan, err := client.PlanTeardown(ctx, updates.TeardownTarget{UpdatePolicyID: policy.ID})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range plan.Steps {
		fmt.Println(step.Action)
	}
	report, err := client.Teardown(ctx, plan, nil)
	fmt.Println(len(report.Done), "done,", len(report.Left), "left:", err)
	// Output:
	// clearRules
	// removeMembers
	// deletePolicy
	// deleteAudience
	// 4 done, 0 left: <nil>
}

// What nobody uses any more is found, and left to you.
func ExampleClient_FindOrphans() {
	ctx := context.Background()
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := client.Audiences().Create(ctx); err != nil {
		fmt.Println(err)
		return
	}
	orphans, err := client.FindOrphans(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(orphans.Audiences), "unused,", len(orphans.Archived), "archived")
	// Output: 1 unused, 0 archived
}

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

	why, err := client.Explain(ctx, d.ID, device)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, reason := range why.Of(updates.Blocks) {
		fmt.Println(reason.About, "-", reason.Text)
	}
	// Output: enrollment - The device is not enrolled in feature updates.
}
