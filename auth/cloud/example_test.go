package cloud_test

import (
	"fmt"

	"github.com/winupdates/winupdates-go/auth/cloud"
)

func ExampleCloud_Scope() {
	for _, c := range []cloud.Cloud{cloud.Public, cloud.USGovernmentDoD} {
		fmt.Println(c, c.Scope())
	}
	// Output:
	// Public https://graph.microsoft.com/.default
	// USGovernmentDoD https://dod-graph.microsoft.us/.default
}

func ExampleCloud_Validate() {
	private := cloud.Cloud{Endpoint: "https://graph.example/beta", Authority: "https://login.example"}
	fmt.Println(private.Validate())
	// Output:
	// Endpoint must be https and a host alone, such as https://graph.microsoft.com (got "https://graph.example/beta")
}
