package audience_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/winupdates/winupdates-go/audience"
)

// A report says what became of each device: some are registered later, some never.
func ExampleEnrollmentReport() {
	ctx := context.Background()
	client, service := newTenant()
	ids := []string{ // Microsoft Entra device IDs
		"00000000-0000-4000-8000-0000000000d1",
		"00000000-0000-4000-8000-0000000000d2",
		"00000000-0000-4000-8000-0000000000d3",
	}
	if err := client.Devices().Enroll(ctx, audience.CategoryDriver, ids[:2], nil); err != nil {
		log.Fatal(err)
	}
	if err := client.Devices().Enroll(ctx, audience.CategoryFeature, ids[:1], nil); err != nil {
		log.Fatal(err)
	}
	if err := service.FailRegistration(ids[1], string(audience.ReasonInvalidGlobalDeviceID)); err != nil { // in the service in memory
		log.Fatal(err)
	}

	ctx, pauses := afterTenRequests(service), often()
	report, err := client.Devices().WaitForEnrollment(ctx, audience.CategoryFeature, ids, audience.StateEnrolled, &pauses)
	fmt.Println("in time:", !errors.Is(err, context.DeadlineExceeded))
	fmt.Println("wanted:", report.Want, "in", report.Category)
	for _, device := range report.Devices {
		switch device.Outcome {
		case audience.OutcomeFailed:
			fmt.Println(device.ID, "needs a look:", device.Errors[0].Reason)
		case audience.OutcomePending, audience.OutcomeUnknown:
			fmt.Println(device.ID, "can be waited for again:", device.Outcome)
		default:
			fmt.Println(device.ID, device.State)
		}
	}
	// Output:
	// in time: false
	// wanted: enrolled in feature
	// 00000000-0000-4000-8000-0000000000d1 enrolled
	// 00000000-0000-4000-8000-0000000000d2 needs a look: invalidGlobalDeviceId
	// 00000000-0000-4000-8000-0000000000d3 can be waited for again: unknown
}

// An error says why the wait ended, and what had not arrived by then.
func ExampleMembershipError() {
	ctx := context.Background()
	client, service := newTenant()
	pilot, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if err := service.SetOwnedByIntune(pilot.ID); err != nil { // in the service in memory
		log.Fatal(err)
	}
	of, devices := audience.ByID(pilot.ID), []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"}
	if err := client.Audiences().AddDevices(ctx, of, devices, nil); err != nil {
		log.Fatal(err)
	}

	ctx, pauses := afterTenRequests(service), often()
	err = client.Audiences().WaitForMembers(ctx, of, audience.Membership{Members: audience.Devices(devices...)}, &pauses)
	if failed, ok := errors.AsType[*audience.MembershipError](err); ok {
		fmt.Println("not there:", len(failed.Remaining.AddMembers))
		fmt.Println("out of time:", errors.Is(failed.Err, context.DeadlineExceeded))
	}
	// Output:
	// not there: 2
	// out of time: true
}

// The devices of a wanted group are wanted, and stay as they are.
func ExampleSyncPlan() {
	ctx, client := context.Background(), newClient()
	lab, err := client.Groups().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	pilot, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	wanted := append(audience.Devices("00000000-0000-4000-8000-0000000000d1"), audience.Groups(lab.ID)...)

	plan, err := client.Audiences().Plan(ctx, audience.ByID(pilot.ID), wanted, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("to add:", plan.AdditionCount(), "of them groups:", len(plan.Groups), "nothing to do:", plan.IsEmpty())
	// Output: to add: 2 of them groups: 1 nothing to do: false
}

// A long list goes out in several requests.
func ExampleEnrollOptions() {
	ctx := context.Background()
	client, service := newTenant()
	var ids []string
	for i := range audience.DefaultChunk + 1 {
		ids = append(ids, fmt.Sprintf("00000000-0000-4000-8000-%012d", i))
	}
	if err := client.Devices().Enroll(ctx, audience.CategoryQuality, ids, nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(service.Requests()), "requests")

	service.ClearRequests()
	if err := client.Devices().Enroll(ctx, audience.CategoryQuality, ids, &audience.EnrollOptions{ChunkSize: 50}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(service.Requests()), "requests")
	// Output:
	// 2 requests
	// 5 requests
}
