// Rings offers monthly security updates to pilot devices first and to all others a
// week later, and says what it does at each step. It pauses a ring in between, and
// takes the update back in the end, so that a new device is not offered it.
//
//	go run ./examples/rings
//
// It runs on the simulator, where groups are put together and time is moved on. A
// program for a tenant takes a credential from package auth instead, and ids of
// groups from Microsoft Entra.
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

// The groups of devices in Microsoft Entra.
const (
	pilots    = "00000000-0000-4000-8000-0000000000e1"
	everybody = "00000000-0000-4000-8000-0000000000e2"
)

// The Microsoft Entra device IDs: three devices, and one that comes later.
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

// rings is the program at work.
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
	err = errors.Join(service.PutGroup(pilots, devices[0]), service.PutGroup(everybody, devices[:3]...))
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
	return r.takeBack(ctx, update)
}

// publish lets a new security update appear, and reads it from the catalog.
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

// create makes the policy, whose rule approves updates after three days.
func (r *rings) create(ctx context.Context) error {
	policy, err := r.policies.Create(ctx, policies.Spec{DisplayName: "Monthly", Description: "Monthly security updates"}.
		Approving(policies.QualityDeferredBy(3, catalog.ClassificationSecurity, catalog.CadenceMonthly)))
	if err != nil {
		return err
	}
	r.policyID = policy.ID
	days := policy.Rules[0].Common().DeferralDays
	fmt.Fprintf(r.out, "Policy %q approves security updates %d days after their release.\n", policy.DisplayName, days)
	return nil
}

// createRings makes a ring for the pilots and returns the other one.
func (r *rings) createRings(ctx context.Context) (broad *policies.Ring, err error) {
	for _, spec := range []policies.RingSpec{
		policies.RingSpec{DisplayName: "Pilot", Description: "First devices"}.Including(pilots).WithHotpatch(),
		policies.RingSpec{DisplayName: "Broad", Description: "All others"}.Including(everybody).Excluding(pilots).DeferredBy(7),
	} {
		if broad, err = r.policies.CreateRing(ctx, r.policyID, spec); err != nil {
			return nil, err
		}
		fmt.Fprintf(r.out, "Ring %q: %d days later than the policy, hotpatch %t, groups in: %d, out: %d.\n",
			broad.DisplayName, broad.DeferralDays, broad.Hotpatch, len(broad.Included.IDs()), len(broad.Excluded.IDs()))
	}
	return broad, nil
}

// rollOut follows the update through the rings, with a pause of the second one.
func (r *rings) rollOut(ctx context.Context, update *catalog.QualityUpdate, broad *policies.Ring) error {
	fmt.Fprintf(r.out, "%q is released.\n", update.DisplayName)
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
	fmt.Fprintf(r.out, "Ring %q goes on.\n", broad.DisplayName)
	if err := r.policies.ResumeRing(ctx, r.policyID, broad.ID); err != nil {
		return err
	}
	return r.after(ctx, 1, update)
}

// after lets days pass and says how many devices were offered the update.
func (r *rings) after(ctx context.Context, days int, update *catalog.QualityUpdate) error {
	r.service.Advance(time.Duration(days) * 24 * time.Hour)
	r.day += days
	fmt.Fprintf(r.out, "Day %d\n", r.day)
	for ring, err := range r.policies.ListRings(r.policyID, nil).All(ctx) {
		if err != nil {
			return err
		}
		fmt.Fprintf(r.out, "  %s: devices that were offered it: %d\n", ring.DisplayName, r.offered(ring, update))
	}
	return nil
}

// offered counts the devices of a ring that were offered the update. The simulator
// tells; the service itself does not.
func (r *rings) offered(ring *policies.Ring, update *catalog.QualityUpdate) int {
	count := 0
	for _, offer := range r.service.RingOffers(ring.ID) {
		if offer.EntryID == update.ID {
			count++
		}
	}
	return count
}

// takeBack suspends the update, which a rule has approved, before a new pilot comes.
func (r *rings) takeBack(ctx context.Context, update *catalog.QualityUpdate) error {
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
