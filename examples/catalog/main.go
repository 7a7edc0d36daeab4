// Catalog prints the updates that can be deployed: the feature updates, and the latest quality updates that
// can be expedited. Quality updates have their builds, and the severity of the vulnerabilities that they
// fix. It runs on the simulator.
//
//	go run ./examples/catalog
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func main() {
	service := simulator.New(nil)
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err == nil {
		err = run(context.Background(), client.Catalog(), time.Now(), os.Stdout)
	}
	if err != nil {
		log.Fatal("catalog: ", err)
	}
}

// run prints the updates that can be deployed at a time.
func run(ctx context.Context, c catalog.Client, now time.Time, out io.Writer) error {
	features, err := featureLines(ctx, c, now)
	if err != nil {
		return err
	}
	urgent, err := urgentLines(ctx, c, now)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	if _, err := fmt.Fprintf(table, "%s\n\n%s\n", features, urgent); err != nil {
		return err
	}
	return table.Flush()
}

func featureLines(ctx context.Context, c catalog.Client, now time.Time) (string, error) {
	lines := []string{"FEATURE UPDATE\tBUILD\tRELEASED\tUNTIL"}
	for update, err := range c.ListFeatureUpdates(catalog.FeatureQuery{}.DeployableOn(now).NewestFirst()).All(ctx) {
		if err != nil {
			return "", err
		}
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%s",
			update.Version, update.Build, date(update.Released), date(update.DeployableUntil)))
	}
	return strings.Join(lines, "\n"), nil
}

func urgentLines(ctx context.Context, c catalog.Client, now time.Time) (string, error) {
	lines := []string{"QUALITY UPDATE\tSEVERITY\tRELEASED\tEXPLOITED\tBUILDS (* NEEDS NO RESTART)"}
	newest := catalog.QualityQuery{}.ExpeditableOnly().DeployableOn(now).WithRevisions().NewestFirst().AtMost(3)
	for update, err := range c.ListQualityUpdates(newest).All(ctx) {
		if err != nil {
			return "", err
		}
		lines = append(lines, fmt.Sprintf("%s\t%s\t%s\t%s\t%s", update.ShortName,
			severity(update.Severity), date(update.Released), exploited(update.Severity), builds(update.Revisions)))
	}
	return strings.Join(lines, "\n"), nil
}

func date(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Format(time.DateOnly)
}

func severity(s *catalog.Severity) string {
	switch {
	case s == nil:
		return "-"
	case s.Score == nil:
		return s.Level
	}
	return fmt.Sprintf("%s, %.1f", s.Level, *s.Score)
}

func exploited(s *catalog.Severity) string {
	var numbers []string
	if s != nil {
		for _, cve := range s.Exploited {
			numbers = append(numbers, cve.Number)
		}
	}
	return cmp.Or(strings.Join(numbers, " "), "-")
}

func builds(revisions []catalog.Revision) string {
	var numbers []string
	for _, r := range revisions {
		build := fmt.Sprintf("%d.%d", r.Build.Number, r.Build.Revision)
		if r.Hotpatch {
			build += "*"
		}
		numbers = append(numbers, build)
	}
	return cmp.Or(strings.Join(numbers, " "), "-")
}
