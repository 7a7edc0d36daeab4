package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/microsoft/kiota-abstractions-go/authentication"
	kiotahttp "github.com/microsoft/kiota-http-go"
	jsonserialization "github.com/microsoft/kiota-serialization-json-go"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/updates"
)

const (
	host = "https://graph.microsoft.com"
	root = host + "/beta/admin/windows/updates"
)

// newOurs is a client of this SDK on a transport.
func newOurs(transport http.RoundTripper) (*updates.Client, error) {
	return updates.NewClient(credential{}, &updates.Options{Transport: transport})
}

type credential struct{}

func (credential) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: "token", ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// newStock is a client of the generated code with Kiota's own factories, adapter, and handlers. It
// does not authenticate.
func newStock(transport http.RoundTripper) (*graph.Client, error) {
	adapter, err := kiotahttp.NewNetHttpRequestAdapterWithParseNodeFactoryAndSerializationWriterFactoryAndHttpClient(
		&authentication.AnonymousAuthenticationProvider{},
		jsonserialization.NewJsonParseNodeFactory(), jsonserialization.NewJsonSerializationWriterFactory(),
		&http.Client{Transport: kiotahttp.NewCustomTransportWithParentTransport(transport, kiotahttp.GetDefaultMiddlewares()...)})
	if err != nil {
		return nil, err
	}
	adapter.SetBaseUrl(root)
	return graph.NewClient(adapter), nil
}

// plainClient is what a program would write that has only the standard library.
type plainClient struct{ http http.Client }

func newPlainClient(transport http.RoundTripper) *plainClient {
	return &plainClient{http.Client{Transport: transport}}
}

// send marshals in and unmarshals the response into out, unless they are nil.
func (c *plainClient) send(method, url string, in, out any) error {
	req, err := c.request(method, url, in)
	if err != nil {
		return err
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode > 299 {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(text, out)
}

func (c *plainClient) request(method, url string, in any) (*http.Request, error) {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequest(method, url, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer token")
	req.Header.Set("Accept", "application/json")
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return req, nil
}

// answering is a transport with one response.
type answering struct {
	status int
	body   []byte
}

func (a answering) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return nil, err
		}
	}
	return answer(req, a.status, a.body), nil
}

func answer(req *http.Request, status int, body []byte) *http.Response {
	return &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: req,
		Header:        http.Header{"Content-Type": {"application/json"}},
		ContentLength: int64(len(body)), Body: io.NopCloser(bytes.NewReader(body)),
	}
}

// want returns an error if a job did not do what it should.
func want[T comparable](what string, got, due T) error {
	if got != due {
		return fmt.Errorf("%s: %v, not %v", what, got, due)
	}
	return nil
}
