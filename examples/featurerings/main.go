// Featurerings offers a new version of Windows to pilot devices, and four weeks later, part
// by part, to all others. It prints each step.
//
//	go run ./examples/featurerings
//
// A script like this one can run again: it creates what is missing, and changes what differs.
// It uses the simulator, where it creates groups and advances the time. To use a tenant,
// replace the simulator with a credential of package auth, and use the IDs of your own
// Microsoft Entra groups.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/policies"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// The Microsoft Entra groups of the devices.
const (
	pilots     = "00000000-0000-4000-8000-0000000000e1"
	allDevices = "00000000-0000-4000-8000-0000000000e2"
)

const (
	version = "Windows 11, version 25H2"
	week    = 7 * 24 * time.Hour
)

func main() {
	if err := run(context.Background(), os.Stdout, simulator.New(nil)); err != nil {
		fmt.Fprintln(os.Stderr, "featurerings:", err)
		os.Exit(1)
	}
}

// rings is a run of the program.
type rings struct {
	client   *updates.Client
	service  *simulator.Server
	out      io.Writer
	policyID string
	pilotID  string
	broadID  string
}

func run(ctx context.Context, out io.Writer, service *simulator.Server) error {
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	r := &rings{client: client, service: service, out: out}
	if err := r.enroll(ctx); err != nil {
		return err
	}
	broad := policies.FeatureRing("Broad").Including(allDevices).Excluding(pilots).DeferredBy(28).OfferingEvery(7).OfferingFor(21)
	if err := r.setUp(ctx, broad); err != nil {
		return err
	}
	if err := r.approve(ctx); err != nil {
		return err
	}
	r.wait(4)
	fmt.Fprintln(out, "The pilots have no problems, so the script runs again with a shorter interval.")
	if err := r.setUp(ctx, broad.OfferingEvery(3).OfferingFor(9)); err != nil {
		return err
	}
	r.wait(1)
	return nil
}

// enroll enrolls eight devices for feature updates; two of them are pilots.
func (r *rings) enroll(ctx context.Context) error {
	devices := make([]string, 8)
	for i := range devices {
		devices[i] = fmt.Sprintf("00000000-0000-4000-8000-0000000000d%d", i)
	}
	err := errors.Join(r.service.PutGroup(pilots, devices[:2]...), r.service.PutGroup(allDevices, devices...))
	if err != nil {
		return err
	}
	return r.client.Devices().Enroll(ctx, audience.CategoryFeature, devices, nil)
}

// setUp makes sure that the policy and both rings are as they should be.
func (r *rings) setUp(ctx context.Context, broad policies.RingSpec) error {
	policy, err := r.client.Policies().EnsurePolicy(ctx, policies.FeaturePolicy(version).DescribedAs("Pilots first"))
	if err != nil {
		return err
	}
	r.policyID = policy.ID
	r.report("Policy", policy)
	pilot, err := r.client.Policies().EnsureRing(ctx, policy.ID, policies.FeatureRing("Pilot").Including(pilots))
	if err != nil {
		return err
	}
	r.pilotID = pilot.ID
	r.report("Ring Pilot", pilot)
	ring, err := r.client.Policies().EnsureRing(ctx, policy.ID, broad)
	if err != nil {
		return err
	}
	r.broadID = ring.ID
	r.report("Ring Broad", ring)
	return nil
}

func (r *rings) report(name string, e *policies.Ensured) {
	fmt.Fprintf(r.out, "%s: %s\n", name, e.Outcome)
	for _, difference := range e.Differences {
		fmt.Fprintln(r.out, " ", difference)
	}
}

// approve approves the update by its catalog entry, because feature updates have no rules.
func (r *rings) approve(ctx context.Context) error {
	update, err := r.client.Catalog().FindFeatureUpdate(ctx, version)
	if err != nil {
		return err
	}
	approval, err := r.client.Policies().Approve(ctx, r.policyID, update.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(r.out, "%s is %s.\n", update.DisplayName, approval.Status)
	return nil
}

// wait advances the time week by week, and prints how many devices were offered the update.
// Only the simulator reports that.
func (r *rings) wait(weeks int) {
	for range weeks {
		r.service.Advance(week)
		fmt.Fprintf(r.out, "A week later: offered to %d pilots and %d others\n",
			len(r.service.RingOffers(r.pilotID)), len(r.service.RingOffers(r.broadID)))
	}
}
