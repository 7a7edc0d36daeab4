package call

import (
	"context"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	abstractions "github.com/microsoft/kiota-abstractions-go"
	"github.com/microsoft/kiota-abstractions-go/serialization"
	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/internal/graph"
	"github.com/winupdates/winupdates-go/internal/graph/models"
)

func TestTheRegistriesOfTheRuntimeAreUntouched(t *testing.T) {
	t.Parallel()
	client := newClient(t, answer(200, `{"id":"d1"}`, nil))
	_, err := getDeployment(t.Context(), client)
	require.NoError(t, err, "the client needs no registry")
	require.Empty(t, serialization.DefaultParseNodeFactoryInstance.ContentTypeAssociatedFactories)
	require.Empty(t, serialization.DefaultSerializationWriterFactoryInstance.ContentTypeAssociatedFactories)
}

// The adapter has these two. The others, which a newer generated tree might use, are
// Kiota's own and send nothing.
func TestTheGeneratedCodeSendsInTwoWays(t *testing.T) {
	t.Parallel()
	ways := map[string]bool{}
	err := filepath.WalkDir("../graph", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range regexp.MustCompile(`RequestAdapter\.(Send\w*)\(`).FindAllSubmatch(text, -1) {
			ways[string(found[1])] = true
		}
		return err
	})
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"Send": true, "SendNoContent": true}, ways)

	client := newClient(t, notSent(t))
	err = Exec(t.Context(), client, Op{Name: "test.Count"}, func(ctx context.Context, g *graph.Client) error {
		info, err := g.Deployments().ToGetRequestInformation(ctx, nil)
		require.NoError(t, err)
		_, err = client.adapter.SendPrimitive(ctx, info, "int32", nil)
		return err
	})
	require.ErrorContains(t, err, "test.Count: the generated code uses a method that this adapter does not have")
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
		require.ErrorContains(t, err, "test.Get: the request to http")
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
