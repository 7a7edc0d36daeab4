package catalog_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// newClient connects to the in-memory simulator. A program for a tenant uses a
// credential from package auth instead.
func newClient() *updates.Client {
	service := simulator.New(nil)
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		log.Fatal(err)
	}
	return client
}

// The feature updates that can be deployed today.
func ExampleClient_ListFeatureUpdates() {
	ctx, client := context.Background(), newClient()

	deployable := catalog.FeatureQuery{}.DeployableOn(time.Now())
	for update, err := range client.Catalog().ListFeatureUpdates(deployable).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(update.Version, "is build", update.Build)
	}
	// Output:
	// Windows 11, version 26H2 is build 26300
	// Windows 11, version 26H1 is build 28000
	// Windows 11, version 25H2 is build 26200
	// Windows 11, version 24H2 is build 26100
	// Windows 11, version 23H2 is build 22631
	// Windows 11, version 22H2 is build 22621
	// Windows 10, version 22H2 is build 19045
}

func ExampleClient_FindFeatureUpdate() {
	ctx, client := context.Background(), newClient()

	update, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(update.DisplayName, "can be deployed until", update.DeployableUntil.Format(time.DateOnly))
	// Output: Windows 11, version 24H2 can be deployed until 2033-10-11
}

// The latest feature update that can be deployed today.
func ExampleFeatureQuery_NewestFirst() {
	ctx, client := context.Background(), newClient()

	newest := catalog.FeatureQuery{}.DeployableOn(time.Now()).NewestFirst()
	update, err := client.Catalog().ListFeatureUpdates(newest).First(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(update.Version)
	// Output: Windows 11, version 26H2
}

// The latest quality update that can be expedited, with the builds that it installs.
func ExampleClient_ListQualityUpdates() {
	ctx, client := context.Background(), newClient()

	newest := catalog.QualityQuery{}.ExpeditableOnly().WithRevisions().NewestFirst()
	update, err := client.Catalog().ListQualityUpdates(newest).First(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(update.ShortName, "is", update.Severity.Level)
	for _, revision := range update.Revisions {
		fmt.Println(revision.Version, "becomes", revision.ID)
	}
	// Output:
	// 2026.09 OOB is important
	// 26H2 becomes 10.0.26300.9457
	// 25H2 becomes 10.0.26200.9457
	// 24H2 becomes 10.0.26100.9457
	// 26H1 becomes 10.0.28000.2956
}

// An invalid query is not sent.
func ExampleQualityQuery_Validate() {
	fmt.Println(catalog.QualityQuery{}.OfBuild("KB5044284").Validate())
	// Output: QualityQuery.Build must be a build such as 26100.2033 or 26100 (got "KB5044284")
}

// An entry that was stored as JSON is read into the struct of its kind.
func ExampleUnmarshalEntry() {
	entry, err := catalog.UnmarshalEntry([]byte(`{"id":"7f4cee4c","kind":"featureUpdateCatalogEntry","buildNumber":"26100"}`))
	if err != nil {
		log.Fatal(err)
	}
	if update, ok := entry.(*catalog.FeatureUpdate); ok {
		fmt.Println("build", update.Build)
	}
	// Output: build 26100
}

// Use a type switch to distinguish the kinds of entries.
func ExampleClient_List() {
	ctx, client := context.Background(), newClient()

	kinds := map[string]int{}
	for entry, err := range client.Catalog().List(nil).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		switch entry := entry.(type) {
		case *catalog.FeatureUpdate:
			kinds["feature"]++
		case *catalog.QualityUpdate:
			kinds["quality"]++
		default:
			kinds[string(entry.Common().Kind)]++
		}
	}
	fmt.Println(kinds["feature"], "feature updates,", kinds["quality"], "quality updates")
	// Output: 8 feature updates, 24 quality updates
}
