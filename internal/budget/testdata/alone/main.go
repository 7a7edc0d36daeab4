// Command alone has the libraries under the SDK and nothing of it.
package main

import (
	"fmt"
	"log"
	"os"

	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	kiotahttp "github.com/microsoft/kiota-http-go"
)

func main() {
	cred, err := azidentity.NewClientSecretCredential(os.Args[1], os.Args[2], os.Args[3], nil)
	if err != nil {
		log.Fatal(err)
	}
	adapter, err := kiotahttp.NewNetHttpRequestAdapter(&authentication.AnonymousAuthenticationProvider{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cred, adapter.GetBaseUrl())
}
