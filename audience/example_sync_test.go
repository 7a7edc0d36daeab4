package audience_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// often is for the service in memory, which is quick. A program for a tenant leaves
// it out.
func often() audience.PollOptions {
	return audience.PollOptions{InitialInterval: time.Millisecond, MaxInterval: time.Millisecond}
}

// deadline is a context that ends as one with a deadline does.
type deadline struct {
	context.Context
	passed chan struct{}
}

func (d deadline) Done() <-chan struct{} { return d.passed }

func (d deadline) Err() error {
	select {
	case <-d.passed:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// afterTenRequests is at its deadline once the service in memory was asked ten times more, so that a
// slow machine has looked too. A program for a tenant has a context.WithTimeout.
func afterTenRequests(service *simulator.Server) context.Context {
	ctx, enough := deadline{context.Background(), make(chan struct{})}, len(service.Requests())+10
	go func() {
		for range time.Tick(time.Millisecond) {
			if len(service.Requests()) >= enough {
				close(ctx.passed)
				return
			}
		}
	}()
	return ctx
}

// Devices are enrolled, and the program goes on when they are.
func ExampleDeviceClient_WaitForEnrollment() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client, pauses := newClient(), often()
	ids := []string{ // Microsoft Entra device IDs
		"00000000-0000-4000-8000-0000000000d1",
		"00000000-0000-4000-8000-0000000000d2",
	}
	if err := client.Devices().Enroll(ctx, audience.CategoryFeature, ids, nil); err != nil {
		log.Fatal(err)
	}

	report, err := client.Devices().WaitForEnrollment(ctx, audience.CategoryFeature, ids, audience.StateEnrolled, &pauses)
	if err != nil {
		log.Fatal(err) // report.Rest() can be waited for again
	}
	fmt.Println(report)
	// Output: 2 of 2 devices enrolled in feature updates (2 without a policy)
}

// An audience is changed, and the program goes on when the change shows.
func ExampleClient_WaitForMembers() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client, pauses := newClient(), often()
	pilot, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	of, ids := audience.ByID(pilot.ID), []string{"00000000-0000-4000-8000-0000000000d1"}
	if err := client.Audiences().AddDevices(ctx, of, ids, nil); err != nil {
		log.Fatal(err)
	}

	if err := client.Audiences().WaitForMembers(ctx, of, audience.Membership{Members: audience.Devices(ids...)}, &pauses); err != nil {
		log.Fatal(err)
	}
	fmt.Println("the device is a member")
	// Output: the device is a member
}

// An exact wait sees what is too many as well.
func ExampleClient_WaitForExactMembers() {
	ctx, pauses := context.Background(), often()
	client, service := newTenant()
	pilot, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	of := audience.ByID(pilot.ID)
	if err := client.Audiences().AddDevices(ctx, of, []string{"00000000-0000-4000-8000-0000000000d1"}, nil); err != nil {
		log.Fatal(err)
	}

	ctx = afterTenRequests(service)
	err = client.Audiences().WaitForExactMembers(ctx, of, audience.Membership{}, &pauses)
	if failed, ok := errors.AsType[*audience.MembershipError](err); ok {
		fmt.Println("too many:", len(failed.Remaining.RemoveMembers))
	}
	// Output: too many: 1
}

// An audience gets the devices of a list, and loses the others.
func ExampleClient_Sync() {
	ctx, client := context.Background(), newClient()
	pilot, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	of, wanted := audience.ByID(pilot.ID), audience.Devices("00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2")

	report, err := client.Audiences().Sync(ctx, of, wanted, &audience.SyncOptions{Poll: often()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("added:", len(report.Sent.AddMembers), "verified:", report.Verified)

	// By mistake nothing is wanted.
	_, err = client.Audiences().Sync(ctx, of, nil, nil)
	fmt.Println("refused:", errors.Is(err, audience.ErrTooManyRemovals))
	// Output:
	// added: 2 verified: true
	// refused: true
}

// A plan is shown to a person before it is applied.
func ExampleClient_Plan() {
	ctx := context.Background()
	client := newClient()
	pilot, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	of := audience.ByID(pilot.ID)
	if err := client.Audiences().AddDevices(ctx, of, []string{"00000000-0000-4000-8000-0000000000d1"}, nil); err != nil {
		log.Fatal(err)
	}

	wanted := audience.Devices("00000000-0000-4000-8000-0000000000d2", "00000000-0000-4000-8000-0000000000d3")
	plan, err := client.Audiences().Plan(ctx, of, wanted, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d wanted, %d present\n", plan.Desired, plan.Current)
	for m := range plan.Additions() {
		fmt.Println("add:", m.ID)
	}
	for m := range plan.Removals() {
		fmt.Println("remove:", m.ID)
	}

	report, err := client.Audiences().Apply(ctx, plan, &audience.SyncOptions{Poll: often()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("verified:", report.Verified)
	// Output:
	// 2 wanted, 1 present
	// add: 00000000-0000-4000-8000-0000000000d2
	// add: 00000000-0000-4000-8000-0000000000d3
	// remove: 00000000-0000-4000-8000-0000000000d1
	// verified: true
}
