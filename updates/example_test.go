package updates_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// This client uses the simulator. For a tenant, get the credential from
// package auth, and pass nil options.
func ExampleNewClient() {
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	entry, err := client.Catalog().FindFeatureUpdate(context.Background(), "Windows 11, version 24H2")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(entry.Version)
	// Output: Windows 11, version 24H2
}

// One error has all problems.
func ExampleNewClient_mistakes() {
	_, err := updates.NewClient(nil, &updates.Options{Endpoint: "http://graph.example", AttemptTimeout: -1})
	fmt.Println(errors.Is(err, apierr.ErrInvalid))
	fmt.Println(err)
	// Output:
	// true
	// updates.NewClient: cred must not be nil; Options.Endpoint must be https, or http to this machine, because the token goes to it (got http://graph.example); Options.AttemptTimeout must not be negative (got -1ns)
}

// Call a route that has no method.
func ExampleClient_Call() {
	ctx := context.Background()
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	var page struct {
		Value []struct{ Version string }
	}
	path := "/catalog/entries?$top=1&$orderby=releaseDateTime%20desc&$filter=isof('microsoft.graph.windowsUpdates.featureUpdateCatalogEntry')"
	if err := client.Call(ctx, http.MethodGet, path, nil, &page); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(page.Value[0].Version)
	// Output: Windows 11, version 26H2
}

// Errors of changes.
func ExampleClient_Deployments() {
	ctx := context.Background()
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Deployments().Create(ctx, deployments.ForFeature("").With(deployments.Settings{}.PausingOnRollbacks(500)))
	fmt.Println(err)

	err = client.Deployments().Pause(ctx, "00000000-0000-4000-8000-000000000000")
	fmt.Println(errors.Is(err, apierr.ErrNotFound), errors.Is(err, apierr.ErrUnknownOutcome))
	// Output:
	// deployments.Create: EntryID must not be empty; Settings.Monitoring.Rules[0].Threshold must be 1 to 100 percent (got 500)
	// true false
}
