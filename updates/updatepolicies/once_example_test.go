package updatepolicies_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// countPolicies prints how many update policies there are.
func countPolicies(ctx context.Context, client *updates.Client) {
	all, err := client.UpdatePolicies().List(nil).Collect(ctx, 100)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("policies:", len(all))
}

// The response to a create is lost, and still there is one policy.
func ExampleClient_CreateOnce() {
	ctx := context.Background()
	service := simulator.New(nil)
	client, audienceID, _ := withDriverOn(ctx, service)
	service.FailNext(1, simulator.Break().AfterEffect(), simulator.Match{Method: "POST", Path: "/updatePolicies"})

	// A program for a tenant passes nil: the service may need the time.
	spec := updatepolicies.ForAudience(audienceID).EnrollingIn(audience.CategoryDriver).Approving(updatepolicies.DriversStartingAfter(7))
	policy, err := client.UpdatePolicies().CreateOnce(ctx, spec, &deployments.CreateOnceOptions{SearchWindow: time.Millisecond})
	if err != nil {
		log.Fatal(err)
	}

	fmt.Println("rules:", len(policy.Rules))
	countPolicies(ctx, client)
	// Output:
	// rules: 1
	// policies: 1
}

// After a lost response, a caller can search itself.
func ExampleClient_FindCreated() {
	ctx := context.Background()
	service := simulator.New(nil)
	client, audienceID, _ := withDriverOn(ctx, service)
	service.FailNext(1, simulator.Break().AfterEffect(), simulator.Match{Method: "POST", Path: "/updatePolicies"})

	spec, before := updatepolicies.ForAudience(audienceID), time.Now().Add(-5*time.Second)
	_, err := client.UpdatePolicies().Create(ctx, spec)
	if errors.Is(err, apierr.ErrUnknownOutcome) {
		_, err = client.UpdatePolicies().FindCreated(ctx, spec, before)
	}
	if err != nil {
		log.Fatal(err)
	}

	countPolicies(ctx, client)
	// Output: policies: 1
}

// The response to an approval is lost, and still there is one, so that none conflicts with
// another.
func ExampleClient_ApproveOnce() {
	ctx := context.Background()
	service := simulator.New(nil)
	client, audienceID, driverID := withDriverOn(ctx, service)
	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(audienceID))
	if err != nil {
		log.Fatal(err)
	}
	service.FailNext(1, simulator.Break().AfterEffect(), simulator.Match{Method: "POST", Path: "/updatePolicies/{}/complianceChanges"})

	// A program for a tenant passes nil: the service may need the time.
	_, err = client.UpdatePolicies().ApproveOnce(ctx, policy.ID, updatepolicies.ForDriver(driverID), &deployments.CreateOnceOptions{SearchWindow: time.Millisecond})
	if err != nil {
		log.Fatal(err)
	}

	printStates(ctx, client, policy.ID)
	// Output: driver: started after 1 approvals, 0 of them too many
}

// After a lost response, a caller can search for the approval itself.
func ExampleClient_FindCreatedApproval() {
	ctx := context.Background()
	service := simulator.New(nil)
	client, audienceID, driverID := withDriverOn(ctx, service)
	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(audienceID))
	if err != nil {
		log.Fatal(err)
	}
	service.FailNext(1, simulator.Break().AfterEffect(), simulator.Match{Method: "POST", Path: "/updatePolicies/{}/complianceChanges"})

	spec, before := updatepolicies.ForDriver(driverID), time.Now().Add(-5*time.Second)
	approval, err := client.UpdatePolicies().Approve(ctx, policy.ID, spec)
	if errors.Is(err, apierr.ErrUnknownOutcome) {
		approval, err = client.UpdatePolicies().FindCreatedApproval(ctx, policy.ID, spec, before)
	}
	if err != nil {
		log.Fatal(err)
	}

	fmt.Println("found:", approval.Content.EntryID == driverID)
	// Output: found: true
}
