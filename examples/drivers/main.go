// Drivers approves the drivers that Microsoft recommends for two devices, and revokes one
// of the approvals. It prints each step.
//
//	go run ./examples/drivers
//
// It uses the simulator, and sets there which drivers the devices need. To use a tenant,
// replace the simulator with a credential of package auth, and use your own Microsoft Entra
// device IDs. A tenant may need some hours until it knows what drivers devices need.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

const (
	laptop  = "00000000-0000-4000-8000-0000000000d1"
	desktop = "00000000-0000-4000-8000-0000000000d2"
)

func main() {
	service, err := tenant()
	if err == nil {
		err = run(context.Background(), os.Stdout, service)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "drivers:", err)
		os.Exit(1)
	}
}

// tenant returns a simulator with three drivers that the devices need.
func tenant() (*simulator.Server, error) {
	service := simulator.New(nil)
	firmware := service.AddDriver("Contoso", "Firmware", "2.0")
	network := service.AddDriver("Fabrikam", "Net", "7.1")
	camera := service.AddDriver("Contoso", "Camera", "1.3")
	return service, errors.Join(
		service.MakeApplicable(firmware, []string{"microsoft", "Contoso"}, laptop),
		service.MakeApplicable(network, []string{"Microsoft"}, laptop, desktop),
		service.MakeApplicable(camera, []string{"Contoso"}, desktop),
	)
}

func run(ctx context.Context, out io.Writer, service *simulator.Server) error {
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		return err
	}
	policy, err := prepare(ctx, client, out)
	if err != nil {
		return err
	}
	if err := approveRecommended(ctx, client, out, policy); err != nil {
		return err
	}
	if err := printStates(ctx, client, out, policy.ID); err != nil {
		return err
	}
	if err := revokeFirst(ctx, client, out, policy.ID); err != nil {
		return err
	}
	return printStates(ctx, client, out, policy.ID)
}

// prepare enrolls the devices, adds them to an audience, and creates a policy for it.
func prepare(ctx context.Context, client *updates.Client, out io.Writer) (*updatepolicies.Policy, error) {
	devices := []string{laptop, desktop}
	if err := client.Devices().Enroll(ctx, audience.CategoryDriver, devices, nil); err != nil {
		return nil, err
	}
	made, err := client.Audiences().Create(ctx)
	if err != nil {
		return nil, err
	}
	if err := client.Audiences().AddDevices(ctx, audience.ByID(made.ID), devices, nil); err != nil {
		return nil, err
	}
	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(made.ID).
		With(deployments.Settings{}.RollingOut(deployments.ByRate(100, 1))))
	if err != nil {
		return nil, err
	}
	fmt.Fprintf(out, "Policy %s is for %d devices.\n", policy.ID, len(devices))
	return policy, nil
}

// approveRecommended approves each driver that Microsoft recommends for at least one
// device. A driver is offered only as long as Microsoft recommends it.
func approveRecommended(ctx context.Context, client *updates.Client, out io.Writer, policy *updatepolicies.Policy) error {
	const vendor = "Microsoft"
	settings := deployments.Settings{}.OfferedWhileRecommendedBy(vendor)
	approved := map[string]bool{}
	for match, err := range client.Audiences().AllMatches(ctx, audience.ByID(policy.Audience.ID)) {
		if err != nil {
			return err
		}
		if !match.Device.IsRecommendedBy(vendor) || approved[match.EntryID] {
			continue
		}
		if _, err := client.UpdatePolicies().Approve(ctx, policy.ID, updatepolicies.ForDriver(match.EntryID).With(settings)); err != nil {
			return err
		}
		approved[match.EntryID] = true
		fmt.Fprintln(out, "Approved:", match.Entry.Common().DisplayName)
	}
	return nil
}

// revokeFirst revokes the approval that was created first.
func revokeFirst(ctx context.Context, client *updates.Client, out io.Writer, policyID string) error {
	states, err := client.UpdatePolicies().EntryStates(ctx, policyID)
	if err != nil {
		return err
	}
	if len(states) == 0 {
		return nil
	}
	fmt.Fprintln(out, "The first driver causes problems: revoking its approval.")
	return client.UpdatePolicies().RevokeApproval(ctx, policyID, states[0].Approval.ID)
}

// printStates prints the state of each update of the policy, and those of its deployments.
func printStates(ctx context.Context, client *updates.Client, out io.Writer, policyID string) error {
	states, err := client.UpdatePolicies().EntryStates(ctx, policyID)
	if err != nil {
		return err
	}
	for i, s := range states {
		approval, err := client.UpdatePolicies().GetApproval(ctx, policyID, s.Approval.ID)
		if err != nil {
			return err
		}
		for _, d := range approval.Deployments {
			fmt.Fprintf(out, "  %d. %s, deployment is %s\n", i+1, s.State, d.State.Effective)
		}
	}
	return nil
}
