package deployments_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/winupdates/winupdates-go/deployments"
	"github.com/winupdates/winupdates-go/internal/stub"
	"github.com/winupdates/winupdates-go/updates"
)

// start is that of the documented requests, in another zone.
var start = time.Date(2026, 12, 1, 10, 0, 0, 0, time.FixedZone("", 2*60*60))

// qualityID is the entry of the documented requests for quality updates.
var qualityID = strings.Repeat("a", 64)

// creating sends a deployment of the documented entry with settings.
func creating(settings deployments.Settings) func(context.Context, *updates.Client) error {
	return creatingSpec(deployments.ForFeature(entryID).With(settings))
}

func creatingSpec(spec deployments.Spec) func(context.Context, *updates.Client) error {
	return func(ctx context.Context, c *updates.Client) error {
		_, err := c.Deployments().Create(ctx, spec)
		return err
	}
}

// documented sends the documented requests by name, as a program would.
var documented = map[string]func(context.Context, *updates.Client) error{
	"start date only": creating(deployments.Settings{}.StartingAt(start)),
	"date-driven rollout": creating(deployments.Settings{}.StartingAt(start).
		RollingOut(deployments.ByDate(start.AddDate(0, 0, 42), 7))),
	"duration-driven rollout":     creating(deployments.Settings{}.RollingOut(deployments.ByDuration(14, 1))),
	"existing audience":           creatingSpec(deployments.ForFeature(entryID).ToAudience(audienceID)),
	"likely-issue safeguards off": creating(deployments.Settings{}.DisregardingLikelyIssues()),
	"expedited quality update": creatingSpec(deployments.ForExpedited(qualityID).
		With(deployments.Settings{}.RestartingWithin(2))),
	"readiness test": creatingSpec(deployments.ForReadinessTest(qualityID).
		With(deployments.Settings{}.RestartingWithin(2))),
	"pause": func(ctx context.Context, c *updates.Client) error {
		return c.Deployments().Pause(ctx, deploymentID)
	},
	"resume": func(ctx context.Context, c *updates.Client) error {
		return c.Deployments().Resume(ctx, deploymentID)
	},
	"archive": func(ctx context.Context, c *updates.Client) error {
		return c.Deployments().Archive(ctx, deploymentID)
	},
	"remove monitoring rules": func(ctx context.Context, c *updates.Client) error {
		return c.Deployments().ClearMonitoringRules(ctx, deploymentID)
	},
	"offer fallback when ineligible": func(ctx context.Context, c *updates.Client) error {
		return c.Deployments().SetMonitoringRules(ctx, deploymentID, deployments.FallBackWhenIneligible())
	},
}

func TestEachDocumentedRequestIsSentAsDocumented(t *testing.T) {
	t.Parallel()
	stub.EachDocumented(t, documented, func(t *testing.T, want stub.Documented, send func(context.Context, *updates.Client) error) {
		t.Helper()
		service := stub.Answering(answer(200, `{"id":"`+deploymentID+`"}`))
		require.NoError(t, send(t.Context(), service.Client(t, stub.NoLimits)))
		got := service.Last(t)
		require.Equal(t, want.Method, got.Method)
		require.Equal(t, want.Path, withoutIDs(got.Path))
		require.Equal(t, meaning(stub.Exact(t, string(want.Body))), meaning(stub.Exact(t, got.Body)), got.Body)
	})
}

func TestTheDeploymentOfThePageIsSentMemberByMember(t *testing.T) {
	t.Parallel()
	service := stub.Answering(answer(201, `{"id":"`+deploymentID+`"}`))
	send := creatingSpec(deployments.ForFeature("cd45877c-87a9-4ed1-b184-fd89230207b1").With(deployments.Settings{}.
		RollingOut(deployments.ByRate(100, 7)).
		PausingOnRollbacks(5).
		OfferedAsRequired()))
	require.NoError(t, send(t.Context(), service.Client(t, stub.NoLimits)))
	got := service.Only(t)
	require.Equal(t, "POST /deployments", got.Route())
	want := stub.Testdata(t, "create-deployment.request.json")
	require.Equal(t, meaning(stub.Exact(t, want)), meaning(stub.Exact(t, got.Body)), got.Body)
}

func withoutIDs(path string) string {
	return strings.NewReplacer(deploymentID, "{id}").Replace(path)
}

// optional are the types that the service knows without being told.
var optional = []any{
	"#microsoft.graph.windowsUpdates.deployment",
	"microsoft.graph.windowsUpdates.deploymentSettings",
	"microsoft.graph.windowsUpdates.deploymentState",
}

// meaning takes out of a body what may be there or not: optional types and nulls.
func meaning(body any) any {
	object, ok := body.(map[string]any)
	if !ok {
		return meaningOfList(body)
	}
	out := map[string]any{}
	for name, value := range object {
		isOptional := name == "@odata.type" && slices.Contains(optional, value)
		if value != nil && !isOptional {
			out[name] = meaning(value)
		}
	}
	return out
}

func meaningOfList(body any) any {
	list, ok := body.([]any)
	if !ok {
		return body
	}
	out := make([]any, len(list))
	for i, item := range list {
		out[i] = meaning(item)
	}
	return out
}
