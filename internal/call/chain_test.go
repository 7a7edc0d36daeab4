package call

import (
	"context"
	"net/http"
	"testing"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

func TestTheChainIsWrittenOutInOrder(t *testing.T) {
	t.Parallel()
	own := answer(200, "{}", nil)
	for range 20 {
		outer, ok := chain(config(own)).(*request)
		require.True(t, ok, "requests are made once, before all attempts")
		retry, ok := outer.next.(*retrier)
		require.True(t, ok, "attempts are repeated with the request as it was made")
		last, ok := retry.next.(*attempt)
		require.True(t, ok, "each attempt is read to its end and noted")
		require.IsType(t, own, last.next, "nothing is between an attempt and the user's transport")
	}
}

func TestTheRegistriesOfTheRuntimeAreUntouched(t *testing.T) {
	t.Parallel()
	client := newClient(t, answer(200, `{"id":"d1"}`, nil))
	_, err := getDeployment(t.Context(), client)
	require.NoError(t, err, "the client needs no registry")
	require.Empty(t, serialization.DefaultParseNodeFactoryInstance.ContentTypeAssociatedFactories)
	require.Empty(t, serialization.DefaultSerializationWriterFactoryInstance.ContentTypeAssociatedFactories)
}

func getDeployment(ctx context.Context, c *Client) (models.Deploymentable, error) {
	return Do(ctx, c, Op{Name: "test.Get"}, func(ctx context.Context, g *graph.Client) (models.Deploymentable, error) {
		return g.Deployments().ByDeploymentId("d1").Get(ctx, nil)
	})
}

// Areas check their links; this is the last line, whatever they forget.
func TestTheTokenGoesToTheServiceAlone(t *testing.T) {
	t.Parallel()
	for _, address := range []string{
		"https://evil.example/x?secret-query", "http://graph.microsoft.com/x", "https://graph.microsoft.com:444/x",
		"https://graph.microsoft.com.evil.example/",
	} {
		client := newClient(t, func(*http.Request) (*http.Response, error) {
			t.Error("the request was sent")
			return nil, http.ErrAbortHandler
		})
		get := func(ctx context.Context, g *graph.Client) (models.DeploymentPageable, error) {
			return g.Deployments().WithUrl(address).Get(ctx, nil)
		}
		_, err := Do(t.Context(), client, Op{Name: "test.Get"}, get)
		require.ErrorContains(t, err, "test.Get: refused to send a request to http")
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestAHeaderHasOneValueInEveryAttempt(t *testing.T) {
	t.Parallel()
	client := newClient(t, func(r *http.Request) (*http.Response, error) {
		for name, values := range r.Header {
			if len(values) != 1 {
				t.Error(name, values)
			}
		}
		return answer(204, "", nil)(r)
	})
	err := Exec(t.Context(), client, Op{Name: "test.Delete", Kind: Delete}, func(ctx context.Context, g *graph.Client) error {
		headers := abstractions.NewRequestHeaders()
		headers.Add("Prefer", "odata.maxpagesize=5")
		headers.Add("Authorization", "Bearer old")
		return g.Deployments().ByDeploymentId("d1").Delete(ctx,
			&abstractions.RequestConfiguration[abstractions.DefaultQueryParameters]{Headers: headers})
	})
	require.NoError(t, err)
}

func TestNamesOfAQueryAreReadableAndValuesAreKept(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"":                              "",
		"%24top=5":                      "$top=5",
		"%24filter=a%20eq%20%24b&%24x":  "$filter=a%20eq%20%24b&$x",
		"a=%24b=%24c&&%24%24d=":         "a=%24b=%24c&&$$d=",
		"$filter=x&%2424=1&plain=%2524": "$filter=x&$24=1&plain=%2524",
	} {
		require.Equal(t, want, readableNames(query), query)
	}
}
