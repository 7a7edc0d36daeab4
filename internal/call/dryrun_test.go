package call

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
	"github.com/winupdates/winupdates-go/updates/apierr"
)

func newDryRun(t *testing.T, send transport) (context.Context, *Client, *DryRun) {
	t.Helper()
	ctx, client, dry, err := newClient(t, send).DryRun(t.Context())
	require.NoError(t, err)
	return ctx, client, dry
}

func notSent(t *testing.T) transport {
	t.Helper()
	return func(r *http.Request) (*http.Response, error) {
		t.Errorf("%s %s was sent", r.Method, r.URL.Path)
		return nil, http.ErrAbortHandler
	}
}

// What an area says of its operation does not matter: the method of the request does.
func TestADryRunKeepsAChangeThatAPackageTakesForARead(t *testing.T) {
	t.Parallel()
	ctx, client, dry := newDryRun(t, notSent(t))
	err := Exec(ctx, client, Op{Name: "test.Get", Kind: Read}, func(ctx context.Context, g *graph.Client) error {
		return g.Deployments().ByDeploymentId("d1").Delete(ctx, nil)
	})
	require.NoError(t, err)
	kept, ended := dry.Close()
	require.NoError(t, ended)
	require.Equal(t, []HeldRequest{{Op: "test.Get", Method: "DELETE", Path: "/deployments/d1"}}, kept)
}

func TestADryRunStandsBelowAllElse(t *testing.T) {
	t.Parallel()
	_, client, dry := newDryRun(t, notSent(t))
	require.Same(t, dry, client.adapter.retry.next.next)
}

func TestARejectionOfADryRunIsNoAttemptThatMayHaveTakenEffect(t *testing.T) {
	t.Parallel()
	ctx, client, dry := newDryRun(t, notSent(t))
	send := func(ctx context.Context, g *graph.Client) (models.Deploymentable, error) {
		_ = dry.end("in between")
		return g.Deployments().Post(ctx, models.NewDeployment(), nil)
	}
	_, err := Do(ctx, client, Op{Name: "test.Create", Kind: Create}, send)
	require.EqualError(t, err, "test.Create: the dry run ends in between")
	require.ErrorIs(t, err, ErrDryRunIncomplete)
}

func TestAReadThatIsUnderWayWhenADryRunEndsIsNotSent(t *testing.T) {
	t.Parallel()
	ctx, client, dry := newDryRun(t, notSent(t))
	_, err := Do(ctx, client, Op{Name: "test.Get"}, func(ctx context.Context, g *graph.Client) (models.Deploymentable, error) {
		_, _ = dry.Close()
		return g.Deployments().ByDeploymentId("d1").Get(ctx, nil)
	})
	require.EqualError(t, err, "test.Get: the dry run is over")
	require.ErrorIs(t, err, ErrDryRunIncomplete)
}

func TestNothingIsWaitedForInADryRun(t *testing.T) {
	t.Parallel()
	ctx, _, dry := newDryRun(t, notSent(t))
	failed := &apierr.Error{Status: 503}
	require.Equal(t, failed, NewPoll(pauses).Next(ctx, failed), "a look that failed tells more")
	require.NoError(t, dry.ended)
	require.ErrorIs(t, NewPoll(pauses).Next(ctx, nil), ErrDryRunIncomplete)
	require.Error(t, dry.ended)
}

func TestADryRunEndsWhereARejectionWouldBeWaitedOut(t *testing.T) {
	t.Parallel()
	ctx, _, dry := newDryRun(t, notSent(t))
	require.ErrorIs(t, NewPoll(pauses).Wait(ctx, &apierr.Error{Status: 409}), ErrDryRunIncomplete)
	require.Error(t, dry.ended)
}

func TestABodyThatIsNoJSONEndsADryRun(t *testing.T) {
	t.Parallel()
	ctx, client, dry := newDryRun(t, notSent(t))
	err := client.run(ctx, Op{Name: "test.Post", Kind: Create, accepts: true}, func(ctx context.Context, _ *graph.Client) error {
		return client.sendRaw(ctx, methods["POST"].method, "/x", []byte("no JSON"))
	})
	require.EqualError(t, err, "test.Post: the dry run ends at a body that is no JSON")
	kept, ended := dry.Close()
	require.Empty(t, kept)
	require.ErrorIs(t, ended, ErrDryRunIncomplete)
}
