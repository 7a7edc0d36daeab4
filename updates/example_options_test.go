package updates_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"

	"github.com/winupdates/winupdates-go/audience"
	"github.com/winupdates/winupdates-go/auth/cloud"
	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/apierr"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// National clouds have their own endpoint and sign-in. Credentials of package auth
// take the same value.
func ExampleNewClient_nationalCloud() {
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Cloud: cloud.USGovernment, Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	report, err := client.Check(context.Background())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Endpoint, "in", report.Cloud, "as", report.SignedInAs == updates.SignedInAsApplication)
	// Output: https://graph.microsoft.us in USGovernment as true
}

// A list that is longer than you mean is refused before anything is sent. A number, not a yes, allows it.
func ExampleLimits() {
	ctx, sim := context.Background(), simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{
		Transport: sim.Transport(),
		Limits: updates.Limits{
			Enrollments: 2, Unenrollments: 50, ImmediateOffers: updates.NoLimit,
			Protected: []string{"0f0f0f0f-0000-4000-8000-00000000000f"}, // the device of the signal box
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	devices := []string{
		"0f0f0f0f-0000-4000-8000-000000000001", "0f0f0f0f-0000-4000-8000-000000000002",
		"0f0f0f0f-0000-4000-8000-000000000003",
	}
	err = client.Devices().Enroll(ctx, audience.CategoryFeature, devices, nil)
	if over, ok := errors.AsType[*apierr.LimitError](err); ok {
		fmt.Printf("%d would be %s, limit %d\n", over.Count, over.Effect, over.Max)
	}
	fmt.Println(client.Devices().Enroll(ctx, audience.CategoryFeature, devices, &audience.EnrollOptions{Expecting: 3}))

	err = client.Devices().Unenroll(ctx, audience.CategoryFeature, []string{"0f0f0f0f-0000-4000-8000-00000000000f"}, nil)
	fmt.Println(errors.Is(err, apierr.ErrProtected))
	// Output:
	// 3 would be enrolled, limit 2
	// <nil>
	// true
}

// named is a transport that adds a header, for example for a proxy.
type named struct {
	next http.RoundTripper
}

// RoundTrip changes a copy: the request belongs to its sender.
func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Department", "endpoints")
	return n.next.RoundTrip(r)
}

// A custom transport gets each attempt. Pass requests on, here to the
// simulator, otherwise to http.DefaultTransport.
func ExampleNewClient_ownTransport() {
	sim := simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: named{next: sim.Transport()}})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := client.Catalog().FindFeatureUpdate(context.Background(), "Windows 11, version 24H2"); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sim.Requests()[0].Header.Get("X-Department"))
	// Output: endpoints
}

// vault is a credential that gets its token from a store.
type vault struct {
	tokens azcore.TokenCredential
}

// GetToken is called when the last token is about to expire.
func (v vault) GetToken(ctx context.Context, opts policy.TokenRequestOptions) (azcore.AccessToken, error) {
	fmt.Println("asked for", opts.Scopes[0])
	return v.tokens.GetToken(ctx, opts)
}

// Any azcore.TokenCredential works. A program with its own credential does not link
// azidentity.
func ExampleNewClient_ownCredential() {
	ctx, sim := context.Background(), simulator.New(nil)
	client, err := updates.NewClient(vault{tokens: sim.Credential()}, &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	for range 2 { // the token is cached
		if _, err := client.Deployments().List(nil).Collect(ctx, 10); err != nil {
			fmt.Println(err)
			return
		}
	}
	fmt.Println(len(sim.Requests()), "requests")
	// Output:
	// asked for https://graph.microsoft.com/.default
	// 2 requests
}

// A logger gets a debug record for each attempt and each wait, without headers, queries,
// and bodies.
func ExampleNewClient_logging() {
	sim := simulator.New(nil)
	sim.FailNext(1, simulator.Status(http.StatusServiceUnavailable))
	differing := []string{slog.TimeKey, "took", "wait", "client_request_id", "request_id"}
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if slices.Contains(differing, a.Key) {
				return slog.Attr{}
			}
			return a
		},
	}))
	client, err := updates.NewClient(sim.Credential(), &updates.Options{
		Transport: sim.Transport(), Logger: logger, Retry: updates.RetryOptions{MaxDelay: time.Millisecond},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if _, err := client.Deployments().List(nil).Collect(context.Background(), 10); err != nil {
		fmt.Println(err)
	}
	// Output:
	// level=DEBUG msg=request op=deployments.List method=GET path=/beta/admin/windows/updates/deployments attempt=1 status=503
	// level=DEBUG msg=wait op=deployments.List attempt=2
	// level=DEBUG msg=request op=deployments.List method=GET path=/beta/admin/windows/updates/deployments attempt=2 status=200
}

// A read is retried until it succeeds or there are no attempts left.
func ExampleRetryOptions() {
	ctx, sim := context.Background(), simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{
		Transport: sim.Transport(),
		Retry:     updates.RetryOptions{MaxAttempts: 3, MaxDelay: time.Millisecond, MaxRetryAfter: time.Minute},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	sim.FailNext(2, simulator.Status(http.StatusServiceUnavailable))
	fmt.Println(attempts(client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")))

	sim.FailNext(3, simulator.Break())
	fmt.Println(attempts(client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")))

	sim.FailNext(1, simulator.Throttle().RetryAfter(time.Hour)) // longer than MaxRetryAfter
	fmt.Println(attempts(client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")))
	// Output:
	// succeeded
	// failed, attempts: 3, throttled: false
	// failed, attempts: 1, throttled: true
}

func attempts(_ any, err error) string {
	if failed, ok := errors.AsType[*apierr.Error](err); ok {
		return fmt.Sprintf("failed, attempts: %d, throttled: %t", failed.Attempts, errors.Is(err, apierr.ErrThrottled))
	}
	return "succeeded"
}

// The simulator loses the response to a create, as networks do. Create returns an
// error with an unknown outcome; CreateOnce finds the deployment.
func ExampleNewClient_faults() {
	ctx, sim := context.Background(), simulator.New(nil)
	client, err := updates.NewClient(sim.Credential(), &updates.Options{Transport: sim.Transport()})
	if err != nil {
		fmt.Println(err)
		return
	}
	entry, err := client.Catalog().FindFeatureUpdate(ctx, "Windows 11, version 24H2")
	if err != nil {
		fmt.Println(err)
		return
	}
	spec := deployments.ForFeature(entry.ID)
	creates := simulator.Match{Method: http.MethodPost, Path: "/deployments"}

	sim.FailNext(1, simulator.Break().AfterEffect(), creates)
	_, err = client.Deployments().Create(ctx, spec)
	fmt.Println("unknown:", errors.Is(err, apierr.ErrUnknownOutcome))

	sim.FailNext(1, simulator.Break().AfterEffect(), creates)
	once := &deployments.CreateOnceOptions{SearchWindow: time.Millisecond} // nil for a tenant, which may need the time
	_, err = client.Deployments().CreateOnce(ctx, spec.With(deployments.Settings{}.PausingOnRollbacks(5)), once)
	fmt.Println("found:", err == nil)
	// Output:
	// unknown: true
	// found: true
}
