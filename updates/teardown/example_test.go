package teardown_test

import (
	"context"
	"fmt"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/teardown"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// Print the plan to have it confirmed. Run it again after an interruption.
func ExampleClient_Run() {
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
	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(devices.ID).Approving(updatepolicies.DriversStartingAfter(7)))
	if err != nil {
		fmt.Println(err)
		return
	}

	plan, err := client.Teardown().Plan(ctx, teardown.Target{UpdatePolicyID: policy.ID})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, step := range plan.Steps {
		fmt.Println(step.Action)
	}
	report, err := client.Teardown().Run(ctx, plan, nil)
	fmt.Println(len(report.Done), "done,", len(report.Remaining), "remaining:", err)
	// Output:
	// clearRules
	// removeMembers
	// deletePolicy
	// deleteAudience
	// 4 done, 0 remaining: <nil>
}

// FindOrphans finds audiences that nothing uses, and deletes nothing.
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
	orphans, err := client.Teardown().FindOrphans(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(orphans.Audiences), "unused,", len(orphans.Archived), "archived")
	// Output: 1 unused, 0 archived
}
