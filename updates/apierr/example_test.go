package apierr_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// Use errors.Is to decide what to do, and the fields for logs and support tickets.
func ExampleError() {
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = client.Deployments().Get(context.Background(), "no-such-deployment")
	fmt.Println(errors.Is(err, apierr.ErrNotFound))
	if failed, ok := errors.AsType[*apierr.Error](err); ok {
		fmt.Println(failed.Op, failed.Status, failed.Attempts)
	}
	// Output:
	// true
	// deployments.Get 404 1
}

// Each invalid value has its own error.
func ExampleFieldError() {
	err := deployments.Settings{}.RollingOut(deployments.ByRate(0, 99)).Validate()
	fmt.Println(err)
	fmt.Println(errors.Is(err, apierr.ErrInvalid))
	// Output:
	// Settings.Schedule.Rollout.BetweenOffers must be 0 to 30 days (got 99)
	// Settings.Schedule.Rollout.DevicesPerOffer must be 1 to 2147483647 (got 0)
	// true
}

func ExampleStatusOf() {
	err := fmt.Errorf("at night: %w", &apierr.Error{Op: "deployments.Get", Status: 503})
	fmt.Println(apierr.StatusOf(err), apierr.StatusOf(nil))
	// Output: 503 0
}
