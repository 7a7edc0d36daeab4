package claims_test

import (
	"fmt"

	"github.com/winupdates/winupdates-go/auth/claims"
)

func ExampleParse() {
	c, err := claims.Parse(token(`{"appid":"f0e1","idtyp":"app","roles":["WindowsUpdates.Read.All"],"exp":1798761600}`))
	if err != nil {
		fmt.Println("no advice:", err)
		return
	}
	fmt.Println(c.ClientID, c.IsApplication(), c.Roles, c.Expires)
	// Output:
	// f0e1 true [WindowsUpdates.Read.All] 2027-01-01 00:00:00 +0000 UTC
}

func ExampleClaims_Missing() {
	c := claims.Claims{IdentityType: "app", Roles: []string{"DeviceManagement.Read.All"}}
	fmt.Println(c.Missing(claims.ReadWriteAll))
	// Output:
	// the token has no application permission WindowsUpdates.ReadWrite.All (granted: DeviceManagement.Read.All); grant it with an administrator's consent, then get a new token (DropToken of the client, or a new credential if that keeps tokens)
}

func ExampleAdvice() {
	fmt.Println(claims.Advice(token(`{"appid":"f0e1","scp":"WindowsUpdates.ReadWrite.All","wids":["b79fbf4d"]}`), claims.ReadWriteAll))
	// Output:
	// the signed-in user is neither Intune Administrator nor Windows Update Deployment Administrator; assign or activate one of these roles, then sign in again
}
