// Hotpatch offers monthly security updates to two devices, without a restart where
// possible. It prints each step.
//
//	go run ./examples/hotpatch
//
// It uses the simulator, where it publishes a security update itself. To use a tenant,
// replace the simulator with a credential of package auth, and use your own Microsoft
// Entra device IDs.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

func main() {
	if err := run(context.Background(), os.Stdout, simulator.New(nil)); err != nil {
		fmt.Fprintln(os.Stderr, "hotpatch:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, service *simulator.Server) error {
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	policy, err := create(ctx, client, out)
	if err != nil {
		return err
	}
	if err := publish(service, out); err != nil {
		return err
	}
	return printApproved(ctx, client, out, policy.ID, service.Now())
}

// create creates an audience of two devices, and a policy that approves security updates
// for it. Their deployments start a week after the approval.
func create(ctx context.Context, client *updates.Client, out io.Writer) (*updatepolicies.Policy, error) {
	devices := []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"}
	made, err := client.Audiences().Create(ctx)
	if err != nil {
		return nil, err
	}
	if err := client.Audiences().AddDevices(ctx, audience.ByID(made.ID), devices, nil); err != nil {
		return nil, err
	}
	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(made.ID).
		EnrollingIn(audience.CategoryQuality).
		Approving(updatepolicies.QualityStartingAfter(7, catalog.ClassificationSecurity, catalog.CadenceMonthly)).
		With(deployments.Settings{}.OfferingHotpatches()))
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "Policy %s offers hotpatches to %d devices.\n", policy.ID, len(devices))
	return policy, nil
}

// publish does what Microsoft does every month.
func publish(service *simulator.Server, out io.Writer) error {
	for _, classification := range []catalog.Classification{catalog.ClassificationSecurity, catalog.ClassificationNonSecurity} {
		_, err := service.AddEntry(map[string]any{
			"@odata.type":                 "#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry",
			"qualityUpdateClassification": string(classification),
			"qualityUpdateCadence":        string(catalog.CadenceMonthly),
		})
		if err != nil {
			return err
		}
		fmt.Fprintln(out, "Microsoft publishes an update:", classification)
	}
	return nil
}

// printApproved prints what the rule has approved, and when it is offered.
func printApproved(ctx context.Context, client *updates.Client, out io.Writer, policyID string, now time.Time) error {
	states, err := client.UpdatePolicies().EntryStates(ctx, policyID)
	if err != nil {
		return err
	}
	for _, s := range states {
		entry, err := client.Catalog().Get(ctx, s.EntryID)
		if err != nil {
			return err
		}
		quality, ok := entry.(*catalog.QualityUpdate)
		if !ok {
			return fmt.Errorf("the rule approved a %s", s.Kind)
		}
		in := s.Start.Sub(now).Round(time.Hour)
		fmt.Fprintf(out, "The rule approved: %s, %s to start in %.0f days\n", quality.Classification, s.State, in.Hours()/24)
	}
	return nil
}
