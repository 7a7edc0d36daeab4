package deployments_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// often is for the in-memory simulator, which is quick. A program for a tenant passes
// nil.
func often() *deployments.PollOptions {
	return &deployments.PollOptions{InitialInterval: time.Millisecond, MaxInterval: time.Millisecond}
}

// A watch tells each change of the state, until its context ends, or the deployment
// does.
func ExampleClient_Watch() {
	ctx := context.Background()
	client, _ := newClient()
	d := newDeployment(ctx, client, deployments.Settings{})

	for seen, err := range client.Deployments().Watch(ctx, d.ID, often()) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(seen.State.Effective)
		if seen.State.Effective == deployments.StatePaused {
			break
		}
		// An administrator pauses the deployment.
		if err := client.Deployments().Pause(ctx, d.ID); err != nil {
			log.Fatal(err)
		}
	}
	// Output:
	// offering
	// paused
}

// The service accepts a change and does it later; WaitForState returns when it shows.
func ExampleClient_WaitForState() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client, _ := newClient()
	d := newDeployment(ctx, client, deployments.Settings{})

	if err := client.Deployments().Pause(ctx, d.ID); err != nil {
		log.Fatal(err)
	}
	d, err := client.Deployments().WaitForState(ctx, d.ID, deployments.StatePaused, often())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.State.Effective, "since", d.State.Requested, "was requested")
	// Output: paused since paused was requested
}

// A wait for a state that can no longer be reached ends early, and says why.
func ExampleWaitError() {
	ctx := context.Background()
	client, _ := newClient()
	d := newDeployment(ctx, client, deployments.Settings{})
	if err := client.Deployments().Archive(ctx, d.ID); err != nil {
		log.Fatal(err)
	}

	_, err := client.Deployments().WaitForState(ctx, d.ID, deployments.StateOffering, often())
	fmt.Println(errors.Is(err, deployments.ErrStateUnreachable))
	if failed, ok := errors.AsType[*deployments.WaitError](err); ok {
		fmt.Println("waited for", failed.Want, "and saw", failed.Last.State.Effective)
		fmt.Println("by request:", failed.Last.State.Requested == deployments.RequestArchived)
		fmt.Println("operation:", opOf(failed.Err))
	}
	// Output:
	// true
	// waited for offering and saw archived
	// by request: true
	// operation: deployments.WaitForState
}

func opOf(err error) string {
	if failed, ok := errors.AsType[*apierr.Error](err); ok {
		return failed.Op
	}
	return "none"
}

// What was deleted is there for some more time.
func ExampleClient_WaitForDeletion() {
	ctx := context.Background()
	client, _ := newClient()
	d := newDeployment(ctx, client, deployments.Settings{})
	if err := client.Deployments().Delete(ctx, d.ID); err != nil {
		log.Fatal(err)
	}
	fmt.Println(client.Deployments().WaitForDeletion(ctx, d.ID, often()))
	// Output: <nil>
}

// The answer to a create is lost, and still there is one deployment.
func ExampleClient_CreateOnce() {
	ctx := context.Background()
	client, service := newClient()
	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
	if err != nil {
		log.Fatal(err)
	}
	service.FailNext(1, simulator.Break().AfterEffect(), simulator.Match{Method: "POST", Path: "/deployments"})

	// A program for a tenant passes nil: the service may need the time.
	d, err := client.Deployments().CreateOnce(ctx, deployments.ForFeature(entry.ID), &deployments.CreateOnceOptions{SearchWindow: time.Millisecond})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.State.Effective)
	// Output: offering
}

// After a lost response a caller can look by itself.
func ExampleClient_FindCreated() {
	ctx := context.Background()
	client, service := newClient()
	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
	if err != nil {
		log.Fatal(err)
	}
	service.FailNext(1, simulator.Break().AfterEffect(), simulator.Match{Method: "POST", Path: "/deployments"})

	spec, before := deployments.ForFeature(entry.ID), time.Now().Add(-5*time.Second)
	d, err := client.Deployments().Create(ctx, spec)
	if errors.Is(err, apierr.ErrUnknownOutcome) {
		d, err = client.Deployments().FindCreated(ctx, spec, before)
	}
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.State.Effective)
	// Output: offering
}

// 100 devices a week are few.
func ExampleSettings_Timetable() {
	start := time.Date(2026, 5, 4, 6, 0, 0, 0, time.UTC)
	settings := deployments.Settings{}.StartingAt(start).RollingOut(deployments.ByRate(100, 7))

	table, err := settings.Timetable(50_000, start)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(table.StepCount, "weeks, until", table.Last().At.Format(time.DateOnly))

	faster, err := settings.RollingOut(deployments.ByRate(10_000, 7)).Timetable(50_000, start)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(faster)
	// Output:
	// 500 weeks, until 2035-11-26
	// 50,000 devices, 10,000 every 7 days: 5 steps from 2026-05-04 to 2026-06-01
	// 2026-05-04  ########                                  10,000   20 %
	// 2026-05-11  ################                          20,000   40 %
	// 2026-05-18  ########################                  30,000   60 %
	// 2026-05-25  ################################          40,000   80 %
	// 2026-06-01  ########################################  50,000  100 %
}

// The steps are computed as they are read.
func ExampleTimetable_Steps() {
	start := time.Date(2026, 5, 4, 6, 0, 0, 0, time.UTC)
	table, err := deployments.Settings{}.RollingOut(deployments.ByDuration(14, 7)).Timetable(1_001, start)
	if err != nil {
		log.Fatal(err)
	}
	for step := range table.Steps() {
		fmt.Println(step.At.Format(time.DateOnly), step.Devices, step.Total)
	}
	fmt.Println("The service chooses how to divide", table.Devices, "devices:", table.Approximate)
	// Output:
	// 2026-05-04 501 501
	// 2026-05-11 500 1001
	// The service chooses how to divide 1001 devices: true
}
