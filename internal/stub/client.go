package stub

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/updates"
	"github.com/winupdates/winupdates-go/updates/simulator"
)

// AccessToken is the token that [Token] returns.
const AccessToken = "secret-token"

// Token is a credential whose token never changes.
type Token struct{}

// GetToken returns [AccessToken].
func (Token) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return azcore.AccessToken{Token: AccessToken, ExpiresOn: time.Now().Add(time.Hour)}, nil
}

// Change sets options for a test.
type Change = func(*updates.Options)

// Attempts makes a client try each request that many times, without a delay.
func Attempts(n int) Change {
	return func(o *updates.Options) { o.Retry.MaxAttempts, o.Retry.MaxDelay = n, 1 }
}

// Client returns a client on the transport. It sends each request once, unless a
// change says otherwise.
func (s *Transport) Client(t testing.TB, changes ...Change) *updates.Client {
	t.Helper()
	return NewClient(t, Token{}, s, append([]Change{Attempts(1)}, changes...)...)
}

// OnSimulator returns a client on a new simulator.
func OnSimulator(t testing.TB, opts *simulator.Options, changes ...Change) (*updates.Client, *simulator.Server) {
	t.Helper()
	service := simulator.New(opts)
	return NewClient(t, service.Credential(), service.Transport(), changes...), service
}

// NewClient returns a client with the default options and these changes.
func NewClient(
	t testing.TB, cred azcore.TokenCredential, transport http.RoundTripper, changes ...Change,
) *updates.Client {
	t.Helper()
	opts := &updates.Options{Transport: transport}
	for _, set := range changes {
		set(opts)
	}
	client, err := updates.NewClient(cred, opts)
	require.NoError(t, err)
	return client
}

// NoLimits makes a client that reaches any number of devices in a call.
func NoLimits(o *updates.Options) {
	o.Limits.Unenrollments, o.Limits.ImmediateOffers = updates.NoLimit, updates.NoLimit
}

// Changes lists the requests of a tenant that were to change something, each as method and path.
func Changes(service *simulator.Server) (changes []string) {
	for _, r := range service.Requests() {
		if r.Method != http.MethodGet {
			changes = append(changes, r.Method+" "+r.Path)
		}
	}
	return changes
}
