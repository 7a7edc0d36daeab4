package updates_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/winupdates/winupdates-go/auth"
	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// Check the credential before a long task.
func ExampleClient_Check() {
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := client.Check(context.Background())
	report.Expires = time.Time{} // differs from run to run
	fmt.Println(report)
	fmt.Println(err)
	// Output:
	// Endpoint:     https://graph.microsoft.com (Public)
	// Signed in as: application
	// Application:  a0000000-0000-4000-8000-00000000000a
	// Tenant:       a0000000-0000-4000-8000-00000000000b
	// Permissions:  WindowsUpdates.ReadWrite.All
	// Catalog:      can be read
	// <nil>
}

// Programs use the kinds of findings, and people read their texts.
func ExampleClient_Check_findings() {
	sim := simulator.New(nil)
	sim.FailRandomly(1, simulator.Status(403), 1)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, _ := client.Check(context.Background()) // the error is among the findings
	for _, finding := range report.Findings {
		fmt.Println(finding.Kind, report.CanRead)
	}
	// Output: noLicense false
}

// Check your access to a tenant. Set the three variables first.
func ExampleClient_Check_tenant() {
	ctx := context.Background()
	check := func(err error) {
		if err != nil {
			log.Fatal(err)
		}
	}
	// region tenant
	cred, err := auth.ClientSecret(cloud.Public, os.Getenv("TENANT_ID"), os.Getenv("CLIENT_ID"), os.Getenv("CLIENT_SECRET"), nil)
	check(err)
	client, err := updates.NewClient(cred, nil)
	check(err)
	report, err := client.Check(ctx)
	fmt.Println(report)
	check(err)
	// endregion
}
