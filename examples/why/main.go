// Why explains why a feature update has not reached three devices: one is not enrolled, one
// is excluded, and one waits for its step of the rollout.
//
//	go run ./examples/why
//
// It runs on the simulator. A program for a tenant takes a credential from package auth
// instead, and asks about its own deployment and devices.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

const (
	notEnrolled = "5d0f7a10-0000-4000-8000-000000000001"
	excluded    = "5d0f7a10-0000-4000-8000-000000000002"
	waiting     = "5d0f7a10-0000-4000-8000-000000000003"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, simulator.New(nil)); err != nil {
		fmt.Fprintln(os.Stderr, "why:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, service *simulator.Server) error {
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	deploymentID, err := deploy(ctx, client)
	if err != nil {
		return err
	}
	for _, deviceID := range []string{notEnrolled, excluded, waiting} {
		why, err := client.Troubleshoot().Explain(ctx, deploymentID, deviceID)
		if err != nil {
			return err
		}
		fmt.Fprintln(out, why)
	}
	return nil
}

// deploy offers an update to one device a week, with two mistakes.
func deploy(ctx context.Context, client *updates.Client) (string, error) {
	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 25H2")
	if err != nil {
		return "", err
	}
	if err := client.Devices().Enroll(ctx, audience.CategoryFeature, []string{excluded, waiting}, nil); err != nil {
		return "", err
	}
	weekly := deployments.Settings{}.RollingOut(deployments.ByRate(1, 7))
	d, err := client.Deployments().Create(ctx, deployments.ForFeature(entry.ID).With(weekly))
	if err != nil {
		return "", err
	}
	return d.ID, client.Audiences().Edit(ctx, audience.OfDeployment(d.ID), audience.Edit{
		AddMembers:    audience.Devices(notEnrolled, excluded, waiting),
		AddExclusions: audience.Devices(excluded),
	}, nil)
}
