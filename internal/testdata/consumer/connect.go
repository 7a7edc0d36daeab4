package main

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/updates"
)

// tool is the program at work.
type tool struct {
	client *updates.Client
	sent   *counter
}

// connect signs in with a credential and sends through a transport; nil is the
// default one.
func connect(cred azcore.TokenCredential, through http.RoundTripper, logger *slog.Logger) (*tool, error) {
	sent := &counter{next: cmp.Or(through, http.DefaultTransport)}
	client, err := updates.NewClient(cred, &updates.Options{
		Cloud:          cloud.Public,
		Transport:      sent,
		Retry:          updates.RetryOptions{MaxAttempts: 3, MaxRetryAfter: time.Minute},
		AttemptTimeout: 30 * time.Second,
		UserAgent:      "rollout/1.0",
		Logger:         logger,
	})
	if err != nil {
		return nil, err
	}
	return &tool{client: client, sent: sent}, nil
}

// variable is a credential that takes a token from the environment.
type variable struct {
	name string
}

// GetToken implements [azcore.TokenCredential].
func (v *variable) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	token := os.Getenv(v.name)
	if token == "" {
		return azcore.AccessToken{}, fmt.Errorf("%s is not set", v.name)
	}
	return azcore.AccessToken{Token: token, ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// counter is a transport that counts what it sends.
type counter struct {
	next  http.RoundTripper
	count atomic.Int64
}

// RoundTrip implements [http.RoundTripper].
func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.count.Add(1)
	return c.next.RoundTrip(r)
}
