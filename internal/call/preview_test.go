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

func newPreview(t *testing.T, send transport) (context.Context, *Client, *Preview) {
	t.Helper()
	ctx, client, preview, err := newClient(t, send).Preview(t.Context())
	require.NoError(t, err)
	return ctx, client, preview
}

func notSent(t *testing.T) transport {
	t.Helper()
	return func(r *http.Request) (*http.Response, error) {
		t.Errorf("%s %s was sent", r.Method, r.URL.Path)
		return nil, http.ErrAbortHandler
	}
}

// What an area says of its operation does not matter: the method of the request does.
func TestAPreviewKeepsAChangeThatAnAreaTakesForARead(t *testing.T) {
	t.Parallel()
	ctx, client, preview := newPreview(t, notSent(t))
	err := Exec(ctx, client, Op{Name: "test.Get", Kind: Read}, func(ctx context.Context, g *graph.Client) error {
		return g.Deployments().ByDeploymentId("d1").Delete(ctx, nil)
	})
	require.NoError(t, err)
	kept, ended := preview.Close()
	require.NoError(t, ended)
	require.Equal(t, []HeldRequest{{Op: "test.Get", Method: "DELETE", Path: "/deployments/d1"}}, kept)
}

func TestAPreviewStandsBelowAllElse(t *testing.T) {
	t.Parallel()
	_, client, preview := newPreview(t, notSent(t))
	require.Same(t, preview, client.adapter.retry.next.next)
}

func TestARefusalOfAPreviewIsNoAttemptThatMayHaveTakenEffect(t *testing.T) {
	t.Parallel()
	ctx, client, preview := newPreview(t, notSent(t))
	send := func(ctx context.Context, g *graph.Client) (models.Deploymentable, error) {
		_ = preview.end("in between")
		return g.Deployments().Post(ctx, models.NewDeployment(), nil)
	}
	_, err := Do(ctx, client, Op{Name: "test.Create", Kind: Create}, send)
	require.EqualError(t, err, "test.Create: the preview ends in between")
	require.ErrorIs(t, err, ErrBeyondPreview)
}

func TestAReadThatIsUnderWayWhenAPreviewEndsIsNotSent(t *testing.T) {
	t.Parallel()
	ctx, client, preview := newPreview(t, notSent(t))
	_, err := Do(ctx, client, Op{Name: "test.Get"}, func(ctx context.Context, g *graph.Client) (models.Deploymentable, error) {
		_, _ = preview.Close()
		return g.Deployments().ByDeploymentId("d1").Get(ctx, nil)
	})
	require.EqualError(t, err, "test.Get: the preview is over")
	require.ErrorIs(t, err, ErrBeyondPreview)
}

func TestNothingIsWaitedForInAPreview(t *testing.T) {
	t.Parallel()
	ctx, _, preview := newPreview(t, notSent(t))
	failed := &apierr.Error{Status: 503}
	require.Equal(t, failed, NewPoll(pauses).Next(ctx, failed), "a look that failed tells more")
	require.NoError(t, preview.ended)
	require.ErrorIs(t, NewPoll(pauses).Next(ctx, nil), ErrBeyondPreview)
	require.Error(t, preview.ended)
}

func TestAPreviewEndsWhereARefusalWouldBeWaitedOut(t *testing.T) {
	t.Parallel()
	ctx, _, preview := newPreview(t, notSent(t))
	require.ErrorIs(t, NewPoll(pauses).Wait(ctx, &apierr.Error{Status: 409}), ErrBeyondPreview)
	require.Error(t, preview.ended)
}

func TestABodyThatIsNoJSONEndsAPreview(t *testing.T) {
	t.Parallel()
	ctx, client, preview := newPreview(t, notSent(t))
	err := client.run(ctx, Op{Name: "test.Post", Kind: Create, accepts: true}, func(ctx context.Context, _ *graph.Client) error {
		return client.sendRaw(ctx, methods["POST"].method, "/x", []byte("no JSON"))
	})
	require.EqualError(t, err, "test.Post: the preview ends at a body that is no JSON")
	kept, ended := preview.Close()
	require.Empty(t, kept)
	require.ErrorIs(t, ended, ErrBeyondPreview)
}
