package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

// scenario is one run, on whatever the client is connected to.
type scenario struct {
	client   *updates.Client
	tenant   tenant
	devices  []string
	version  string
	optional bool
	out      io.Writer
}

func (s *scenario) run(ctx context.Context) (err error) {
	s.step("Enroll %d devices in feature updates", len(s.devices))
	if err := s.client.Devices().Enroll(ctx, audience.CategoryFeature, s.devices, nil); err != nil {
		return err
	}
	s.say("accepted; the service usually enrolls them within seconds")

	s.step("List the feature updates that can be deployed")
	entry, err := s.choose(ctx)
	if err != nil {
		return err
	}

	s.step("Create a deployment of %s: 100 devices per week, pause if 5%% roll back", entry.Version)
	d, err := s.client.Deployments().Create(ctx, deployments.ForFeature(entry.ID).With(s.settings()))
	if err != nil {
		return err
	}
	s.say("deployment %s, %s", d.ID, d.State.Effective)
	defer func() { err = errors.Join(err, s.delete(context.WithoutCancel(ctx), d.ID)) }()

	if err := s.addDevices(ctx, d.ID); err != nil {
		return err
	}
	return s.operate(ctx, d.ID)
}

// plan prints what run would do, and changes nothing. It needs no token.
func (s *scenario) plan(ctx context.Context) error {
	_, err := s.client.DryRun(ctx, func(ctx context.Context, c *updates.Client) error {
		return c.Devices().Enroll(ctx, audience.CategoryFeature, s.devices, nil)
	})
	if err != nil {
		return err
	}
	table, err := s.settings().Timetable(len(s.devices), time.Now())
	if err != nil {
		return err
	}
	s.step("Enroll in feature updates (%d): until you unenroll them, they get only those that you deploy", len(s.devices))
	for _, id := range s.devices {
		s.say("%s", id)
	}
	s.step("Deploy %s to them, and pause if 5%% roll back", s.version)
	fmt.Fprintf(s.out, "%v", table)
	s.step("Delete the deployment at the end; devices that were offered the update keep it")
	s.step("Nothing was changed. To run this plan, add -apply -expect %d", len(s.devices))
	return nil
}

// choose prints the feature updates and returns the one to deploy.
func (s *scenario) choose(ctx context.Context) (*catalog.FeatureUpdate, error) {
	table := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for entry, err := range s.client.Catalog().ListFeatureUpdates(catalog.FeatureQuery{DeployableAt: time.Now()}).All(ctx) {
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(table, "  %s\tbuild %s\tuntil %s\n", entry.Version, entry.Build, day(entry.DeployableUntil))
	}
	if err := table.Flush(); err != nil {
		return nil, err
	}
	return s.client.Catalog().FindFeatureUpdate(ctx, s.version)
}

// settings are those of the page. Its text makes the update optional and its request makes
// it required, so this program can do both.
func (s *scenario) settings() deployments.Settings {
	settings := deployments.Settings{}.
		RollingOut(deployments.ByRate(100, 7)).
		PausingOnRollbacks(5)
	if s.optional {
		return settings.OfferedAsOptional()
	}
	return settings.OfferedAsRequired()
}

func (s *scenario) addDevices(ctx context.Context, id string) error {
	members := s.tenant.members(s.devices)
	s.step("Add the devices to its audience")
	if err := s.client.Audiences().AddDevices(ctx, audience.OfDeployment(id), members, nil); err != nil {
		return err
	}
	s.say("accepted; %d devices, of which %d are enrolled and can be offered the update", len(members), len(s.devices))
	return nil
}

// operate does to a deployment what an administrator does in the weeks after.
func (s *scenario) operate(ctx context.Context, id string) error {
	for _, step := range []struct {
		title string
		do    func(context.Context, string) error
		want  deployments.EffectiveState
	}{
		{"Read its state", s.nothing, deployments.StateOffering},
		{"Pause it", s.client.Deployments().Pause, deployments.StatePaused},
		{"Resume it", s.client.Deployments().Resume, deployments.StateOffering},
		{"A week later", s.tenant.aWeekLater, deployments.StateOffering},
		{"6% of the devices roll the update back", s.tenant.rollBack, s.tenant.afterRollback()},
		{"Try to resume it", s.tryToResume, s.tenant.afterRollback()},
		{"Raise the threshold to 10%", s.raiseThreshold, deployments.StateOffering},
	} {
		s.step("%s", step.title)
		if err := step.do(ctx, id); err != nil {
			return err
		}
		if err := s.show(ctx, id, step.want); err != nil {
			return err
		}
	}
	return nil
}

func (s *scenario) nothing(context.Context, string) error { return nil }

func (s *scenario) tryToResume(ctx context.Context, id string) error {
	err := s.client.Deployments().Resume(ctx, id)
	if errors.Is(err, deployments.ErrPausedByMonitoring) {
		s.say("%v", err)
		return nil
	}
	return err
}

func (s *scenario) raiseThreshold(ctx context.Context, id string) error {
	return s.client.Deployments().SetMonitoringRules(ctx, id, deployments.PauseOnRollbacks(10))
}

// show polls the deployment until its state is want, for at most two minutes, and prints it.
func (s *scenario) show(ctx context.Context, id string, want deployments.EffectiveState) error {
	for end := time.Now().Add(2 * time.Minute); ; {
		d, err := s.client.Deployments().Get(ctx, id)
		switch {
		case err != nil:
			return err
		case d.State.Effective == want:
			s.say("%s%s", d.State.Effective, reasons(d.State))
			s.tenant.report(s, id)
			return nil
		case time.Now().After(end):
			return fmt.Errorf("after two minutes the deployment is %s and not %s", d.State.Effective, want)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(5 * time.Second):
		}
	}
}

func (s *scenario) delete(ctx context.Context, id string) error {
	s.step("Delete the deployment")
	err := s.client.Deployments().Delete(ctx, id)
	if err == nil || errors.Is(err, apierr.ErrNotFound) {
		s.say("accepted; devices that were offered the update keep it; all devices stay enrolled until you call Devices().Unenroll")
		return nil
	}
	return err
}

func (s *scenario) step(format string, args ...any) {
	fmt.Fprintf(s.out, "\n• "+format+"\n", args...)
}

func (s *scenario) say(format string, args ...any) {
	fmt.Fprintf(s.out, "  "+format+"\n", args...)
}

func reasons(state deployments.State) string {
	var text strings.Builder
	for _, r := range state.Reasons {
		fmt.Fprintf(&text, " (%s)", r.Value)
	}
	return text.String()
}

func day(t time.Time) string {
	if t.IsZero() {
		return "an unknown date"
	}
	return t.Format(time.DateOnly)
}
