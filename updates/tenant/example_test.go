package tenant_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/tenant"
)

// newClient connects to the in-memory simulator. A program for a tenant takes a
// credential from package auth instead.
func newClient() *updates.Client {
	service := simulator.New(nil)
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		log.Fatal(err)
	}
	return client
}

// A setting that was never saved has its default.
func ExampleClient_UpdateSettings() {
	ctx, client := context.Background(), newClient().Tenant()
	if err := client.UpdateSettings(ctx, tenant.SettingsUpdate{DataProcessor: odata.Set(true)}); err != nil {
		fmt.Println(err)
		return
	}
	settings, err := client.GetSettings(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(settings.DataProcessor)
	// Output: true
}

// Reports go to a Log Analytics workspace, which can be connected once.
func ExampleClient_CreateConnection() {
	ctx, client := context.Background(), newClient().Tenant()
	workspace := tenant.LogAnalyticsWorkspace{
		Subscription:  "00000000-0000-4000-8000-0000000000b1",
		ResourceGroup: "updates",
		Workspace:     "reports",
	}
	for range 2 {
		connection, err := client.CreateConnection(ctx, workspace)
		switch {
		case errors.Is(err, apierr.ErrConflict):
			fmt.Println("the workspace is connected already")
		case err != nil:
			fmt.Println(err)
		default:
			fmt.Println(connection.Workspace, "is", connection.State)
		}
	}
	// Output:
	// reports is connected
	// the workspace is connected already
}

// Hotpatches are turned on for the devices of one device management app, here Intune.
func ExampleClient_CreateMDMApp() {
	ctx, client := context.Background(), newClient().Tenant()
	_, err := client.CreateMDMApp(ctx, tenant.MDMApp{ID: "0000000a-0000-0000-c000-000000000000", Hotpatch: new(true)})
	if err != nil {
		fmt.Println(err)
		return
	}
	for app, err := range client.ListMDMApps(nil).All(ctx) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(app)
	}
	// Output: MDM app 0000000a-0000-0000-c000-000000000000: hotpatches on
}
