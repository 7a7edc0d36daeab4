// Rollout deploys a feature update to 250 devices, 100 per week, and stops when a monitoring
// rule pauses it. First it checks its permissions and prints how long the rollout takes.
//
//	go run ./examples/rollout
//
// It runs on the simulator, which simulates weeks and devices. To use a real tenant, replace
// the simulator with a credential of package auth, and use your own Microsoft Entra device
// IDs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, simulator.New(nil)); err != nil {
		fmt.Fprintln(os.Stderr, "rollout:", err)
		os.Exit(1)
	}
}

// rollout is one run.
type rollout struct {
	client  *updates.Client
	world   world
	devices []string
	out     io.Writer
}

func run(ctx context.Context, out io.Writer, service *simulator.Server) error {
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	r := rollout{client, world{service}, devices(250), out}
	if err := r.check(ctx); err != nil {
		return err
	}
	update, err := r.find(ctx)
	if err != nil {
		return err
	}
	settings := deployments.Settings{}.
		StartingAt(nextWeek(service.Now())).
		RollingOut(deployments.ByRate(100, 7)).
		PausingOnRollbacks(5)
	if err := r.plan(settings, service.Now()); err != nil {
		return err
	}
	d, err := r.create(ctx, deployments.ForFeature(update.ID).With(settings))
	if err != nil {
		return err
	}
	return r.watch(ctx, d.ID)
}

// check prints what the credential may do, and ends the program if that is not enough.
func (r rollout) check(ctx context.Context) error {
	report, err := r.client.Check(ctx)
	fmt.Fprintf(r.out, "%v\n\n", report)
	if err != nil {
		return err
	}
	return mayChange(report)
}

// mayChange returns an error for findings that rule a change out, and not for those that say
// only what could not be checked.
func mayChange(report *updates.CheckReport) error {
	for _, finding := range report.Findings {
		switch finding.Kind {
		case updates.FindingReadOnly, updates.FindingNoPermission, updates.FindingNoRole:
			return errors.New(finding.Text)
		}
	}
	return nil
}

// find reads what is to be deployed.
func (r rollout) find(ctx context.Context) (*catalog.FeatureUpdate, error) {
	update, err := r.client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 25H2")
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(r.out, "%s can be deployed until %s.\n", update.Version, update.DeployableUntil.Format(time.DateOnly))
	return update, nil
}

// plan prints how long the rollout takes, before anything is sent.
func (r rollout) plan(settings deployments.Settings, now time.Time) error {
	table, err := settings.Timetable(len(r.devices), now)
	if err != nil {
		return err
	}
	fmt.Fprint(r.out, "\n", table, "\n")
	return nil
}

// create creates one deployment, even if a response is lost, and adds the devices.
func (r rollout) create(ctx context.Context, spec deployments.Spec) (*deployments.Deployment, error) {
	if err := r.client.Devices().Enroll(ctx, audience.CategoryFeature, r.devices, nil); err != nil {
		return nil, err
	}
	d, err := r.client.Deployments().CreateOnce(ctx, spec, nil)
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(r.out, "Deployment %s was created.\n", d.ID)
	return d, r.sync(ctx, d.ID)
}

// sync adds the devices to a deployment, and waits until they are reported. There is a report
// as soon as something was sent, even with an error.
func (r rollout) sync(ctx context.Context, id string) error {
	wanted := audience.Devices(r.devices...)
	report, err := r.client.Audiences().Sync(ctx, audience.OfDeployment(id), wanted, nil)
	if report != nil {
		fmt.Fprintln(r.out, report)
	}
	return err
}

// watch prints each state until the deployment is paused or fails. A deployment has no
// completed state.
func (r rollout) watch(ctx context.Context, id string) error {
	often := &deployments.PollOptions{InitialInterval: time.Millisecond, MaxInterval: time.Millisecond} // nil for a tenant
	for d, err := range r.client.Deployments().Watch(ctx, id, often) {
		if err != nil {
			return err
		}
		fmt.Fprintf(r.out, "The deployment is %s.\n", d.State.Effective)
		if rule, paused := d.PausedByMonitoring(); paused {
			r.stop(rule)
			return nil
		}
		switch {
		case d.State.Effective == deployments.StateFaulted, d.State.Effective == deployments.StateArchived:
			return fmt.Errorf("the deployment %s is %s", id, d.State.Effective)
		}
		if err := r.world.goesOn(d); err != nil {
			return err
		}
	}
	return nil
}

// stop leaves the deployment paused, so that an administrator can investigate.
func (r rollout) stop(rule deployments.MonitoringRule) {
	fmt.Fprintf(r.out, "The update was rolled back on %d%% of the devices or more.\n", rule.Threshold)
	fmt.Fprintln(r.out, "The rollout stays paused until you raise the threshold or remove the rule.")
}

// nextWeek is in seven days, at 06:00 UTC.
func nextWeek(now time.Time) time.Time {
	return now.UTC().Truncate(24*time.Hour).AddDate(0, 0, 7).Add(6 * time.Hour)
}

func devices(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("00000000-0000-4000-8000-%012d", i)
	}
	return ids
}
