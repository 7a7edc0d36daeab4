package main

import (
	"net/http"
	"testing"

	"github.com/microsoft/kiota-abstractions-go/authentication"
	kiotahttp "github.com/microsoft/kiota-http-go"
)

// nothing answers each request that there is nothing.
type nothing struct{}

func (nothing) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusNotFound, Body: http.NoBody, Request: r}, nil
}

func TestTheCallFindsNothing(t *testing.T) {
	adapter, err := kiotahttp.NewNetHttpRequestAdapterWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authentication.AnonymousAuthenticationProvider{}, nil, nil, &http.Client{Transport: nothing{}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := get(t.Context(), adapter, "none"); err == nil {
		t.Fatal("there is no such deployment")
	}
}
