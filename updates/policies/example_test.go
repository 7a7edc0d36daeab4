package policies_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const pilotGroup = "00000000-0000-4000-8000-0000000000e1"

// withPilots connects to the in-memory simulator, which has a group of two devices. A
// program for a tenant takes a credential from package auth instead.
func withPilots() (*updates.Client, *simulator.Server) {
	service := simulator.New(nil)
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	devices := []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"}
	if err := errors.Join(err, service.PutGroup(pilotGroup, devices...)); err != nil {
		log.Fatal(err)
	}
	return client, service
}

// A policy approves monthly security updates three days after their release; a ring
// determines who gets them, and how many days later.
func ExampleClient_Create() {
	ctx := context.Background()
	client, service := withPilots()
	monthly := policies.QualityPolicy("Monthly").DescribedAs("Monthly security updates").
		Approving(policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly))
	policy, err := client.Policies().Create(ctx, monthly)
	if err != nil {
		fmt.Println(err)
		return
	}
	pilot := policies.QualityRing("Pilot").DescribedAs("First devices").
		Including(pilotGroup).DeferredBy(1).OfferingHotpatches()
	ring, err := client.Policies().CreateRing(ctx, policy.ID, pilot)
	if err != nil {
		fmt.Println(err)
		return
	}
	service.Advance(24 * time.Hour)
	for _, offer := range service.RingOffers(ring.Common().ID) {
		fmt.Println(ring.Common().DisplayName, "offered an update to", offer.DeviceID)
	}
	// Output:
	// Pilot offered an update to 00000000-0000-4000-8000-0000000000d1
	// Pilot offered an update to 00000000-0000-4000-8000-0000000000d2
}

// A ring for feature updates offers an update to one part of its devices after another. The
// devices are enrolled, and the update is approved by its catalog entry.
func ExampleFeatureRing() {
	ctx := context.Background()
	client, service := withPilots()
	policy, err := client.Policies().Create(ctx, policies.FeaturePolicy("Windows 11, version 25H2"))
	if err != nil {
		fmt.Println(err)
		return
	}
	spec := policies.FeatureRing("Broad").Including(pilotGroup).DeferredBy(14).OfferingEvery(7).OfferingFor(14)
	ring, err := client.Policies().CreateRing(ctx, policy.ID, spec)
	if err != nil {
		fmt.Println(err)
		return
	}
	update, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 25H2")
	if err != nil {
		fmt.Println(err)
		return
	}
	devices := []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"}
	_, err = client.Policies().Approve(ctx, policy.ID, update.ID)
	err = errors.Join(err, client.Devices().Enroll(ctx, audience.CategoryFeature, devices, nil))
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 3 {
		service.Advance(7 * 24 * time.Hour)
		fmt.Println(len(service.RingOffers(ring.Common().ID)), "of 2 devices")
	}
	// Output:
	// 0 of 2 devices
	// 1 of 2 devices
	// 2 of 2 devices
}

// A policy for drivers approves them by rule. Its rings have no longest deferral.
func ExampleDriverPolicy() {
	fmt.Println(policies.DriverPolicy("Drivers").Approving(policies.DriverDeferredBy(7)))
	fmt.Println(policies.DriverRing("Broad").Including(pilotGroup).DeferredBy(60))
	// Output:
	// driver policy "Drivers"; drivers after 7 days
	// driver ring "Broad", included 1 group, excluded 0 groups, 60 days
}

// A script that runs again creates a ring once, and then changes what differs.
func ExampleClient_EnsureRing() {
	ctx := context.Background()
	client, _ := withPilots()
	policy, err := client.Policies().EnsurePolicy(ctx, policies.QualityPolicy("Monthly"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, days := range []int{7, 7, 10} {
		spec := policies.QualityRing("Broad").Including(pilotGroup).DeferredBy(days)
		ring, err := client.Policies().EnsureRing(ctx, policy.ID, spec)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(ring.Outcome, ring.Differences)
	}
	// Output:
	// created []
	// unchanged []
	// changed [deferralInDays from 7 to 10]
}

// An approval cannot be deleted. To stop offering an update, suspend it.
func ExampleClient_SuspendApproval() {
	ctx := context.Background()
	client, _ := withPilots()
	entry, err := client.Catalog().ListQualityUpdates(catalog.QualityQuery{}.NewestFirst()).First(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	quality := client.Policies()
	policy, err := quality.Create(ctx, policies.QualityPolicy("manual"))
	if err != nil {
		fmt.Println(err)
		return
	}
	approval, err := quality.Approve(ctx, policy.ID, entry.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(approval.Status)
	again, err := quality.Suspend(ctx, policy.ID, entry.ID)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(again.Status, again.ID == approval.ID)
	// Output:
	// approved
	// suspended true
}

// The updates that the devices of a policy need are listed with the devices.
func ExampleClient_AllMatches() {
	ctx := context.Background()
	client, service := withPilots()
	quality := client.Policies()
	policy, err := quality.Create(ctx, policies.QualityPolicy("Monthly"))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = quality.CreateRing(ctx, policy.ID, policies.QualityRing("Pilot").Including(pilotGroup))
	if err != nil {
		fmt.Println(err)
		return
	}
	newest, err := client.Catalog().ListQualityUpdates(catalog.QualityQuery{}.NewestFirst()).First(ctx)
	devices := []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"}
	if err := errors.Join(err, service.MakeApplicable(newest.ID, nil, devices...)); err != nil {
		fmt.Println(err)
		return
	}

	for match, err := range quality.AllMatches(ctx, policy.ID) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(match.Device.DeviceID, "needs", match.Entry.Common().DisplayName)
	}
	// Output:
	// 00000000-0000-4000-8000-0000000000d1 needs 09/14/2026 - 2026.09 OOB SecurityUpdate for Windows 10 and later
	// 00000000-0000-4000-8000-0000000000d2 needs 09/14/2026 - 2026.09 OOB SecurityUpdate for Windows 10 and later
}

// A ring that causes problems is paused; the others continue.
func ExampleClient_PauseRing() {
	ctx := context.Background()
	client, _ := withPilots()
	quality := client.Policies()
	policy, err := quality.Create(ctx, policies.QualityPolicy("Monthly"))
	if err != nil {
		fmt.Println(err)
		return
	}
	ring, err := quality.CreateRing(ctx, policy.ID, policies.QualityRing("Pilot").Including(pilotGroup))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := quality.PauseRing(ctx, policy.ID, ring.Common().ID); err != nil {
		fmt.Println(err)
		return
	}
	ring, err = quality.GetRing(ctx, policy.ID, ring.Common().ID)
	fmt.Println(ring.Common().Paused, err)
	// Output: true <nil>
}

// A spec is checked before anything is sent.
func ExampleQualityRingSpec_Validate() {
	fmt.Println(policies.QualityRing("Pilot").DeferredBy(45).Validate())
	// Output: DeferralDays must be 0 to 30 days (got 45)
}
