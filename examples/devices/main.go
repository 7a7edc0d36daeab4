// Devices answers three questions about the devices of a tenant: which devices have these names, which
// builds are installed, and which devices can take hotpatch updates.
//
//	go run ./examples/devices
//	go run ./examples/devices contoso-01 contoso-03
//
// It runs on the simulator. To use a real tenant, replace the simulator with a credential of package auth.
// Several profiles of one device count as one device.
package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/reports"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func main() {
	names := os.Args[1:]
	if len(names) == 0 {
		names = []string{"contoso-01", "CONTOSO-03", "contoso-07"}
	}
	if err := run(context.Background(), os.Stdout, names); err != nil {
		fmt.Fprintln(os.Stderr, "devices:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, names []string) error {
	service, err := tenant()
	if err != nil {
		return err
	}
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	if err := printNames(ctx, out, client.Reports(), names); err != nil {
		return err
	}
	return printBuilds(ctx, out, client.Reports())
}

// tenant returns a simulator with the profiles of some devices.
func tenant() (*simulator.Server, error) {
	service := simulator.New(nil)
	for _, profile := range simulator.SampleProfiles() {
		if _, err := service.PutProfile(profile); err != nil {
			return nil, err
		}
	}
	return service, nil
}

// printNames prints the devices of each name, and what may be done with the list of names.
func printNames(ctx context.Context, out io.Writer, c reports.Client, names []string) error {
	found, err := c.ResolveNames(ctx, names...)
	if err != nil {
		return err
	}
	for _, name := range found.Names {
		fmt.Fprintln(out, name)
	}
	fmt.Fprint(out, "\nTo offer them an update: ")
	printIDs(out, found.ForMembers)
	fmt.Fprint(out, "To exclude them: ")
	printIDs(out, found.ForExclusions)
	return nil
}

func printIDs(out io.Writer, ids func() ([]string, error)) {
	list, err := ids()
	if err != nil {
		fmt.Fprintln(out, "no, because", err)
		return
	}
	fmt.Fprintln(out, strings.Join(list, ", "))
}

// row counts the devices with one build.
type row struct {
	build    string
	devices  map[string]bool // by device ID
	hotpatch map[string]bool // those that can take hotpatch updates
	models   map[string]bool
}

// printBuilds prints how many devices have each build.
func printBuilds(ctx context.Context, out io.Writer, c reports.Client) error {
	rows, err := readBuilds(ctx, c)
	if err != nil {
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "\nBUILD\tDEVICES\tHOTPATCH\tMODELS")
	for _, r := range rows {
		models := strings.Join(slices.Sorted(maps.Keys(r.models)), ", ")
		fmt.Fprintf(table, "%s\t%d\t%d\t%s\n", r.build, len(r.devices), len(r.hotpatch), cmp.Or(models, "-"))
	}
	return table.Flush()
}

func readBuilds(ctx context.Context, c reports.Client) ([]*row, error) {
	byBuild := map[string]*row{}
	for profile, err := range c.ListProfiles(nil).All(ctx) {
		if err != nil {
			return nil, err
		}
		build := cmp.Or(profile.Build, "unknown")
		if byBuild[build] == nil {
			byBuild[build] = &row{build, map[string]bool{}, map[string]bool{}, map[string]bool{}}
		}
		byBuild[build].add(profile)
	}
	return slices.SortedFunc(maps.Values(byBuild), compare), nil
}

func (r *row) add(p *reports.Profile) {
	id := strings.ToLower(cmp.Or(p.DeviceID, p.ID)) // without a device ID each profile counts
	r.devices[id] = true
	if p.Hotpatch == reports.HotpatchReady {
		r.hotpatch[id] = true
	}
	if p.Model != "" {
		r.models[p.Model] = true
	}
}

// compare puts the highest build first, and unreadable ones last.
func compare(a, b *row) int {
	buildA, revisionA, _ := (&reports.Profile{Build: a.build}).OSBuild()
	buildB, revisionB, _ := (&reports.Profile{Build: b.build}).OSBuild()
	return cmp.Or(cmp.Compare(buildB, buildA), cmp.Compare(revisionB, revisionA), cmp.Compare(a.build, b.build))
}
