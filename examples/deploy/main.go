// Deploy runs the scenario of the page "Deploy a feature update using Windows
// Autopatch" and says what it sees at each step.
//
//	go run ./examples/deploy                runs it on the simulator, in a moment
//	go run ./examples/deploy -live \
//	    -tenant ID -client ID DEVICE…       runs it on a real tenant
//
// On a real tenant it signs a person in with a device code. The client is an app
// registration of yours with the delegated permission WindowsUpdates.ReadWrite.All;
// the devices are Microsoft Entra device ids. The deployment is deleted at the end.
// Deploying Windows 11 confirms what the documentation of package deployments
// says about its licence.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/winupdates/winupdates-go/auth"
	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates"
)

func main() {
	live := flag.Bool("live", false, "use a real tenant instead of the simulator")
	tenant := flag.String("tenant", "", "tenant id, with -live")
	client := flag.String("client", "", "client id of your app registration, with -live")
	version := flag.String("version", "Windows 11, version 24H2", "feature update to deploy")
	optional := flag.Bool("optional", false, "offer the update as optional")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()

	s := &scenario{out: os.Stdout, version: *version, optional: *optional}
	err := s.useSimulator()
	if *live {
		err = s.useTenant(*tenant, *client, flag.Args())
	}
	if err == nil {
		err = s.run(ctx)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "deploy:", err)
		os.Exit(1)
	}
}

func (s *scenario) useTenant(tenant, client string, devices []string) error {
	if len(devices) == 0 {
		return fmt.Errorf("-live needs the Microsoft Entra device ids to deploy to")
	}
	cred, err := auth.DeviceCode(cloud.Public, tenant, client, func(_ context.Context, p auth.DeviceCodePrompt) error {
		_, err := fmt.Fprintln(os.Stderr, p.Message)
		return err
	})
	if err != nil {
		return err
	}
	s.tenant, s.devices = realTenant{}, devices
	s.client, err = updates.NewClient(cred, nil)
	return err
}
