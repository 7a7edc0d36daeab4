package simulator_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

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
