package catalog_test

import (
	"context"
	"fmt"
	"log"

	"github.com/winupdates/winupdates-go/catalog"
)

// The update that a support article describes.
func ExampleClient_FindByKB() {
	ctx, client := context.Background(), newClient()

	update, err := client.Catalog().FindByKB(ctx, 5066791)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(update.ShortName, "can be expedited:", update.Expeditable)
	// Output: 2025.10 B can be expedited: true
}

// The update that installs a build, and the error for a build that no update installs.
func ExampleClient_FindByBuild() {
	ctx, client := context.Background(), newClient()

	update, err := client.Catalog().FindByBuild(ctx, "26100.6899")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(update.ShortName)
	_, err = client.Catalog().FindByBuild(ctx, "26100.6898")
	fmt.Println(err)
	// Output:
	// 2025.10 B
	// catalog.FindByBuild: not found: none of 24 quality updates installs build 26100.6898; the newest build of 26100 is 26100.9457
}

// The updates that fix vulnerabilities known to be exploited.
func ExampleQualityQuery_ExploitedOnly() {
	ctx, client := context.Background(), newClient()

	exploited := catalog.QualityQuery{}.ExploitedOnly().NewestFirst()
	for update, err := range client.Catalog().ListQualityUpdates(exploited).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(update.ShortName, "fixes", update.Severity.Exploited[0].Number)
	}
	// Output:
	// 2026.09 B fixes CVE-2026-69525
	// 2026.07 B fixes CVE-2026-54114
	// 2026.02 B fixes CVE-2026-21510
	// 2026.01 B fixes CVE-2026-20805
	// 2025.12 B fixes CVE-2025-62221
	// 2025.11 B fixes CVE-2025-62215
	// 2025.10 B fixes CVE-2025-24990
}

// The products of a support article, with the builds that it describes.
func ExampleProductClient_ListByKB() {
	ctx, client := context.Background(), newClient()

	for product, err := range client.Products().ListByKB(5066835).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(product.Name, "becomes", product.Revisions[0].Build)
	}
	// Output:
	// Windows 11, version 24H2 becomes 10.0.26100.6899
	// Windows 11, version 25H2 becomes 10.0.26200.6899
}

// How long the editions of a product are serviced.
func ExampleProductClient_ListEditions() {
	ctx, client := context.Background(), newClient()

	for edition, err := range client.Products().ListEditions("1104", nil).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(edition.Name, "until", edition.EndOfService.Format("January 2006"))
	}
	// Output:
	// Home until October 2026
	// Pro until October 2026
	// Education until October 2027
	// Enterprise until October 2027
}

// The known issues of an update.
func ExampleKnownIssueClient_ListByEntry() {
	ctx, client := context.Background(), newClient()

	update, err := client.Catalog().FindByKB(ctx, 5066835)
	if err != nil {
		log.Fatal(err)
	}
	for issue, err := range client.KnownIssues().ListByEntry(update.ID).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(issue.ID, "is", issue.Status, "by", issue.Resolving.ID)
	}
	// Output: WI1000001 is resolved by KB5070773
}

// The active issues of a product, with the safeguard holds that keep
// updates from affected devices.
func ExampleKnownIssueClient_ListByTimeRange() {
	ctx, client := context.Background(), newClient()

	active := &catalog.TimeRangeOptions{IncludeActive: true}
	for issue, err := range client.KnownIssues().ListByTimeRange("1104", 0, active).All(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(issue.ID, "is", issue.Status, "and has safeguards", issue.SafeguardHoldIDs)
	}
	// Output: WI1000003 is confirmed and has safeguards [56318982]
}

// The update to expedite: the latest security update may be too new for it.
func ExampleClient_FindLatestExpeditable() {
	ctx, client := context.Background(), newClient()

	update, err := client.Catalog().FindLatestExpeditable(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(update, update.Expeditable)
	// Output: 2026.09 OOB, security true
}
