package main

import (
	"testing"

	"github.com/microsoft/kiota-abstractions-go/authentication"
	kiotahttp "github.com/microsoft/kiota-http-go"
)

func TestAnAdapterIsMade(t *testing.T) {
	if _, err := kiotahttp.NewNetHttpRequestAdapter(&authentication.AnonymousAuthenticationProvider{}); err != nil {
		t.Fatal(err)
	}
}
