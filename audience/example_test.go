package audience_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// newTenant connects to the service in memory. A program for a tenant takes a
// credential from package auth instead.
func newTenant() (*updates.Client, *simulator.Server) {
	service := simulator.New(nil)
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		log.Fatal(err)
	}
	return client, service
}

func newClient() *updates.Client {
	client, _ := newTenant()
	return client
}

// Devices are enrolled in feature updates, and one is read back.
func ExampleDeviceClient_Enroll() {
	ctx, client := context.Background(), newClient()
	ids := []string{ // Microsoft Entra device IDs
		"00000000-0000-4000-8000-0000000000d1",
		"00000000-0000-4000-8000-0000000000d2",
	}

	if err := client.Devices().Enroll(ctx, audience.CategoryFeature, ids, nil); err != nil {
		log.Fatal(err)
	}

	device, err := client.Devices().Get(ctx, ids[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("feature updates:", device.Feature.State)
	fmt.Println("drivers:", device.Driver.State)
	// Output:
	// feature updates: enrolled
	// drivers: notEnrolled
}

// A device goes back to where it got its feature updates before.
func ExampleDeviceClient_Unenroll() {
	ctx, client := context.Background(), newClient()
	ids := []string{"00000000-0000-4000-8000-0000000000d1"}
	if err := client.Devices().Enroll(ctx, audience.CategoryFeature, ids, nil); err != nil {
		log.Fatal(err)
	}

	if err := client.Devices().Unenroll(ctx, audience.CategoryFeature, ids, nil); err != nil {
		log.Fatal(err)
	}

	device, err := client.Devices().Get(ctx, ids[0])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(device.Feature.State)
	// Output: notEnrolled
}

// An audience is made on its own, to be shared by deployments.
func ExampleClient_AddDevices() {
	ctx, client := context.Background(), newClient()

	pilot, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	of, ids := audience.ByID(pilot.ID), []string{ // Microsoft Entra device IDs
		"00000000-0000-4000-8000-0000000000d1",
		"00000000-0000-4000-8000-0000000000d2",
		"00000000-0000-4000-8000-0000000000d3",
	}
	if err := client.Audiences().AddDevices(ctx, of, ids, nil); err != nil {
		log.Fatal(err)
	}
	if err := client.Audiences().AddExclusions(ctx, of, ids[2:], nil); err != nil {
		log.Fatal(err)
	}

	excluded, err := client.Audiences().ListExclusions(of, nil).First(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("excluded:", excluded.Common().ID)
	// Output: excluded: 00000000-0000-4000-8000-0000000000d3
}

// Members and exclusions change together.
func ExampleClient_Edit() {
	ctx, client := context.Background(), newClient()
	pilot, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}

	ids := []string{ // Microsoft Entra device IDs
		"00000000-0000-4000-8000-0000000000d1",
		"00000000-0000-4000-8000-0000000000d2",
		"00000000-0000-4000-8000-0000000000d3",
	}
	err = client.Audiences().Edit(ctx, audience.ByID(pilot.ID), audience.Edit{
		AddMembers:    audience.Devices(ids...),
		AddExclusions: audience.Devices(ids[2]),
	}, nil)
	if err != nil {
		log.Fatal(err)
	}

	for member, err := range client.Audiences().ListMembers(audience.ByID(pilot.ID), nil).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(member.Common().ID)
	}
	// Output:
	// 00000000-0000-4000-8000-0000000000d1
	// 00000000-0000-4000-8000-0000000000d2
	// 00000000-0000-4000-8000-0000000000d3
}

// An edit that fails in the middle says what is left to send.
func ExampleEditError() {
	ctx, client := context.Background(), newClient()
	pilot, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	of := audience.ByID(pilot.ID)
	devices := audience.Devices("00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2")
	wanted := append(devices, audience.Groups("no such group")...)

	err = client.Audiences().Edit(ctx, of, audience.Edit{AddMembers: wanted}, &audience.EditOptions{ChunkSize: 2})

	if failed, ok := errors.AsType[*audience.EditError](err); ok {
		fmt.Println("accepted:", failed.Sent.Len())
		fmt.Println("to look at:", failed.Remaining().AddMembers)
	}
	// Output:
	// accepted: 2
	// to look at: [{updatableAssetGroup no such group}]
}

// A group is a member of audiences, and its devices change in one place.
func ExampleGroupClient() {
	ctx, client := context.Background(), newClient()
	lab, err := client.Groups().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	ids := []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"}
	if err := client.Groups().AddDevices(ctx, lab.ID, ids, nil); err != nil {
		log.Fatal(err)
	}
	pilot, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	edit := audience.Edit{AddMembers: audience.Groups(lab.ID)}
	if err := client.Audiences().Edit(ctx, audience.ByID(pilot.ID), edit, nil); err != nil {
		log.Fatal(err)
	}

	for device, err := range client.Groups().ListMembers(lab.ID, nil).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(device.Common().ID)
	}
	// Output:
	// 00000000-0000-4000-8000-0000000000d1
	// 00000000-0000-4000-8000-0000000000d2
}

// Registration errors are on the device: enrolling it was accepted all the same.
func ExampleDeviceClient_List() {
	ctx := context.Background()
	client, service := newTenant()
	ids := []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"}
	if err := client.Devices().Enroll(ctx, audience.CategoryDriver, ids, nil); err != nil {
		log.Fatal(err)
	}
	if err := service.FailRegistration(ids[1], "invalidAzureADJoin"); err != nil { // in the service in memory
		log.Fatal(err)
	}

	for device, err := range client.Devices().List(nil).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(device.ID, "enrolled:", device.Driver.IsEnrolled())
		for _, failure := range device.Errors {
			fmt.Println(" but", failure.Reason)
		}
	}
	// Output:
	// 00000000-0000-4000-8000-0000000000d1 enrolled: true
	// 00000000-0000-4000-8000-0000000000d2 enrolled: true
	//  but invalidAzureADJoin
}

// An audience tells which drivers its devices need.
func ExampleClient_ListApplicableContent() {
	ctx := context.Background()
	client, of := withDrivers()

	needed := client.Audiences().ListApplicableContent(of, &odata.Query{Expand: []string{"catalogEntry"}})
	for content, err := range needed.All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(content.Entry.Common().DisplayName)
	}
	// Output:
	// Contoso - Firmware - 2.0
	// Fabrikam - OtherHardware - 7.1
}

// Each driver comes with each device that needs it.
func ExampleClient_AllMatches() {
	ctx := context.Background()
	client, of := withDrivers()

	for match, err := range client.Audiences().AllMatches(ctx, of) {
		if err != nil {
			log.Fatal(err)
		}
		if match.Device.IsRecommendedBy("Microsoft") {
			fmt.Println(match.Device.DeviceID, "needs", match.Entry.Common().DisplayName)
		}
	}
	// Output:
	// 00000000-0000-4000-8000-0000000000d1 needs Contoso - Firmware - 2.0
}

// withDrivers is an audience of two devices, one of which needs two drivers.
func withDrivers() (*updates.Client, audience.Ref) {
	ctx, ids := context.Background(), []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"}
	client, service := newTenant()
	pilot, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	of := audience.ByID(pilot.ID)
	err = errors.Join(
		service.MakeApplicable(service.AddDriver("Contoso", "Firmware", "2.0"), []string{"microsoft"}, ids[0]),
		service.MakeApplicable(service.AddDriver("Fabrikam", "OtherHardware", "7.1"), nil, ids...),
		client.Devices().Enroll(ctx, audience.CategoryDriver, ids, nil),
		client.Audiences().AddDevices(ctx, of, ids, nil),
	)
	if err != nil {
		log.Fatal(err)
	}
	return client, of
}
