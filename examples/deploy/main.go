// Deploy runs the scenario of the page "Deploy a feature update using Windows Autopatch" and
// prints the result of each step.
//
//	go run ./examples/deploy                runs it on the simulator, in less than a second
//	go run ./examples/deploy -live \
//	    -tenant ID -client ID DEVICE…       prints what it would do on a real tenant
//	go run ./examples/deploy -live -apply -expect N \
//	    -tenant ID -client ID DEVICE…       does it, if there are N devices
//
// On a real tenant it signs you in with a device code. The client is your app registration
// with the delegated permission WindowsUpdates.ReadWrite.All. The devices are Microsoft Entra
// device IDs. The program deletes the deployment at the end. The devices stay enrolled: until
// you unenroll them, they receive only the feature updates that you deploy. For Windows 11,
// see the license terms in the documentation of package deployments.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/winupdates/winupdates-go/auth"
	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "deploy:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("deploy", flag.ExitOnError)
	live := flags.Bool("live", false, "use a real tenant instead of the simulator")
	tenant := flags.String("tenant", "", "tenant ID, with -live")
	client := flags.String("client", "", "client ID of your app registration, with -live")
	apply := flags.Bool("apply", false, "with -live, run the plan instead of printing it")
	expect := flags.Int("expect", 0, "with -apply, the number of devices that you mean")
	version := flags.String("version", "Windows 11, version 25H2", "feature update to deploy")
	optional := flags.Bool("optional", false, "offer the update as optional")
	if err := flags.Parse(args); err != nil {
		return err
	}
	s := &scenario{out: out, version: *version, optional: *optional}
	if err := s.connect(*live, *tenant, *client, flags.Args()); err != nil {
		return err
	}
	if *live && !*apply {
		return s.plan(ctx)
	}
	if err := checkExpected(*live, *apply, *expect, len(s.devices)); err != nil {
		return err
	}
	return s.run(ctx)
}

// checkExpected protects against a list of devices that is longer than you think.
func checkExpected(live, apply bool, expected, devices int) error {
	switch {
	case !live && (apply || expected != 0):
		return errors.New("-apply and -expect require -live")
	case live && expected != devices:
		return fmt.Errorf("-expect is %d, but the number of devices is %d; nothing was sent", expected, devices)
	}
	return nil
}

func (s *scenario) connect(live bool, tenant, client string, devices []string) error {
	switch {
	case live:
		return s.useTenant(tenant, client, devices)
	case len(devices) > 0:
		return fmt.Errorf("device %s requires -live, -tenant, and -client before it", devices[0])
	}
	return s.useSimulator(simulator.New(nil))
}

func (s *scenario) useTenant(tenant, client string, devices []string) error {
	cred, err := auth.DeviceCode(cloud.Public, tenant, client, func(_ context.Context, p auth.DeviceCodePrompt) error {
		_, err := fmt.Fprintln(os.Stderr, p.Message)
		return err
	}, nil)
	if err := errors.Join(checkDevices(devices), err); err != nil {
		return err
	}
	s.tenant, s.devices = realTenant{}, devices
	s.client, err = updates.NewClient(cred, nil)
	return err
}

func checkDevices(devices []string) error {
	if len(devices) == 0 {
		return errors.New("-live requires Microsoft Entra device IDs as arguments")
	}
	return nil
}
