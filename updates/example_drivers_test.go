package updates_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// Which drivers are there for one device? Those of its audience that it needs.
func Example_driversOfADevice() {
	const deviceID, other = "5d0f7a10-0000-4000-8000-000000000001", "5d0f7a10-0000-4000-8000-000000000002"
	check := func(err error) {
		if err != nil {
			log.Fatal(err)
		}
	}
	ctx, service := context.Background(), simulator.New(nil)
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	check(err)
	made, err := client.Audiences().Create(ctx)
	check(err)
	audienceID := made.ID
	check(client.Devices().Enroll(ctx, audience.CategoryDriver, []string{deviceID, other}, nil))
	check(client.Audiences().AddDevices(ctx, audience.ByID(audienceID), []string{deviceID, other}, nil))
	check(service.MakeApplicable(service.AddDriver("Contoso", "Firmware", "1.2.3"), []string{"Microsoft"}, deviceID, other))
	check(service.MakeApplicable(service.AddDriver("Contoso", "Display", "4.5.6"), nil, other))

	// region drivers
	for match, err := range client.Audiences().AllMatches(ctx, audience.ByID(audienceID)) {
		check(err)
		if strings.EqualFold(match.Device.DeviceID, deviceID) {
			fmt.Println(match.Entry, "recommended by", match.Device.RecommendedBy)
		}
	}
	// endregion
	// Output: Contoso Firmware 1.2.3, Firmware recommended by [Microsoft]
}
