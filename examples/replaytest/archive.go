package main

import (
	"context"
	"fmt"
	"io"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
)

// archive ends the deployments that a monitoring rule has paused, and writes a
// line for each deployment.
func archive(ctx context.Context, client *updates.Client, out io.Writer) error {
	for d, err := range client.Deployments().List(nil).All(ctx) {
		if err != nil {
			return err
		}
		if !d.State.HasReason(deployments.ReasonPausedByMonitoring) {
			fmt.Fprintf(out, "%s is %s\n", d.ID, d.State.Effective)
			continue
		}
		if err := client.Deployments().Archive(ctx, d.ID); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s was paused by monitoring and is archived now\n", d.ID)
	}
	return nil
}
