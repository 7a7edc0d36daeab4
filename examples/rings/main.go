// Rings offers a monthly security update to pilot devices first, and to all others a week
// later. It prints each step.
//
//	go run ./examples/rings
//
// It also pauses and resumes a ring. At the end it suspends the update, so that a new
// device is not offered it. It uses the simulator, where it creates groups and advances
// the time. To use a tenant, replace the simulator with a credential of package auth, and
// use the IDs of your own Microsoft Entra groups.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// The Microsoft Entra groups of the devices.
const (
	pilots     = "00000000-0000-4000-8000-0000000000e1"
	allDevices = "00000000-0000-4000-8000-0000000000e2"
)

// The Microsoft Entra device IDs: three devices, and one that joins later.
var devices = []string{
	"00000000-0000-4000-8000-0000000000d1",
	"00000000-0000-4000-8000-0000000000d2",
	"00000000-0000-4000-8000-0000000000d3",
	"00000000-0000-4000-8000-0000000000d4",
}

func main() {
	if err := run(context.Background(), os.Stdout, simulator.New(nil)); err != nil {
		fmt.Fprintln(os.Stderr, "rings:", err)
		os.Exit(1)
	}
}

// rings is a run of the program.
type rings struct {
	policies policies.Client
	service  *simulator.Server
	out      io.Writer
	policyID string
	day      int // since the release
}

func run(ctx context.Context, out io.Writer, service *simulator.Server) error {
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	err = errors.Join(service.PutGroup(pilots, devices[0]), service.PutGroup(allDevices, devices[:3]...))
	if err != nil {
		return err
	}
	update, err := publish(ctx, client, service)
	if err != nil {
		return err
	}
	r := &rings{policies: client.Policies(), service: service, out: out}
	if err := r.create(ctx); err != nil {
		return err
	}
	broad, err := r.createRings(ctx)
	if err != nil {
		return err
	}
	if err := r.rollOut(ctx, update, broad); err != nil {
		return err
	}
	return r.suspend(ctx, update)
}

// publish publishes a new security update, and reads it from the catalog.
func publish(ctx context.Context, client *updates.Client, service *simulator.Server) (*catalog.QualityUpdate, error) {
	_, err := service.AddEntry(map[string]any{
		"@odata.type": "#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry", "displayName": "This month's security update",
		"releaseDateTime": service.Now().Format(time.RFC3339), "isExpeditable": true,
		"qualityUpdateClassification": "security", "qualityUpdateCadence": "monthly",
	})
	if err != nil {
		return nil, err
	}
	return client.Catalog().ListQualityUpdates(catalog.QualityQuery{}.NewestFirst()).First(ctx)
}

// create creates the policy. Its rule approves updates after three days.
func (r *rings) create(ctx context.Context) error {
	policy, err := r.policies.Create(ctx, policies.QualityPolicy("Monthly").DescribedAs("Monthly security updates").
		Approving(policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly)))
	if err != nil {
		return err
	}
	r.policyID = policy.ID
	days := policy.Rules[0].Common().DeferralDays
	fmt.Fprintf(r.out, "Policy %q approves security updates %d days after their release.\n", policy.DisplayName, days)
	return nil
}

// createRings creates both rings and returns the one of all other devices.
func (r *rings) createRings(ctx context.Context) (broad *policies.RingBase, err error) {
	for _, spec := range []policies.QualityRingSpec{
		policies.QualityRing("Pilot").DescribedAs("First devices").Including(pilots).OfferingHotpatches(),
		policies.QualityRing("Broad").DescribedAs("All others").Including(allDevices).Excluding(pilots).DeferredBy(7),
	} {
		ring, err := r.policies.CreateRing(ctx, r.policyID, spec)
		if err != nil {
			return nil, err
		}
		broad = ring.Common()
		fmt.Fprintf(r.out, "Ring %q: %d days later than the policy, included: %v, excluded: %v.\n",
			broad.DisplayName, broad.DeferralDays, broad.Included, broad.Excluded)
	}
	return broad, nil
}

// rollOut follows the update through the rings, and pauses the second ring for a time.
func (r *rings) rollOut(ctx context.Context, update *catalog.QualityUpdate, broad *policies.RingBase) error {
	fmt.Fprintf(r.out, "Microsoft releases %q.\n", update.DisplayName)
	if err := r.after(ctx, 4, update); err != nil {
		return err
	}
	fmt.Fprintf(r.out, "Ring %q is paused.\n", broad.DisplayName)
	if err := r.policies.PauseRing(ctx, r.policyID, broad.ID); err != nil {
		return err
	}
	if err := r.after(ctx, 8, update); err != nil {
		return err
	}
	fmt.Fprintf(r.out, "Ring %q is resumed.\n", broad.DisplayName)
	if err := r.policies.ResumeRing(ctx, r.policyID, broad.ID); err != nil {
		return err
	}
	return r.after(ctx, 1, update)
}

// after advances the time, and prints how many devices were offered the update.
func (r *rings) after(ctx context.Context, days int, update *catalog.QualityUpdate) error {
	r.service.Advance(time.Duration(days) * 24 * time.Hour)
	r.day += days
	fmt.Fprintf(r.out, "Day %d\n", r.day)
	for ring, err := range r.policies.ListRings(r.policyID, nil).All(ctx) {
		if err != nil {
			return err
		}
		fmt.Fprintf(r.out, "  %s: offered to %s\n", ring.Common().DisplayName, counted(r.offered(ring.Common(), update)))
	}
	return nil
}

func counted(devices int) string {
	if devices == 1 {
		return "1 device"
	}
	return fmt.Sprintf("%d devices", devices)
}

// offered counts the devices of a ring that were offered the update. Only the simulator
// reports that.
func (r *rings) offered(ring *policies.RingBase, update *catalog.QualityUpdate) int {
	count := 0
	for _, offer := range r.service.RingOffers(ring.ID) {
		if offer.EntryID == update.ID {
			count++
		}
	}
	return count
}

// suspend suspends the update before a new device joins the pilots.
func (r *rings) suspend(ctx context.Context, update *catalog.QualityUpdate) error {
	approval, err := r.policies.Suspend(ctx, r.policyID, update.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(r.out, "The update is %s, and a new device joins the pilots.\n", approval.Status)
	if err := r.service.PutGroup(pilots, devices[0], devices[3]); err != nil {
		return err
	}
	return r.after(ctx, 1, update)
}
