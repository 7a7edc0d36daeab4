package main

import (
	"testing"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

func TestTheCallFindsNothingInAnEmptyTenant(t *testing.T) {
	service := simulator.New(nil)
	client, err := updates.NewClient(service.Credential(), &updates.Options{Transport: service.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Deployments().Get(t.Context(), "none"); err == nil {
		t.Fatal("there is no such deployment")
	}
}
