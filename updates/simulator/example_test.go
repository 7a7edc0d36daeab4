package simulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/winupdates/winupdates-go/updates/simulator"
)

func Example() {
	service := simulator.New(nil)
	token, err := service.Credential().GetToken(context.Background(), policy.TokenRequestOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}

	filter := "microsoft.graph.windowsUpdates.featureUpdateCatalogEntry/version eq 'Windows 11, version 24H2'"
	request, err := http.NewRequest(http.MethodGet,
		"https://graph.microsoft.com/beta/admin/windows/updates/catalog/entries?$filter="+url.QueryEscape(filter), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	request.Header.Set("Authorization", "Bearer "+token.Token)

	client := http.Client{Transport: service.Transport()}
	response, err := client.Do(request)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()

	var page struct {
		Value []struct{ Version, BuildNumber string }
	}
	if err := json.NewDecoder(response.Body).Decode(&page); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(response.Status)
	fmt.Println(page.Value[0].Version, "is build", page.Value[0].BuildNumber)
	fmt.Println(service.Requests()[0].Path)
	// Output:
	// 200 OK
	// Windows 11, version 24H2 is build 26100
	// /catalog/entries
}

func ExampleServer_SetQuirks() {
	service := simulator.New(&simulator.Options{Quirks: simulator.Quirks{NullItems: true, EmptyPages: true}})
	fmt.Println(read(service, "/catalog/entries"))

	service.SetQuirks(simulator.Quirks{}) // turns all quirks off
	fmt.Println(read(service, "/catalog/entries"))
	// Output:
	// 200: 0 items, more to come
	// 200: 32 items
}

func ExampleServer_FailNext() {
	service := simulator.New(nil)
	service.FailNext(1, simulator.Throttle().RetryAfter(5*time.Second))
	service.FailNext(1, simulator.Break(), simulator.Match{Method: http.MethodGet, Path: "/catalog"})
	for range 3 {
		fmt.Println(read(service, "/catalog/entries"))
	}
	// Output:
	// 429: try again after 5 seconds
	// simulator: the connection broke: unexpected EOF
	// 200: 32 items
}

// read summarizes the response to a GET of a list.
func read(service *simulator.Server, path string) string {
	token, err := service.Credential().GetToken(context.Background(), policy.TokenRequestOptions{})
	if err != nil {
		return err.Error()
	}
	request, err := http.NewRequest(http.MethodGet, "https://graph.microsoft.com/beta/admin/windows/updates"+path, nil)
	if err != nil {
		return err.Error()
	}
	request.Header.Set("Authorization", "Bearer "+token.Token)
	response, err := service.Transport().RoundTrip(request)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	if seconds := response.Header.Get("Retry-After"); seconds != "" {
		return fmt.Sprintf("%d: try again after %s seconds", response.StatusCode, seconds)
	}
	var page struct {
		Value []any
		Next  string `json:"@odata.nextLink"`
	}
	if err := json.NewDecoder(response.Body).Decode(&page); err != nil {
		return err.Error()
	}
	if page.Next != "" {
		return fmt.Sprintf("%d: %d items, more to come", response.StatusCode, len(page.Value))
	}
	return fmt.Sprintf("%d: %d items", response.StatusCode, len(page.Value))
}

func ExampleServer_RingOffers() {
	service := simulator.New(&simulator.Options{Empty: true})
	devices := []string{ // Microsoft Entra device IDs
		"00000000-0000-4000-8000-0000000000d1",
		"00000000-0000-4000-8000-0000000000d2",
	}
	if err := service.PutGroup("pilots", devices...); err != nil {
		fmt.Println(err)
		return
	}
	policyID := create(service, "/policies", `{"@odata.type": "#microsoft.graph.windowsUpdates.qualityUpdatePolicy",
		"displayName": "Monthly", "description": "Security updates", "approvalRules": [{
			"@odata.type": "#microsoft.graph.windowsUpdates.qualityUpdateApprovalRule",
			"deferralInDays": 3, "cadence": "monthly", "classification": "security"}]}`)
	ringID := create(service, "/policies/"+policyID+"/rings", `{"@odata.type": "#microsoft.graph.windowsUpdates.qualityUpdateRing",
		"displayName": "Pilots", "description": "First devices", "deferralInDays": 2, "isPaused": false,
		"includedGroupAssignment": {"assignments": [{"groupId": "pilots"}]}, "excludedGroupAssignment": {"assignments": []}}`)

	released := service.Now()
	_, err := service.AddEntry(map[string]any{
		"@odata.type": "#microsoft.graph.windowsUpdates.qualityUpdateCatalogEntry", "releaseDateTime": released,
		"qualityUpdateCadence": "monthly", "qualityUpdateClassification": "security",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	service.Advance(30 * 24 * time.Hour)
	for _, offer := range service.RingOffers(ringID) {
		fmt.Printf("%s, %.0f days after the release\n", offer.DeviceID, offer.At.Sub(released).Hours()/24)
	}
	// Output:
	// 00000000-0000-4000-8000-0000000000d1, 5 days after the release
	// 00000000-0000-4000-8000-0000000000d2, 5 days after the release
}

// A device installs an update and goes back.
func ExampleServer_Install() {
	const device = "00000000-0000-4000-8000-0000000000d1" // a Microsoft Entra device ID
	service := simulator.New(&simulator.Options{Start: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)})
	profile, err := service.PutProfile(simulator.Profile{DeviceID: device, Name: "CONTOSO-01", Build: "10.0.26100.8875"})
	if err != nil {
		fmt.Println(err)
		return
	}
	update, err := service.AddEntry(map[string]any{
		"@odata.type": "#microsoft.graph.windowsUpdates.featureUpdateCatalogEntry", "buildNumber": "26200",
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, change := range []func(deviceID, entryID string) error{service.Install, service.Uninstall} {
		if err := change(device, update); err != nil {
			fmt.Println(err)
		}
		fmt.Println(buildOf(service, profile))
	}
	// Output:
	// 10.0.26200.8875
	// 10.0.26100.8875
}

// buildOf reads the build in a device profile.
func buildOf(service *simulator.Server, profileID string) string {
	var profile struct{ OSBuild string }
	if err := send(service, http.MethodGet, "/data/deviceProfiles/"+profileID, "", &profile); err != nil {
		return err.Error()
	}
	return profile.OSBuild
}

// create creates an object and returns its ID.
func create(service *simulator.Server, path, body string) string {
	var made struct{ ID string }
	if err := send(service, http.MethodPost, path, body, &made); err != nil {
		return err.Error()
	}
	return made.ID
}

// send sends a request and reads the response.
func send(service *simulator.Server, method, path, body string, into any) error {
	token, err := service.Credential().GetToken(context.Background(), policy.TokenRequestOptions{})
	if err != nil {
		return err
	}
	const root = "https://graph.microsoft.com/beta/admin/windows/updates"
	request, err := http.NewRequest(method, root+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+token.Token)
	response, err := service.Transport().RoundTrip(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	return json.NewDecoder(response.Body).Decode(into)
}
