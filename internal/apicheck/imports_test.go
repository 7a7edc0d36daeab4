package apicheck

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOurPackagesImportOnlyInTheDirectionsOfTheDesign(t *testing.T) {
	t.Parallel()
	report(t, misdirected(ourPackages(t)))
}

func TestImportsInTheDirectionsOfTheDesignPass(t *testing.T) {
	t.Parallel()
	require.Empty(t, misdirected([]listed{
		ours("updates", "catalog", "deployments", "audience", "updates/policies", "updates/tenant", "internal/call", "auth/cloud"),
		ours("catalog", "internal/call", "internal/graph/models", "updates/odata", "updates/apierr"),
		ours("audience", "catalog", "internal/call"),
		ours("deployments", "catalog", "audience", "internal/call"),
		ours("updates/policies", "catalog", "deployments", "audience"),
		ours("updates/odata", "updates/apierr", "iter.x"),
		ours("updates/simulator", "auth/cloud"),
		ours("auth", "auth/cloud", "github.com/Azure/azure-sdk-for-go/sdk/azidentity"),
		ours("internal/call", "internal/wire", "internal/graph", "internal/kjson", "auth/claims"),
		ours("internal/wire", "internal/graph/models", "internal/kjson", "updates/odata", "updates/apierr"),
		ours("internal/graph/policies", "internal/graph/models"),
		ours("internal/stub", "updates", "updates/simulator"),
		ours("examples/deploy", "updates", "auth", "catalog", "updates/simulator"),
		{
			ImportPath: "github.com/Azure/azure-sdk-for-go/sdk/azidentity/cache",
			Imports:    []string{"github.com/Azure/azure-sdk-for-go/sdk/azidentity"},
		},
	}))
}

func TestForbiddenImportsAreFound(t *testing.T) {
	t.Parallel()
	cases := []struct{ from, to, want string }{
		{"catalog", "deployments", "only the areas below it"},
		{"catalog", "updates/policies", "only the areas below it"},
		{"audience", "deployments", "only the areas below it"},
		{"deployments", "updates/policies", "only the areas below it"},
		{"updates/tenant", "catalog", "only the areas below it"},
		{"audience", "updates/policies", "only the areas below it"},
		{"catalog", "updates/simulator", "what is built on them"},
		{"catalog", "updates", "what is built on them"},
		{"updates/apierr", "catalog", "a leaf imports"},
		{"updates/odata", "internal/call", "a leaf imports"},
		{"auth/cloud", "internal/kjson", "a leaf imports"},
		{"auth/claims", "audience", "a leaf imports"},
		{"internal/wire", "catalog", "below whatever sends"},
		{"internal/wire", "internal/call", "below whatever sends"},
		{"updates", "internal/graph", "generated code is for"},
		{"auth", "internal/graph/models", "generated code is for"},
		{"examples/deploy", "internal/graph/models", "generated code is for"},
		{"examples/deploy", "internal/call", "internal/call is for"},
		{"auth", "internal/call", "internal/call is for"},
		{"internal/bench", "internal/stub", "only tests import it"},
	}
	for _, c := range cases {
		t.Run(c.from+" imports "+c.to, func(t *testing.T) {
			t.Parallel()
			findings := misdirected([]listed{{ImportPath: modulePath + "/" + c.from, Imports: []string{modulePath + "/" + c.to}}})
			require.Len(t, findings, 1)
			require.Contains(t, findings[0], c.from+" imports "+c.to+": ")
			require.Contains(t, findings[0], c.want)
		})
	}
}

func TestForbiddenLinksAreFoundThroughOtherPackages(t *testing.T) {
	t.Parallel()
	const azidentity = "github.com/Azure/azure-sdk-for-go/sdk/azidentity"
	cases := []struct{ from, to, want string }{
		{"updates", modulePath + "/auth", "must not link azidentity"},
		{"updates", azidentity, "must not link azidentity"},
		{"deployments", azidentity + "/internal", "must not link azidentity"},
		{"updates/tenant", modulePath + "/auth", "must not link azidentity"},
		{"updates/simulator", modulePath + "/catalog", "a mistake on one side"},
		{"updates/simulator", modulePath + "/internal/graph/models", "a mistake on one side"},
		{"updates/simulator/seed", modulePath + "/updates/policies", "a mistake on one side"},
		{"updates/recording", modulePath + "/internal/call", "a mistake on one side"},
		{"updates/recording", modulePath + "/internal/wire", "a mistake on one side"},
		{"updates/recording", modulePath + "/updates", "a mistake on one side"},
	}
	for _, c := range cases {
		t.Run(c.from+" links "+short(c.to), func(t *testing.T) {
			t.Parallel()
			findings := misdirected([]listed{{ImportPath: modulePath + "/" + c.from, Deps: []string{c.to}}})
			require.Len(t, findings, 1)
			require.Contains(t, findings[0], c.from+" links "+short(c.to)+": ")
			require.Contains(t, findings[0], c.want)
		})
	}
}
