// Command one is a program with one call.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/winupdates/winupdates-go/auth"
	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates"
)

func main() {
	cred, err := auth.ClientSecret(cloud.Public, os.Args[1], os.Args[2], os.Args[3], nil)
	if err != nil {
		log.Fatal(err)
	}
	client, err := updates.NewClient(cred, nil)
	if err != nil {
		log.Fatal(err)
	}
	d, err := client.Deployments().Get(context.Background(), os.Args[4])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.State.Effective)
}
