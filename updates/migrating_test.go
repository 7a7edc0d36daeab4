package updates_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/auth"
	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
	"github.com/winupdates/winupdates-go/updates/updatepolicies"
)

// These ten functions are the winupdates-go side of MIGRATING.md.

func connect(tenantID, clientID, secret string) (*updates.Client, error) {
	cred, err := auth.ClientSecret(cloud.USGovernment, tenantID, clientID, secret, nil)
	if err != nil {
		return nil, err
	}
	return updates.NewClient(cred, &updates.Options{Cloud: cloud.USGovernment})
}

func listExpeditable(ctx context.Context, client *updates.Client) ([]string, error) {
	newest := catalog.QualityQuery{}.ExpeditableOnly().NewestFirst().AtMost(3)
	var names []string
	for update, err := range client.Catalog().ListQualityUpdates(newest).All(ctx) {
		if err != nil {
			return nil, err
		}
		names = append(names, update.DisplayName)
	}
	return names, nil
}

func findFeatureUpdate(ctx context.Context, client *updates.Client, version string) (string, error) {
	entry, err := client.Catalog().FindFeatureUpdate(ctx, version)
	if err != nil {
		return "", err
	}
	return entry.ID, nil
}

func deploy(ctx context.Context, client *updates.Client, entryID string) (string, error) {
	d, err := client.Deployments().Create(ctx, deployments.ForFeature(entryID).With(deployments.Settings{}.
		RollingOut(deployments.ByRate(100, 7)).
		PausingOnRollbacks(5)))
	if err != nil {
		return "", err
	}
	return d.ID, nil
}

func pauseAndResume(ctx context.Context, client *updates.Client, id string) error {
	if err := client.Deployments().Pause(ctx, id); err != nil {
		return err
	}
	return client.Deployments().Resume(ctx, id)
}

func addDevices(ctx context.Context, client *updates.Client, deploymentID string, ids []string) error {
	return client.Audiences().AddDevices(ctx, audience.OfDeployment(deploymentID), ids, nil)
}

func enrollAndWait(ctx context.Context, client *updates.Client, ids []string) error {
	if err := client.Devices().Enroll(ctx, audience.CategoryFeature, ids, nil); err != nil {
		return err
	}
	_, err := client.Devices().WaitForEnrollment(ctx, audience.CategoryFeature, ids, audience.StateEnrolled, nil)
	return err
}

func approveDriver(ctx context.Context, client *updates.Client, policyID, entryID string) (string, error) {
	approval, err := client.UpdatePolicies().Approve(ctx, policyID, updatepolicies.ForDriver(entryID))
	if err != nil {
		return "", err
	}
	return approval.ID, nil
}

func listMembers(ctx context.Context, client *updates.Client, audienceID string) ([]string, error) {
	var ids []string
	for member, err := range client.Audiences().ListMembers(audience.ByID(audienceID), nil).All(ctx) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, member.Common().ID)
	}
	return ids, nil
}

func deleteDeployment(ctx context.Context, client *updates.Client, id string) error {
	err := client.Deployments().Delete(ctx, id)
	if errors.Is(err, apierr.ErrNotFound) {
		return nil
	}
	return err
}

// simulated returns a client of the simulator.
func simulated() (context.Context, *updates.Client, *simulator.Server) {
	service := simulator.New(nil)
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		log.Fatal(err)
	}
	return context.Background(), client, service
}

// simulatedDeployment has a deployment of a feature update too.
func simulatedDeployment() (ctx context.Context, client *updates.Client, service *simulator.Server, id string) {
	ctx, client, service = simulated()
	entryID, err := findFeatureUpdate(ctx, client, "Windows 11, version 24H2")
	if err != nil {
		log.Fatal(err)
	}
	if id, err = deploy(ctx, client, entryID); err != nil {
		log.Fatal(err)
	}
	return ctx, client, service, id
}

// thousand are Microsoft Entra device IDs.
func thousand() []string {
	var ids []string
	for n := range 1000 {
		ids = append(ids, fmt.Sprintf("00000000-0000-4000-8000-%012d", n))
	}
	return ids
}

// A client for a tenant in a national cloud.
func Example_connect() {
	client, err := connect("contoso.onmicrosoft.us", "6f4b2f0a-31c5-4a53-9f5c-0c8a4f1d2e3b", "secret")
	fmt.Println(client != nil, err)
	// Output: true <nil>
}

// The newest three updates that can be expedited.
func Example_listExpeditable() {
	ctx, client, _ := simulated()
	names, err := listExpeditable(ctx, client)
	fmt.Println(len(names), err)
	fmt.Println(names[0])
	// Output:
	// 3 <nil>
	// 09/14/2026 - 2026.09 OOB SecurityUpdate for Windows 10 and later
}

// A feature update by its display name.
func Example_findFeatureUpdate() {
	ctx, client, _ := simulated()
	id, err := findFeatureUpdate(ctx, client, "Windows 11, version 24H2")
	fmt.Println(id != "", err)
	_, err = findFeatureUpdate(ctx, client, "Windows 95")
	fmt.Println(errors.Is(err, apierr.ErrNotFound))
	// Output:
	// true <nil>
	// true
}

// 100 devices per week, paused when 5% of them roll back.
func Example_deploy() {
	ctx, client, _, id := simulatedDeployment()
	d, err := client.Deployments().Get(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	if rate, ok := d.Settings.Schedule.Rollout.(*deployments.RateDriven); ok {
		fmt.Println(rate.DevicesPerOffer, "devices every", rate.BetweenOffers)
	}
	for _, rule := range d.Settings.Monitoring.Rules {
		fmt.Println(rule.Action, "at", rule.Threshold, "percent")
	}
	// Output:
	// 100 devices every P7D
	// pauseDeployment at 5 percent
}

// Pause and resume.
func Example_pauseAndResume() {
	ctx, client, _, id := simulatedDeployment()
	fmt.Println(pauseAndResume(ctx, client, id))
	d, err := client.Deployments().Get(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.State.Requested, d.State.Effective)
	// Output:
	// <nil>
	// none offering
}

// A thousand devices go out in requests of 200. Three reads before them show that the deployment has a rollout,
// and that no update policy has its audience, so that no update is offered to all of them immediately.
func Example_addDevices() {
	ctx, client, service, id := simulatedDeployment()
	service.ClearRequests()
	err := addDevices(ctx, client, id, thousand())
	fmt.Println(len(service.Requests()), "requests", err)
	// Output: 8 requests <nil>
}

// Enroll devices, and wait until they are enrolled.
func Example_enrollAndWait() {
	ctx, client, _ := simulated()
	devices := thousand()[:2]
	fmt.Println(enrollAndWait(ctx, client, devices))
	device, err := client.Devices().Get(ctx, devices[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(device.Feature.State)
	// Output:
	// <nil>
	// enrolled
}

// Approve a driver manually.
func Example_approveDriver() {
	ctx, client, service := simulated()
	made, err := client.Audiences().Create(ctx)
	if err != nil {
		log.Fatal(err)
	}
	policy, err := client.UpdatePolicies().Create(ctx, updatepolicies.ForAudience(made.ID))
	if err != nil {
		log.Fatal(err)
	}
	id, err := approveDriver(ctx, client, policy.ID, service.AddDriver("Contoso", "Firmware", "2.0"))
	fmt.Println(id != "", err)
	// Output: true <nil>
}

// All members, whatever the size of the pages.
func Example_listMembers() {
	ctx, client, _, id := simulatedDeployment()
	if err := addDevices(ctx, client, id, thousand()); err != nil {
		log.Fatal(err)
	}
	d, err := client.Deployments().Get(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	ids, err := listMembers(ctx, client, d.Audience.ID)
	fmt.Println(len(ids), err)
	// Output: 1000 <nil>
}

// A deleted deployment is not an error.
func Example_deleteDeployment() {
	ctx, client, service, id := simulatedDeployment()
	fmt.Println(deleteDeployment(ctx, client, id), deleteDeployment(ctx, client, id))

	service.FailNext(1, simulator.HTML(403))
	err := deleteDeployment(ctx, client, id)
	fmt.Println(errors.Is(err, apierr.ErrForbidden))
	if failed, ok := errors.AsType[*apierr.Error](err); ok {
		fmt.Println(failed.Op, failed.Status)
	}
	// Output:
	// <nil> <nil>
	// true
	// deployments.Delete 403
}
