// Command alone is the least program that has the libraries under the SDK and nothing
// of it: it signs in and sends one GET.
package main

import (
	"context"
	"fmt"
	"log"
	"net/url"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	kiotahttp "github.com/microsoft/kiota-http-go"
)

func main() {
	cred, err := azidentity.NewClientSecretCredential(os.Args[1], os.Args[2], os.Args[3], nil)
	if err != nil {
		log.Fatal(err)
	}
	adapter, err := kiotahttp.NewNetHttpRequestAdapter(authentication.NewBaseBearerTokenAuthenticationProvider(tokens{cred}))
	if err != nil {
		log.Fatal(err)
	}
	body, err := get(context.Background(), adapter, os.Args[4])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s\n", body)
}

// tokens gives the adapter the tokens of a credential.
type tokens struct{ cred azcore.TokenCredential }

func (t tokens) GetAuthorizationToken(ctx context.Context, _ *url.URL, _ map[string]any) (string, error) {
	token, err := t.cred.GetToken(ctx, policy.TokenRequestOptions{Scopes: []string{"https://graph.microsoft.com/.default"}})
	return token.Token, err
}

func (tokens) GetAllowedHostsValidator() *authentication.AllowedHostsValidator {
	return &authentication.AllowedHostsValidator{}
}

func get(ctx context.Context, adapter abstractions.RequestAdapter, id string) (any, error) {
	const route = "https://graph.microsoft.com/beta/admin/windows/updates/deployments/{id}"
	params := map[string]string{"id": id}
	request := abstractions.NewRequestInformationWithMethodAndUrlTemplateAndPathParameters(abstractions.GET, route, params)
	return adapter.SendPrimitive(ctx, request, "[]byte", nil)
}
