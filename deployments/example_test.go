package deployments_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/catalog"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/odata"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// newClient connects to the in-memory simulator. A program for a tenant takes a
// credential from package auth instead.
func newClient() (*updates.Client, *simulator.Server) {
	service := simulator.New(nil)
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		log.Fatal(err)
	}
	return client, service
}

// newDeployment deploys Windows 11, version 24H2, with settings.
func newDeployment(ctx context.Context, client *updates.Client, settings deployments.Settings) *deployments.Deployment {
	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
	if err != nil {
		log.Fatal(err)
	}
	d, err := client.Deployments().Create(ctx, deployments.ForFeature(entry.ID).With(settings))
	if err != nil {
		log.Fatal(err)
	}
	return d
}

// printState reads a deployment and prints where it stands.
func printState(ctx context.Context, client *updates.Client, id string) {
	d, err := client.Deployments().Get(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(d.State.Effective)
	for _, reason := range d.State.Reasons {
		fmt.Print(" because ", reason.Value)
	}
	fmt.Println()
}

// A feature update is offered to 100 devices a week, until 5 % roll it back.
func Example() {
	ctx := context.Background()
	client, service := newClient()
	devices := []string{ // Microsoft Entra device IDs
		"00000000-0000-4000-8000-0000000000d1",
		"00000000-0000-4000-8000-0000000000d2",
	}

	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
	if err != nil {
		log.Fatal(err)
	}
	d, err := client.Deployments().Create(ctx, deployments.ForFeature(entry.ID).With(deployments.Settings{}.
		RollingOut(deployments.ByRate(100, 7)).
		PausingOnRollbacks(5)))
	if err != nil {
		log.Fatal(err)
	}
	if err := client.Devices().Enroll(ctx, audience.CategoryFeature, devices, nil); err != nil {
		log.Fatal(err)
	}
	if err := client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), devices, nil); err != nil {
		log.Fatal(err)
	}

	fmt.Println(d.State.Effective, "to", len(service.Offers(d.ID)), "devices")
	// Output: offering to 2 devices
}

// 100 further devices every 7 days.
func ExampleByRate() {
	ctx := context.Background()
	client, _ := newClient()

	d := newDeployment(ctx, client, deployments.Settings{}.RollingOut(deployments.ByRate(100, 7)))

	if rate, ok := d.Settings.Schedule.Rollout.(*deployments.RateDriven); ok {
		fmt.Println(rate.DevicesPerOffer, "devices every", rate.BetweenOffers)
	}
	// Output: 100 devices every P7D
}

// All devices until a date, with a step every 3 days.
func ExampleByDate() {
	ctx := context.Background()
	client, _ := newClient()
	christmas := time.Date(2032, time.December, 24, 0, 0, 0, 0, time.UTC)

	d := newDeployment(ctx, client, deployments.Settings{}.RollingOut(deployments.ByDate(christmas, 3)))

	if date, ok := d.Settings.Schedule.Rollout.(*deployments.DateDriven); ok {
		fmt.Println("until", date.End.Format(time.DateOnly))
	}
	// Output: until 2032-12-24
}

// All devices within 14 days, with a step each day.
func ExampleByDuration() {
	ctx := context.Background()
	client, _ := newClient()

	d := newDeployment(ctx, client, deployments.Settings{}.RollingOut(deployments.ByDuration(14, 1)))

	if duration, ok := d.Settings.Schedule.Rollout.(*deployments.DurationDriven); ok {
		fmt.Println("within", duration.Length)
	}
	// Output: within P14D
}

// The deployment waits for its start.
func ExampleSettings_StartingAt() {
	ctx := context.Background()
	client, _ := newClient()
	nextWeek := time.Now().AddDate(0, 0, 7)

	d := newDeployment(ctx, client, deployments.Settings{}.StartingAt(nextWeek))

	printState(ctx, client, d.ID)
	// Output: scheduled because scheduledByOfferWindow
}

// The start is moved; the rollout stays.
func ExampleClient_Reschedule() {
	ctx := context.Background()
	client, _ := newClient()
	d := newDeployment(ctx, client, deployments.Settings{}.
		StartingAt(time.Now().AddDate(0, 0, 7)).
		RollingOut(deployments.ByRate(100, 7)))

	if err := client.Deployments().Reschedule(ctx, d.ID, time.Now()); err != nil {
		log.Fatal(err)
	}

	printState(ctx, client, d.ID)
	// Output: offering
}

// A manual pause, and its end.
func ExampleClient_Pause() {
	ctx := context.Background()
	client, _ := newClient()
	d := newDeployment(ctx, client, deployments.Settings{})

	if err := client.Deployments().Pause(ctx, d.ID); err != nil {
		log.Fatal(err)
	}
	printState(ctx, client, d.ID)

	if err := client.Deployments().Resume(ctx, d.ID); err != nil {
		log.Fatal(err)
	}
	printState(ctx, client, d.ID)
	// Output:
	// paused because pausedByRequest
	// offering
}

// A pause by a monitoring rule ends when the rule changes, not by Resume.
func ExampleClient_SetMonitoringRules() {
	ctx := context.Background()
	client, service := newClient()
	d := newDeployment(ctx, client, deployments.Settings{}.PausingOnRollbacks(5))
	rollBackOneOfTen(ctx, client, service, d.ID)
	printState(ctx, client, d.ID)

	err := client.Deployments().Resume(ctx, d.ID)
	if errors.Is(err, deployments.ErrPausedByMonitoring) {
		err = client.Deployments().SetMonitoringRules(ctx, d.ID, deployments.PauseOnRollbacks(20))
	}
	if err != nil {
		log.Fatal(err)
	}

	printState(ctx, client, d.ID)
	// Output:
	// paused because pausedByMonitoring
	// offering
}

// rollBackOneOfTen deploys to ten devices, one of which rolls the update back.
func rollBackOneOfTen(ctx context.Context, client *updates.Client, service *simulator.Server, id string) {
	ids := stub.DeviceIDs(10)
	if err := client.Devices().Enroll(ctx, audience.CategoryFeature, ids, nil); err != nil {
		log.Fatal(err)
	}
	if err := client.Audiences().AddDevices(ctx, audience.OfDeployment(id), ids, nil); err != nil {
		log.Fatal(err)
	}
	if err := service.ReportRollback(id, ids[0]); err != nil {
		log.Fatal(err)
	}
}

// Several changes go out in one request; what is not named stays as it is.
func ExampleClient_Update() {
	ctx := context.Background()
	client, _ := newClient()
	d := newDeployment(ctx, client, deployments.Settings{}.PausingOnRollbacks(5).OfferedAsOptional())

	err := client.Deployments().Update(ctx, d.ID, deployments.Update{
		State:      deployments.RequestPaused,
		Monitoring: odata.Null[deployments.Monitoring](),
	})
	if err != nil {
		log.Fatal(err)
	}

	d, err = client.Deployments().Get(ctx, d.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.State.Effective, "with", len(d.Settings.Monitoring.Rules), "rules")
	fmt.Println("optional:", *d.Settings.UserExperience.OfferAsOptional)
	// Output:
	// paused with 0 rules
	// optional: true
}

// All problems are named at once, before anything is sent.
func ExampleSpec_Validate() {
	spec := deployments.ForFeature("").With(deployments.Settings{}.
		RollingOut(deployments.ByRate(100, 45)).
		PausingOnRollbacks(0))

	fmt.Println(spec.Validate())
	// Output:
	// EntryID must not be empty
	// Settings.Schedule.Rollout.BetweenOffers must be 0 to 30 days (got 45)
	// Settings.Monitoring.Rules[0].Threshold must be 1 to 100 percent (got 0)
}

// newQualityUpdate is the newest update that can be expedited.
func newQualityUpdate(ctx context.Context, client *updates.Client) string {
	recent := catalog.QualityQuery{}.ExpeditableOnly().NewestFirst()
	update, err := client.Catalog().ListQualityUpdates(recent).First(ctx)
	if err != nil {
		log.Fatal(err)
	}
	return update.ID
}

// A security update is installed as soon as possible, and the restart is forced after 2 days.
func ExampleForExpedited() {
	ctx := context.Background()
	client, service := newClient()

	d, err := client.Deployments().Create(ctx, deployments.ForExpedited(newQualityUpdate(ctx, client)).
		With(deployments.Settings{}.RestartingWithin(2)))
	if err != nil {
		log.Fatal(err)
	}
	devices := []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"}
	if err := client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), devices, nil); err != nil {
		log.Fatal(err)
	}

	fmt.Println(d.State.Effective, "to", len(service.Offers(d.ID)), "devices that are not enrolled")
	// Output: offering to 2 devices that are not enrolled
}

// The devices only say whether they could take the update.
func ExampleForReadinessTest() {
	ctx := context.Background()
	client, service := newClient()

	d, err := client.Deployments().Create(ctx, deployments.ForReadinessTest(newQualityUpdate(ctx, client)))
	if err != nil {
		log.Fatal(err)
	}
	devices := []string{"00000000-0000-4000-8000-0000000000d1", "00000000-0000-4000-8000-0000000000d2"}
	if err := client.Audiences().AddDevices(ctx, audience.OfDeployment(d.ID), devices, nil); err != nil {
		log.Fatal(err)
	}

	fmt.Println("readiness test:", d.Settings.Expedite.ReadinessTest)
	fmt.Println("offered to", len(service.Offers(d.ID)), "devices")
	// Output:
	// readiness test: true
	// offered to 0 devices
}

// Devices that are only likely to have a problem are offered the update too.
func ExampleSettings_DisregardingLikelyIssues() {
	ctx := context.Background()
	client, _ := newClient()

	d := newDeployment(ctx, client, deployments.Settings{}.DisregardingLikelyIssues())

	for _, profile := range d.Settings.Applicability.Safeguard.DisabledProfiles {
		fmt.Println("disregarded:", profile.Category)
	}
	// Output: disregarded: likelyIssues
}

// A rule that another program added keeps nothing of ours from being there, and is not
// ours.
func ExampleSettings_EquivalentTo() {
	ours := deployments.Settings{}.RollingOut(deployments.ByRate(100, 7))
	read := ours.PausingOnRollbacks(5) // as Get has them some days later
	fmt.Println(ours.ContainedIn(read), ours.EquivalentTo(read))
	// Output: true false
}

// A spec is stored as JSON and deployed another day.
func ExampleSpec_json() {
	spec := deployments.ForExpedited("entry").With(deployments.Settings{}.RestartingWithin(0))

	text, err := json.Marshal(spec)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))

	var stored deployments.Spec
	if err := json.Unmarshal(text, &stored); err != nil {
		log.Fatal(err)
	}
	fmt.Println(*stored.Settings.UserExperience.DaysUntilForcedReboot, "days until the restart")
	// Output:
	// {"kind":"qualityUpdateCatalogEntry","entryId":"entry","settings":{"userExperience":{"daysUntilForcedReboot":0},"expedite":{"isExpedited":true}}}
	// 0 days until the restart
}

// A deployment that is printed tells what it is, and how it is offered.
func ExampleDeployment_String() {
	d := deployments.Deployment{
		ID:       "d1",
		Content:  deployments.Content{Kind: catalog.KindFeature, EntryID: "e1"},
		State:    deployments.State{Effective: deployments.StatePaused, Requested: deployments.RequestPaused},
		Settings: deployments.Settings{}.RollingOut(deployments.ByRate(100, 7)).PausingOnRollbacks(5),
	}
	fmt.Println(d)
	// Output: deployment d1 of featureUpdate e1; paused, requested paused; 100 devices every 7 days, rollback at 5%: pauseDeployment
}
