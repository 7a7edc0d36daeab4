package call_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"text/tabwriter"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/stub"
)

// reader reads one deployment.
type reader func(context.Context) error

// makeReader makes a reader with a credential, on a transport.
type makeReader func(*testing.T, azcore.TokenCredential, http.RoundTripper) reader

func readerOfSDK(t *testing.T, cred azcore.TokenCredential, transport http.RoundTripper) reader {
	client := stub.NewClient(t, cred, transport)
	return func(ctx context.Context) error { return stub.Read().Run(ctx, client) }
}

// sender is the transport of a pipeline.
type sender struct{ http.RoundTripper }

func (s sender) Do(req *http.Request) (*http.Response, error) { return s.RoundTrip(req) }

// readerOfAzcore has the default pipeline of azcore, with its policy for bearer tokens.
func readerOfAzcore(_ *testing.T, cred azcore.TokenCredential, transport http.RoundTripper) reader {
	scopes := []string{"https://graph.microsoft.com/.default"}
	bearer := runtime.NewBearerTokenPolicy(cred, scopes, nil)
	pipeline := runtime.NewPipeline("test", "v1", runtime.PipelineOptions{PerRetry: []policy.Policy{bearer}},
		&policy.ClientOptions{Transport: sender{transport}})
	return func(ctx context.Context) error {
		req, err := runtime.NewRequest(ctx, http.MethodGet, stub.Root+"/deployments/d1")
		if err != nil {
			return err
		}
		resp, err := pipeline.Do(req)
		if err != nil {
			return err
		}
		defer func() { _ = resp.Body.Close() }()
		if !runtime.HasStatusCode(resp, http.StatusOK) {
			return runtime.NewResponseError(resp)
		}
		return nil
	}
}

// outcome is what a case has measured.
type outcome struct {
	took           time.Duration // all calls together
	waited, failed int           // calls
	asked          int           // times that the credential was asked
	sent, accepted int           // requests
	spread         time.Duration // from the first accepted request to the last
}

func (o outcome) String() string {
	text := fmt.Sprintf("%v, %d waited, %d failed; %d asked; %d sent", o.took.Round(time.Millisecond), o.waited, o.failed, o.asked, o.sent)
	if o.accepted > 1 {
		text += fmt.Sprintf(", accepted over %v", o.spread.Round(time.Millisecond))
	}
	return text
}

// recorded counts what a transport accepts.
type recorded struct {
	next     http.RoundTripper
	mu       sync.Mutex
	sent     int
	accepted []time.Time
}

func (r *recorded) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := r.next.RoundTrip(req)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent++
	if err == nil && resp.StatusCode == http.StatusOK {
		r.accepted = append(r.accepted, time.Now())
	}
	return resp, err
}

// measure makes calls simultaneously, each with its own deadline.
func measure(t *testing.T, read reader, calls int, deadline time.Duration, o *outcome) {
	t.Helper()
	var waited, failed atomic.Int32
	var group sync.WaitGroup
	began := time.Now()
	for range calls {
		group.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), deadline)
			defer cancel()
			if read(ctx) != nil {
				failed.Add(1)
			}
			if time.Since(began) > 0 {
				waited.Add(1)
			}
		})
	}
	group.Wait()
	o.took += time.Since(began)
	o.waited, o.failed = o.waited+int(waited.Load()), o.failed+int(failed.Load())
}

func (r *recorded) into(o *outcome) {
	o.sent, o.accepted = r.sent, len(r.accepted)
	if len(r.accepted) > 0 {
		o.spread = r.accepted[len(r.accepted)-1].Sub(r.accepted[0])
	}
}

// The table is in the output of go test -v -run TestTokensAndThrottlingSideBySideWithAzcore.
func TestTokensAndThrottlingSideBySideWithAzcore(t *testing.T) {
	t.Parallel()
	var table strings.Builder
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	ways := []struct {
		name      string
		newReader makeReader
	}{{"azcore", readerOfAzcore}, {"SDK", readerOfSDK}}
	for _, c := range cases() {
		_, _ = fmt.Fprintln(w, c.name)
		for _, way := range ways {
			synctest.Test(t, func(t *testing.T) {
				got := c.run(t, way.newReader)
				_, _ = fmt.Fprintf(w, "\t%s\t%v\n", way.name, got)
				if way.name == "SDK" {
					c.expect(t, got)
				}
			})
		}
	}
	require.NoError(t, w.Flush())
	t.Log("\n" + table.String())
}
