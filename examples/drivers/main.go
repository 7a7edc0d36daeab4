// Drivers approves the drivers that Microsoft recommends for some devices, one by
// one, and takes one approval back. It says what it does at each step.
//
//	go run ./examples/drivers
//
// It runs on the simulator, which needs to be told what the devices lack. A program
// for a tenant takes a credential from package auth instead, and Microsoft Entra
// device ids of its own. There it takes up to some hours until the service knows which
// drivers the devices need.
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

// tenant is a service that knows three drivers which the devices need.
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

// prepare enrols the devices, puts them into an audience, and makes a policy for it.
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
// device, and lets it be offered only where Microsoft goes on recommending it.
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

// revokeFirst takes back what was approved first.
func revokeFirst(ctx context.Context, client *updates.Client, out io.Writer, policyID string) error {
	states, err := client.UpdatePolicies().EntryStates(ctx, policyID)
	if err != nil {
		return err
	}
	if len(states) == 0 {
		return nil
	}
	fmt.Fprintln(out, "Something is wrong with the first one.")
	return client.UpdatePolicies().RevokeApproval(ctx, policyID, states[0].Approval.ID)
}

// printStates says where each update of the policy stands, and its deployments.
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
			fmt.Fprintf(out, "  %d. %s; its deployment is %s\n", i+1, s.State, d.State.Effective)
		}
	}
	return nil
}
