package updatepolicies_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// withDriver connects to the in-memory simulator, which has an audience and a driver
// that its device needs. A program for a tenant takes a credential from package auth
// instead.
func withDriver(ctx context.Context) (client *updates.Client, audienceID, driverID string) {
	return withDriverOn(ctx, simulator.New(nil))
}

func withDriverOn(ctx context.Context, service *simulator.Server) (client *updates.Client, audienceID, driverID string) {
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		log.Fatal(err)
	}
	made, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	driverID, devices := service.AddDriver("Contoso", "Firmware", "2.0"), []string{"00000000-0000-4000-8000-0000000000d1"}
	err = errors.Join(
		service.MakeApplicable(driverID, []string{"Microsoft"}, devices...),
		client.Devices().Enroll(ctx, audience.CategoryDriver, devices, nil),
		client.Audiences().AddDevices(ctx, audience.ByID(made.ID), devices, nil),
	)
	if err != nil {
		log.Fatal(err)
	}
	return client, made.ID, driverID
}

// printStates prints where the updates of a policy stand.
func printStates(ctx context.Context, client *updates.Client, policyID string) {
	states, err := client.UpdatePolicies().EntryStates(ctx, policyID)
	if err != nil {
		log.Fatal(err)
	}
	for _, s := range states {
		fmt.Println("driver:", s.State, "after", len(s.History), "approvals,", len(s.Duplicates), "of them too many")
	}
}

// Drivers that Microsoft recommends are approved automatically, and offered to 100
// devices a day from a week later.
func Example() {
	ctx := context.Background()
	client, audienceID, _ := withDriver(ctx)

	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(audienceID).
		EnrollingIn(audience.CategoryDriver).
		Approving(updatepolicies.DriversStartingAfter(7)).
		With(deployments.Settings{}.RollingOut(deployments.ByRate(100, 1))))
	if err != nil {
		log.Fatal(err)
	}

	printStates(ctx, client, policy.ID)
	// Output: driver: scheduled after 1 approvals, 0 of them too many
}

// Monthly security updates are offered a week after they are published, and as
// hotpatches where a device can take them.
func ExampleQualityStartingAfter() {
	ctx := context.Background()
	client, audienceID, _ := withDriver(ctx)

	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(audienceID).
		EnrollingIn(audience.CategoryQuality).
		Approving(updatepolicies.QualityStartingAfter(7, catalog.ClassificationSecurity, catalog.CadenceMonthly)).
		With(deployments.Settings{}.OfferingHotpatches()))
	if err != nil {
		log.Fatal(err)
	}

	for _, rule := range policy.Rules {
		if rule, ok := rule.(*updatepolicies.ApprovalRule); ok {
			fmt.Printf("%s after the approval\n", rule.DaysBeforeStart)
		}
	}
	fmt.Println("hotpatches:", *policy.Settings.UserExperience.Hotpatch)
	// Output:
	// P7D after the approval
	// hotpatches: true
}

// A driver is approved manually; the service creates a deployment for it.
func ExampleClient_Approve() {
	ctx := context.Background()
	client, audienceID, driverID := withDriver(ctx)
	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(audienceID))
	if err != nil {
		log.Fatal(err)
	}

	approval, err := client.UpdatePolicies().Approve(ctx, policy.ID, updatepolicies.ForDriver(driverID))
	if err != nil {
		log.Fatal(err)
	}

	approval, err = client.UpdatePolicies().GetApproval(ctx, policy.ID, approval.ID)
	if err != nil {
		log.Fatal(err)
	}
	for _, d := range approval.Deployments {
		fmt.Println("the deployment is", d.State.Effective)
	}
	// Output: the deployment is offering
}

// One approval too many is deleted, and the other one revoked.
func ExampleClient_EntryStates() {
	ctx := context.Background()
	client, audienceID, driverID := withDriver(ctx)
	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(audienceID))
	if err != nil {
		log.Fatal(err)
	}
	for range 2 {
		if _, err := client.UpdatePolicies().Approve(ctx, policy.ID, updatepolicies.ForDriver(driverID)); err != nil {
			log.Fatal(err)
		}
	}
	printStates(ctx, client, policy.ID)

	states, err := client.UpdatePolicies().EntryStates(ctx, policy.ID)
	if err != nil {
		log.Fatal(err)
	}
	for _, duplicate := range states[0].Duplicates {
		if err := client.UpdatePolicies().DeleteApproval(ctx, policy.ID, duplicate.ID); err != nil {
			log.Fatal(err)
		}
	}
	if err := client.UpdatePolicies().RevokeApproval(ctx, policy.ID, states[0].Approval.ID); err != nil {
		log.Fatal(err)
	}
	printStates(ctx, client, policy.ID)
	// Output:
	// driver: started after 2 approvals, 1 of them too many
	// driver: revoked after 1 approvals, 0 of them too many
}

// All problems are named together, before anything is sent.
func ExampleSpec_Validate() {
	spec := updatepolicies.ForAudience("").
		Approving(updatepolicies.DriversStartingAfter(45), &updatepolicies.ApprovalRule{}).
		With(deployments.Settings{}.RollingOut(deployments.ByRate(0, 1)))

	fmt.Println(spec.Validate())
	// Output:
	// AudienceID must not be empty
	// Settings.Schedule.Rollout.DevicesPerOffer must be 1 to 2147483647 (got 0)
	// Rules[0].DaysBeforeStart must be 0 to 30 days (got 45)
	// Rules[1].Filter must not be nil
}
