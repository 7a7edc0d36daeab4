package reports_test

import (
	"context"
	"fmt"
	"log"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/reports"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	laptop  = "00000000-0000-4000-8000-0000000000d1"
	desktop = "00000000-0000-4000-8000-0000000000d2"
)

// newClient connects to the in-memory simulator, which has two devices and one driver. A program for a tenant takes
// a credential from package auth instead.
func newClient() (reports.Client, string) {
	service := simulator.New(nil)
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		log.Fatal(err)
	}
	for _, profile := range []simulator.Profile{
		{DeviceID: laptop, Name: "LAPTOP-7", Model: "Surface Laptop 7", Build: "10.0.26200.7171", HotpatchReadiness: "ready"},
		{DeviceID: desktop, Name: "DESKTOP-1234", Model: "OptiPlex 7010", Build: "10.0.22631.6199"},
	} {
		if _, err := service.PutProfile(profile); err != nil {
			log.Fatal(err)
		}
	}
	driver := service.AddDriver("Contoso", "Display", "31.0.101.5590")
	if err := service.MakeApplicable(driver, []string{"Contoso"}, laptop, desktop); err != nil {
		log.Fatal(err)
	}
	if err := service.Install(laptop, driver); err != nil {
		log.Fatal(err)
	}
	offerDrivers(client, service)
	return client.Reports(), driver
}

// offerDrivers creates a policy for drivers, with a ring that has both devices.
func offerDrivers(client *updates.Client, service *simulator.Server) {
	const group = "00000000-0000-4000-8000-0000000000e1"
	if err := service.PutGroup(group, laptop, desktop); err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	if err := client.Devices().Enroll(ctx, audience.CategoryDriver, []string{laptop, desktop}, nil); err != nil {
		log.Fatal(err)
	}
	policy, err := client.Policies().Create(ctx, policies.DriverPolicy("Drivers"))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := client.Policies().CreateRing(ctx, policy.ID, policies.DriverRing("All").Including(group)); err != nil {
		log.Fatal(err)
	}
}

func ExampleClient_ListProfiles() {
	c, _ := newClient()
	for profile, err := range c.ListProfiles(&odata.Query{Filter: "hotpatchReadiness eq 'ready'"}).All(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(profile)
	}
	// Output:
	// LAPTOP-7, device 00000000-0000-4000-8000-0000000000d1, Surface Laptop 7, build 10.0.26200.7171, hotpatch ready
}

// Names that are not exactly one device each give no IDs.
func ExampleClient_ResolveNames() {
	ctx := context.Background()
	c, _ := newClient()
	found, err := c.ResolveNames(ctx, "desktop-1234", "laptop-7")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found.ForMembers())

	found, err = c.ResolveNames(ctx, "desktop-1234", "laptop-8")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(found.ForMembers())
	// Output:
	// [00000000-0000-4000-8000-0000000000d2 00000000-0000-4000-8000-0000000000d1] <nil>
	// [] 1 of 2 names cannot be used; without a device profile: "laptop-8"; GET /devices?$filter=displayName eq 'NAME' of Microsoft Graph returns the deviceId of a device without a profile
}

func ExampleClient_ListDriverStatuses() {
	c, driver := newClient()
	for status, err := range c.ListDriverStatuses(driver, nil).All(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(status)
	}
	// Output:
	// device 00000000-0000-4000-8000-0000000000d1, installed
}

func ExampleClient_ListSummaries() {
	c, driver := newClient()
	for summary, err := range c.ListSummaries(nil).All(context.Background()) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("the new driver:", summary.EntryID == driver, "- devices that need it:", *summary.DeviceCount)
	}
	// Output:
	// the new driver: true - devices that need it: 1
}
